"""The XML of one worksheet as far as its rows and cells: found in it, in order, and never understood by guessing.

Whoever splices into a sheet (``sheet``) or goes through a table (``tablecells``) begins here.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from operator import ge

from iku_excel.findings import Refusal
from iku_excel.xlsx.cellxml import ATTRIBUTES, CellParser, attributes
from iku_excel.xlsx.fences import strange
from iku_excel.xlsx.grid import letters, place
from iku_excel.xlsx.package import refuse_dtd

_ADDRESS = re.compile(rb'<c r="([A-Z]{1,3})([1-9]\d{0,6})"')


@dataclass(slots=True)
class Row:
    """One ``<row>`` element: its number, where its start tag, its cells and its end tag begin, its attributes."""

    number: int
    start: int
    open_end: int
    end: int
    attrs: bytes
    closed: bool


class SheetXml:
    """One sheet's XML: the ``prefix`` of its names, where the rows begin (``open_start``, ``open_end``) and where they
    end (``close``). ``Refusal`` "lembar-tidak-lazim" for a sheet that can't be read without guessing."""

    def __init__(self, xml: bytes, sheet: str) -> None:
        self.xml, self.sheet = xml, sheet
        self._columns: dict[bytes, int] = {}
        self._check_form()
        found = re.search(rb"<((?:[\w.-]+:)?)sheetData(?=[\s/>])" + ATTRIBUTES + rb"(/?)>", xml)
        if found is None:
            raise self.strange("tidak punya tempat untuk sel")
        self.prefix = found[1]
        self.open_start, self.open_end = found.span()
        self.empty = bool(found[3])
        self.close = self.open_end if self.empty else xml.rfind(b"</" + self.prefix + b"sheetData", self.open_end)
        if self.close < 0:
            raise self.strange("terpotong")
        if xml.find(b"AlternateContent", self.open_end, self.close) >= 0:
            raise self.strange("memuat isi alternatif di antara selnya")
        self.cells = CellParser(self.prefix)
        p = re.escape(self.prefix)
        self._row_start = re.compile(rb'<%brow(?=[\s/>])((?: r="([1-9]\d{0,6})")?+%b)(/?)>' % (p, ATTRIBUTES))
        self.cell_tag = re.compile(
            rb"<%bc(?=[\s/>])%b(?:/>|>((?:[^<]++|<(?!/%bc\s*>))*+)</%bc\s*>)" % (p, ATTRIBUTES, p, p)
        )  # fmt: skip

    def _check_form(self) -> None:
        head = self.xml[:200]
        declared = re.search(rb"encoding\s*=\s*[\"']([\w.-]+)", head)
        if b"\0" in head or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
            raise self.strange("tidak memakai pengodean UTF-8")
        if b"<!" in self.xml:
            refuse_dtd(self.xml, f"lembar {self.sheet}")
            raise self.strange("memuat komentar XML atau CDATA")

    def strange(self, why: str) -> Refusal:
        """The refusal of a sheet that no spreadsheet program writes so."""
        return strange(self.sheet, why)

    def rows(self) -> Iterator[Row]:
        """The rows of the sheet in order; refuses disorder, which Excel would call corrupt."""
        last, xml, close, closing = 0, self.xml, self.close, b"</" + self.prefix + b"row"
        for found in self._row_start.finditer(xml, self.open_end, close):
            attrs, spelled, _, slash = found.groups()
            number = last + 1
            if spelled is not None:
                number = int(spelled)
            elif b"r" in attrs and (given := attributes(attrs).get(b"r")) is not None:
                number = int(given) if given.isdigit() else 0
            if number <= last:
                raise self.strange("memuat baris yang tidak berurutan")
            opened = found.end()
            end = opened if slash else xml.find(closing, opened, close)
            if end < 0:
                raise self.strange("terpotong")
            yield Row(number, found.start(), opened, end, attrs, bool(slash))
            last = number

    def all_cells(self, row: Row) -> Iterator[tuple[int, re.Match[bytes]]]:
        """The cells of a row however it is spelled, with their columns; refuses disorder."""
        last = 0
        for cell in () if row.closed else self.cell_tag.finditer(self.xml, row.open_end, row.end):
            address = attributes(cell[1]).get(b"r")
            column = last + 1 if address is None else self.column(address, row.number)
            if column <= last:
                raise self.strange(f"memuat sel yang tidak berurutan di baris {row.number}")
            yield column, cell
            last = column

    def usual_cells(self, row: Row, columns: Collection[int]) -> list[tuple[int, re.Match[bytes]]]:
        """Of a row in Excel's spelling the cells that matter to edits in ``columns`` (ascending): those there, and
        where there is none the next one or else the last. Ten times as fast as reading all cells; empty for any
        other row.
        """
        if self.prefix or row.closed:
            return []
        xml, digits = self.xml, b"%d" % row.number
        found = _ADDRESS.findall(xml, row.open_end, row.end)
        keys = [(len(name), name) for name, number in found if number == digits]  # "Z" comes before "AA"
        if not keys or len(keys) != xml.count(b"<c", row.open_end, row.end) or any(map(ge, keys, keys[1:])):
            return []
        cells: list[tuple[int, re.Match[bytes]]] = []
        at = row.open_end
        for column in columns:
            name = letters(column).encode()
            _, name = keys[min(bisect_left(keys, (len(name), name)), len(keys) - 1)]
            at = xml.find(b'<c r="%b%b"' % (name, digits), at, row.end)
            cell = self.cell_tag.match(xml, at, row.end) if at >= 0 else None
            if cell is None:
                return []
            if not cells or cells[-1][1].start() != at:
                cells.append((self.column(name + digits, row.number), cell))
        return cells

    def column(self, address: bytes, row: int) -> int:
        """The column of a cell's address in this row."""
        name = address.rstrip(b"0123456789")
        if address[len(name) :] != b"%d" % row:
            raise self.strange(f"memuat sel beralamat keliru di baris {row}")
        column = self._columns.get(name)
        if column is None:
            try:
                column = self._columns[name] = place(name.decode() + "1")[1]
            except ValueError as error:
                raise self.strange(f"memuat sel beralamat keliru di baris {row}") from error
        return column
