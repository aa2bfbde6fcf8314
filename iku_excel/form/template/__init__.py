"""Builds a new workbook: all sheets, tables, names, formulas and looks, from the map (DOMAIN §7, DESIGN §3).

The bytes depend on year and content alone, never on the clock. The figures have formulas but no values yet:
``fill`` puts them in, always, before a workbook leaves our hands.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from iku_excel.form.charts import charts
from iku_excel.form.fields import Table
from iku_excel.form.layout import (
    DOCUMENTS,
    FORMULIR,
    INPUT_SHEETS,
    OUTPUT_SHEETS,
    PEMERIKSAAN,
    PENGATURAN,
    PETUNJUK,
    REGISTERS,
    RINGKASAN,
    SHEETS,
    TARGET,
    TARGET_YEAR,
    target_table,
    target_years,
)
from iku_excel.form.outputs import output_sheets
from iku_excel.form.settings import TABLES
from iku_excel.form.sheetmap import Places
from iku_excel.form.summary_sheet import CHART_PLACES
from iku_excel.form.template.chart_pages import lay_charts
from iku_excel.form.template.content import Content, Formula, Marks, Pen, Row
from iku_excel.form.template.finish import finish
from iku_excel.form.template.guide import lay_guide
from iku_excel.form.template.official_page import lay_official, print_official
from iku_excel.form.template.output_pages import lay_output
from iku_excel.form.template.register_sheets import lay_register
from iku_excel.form.template.settings_page import LEGAL_BASES, default_settings, lay_settings
from iku_excel.form.template.styles import BLUE, FONT, Painter
from iku_excel.rules.loader import Rules, rules_for

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["Content", "Formula", "build", "document_rows", "target_rows"]

A4 = 9
CALC_ID = 191029
"""Excel 2019's calculation engine: a lower number makes Excel recompute on opening and ask to save on closing."""


def build(year: int, content: Content) -> bytes:
    """The .xlsx of a new workbook for ``year``, ready to be filled. ValueError for an unknown table or setting."""
    from openpyxl import Workbook

    rules = rules_for(year)
    years = content.years or target_years(year)
    target = target_table(years)
    if unknown := (content.tables.keys() | content.below.keys()) - TABLES.keys() - {LEGAL_BASES.name}:
        raise ValueError(f"unknown table: {min(unknown)}")
    settings = default_settings(rules, content)
    book = Workbook()
    base_font(book)
    painter, marks = Painter(book), Marks()
    book.remove(book.worksheets[0])
    pens = {name: Pen(book.create_sheet(name), painter, marks) for name in SHEETS}
    painter.close()

    lay_guide(pens[PETUNJUK], year)
    lay_settings(book, pens[PENGATURAN], rules, settings, content)
    own = settings["Perangkat_Daerah"] == rules.agency
    rows: dict[str, Sequence[Row]] = {target.name: target_rows(rules, own), DOCUMENTS.name: document_rows(rules)}
    rows |= dict(content.tables)
    last_rows = {
        table.name: lay_register(
            pens[table.sheet],
            table,
            rows.get(table.name),
            content.below.get(table.name, ()),
            ",".join(rules.channels),
        )
        for table in (target, *REGISTERS)
    }
    places = target_places(target, last_rows[target.name])
    pages = output_sheets(rules, places)
    for page in pages:
        lay_output(book, pens[page.sheet], page, places)
    lay_charts(pens[RINGKASAN], charts(pages, CHART_PLACES))
    lay_official(pens[FORMULIR], rows[target.name])
    for number, name in enumerate(SHEETS, 1):
        pens[name].fit_rows()
        _print_setup(pens[name].sheet, name)
        pens[name].sheet.sheet_properties.codeName = f"Sheet{number}"
    print_official(pens[FORMULIR].sheet)
    _workbook_properties(book)
    out = io.BytesIO()
    book.save(out)
    return finish(out.getvalue(), SHEETS, marks)


