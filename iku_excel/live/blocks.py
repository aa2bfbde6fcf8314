"""Cells gathered into rectangles, since one call over the process border costs more than a thousand cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Place: TypeAlias = tuple[int, int]
"""Row and column, both counted from 1."""

MAX_CELLS = 100_000
"""Cells in one call; more are cut into several."""

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@lru_cache(maxsize=1 << 16)
def place(address: str) -> Place:
    """Row and column of "D14"; ``ValueError`` for anything that is not spelled just so."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(f"not a plain cell address: {address!r}")
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    if row > 1_048_576 or column > 16_384:
        raise ValueError(f"outside the sheet: {address!r}")
    return row, column


def address(at: Place) -> str:
    """The address of a row and column: (14, 4) is "D14"."""
    row, column = at
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return f"{name}{row}"


@dataclass(frozen=True, slots=True)
class Block:
    """A rectangle of cells, both corners inside."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def size(self) -> int:
        """How many cells it has."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)

    @property
    def first(self) -> Place:
        """Its upper left cell."""
        return self.top, self.left

    @property
    def text(self) -> str:
        """ "A1:C3", or "A1" when it is one cell."""
        last = address((self.bottom, self.right))
        return last if self.size == 1 else f"{address(self.first)}:{last}"

    def cells(self) -> Iterator[Place]:
        """Its cells, row by row."""
        for row in range(self.top, self.bottom + 1):
            for column in range(self.left, self.right + 1):
                yield row, column

    def columns(self) -> Iterator[Block]:
        """Its columns, each a block of its own."""
        for column in range(self.left, self.right + 1):
            yield Block(self.top, column, self.bottom, column)


def one(at: Place) -> Block:
    """The block of a single cell."""
    return Block(*at, *at)


def bounds(cells: Collection[Place]) -> Block:
    """The smallest rectangle that holds these cells (one at least)."""
    rows, columns = [row for row, _ in cells], [column for _, column in cells]
    return Block(min(rows), min(columns), max(rows), max(columns))


def rectangles(cells: Collection[Place], limit: int = MAX_CELLS) -> list[Block]:
    """Blocks that hold exactly these cells: runs within a row, joined with the same run of the next row."""
    runs: list[tuple[int, int, int]] = []
    for row, column in sorted(cells):
        if runs and runs[-1][0] == row and runs[-1][2] == column - 1:
            runs[-1] = (row, runs[-1][1], column)
        else:
            runs.append((row, column, column))
    done: list[Block] = []
    open_runs: dict[tuple[int, int], Block] = {}
    for row, left, right in runs:
        above = open_runs.get((left, right))
        if above is not None and above.bottom == row - 1 and above.size + right - left < limit:
            open_runs[left, right] = Block(above.top, left, row, right)
            continue
        if above is not None:
            done.append(above)
        open_runs[left, right] = Block(row, left, row, right)
    return sorted([*done, *open_runs.values()], key=lambda block: block.first)


def cover(cells: Collection[Place]) -> list[Block]:
    """Blocks to read these cells by: one around them all, unless they lie too far apart for that."""
    around = bounds(cells)
    if around.size <= min(MAX_CELLS, 4 * len(cells) + 20_000):
        return [around]
    return rectangles(cells)
