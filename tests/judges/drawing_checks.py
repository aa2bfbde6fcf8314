"""What Excel minds about charts and the formulas that stand outside cells: defined names, chart references."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .book import Book, twice
from .expression import FormulaError, Ref, parse, walk
from .sheet_checks import formula_problems


def check_drawings(book: Book) -> Iterator[str]:
    """Charts' axes and references, defined names' formulas, the sheets that both name."""
    sheets = {name.casefold() for name, _, _ in book.sheets}
    root = book.tree(book.workbook)
    for element in [] if root is None else root.iterfind("{*}definedNames/{*}definedName"):
        text = (element.text or "").strip()
        if text and element.get("xlm") is None and element.get("function") is None:
            yield from (f"name {element.get('name')}: {problem}" for problem in formula_problems(text))
            yield from (f"name {element.get('name')}: {problem}" for problem in missing_sheets(text, sheets))
    for name in book.names:
        root = book.tree(name) if name.startswith("xl/charts/chart") and name.endswith(".xml") else None
        if root is None:
            continue
        plot = root.find("{*}chart/{*}plotArea")
        if plot is not None:
            axes = [axis.get("val", "") for axis in plot.iterfind("{*}*/{*}axId") if _is_axis(axis)]
            used = {axis.get("val", "") for axis in plot.iterfind("{*}*/{*}axId") if not _is_axis(axis)}
            used |= {axis.get("val", "") for axis in plot.iterfind("{*}*/{*}crossAx")}
            yield from (f"{name}: axis {one} stands twice" for one in twice(axes))
            yield from (f"{name}: axis {one} is missing" for one in sorted(used - set(axes) - {"0"}))
        for formula in root.iter("{*}f"):
            if (formula.text or "").strip():
                yield from (f"{name}: {problem}" for problem in missing_sheets(formula.text, sheets))
    for sheet, _, root in book.worksheets:
        for cell in root.iterfind("{*}sheetData/{*}row/{*}c"):
            text = cell.findtext("{*}f")
            if text and "!" in text:
                yield from (f"{sheet}: {cell.get('r')}: {problem}" for problem in missing_sheets(text, sheets))


def _is_axis(axis: Any) -> bool:
    parent = axis.getparent()
    return str(parent.tag).endswith("Ax")


def missing_sheets(text: str, sheets: set[str]) -> Iterator[str]:
    """The sheets that a formula names and the workbook lacks; references to other workbooks are let be."""
    try:
        nodes = walk(parse(text))
    except FormulaError:
        return
    for node in nodes:
        if isinstance(node, Ref) and "!" in node.text.removesuffix("#REF!"):
            named = node.text.removesuffix("#REF!").rpartition("!")[0]
            plain = named[1:-1].replace("''", "'") if named.startswith("'") else named
            if "[" in plain or plain.startswith("#"):
                continue
            for one in [plain] if plain.casefold() in sheets else plain.split(":"):
                if one.casefold() not in sheets:
                    yield f"there is no sheet '{one}'"
