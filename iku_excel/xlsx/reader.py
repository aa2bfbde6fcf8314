"""A closed workbook read by name: tables by their headings, single cells by their defined names.

Values come straight from the sheet's XML (``scan``), not through a spreadsheet library: such a library hides
error values and formulas without a value, and turns numbers into dates and back, which loses their last bits.
Only sheets that hold something wanted are read; whatever else the workbook holds is never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from iku_excel.cells import Cell
from iku_excel.findings import Refusal
from iku_excel.xlsx.grid import letters, place
from iku_excel.xlsx.package import Package, SheetPart, TablePart
from iku_excel.xlsx.region import Area, Region
from iku_excel.xlsx.scan import Scan
from iku_excel.xlsx.strings import shared_strings
from iku_excel.xlsx.values import Rectangle, address, rectangle

_SHEET = r"(?:'((?:[^']|'')+)'|([^'!\[\]:]+))"
_CELL = r"\$[A-Za-z]{1,3}\$\d{1,7}"
_PLACE = re.compile(f"=?{_SHEET}!({_CELL}(?::{_CELL})?)")


@dataclass(frozen=True, slots=True)
class TableData:
    """One Excel Table: its columns by heading, and where each cell stands.

    ``ref`` is the whole table, header and totals rows included. ``first_row`` is the sheet's row of the first
    data row, ``first_col`` the table's first column, both from 1. ``length`` counts the data rows down to the
    last one that holds anything: empty rows at the end of a table don't exist (DOMAIN §7). ``below`` are the
    rows typed under the table's last row, down to the first blank one: the addresses of their filled cells
    (1,000 rows at most).
    """

    name: str
    sheet: str
    ref: str
    first_row: int
    first_col: int
    headings: tuple[str, ...]
    length: int
    below: tuple[tuple[str, ...], ...] = ()
    _rows: Sequence[int] = field(default=(), repr=False)
    _cells: Sequence[list[Cell]] = field(default=(), repr=False)
    _last_row: int = 0
    _columns: dict[str, list[Cell]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(
        cls,
        name: str,
        sheet: str,
        columns: Mapping[str, Sequence[Cell]],
        *,
        first_row: int = 2,
        first_col: int = 1,
        below: tuple[tuple[str, ...], ...] = (),
    ) -> TableData:
        """A table from cells in memory (an open workbook, a test); all columns equally long, header above."""
        length = max(map(len, columns.values()), default=0)
        last_row = max(first_row, first_row + length - 1)
        ref = f"{address(first_row - 1, first_col)}:{address(last_row, first_col + len(columns) - 1)}"
        return cls(
            name,
            sheet,
            ref,
            first_row,
            first_col,
            tuple(columns),
            length,
            below,
            range(first_row, first_row + length),
            [list(cells) for cells in columns.values()],
            last_row,
        )

    def has(self, heading: str) -> bool:
        """Whether the table has a column of exactly that heading."""
        return heading in self.headings

    def column(self, heading: str) -> list[Cell]:
        """The column's cells, ``length`` of them; all blank when there is no such column."""
        column = self._columns.get(heading)
        if column is None:
            column = self._columns[heading] = self._made(heading)
        return column

    def _made(self, heading: str) -> list[Cell]:
        if heading not in self.headings:
            return [None] * self.length
        cells = self._cells[self.headings.index(heading)]
        if len(cells) == self.length:
            return cells
        column: list[Cell] = [None] * self.length
        for row, cell in zip(self._rows, cells, strict=True):
            column[row - self.first_row] = cell
        return column

    def address(self, heading: str, index: int) -> str:
        """The cell of the column in data row ``index`` (from 0): "D14". ValueError without such a column."""
        return address(self.first_row + index, self.first_col + self.headings.index(heading))

    def column_ref(self, heading: str) -> str:
        """All data cells of the column: "D5:D94". ValueError without such a column."""
        column = letters(self.first_col + self.headings.index(heading))
        return f"{column}{self.first_row}:{column}{self._last_row}"


@dataclass(frozen=True, slots=True)
class NamedCell:
    """The one cell that a defined name means. ``broken``: the name means anything else (#REF!, a range …)."""

    value: Cell
    sheet: str | None
    cell: str | None
    broken: bool = False


