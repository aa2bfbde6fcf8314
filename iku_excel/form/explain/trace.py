"""The trace of one figure: its value, the formula in words, every input with its cells, the rule behind it.

Immutable records without any layout: ``explain`` builds them, ``jelaskan`` prints them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from iku_excel.form.fields import Table
from iku_excel.form.inputs import Inputs, quoted
from iku_excel.xlsx.reader import TableData

FIRST_PLACES = 6
"""Ranges named for one group of rows; more are left to "…"."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows that share one fate: why, how many, and where (the first ranges, as "Anggaran!E14:E16").

    ``counted`` tells whether they are part of the figure, ``within`` that they are some of the group before.
    ``more`` says that there are further ranges.
    """

    reason: str
    count: int
    places: tuple[str, ...]
    counted: bool
    within: bool = False
    more: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """Something a figure is made of: a label, what it holds (as shown; "" for a whole column) and its cells."""

    label: str
    value: str
    place: str


@dataclass(frozen=True, slots=True)
class Part:
    """One component or element: ``value`` = numerator / denominator × 100, None without a denominator.

    ``weight`` (percent) and ``contribution`` (index points) are None where nothing is weighted.
    """

    name: str
    numerator_of: str
    numerator: Decimal
    denominator_of: str
    denominator: Decimal
    value: Decimal | None
    inputs: tuple[Input, ...]
    rows: tuple[Rows, ...]
    weight: Decimal | None = None
    contribution: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """The rule behind a figure: its subject, legal basis, source, the day it was last checked, how sure it is."""

    subject: str
    basis: str
    source: str
    checked: datetime.date
    status: str


@dataclass(frozen=True, slots=True)
class Trace:
    """Where one indicator comes from.

    ``value`` is today's own computation, unrounded; ``place`` the output cell that shows it; ``status`` says in
    words why there is none. ``shown`` are the reported figure, target, capaian and predicate with their cells;
    ``remarks`` are further sentences.
    """

    code: str
    name: str
    period: str
    value: Decimal | None
    status: str
    place: str
    formula: str
    parts: tuple[Part, ...]
    shown: tuple[Input, ...]
    settings: tuple[Input, ...]
    remarks: tuple[str, ...]
    basis: tuple[Basis, ...]


def place(sheet: str, ref: str) -> str:
    """Cells as a formula names them: "Anggaran!E5:E44"."""
    return f"{quoted(sheet)}!{ref}"


def column_place(inputs: Inputs, table: Table, heading: str) -> str:
    """All data cells of a column of the contract; "" when the workbook has no such column."""
    data = inputs.tables[table.name]
    return place(data.sheet, data.column_ref(heading)) if data.has(heading) else ""


def columns(inputs: Inputs, table: Table, *headings: str) -> tuple[Input, ...]:
    """The columns of a table as inputs."""
    return tuple(Input(heading, "", column_place(inputs, table, heading)) for heading in headings)


def filled(inputs: Inputs, table: Table) -> tuple[int, ...]:
    """Indices of the rows that exist: those with any input in a column of the contract."""
    cells = zip(*(inputs.column(table, heading) for heading in table.headings), strict=True)
    return tuple(i for i, row in enumerate(cells) if any(cell is not None for cell in row))


def group(
    data: TableData, heading: str, reason: str, rows: Iterable[int], *, counted: bool, within: bool = False
) -> Rows:
    """One group of rows, pointing at the column that decides. ``rows`` ascend."""
    indices = tuple(rows)
    if not data.has(heading):
        return Rows(reason, len(indices), (), counted, within)
    runs = _runs(indices)
    refs = []
    for first, last in runs[:FIRST_PLACES]:
        top, bottom = data.address(heading, first), data.address(heading, last)
        refs.append(place(data.sheet, top if first == last else f"{top}:{bottom}"))
    return Rows(reason, len(indices), tuple(refs), counted, within, len(runs) > FIRST_PLACES)


def some(groups: Iterable[Rows]) -> tuple[Rows, ...]:
    """The groups that hold any row."""
    return tuple(rows for rows in groups if rows.count)


def _runs(indices: tuple[int, ...]) -> list[tuple[int, int]]:
    """Consecutive rows taken together: (5, 6, 7, 9) → (5, 7), (9, 9)."""
    runs: list[tuple[int, int]] = []
    for i in indices:
        if runs and i == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], i)
        else:
            runs.append((i, i))
    return runs
