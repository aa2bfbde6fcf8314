"""Data as read, and a table of a workbook → the plan of what to write, or a refusal that names every bad value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from iku_excel.edits import Value
from iku_excel.findings import Refusal
from iku_excel.form import layout
from iku_excel.form.fields import Field, Kind, Table
from iku_excel.form.inputs import WANTED_NAMES, WANTED_TABLES, Inputs, read_inputs
from iku_excel.form.settings import TABLES
from iku_excel.form.tidy import DATE_FORMAT
from iku_excel.imports.checking import Problem, Rules, checked
from iku_excel.imports.mapping import Matched, Peta, match, plain, require_fitting
from iku_excel.imports.matching import Incoming, unfit
from iku_excel.imports.plan import RUNNING, Mode, Plan, make_plan
from iku_excel.imports.source import Data, empty
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import TableData, WorkbookData, read_workbook
from iku_excel.xlsx.tablecells import table_sheet
from iku_excel.xlsx.tablerows import Placed, put_rows

FIXED = "(tetap)"
"""Stands for the heading of a value that the map gives to every row."""

_TARGET_YEAR = re.compile(rf"{layout.TARGET_YEAR}(\d{{4}})")


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be imported: into which table, by which map, whether rows that are there are replaced."""

    table: str
    peta: Peta = field(default_factory=Peta)
    mode: Mode = "tambah"


@dataclass(frozen=True, slots=True)
class Target:
    """The workbook that takes the rows: its parts, what was read of it, and the table in question."""

    package: Package
    data: WorkbookData
    inputs: Inputs
    table: Table
    existing: TableData

    @classmethod
    def of(cls, content: bytes, table: str) -> Target:
        """Read a workbook given as bytes. ``Refusal`` when it is none of ours or not whole, and
        "tabel-tidak-dikenal", "isian-di-luar-tabel"."""
        package = Package.open(content)
        data = _read(package)
        return cls(package, data, read_inputs(data), *_table(data, table))

    @property
    def elements(self) -> dict[str, str]:
        """The codes of the elements by their names as compared."""
        return {plain(element.name): element.code for element in self.inputs.rules.elements}


@dataclass(frozen=True, slots=True)
class Prepared:
    """The plan, and how the data's columns were understood.

    ``columns``: heading of the data (``FIXED`` for a fixed value) and of the table; ``skipped``: headings of the data
    that go nowhere, each with the reason; ``read``: how many rows the data has.
    """

    plan: Plan
    columns: tuple[tuple[str, str], ...]
    skipped: tuple[tuple[str, str], ...]
    read: int


def _read(package: Package) -> WorkbookData:
    """What filling a workbook needs of it."""
    return read_workbook(package, WANTED_TABLES, WANTED_NAMES, layout.OUTPUT_SHEETS)


def _table(data: WorkbookData, name: str) -> tuple[Table, TableData]:
    """The map's table of that name, its fields as the workbook at hand has them."""
    table = next((t for t in TABLES.values() if t.name.casefold() == name.casefold()), None)
    if table is None:
        raise Refusal(
            "tabel-tidak-dikenal",
            f"Tabel {name} tidak dikenal.",
            f"Pilih salah satu: {', '.join(TABLES)}.",
        )
    existing = data.tables[table.name]
    if table.sheet == layout.TARGET:
        years = tuple(int(m[1]) for heading in existing.headings if (m := _TARGET_YEAR.fullmatch(heading)))
        table = layout.target_table(years)
    if existing.below:
        raise Refusal(
            "isian-di-luar-tabel",
            f"Ada isian tepat di bawah tabel {table.name}, di luar tabelnya.",
            "Lebarkan tabelnya sampai baris itu, atau pindahkan isiannya; simpan, lalu ulangi.",
            sheet=existing.sheet,
            cell=existing.below[0][0],
        )
    return table, existing


