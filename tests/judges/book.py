"""A workbook's parts as the structural checks read them: XML trees, content types, relationships."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from .expression import column

Box = tuple[int, int, int, int]
"""A range: first row, first column, last row, last column, from 1."""

MAX_ROW, MAX_COLUMN = 1_048_576, 16_384
OFFICE_RELS = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_RANGE = re.compile(r"^\$?([A-Z]{1,3})\$?([0-9]+)(?::\$?([A-Z]{1,3})\$?([0-9]+))?$")
_COLUMNS = re.compile(r"^\$?([A-Z]{1,3}):\$?([A-Z]{1,3})$")
_ROWS = re.compile(r"^\$?([0-9]+):\$?([0-9]+)$")


class Relationship:
    """One relationship: ``target`` is the name of a part, or the address when ``external``."""

    def __init__(self, source: str, element: Any) -> None:
        self.source = source
        self.id: str = element.get("Id", "")
        self.kind: str = element.get("Type", "").rpartition("/")[2]
        self.external = element.get("TargetMode") == "External"
        target = element.get("Target", "")
        if not self.external:
            target = unquote(target.partition("#")[0])
            if target:
                target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")
        self.target: str = target


class Book:
    """The parts of one workbook. ``broken`` lists parts that are no XML; their trees are None."""

    def __init__(self, source: Path | str | bytes) -> None:
        self.archive = zipfile.ZipFile(io.BytesIO(source) if isinstance(source, bytes) else source)
        self.names = [info.filename for info in self.archive.infolist() if not info.is_dir()]
        self._by_fold = {name.replace("\\", "/").lstrip("/").casefold(): name for name in self.names}
        self.broken: list[str] = []
        self._trees: dict[str, Any] = {}

    def part(self, name: str) -> str | None:
        """The member that holds a part (part names are caseless), or None."""
        return self._by_fold.get(name.casefold())

    def tree(self, name: str) -> Any:
        """The root element of a part; None when it is missing or no XML."""
        from lxml import etree

        member = self.part(name)
        if member is None:
            return None
        if member not in self._trees:
            parser = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
            try:
                self._trees[member] = etree.fromstring(self.archive.read(member), parser)
            except etree.XMLSyntaxError as error:
                self._trees[member] = None
                self.broken.append(f"{member}: no XML: {error}")
        return self._trees[member]

    def rels(self, source: str) -> list[Relationship]:
        """The relationships of a part ("" is the package)."""
        folder, _, file = source.rpartition("/")
        root = self.tree(f"{folder}/_rels/{file}.rels" if folder else f"_rels/{file}.rels")
        return [] if root is None else [Relationship(source, element) for element in root.iterfind("{*}Relationship")]

    def target(self, source: str, kind: str) -> str | None:
        """The first part that ``source`` relates to by this kind."""
        return next((rel.target for rel in self.rels(source) if rel.kind == kind and not rel.external), None)

    @cached_property
    def workbook(self) -> str:
        """The name of the workbook part."""
        return self.target("", "officeDocument") or "xl/workbook.xml"

    @cached_property
    def sheets(self) -> list[tuple[str, str, Any]]:
        """Name, part and kind-less ``<sheet>`` element of every sheet, in order; the part may be missing ("")."""
        root = self.tree(self.workbook)
        if root is None:
            return []
        by_id = {rel.id: rel for rel in self.rels(self.workbook)}
        found = []
        for element in root.iterfind("{*}sheets/{*}sheet"):
            rel = by_id.get(rel_id(element))
            found.append((element.get("name", ""), rel.target if rel is not None else "", element))
        return found

    @cached_property
    def worksheets(self) -> list[tuple[str, str, Any]]:
        """Name, part and root element of every worksheet that could be read (no chart or dialog sheets)."""
        found = []
        for name, part, _ in self.sheets:
            root = self.tree(part) if part else None
            if root is not None and local(root) == "worksheet":
                found.append((name, part, root))
        return found

    @cached_property
    def tables(self) -> list[tuple[str, str, Any]]:
        """Sheet, part and root element of every table."""
        found = []
        for sheet, part, _ in self.worksheets:
            for rel in self.rels(part):
                root = self.tree(rel.target) if rel.kind == "table" else None
                if root is not None:
                    found.append((sheet, rel.target, root))
        return found

    @cached_property
    def strings(self) -> list[str]:
        """The shared strings, in order."""
        root = self.tree(self.target(self.workbook, "sharedStrings") or "xl/sharedStrings.xml")
        return [] if root is None else [text_of(item) for item in root.iterfind("{*}si")]

    @cached_property
    def styles(self) -> Any:
        """The root of the styles part, or None."""
        return self.tree(self.target(self.workbook, "styles") or "xl/styles.xml")

    @cached_property
    def has_macros(self) -> bool:
        """Whether a VBA project comes with the workbook."""
        return self.target(self.workbook, "vbaProject") is not None

    def style_count(self, group: str) -> int:
        """How many children a group of the styles part has (cellXfs, dxfs, fonts …)."""
        found = self.styles.find("{*}" + group) if self.styles is not None else None
        return 0 if found is None else len(found.findall("{*}*"))


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for comments and the like."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def rel_id(element: Any) -> str:
    """The r:id of an element, "" when it has none."""
    return next((element.get(f"{{{space}}}id") for space in OFFICE_RELS if f"{{{space}}}id" in element.attrib), "")


def text_of(item: Any) -> str:
    """The text of a string item: plain or rich, without phonetic runs; ``_x000D_`` and the like are decoded."""
    parts = [t.text or "" for t in item.iterfind("{*}t")] + [t.text or "" for t in item.iterfind("{*}r/{*}t")]
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), "".join(parts))


def box(ref: str) -> Box | None:
    """A range as numbers, None when it is none or leaves the sheet."""
    if match := _RANGE.match(ref):
        first = (int(match[2]), column(match[1]))
        last = (int(match[4]), column(match[3])) if match[3] else first
        found = (*first, *last)
    elif match := _COLUMNS.match(ref):
        found = (1, column(match[1]), MAX_ROW, column(match[2]))
    elif match := _ROWS.match(ref):
        found = (int(match[1]), 1, int(match[2]), MAX_COLUMN)
    else:
        return None
    row, left, bottom, right = found
    return found if 1 <= row <= bottom <= MAX_ROW and 1 <= left <= right <= MAX_COLUMN else None


def overlap(one: Box, other: Box) -> bool:
    """Whether two ranges share a cell."""
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def overlapping(boxes: list[tuple[str, Box]]) -> Iterator[tuple[str, str]]:
    """The pairs of named ranges that share a cell (sorted by first row, so that long lists stay quick)."""
    ordered = sorted(boxes, key=lambda item: item[1])
    for at, (name, one) in enumerate(ordered):
        for other_name, other in ordered[at + 1 :]:
            if other[0] > one[2]:
                break
            if overlap(one, other):
                yield name, other_name


def twice(values: list[str]) -> list[str]:
    """The values that occur more than once, whatever their case, each once."""
    seen: set[str] = set()
    found: dict[str, str] = {}
    for value in values:
        if value.casefold() in seen:
            found.setdefault(value.casefold(), value)
        seen.add(value.casefold())
    return list(found.values())
