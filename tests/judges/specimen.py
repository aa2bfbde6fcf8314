"""A small workbook with one of each thing that the structural checks look at, and a way to break it."""

from __future__ import annotations

import io
import zipfile
from functools import cache


@cache
def specimen() -> bytes:
    """Two sheets, two tables, merges, rules, a note, a link, a chart, names and an array formula."""
    from openpyxl import Workbook
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment
    from openpyxl.formatting.rule import CellIsRule
    from openpyxl.styles import PatternFill
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.formula import ArrayFormula
    from openpyxl.worksheet.table import Table

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "Data"
    for row in (("Kode", "Nilai", None, "Kode", "Jumlah"), ("a", 1, None, "x", 5), ("b", 2)):
        sheet.append(row)
    sheet.add_table(Table(displayName="tblData", ref="A1:B3"))
    sheet.add_table(Table(displayName="tblLain", ref="D1:E2"))
    sheet.merge_cells("G1:H1")
    sheet.merge_cells("G3:H3")
    sheet["A10"] = "=SUM(B2:B3)"
    sheet["A11"] = ArrayFormula("A11", "=SUM((B2:B3>1)*1)")
    choice = DataValidation(type="list", formula1='"Ya,Tidak"', prompt="Pilih", promptTitle="Isian")
    choice.add("C2:C9")
    sheet.add_data_validation(choice)
    fill = PatternFill(bgColor="FFC7CE")
    sheet.conditional_formatting.add("B2:B3", CellIsRule(operator="greaterThan", formula=["1"], fill=fill))
    sheet.conditional_formatting.add("E2", CellIsRule(operator="lessThan", formula=["9"], fill=fill))
    sheet["J1"].comment = Comment("catatan", "Penguji")
    sheet["J2"].hyperlink = "https://example.org/"
    sheet["A1"].number_format = "0.0000"
    book.defined_names["Angka"] = DefinedName("Angka", attr_text="Data!$B$2")
    book.defined_names["Huruf"] = DefinedName("Huruf", attr_text="Data!$A$2")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=3), titles_from_data=True)
    chart.x_axis.delete = chart.y_axis.delete = False
    sheet.add_chart(chart, "L1")
    book.create_sheet("Lain")["A1"] = "=Data!B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(source: bytes, part: str, old: str, new: str) -> bytes:
    """The workbook with one text in one part replaced, once; AssertionError when it isn't there."""
    parts = members(source)
    text = parts[part].decode("utf-8")
    assert old in text, f"{part} does not hold {old}"
    parts[part] = text.replace(old, new, 1).encode("utf-8")
    return packed(parts)


def members(source: bytes) -> dict[str, bytes]:
    """Every member of a workbook by name."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """A workbook of these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()
