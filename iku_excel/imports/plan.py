"""What an import would do to the table: rows to add, rows to change, rows that are there already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Literal, TypeAlias

from iku_excel.edits import Value
from iku_excel.findings import Refusal
from iku_excel.form.fields import Kind, Table
from iku_excel.form.layout import COMPLAINTS
from iku_excel.imports.matching import Incoming, key_of, pair, same_as
from iku_excel.indicators.period import from_serial
from iku_excel.xlsx.reader import TableData
from iku_excel.xlsx.tablerows import KEEP, Keep

Mode: TypeAlias = Literal["tambah", "ganti"]
"""tambah: rows already there stay as they are; ganti: they take the data's values, its blanks aside."""

NAMED = 20
"""Added rows that are named."""

RUNNING = {COMPLAINTS.name: "No"}
"""Columns that only number the rows: the workbook goes on with its own numbers."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is there already and says something else: its key ("" if private), the data's row, the sheet's row
    and the headings that differ."""

    key: str
    data_row: int
    sheet_row: int
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows to write, in the table's order, ready for ``put_rows``.

    ``new`` are the keys and data rows of the first added ones; ``same`` counts the rows that the table has already,
    ``repeated`` those that the data has twice, ``formulas_left`` cells that differ and hold a formula: they stay.
    """

    headings: tuple[str, ...]
    added: Sequence[Sequence[Value]]
    new: Sequence[tuple[str, int]]
    changed: Mapping[int, Sequence[Value | Keep]]
    differences: Sequence[Difference]
    same: int
    repeated: int
    formulas_left: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing to write."""
        return not self.added and not self.changed


def make_plan(
    table: Table,
    existing: TableData,
    incoming: Incoming,
    mode: Mode,
    *,
    key: tuple[str, ...] = (),
    formulas: Mapping[str, frozenset[int]],
    number: bool,
) -> Plan:
    """Compare the data with the table. ``formulas``: by heading, the sheet's rows that hold a formula: they stay.
    ``number``: new rows get the running number of their table. ``Refusal`` as ``pair``, and "tabel-tanpa-kunci"."""
    key = key_of(table, key)
    if mode == "ganti" and not key:
        raise Refusal(
            "tabel-tanpa-kunci",
            f"Tabel {table.name} tidak punya kunci, jadi barisnya tidak dapat diganti.",
            'Impor tanpa --ganti, atau sebut kuncinya di peta, misalnya kunci = ["NIP", "Nama Diklat"].',
        )
    pairs = pair(table, key, incoming, existing)
    dates = {field.heading for field in table.fields if field.kind is Kind.DATE}
    shown = [(incoming.column(heading), heading in dates) for heading in key or incoming.headings[:1]]

    def named(row: int) -> str:
        return "" if table.private else " / ".join(_word(column[row], date) for column, date in shown)

    different = _different(table, key, incoming, existing, pairs.old)
    changed: dict[int, Sequence[Value | Keep]] = {}
    differences, left = [], 0
    for (row, there), places in different.items():
        sheet_row = existing.first_row + there
        free = [p for p in places if sheet_row not in formulas.get(incoming.headings[p], ())]
        left += len(places) - len(free)
        if not free:
            continue
        differences.append(
            Difference(named(row), incoming.numbers[row], sheet_row, tuple(incoming.headings[p] for p in free))
        )
        if mode == "ganti":
            values: list[Value | Keep] = [KEEP] * len(incoming.headings)
            for place in free:
                values[place] = incoming.columns[place][row]
            changed[sheet_row] = values
    columns, headings = list(incoming.columns), incoming.headings
    if len(pairs.new) < len(incoming.numbers):
        columns = [[column[row] for row in pairs.new] for column in columns]
    if number:
        running = RUNNING[table.name]
        numbers = [cell for cell in existing.column(running) if type(cell) is float]
        following = count(int(max(numbers, default=0)) + 1)
        columns, headings = [*columns, [next(following) for _ in pairs.new]], (*headings, running)
        changed = {row: (*values, KEEP) for row, values in changed.items()}
    order = sorted(range(len(headings)), key=[existing.headings.index(heading) for heading in headings].__getitem__)
    columns, headings = [columns[place] for place in order], tuple(headings[place] for place in order)
    changed = {row: [values[place] for place in order] for row, values in changed.items()}
    return Plan(
        headings,
        list(zip(*columns, strict=True)),
        [(named(row), incoming.numbers[row]) for row in pairs.new[:NAMED]],
        changed,
        differences,
        len(pairs.old) - len(differences),
        pairs.repeated,
        left,
    )


def _different(
    table: Table, key: tuple[str, ...], incoming: Incoming, existing: TableData, old: Sequence[tuple[int, int]]
) -> dict[tuple[int, int], list[int]]:
    """By pair of rows, the places of the columns that differ; a blank of the data says nothing."""
    found: dict[tuple[int, int], list[int]] = {}
    if not key:
        return found
    kinds = {field.heading: field.kind for field in table.fields}
    for place, (heading, column) in enumerate(zip(incoming.headings, incoming.columns, strict=True)):
        if heading in key:
            continue
        cells = existing.column(heading)
        loose = kinds.get(heading) in (Kind.CHOICE, Kind.CODE)
        for here in old:
            value, cell = column[here[0]], cells[here[1]]
            if value != cell and value is not None and not (loose and same_as(value) == same_as(cell)):
                found.setdefault(here, []).append(place)
    return dict(sorted(found.items()))


def _word(value: Value, date: bool) -> str:
    """A part of a key for people to read."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return f"{from_serial(float(value)):%d/%m/%Y}" if date else f"{value:.15g}"