def prepare(target: Target, data: Data, request: Request) -> Prepared:
    """Match, check and compare. ``Refusal`` "data-tidak-sah" with every problem, and those of the three steps."""
    table, existing, peta = target.table, target.existing, request.peta
    require_fitting(peta, table, existing.headings)
    running, formulas = RUNNING.get(table.name), _formulas(target)
    mapped = set(peta.columns.values())
    own = {heading: "dihitung rumus di buku kerja" for heading, rows in formulas.items() if rows is None}
    if running is not None and running not in mapped:
        own.setdefault(running, "nomor urut diberikan buku kerja")
    matched = match(peta, data.headings, [heading for heading in existing.headings if heading not in own])
    places = {heading: place for heading, place in matched.places.items() if heading not in own}
    incoming = _checked(target, data, peta, places)
    numbered = running is not None and running not in formulas and running not in incoming.headings
    plan = make_plan(
        table,
        existing,
        incoming,
        request.mode,
        key=peta.key,
        formulas={heading: rows for heading, rows in formulas.items() if rows is not None},
        number=numbered and existing.has(running or ""),
    )
    columns = [(data.headings[place], heading) for heading, place in places.items()]
    columns += [(FIXED, heading) for heading in peta.fixed]
    return Prepared(plan, tuple(columns), _skipped(matched, data, own), len(incoming.numbers))


def _skipped(matched: Matched, data: Data, own: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    reasons = {plain(heading): why for heading, why in own.items()}
    said = [(heading, reasons.get(plain(heading), "tidak ada di tabel")) for heading in matched.skipped]
    said += [(data.headings[place], own[heading]) for heading, place in matched.places.items() if heading in own]
    return tuple(said)


def _formulas(target: Target) -> dict[str, frozenset[int] | None]:
    """By heading, the sheet's rows that hold a formula; None for a column that one formula fills."""
    existing = target.existing
    if not target.data.formulas.get(existing.sheet, True):
        return {}
    contents = table_sheet(target.package, existing.name).contents()
    found: dict[str, frozenset[int] | None] = {}
    for heading in existing.headings:
        column = contents.column(heading)
        rows = contents.formulas.get(column)
        if rows:
            found[heading] = None if contents.one_formula(column) else frozenset(rows)
    return found


def _checked(target: Target, data: Data, peta: Peta, places: Mapping[str, int]) -> Incoming:
    """The data's columns as values of the table's; blank rows don't exist."""
    table = target.table
    rules = Rules(peta.values, peta.decimal, peta.date_order, target.elements)
    fields = {field.heading: field for field in table.fields}
    columns: list[Sequence[Value]] = []
    problems: list[Problem] = []
    for heading, place in places.items():
        of = fields.get(heading, Field(heading))
        cells = data.column(place, text=of.kind in (Kind.TEXT, Kind.CODE))
        values, wrong = checked(of, cells, data.numbers, rules, private=table.private)
        columns.append(values)
        problems += wrong
    if problems or data.ragged:
        raise unfit(problems, dict(data.ragged), len(data.headings))
    blank = {
        row for row, value in enumerate(columns[0]) if value is None and all(column[row] is None for column in columns)
    }
    numbers = data.numbers
    if blank:
        columns = [[value for row, value in enumerate(column) if row not in blank] for column in columns]
        numbers = [number for row, number in enumerate(numbers) if row not in blank]
    if not numbers:
        raise empty("semua barisnya kosong")
    for heading, fixed in peta.fixed.items():
        of = fields.get(heading, Field(heading))
        (value,), wrong = checked(of, [fixed], [0], replace(rules, words={}), private=False)
        if wrong:
            raise Refusal(
                "peta-nilai-tidak-sah",
                f"Nilai tetap untuk kolom '{heading}' di peta {wrong[0].why}.",
                "Perbaiki bagian [tetap] di peta.",
            )
        columns.append([value] * len(numbers))
    return Incoming((*places, *peta.fixed), tuple(columns), numbers)


def put_plan(package: Package, table: Table, plan: Plan) -> Placed:
    """The workbook with the plan's rows in it, read back, as ``Target`` reads it."""
    formats = {field.heading: DATE_FORMAT for field in table.fields if field.kind is Kind.DATE}
    wanted = {heading: code for heading, code in formats.items() if heading in plan.headings}
    return put_rows(package, table.name, plan.headings, plan.changed, plan.added, wanted, _read)
