"""The recap as a workbook: a new file, built with openpyxl but for the rows of its tables. Values only.

It has no ``IKU_Versi_Templat``, so that `isi` and `rekap` over its folder pass it over, and a name of its own, by
which it is known when it is to be replaced.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from iku_excel.form.template import A4, base_font
from iku_excel.form.template.content import TITLE_LINE, Marks, Pen, height_of
from iku_excel.form.template.finish import finish
from iku_excel.form.template.styles import HEADER, NOTE, TITLE, Painter, Style
from iku_excel.products import Kind
from iku_excel.recap import front
from iku_excel.recap.columns import Value
from iku_excel.recap.pages import FIRST_ROW, HEADER_ROW, Column, Page, pages
from iku_excel.recap.roll import Roll
from iku_excel.recap.rowxml import INDENT, row_xml
from iku_excel.xlsx.grid import letters

MARK = "IKU_Rekap"
"""The defined name that every recap has."""

LOW, MIDDLE, HIGH = "F4B183", "FFFFFF", "9DC3E6"
"""Orange, white, blue: told apart by everyone, and dark text is legible on each."""
BOUNDS = (50, 75, 100)

_NARROWEST = 6
_HEADER_LINES = 2


def build_recap(whole: Roll) -> bytes:
    """The recap's bytes; the same records give the same bytes."""
    from openpyxl import Workbook
    from openpyxl.workbook.defined_name import DefinedName

    book = Workbook()
    base_font(book)
    painter, marks = Painter(book), Marks()
    book.remove(book.worksheets[0])
    found = pages(whole)
    pens = {name: Pen(book.create_sheet(name), painter, marks) for name in (front.SHEET, *(p.sheet for p in found))}
    painter.close()
    front.lay_front(pens[front.SHEET], whole)
    pens[front.SHEET].fit_rows()
    _print_setup(pens[front.SHEET].sheet, one_page=True)
    for page in found:
        _lay(pens[page.sheet], page)
    book.defined_names[MARK] = DefinedName(MARK, attr_text=f"{front.SHEET}!$A$1")
    out = io.BytesIO()
    book.save(out)
    return finish(out.getvalue(), tuple(pens), marks)


def is_recap(content: bytes) -> bool:
    """Whether these bytes are a recap, ours or one that Excel saved again."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return f'name="{MARK}"'.encode() in package.read("xl/workbook.xml")
    except (zipfile.BadZipFile, KeyError, ValueError, OSError):
        return False


RECAP = Kind("rekap", ".xlsx", is_recap)


def _lay(pen: Pen, page: Page) -> None:
    """Write one sheet: title, notes, the table, and what makes it easy to read and print."""
    sheet: Any = pen.sheet
    widths = [_width(column, at, page.rows) for at, column in enumerate(page.columns)]
    pen.sheet_widths({letters(at): width for at, width in enumerate(widths, 1)})
    pen.put("A1", page.title, TITLE)
    sheet.row_dimensions[1].height = TITLE_LINE
    for row, note in enumerate(page.notes, 2):
        pen.put(f"A{row}", note, NOTE)
    for at, column in enumerate(page.columns, 1):
        pen.put(f"{letters(at)}{HEADER_ROW}", column.heading, HEADER)
    sheet.row_dimensions[HEADER_ROW].height = height_of(_HEADER_LINES)
    pen.marks.rows[page.sheet] = row_xml(page, widths, _style_numbers(pen))
    last = HEADER_ROW + max(1, len(page.rows))
    _make_table(sheet, page, last)
    _colour(sheet, page, last)
    sheet.freeze_panes = f"{letters(page.frozen + 1)}{FIRST_ROW}"
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    _print_setup(sheet)


def _style_numbers(pen: Pen) -> Callable[[Style], int]:
    """The place of a look among the formats of the workbook, which takes it up when it is asked for first."""
    from openpyxl.cell import Cell

    scratch: Any = Cell(pen.sheet, 1, 1)

    @cache
    def number(style: Style) -> int:
        pen.painter.paint(scratch, style)
        return int(scratch.style_id)

    return number


def _width(column: Column, at: int, rows: Sequence[tuple[Value, ...]]) -> float:
    """As wide as its longest text, at most as the column allows; figures always take their width."""
    if column.look != "teks":
        return column.width
    longest = max((len(text) for row in rows if type(text := row[at]) is str), default=0)
    return max(_NARROWEST, min(column.width, max(longest + INDENT + 2, len(column.heading) + 4)))


def _make_table(sheet: Any, page: Page, last: int) -> None:
    from openpyxl.worksheet.filters import AutoFilter
    from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

    area = f"A{HEADER_ROW}:{letters(len(page.columns))}{last}"
    table: Any = Table(displayName=page.table, name=page.table, ref=area, autoFilter=AutoFilter(ref=area))
    # Left to itself, openpyxl makes a cell for every place of the table to read these.
    table.tableColumns = [TableColumn(id=at, name=column.heading) for at, column in enumerate(page.columns, 1)]
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    sheet.add_table(table)


def _colour(sheet: Any, page: Page, last: int) -> None:
    from openpyxl.formatting import rule as rules

    scale: Any = rules.ColorScaleRule  # its types are missing from the stubs

    low, middle, high = BOUNDS
    for at, column in enumerate(page.columns, 1):
        if column.scaled:
            rule = scale(
                start_type="num", start_value=low, start_color=f"FF{LOW}",
                mid_type="num", mid_value=middle, mid_color=f"FF{MIDDLE}",
                end_type="num", end_value=high, end_color=f"FF{HIGH}",
            )  # fmt: skip
            sheet.conditional_formatting.add(f"{letters(at)}{FIRST_ROW}:{letters(at)}{last}", rule)


def _print_setup(sheet: Any, *, one_page: bool = False) -> None:
    """A4 on its side across the sheet's width, or the whole sheet on one upright page; F4 works as well."""
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.paperSize = A4
    sheet.page_setup.orientation = "portrait" if one_page else "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(one_page)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.45  # inches
    margins.top, margins.bottom, margins.header, margins.footer = 0.5, 0.65, 0.4, 0.4
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.center.text = "Halaman &P dari &N"
    sheet.oddFooter.right.text = "Dicetak &D"
