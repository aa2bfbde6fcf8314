"""What stands in the rows of one Excel Table: constants, formulas, nothing. The reader tells values only.

Formulas matter where a table is emptied or grows: a column that holds one formula all the way down is the
staff's own work and goes on; a cell that somebody typed belongs to its row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from iku_excel.findings import Refusal
from iku_excel.xlsx.cellxml import ATTRIBUTES, Stored, attributes, normal, text_of
from iku_excel.xlsx.grid import Area, area, place
from iku_excel.xlsx.package import Package, SheetPart, TablePart
from iku_excel.xlsx.sheet import Patcher
from iku_excel.xlsx.sheetxml import Row
from iku_excel.xlsx.shifting import moved

_DISGUISED = re.compile(r"[^A-Za-z]*")
"""A formula without a reference or function ("=500+300") is a number in disguise."""


class Held(Enum):
    """What one cell holds."""

    NOTHING = "nothing"
    CONSTANT = "constant"
    FORMULA = "formula"


@dataclass(frozen=True, slots=True)
class Contents:
    """The filled cells of a table's data rows, by sheet column and row. ``rows`` are all its data rows."""

    rows: range
    left: int
    headings: tuple[str, ...]
    constants: dict[int, list[int]] = field(default_factory=dict)
    formulas: dict[int, dict[int, str | None]] = field(default_factory=dict)
    """A formula's text, None where it can't be told."""

    def column(self, heading: str) -> int:
        """The sheet's column of a heading; ValueError when there is none."""
        return self.left + self.headings.index(heading)

    def one_formula(self, column: int) -> bool:
        """Whether one formula, the same in each of its rows, fills more of the column than constants do."""
        found = self.formulas.get(column, {})
        if len(found) <= len(self.constants.get(column, ())):
            return False
        base = max(found)
        spelled = {None if text is None else normal(moved(text, base - row)) for row, text in found.items()}
        return len(spelled) == 1 and not any(text is None or _DISGUISED.fullmatch(text) for text in spelled)


def find_table(package: Package, name: str) -> tuple[SheetPart, TablePart]:
    """The sheet and the definition of a table, letter case aside; ``Refusal`` "tabel-hilang"."""
    for sheet in package.sheets:
        if sheet.part and sheet.kind == "worksheet":
            for table in package.tables(sheet):
                if table.display_name.casefold() == name.casefold():
                    return sheet, table
    raise Refusal(
        "tabel-hilang",
        f"Tabel {name} tidak ada di buku kerja ini.",
        f"Kembalikan tabelnya: pilih datanya beserta judul kolom, Sisipkan > Tabel, lalu beri nama {name}.",
    )


def data_rows(table: TablePart) -> range:
    """The sheet's rows that hold the table's data."""
    whole = area(table.ref)
    return range(whole.top + table.header_row_count, whole.bottom - table.totals_row_count + 1)


class TableSheet(Patcher):
    """The sheet of one table, its XML looked at cell by cell."""

    def __init__(self, package: Package, sheet: SheetPart, table: TablePart) -> None:
        super().__init__(package.read(sheet.part), (), None, None, (), sheet.name)
        self.table = table
        self.area: Area = area(table.ref)
        p = re.escape(self.prefix)
        self._formula = re.compile(rb"<%bf(?=[\s/>])" % p)
        self._constant = re.compile(rb"<%bv(?=[\s>])[^>]*>[^<]|<%bis(?=[\s>])" % (p, p))

    def held(self, inside: bytes | None) -> Held:
        """What the cell with this content holds."""
        if not inside:
            return Held.NOTHING
        if self._formula.search(inside):
            return Held.FORMULA
        return Held.CONSTANT if self._constant.search(inside) else Held.NOTHING

    def cells_of(self, row: Row) -> Iterator[tuple[int, re.Match[bytes], dict[bytes, bytes]]]:
        """The cells of a row from left to right: column, element, attributes."""
        last = 0
        for cell in () if row.closed else self.cell_tag.finditer(self.xml, row.open_end, row.end):
            start = attributes(cell[1])
            address = start.get(b"r")
            last = last + 1 if address is None else self.column(address, row.number)
            yield last, cell, start

    def data(self) -> Iterator[Row]:
        """The table's data rows that are there."""
        rows = data_rows(self.table)
        for row in self.rows():
            if row.number >= rows.stop:
                return
            if row.number >= rows.start:
                yield row

    def contents(self, columns: Collection[int] | None = None) -> Contents:
        """The filled cells of the data rows, of these columns only where they are given."""
        found = Contents(data_rows(self.table), self.area.left, self.table.headings)
        left, right = self.area.left, self.area.right
        for row in self.data():
            for column, cell, start in self.cells_of(row):
                if column > right:
                    break
                if column < left or (columns is not None and column not in columns):
                    continue
                held = self.held(cell[2])
                if held is Held.CONSTANT:
                    found.constants.setdefault(column, []).append(row.number)
                elif held is Held.FORMULA:
                    text = self.formula(row.number, column, self.cells.read(start, cell[2]))
                    found.formulas.setdefault(column, {})[row.number] = text
        return found

    def formula_columns(self) -> set[int]:
        """The table's columns that hold a formula in a data row: quick where there is none."""
        start = end = 0
        for row in self.data():
            start, end = start or row.start, row.end
        if self.xml.find(b"<" + self.prefix + b"f", start, end) < 0:
            return set()
        return set(self.contents().formulas)

    def formula(self, row: int, column: int, stored: Stored | None) -> str | None:
        """The text of a cell's formula, a shared one's as it stands there; None where it can't be told."""
        if stored is None or stored.formula is None or stored.rule == "dataTable":
            return None
        if stored.formula or stored.rule != "shared":
            return stored.formula or None
        found = re.search(rb"\bsi\s*=\s*[\"'](\d+)", stored.element)
        master = self._masters.get(found[1]) if found else None
        if master is None:
            return None
        (top, left), text = master
        return moved(text, row - top, column - left)

    @cached_property
    def _masters(self) -> dict[bytes, tuple[tuple[int, int], str]]:
        """The shared formulas by number: where the text stands, and the text."""
        p = re.escape(self.prefix)
        pattern = re.compile(rb"<%bc(?=\s)%b>\s*<%bf(?=\s)%b>([^<]+)</%bf" % (p, ATTRIBUTES, p, ATTRIBUTES, p))
        masters = {}
        for found in pattern.finditer(self.xml, self.open_end, self.close):
            of, at = attributes(found[2]), attributes(found[1]).get(b"r")
            if of.get(b"t") == b"shared" and b"si" in of and at is not None:
                masters[of[b"si"]] = (place(at.decode()), text_of(found[3]))
        return masters

    def free_rows(self, columns: Collection[int]) -> list[int]:
        """Data rows without content: nothing in these columns, and no constant in the table's other ones."""
        left, right = self.area.left, self.area.right
        taken = set()
        p = re.escape(self.prefix)
        anything = re.compile(rb"<%b(?:v|f|is)(?=[\s/>])" % p)
        for row in self.data():
            if anything.search(self.xml, row.open_end, row.end) is None:
                continue  # most free rows: 100,000 of them in 0.2 s
            for column, cell, _ in self.cells_of(row):
                if left <= column <= right:
                    held = self.held(cell[2])
                    if held is Held.CONSTANT or (held is Held.FORMULA and column in columns):
                        taken.add(row.number)
                        break
        return [row for row in data_rows(self.table) if row not in taken]


def table_sheet(package: Package, name: str) -> TableSheet:
    """The sheet of the table of that name."""
    return TableSheet(package, *find_table(package, name))
