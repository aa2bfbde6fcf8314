"""The look of cells taken over from another workbook: its styles found again in, or appended to, the styles here.

Nothing is renumbered: fonts, fills, borders, number formats, cell styles and the formats of conditional rules are
reused where an equal one is there, and appended where none is. A theme colour means the theme of the new home.
"""

from __future__ import annotations

from functools import cached_property
from typing import TypeAlias

from iku_excel.findings import Refusal
from iku_excel.xlsx.elements import (
    STYLE_ORDER,
    Child,
    Tree,
    at_home,
    attributes_of,
    inside,
    namespaces,
    prefixed,
    with_attribute,
)
from iku_excel.xlsx.package import Element, Package, children, local, parse
from iku_excel.xlsx.styles import FIRST_CUSTOM, MAX_STYLES, StyleBook

Key: TypeAlias = tuple[str, frozenset[tuple[str, str]], tuple["Key", ...]]
"""What an element means, however a program spells it."""

_PARTS = {"font": "fonts", "fill": "fills", "border": "borders"}
_FLAGS = {
    "numFmtId": "applyNumberFormat", "fontId": "applyFont", "fillId": "applyFill", "borderId": "applyBorder",
}  # fmt: skip
_SWITCHES = frozenset({"b", "i", "strike", "outline", "shadow", "condense", "extend"})
_ZERO = frozenset({
    "pivotButton", "quotePrefix", "hidden", "wrapText", "shrinkToFit", "textRotation", "indent", "justifyLastLine",
    "readingOrder", "diagonalUp", "diagonalDown",
})  # fmt: skip
"""Attributes whose value 0 is their default, written by some programs and left out by others."""
_GONE_WHEN_BARE = frozenset({
    "protection", "alignment", "left", "right", "top", "bottom", "diagonal", "start", "end", "vertical", "horizontal",
    "patternFill",
})  # fmt: skip


def key_of(element: Element) -> Key:
    """The element's meaning: defaults left out, a font's children in no order."""
    name = local(element)
    inner = [key_of(child) for child in element]
    found = {}
    for key, value in element.attrib.items():
        if key.startswith("{"):
            continue
        value = {"true": "1", "false": "0"}.get(value, value)
        default = (
            (key in _ZERO and value == "0")
            or (key == "locked" and value == "1")
            or (key.startswith("apply") and value == "1")
            or (name in _SWITCHES and key == "val" and value == "1")
            or (name == "patternFill" and (key, value) == ("patternType", "none"))
            or (name == "protection" and value == "")
        )
        if not default:
            found[key] = value.upper() if key == "rgb" else value
    if name == "patternFill":
        inner = [child for child in inner if child != ("bgColor", frozenset({("indexed", "64")}), ())]
    inner = [child for child in inner if child[0] not in _GONE_WHEN_BARE or child[1] or child[2]]
    if name == "font":
        inner.sort(key=repr)
    return name, frozenset(found.items()), tuple(inner)


class _List:
    """One of the lists of a styles part: the bytes of its members, their keys, and what was added."""

    def __init__(self, tree: Tree, root: Element, name: str, member: str) -> None:
        self.name, self.member = name, member
        found = tree.first(name)
        self.members = [child for child in inside(found).children if child.name == member] if found else []
        elements = list(children(root, name, member))
        if len(elements) != len(self.members):
            raise StyleBook.strange()
        self.elements = elements
        self.added: list[bytes] = []
        self.count = len(elements)

    @cached_property
    def keys(self) -> dict[Key, int]:
        """The first member of each meaning."""
        found: dict[Key, int] = {}
        for number, element in enumerate(self.elements):
            found.setdefault(key_of(element), number)
        return found

    def add(self, key: Key, xml: bytes) -> int:
        """The number of the member with this meaning, appended if there is none."""
        known = self.keys.get(key)
        if known is not None:
            return known
        self.added.append(xml)
        self.keys[key] = self.count
        self.count += 1
        return self.count - 1


