"""A sheet of another workbook as a source, read by our own reader: stored numbers, no guessed types.

What the number format of a cell makes of its number is asked only where it matters: a percentage, a code shown with
zeros in front, a day in a column of texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

from iku_excel.cells import Cell
from iku_excel.findings import Refusal
from iku_excel.imports.source import HEAD, Data, Known, Options, Raw, empty, find_headings
from iku_excel.xlsx.grid import MAX_COLUMN, MAX_ROW, area, letters
from iku_excel.xlsx.package import Package, SheetPart
from iku_excel.xlsx.region import Area, Region
from iku_excel.xlsx.replace import read_bytes
from iku_excel.xlsx.scan import Scan
from iku_excel.xlsx.strings import shared_strings
from iku_excel.xlsx.styles import StyleBook
from iku_excel.xlsx.tablecells import data_rows
from iku_excel.xlsx.values import column_of

_COLUMN = re.compile(rb"<(?:[\w.-]+:)?c\s[^>]*?\br=[\"']([A-Z]{1,3})\d")
_BEGINNING = 1 << 18  # bytes of a sheet that hold its first rows
_DATE = re.compile(r"[dy]|(?<![hs\]:.])m(?![hs:])", re.IGNORECASE)
_NOT_CODE = re.compile(r"\"[^\"]*\"|\\.|\[[^\]]*\]")
_BUILT_IN_DATES = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 59)}


def read_sheet(path: Path, options: Options, known: Known, table: str) -> Data:
    """Read one sheet: the named one, the one with a table of that name, else the only one with known headings.

    ``Refusal`` "lembar-data-tidak-ada", "lembar-data-tidak-jelas", "data-kosong", "judul-data-tidak-ditemukan";
    those of a damaged or protected file.
    """
    package = Package.open(read_bytes(path))
    if package.date1904:
        raise Refusal(
            "sistem-tanggal-1904",
            "Buku data ini memakai sistem tanggal 1904.",
            "Matikan di Excel: File > Opsi > Tingkat Lanjut > 'Gunakan sistem tanggal 1904', lalu periksa tanggalnya.",
        )
    strings = shared_strings(package)
    sheets = [sheet for sheet in package.sheets if sheet.part and sheet.kind == "worksheet"]
    if options.sheet is not None:
        wanted = options.sheet.casefold()
        named = [sheet for sheet in sheets if sheet.name.casefold() == wanted]
        if not named:
            raise Refusal(
                "lembar-data-tidak-ada",
                f"Lembar {options.sheet} tidak ada di {path.name}; yang ada: {_listed(s.name for s in sheets)}.",
                "Periksa nama lembarnya di --lembar.",
            )
        return _Sheet(package, named[0], strings).data(path.name, options, known)
    for sheet in sheets:
        for part in package.tables(sheet):
            if part.display_name.casefold() == table.casefold() and part.header_row_count == 1:
                rows = data_rows(part)
                whole = area(part.ref)
                found = _Sheet(package, sheet, strings, (whole.left, whole.right), rows.stop - 1)
                return found.data(path.name, Options(header_row=rows.start - 1), known)
    if len(sheets) == 1:
        return _Sheet(package, sheets[0], strings).data(path.name, options, known)
    fitting = []
    for sheet in sheets:
        try:
            fitting.append((sheet.name, _Sheet(package, sheet, strings).data(path.name, options, known)))
        except Refusal as refusal:
            if refusal.code not in ("judul-data-tidak-ditemukan", "data-kosong"):
                raise
    if len(fitting) != 1:
        which = _listed(name for name, _ in fitting) or "tidak ada"
        raise Refusal(
            "lembar-data-tidak-jelas",
            f"Buku {path.name} memuat beberapa lembar; yang judul kolomnya cocok: {which}.",
            "Sebut lembarnya dengan --lembar.",
        )
    return fitting[0][1]


def _listed(names: Iterator[str]) -> str:
    return ", ".join(names)


class _Sheet:
    """One sheet as a grid of values, and what its styles make of them."""

    def __init__(
        self,
        package: Package,
        sheet: SheetPart,
        strings: Sequence[str | None],
        columns: tuple[int, int] | None = None,
        last_row: int = MAX_ROW,
    ) -> None:
        self._package, self._sheet, self._strings = package, sheet, strings
        self._columns = columns or (1, self._widest())
        self._last_row = last_row

    def _widest(self) -> int:
        """The last column of the first rows: headings stand there, and what has none is not read."""
        beginning = b""
        for piece in self._package.pieces(self._sheet.part):
            beginning += piece
            if len(beginning) > _BEGINNING:
                break
        found = {column_of(name.decode()) for name in _COLUMN.findall(beginning[:_BEGINNING])}
        return min(max(found, default=50), MAX_COLUMN)

    def data(self, name: str, options: Options, known: Known) -> Data:
        """The rows below the headings."""
        left, right = self._columns
        cells = Area((1, self._last_row), (left, right), MAX_ROW)
        Scan(self._package, self._sheet.part, self._strings, Region(self._sheet.name, [cells], (), False, ())).run()
        head = [[_heading(column[at]) for column in cells.columns] for at in range(min(HEAD, len(cells.numbers)))]
        given = options.header_row
        if given is not None and given in cells.numbers:
            at = cells.numbers.index(given)
            head = [[_heading(column[at]) for column in cells.columns]]
            find_headings(head, known, 0)
        elif given is not None:
            find_headings([], known, 0)
            at = 0
        elif not head:
            raise empty(f"lembar {self._sheet.name} kosong")
        else:
            at = find_headings(head, known, None)
            head = head[at:]
        headings = head[0]
        numbers = cells.numbers[at + 1 :]
        if not numbers:
            raise empty(f"di lembar {self._sheet.name} hanya ada judul kolom")
        columns: list[Sequence[Raw]] = [column[at + 1 :] for column in cells.columns]
        taken = f"lembar {self._sheet.name}, judul di baris {cells.numbers[at]}"
        return Data(name, tuple(headings), columns, numbers, taken, look=self)

    def shown(self, column: int, rows: Sequence[int], cells: Sequence[Raw], *, text: bool) -> Sequence[Raw]:
        """See ``Look``: percentages become "75 %"; wanted as text, days become "31/12/2025", codes keep zeros."""
        kinds = set(map(type, cells))
        if float not in kinds or not (self._percent or text):
            return cells
        styles = self._styles_of(self._columns[0] + column)
        made: list[Raw] = []
        for row, cell in zip(rows, cells, strict=True):
            style = styles.get(row)
            made.append(self._spelled(cell, style, text) if type(cell) is float and style is not None else cell)
        return made

    def _spelled(self, cell: float, style: int, text: bool) -> Raw:
        code, number = self._formats.get(style, ("", 0))
        if "%" in code or number in (9, 10):
            from decimal import Decimal

            return f"{(Decimal(repr(cell)) * 100).normalize():f}".replace(".", ",") + " %"
        if not text:
            return cell
        if number in _BUILT_IN_DATES or _DATE.search(code):
            from iku_excel.indicators.period import from_serial

            try:
                return f"{from_serial(cell):%d/%m/%Y}"
            except ValueError:
                return cell
        if code.strip("0") == "" and len(code) > 1 and cell.is_integer() and cell >= 0:
            return f"{int(cell):0{len(code)}d}"
        return cell

    @cached_property
    def _formats(self) -> dict[int, tuple[str, int]]:
        """Each style's number format: its code (what is quoted left out) and its number."""
        if self._package.styles_part is None:
            return {}
        book = StyleBook(self._package.read(self._package.styles_part))
        made = {}
        for style in range(len(book)):
            code = _NOT_CODE.sub("", book.number_format(style) or "").replace("General", "")
            made[style] = code, book.format_id(style)
        return made

    @cached_property
    def _percent(self) -> bool:
        return any("%" in code or number in (9, 10) for code, number in self._formats.values())

    @cached_property
    def _xml(self) -> bytes:
        return self._package.read(self._sheet.part)

    def _styles_of(self, column: int) -> dict[int, int]:
        """The style of each cell of a column, by row."""
        cell = re.compile(rb"<(?:[\w.-]+:)?c\s([^>]*?\br=[\"']%b(\d+)[\"'][^>]*)" % letters(column).encode())
        style = re.compile(rb"\bs=[\"'](\d+)")
        return {int(m[2]): int(s[1]) for m in cell.finditer(self._xml) if (s := style.search(m[1]))}


def _heading(cell: Cell) -> str:
    """A cell of the row of headings as text."""
    if type(cell) is float:
        return f"{cell:.15g}"
    return " ".join(cell.split()) if type(cell) is str else ""