def target_rows(rules: Rules, own: bool = True) -> list[Row]:
    """The three rows of tblTarget as the year's rules word them. ``own``: whether the unit is the source
    document's own agency, whose data sources are named in it."""
    return [
        {
            "Kode IKU": i.code,
            "Sasaran": i.sasaran,
            "IKU": i.iku,
            "Satuan": i.satuan,
            "Formulasi": i.explained,
            "Sumber Data": i.sumber_data if own else None,
            "Berlaku": "Ya",
        }
        for i in rules.indicators
    ]


def document_rows(rules: Rules) -> list[Row]:
    """The year's register of documents with their deadlines (editable; see the status of "register")."""
    status = rules.source_of("register").status
    return [
        {
            "Nama Dokumen": d.nama,
            "Jenis": d.jenis,
            "Tahun": rules.year,
            "Dasar Hukum": d.dasar_hukum or None,
            "Batas Waktu": datetime.date(rules.year + d.selisih_tahun, d.bulan, d.hari),
            "Keterangan": None if status == "terverifikasi" else f"Batas waktu {status}.",
        }
        for d in rules.documents
    ]


def target_places(target: Table, last_row: int) -> Places:
    """Where the formulas' plain ranges over tblTarget lie in a new workbook."""
    from openpyxl.utils import get_column_letter

    end = get_column_letter(target.column + len(target.fields) - 1)
    first = get_column_letter(target.column)
    years = [int(h[-4:]) for h in target.headings if h.startswith(TARGET_YEAR) and h[-4:].isdigit()]
    return Places(
        target_headings=f"{TARGET}!${first}${target.row}:${end}${target.row}",
        target_rows=f"{TARGET}!${first}${target.row + 1}:${end}${last_row}",
        last_target_year=max(years, default=None),
    )


def base_font(book: Workbook) -> None:
    """The workbook's standard font; column widths are measured in its digits."""
    from openpyxl.styles import Font
    from openpyxl.utils.indexed_list import IndexedList

    font = Font(name=FONT, size=10, family=2)
    inner: Any = book
    inner._fonts = IndexedList([font])
    inner._named_styles["Normal"].font = font


def _print_setup(sheet: Any, name: str) -> None:
    """A4 across the sheet's width, every margin at least 1 cm, header rows on each page. F4 works as well."""
    setup = sheet.page_setup
    setup.paperSize = A4
    setup.orientation = "portrait" if name == PETUNJUK else "landscape"
    setup.fitToWidth = 2 if name == TARGET else 1  # 19 wide columns: illegible on one page
    setup.fitToHeight = 1 if name == RINGKASAN else 0  # the signature is never alone
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    margins = sheet.page_margins
    margins.left = margins.right = 0.45  # inches
    margins.top, margins.bottom, margins.header, margins.footer = 0.5, 0.65, 0.4, 0.4
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.left.text = "&A"
    sheet.oddFooter.center.text = "Halaman &P dari &N"
    header = 5 if name == PEMERIKSAAN else 4
    if name in INPUT_SHEETS[1:] or (name in OUTPUT_SHEETS and name != RINGKASAN):
        sheet.print_title_rows = f"{header}:{header}"
    if name == TARGET:
        sheet.print_title_cols = "A:A"
    sheet.sheet_properties.tabColor = BLUE if name in OUTPUT_SHEETS else "C55A11" if name in INPUT_SHEETS else "7F7F7F"
    if name in INPUT_SHEETS:
        sheet.sheet_view.showGridLines = name != PENGATURAN


def _workbook_properties(book: Workbook) -> None:
    """No forced recalculation, and the guide in front."""
    from openpyxl.workbook.properties import CalcProperties

    book.calculation = CalcProperties(calcId=CALC_ID, fullCalcOnLoad=None)
    book.code_name = "ThisWorkbook"
    book.active = 0
