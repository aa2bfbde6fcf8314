"""A package on its way to another one: parts that come, change or go, with their content types and relationships.

Nothing is written before ``data``; every part that nobody touches stays as it is, to the byte.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from itertools import count
from urllib.parse import unquote
from xml.sax.saxutils import quoteattr

from iku_excel.findings import Refusal
from iku_excel.xlsx.package import Package, children, parse

CONTENT_TYPES = "[Content_Types].xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


@dataclass(frozen=True, slots=True)
class Tie:
    """One relationship: its id, its whole type, and the part's name or, when ``external``, the address."""

    rid: str
    type: str
    target: str
    external: bool


def ties(package: Package, part: str) -> tuple[Tie, ...]:
    """The relationships of a part with their whole types; the package's own resolution of targets."""
    name = rels_name(part)
    if not package.has(name):
        return ()
    resolved = package.rels(part)
    return tuple(
        Tie(rid, element.get("Type", ""), resolved[rid].target, resolved[rid].external)
        for element in package.xml(name)
        if (rid := element.get("Id", "")) in resolved
    )


def rels_name(part: str) -> str:
    """The name of the part that holds another part's relationships."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", base + ".rels")


def content_type(package: Package, part: str) -> str:
    """The content type of a part, "" when none is declared."""
    return _content_type(package.read(CONTENT_TYPES), part)


class Draft:
    """Changes to one package, gathered. ``Refusal`` where the package must not be written at all."""

    def __init__(self, package: Package) -> None:
        package.require_writable()
        self.package = package
        self.parts: dict[str, bytes | None] = {}

    def has(self, name: str) -> bool:
        """Whether there is, or will be, a part of that name."""
        wanted = name.lower()
        known = {key.lower(): content for key, content in self.parts.items()}
        return known[wanted] is not None if wanted in known else self.package.has(name)

    def read(self, name: str) -> bytes:
        """The part as it stands in the draft."""
        for key, content in self.parts.items():
            if key.lower() == name.lower() and content is not None:
                return content
        return self.package.read(name)

    def put(self, name: str, content: bytes) -> None:
        """Other bytes for a part that is there."""
        if content != self.read(name):
            self.parts[name] = content

    def add(self, name: str, content: bytes, kind: str) -> None:
        """A new part of this content type."""
        if self.has(name):
            raise ValueError(f"{name} is taken")
        self.parts[name] = content
        types = self.read(CONTENT_TYPES)
        if _content_type(types, name) == kind:
            return
        ending = name.rpartition(".")[2]
        if ending.lower() in ("xml", "rels") or _content_type(types, "x." + ending):
            made = f'Override PartName="/{name}" ContentType={quoteattr(kind)}/>'
        else:
            made = f'Default Extension="{ending}" ContentType={quoteattr(kind)}/>'
        self.put(CONTENT_TYPES, _appended(types, "Types", made))

    def remove(self, name: str) -> None:
        """Take out a part with its relationships and its content type; whoever relates to it is the caller's care."""
        for part in (name, rels_name(name)):
            if self.package.has(part):
                self.parts[part] = None
            else:
                self.parts.pop(part, None)
        pattern = rb"<(?:[\w.-]+:)?Override\s[^>]*PartName\s*=\s*[\"']/%b[\"'][^>]*/>" % re.escape(name.encode())
        self.put(CONTENT_TYPES, re.sub(pattern, b"", self.read(CONTENT_TYPES), flags=re.IGNORECASE))

    def free(self, pattern: str) -> str:
        """The first name of the pattern ("xl/charts/chart{}.xml") that no part has."""
        return next(name for number in count(1) if not self.has(name := pattern.format(number)))

    def ties(self, part: str) -> tuple[Tie, ...]:
        """The relationships of a part as they stand in the draft."""
        name = rels_name(part)
        if self.parts.get(name) is None:
            return ties(self.package, part)
        folder = posixpath.dirname(part)
        found = []
        for element in parse(self.read(name), name):
            external = element.get("TargetMode") == "External"
            target = element.get("Target", "")
            if not external:
                target = unquote(posixpath.normpath(posixpath.join("/" + folder, target)).lstrip("/"))
            found.append(Tie(element.get("Id", ""), element.get("Type", ""), target, external))
        return tuple(found)

    def relate(self, part: str, kind: str, target: str, *, external: bool = False, rid: str | None = None) -> str:
        """Relate a part to another one, or to an address outside; returns the relationship's id."""
        used = {tie.rid for tie in self.ties(part)}
        if rid is None or rid in used:
            rid = next(f"rId{n}" for n in count(len(used) + 1) if f"rId{n}" not in used)
        spelled = target if external else posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
        mode = ' TargetMode="External"' if external else ""
        made = f'Relationship Id="{rid}" Type={quoteattr(kind)} Target={quoteattr(spelled)}{mode}/>'
        name = rels_name(part)
        if self.has(name):
            self.parts[name] = _appended(self.read(name), "Relationships", made)
        else:
            empty = f'<Relationships xmlns="{_PACKAGE}"></Relationships>'.encode()
            self.parts[name] = _HEAD + _appended(empty, "Relationships", made)
        return rid

    def unrelate(self, part: str, rid: str) -> None:
        """Take out one relationship."""
        pattern = rb"<(?:[\w.-]+:)?Relationship\s[^>]*\bId\s*=\s*[\"']%b[\"'][^>]*/>" % re.escape(rid.encode())
        name = rels_name(part)
        self.put(name, re.sub(pattern, b"", self.read(name)))

    @property
    def data(self) -> bytes:
        """The new file."""
        return self.package.with_parts(self.parts)


def _content_type(types: bytes, part: str) -> str:
    root = parse(types, CONTENT_TYPES)
    for element in children(root, "Override"):
        if element.get("PartName", "").lstrip("/").lower() == part.lower():
            return element.get("ContentType", "")
    ending = part.rpartition(".")[2].lower()
    for element in children(root, "Default"):
        if element.get("Extension", "").lower() == ending:
            return element.get("ContentType", "")
    return ""


def _appended(xml: bytes, root: str, element: str) -> bytes:
    """The part with one more element (spelled without its "<") at its end, in the prefix of its root."""
    found = re.search(rb"<((?:[\w.-]+:)?)%b(?=[\s/>])[^>]*>" % root.encode(), xml)
    if found is None:
        raise Refusal(
            "berkas-rusak",
            "Daftar bagian dari berkas ini rusak.",
            "Buka berkas di Excel, simpan kembali sebagai .xlsx, atau pakai salinan cadangan.",
        )
    made = b"<" + found[1] + element.encode()
    if found[0].endswith(b"/>"):
        whole = found[0][:-2].rstrip() + b">" + made + b"</%b%b>" % (found[1], root.encode())
        return xml[: found.start()] + whole + xml[found.end() :]
    at = xml.rindex(b"</%b%b" % (found[1], root.encode()))
    return xml[:at] + made + xml[at:]
