"""The cells of one sheet, straight from its XML, piece by piece, with the value that the file stores.

Three ways of reading, each checking that it skipped nothing: whole rows of a big table by one pattern (the
usual row of a register: 100,000 rows in 0.5 s), single cells by one pattern (Excel's usual form), and a real
XML parser for every other form (prefixes, single quotes, no addresses, comments). Whatever a quicker way
doesn't recognise goes to the next. Nothing is allocated for the extent that a sheet claims, only for cells
that are there, so a cell at XFD1048576 costs no more than one at A1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from iku_excel.cells import Cell
from iku_excel.xlsx.careful import careful_rows
from iku_excel.xlsx.grid import MAX_COLUMN, MAX_ROW
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.region import Area, Region
from iku_excel.xlsx.rows import column_cells, row_pattern, worth_a_pattern
from iku_excel.xlsx.strings import Unusual, is_utf8, joined
from iku_excel.xlsx.values import Strange, cell_of, column_of, damaged, plain, shared_text

Groups = tuple[bytes | None, ...]

_HEAD = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>)?\s*<worksheet\b")
_TOKEN = re.compile(
    rb'<c r="([A-Z]{1,3})(\d{1,7})"(?: s="\d*")?(?: t="(\w+)")?(?: (?:cm|vm|ph)="\d+")*'
    rb'(?: ?/>|>(?:(<f[ >][^<]*</f>)?<v>([^<]*)</v></c>|<is><t(?: xml:space="preserve")?>([^<]*)</t></is></c>'
    rb"|((?:<(?!c[ >]|/c>)[^<]*+)*+)</c>))"
    rb"|(</row>)|<row( [^>]*)>|(.+)",
    re.DOTALL,
)
_BODY = re.compile(
    rb"(<f(?: [^>]*)?/>|<f(?: [^>]*)?>[^<]*</f>)?"
    rb'(?:<v(?: xml:space="preserve")?>([^<]*)</v>|(<v ?/>))?'
    rb"(?:<is>(.*?)</is>|<is ?/>)?",
    re.DOTALL,
)
_ROW_NUMBER = re.compile(rb' r="([1-9]\d{0,6})"')
_FORMULA = re.compile(rb"<f[ >]")
_WIDE_FORM = re.compile(rb"<f[ >]|<is>")
_LOOK = 1 << 14  # bytes of the first rows, which tell in what form the others are
_ROW_BYTES = 200  # at least so many for a row of a register; a table may claim rows that aren't there
_LONG_ROW = 1 << 22  # bytes without an end of a row after which the parser goes on: it needs no such end
_WIDE = 60  # columns; wider tables go cell by cell


class _Columns(dict[bytes, int]):
    """Column numbers by their letters."""

    def __missing__(self, name: bytes) -> int:
        number = self[name] = column_of(name.decode())
        return number


_COLUMNS = _Columns()


class Scan:
    """One reading of one sheet into a ``Region``."""

    def __init__(self, package: Package, part: str, strings: Sequence[str | None], region: Region) -> None:
        self._package = package
        self._part = part
        self._strings = strings
        self._region = region
        self._last = 0
        self._area: Area | None = None
        self._pattern: re.Pattern[bytes] | None = None
        self._wide = False
        self.formulas = False
        """Whether a formula was met among the cells read."""

    def run(self) -> None:
        """Read the sheet; ``Refusal`` "berkas-rusak" where its XML means nothing."""
        try:
            try:
                self._usual()
            except Unusual:
                self._region.clear()
                self._last, self.formulas = 0, False
                self._careful()
        except Strange as strange:
            refusal = damaged(self._part, str(strange))
            refusal.sheet = self._region.sheet
            raise refusal from strange
        self._region.finish()

    def _usual(self) -> None:
        pieces = self._package.pieces(self._part)
        head = rest = b""
        for piece in pieces:
            head += piece
            at = head.find(b"<sheetData")
            if at >= 0 and len(head) > at + 12:
                break
        at = head.find(b"<sheetData")
        if at < 0 or not is_utf8(head) or _HEAD.match(head) is None or b"<!" in head[:at]:
            raise Unusual  # the careful way also refuses a DTD
        if head.startswith(b"<sheetData/>", at):
            _drain(pieces)
            return
        if not head.startswith(b"<sheetData>", at):
            raise Unusual
        at += len(b"<sheetData>")
        rest = head[at:]
        self._choose(rest)
        for piece in chain((b"",), pieces):
            rest += piece
            end = rest.rfind(b"</row>") + 6
            done = rest.find(b"</sheetData>", max(end - 6, 0))
            if done >= 0:
                end = done
            elif end < 6:
                if len(rest) > _LONG_ROW:
                    raise Unusual
                continue
            self._rows(rest, end)
            if done >= 0:
                _drain(pieces)
                return
            rest = rest[end:]
        raise Unusual  # no end of the cells: let the parser say why

    def _choose(self, beginning: bytes) -> None:
        """Take the pattern for the rows of the region's longest table, when there is enough to gain by it."""
        area = max(self._region.areas, key=lambda area: area.last_row - area.first_row, default=None)
        if area is None or area.last_column - area.first_column >= _WIDE or isinstance(self._region.alone(area), range):
            return
        rows = min(area.last_row - area.first_row + 1, self._package.size(self._part) // _ROW_BYTES)
        if worth_a_pattern(area.first_column, area.last_column, rows):
            self._area, self._wide = area, _WIDE_FORM.search(beginning, 0, _LOOK) is not None
            self._pattern = row_pattern(area.first_column, area.last_column, wide=self._wide)

    def _rows(self, xml: bytes, end: int) -> None:
        """Read whole rows from the start up to ``end``."""
        pattern, area, at = self._pattern, self._area, 0
        if pattern is None or area is None:
            self._cells(xml, 0, end)
            return
        alone, last = self._region.alone(area), self._last
        low, high = area.first_row, area.last_row
        rows: list[Groups] = []
        numbers: list[int] = []
        while at < end:
            match = pattern.match(xml, at, end)
            if match is not None:
                number = int(match[1])
                if low <= number <= high and number not in alone:
                    if number <= last:
                        raise Strange("urutan barisnya kacau")
                    last = number
                    numbers.append(number)
                    rows.append(match.groups())
                    at = match.end()
                    continue
            stop = xml.find(b"</row>", at, end) + 6
            if stop < 6:
                stop = end
            self._last = last
            self._cells(xml, at, stop)
            last = self._last
            if not self._wide and (self.formulas or xml.find(b"<is>", at, stop) >= 0):
                self._pattern = pattern = row_pattern(area.first_column, area.last_column, wide=True)
                self._wide = True
            at = stop
        self._last = last
        if self._wide and not self.formulas:
            self.formulas = _FORMULA.search(xml, 0, end) is not None
        if rows:
            self._block(area, numbers, rows)

    def _block(self, area: Area, numbers: list[int], rows: list[Groups]) -> None:
        """Hand rows that matched the pattern to their table."""
        if not any(rows[-1][1:]):  # formatted but empty rows at the end of a table: there may be a million
            filled = [index for index, row in enumerate(rows) if any(row[1:])]
            numbers, rows = [numbers[index] for index in filled], [rows[index] for index in filled]
        if rows:
            columns = list(zip(*rows, strict=True))
            cells = [
                column_cells(columns[index], columns[index + 1], self._strings) for index in range(1, len(columns), 2)
            ]
            area.extend(numbers, cells)

    def _cells(self, xml: bytes, at: int, end: int) -> None:
        """Read rows cell by cell. Groups that took no part are empty, which means no more than a blank cell."""
        strings, row, digits, column, cells = self._strings, 0, b"", 0, list[tuple[int, Cell]]()
        for name, where, kind, formula, raw, text, body, closed, attributes, other in _TOKEN.findall(xml, at, end):
            if name:
                here = _COLUMNS[name]
                if where != digits or here <= column:
                    raise Strange("alamat selnya tidak urut")
                column = here
                cell: Cell
                if formula:
                    self.formulas = True
                if raw:
                    if kind == b"s" and raw.isdigit():
                        cell = shared_text(raw, strings)
                    elif not kind and len(raw) < 25 and raw.replace(b".", b"", 1).isdigit():
                        cell = float(raw)
                    else:
                        cell = cell_of(kind or None, raw, False, strings)
                elif text and kind == b"inlineStr":
                    cell = plain(text)
                elif body:
                    cell = self._body(kind or None, body)
                elif formula:
                    cell = cell_of(kind or None, raw, True, strings)
                elif text:
                    raise Unusual
                else:
                    continue
                if cell is not None:
                    cells.append((column, cell))
            elif closed:
                if not row:
                    raise Unusual
                self._row(row, cells)
                row = 0
            else:
                number = _ROW_NUMBER.search(attributes)
                if row or other or number is None:
                    raise Unusual
                digits = number[1]
                row, column, cells = int(digits), 0, []
                if attributes.endswith(b"/"):
                    self._row(row, cells)
                    row = 0
        if row:
            raise Unusual

    def _body(self, kind: bytes | None, body: bytes) -> Cell:
        match = _BODY.fullmatch(body)
        if match is None:
            raise Unusual
        formula, raw, empty, inline = match.groups()
        if formula is not None:
            self.formulas = True
        return cell_of(
            kind,
            b"" if empty else raw,
            formula is not None,
            self._strings,
            joined(inline) if inline is not None else None,
        )

    def _row(self, row: int, cells: list[tuple[int, Cell]]) -> None:
        if row <= self._last or row > MAX_ROW:
            raise Strange("urutan barisnya kacau")
        self._last = row
        if cells:
            if cells[-1][0] > MAX_COLUMN:
                raise Strange("ada sel di luar batas lembar")
            self._region.row(row, cells)

    def _careful(self) -> None:
        for row, cells, formulas in careful_rows(self._package.pieces(self._part), self._part, self._strings):
            self.formulas = self.formulas or formulas
            self._row(row, cells)


def _drain(pieces: Iterator[bytes]) -> None:
    """Read the rest of the part, so that its checksum is checked."""
    for _ in pieces:
        pass
