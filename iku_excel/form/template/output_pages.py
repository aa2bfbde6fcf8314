"""Lays out the output sheets from their map: labels, live formulas, looks, names, protection and print."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iku_excel.form.layout import PEMERIKSAAN, RINGKASAN, RIWAYAT
from iku_excel.form.outputs import SEAL
from iku_excel.form.sheetmap import OutputCell, Places, SheetMap
from iku_excel.form.summary_sheet import ROWS, last_target_heading
from iku_excel.form.template.content import LINE_HEIGHT, ONE_LINE, Pen
from iku_excel.form.template.styles import (
    BLUE,
    DOUBTFUL,
    GENERAL,
    GRAVE,
    LINKED,
    LOOKS,
    MOMENT,
    MUTED,
    PLAIN,
    TWO,
    Style,
)
from iku_excel.form.workings import FINDINGS_END, RANKS
from iku_excel.xlsx import grid

if TYPE_CHECKING:
    from openpyxl import Workbook

_FINDING = Style(wrap=True)
FINDING_STYLES = {
    **dict.fromkeys("ABCDEFGI", _FINDING),
    "A": replace(_FINDING, horizontal="center", wrap=False),
    "B": replace(_FINDING, horizontal="center", wrap=False),
    "H": replace(LINKED, wrap=True),
}
"""Default styles of Pemeriksaan's columns: the rows that filling adds take them."""

HISTORY_STYLES = {
    "A": Style(number_format=MOMENT, horizontal="left"),
    **dict.fromkeys("BC", Style(number_format=GENERAL, horizontal="center")),
    **dict.fromkeys("DEF", Style(number_format=TWO)),
    "G": Style(wrap=True, horizontal="left", indent=1),
}
"""Default styles of Riwayat's columns."""

_SEAL = Style(ink=MUTED, horizontal="left")

TABLE_LINES = 3
"""Lines that Ringkasan's table offers for an indicator; longer texts make its row grow."""

FINDING_HEIGHT = ONE_LINE + LINE_HEIGHT
"""Height of Pemeriksaan's rows, for two lines: no program fits the rows that filling adds."""

GROWING = (PEMERIKSAAN, RIWAYAT)
"""Sheets to which filling adds rows: a fixed print area would cut them off."""


def lay_output(book: Workbook, pen: Pen, page: SheetMap, places: Places) -> None:
    """Write one output sheet and the defined names of its figures."""
    from openpyxl.workbook.defined_name import DefinedName

    sheet = pen.sheet
    columns = {PEMERIKSAAN: FINDING_STYLES, RIWAYAT: HISTORY_STYLES}.get(page.sheet, {})
    for letter, style in columns.items():
        pen.painter.paint(sheet.column_dimensions[letter], style)
    pen.sheet_widths(page.widths)
    for label in page.labels:
        pen.put(label.cell, label.text, LOOKS[label.look])
    _join_heads(pen, page)
    for cell in page.cells:
        _lay_cell(pen, cell, places)
    for at, height in page.heights.items():
        sheet.row_dimensions[at].height = height
    _close_totals(pen, page)
    for name, place in page.names.items():
        column, row = place.rstrip("0123456789"), place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        book.defined_names[name] = DefinedName(name, attr_text=f"{page.sheet}!${column}${row}")
    sheet.freeze_panes = page.freeze
    sheet.sheet_view.showGridLines = False
    if page.sheet not in GROWING:
        sheet.print_area = page.print_area
    if page.sheet == RIWAYAT:
        pen.put(SEAL, None, _SEAL)
    if page.sheet == PEMERIKSAAN:
        sheet.sheet_format.defaultRowHeight = FINDING_HEIGHT
        sheet.sheet_format.customHeight = True
        for above in range(2, page.header_row + 1):
            sheet.row_dimensions[above].height = ONE_LINE
        sheet.auto_filter.ref = f"A{page.header_row}:I{FINDINGS_END}"
        _colour(pen, f"B{page.header_row + 1}:B{FINDINGS_END}", {"kesalahan": True, "peringatan": False})
    if page.sheet == RINGKASAN:
        words = {"ada kesalahan data": True, "bobot tidak 100": True, "belum lengkap": False}
        _colour(pen, "P6:P8", words)
        _predicates(pen)
        pen.lines.update(dict.fromkeys(ROWS.values(), TABLE_LINES))
    _protect(pen)


def _predicates(pen: Pen) -> None:
    """Each predicate as word, symbol and colour. The symbol is the cell's format, so that its value stays the word."""
    for row, rank in zip(ROWS.values(), RANKS.values(), strict=True):
        for number, test, symbol, style in (
            (190, f"{rank}<0.5", "▲", DOUBTFUL), (191, f"{rank}=0.5", "◆", PLAIN), (192, f"{rank}>0.5", "▼", GRAVE),
        ):  # fmt: skip
            formula = f"AND(ISNUMBER({rank}),{test})"
            pen.highlight(f"L{row}", formula, style.ink, style.fill, (number, f'"{symbol} "@'))


def _join_heads(pen: Pen, page: SheetMap) -> None:
    """One heading over several columns: no lines between its cells, as none are merged."""
    heads = {grid.place(label.cell): label.text for label in page.labels if label.look == "kepala"}
    empty = {at for at, text in heads.items() if text == ""}
    for row, column in empty | {(row, column - 1) for row, column in empty if (row, column - 1) in heads}:
        cell = pen.sheet.cell(row, column)
        cell.value = cell.value or None  # an empty text would end the heading
        pen.painter.paint(cell, replace(LOOKS["kepala"], line=BLUE, horizontal="centerContinuous"))


def _close_totals(pen: Pen, page: SheetMap) -> None:
    """Borders around the empty cells of a row of totals."""
    heads = [label.cell for label in page.labels if label.look == "kepala"]
    columns = {cell[0] for cell in heads if cell[1:] == str(page.header_row)}
    rows = {label.cell[1:] for label in page.labels if label.text == "Jumlah" and label.look == "kepala"}
    filled = {cell.cell for cell in page.cells} | set(heads)
    for place in sorted({f"{column}{row}" for column in columns for row in rows} - filled):
        pen.put(place, None, LOOKS["teks"])


def _lay_cell(pen: Pen, cell: OutputCell, places: Places) -> None:
    from openpyxl.worksheet.formula import ArrayFormula

    style = LOOKS[cell.look]
    if cell.formula is None:
        text = last_target_heading(places.last_target_year) if cell.key == "kepala.terhadap-target" else None
        pen.put(cell.cell, text, style)
        return
    target = pen.put(cell.cell, None, style)
    target.value = ArrayFormula(cell.cell, f"={cell.formula}") if cell.array else f"={cell.formula}"


def _colour(pen: Pen, area: str, words: dict[str, bool]) -> None:
    """Words in bold on a fill: orange where something must be mended, blue where it should be looked at."""
    first = area.partition(":")[0]
    for word, grave in words.items():
        style = GRAVE if grave else DOUBTFUL
        pen.highlight(area, f'${first[0]}{first[1:]}="{word}"', style.ink, style.fill)


def _protect(pen: Pen) -> None:
    """Formulas locked without a password; objects, widths, filter and formats stay free (False = allowed)."""
    protection = pen.sheet.protection
    protection.sheet = True
    for free in ("formatCells", "formatColumns", "formatRows", "autoFilter", "sort", "insertHyperlinks", "objects"):
        setattr(protection, free, False)
