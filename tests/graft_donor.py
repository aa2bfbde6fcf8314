"""A workbook built with openpyxl whose sheet is taken into others: looks, a rule, a chart, a link, names."""

from __future__ import annotations

import io

from openpyxl import Workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Border, Font, PatternFill, Side

SHEET = "Lembar CONTOH"
VALUES = (10.5, 21.0, 31.5, 42.0, 52.5)


def donor() -> bytes:
    """The donor's file."""
    book = Workbook()
    book.active.title = "Lain"
    sheet = book.create_sheet(SHEET)
    sheet["A1"] = "Judul"
    sheet["A1"].font = Font(name="Arial", bold=True, size=14, color="FF1F4E79")
    sheet["A2"] = "=1+1 hanya teks"
    sheet["A2"].data_type = "s"
    for row, value in enumerate(VALUES, 3):
        sheet.cell(row, 1, f"Unsur {row - 2}")
        cell = sheet.cell(row, 2, value)
        cell.number_format = '0.000" poin"'
        cell.fill = PatternFill("solid", fgColor="FFDEEAF6")
        cell.border = Border(left=Side(style="thin", color="FFBFBFBF"))
    sheet["B9"] = "=SUM(B3:B7)"
    sheet["A10"] = "tautan"
    sheet["A10"].hyperlink = "https://example.org/"
    rule = CellIsRule(operator="greaterThan", formula=["30"], font=Font(bold=True, color="FF8A3B00"))
    sheet.conditional_formatting.add("B3:B7", rule)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=3, max_row=7))
    chart.set_categories(Reference(sheet, min_col=1, min_row=3, max_row=7))
    sheet.add_chart(chart, "D3")
    sheet.print_area, sheet.print_title_rows, sheet.freeze_panes = "A1:B10", "1:1", "A3"
    sheet.column_dimensions["A"].width = 30
    sheet.column_dimensions["B"].width = 16
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
