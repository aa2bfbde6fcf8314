"""Formulas moved as Excel moves them when they are filled down or across, and plain ranges that grow.

Only references are touched: texts, sheet names, functions, numbers and structured references stay as spelled.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from iku_excel.xlsx.grid import MAX_COLUMN, MAX_ROW, Area, area, letters, place

OFF_SHEET = "#REF!"
"""What a reference becomes that would leave the sheet."""

_TOKEN = re.compile(
    r"\"(?:[^\"]|\"\")*\""  # a text
    r"|'(?:[^']|'')*'"  # a sheet's name in quotes
    r"|\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]"  # a structured reference, another workbook
    r"|(?P<rows>(?<![\w.$])\$?\d{1,7}:\$?\d{1,7}(?![\w.(]))"
    r"|(?P<columns>(?<![\w.$])\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w.$(!]))"
    r"|(?P<word>[$\w.\\?]+)(?![\w.$\\?(!\[])"
    r"|[$\w.\\?]+"  # a function, a sheet's name, a table's
)
_CELL = re.compile(r"(\$?)([A-Za-z]{1,3})(\$?)([1-9]\d{0,6})")
_PLAIN_RANGE = re.compile(
    r"\"(?:[^\"]|\"\")*\""
    r"|((?:'(?:[^']|'')+'|[^\W\d][\w.]*)!)(\$[A-Z]{1,3}\$\d{1,7}:\$[A-Z]{1,3}\$)(\d{1,7})(?![\w.:(])"
)


def moved(formula: str, rows: int, columns: int = 0) -> str:
    """The formula as it stands so many rows further down and columns further right; ``$`` holds a part fast."""
    if not rows and not columns:
        return formula

    def shifted(found: re.Match[str]) -> str:
        if found["rows"]:
            return ":".join(_number(part, rows) for part in found[0].split(":"))
        if found["columns"]:
            return ":".join(_letters(part, columns) for part in found[0].split(":"))
        cell = _CELL.fullmatch(found["word"]) if found["word"] else None
        return found[0] if cell is None or not _on_sheet(cell[2], cell[4]) else _cell(cell, rows, columns)

    return _TOKEN.sub(shifted, formula)


def _on_sheet(column: str, row: str) -> bool:
    try:
        place(column + row)
    except ValueError:
        return False
    return True


def _cell(found: re.Match[str], rows: int, columns: int) -> str:
    column, row = _letters(found[1] + found[2], columns), _number(found[3] + found[4], rows)
    return OFF_SHEET if OFF_SHEET in (column, row) else column + row


def _number(text: str, rows: int) -> str:
    if text.startswith("$"):
        return text
    number = int(text) + rows
    return str(number) if 1 <= number <= MAX_ROW else OFF_SHEET


def _letters(text: str, columns: int) -> str:
    if text.startswith("$") or not columns:
        return text
    number = place(text + "1")[1] + columns
    return letters(number) if 1 <= number <= MAX_COLUMN else OFF_SHEET


def stretched(formula: str, sheet: str, new_bottom: Callable[[Area], int | None]) -> str:
    """The formula with the last row of its absolute ranges on ``sheet`` (``Data!$A$5:$A$14``) set anew.

    ``new_bottom`` says for a range where it is to end, None for one that stays.
    """

    def changed(found: re.Match[str]) -> str:
        if found[1] is None or _sheet_name(found[1]).casefold() != sheet.casefold():
            return found[0]
        try:
            covered = area(found[2] + found[3])
        except ValueError:
            return found[0]
        bottom = new_bottom(covered)
        return found[0] if bottom is None else f"{found[1]}{found[2]}{bottom}"

    return _PLAIN_RANGE.sub(changed, formula)


def _sheet_name(spelled: str) -> str:
    name = spelled[:-1]
    return name[1:-1].replace("''", "'") if name.startswith("'") else name
