"""An Excel Table in a closed file grows by rows at its end, and nothing else on its sheet moves.

New rows look like the last one and go on with the formulas that fill a column; what reached to the table's last
row reaches to the new one (``followers``). Values are put in afterwards, by ``apply_edits``. Linear in the rows
of the sheet. Formulas elsewhere that mean a plain range of the table (not the table by its name) stay as typed.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from xml.sax.saxutils import escape

from iku_excel.findings import Refusal
from iku_excel.xlsx.apply import recalculating, without_calc_chain
from iku_excel.xlsx.careful import careful_rows
from iku_excel.xlsx.cellxml import ATTRIBUTE, attributes, normal
from iku_excel.xlsx.followers import Growing, chart_parts, name_splices, renewed_table, rule_splices, spliced
from iku_excel.xlsx.grid import MAX_ROW, Area, area, letters
from iku_excel.xlsx.package import Package, SheetPart, TablePart, children, local
from iku_excel.xlsx.sheetxml import Row
from iku_excel.xlsx.shifting import moved
from iku_excel.xlsx.strings import shared_strings
from iku_excel.xlsx.tablecells import Held, TableSheet, data_rows, find_table

_VALUE = re.compile(rb"<(?:[\w.-]+:)?(?:v|is)[\s/>]")
_ROW_LOOK = frozenset({b"s", b"customFormat", b"ht", b"customHeight"})


def make_room(package: Package, name: str, rows: int, headings: Collection[str]) -> tuple[Package, list[int]]:
    """Room for so many rows in a table: the workbook, grown if need be, and the sheet's rows to write to.

    Rows without content come first, from top to bottom; the table grows only by what is missing. A row has
    content when something stands under one of ``headings``, or a constant anywhere in it. ``Refusal`` as ``grow``.
    """
    sheet, table = find_table(package, name)
    columns = {area(table.ref).left + table.headings.index(heading) for heading in headings}
    free = TableSheet(package, sheet, table).free_rows(columns)[:rows]
    missing = rows - len(free)
    if missing <= 0:
        return package, free
    first = data_rows(table).stop
    return grown(package, name, missing), [*free, *range(first, first + missing)]


def grown(package: Package, name: str, rows: int) -> Package:
    """The workbook with the table longer by so many rows, looked at once more before anybody gets it."""
    changed = grow(package, name, rows)
    if not changed:
        return package
    after = Package.open(package.with_parts(changed))
    verify_growth(package, after, name, rows, changed)
    return after


def grow(package: Package, name: str, rows: int) -> dict[str, bytes | None]:
    """The parts that change when a table gets so many more rows at its end (None: a part that goes).

    ``Refusal`` "tabel-tidak-dapat-tumbuh" where something stands in the way: a totals row, filled or merged
    cells below, another table, the end of the sheet, an outside source of data. No rows: nothing changes.
    """
    if rows <= 0:
        return {}
    package.require_writable()
    growth = Growth(package, *find_table(package, name))
    growth.by(rows)
    return {growth.part: growth.xml_after(), **growth.followers()}


class Growth(TableSheet):
    """The new XML of the table's sheet. ``continued``: by column, the row of a formula that goes on, its text, and
    whether it is an array's; ``styles``: by column, the style of the table's last row."""

    def __init__(self, package: Package, sheet: SheetPart, table: TablePart) -> None:
        super().__init__(package, sheet, table)
        self.package, self.part = package, sheet.part
        self.growing = Growing(sheet.name, self.area, data_rows(table).start, self.area.bottom)
        self.below = self._below(0)
        self.styles_below: dict[int, bytes] = {}
        self.row_look = b""
        self.continued: dict[int, tuple[int, str, bool]] = {}
        self.columns_below: list[int] = []

    def _below(self, rows: int) -> Area:
        return Area(self.area.bottom + 1, self.area.left, self.area.bottom + rows, self.area.right, "")

    def by(self, rows: int) -> None:
        """Look at what so many more rows need; ``Refusal`` where something stands in the way."""
        self.below = self._below(rows)
        self.growing = replace(self.growing, bottom=self.below.bottom)
        self._refuse_hindrances()
        filled = set()
        last = next((row for row in self.data() if row.number == self.area.bottom), None)
        if last is not None:
            self.row_look = _look(last)
            for column, cell, start in self.cells_of(last):
                if self.area.left <= column <= self.area.right:
                    if b"s" in start:
                        self.styles_below[column] = start[b"s"]
                    if self.held(cell[2]) is Held.FORMULA:
                        filled.add(column)
        self._find_formulas(filled)
        self.columns_below = sorted({*self.styles_below, *self.continued})

    def _refuse_hindrances(self) -> None:
        table, package = self.table, self.package
        kind = package.xml(table.part).get("tableType", "worksheet")
        if table.totals_row_count:
            raise self._cannot("punya baris total", "Matikan baris total tabel itu, simpan, lalu ulangi.")
        if kind != "worksheet":
            fix = "Ubah menjadi tabel biasa: Desain Tabel > Putuskan Tautan, simpan, lalu ulangi."
            raise self._cannot("diisi dari sumber data luar", fix)
        if self.below.bottom > MAX_ROW:
            fix = "Pindahkan data tahun-tahun lama ke buku kerja lain, lalu ulangi."
            raise self._cannot("akan melewati baris terakhir lembar", fix)
        for other in package.tables(self.sheet):
            if other.part != table.part and area(other.ref).crosses(self.below):
                fix = f"Pindahkan tabel {other.display_name} ke tempat lain, simpan, lalu ulangi."
                raise self._cannot(f"terhalang tabel {other.display_name} di bawahnya", fix)
        crossing = self.fences.crossing(self.below)
        if crossing is not None:
            fix = f"Pisahkan sel gabungan atau rumus larik {crossing}, simpan, lalu ulangi."
            raise self._cannot(f"sel {crossing} di bawahnya menyatu", fix)

    def _cannot(self, why: str, fix: str, cell: str | None = None) -> Refusal:
        message = f"Tabel {self.table.display_name} tidak dapat diperpanjang: {why}."
        return Refusal("tabel-tidak-dapat-tumbuh", message, fix, sheet=self.sheet, cell=cell)

    def followers(self) -> dict[str, bytes | None]:
        """The other parts that change when the table grows: its own, charts, names, and what tells Excel to compute."""
        package = self.package
        parts: dict[str, bytes | None] = {
            self.table.part: renewed_table(package.read(self.table.part), self.growing),
            **dict(chart_parts(package, self.growing)),
        }
        workbook = package.read(package.workbook_part)
        new = spliced(workbook, list(name_splices(workbook, self.growing)))
        if self.continued:
            new = recalculating(new) or new
            parts.update(without_calc_chain(package))
        if new != workbook:
            parts[package.workbook_part] = new
        return parts

    def _find_formulas(self, filled: set[int]) -> None:
        """Declared columns go on with the formula that stands lowest; others with one that fills the column."""
        table = self.area
        declared: dict[int, tuple[str, bool]] = {}
        for column, element in enumerate(
            children(self.package.xml(self.table.part), "tableColumns", "tableColumn"), table.left
        ):
            for child in element:
                if local(child) == "calculatedColumnFormula" and child.text:
                    declared[column] = (child.text, child.get("array") in ("1", "true"))
        wanted = filled | declared.keys()
        contents = self.contents(wanted) if wanted else None
        for column in wanted:
            found = contents.formulas.get(column, {}) if contents else {}
            if column in declared:
                text, array = declared[column]
                lowest = max((row for row, spelled in found.items() if spelled is not None), default=None)
                if lowest is not None:
                    self.continued[column] = (lowest, found[lowest] or text, array)
                elif normal(moved(text, 1)) == normal(text):  # else relative to a row that we don't know
                    self.continued[column] = (table.bottom, text, array)
            elif contents and len(found) == len(contents.rows) and contents.one_formula(column):
                self.continued[column] = (table.bottom, found[table.bottom] or "", False)

    def xml_after(self) -> bytes:
        """The sheet with the new rows, and with the rules that follow."""
        below, following = self.below, self.below.top
        for row in self.rows():
            if row.number < below.top:
                continue
            made = self.new_rows(following, min(row.number, below.bottom + 1))
            self.splices.append((row.start, row.start, made))
            following = row.number + 1
            if row.number > below.bottom:
                break
            self.into(row)
        else:
            self._append_rows(self.new_rows(following, below.bottom + 1))
        if self.columns_below:
            self.written += [(below.bottom, self.columns_below[0]), (below.bottom, self.columns_below[-1])]
        if self.written:
            self._dimension()
        self.splices += rule_splices(self.xml, self.close, self.prefix, self.growing)
        return self._spliced()

    def new_rows(self, first: int, stop: int) -> bytes:
        """Whole new rows."""
        p, look = self.prefix, self.row_look
        if not self.columns_below and not look:
            return b""
        if self.continued:
            columns = self.columns_below
            made = ((n, b"".join([self.new_cell(n, column) for column in columns])) for n in range(first, stop))
            return b"".join([b'<%brow r="%d"%b>%b</%brow>' % (p, n, look, cells, p) for n, cells in made])
        cells = b"".join([self.blank_cell(b"%d", column) for column in self.columns_below])
        form = b'<%brow r="%%d"%b>%b</%brow>' % (p, look.replace(b"%", b"%%"), cells, p)
        return b"".join([form % ((n,) * (1 + len(self.columns_below))) for n in range(first, stop)])

    def blank_cell(self, row: bytes, column: int) -> bytes:
        """An empty cell in the style of the table's last row."""
        style = b' s="%b"' % self.styles_below[column] if column in self.styles_below else b""
        return b'<%bc r="%b%b"%b/>' % (self.prefix, letters(column).encode(), row, style)

    def new_cell(self, row: int, column: int, style: bytes | None = None) -> bytes:
        """A new cell of the table's, empty or with the formula that goes on: Excel computes that on opening.

        ``style`` is what a value here would have without the table; a blank cell needs none.
        """
        p, address = self.prefix, f"{letters(column)}{row}".encode()
        blank = self.blank_cell(b"%d" % row, column)
        if column not in self.continued:
            return blank
        base, formula, array = self.continued[column]
        form = b' t="array" ref="%b"' % address if array else b""
        text = escape(moved(formula, row - base)).encode()
        return blank[:-2] + b"><%bf%b>%b</%bf></%bc>" % (p, form, text, p, p)

    def into(self, row: Row) -> None:
        """The table's cells in a row that is there already and holds nothing in them."""
        pending, end, number = list(self.columns_below), 0, row.number
        for column, cell, start in self.cells_of(row):
            if self.below.left <= column <= self.below.right and self.held(cell[2]) is not Held.NOTHING:
                address = f"{letters(column)}{row.number}"
                fix = f"Pindahkan isi di bawah tabel (mulai sel {address}), simpan, lalu ulangi."
                raise self._cannot("sel di bawahnya sudah terisi", fix, address)
            while pending and pending[0] < column:
                self.splices.append((cell.start(), cell.start(), self._missing_cell(row, pending.pop(0))))
            if pending and pending[0] == column:
                self.splices.append((*cell.span(), self.new_cell(number, pending.pop(0), start.get(b"s"))))
            end = cell.end()
        appended = b"".join([self._missing_cell(row, column) for column in pending])
        self._open_row(row, appended, end or row.open_end, self.columns_below)

    def _missing_cell(self, row: Row, column: int) -> bytes:
        return self.new_cell(row.number, column, self.default_style(row.attrs, column))

    def default_style(self, look: bytes, column: int) -> bytes | None:
        """The style of a new cell in a row with these attributes: the row's, else the column's."""
        of = attributes(look)
        style = of.get(b"s") if of.get(b"customFormat") in (b"1", b"true") else None
        return self._column_style(column) if style is None else style


