"""An XML part as its root's start tag and its children, each as its own bytes.

For the parts that grow or change place: a child that nobody touches is written as it was spelled. A part that is
no plain UTF-8, or that hides markup in comments or CDATA, raises ``ValueError``: Excel writes none of these.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from iku_excel.xlsx.cellxml import ATTRIBUTES, attributes, text_of
from iku_excel.xlsx.package import refuse_dtd

RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
"""The namespace of ``r:id``."""

SHEET_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins",
    "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors",
    "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls",
    "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
"""The children of ``<worksheet>`` in the standard's order (ECMA-376 part 1, 18.3.1.99)."""

BOOK_ORDER = (
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames", "calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr",
    "smartTagTypes", "webPublishing", "fileRecoveryPr", "webPublishObjects", "extLst",
)  # fmt: skip
"""The children of ``<workbook>`` in the standard's order (ECMA-376 part 1, 18.2.27)."""

STYLE_ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
"""The children of ``<styleSheet>`` in the standard's order (ECMA-376 part 1, 18.8.39)."""

_TOKEN = re.compile(rb"<(?:\?[^>]*\?>|(/?)((?:[\w.-]+:)?)([\w.-]+)(?=[\s/>])%b(/?)>)" % ATTRIBUTES)
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?(?:\s+|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
_DECLARED = re.compile(rb"\sxmlns(?::([\w.-]+))?\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_USED = re.compile(rb"[<\s/]([A-Za-z_][\w.-]*):[\w.-]+(?=[\s=/>])")
_LONG = (b"sheetData", b"sst")
"""Children whose inside is skipped at once: no element of that name can stand inside."""


@dataclass(frozen=True, slots=True)
class Child:
    """One child: its name without prefix, its bytes, and the blanks before it."""

    name: str
    xml: bytes
    gap: bytes = b""

    @property
    def tag(self) -> bytes:
        """Its start tag."""
        found = _TOKEN.match(self.xml)
        return found[0] if found is not None else b""

    @property
    def attributes(self) -> dict[str, str]:
        """Its attributes, decoded."""
        return attributes_of(self.tag)

    @property
    def text(self) -> str:
        """The character data directly inside, decoded."""
        return text_of(self.xml[len(self.tag) : self.xml.rfind(b"</")]) if b"</" in self.xml else ""


@dataclass(slots=True)
class Tree:
    """A part or an element taken apart. ``opening`` is the root's start tag, never self-closing; ``before`` what
    stands before it."""

    before: bytes
    opening: bytes
    prefix: bytes
    children: list[Child]
    closing: bytes

    @classmethod
    def of(cls, xml: bytes, part: str) -> Tree:
        """Take a part apart. ``ValueError`` where it isn't written as Excel and its kin write one."""
        declared = re.search(rb"encoding\s*=\s*[\"']([\w.-]+)", xml[:200])
        if b"\0" in xml[:200] or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")):
            raise ValueError(f"{part}: not UTF-8")
        refuse_dtd(xml, part)
        head = _PROLOG.match(xml)
        start = head.end() if head else 0
        if xml.find(b"<!", start) >= 0:
            raise ValueError(f"{part}: comments or CDATA")
        tree = _parsed(xml[start:], part)
        tree.before = xml[:start] + tree.before
        return tree

    @property
    def xml(self) -> bytes:
        """The whole, with every child in its place."""
        inside = b"".join(child.gap + child.xml for child in self.children)
        return self.before + self.opening + inside + self.closing

    def all(self, name: str) -> list[Child]:
        """The children of that name."""
        return [child for child in self.children if child.name == name]

    def first(self, name: str) -> Child | None:
        """The first child of that name, or None."""
        return next(iter(self.all(name)), None)

    def replace(self, old: Child, xml: bytes) -> None:
        """Other bytes in the place of a child."""
        at = next(n for n, child in enumerate(self.children) if child is old)
        self.children[at] = Child(old.name, xml, old.gap)

    def insert(self, name: str, xml: bytes, order: Sequence[str]) -> None:
        """A new child where the standard's order wants it, behind its like."""
        later = set(order[order.index(name) + 1 :])
        later |= {"AlternateContent"} if "controls" in later else set()  # it holds a sheet's controls
        at = next((n for n, child in enumerate(self.children) if child.name in later), len(self.children))
        self.children.insert(at, Child(name, xml))


def inside(child: Child) -> Tree:
    """An element taken apart in its turn."""
    return _parsed(child.xml, child.name)


def _parsed(xml: bytes, part: str) -> Tree:
    found = next((token for token in _TOKEN.finditer(xml) if token[3]), None)
    if found is None or found[1]:
        raise ValueError(f"{part}: no root element")
    opening, prefix, name = found[0], found[2], found[3]
    children: list[Child] = []
    tree = Tree(xml[: found.start()], opening, prefix, children, b"</%b%b>" % (prefix, name))
    if found[5]:
        tree.opening, tree.closing = opening[:-2].rstrip() + b">", tree.closing + xml[found.end() :]
        return tree
    at = gap = found.end()
    depth, start, child = 0, 0, b""
    while True:
        found = _TOKEN.search(xml, at)
        if found is None:
            raise ValueError(f"{part}: cut off")
        at = found.end()
        if not found[3]:
            continue
        if found[1]:
            depth -= 1
            if depth < 0:
                tree.closing = xml[gap:]
                return tree
        else:
            if depth == 0:
                start, child = found.start(), found[3]
                if child in _LONG and not found[5]:
                    at = xml.find(b"</%b%b" % (found[2], child), at)
                    if at < 0:
                        raise ValueError(f"{part}: cut off")
            depth += not found[5]
        if depth == 0:
            children.append(Child(child.decode(), xml[start:at], xml[gap:start]))
            gap = at


def attributes_of(tag: bytes) -> dict[str, str]:
    """The attributes of a start tag, decoded."""
    return {name.decode(): text_of(value) for name, value in attributes(tag).items()}


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with this attribute set, in its place if it is there; None takes it out."""
    pattern = re.compile(rb"(\s%b\s*=\s*)(?:\"[^\"]*\"|'[^']*')" % re.escape(name.encode()))
    if value is None:
        return pattern.sub(b"", tag, count=1)
    spelled = b'"%b"' % escape(value, {'"': "&quot;"}).encode()
    if pattern.search(tag):
        return pattern.sub(lambda found: found[1] + spelled, tag, count=1)
    end = len(tag) - (2 if tag.endswith(b"/>") else 1)
    return tag[:end].rstrip() + b" %b=%b" % (name.encode(), spelled) + tag[end:]


def namespaces(opening: bytes) -> dict[bytes, bytes]:
    """The namespaces that a start tag declares, by prefix (``b""``: the default one)."""
    return {prefix or b"": double or single for prefix, double, single in _DECLARED.findall(opening)}


def at_home(xml: bytes, origin: dict[bytes, bytes], home: dict[bytes, bytes]) -> bytes:
    """An element for another root: the namespaces of its ``origin`` that it uses and ``home`` lacks, declared on it."""
    found = _TOKEN.match(xml)
    if found is None:
        raise ValueError("no element")
    own = namespaces(found[0])
    used = {prefix for prefix in _USED.findall(xml) if prefix != b"xmlns"}
    used |= {b""} if not found[2] else set()
    missing = {p: origin[p] for p in sorted(used) if p not in own and p in origin and origin[p] != home.get(p)}
    if not missing:
        return xml
    made = b"".join(b' xmlns%b="%b"' % (b":" + p if p else b"", uri) for p, uri in missing.items())
    at = 1 + len(found[2]) + len(found[3])
    return xml[:at] + made + xml[at:]


def prefixed(xml: bytes, prefix: bytes) -> bytes:
    """An element spelled without prefixes, with this one instead (for parts that spell all names so)."""
    return re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1" + prefix, xml) if prefix else xml