class _Styles:
    """A styles part taken apart."""

    def __init__(self, xml: bytes) -> None:
        try:
            self.tree = Tree.of(xml, "styles.xml")
        except ValueError as error:
            raise StyleBook.strange() from error
        self.root = parse(xml, "styles.xml")
        self.spaces = namespaces(self.tree.opening)
        self.lists = {name: _List(self.tree, self.root, name, member) for member, name in _PARTS.items()}
        self.lists["cellXfs"] = _List(self.tree, self.root, "cellXfs", "xf")
        self.lists["dxfs"] = _List(self.tree, self.root, "dxfs", "dxf")
        formats = children(self.root, "numFmts", "numFmt")
        self.codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in formats}


class StyleGraft:
    """Takes looks of a donor's styles part into another one. ``xml`` is the result, for the place of ``target``."""

    def __init__(self, target: bytes, donor: bytes) -> None:
        self._original = target
        self._target, self._donor = _Styles(target), _Styles(donor)
        if self._donor.tree.prefix:
            raise ValueError("a donor's styles are spelled without prefixes")
        numbers = [int(n) for e in self._target.root.iter() if (n := e.get("numFmtId", "")).isdigit()]
        self._last_format = max([FIRST_CUSTOM - 1, *numbers])
        self._new_formats: list[bytes] = []
        self._styles: dict[int, int] = {}
        self._formats: dict[int, int] = {}

    @classmethod
    def between(cls, target: Package, donor: Package) -> StyleGraft:
        """For two packages; ``Refusal`` when the target has no styles part that can be extended."""
        if target.styles_part is None:
            raise StyleBook.strange()
        if donor.styles_part is None:
            raise ValueError("the donor has no styles")
        return cls(target.read(target.styles_part), donor.read(donor.styles_part))

    def style(self, number: int) -> int:
        """The cell style here that looks like the donor's; ``Refusal`` "terlalu-banyak-gaya" when there's no room."""
        known = self._styles.get(number)
        if known is None:
            known = self._styles[number] = self._take_style(number)
        return known

    def dxf(self, number: int) -> int:
        """The format of a conditional rule here that looks like the donor's."""
        known = self._formats.get(number)
        if known is None:
            members = self._donor.lists["dxfs"]
            child, element = members.members[number], members.elements[number]
            xml = self._rehoused(child)
            for format_ in children(element, "numFmt"):
                here = self._number_format(format_.get("numFmtId", "0"), format_.get("formatCode", ""))
                xml = xml.replace(b'numFmtId="%b"' % format_.get("numFmtId", "0").encode(), b'numFmtId="%d"' % here)
            known = self._formats[number] = self._target.lists["dxfs"].add(key_of(element), xml)
        return known

    def _take_style(self, number: int) -> int:
        donor, target = self._donor.lists["cellXfs"], self._target.lists["cellXfs"]
        if not 0 <= number < donor.count:
            raise ValueError(f"the donor has no style {number}")
        child = donor.members[number]
        of = attributes_of(child.tag)
        wanted = {"numFmtId": self._number_format(of.get("numFmtId", "0")), "xfId": 0}
        for member, name in _PARTS.items():
            wanted[f"{member}Id"] = self._take(name, int(of.get(f"{member}Id", "0")))
        tag = child.tag
        for attribute, value in wanted.items():
            tag = with_attribute(tag, attribute, str(value))
            if attribute in _FLAGS:  # else LibreOffice takes the look of the named style
                tag = with_attribute(tag, _FLAGS[attribute], "1")
        xml = tag + child.xml[len(child.tag) :]
        key = self._canonical(key_of(self._parsed(xml)))
        at = self._canonical_styles.get(key)
        if at is not None:
            return at
        if target.count >= MAX_STYLES:
            raise Refusal(
                "terlalu-banyak-gaya",
                f"Buku kerja ini sudah memuat {target.count} gaya sel, batas yang diterima Excel.",
                "Hapus gaya sel yang tidak dipakai di Excel, simpan, lalu ulangi.",
            )
        target.added.append(self._rehoused(Child("xf", xml)))
        self._canonical_styles[key] = target.count
        target.count += 1
        return target.count - 1

    @cached_property
    def _canonical_styles(self) -> dict[Key, int]:
        """The cell styles here by meaning; equal fonts under two numbers mean the same."""
        found: dict[Key, int] = {}
        for number, element in enumerate(self._target.lists["cellXfs"].elements):
            found.setdefault(self._canonical(key_of(element)), number)
        return found

    def _canonical(self, key: Key) -> Key:
        name, attributes, inner = key
        of = {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0", "xfId": "0"} | dict(attributes)
        for member, name_ in _PARTS.items():
            at = of[f"{member}Id"]
            of[f"{member}Id"] = str(self._firsts[name_].get(int(at), int(at))) if at.isdigit() else at
        return name, frozenset(of.items()), inner

    @cached_property
    def _firsts(self) -> dict[str, dict[int, int]]:
        """For each font, fill and border here, the first one that looks the same."""
        found = {}
        for name in _PARTS.values():
            members = self._target.lists[name]
            found[name] = {n: members.keys[key_of(e)] for n, e in enumerate(members.elements)}
        return found

    def _take(self, name: str, number: int) -> int:
        members = self._donor.lists[name]
        if number >= members.count:
            return 0
        child = members.members[number]
        return self._target.lists[name].add(key_of(members.elements[number]), self._rehoused(child))

    def _number_format(self, number: str, code: str | None = None) -> int:
        code = self._donor.codes.get(number) if code is None else code
        if code is None or int(number) < FIRST_CUSTOM:
            return int(number)
        for known, its in self._target.codes.items():
            if its == code:
                return int(known)
        self._last_format += 1
        made = with_attribute(b"<numFmt/>", "numFmtId", str(self._last_format))
        self._new_formats.append(with_attribute(made, "formatCode", code))
        self._target.codes[str(self._last_format)] = code
        return self._last_format

    def _rehoused(self, child: Child) -> bytes:
        """The donor's element as the target's part spells its own."""
        home, prefix = self._target.spaces, self._target.tree.prefix
        if prefix:
            return prefixed(child.xml, prefix)
        return at_home(child.xml, self._donor.spaces, home)

    def _parsed(self, xml: bytes) -> Element:
        declared = b"".join(b' xmlns%b="%b"' % (b":" + p if p else b"", u) for p, u in self._donor.spaces.items())
        return parse(b"<a%b>%b</a>" % (declared, xml), "styles.xml")[0]

    @property
    def xml(self) -> bytes:
        """The styles part with what was taken over; the original bytes when everything was there."""
        lists = [found for found in self._target.lists.values() if found.added]
        if not lists and not self._new_formats:
            return self._original
        tree = Tree.of(self._original, "styles.xml")
        for found in lists:
            _extend(tree, found.name, found.added)
        if self._new_formats:
            _extend(tree, "numFmts", [prefixed(xml, tree.prefix) for xml in self._new_formats])
        return tree.xml


def _extend(tree: Tree, name: str, added: list[bytes]) -> None:
    """More members at the end of one of the lists, made if it isn't there."""
    child = tree.first(name)
    if child is None:
        full = tree.prefix + name.encode()
        made = b'<%b count="%d">%b</%b>' % (full, len(added), b"".join(added), full)
        tree.insert(name, made, STYLE_ORDER)
        return
    listed = inside(child)
    listed.children += [Child("", xml) for xml in added]
    count = len(inside(child).children) + len(added)
    if b"count" in listed.opening:
        listed.opening = with_attribute(listed.opening, "count", str(count))
    tree.replace(child, listed.xml)
