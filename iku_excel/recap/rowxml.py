"""The rows of a sheet's table as XML, column by column; texts stay texts, whatever they look like.

openpyxl keeps an object for every cell: for 2,000 workbooks 130,000 of them, most of the time and the memory that the
whole recap takes. Here each different value of a column is spelled once, and a row is its pieces joined.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import chain, repeat

from iku_excel.capacity import MAX_NUMBER, MAX_TEXT
from iku_excel.edits import Edit
from iku_excel.form.template.content import height_of, lines_of
from iku_excel.form.template.styles import GENERAL, GRAVE, MONEY, MUTED, TWO, Style
from iku_excel.indicators.period import serial
from iku_excel.recap.columns import Value
from iku_excel.recap.pages import FIRST_ROW, Look, Page
from iku_excel.xlsx.cellxml import CellParser
from iku_excel.xlsx.grid import letters

INDENT = 2.0
"""Width that the indent of texts takes, in characters."""
TOO_LARGE = "terlalu besar"
"""Instead of a figure that no cell can hold."""

_SMALL, _CAPITAL = 0.95, 1.3
"""How broad letters are against a digit, with some reserve."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")

_STYLES: dict[Look, Style] = {
    "teks": Style(border=True, wrap=True, horizontal="left", indent=1),
    "tengah": Style(border=True, horizontal="center", number_format=GENERAL),
    "bulat": Style(border=True, number_format=MONEY),
    "dua": Style(border=True, number_format=TWO),
}
_WORD = Style(border=True, horizontal="right", ink=MUTED)
"""A word where a figure would stand."""


def fitting(value: Value) -> float | int | str | None:
    """The value as a cell can hold it: a text without what no cell shows, cut to the longest; a day as its number."""
    if isinstance(value, str):
        text = _CONTROL.sub("", value)
        if len(text) > MAX_TEXT // 2:  # counted in UTF-16 units
            text = text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")
        return text
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime.date):
        return serial(value)
    found = float(value)
    return found if abs(found) <= MAX_NUMBER else TOO_LARGE


def row_xml(page: Page, widths: Sequence[float], style_number: Callable[[Style], int]) -> bytes:
    """The table's rows from ``FIRST_ROW`` on, in columns of these widths; an empty table has one empty row, as Excel
    wants. ``style_number``: a look's place among the workbook's cell formats."""
    rows = page.rows or ((None,) * len(page.columns),)
    digits = [b"%d" % number for number in range(FIRST_ROW, FIRST_ROW + len(rows))]
    heights = [1] * len(rows)
    parts: list[Iterable[bytes]] = []
    for at, values in enumerate(zip(*rows, strict=True)):
        column = _Cells(page, at, widths[at], style_number)
        made = {value: column.cell(value) for value in dict.fromkeys(values)}  # in order: looks are numbered
        parts += [repeat(b'<c r="%b' % letters(at + 1).encode()), digits, map(made.__getitem__, values)]
        if column.lines:
            heights = [max(so_far, column.lines.get(value, 1)) for so_far, value in zip(heights, values, strict=True)]
    opened = {lines: b'" ht="%g">' % height_of(lines) for lines in set(heights)} | {1: b'">'}
    starts = map(opened.__getitem__, heights)
    return b"".join(chain.from_iterable(zip(repeat(b'<row r="'), digits, starts, *parts, repeat(b"</row>"))))


class _Cells:
    """The cells of one column. ``lines``: of each value that takes more than one, how many."""

    def __init__(self, page: Page, at: int, width: float, style_number: Callable[[Style], int]) -> None:
        self.lines: dict[Value, int] = {}
        self._look = page.columns[at].look
        self._style, self._style_number = _STYLES[self._look], style_number
        self._quoted = replace(self._style, quote=True)
        self._grave = page.grave if at == 0 else frozenset[str]()
        self._room = width - INDENT
        self._sheet, self._spelling = page.sheet, CellParser(b"")

    def cell(self, value: Value) -> bytes:
        """A value's cell behind its address."""
        found, style = fitting(value), self._style
        if isinstance(found, str):
            style = self._style_of(found)
            if style.wrap and (len(found) > self._room / _CAPITAL or "\n" in found):
                lines = lines_of(found, self._room / _broad(found))
                if lines > 1:
                    self.lines[value] = lines
        kind, content = self._spelling.write(Edit(self._sheet, "", found), b"", b"")
        start = b'" s="%d"' % self._style_number(style)
        if kind:
            start += b' t="%b"' % kind
        return start + (b">%b</c>" % content if content else b"/>")

    def _style_of(self, text: str) -> Style:
        if self._look == "dua":
            return _WORD
        if text in self._grave:
            return replace(self._style, bold=True, ink=GRAVE.ink, fill=GRAVE.fill)
        return self._quoted if text.startswith(("=", "+", "-", "@")) else self._style


def _broad(text: str) -> float:
    """How broad the text is against as many digits."""
    return _SMALL + (_CAPITAL - _SMALL) * sum(map(str.isupper, text)) / len(text)
