"""Cell addresses: "D14" to row and column and back, and ranges of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Place: TypeAlias = tuple[int, int]
"""Row and column, both counted from 1."""

MAX_ROW = 1_048_576
MAX_COLUMN = 16_384

_ADDRESS = re.compile(r"\$?([A-Za-z]{1,3})\$?([1-9][0-9]{0,6})")


@lru_cache(maxsize=1 << 14)
def place(address: str) -> Place:
    """Row and column of "D14" or "$D$14"; ``ValueError`` for anything that is not one cell of a sheet."""
    found = _ADDRESS.fullmatch(address)
    if found is None:
        raise ValueError(f"not a cell address: {address!r}")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    row = int(found[2])
    if row > MAX_ROW or column > MAX_COLUMN:
        raise ValueError(f"outside the sheet: {address!r}")
    return row, column


@lru_cache(maxsize=1 << 14)
def plain_place(address: str) -> Place:
    """Row and column of "D14", spelled just so; ``ValueError`` for anything else."""
    row, column = place(address)
    if address != f"{letters(column)}{row}":
        raise ValueError(f"not a plain cell address: {address!r}")
    return row, column


@lru_cache(maxsize=1024)
def letters(column: int) -> str:
    """The letters of a column counted from 1: 4 is "D"."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, both corners inside, with the text it was given as."""

    top: int
    left: int
    bottom: int
    right: int
    ref: str

    def has(self, row: int, column: int) -> bool:
        """Whether the cell lies in it."""
        return self.top <= row <= self.bottom and self.left <= column <= self.right

    def crosses(self, other: Area) -> bool:
        """Whether the two have a cell in common."""
        return (
            self.top <= other.bottom
            and other.top <= self.bottom
            and self.left <= other.right
            and other.left <= self.right
        )

    @property
    def single(self) -> bool:
        """Whether it is one cell."""
        return self.top == self.bottom and self.left == self.right


def area(ref: str) -> Area:
    """The rectangle that "B5" or "A1:C3" names; ``ValueError`` for anything else."""
    first, _, last = ref.partition(":")
    top, left = place(first)
    bottom, right = place(last or first)
    return Area(min(top, bottom), min(left, right), max(top, bottom), max(left, right), ref)
