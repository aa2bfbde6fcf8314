"""A sheet of another workbook added to this one; every other part stays as it is, to the byte.

The donor is a workbook that we built. Its sheet comes with looks, conditional formats, drawings, charts, pictures,
links and its own defined names (print area, print titles). It gets no code name: a macro project knows its sheets by
code name, and Excel makes the missing one itself.
"""

from __future__ import annotations

import re
from typing import TypeAlias
from xml.sax.saxutils import escape, quoteattr

from iku_excel.findings import Refusal
from iku_excel.xlsx.apply import recalculating
from iku_excel.xlsx.draft import Draft, content_type
from iku_excel.xlsx.elements import (
    BOOK_ORDER,
    RELATIONS,
    Child,
    Tree,
    inside,
    namespaces,
)
from iku_excel.xlsx.package import Package, broken_part, unescape
from iku_excel.xlsx.stylegraft import StyleGraft
from iku_excel.xlsx.transplant import relate_alike, restyled

Parts: TypeAlias = dict[str, "bytes | None"]

_WORKSHEET = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
_FORMULA = re.compile(rb"<f[\s>/]")
_NO_VALUE = re.compile(rb"(?:</f>|<f(?:\s[^>]*)?/>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")


def add_sheet(package: Package, donor: Package, name: str, *, after: str | None = None) -> Parts:
    """The changed and new parts, for ``package.with_parts``, that put the donor's sheet ``name`` behind the sheet
    ``after`` (None: at the end).

    ``Refusal`` "lembar-sudah-ada" when the workbook has a sheet of that name, and where it must not be written or is
    not written as Excel writes one. ``ValueError`` for a donor's sheet with a table, a pivot or a slicer.
    """
    draft = Draft(package)
    styles = StyleGraft.between(package, donor)
    part = graft_sheet(draft, styles, donor, name, after)
    if _NO_VALUE.search(draft.read(part)):
        asked = recalculating(draft.read(package.workbook_part))
        if asked is not None:
            draft.put(package.workbook_part, asked)
    keep_styles(draft, styles)
    return draft.parts


def keep_styles(draft: Draft, styles: StyleGraft) -> None:
    """Put what the graft of styles came to into the draft."""
    part = draft.package.styles_part
    if part is not None:
        draft.put(part, styles.xml)


def graft_sheet(draft: Draft, styles: StyleGraft, donor: Package, name: str, after: str | None) -> str:
    """Add the donor's sheet to a draft; the new sheet's part. Styles gather in ``styles``, for ``keep_styles``."""
    origin = donor.sheet(name)
    book = workbook_tree(draft)
    at = _place(book, name, after)
    part = draft.free("xl/worksheets/sheet{}.xml")
    xml = _anonymous(restyled(donor.read(origin.part), styles, donor))
    draft.add(part, xml, content_type(donor, origin.part))
    relate_alike(draft, donor, origin.part, part, {})
    rid = draft.relate(draft.package.workbook_part, _WORKSHEET, part)
    _list(book, name, rid, at, donor)
    draft.put(draft.package.workbook_part, book.xml)
    if _FORMULA.search(xml):
        drop_calc_chain(draft)
    return part


def workbook_tree(draft: Draft) -> Tree:
    """The workbook part as it stands in the draft; ``Refusal`` when it isn't written as Excel writes one."""
    part = draft.package.workbook_part
    try:
        return Tree.of(draft.read(part), part)
    except ValueError as error:
        raise broken_part(part) from error


def drop_calc_chain(draft: Draft) -> None:
    """Formulas came or went: Excel builds its chain of calculation anew."""
    chain = draft.package.related("calcChain")
    if chain is None or not draft.has(chain):
        return
    rid = next(tie.rid for tie in draft.ties(draft.package.workbook_part) if tie.type.endswith("/calcChain"))
    draft.remove(chain)
    draft.unrelate(draft.package.workbook_part, rid)


def _place(book: Tree, name: str, after: str | None) -> int:
    """The number of the tab that the new sheet will have."""
    listed = book.first("sheets")
    names = [unescape(child.attributes.get("name", "")) for child in _members(listed, "sheet")]
    lower = [one.casefold() for one in names]
    if name.casefold() in lower:
        raise Refusal(
            "lembar-sudah-ada",
            f"Lembar {name} sudah ada di buku kerja ini.",
            f"Ganti nama atau hapus lembar {name} yang lama, simpan, lalu ulangi.",
            sheet=name,
        )
    if after is None:
        return len(names)
    if after.casefold() not in lower:
        raise Refusal(
            "lembar-tidak-ada",
            f"Lembar {after} tidak ada dalam buku kerja ini.",
            "Kembalikan lembar itu, atau pindahkan data ke templat yang baru.",
            sheet=after,
        )
    return lower.index(after.casefold()) + 1


def _members(child: Child | None, name: str) -> list[Child]:
    return [] if child is None else inside(child).all(name)