@dataclass(frozen=True, slots=True)
class SheetCells:
    """The filled cells of a sheet that was asked for as a whole, by row and column from 1."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    last_row: int

    def cell(self, ref: str) -> Cell:
        """The cell at "B5"; blank when nothing is there."""
        return self.cells.get(place(ref))

    def rows(self, ref: str) -> list[list[Cell]]:
        """The cells of "A5:G40", row by row. ValueError when that is no range."""
        place = rectangle(ref)
        if place is None:
            raise ValueError(ref)
        top, left, bottom, right = place
        return [[self.cells.get((row, column)) for column in range(left, right + 1)] for row in range(top, bottom + 1)]


@dataclass(frozen=True, slots=True)
class WorkbookData:
    """What was read of a workbook: the wanted tables, names and whole sheets that it has.

    ``sheets`` are all sheets in the order of their tabs; ``formulas`` tells for each sheet that was read
    whether it holds a formula.
    """

    tables: Mapping[str, TableData]
    names: Mapping[str, NamedCell]
    sheets: tuple[str, ...]
    outputs: Mapping[str, SheetCells]
    formulas: Mapping[str, bool]


@dataclass(slots=True)
class _Wish:
    """What one sheet is read for."""

    sheet: SheetPart
    tables: list[tuple[str, TablePart, Area]] = field(default_factory=list)
    occupied: list[Rectangle] = field(default_factory=list)
    points: dict[tuple[int, int], list[str]] = field(default_factory=dict)
    whole: bool = False

    @property
    def empty(self) -> bool:
        return not (self.tables or self.points or self.whole)


def read_workbook(
    package: Package, wanted: Collection[str], names: Collection[str], outputs: Collection[str] = ()
) -> WorkbookData:
    """Read the ``wanted`` tables, the cells of the defined ``names`` and the whole sheets ``outputs``.

    All three are found without regard to letter case and returned under the name asked for; what the workbook
    doesn't have is left out (the caller knows whether that matters). ``Refusal`` "sistem-tanggal-1904",
    "berkas-rusak", "tabel-terlalu-besar"; those of ``Package``.
    """
    if package.date1904:
        raise Refusal(
            "sistem-tanggal-1904",
            "Buku kerja ini memakai sistem tanggal 1904.",
            "Matikan di Excel: File > Opsi > Tingkat Lanjut > 'Gunakan sistem tanggal 1904', lalu periksa tanggalnya.",
        )
    wishes = {
        sheet.name.casefold(): _Wish(sheet) for sheet in package.sheets if sheet.part and sheet.kind == "worksheet"
    }
    _want_tables(package, wishes, {name.casefold(): name for name in wanted})
    found_names = _want_names(package, wishes, names)
    for name in outputs:
        wish = wishes.get(name.casefold())
        if wish is not None:
            wish.whole = True
    strings = shared_strings(package)
    tables: dict[str, TableData] = {}
    whole: dict[str, SheetCells] = {}
    formulas: dict[str, bool] = {}
    asked = {name.casefold(): name for name in outputs}
    for key, wish in wishes.items():
        if wish.empty:
            continue
        sheet = wish.sheet.name
        region = Region(sheet, [area for _, _, area in wish.tables], wish.points, wish.whole, wish.occupied)
        scan = Scan(package, wish.sheet.part, strings, region)
        scan.run()
        formulas[sheet] = scan.formulas
        tables.update((name, _table(name, sheet, part, area)) for name, part, area in wish.tables)
        for (row, column), known in wish.points.items():
            cell = NamedCell(region.cells.get((row, column)), sheet, address(row, column))
            found_names.update(dict.fromkeys(known, cell))
        if wish.whole:
            name = asked[key]
            whole[name] = SheetCells(sheet, region.cells, max((row for row, _ in region.cells), default=0))
    return WorkbookData(tables, found_names, tuple(sheet.name for sheet in package.sheets), whole, formulas)


def _want_tables(package: Package, wishes: Mapping[str, _Wish], wanted: Mapping[str, str]) -> None:
    """Find the sheets of the wanted tables, and the room that every table there takes."""
    if not wanted:
        return
    for wish in wishes.values():
        for part in package.tables(wish.sheet):
            place = rectangle(part.ref)
            name = wanted.get(part.display_name.casefold())
            if place is None:
                if name is not None:
                    raise _bad_table(name, wish.sheet.name)
                continue
            wish.occupied.append(place)
            if name is not None:
                wish.tables.append((name, part, _area(name, wish.sheet.name, part, place)))


def _area(name: str, sheet: str, part: TablePart, place: Rectangle) -> Area:
    top, left, bottom, right = place
    if len(part.headings) != right - left + 1 or len(set(part.headings)) != len(part.headings):
        raise _bad_table(name, sheet)
    rows = (top + part.header_row_count, bottom - part.totals_row_count)
    return Area(rows, (left, right), bottom)


def _bad_table(name: str, sheet: str) -> Refusal:
    return Refusal(
        "berkas-rusak",
        f"Definisi tabel {name} di berkas ini rusak.",
        "Buka berkas di Excel, simpan kembali sebagai .xlsx, atau pakai salinan cadangan.",
        sheet=sheet,
    )


def _want_names(package: Package, wishes: Mapping[str, _Wish], names: Collection[str]) -> dict[str, NamedCell]:
    """Note the cells of the wanted names; return the names that mean no single cell, as broken."""
    broken: dict[str, NamedCell] = {}
    if not names:
        return broken
    defined = {name.casefold(): text for name, text in package.defined_names.items()}
    for name in names:
        text = defined.get(name.casefold())
        if text is None:
            continue
        sheet, place = _meaning(text)
        wish = wishes.get(sheet)
        if place is None or wish is None or place[:2] != place[2:]:
            broken[name] = NamedCell(None, None, None, broken=True)
        else:
            wish.points.setdefault(place[:2], []).append(name)
    return broken


@lru_cache(maxsize=1024)  # the workbooks of one template share their names
def _meaning(text: str) -> tuple[str, Rectangle | None]:
    """The casefolded sheet and the cells that a name's text means; "" and None for anything but cells."""
    match = _PLACE.fullmatch(text.strip())
    if match is None:
        return "", None
    return (match[1] or match[2]).replace("''", "'").casefold(), rectangle(match[3])


def _table(name: str, sheet: str, part: TablePart, area: Area) -> TableData:
    length = area.numbers[-1] - area.first_row + 1 if area.numbers else 0
    return TableData(
        name,
        sheet,
        part.ref,
        area.first_row,
        area.first_column,
        part.headings,
        length,
        tuple(area.below),
        area.numbers,
        area.columns,
        area.last_row,
    )
