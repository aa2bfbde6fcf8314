"""What Excel minds about rules on cells, links, headers, comments and styles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .book import Book, box, rel_id, twice
from .sheet_checks import MAX_TEXT, formula_problems

MAX_LIST = 255
_PROMPTS = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
_GROUPS = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}


def check_rules(book: Book) -> Iterator[str]:
    """Validations, conditional formats, links, headers, comments; styles and shared strings."""
    for sheet, part, root in book.worksheets:
        for problem in (*_validations(root), *_formats(root, book.style_count("dxfs")), *_more(root, part, book)):
            yield f"{sheet}: {problem}"
    yield from _styles(book)
    yield from (f"shared string {i} has {len(t)} characters" for i, t in enumerate(book.strings) if len(t) > MAX_TEXT)


def _area(element: Any, key: str, what: str) -> Iterator[str]:
    for ref in element.get(key, "").split() or [""]:
        if box(ref) is None:
            yield f"{what} of '{ref}', which is no range"


def _validations(root: Any) -> Iterator[str]:
    for rule in root.iterfind("{*}dataValidations/{*}dataValidation"):
        where = f"validation of {rule.get('sqref')}"
        yield from _area(rule, "sqref", "a validation")
        for key, limit in _PROMPTS.items():
            if len(rule.get(key, "")) > limit:
                yield f"{where}: {key} has {len(rule.get(key))} characters, Excel takes {limit}"
        first = rule.findtext("{*}formula1") or ""
        if rule.get("type") == "list":
            if first.startswith('"') and len(first) - 2 > MAX_LIST:
                yield f"{where}: a list of {len(first) - 2} characters, Excel takes {MAX_LIST}"
            if not first:
                yield f"{where}: a list of nothing"
        for text in filter(None, (first, rule.findtext("{*}formula2"))):
            if not (rule.get("type") == "list" and text.startswith('"')):
                yield from (f"{where}: {problem}" for problem in formula_problems(text))


def _formats(root: Any, dxfs: int) -> Iterator[str]:
    priorities = []
    for block in root.iterfind("{*}conditionalFormatting"):
        yield from _area(block, "sqref", "a conditional format")
        for rule in block.iterfind("{*}cfRule"):
            where = f"conditional format of {block.get('sqref')}"
            priority = rule.get("priority", "")
            if not (priority.isdigit() and int(priority) > 0):
                yield f"{where} has the priority '{priority}'"
            priorities.append(priority)
            if rule.get("dxfId") and int(rule.get("dxfId")) >= dxfs:
                yield f"{where} has the format {rule.get('dxfId')} of {dxfs}"
            for formula in rule.iterfind("{*}formula"):
                yield from (f"{where}: {problem}" for problem in formula_problems(formula.text or ""))
    yield from (f"conditional format priority {one} stands twice" for one in twice(priorities))


def _more(root: Any, part: str, book: Book) -> Iterator[str]:
    links = [link.get("ref", "") for link in root.iterfind("{*}hyperlinks/{*}hyperlink")]
    yield from (f"a link in '{ref}', which is no range" for ref in links if box(ref) is None)
    for link in root.iterfind("{*}hyperlinks/{*}hyperlink"):
        if not rel_id(link) and not link.get("location"):
            yield f"the link in {link.get('ref')} leads nowhere"
    for text in root.iterfind("{*}headerFooter/{*}*"):
        if len(text.text or "") > 255:
            yield f"a header or footer of {len(text.text)} characters, Excel takes 255"
    for one in root.iterfind("{*}ignoredErrors/{*}ignoredError"):
        yield from _area(one, "sqref", "an ignored error")
    for one in root.iterfind("{*}dimension"):
        yield from _area(one, "ref", "a dimension")
    rels = book.rels(part)
    for rel in rels:
        if rel.kind != "comments":
            continue
        comments = book.tree(rel.target)
        if comments is None:
            continue
        if not any(other.kind == "vmlDrawing" for other in rels) or next(root.iter("{*}legacyDrawing"), None) is None:
            yield f"{rel.target} has no drawing"
        authors = len(comments.findall("{*}authors/{*}author"))
        notes = comments.findall("{*}commentList/{*}comment")
        yield from (f"comment in {one} stands twice" for one in twice([note.get("ref", "") for note in notes]))
        for note in notes:
            if box(note.get("ref", "")) is None or int(note.get("authorId", "0")) >= authors:
                yield f"comment in '{note.get('ref')}' by author {note.get('authorId')} of {authors}"
    for kind, element in (("drawing", "drawing"), ("vmlDrawing", "legacyDrawing")):
        used = {rel_id(one) for one in root.iter("{*}" + element, "{*}legacyDrawingHF")}
        yield from (f"{rel.target} is related but not used" for rel in rels if rel.kind == kind and rel.id not in used)


def _styles(book: Book) -> Iterator[str]:
    if book.styles is None:
        return
    counts = {key: book.style_count(group) for key, group in _GROUPS.items()}
    formats = [e.get("numFmtId", "") for e in book.styles.iterfind("{*}numFmts/{*}numFmt")]
    for group in ("cellXfs", "cellStyleXfs"):
        for at, style in enumerate(book.styles.iterfind("{*}" + group + "/{*}xf")):
            for key, count in counts.items():
                index = style.get(key)
                if index is not None and not (group == "cellStyleXfs" and key == "xfId") and int(index) >= count:
                    yield f"style {at} of {group} has the {key} {index} of {count}"
            number = style.get("numFmtId", "0")
            if int(number) >= 164 and number not in formats:
                yield f"style {at} of {group} has the number format {number}, which is missing"
    for one in book.styles.iterfind("{*}numFmts/{*}numFmt"):
        if len(one.get("formatCode", "")) > 255:
            yield f"number format {one.get('numFmtId')} has {len(one.get('formatCode'))} characters"
    yield from (f"number format {one} stands twice" for one in twice(formats))
    dxfs = book.style_count("dxfs")
    for _, part, table in book.tables:
        for element in (table, *table.iterfind("{*}tableColumns/{*}tableColumn")):
            for key, index in element.attrib.items():
                if key.endswith("DxfId") and int(index) >= dxfs:
                    yield f"{part} has the {key} {index} of {dxfs}"