def _look(row: Row) -> bytes:
    """The attributes of a row that its followers share: its style, and its height where somebody set one."""
    of = attributes(row.attrs)
    wanted = set(_ROW_LOOK)
    if of.get(b"customHeight") not in (b"1", b"true"):
        wanted -= {b"ht", b"customHeight"}
    return b"".join(found[0] for found in ATTRIBUTE.finditer(row.attrs) if found[1] in wanted)


def verify_growth(before: Package, after: Package, name: str, rows: int, changed: Mapping[str, bytes | None]) -> None:
    """Read the grown workbook back, by other ways than the writer's; ``Refusal`` "gagal-diperiksa".

    The parts that weren't to change are the same bytes, the table is longer by its rows, the cells down to its old
    last row are the same bytes, and the cells below hold what they held.
    """
    gone = {part for part, content in changed.items() if content is None}
    if after.names != tuple(part for part in before.names if part not in gone):
        raise _failed("ada bagian berkas yang hilang atau bertambah")
    for part in after.names:
        if part not in changed and not after.archive.same(part, before.archive):
            raise _failed(f"bagian '{part}' berubah")
    sheet, table = find_table(before, name)
    old, new = area(table.ref), area(find_table(after, name)[1].ref)
    if (new.top, new.left, new.bottom, new.right) != (old.top, old.left, old.bottom + rows, old.right):
        raise _failed(f"tabel {name} tidak bertambah {rows} baris")
    above, below = _halves(before.read(sheet.part), old.bottom)
    above_now, below_now = _halves(after.read(sheet.part), old.bottom)
    added = range(old.bottom + 1, new.bottom + 1), range(old.left, old.right + 1)
    strings = shared_strings(before) if below else []
    if above != above_now or _filled(below, strings, None) != _filled(below_now, strings, added):
        raise _failed(f"sel di lembar {sheet.name} berubah")


