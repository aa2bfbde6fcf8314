"""What Excel minds about the cells of a worksheet: order, styles, types, formulas, shared strings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from .book import MAX_ROW, Book, Box, box, local, text_of
from .excel_functions import functions_2007, needs_prefix
from .expression import Call, FormulaError, Literal, parse, walk

MAX_STYLES = 64_000
MAX_TEXT = 32_767
MAX_FORMULA = 8_192
MAX_CONSTANT = 255

# fmt: off
ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr",
    "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF",
    "picture", "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)
# fmt: on
"""The elements of a worksheet in their order (ECMA-376 part 1 §18.3.1.99); only conditionalFormatting repeats."""

_LOOK = {"s", "customFormat", "ht", "hidden", "customHeight", "outlineLevel", "collapsed", "thickTop", "thickBot"}
_ATTRIBUTES: dict[str, frozenset[str]] = {
    "row": frozenset({"r", "spans", "ph", *_LOOK}),
    "c": frozenset({"r", "s", "t", "cm", "vm", "ph"}),
    "f": frozenset({"t", "aca", "ref", "dt2D", "dtr", "del1", "del2", "r1", "r2", "ca", "si", "bx"}),
    "v": frozenset(),
    "is": frozenset(),
}
"""Attributes without a namespace that each may have; openxml-audit does not look at these."""

_TYPES = frozenset({"b", "d", "e", "inlineStr", "n", "s", "str"})
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
_NEW_ERRORS = frozenset({"#SPILL!", "#CALC!", "#BLOCKED!", "#FIELD!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#EXTERNAL!"})


def check_sheets(book: Book) -> Iterator[str]:
    """Every worksheet: element order, columns, rows, cells, formulas."""
    styles = book.style_count("cellXfs")
    if styles > MAX_STYLES:
        yield f"{styles} cell styles, Excel takes {MAX_STYLES}"
    for name, _, root in book.worksheets:
        for problem in (*_order(root), *_columns(root, styles), *_cells(root, styles, book)):
            yield f"{name}: {problem}"


def _order(root: Any) -> Iterator[str]:
    last, seen = -1, set()
    for element in root.iterfind("{*}*"):
        name = local(element)
        if name not in ORDER:
            continue
        at = ORDER.index(name)
        if at < last:
            yield f"<{name}> stands after <{ORDER[last]}>"
        if name in seen and name != "conditionalFormatting":
            yield f"<{name}> stands twice"
        seen.add(name)
        last = max(last, at)
    if "sheetData" not in seen:
        yield "<sheetData> is missing"


def _columns(root: Any, styles: int) -> Iterator[str]:
    last = 0
    for element in root.iterfind("{*}cols/{*}col"):
        first, end = int(element.get("min", "0")), int(element.get("max", "0"))
        if not last < first <= end <= 16384:
            yield f"columns {first} to {end} are out of order, overlap or leave the sheet"
        last = max(last, end)
        yield from _style(element.get("style"), styles, f"column {first}")


def _style(index: str | None, styles: int, where: str) -> Iterator[str]:
    if index and not (index.isdigit() and int(index) < max(styles, 1)):
        yield f"{where} has the style {index} of {styles}"


def _cells(root: Any, styles: int, book: Book) -> Iterator[str]:
    row_before = 0
    masters: dict[str, str] = {}
    users: dict[str, str] = {}
    arrays: list[tuple[str, Box]] = []
    macros = book.has_macros
    for row in root.iterfind("{*}sheetData/{*}row"):
        number = int(row.get("r", row_before + 1))
        if not row_before < number <= MAX_ROW:
            yield f"row {number} follows row {row_before}"
        row_before = number
        yield from _attributes(row, f"row {number}")
        yield from _style(row.get("s"), styles, f"row {number}")
        column_before = 0
        for cell in row.iterfind("{*}c"):
            ref = cell.get("r")
            spot = box(ref) if ref is not None else (number, column_before + 1, number, column_before + 1)
            if spot is None or spot[0] != number or ":" in (ref or ""):
                yield f"{ref} stands in row {number}"
                continue
            if spot[1] <= column_before:
                yield f"{ref} stands out of order in row {number}"
            column_before = spot[1]
            where = ref or f"cell {spot[1]} of row {number}"
            yield from _style(cell.get("s"), styles, where)
            for element in (cell, *cell.iterfind("{*}*")):
                yield from _attributes(element, where)
            yield from _content(cell, where, book)
            formula = cell.find("{*}f")
            if formula is not None:
                yield from _formula(formula, where, spot, masters, users, arrays, macros)
    for index, where in users.items():
        if index not in masters:
            yield f"{where}: shared formula {index} has no master"


def _attributes(element: Any, where: str) -> Iterator[str]:
    declared = _ATTRIBUTES.get(local(element))
    if declared is not None:
        for key in set(element.attrib) - declared:
            if not key.startswith("{"):
                yield f"{where}: <{local(element)}> has the attribute {key}, which is not declared"


def _content(cell: Any, where: str, book: Book) -> Iterator[str]:
    kind = cell.get("t", "n")
    children = [local(child) for child in cell.iterfind("{*}*")]
    known = [name for name in children if name in {"f", "v", "is", "extLst"}]
    if len(set(known)) < len(known):
        yield f"{where} holds one of {', '.join(sorted(set(known)))} twice"
    if known != sorted(known, key=("f", "v", "is", "extLst").index):
        yield f"{where} holds {', '.join(known)} in this order"
    if len(known) != len(children):
        yield f"{where} holds something else than f, v, is"
    text = cell.findtext("{*}v")
    inline = cell.find("{*}is")
    if kind not in _TYPES:
        yield f"{where} has the type '{kind}'"
    elif kind == "s":
        if text is None or not text.strip().isdigit() or int(text) >= len(book.strings):
            yield f"{where} has the shared string '{text}' of {len(book.strings)}"
    elif kind == "b" and text is not None and text.strip() not in {"0", "1", "true", "false"}:
        yield f"{where} has the truth value '{text}'"
    elif kind == "e" and text is not None and text not in _ERRORS | _NEW_ERRORS:
        yield f"{where} has the error '{text}'"
    elif kind == "n" and text is not None and text.strip():
        yield from _number(text, where)
    elif kind == "str" and len(text or "") > MAX_TEXT:
        yield f"{where} holds {len(text or '')} characters"
    if inline is not None and kind != "inlineStr":
        yield f"{where} of type '{kind}' holds an inline string"
    if inline is not None and len(text_of(inline)) > MAX_TEXT:
        yield f"{where} holds {len(text_of(inline))} characters"


def _number(text: str, where: str) -> Iterator[str]:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if value != value or value in {float("inf"), float("-inf")} or "_" in text:
        yield f"{where} has the number '{text}'"


def _formula(
    formula: Any,
    where: str,
    spot: Box,
    masters: dict[str, str],
    users: dict[str, str],
    arrays: list[tuple[str, Box]],
    macros: bool,
) -> Iterator[str]:
    kind, ref, text = formula.get("t", "normal"), formula.get("ref"), formula.text or ""
    area = box(ref) if ref else None
    if kind not in {"normal", "shared", "array", "dataTable"}:
        yield f"{where}: a formula of type '{kind}'"
    if ref and (area is None or not (area[0] <= spot[0] <= area[2] and area[1] <= spot[1] <= area[3])):
        yield f"{where}: a formula for {ref}, which does not hold the cell"
    if kind == "shared":
        index = formula.get("si", "")
        if not index.isdigit():
            yield f"{where}: a shared formula without index"
        elif ref and text:
            if index in masters:
                yield f"{where}: shared formula {index} has a second master, {masters[index]} is the first"
            masters.setdefault(index, where)
        else:
            users.setdefault(index, where)
    elif kind == "array":
        if area is None:
            yield f"{where}: an array formula without a range"
        elif area[:2] != spot[:2]:
            yield f"{where}: the array formula for {ref} stands outside its first cell"
        else:
            for other, taken in arrays[-50:]:
                if taken[0] <= area[2] and area[0] <= taken[2] and taken[1] <= area[3] and area[1] <= taken[3]:
                    yield f"{where}: its array formula overlaps that of {other}"
            arrays.append((where, area))
    if kind in {"normal", "array"} and not text:
        yield f"{where}: an empty formula"
    if text:
        yield from (f"{where}: {problem}" for problem in formula_problems(text, macros=macros))


@lru_cache(maxsize=1 << 14)  # parsing is most of a judgement, and our workbooks share most of their formulas
def formula_problems(text: str, *, macros: bool = False) -> tuple[str, ...]:
    """Why Excel would not read this formula: syntax, length, depth, constants, functions it knows by no name.

    ``macros``: the workbook has macros, so that a name Excel does not know may be a function of its own.
    """
    if len(text) > MAX_FORMULA:
        return (f"a formula of {len(text)} characters",)
    if text.startswith("="):
        return (f"the formula '{text[:40]}' begins with '='",)
    try:
        nodes = list(walk(parse(text)))
    except FormulaError as error:
        return (f"the formula '{text[:40]}' is none: {error}",)
    found = []
    for node in nodes:
        if isinstance(node, Literal) and node.kind == "text" and len(node.value) > MAX_CONSTANT:
            found.append(f"a text of {len(node.value)} characters in a formula")
        if isinstance(node, Call):
            if len(node.args) > 255:
                found.append(f"{node.name} with {len(node.args)} arguments")
            foreign = macros or "!" in node.name or node.name.startswith("_")
            if needs_prefix(node.name) or not (foreign or node.name in functions_2007()):
                found.append(f"{node.name} is no function of Excel 2010, nor marked _xlfn.")
    return tuple(found)
