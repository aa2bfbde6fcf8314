"""The cells of a sheet in any form of XML, by a real parser: the slow and sure way of ``scan``.

Prefixed names, single quotes, comments, CDATA, cells and rows without addresses, other encodings: all that
Excel reads but never writes itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from iku_excel.cells import Cell
from iku_excel.xlsx.package import refuse_dtd
from iku_excel.xlsx.strings import TextRuns
from iku_excel.xlsx.values import Strange, cell_of, rectangle, unescaped

Row = tuple[int, list[tuple[int, Cell]], bool]
"""A row's number, its filled cells as (column, cell), and whether one of them holds a formula."""


def careful_rows(pieces: Iterable[bytes], part: str, strings: Sequence[str | None]) -> Iterator[Row]:
    """The rows of a sheet, top to bottom. ``Strange`` where the XML means nothing."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    parser.buffer_text = True
    events = _Events(strings)
    parser.StartElementHandler, parser.EndElementHandler = events.start, events.end
    parser.CharacterDataHandler = events.data
    parser.StartDoctypeDeclHandler = lambda *_: refuse_dtd(b"<!DOCTYPE", part)
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            yield from events.taken()
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Strange("XML-nya tidak lengkap") from error
    yield from events.taken()


class _Events:
    """Parser events of one sheet, gathered to rows. Prefixes are ignored; only ``sheetData`` is looked at."""

    def __init__(self, strings: Sequence[str | None]) -> None:
        self._strings = strings
        self._rows: list[Row] = []
        self._cells: list[tuple[int, Cell]] = []
        self._inside = self._in_value = self._formula = self._formulas = False
        self._row = self._column = 0
        self._kind: str | None = None
        self._value: list[str] | None = None
        self._inline: str | None = None
        self._texts: TextRuns | None = None

    def taken(self) -> list[Row]:
        """The rows finished since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if not self._inside:
            self._inside = name == "sheetData"
        elif self._texts is not None:
            self._texts.start(name)
        elif name == "row":
            self._row = _row_number(attributes.get("r"), self._row)
            self._column, self._cells, self._formulas = 0, [], False
        elif name == "c":
            self._column = self._column_of(attributes.get("r"))
            self._kind, self._value, self._inline, self._formula = attributes.get("t"), None, None, False
        elif name == "v":
            self._value, self._in_value = [], True
        elif name == "f":
            self._formula = self._formulas = True
        elif name == "is":
            self._texts = TextRuns()

    def _column_of(self, ref: str | None) -> int:
        if ref is None:
            return self._column + 1
        place = rectangle(ref)
        if place is None or place[0] != self._row or place[1] <= self._column:
            raise Strange("alamat selnya tidak urut")
        return place[1]

    def data(self, text: str) -> None:
        if self._texts is not None:
            self._texts.data(text)
        elif self._in_value and self._value is not None:
            self._value.append(text)

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if not self._inside:
            return
        if self._texts is not None:
            if name == "is":
                self._inline, self._texts = self._texts.result(), None
            else:
                self._texts.end(name)
        elif name == "v":
            self._in_value = False
        elif name == "c":
            cell = self._cell()
            if cell is not None:
                self._cells.append((self._column, cell))
        elif name == "row":
            self._rows.append((self._row, self._cells, self._formulas))
        elif name == "sheetData":
            self._inside = False

    def _cell(self) -> Cell:
        value = None if self._value is None else "".join(self._value)
        if value is not None and (self._kind == "str" or (self._kind == "inlineStr" and self._inline is None)):
            return unescaped(value) or None  # the parser has resolved the entities already
        return cell_of(
            None if self._kind is None else self._kind.encode(),
            None if value is None else value.encode(),
            self._formula,
            self._strings,
            self._inline,
        )


def _row_number(stated: str | None, before: int) -> int:
    if stated is None:
        return before + 1
    if not stated.isascii() or not stated.isdigit() or len(stated) > 7:
        raise Strange("nomor barisnya bukan angka")
    return int(stated)