def _failed(what: str) -> Refusal:
    return Refusal(
        "gagal-diperiksa",
        f"Tabel yang diperpanjang tidak lolos pemeriksaan: {what}. Berkas asli tidak diubah.",
        "Ulangi; bila terjadi lagi, simpan berkas sebagai .xlsx di Excel dan laporkan kepada pengelola.",
    )


def _halves(xml: bytes, bottom: int) -> tuple[bytes, bytes]:
    """The rows of a sheet down to ``bottom``, and those below it."""
    start = re.search(rb"<(?:[\w.-]+:)?sheetData(?=[\s/>])[^>]*>", xml)
    end = max(xml.rfind(b"sheetData>"), 0)
    end = xml.rfind(b"</", 0, end)
    if start is None or end < start.end():
        return b"", b""
    counted = 0
    for found in re.finditer(rb"<(?:[\w.-]+:)?row(?=[\s/>])[^>]*", xml[start.end() : end]):
        number = re.search(rb"\sr\s*=\s*[\"'](\d+)", found[0])
        counted = int(number[1]) if number else counted + 1
        if counted > bottom:
            at = start.end() + found.start()
            return xml[start.end() : at], xml[at:end]
    return xml[start.end() : end], b""


def _filled(rows: bytes, strings: Sequence[str | None], without: tuple[range, range] | None) -> list[object]:
    """The filled cells of some rows, but for those of an area."""
    found: list[object] = []
    if _VALUE.search(rows) is None:
        return found  # 100,000 new rows in 0.1 s, where a parser takes 4
    for number, cells, _ in careful_rows([b"<x><sheetData>", rows, b"</sheetData></x>"], "sheet", strings):
        left = [(c, v) for c, v in cells if without is None or number not in without[0] or c not in without[1]]
        if left:
            found.append((number, left))
    return found
