"""What Excel minds about the package: members, content types, relationships; and the workbook part."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from .book import OFFICE_RELS, Book, Box, box, rel_id, twice
from .expression import is_name

_CONTENT = {
    "worksheet": "worksheet+xml",
    "chartsheet": "chartsheet+xml",
    "dialogsheet": "dialogsheet+xml",
    "styles": "styles+xml",
    "sharedStrings": "sharedStrings+xml",
    "table": "table+xml",
    "drawing": "drawing+xml",
    "chart": "chart+xml",
    "comments": "comments+xml",
    "calcChain": "calcChain+xml",
    "theme": "theme+xml",
    "vbaProject": "vbaProject",
    "externalLink": "externalLink+xml",
    "pivotTable": "pivotTable+xml",
    "pivotCacheDefinition": "pivotCacheDefinition+xml",
    "vmlDrawing": "vmlDrawing",
}
"""The end of the content type that each kind of relationship leads to."""

_ILLEGAL_IN_SHEET = frozenset("[]:*?/\\")
MAX_SHEET_NAME = 31


def check_package(book: Book) -> Iterator[str]:
    """Members, content types, relationships, and XML that can't be read."""
    yield from (f"member {name} stands twice" for name in twice(book.names))
    types = book.tree("[Content_Types].xml")
    if types is None:
        yield "[Content_Types].xml is missing"
        return
    overrides = [element.get("PartName", "") for element in types.iterfind("{*}Override")]
    extensions = [element.get("Extension", "") for element in types.iterfind("{*}Default")]
    yield from (f"content type of {name} stands twice" for name in twice(overrides))
    yield from (f"content type of .{name} stands twice" for name in twice(extensions))
    yield from (f"content type of {name}, a part that is missing" for name in overrides if not book.part(name[1:]))
    declared = {
        e.get("PartName", "").lstrip("/").casefold(): e.get("ContentType", "") for e in types.iterfind("{*}Override")
    }
    default = {e.get("Extension", "").casefold(): e.get("ContentType", "") for e in types.iterfind("{*}Default")}
    content = {}
    for name in book.names:
        if name == "[Content_Types].xml":
            continue
        plain = name.replace("\\", "/").lstrip("/").casefold()
        found = declared.get(plain) or default.get(plain.rpartition(".")[2])
        if found is None:
            yield f"{name} has no content type"
        content[plain] = found or ""
    for name in book.names:
        if name.endswith((".xml", ".rels")):
            book.tree(name)
    yield from book.broken
    yield from _relationships(book, content)


def _relationships(book: Book, content: dict[str, str]) -> Iterator[str]:
    for name in book.names:
        if not name.endswith(".rels"):
            continue
        folder, _, file = name.rpartition("/")
        source = posixpath.join(posixpath.dirname(folder), file.removesuffix(".rels"))
        if source and not book.part(source):
            yield f"{name} belongs to a part that is missing"
        rels = book.rels(source)
        ids = [rel.id for rel in rels]
        yield from (f"{name}: {one} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
        for rel in rels:
            if rel.external or not rel.target:
                continue
            if not book.part(rel.target):
                yield f"{name}: {rel.id} leads to {rel.target}, which is missing"
            elif (end := _CONTENT.get(rel.kind)) and not content.get(rel.target.casefold(), "").endswith(end):
                yield f"{rel.target} has the content type '{content.get(rel.target.casefold())}', not …{end}"
    for name in book.names:
        if not name.endswith(".xml") or name == "[Content_Types].xml":
            continue
        root = book.tree(name)
        if root is None:
            continue
        known = {rel.id for rel in book.rels(name)}
        for element in root.iter("{*}*"):
            for key, value in element.attrib.items():
                space, _, attribute = key.rpartition("}")
                if space[1:] in OFFICE_RELS and value and value not in known:
                    yield f"{name}: r:{attribute}={value} has no relationship"


def check_workbook(book: Book) -> Iterator[str]:
    """Sheets, views, defined names and the calculation chain."""
    root = book.tree(book.workbook)
    if root is None:
        yield "the workbook part is missing"
        return
    names = [name for name, _, _ in book.sheets]
    if not names:
        yield "the workbook has no sheet"
    for name, part, element in book.sheets:
        if not 1 <= len(name) <= MAX_SHEET_NAME:
            yield f"sheet name '{name}' has {len(name)} letters, Excel takes {MAX_SHEET_NAME}"
        if set(name) & _ILLEGAL_IN_SHEET or name.startswith("'") or name.endswith("'"):
            yield f"sheet name '{name}' holds a sign that Excel refuses"
        if not part:
            yield f"sheet '{name}' has no relationship"
        number = element.get("sheetId", "")
        if not (number.isdigit() and 1 <= int(number) <= 65534):
            yield f"sheet '{name}' has the sheetId '{number}'"
    yield from (f"sheet name '{name}' stands twice" for name in twice(names))
    yield from (f"sheetId {one} stands twice" for one in twice([e.get("sheetId", "") for _, _, e in book.sheets]))
    yield from (
        f"sheet relationship {one} stands twice" for one in twice([rel_id(e) for _, part, e in book.sheets if part])
    )
    if names and all(element.get("state", "visible") != "visible" for _, _, element in book.sheets):
        yield "no sheet is visible"
    for view in root.iterfind("{*}bookViews/{*}workbookView"):
        for key in ("activeTab", "firstSheet"):
            if not 0 <= int(view.get(key, "0")) < max(len(names), 1):
                yield f"{key} {view.get(key)} of {len(names)} sheets"
    yield from _names(book, len(names))
    yield from _calc_chain(book)


def _names(book: Book, sheets: int) -> Iterator[str]:
    scoped = []
    for element in book.tree(book.workbook).iterfind("{*}definedNames/{*}definedName"):
        name, scope = element.get("name", ""), element.get("localSheetId", "")
        scoped.append(f"{name} (sheet {scope})" if scope else name)
        if scope and not (scope.isdigit() and int(scope) < sheets):
            yield f"name {name} belongs to sheet {scope} of {sheets}"
        if not is_name(name):
            yield f"name '{name}' is no name in Excel"
        if not (element.text or "").strip():
            yield f"name {name} is empty"
    yield from (f"name {name} stands twice" for name in twice(scoped))


def _calc_chain(book: Book) -> Iterator[str]:
    part = book.target(book.workbook, "calcChain")
    root = book.tree(part) if part else None
    if root is None:
        return
    formulas: dict[str, tuple[str, set[str], list[Box]]] = {}
    for name, sheet_part, element in book.sheets:
        sheet = book.tree(sheet_part) if sheet_part else None
        if sheet is not None:
            cells = sheet.iterfind("{*}sheetData/{*}row/{*}c")
            held: set[str] = set()
            blocks: list[Box] = []
            for cell in cells:
                formula = cell.find("{*}f")
                if formula is not None:
                    held.add(cell.get("r"))
                    if formula.get("t") in {"array", "dataTable"}:
                        area = box(formula.get("ref", ""))
                        blocks += [area] if area else []
            formulas[element.get("sheetId")] = (name, held, blocks)
    number = None
    for entry in root.iterfind("{*}c"):
        number = entry.get("i", number)
        ref = entry.get("r", "")
        name, held, blocks = formulas.get(number, (f"no. {number}", set(), []))
        spot = box(ref)
        inside = spot and any(b[0] <= spot[0] <= b[2] and b[1] <= spot[1] <= b[3] for b in blocks)
        if ref not in held and not inside:
            yield f"calcChain: {name}!{ref} holds no formula"
