"""Lays out input tables: header, rows, Excel table, drop-down lists and limits; and the register sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from iku_excel.form.fields import Field, Kind, Setting, Table
from iku_excel.form.layout import COMPLAINTS, PEMERIKSAAN, PETUNJUK, QUESTIONS
from iku_excel.form.template.content import Pen, Row
from iku_excel.form.template.styles import HEADER, LINKED, NOTE, ORANGE, TITLE, column_style, input_style

if TYPE_CHECKING:
    from openpyxl.worksheet.datavalidation import DataValidation

ROOM = 1000
"""Limits and lists reach so many rows below a table, for the rows that staff will add."""

FIRST_DAY, LAST_DAY = 32874, 73415
"""Dates that may be typed: 1 January 1990 to 31 December 2100, as Excel counts days."""

NIP_LENGTH = 18


def lay_table(
    pen: Pen,
    table: Table,
    rows: Sequence[Row] | None,
    below: Sequence[Row] = (),
    lists: Mapping[str, str] | None = None,
) -> int:
    """Write a table where the template puts it; returns its last row.

    ``rows`` None: the template's blank rows; a table always has at least one row. ``lists``: heading → words
    that are offered but not enforced.
    """
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table as ExcelTable
    from openpyxl.worksheet.table import TableStyleInfo

    count = max(1, table.blank_rows if rows is None else len(rows))
    filled: Sequence[Row] = rows or ()
    last = table.row + count
    for at, field in enumerate(table.fields, table.column):
        letter = get_column_letter(at)
        style = input_style(field)
        pen.put(f"{letter}{table.row}", field.heading, HEADER)
        for n in range(count):
            value = filled[n].get(field.heading) if n < len(filled) else None
            pen.put(f"{letter}{table.row + 1 + n}", value, style)
        for n, row in enumerate(below, last + 1):
            if row.get(field.heading) is not None:
                pen.put(f"{letter}{n}", row[field.heading], column_style(field))
        area = f"{letter}{table.row + 1}:{letter}{last + ROOM}"
        if field.kind is Kind.CODE:
            pen.marks.number_like.setdefault(table.sheet, []).append(area)
        offered = (lists or {}).get(field.heading)
        if (rule := _offer(offered, field.prompt) if offered else limit(field)) is not None:
            rule.add(area)
            pen.sheet.add_data_validation(rule)
    first, end = get_column_letter(table.column), get_column_letter(table.column + len(table.fields) - 1)
    excel = ExcelTable(displayName=table.name, name=table.name, ref=f"{first}{table.row}:{end}{last}")
    excel.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    pen.sheet.add_table(excel)
    return last


def lay_register(pen: Pen, table: Table, rows: Sequence[Row] | None, below: Sequence[Row], channels: str) -> int:
    """A register's own sheet: title, hint, way back, and its table; returns the table's last row."""
    from openpyxl.utils import get_column_letter

    widths = {}
    for at, field in enumerate(table.fields, table.column):
        letter = get_column_letter(at)
        widths[letter] = float(field.width)
        pen.painter.paint(pen.sheet.column_dimensions[letter], column_style(field))
    pen.sheet_widths(widths)
    pen.put("A1", table.title, TITLE)
    pen.put("A2", table.hint, NOTE)
    pen.link("A3", f"← {PETUNJUK}", f"{PETUNJUK}!A1", LINKED)
    pen.link("C3", f"← {PEMERIKSAAN}", f"{PEMERIKSAAN}!A1", LINKED)
    last = lay_table(pen, table, rows, below, {"Kanal": channels} if table is COMPLAINTS else None)
    pen.sheet.freeze_panes = f"{'B' if table.fields[0].kind is Kind.CODE else 'A'}{table.row + 1}"
    if table is QUESTIONS:
        _mark_high_scores(pen, table)
    return last


def _mark_high_scores(pen: Pen, table: Table) -> None:
    """A score above its maximum stands out while it is being typed."""
    from openpyxl.utils import get_column_letter

    at = {h: get_column_letter(table.column + n) for n, h in enumerate(table.headings)}
    score, top, row = at["Skor"], at["Skor Maks"], table.row + 1
    test = f"AND(ISNUMBER({score}{row}),ISNUMBER({top}{row}),{score}{row}>{top}{row})"
    pen.highlight(f"{score}{row}:{score}{row + ROOM}", test, ORANGE)


def limit(field: Field | Setting) -> DataValidation | None:
    """The limit on what may be typed into a cell of this column or setting; None for free text."""
    from openpyxl.worksheet.datavalidation import DataValidation

    name = field.heading if isinstance(field, Field) else field.label
    hint = field.prompt if isinstance(field, Field) else field.note
    rule: Any
    if field.kind is Kind.CHOICE:
        words = ", ".join(field.choices) if len(field.choices) <= 6 else f"{field.choices[0]} … {field.choices[-1]}"
        rule = DataValidation(type="list", formula1=f'"{",".join(field.choices)}"')
        hint = hint or f"Pilih: {words}."
        error = f"Pilih salah satu dari daftar: {words}."
    elif field.kind is Kind.DATE:
        rule = DataValidation(type="date", operator="between", formula1=str(FIRST_DAY), formula2=str(LAST_DAY))
        hint = hint or "Tanggal, misalnya 12/11/2025."
        error = "Isi dengan tanggal, misalnya 12/11/2025 (hari/bulan/tahun)."
    elif field.kind is Kind.NUMBER:
        low, high = field.minimum, field.maximum
        if low is None:
            return None
        if high is None:
            rule = DataValidation(type="decimal", operator="greaterThanOrEqual", formula1=f"{low:g}")
            error = f"Isi dengan angka, paling kecil {low:g}."
        else:
            rule = DataValidation(type="decimal", operator="between", formula1=f"{low:g}", formula2=f"{high:g}")
            error = f"Isi dengan angka dari {low:g} sampai {high:g}."
        hint = hint or error
    elif name.startswith("NIP"):
        rule = DataValidation(type="textLength", operator="equal", formula1=str(NIP_LENGTH))
        rule.errorStyle = "warning"
        hint = hint or "18 angka tanpa spasi."
        error = "NIP terdiri atas 18 angka tanpa spasi. Tetap pakai isian ini?"
    elif hint and isinstance(field, Field):
        rule = DataValidation()
        error = ""
    else:
        return None
    return _worded(rule, name, hint, error)


def _offer(words: str, hint: str) -> DataValidation:
    """A drop-down list that leaves other words free."""
    from openpyxl.worksheet.datavalidation import DataValidation

    return _worded(DataValidation(type="list", formula1=f'"{words}"'), "Kanal", hint, "")


def _worded(rule: DataValidation, name: str, hint: str, error: str) -> DataValidation:
    """Prompt and error text; Excel takes 32 letters of title and 255 of text."""
    rule.allow_blank = True
    rule.showInputMessage = True
    rule.promptTitle = name[:32]
    rule.prompt = hint[:255]
    if error:
        rule.showErrorMessage = True
        rule.errorTitle = "Isian belum sesuai"
        rule.error = error[:225]
    return rule
