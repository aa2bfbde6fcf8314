"""The sheet "Simulasi": a printable page of values, built as a workbook of its own that another one may take from."""

from __future__ import annotations

import datetime
import io
import textwrap
from dataclasses import replace
from typing import Any

from iku_excel.form.simulation import Simulation
from iku_excel.form.simulation_words import REMARK, TITLE, Grid, Kind, Value, blocks, points, subtitle
from iku_excel.form.template.content import Marks, Pen
from iku_excel.form.template.finish import finish
from iku_excel.form.template.styles import (
    BODY,
    HEADER,
    LINKED,
    MONEY,
    MUTED,
    NOTE,
    SECTION,
    SUBTITLE,
    TWO,
    Painter,
    Style,
)
from iku_excel.form.template.styles import TITLE as TITLE_STYLE

SHEET = "Simulasi"
_WIDTHS = {"A": 42, "B": 10, "C": 10, "D": 10, "E": 10, "F": 52, "G": 16}
_SENTENCE = 145
"""Letters of a sentence on one line, which runs over the empty cells beside it: as wide as the columns together."""

_FOUR = "#,##0.0000"
_FIGURE = Style(border=True, number_format=TWO)
_TEXT = Style(border=True, wrap=True, indent=1, horizontal="left")
_LINK = replace(LINKED, border=True, indent=1, horizontal="left")
_ABOUT_RENEWAL = "Lembar ini ditulis ulang oleh `iku-excel simulasi --lembar`: jangan menaruh catatan di sini."


def build_simulation(simulation: Simulation, moment: datetime.datetime, *, inside: bool) -> bytes:
    """An .xlsx with the one sheet "Simulasi". ``moment`` dates it. ``inside`` the workbook it tells of, its cells
    are links, and it warns that it is written anew."""
    from openpyxl import Workbook

    from iku_excel.form.template import base_font

    book = Workbook()
    base_font(book)
    painter, marks = Painter(book), Marks()
    book.remove(book.worksheets[0])
    pen = Pen(book.create_sheet(SHEET), painter, marks)
    painter.close()
    pen.sheet_widths(_WIDTHS)
    _lay(pen, simulation, moment, inside)
    pen.fit_rows()
    _print_setup(pen)
    out = io.BytesIO()
    book.save(out)
    return finish(out.getvalue(), (SHEET,), marks)


def _lay(pen: Pen, simulation: Simulation, moment: datetime.datetime, inside: bool) -> None:
    pen.put("A1", TITLE, TITLE_STYLE)
    pen.put("A2", subtitle(simulation), SUBTITLE)
    pen.put("A3", f"Dihitung {moment:%d/%m/%Y} pukul {moment:%H.%M}", SUBTITLE)
    row = 4
    for line in (*_lines(REMARK), *([_ABOUT_RENEWAL] if inside else [])):
        pen.put(f"A{row}", line, NOTE)
        row += 1
    for block in blocks(simulation):
        row += 1
        if block.title:
            pen.put(f"A{row}", block.title, SECTION)
            row += 1
        for item in block.items:
            if isinstance(item, Grid):
                row = _lay_grid(pen, item, row, inside)
                continue
            for line in _lines(item):
                pen.put(f"A{row}", line, replace(BODY, wrap=False))
                row += 1


def _lines(text: str) -> list[str]:
    return textwrap.wrap(text, _SENTENCE)


def _lay_grid(pen: Pen, grid: Grid, row: int, inside: bool) -> int:
    """Write a table; the first free row behind it."""
    for letter, (heading, _) in zip("ABCDEFG", grid.columns, strict=False):
        pen.put(f"{letter}{row}", heading, HEADER)
    for values in grid.rows:
        row += 1
        for letter, (_, kind), value in zip("ABCDEFG", grid.columns, values, strict=False):
            _put(pen, f"{letter}{row}", "teks" if kind == "sel" and not inside else kind, value)
    return row + 2


def _put(pen: Pen, place: str, kind: Kind, value: Value) -> None:
    if value is None:
        pen.put(place, "–", replace(_FIGURE, horizontal="right", ink=MUTED))
    elif isinstance(value, str) and kind == "sel":
        pen.link(place, value, value, _LINK)
    elif isinstance(value, str):
        pen.put(place, value, _TEXT)
    elif kind == "dua":
        pen.put(place, float(value), _FIGURE)
    else:
        shown = points(value)
        whole = shown == shown.to_integral_value()
        code = MONEY if whole else TWO if shown == round(shown, 2) else _FOUR
        pen.put(place, float(shown), replace(_FIGURE, number_format=code))


def _print_setup(pen: Pen) -> None:
    """A4 across the sheet's width, as the other sheets."""
    sheet: Any = pen.sheet
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.45  # inches
    margins.top, margins.bottom, margins.header, margins.footer = 0.5, 0.65, 0.4, 0.4
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.center.text = "Halaman &P dari &N"
    sheet.sheet_properties.tabColor = "7F7F7F"
