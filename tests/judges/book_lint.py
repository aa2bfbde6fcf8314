"""The lint of formulas over a whole workbook: cells, validations, conditional formats and names."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Literal as OneOf

from .book import Book
from .expression import FormulaError, parse
from .formula_lint import lint, lint_names
from .shape import wide


def lint_book(
    source: Path | str | bytes, *, trusted: Collection[str] = (), allowed: Collection[str] = ()
) -> dict[str, list[str]]:
    """The faults of every formula of a workbook by place ("NSPK!B5", "Dokumen validation C2:C9", "names").

    Tables, names and sheets are the workbook's own. ``allowed``: sheets left out (the staff's own formulas).
    """
    book = Book(source)
    root = book.tree(book.workbook)
    defined = {e.get("name", ""): e.text or "" for e in root.iterfind("{*}definedNames/{*}definedName")}
    ours = [name for name in defined if not name.startswith("_xlnm.")]
    tables = {
        table.get("displayName", ""): [c.get("name", "") for c in table.iterfind("{*}tableColumns/{*}tableColumn")]
        for _, _, table in book.tables
    }
    sheets = [name for name, _, _ in book.sheets]
    ranges = [name for name in ours if _is_range(defined[name])]
    faults = {"names": lint_names(ours)}

    def judge(at: str, sheet: str, text: str, array: bool, place: OneOf["cell", "rule"]) -> None:
        faults.setdefault(at, []).extend(
            lint(
                text,
                array,
                tables=tables,
                names=ours,
                sheets=sheets,
                ranges=ranges,
                trusted=trusted,
                place=place,
                sheet=sheet,
            )
        )

    for sheet, _, element in book.worksheets:
        if sheet in allowed:
            continue
        for cell in element.iterfind("{*}sheetData/{*}row/{*}c"):
            formula = cell.find("{*}f")
            if formula is not None and formula.text:
                judge(f"{sheet}!{cell.get('r')}", sheet, formula.text, formula.get("t") == "array", "cell")
        for rule in element.iterfind("{*}dataValidations/{*}dataValidation"):
            for text in (rule.findtext("{*}formula1"), rule.findtext("{*}formula2")):
                if text and not (rule.get("type") == "list" and (text.startswith('"') or text in ranges)):
                    judge(f"{sheet} validation {rule.get('sqref')}", sheet, text, True, "rule")
        for block in element.iterfind("{*}conditionalFormatting"):
            for formula in block.iterfind("{*}cfRule/{*}formula"):
                judge(f"{sheet} format {block.get('sqref')}", sheet, formula.text or "", True, "rule")
    return {at: found for at, found in faults.items() if found}


def _is_range(text: str) -> bool:
    try:
        return wide(parse(text))
    except FormulaError:
        return False
