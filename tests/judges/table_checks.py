"""What Excel minds about tables and merged cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .book import Book, Box, box, overlap, overlapping, rel_id, text_of, twice
from .expression import is_name
from .sheet_checks import formula_problems


def check_tables(book: Book) -> Iterator[str]:
    """Tables: names, ids, ranges, headings, columns."""
    root = book.tree(book.workbook)
    defined = [] if root is None else [e.get("name", "") for e in root.iterfind("{*}definedNames/{*}definedName")]
    folded = {name.casefold() for name in defined}
    names = [table.get("displayName", "") for _, _, table in book.tables]
    yield from (f"table name {name} stands twice" for name in twice(names))
    yield from (f"table id {number} stands twice" for number in twice([t.get("id", "") for _, _, t in book.tables]))
    for name in names:
        if not is_name(name):
            yield f"table name '{name}' is no name in Excel"
        if name.casefold() in folded:
            yield f"table {name} has the name of a defined name"
    for sheet, part, root in book.worksheets:
        listed = [rel_id(e) for e in root.iterfind("{*}tableParts/{*}tablePart")]
        related = [rel.id for rel in book.rels(part) if rel.kind == "table"]
        yield from (f"{sheet}: table {one} is related but not listed" for one in related if one not in listed)
    for sheet, _, root in book.worksheets:
        areas = [(t.get("displayName", ""), box(t.get("ref", ""))) for s, _, t in book.tables if s == sheet]
        known = [(name, area) for name, area in areas if area is not None]
        merged = [(e.get("ref", ""), box(e.get("ref", ""))) for e in root.iterfind("{*}mergeCells/{*}mergeCell")]
        for ref, area in merged:
            if area is None:
                yield f"{sheet}: merged range {ref} is none"
        merges = [(ref, area) for ref, area in merged if area is not None]
        yield from (f"{sheet}: merged ranges {a} and {b} overlap" for a, b in overlapping(merges))
        yield from (f"{sheet}: tables {a} and {b} overlap" for a, b in overlapping(known))
        for ref, area in merges:
            yield from (f"{sheet}: {ref} is merged over table {name}" for name, other in known if overlap(area, other))
        headings = _texts(book, root, known)
        for table_sheet, _, table in book.tables:
            if table_sheet == sheet:
                yield from (f"table {table.get('displayName')}: {p}" for p in _table(table, headings))


def _texts(book: Book, root: Any, areas: list[tuple[str, Box]]) -> dict[tuple[int, int], str | None]:
    """The texts of the cells in the tables' first rows; None where a cell holds no text."""
    wanted: dict[int, list[Box]] = {}
    for _, area in areas:
        wanted.setdefault(area[0], []).append(area)
    found: dict[tuple[int, int], str | None] = {}
    number = 0
    for row in root.iterfind("{*}sheetData/{*}row"):
        number = int(row.get("r", number + 1))
        column = 0
        for cell in row.iterfind("{*}c") if number in wanted else ():
            spot = box(cell.get("r", ""))
            column = spot[1] if spot else column + 1
            text, kind = cell.findtext("{*}v"), cell.get("t", "n")
            inline = cell.find("{*}is")
            if kind == "s" and text and text.isdigit() and int(text) < len(book.strings):
                found[number, column] = book.strings[int(text)]
            elif kind == "inlineStr" and inline is not None:
                found[number, column] = text_of(inline)
            else:
                found[number, column] = text if kind == "str" else None
    return found


def _table(table: Any, headings: dict[tuple[int, int], str | None]) -> Iterator[str]:
    area = box(table.get("ref", ""))
    if area is None:
        yield f"its range {table.get('ref')} is none"
        return
    columns = table.findall("{*}tableColumns/{*}tableColumn")
    names = [_decoded(column.get("name", "")) for column in columns]
    header, totals = int(table.get("headerRowCount", "1")), int(table.get("totalsRowCount", "0"))
    if header not in {0, 1} or totals not in {0, 1}:
        yield f"{header} header rows, {totals} totals rows"
    if area[2] - area[0] + 1 < header + totals + 1:
        yield f"its range {table.get('ref')} has no row for data"
    count = table.find("{*}tableColumns")
    if count is None or count.get("count", str(len(columns))) != str(len(columns)):
        yield "its column count is wrong"
    if len(columns) != area[3] - area[1] + 1:
        yield f"{len(columns)} columns in a range of {area[3] - area[1] + 1}"
    yield from (f"column '{name}' stands twice" for name in twice(names))
    yield from (f"column id {one} stands twice" for one in twice([column.get("id", "") for column in columns]))
    if any(not name for name in names):
        yield "a column has no name"
    if header:
        for place, name in enumerate(names):
            text = headings.get((area[0], area[1] + place))
            if text is None or text.replace("\r\n", "\n") != name.replace("\r\n", "\n"):
                yield f"heading '{name}' differs from its cell, which holds {text!r}"
    own = table.find("{*}autoFilter")
    if own is not None:
        filtered = box(own.get("ref", ""))
        if filtered is None or filtered[:2] != area[:2] or filtered[3] != area[3] or filtered[2] != area[2] - totals:
            yield f"its filter is {own.get('ref')}, its range {table.get('ref')}"
    for column in columns:
        for kind in ("calculatedColumnFormula", "totalsRowFormula"):
            text = column.findtext("{*}" + kind)
            if text:
                yield from (f"column '{column.get('name')}': {problem}" for problem in formula_problems(text))


def _decoded(name: str) -> str:
    return name.replace("_x000a_", "\n").replace("_x000A_", "\n").replace("_x000d_", "\r").replace("_x000D_", "\r")