def _anonymous(xml: bytes) -> bytes:
    """Without code name, and not the selected tab: two selected tabs would be edited together."""
    end = xml.find(b"<sheetData")
    head = re.sub(rb'\s(?:codeName|tabSelected)="[^"]*"', b"", xml[:end])
    return head + xml[end:]


def _list(book: Tree, name: str, rid: str, at: int, donor: Package) -> None:
    """Enter the sheet in the workbook part: the list of sheets, the numbers that count tabs, the defined names."""
    listed = book.first("sheets")
    if listed is None:
        raise broken_part("workbook.xml")
    sheets = inside(listed)
    members = [child for child in sheets.children if child.name == "sheet"]
    used = {int(n) for child in members if (n := child.attributes.get("sheetId", "")).isdigit()}
    number = next(n for n in range(max(used, default=0) + 1, 70_000) if n not in used)
    spaces = namespaces(book.opening)
    declared = "" if spaces.get(b"r") == RELATIONS.encode() else f' xmlns:r="{RELATIONS}"'
    state = next((s.state for s in donor.sheets if s.name == name and s.state != "visible"), None)
    hidden = f' state="{state}"' if state else ""
    made = f'sheet{declared} name={quoteattr(name)} sheetId="{number}"{hidden} r:id="{rid}"/>'
    before = members[at - 1] if at else None
    index = next((n for n, c in enumerate(sheets.children) if c is before), -1) + 1
    gap = before.gap if before is not None else b""
    sheets.children.insert(index, Child("sheet", b"<" + book.prefix + made.encode(), gap))
    book.replace(listed, sheets.xml)
    _shift(book, at)
    _name(book, donor, name, at)


def _shift(book: Tree, at: int) -> None:
    """The tabs behind the new one count one more."""

    def moved(tag: bytes, key: str) -> bytes:
        pattern = rb"(\s%b\s*=\s*[\"'])(\d+)" % key.encode()
        return re.sub(pattern, lambda m: m[1] + b"%d" % (int(m[2]) + (int(m[2]) >= at)), tag)

    views = book.first("bookViews")
    if views is not None:
        book.replace(views, moved(moved(views.xml, "activeTab"), "firstSheet"))
    names = book.first("definedNames")
    if names is not None:
        listed = inside(names)
        for child in listed.all("definedName"):
            listed.replace(child, moved(child.tag, "localSheetId") + child.xml[len(child.tag) :])
        book.replace(names, listed.xml)


def _name(book: Tree, donor: Package, name: str, at: int) -> None:
    """The names that belong to the sheet, and those of the whole workbook that mean a place on it."""
    origin = Tree.of(donor.read(donor.workbook_part), donor.workbook_part)
    number = [sheet.name for sheet in donor.sheets].index(name)
    known = defined(book)
    mine = re.compile(rf"^(?:'{re.escape(name.replace(chr(39), chr(39) * 2))}'|{re.escape(name)})!")
    for child in _members(origin.first("definedNames"), "definedName"):
        of = child.attributes
        local = of.get("localSheetId")
        if local == str(number):
            define(book, of["name"], child.text, sheet=at, hidden=of.get("hidden") in ("1", "true"))
        elif local is None and mine.match(child.text) and of["name"].casefold() not in known:
            define(book, of["name"], child.text)


def defined(book: Tree) -> frozenset[str]:
    """The names defined for the whole workbook, in lower case."""
    members = _members(book.first("definedNames"), "definedName")
    found = (child.attributes for child in members)
    return frozenset(of.get("name", "").casefold() for of in found if "localSheetId" not in of)


def define(book: Tree, name: str, text: str, *, sheet: int | None = None, hidden: bool = False) -> None:
    """Define a name, for the workbook or for the sheet with this number; one that is there gets the new text."""
    p = book.prefix
    scope = f' localSheetId="{sheet}"' if sheet is not None else ""
    made = b"<%bdefinedName name=%b%b%b>%b</%bdefinedName>" % (
        p, quoteattr(name).encode(), scope.encode(), b' hidden="1"' if hidden else b"", escape(text).encode(), p,
    )  # fmt: skip
    names = book.first("definedNames")
    if names is None:
        book.insert("definedNames", b"<%bdefinedNames>%b</%bdefinedNames>" % (p, made, p), BOOK_ORDER)
        return
    listed = inside(names)
    wanted = (name.casefold(), None if sheet is None else str(sheet))
    for child in listed.all("definedName"):
        of = child.attributes
        if (of.get("name", "").casefold(), of.get("localSheetId")) == wanted:
            tag = child.tag.removesuffix(b"/>").removesuffix(b">") + b">"
            listed.replace(child, tag + escape(text).encode() + b"</%bdefinedName>" % p)
            break
    else:
        listed.children.append(Child("definedName", made))
    book.replace(names, listed.xml)
