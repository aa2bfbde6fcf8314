"""Shared strings that no cell shows any more, after cells were emptied.

Excel drops them when it saves; until then the text of an emptied cell would still lie in the file, and a register
may have held what nobody but its owner should read. The items stay where they are, empty: cells name their string
by its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iku_excel.xlsx.cellxml import ATTRIBUTES, attributes
from iku_excel.xlsx.package import Package

_CELL = re.compile(rb"<((?:[\w.-]+:)?)c(?=\s)%b>((?:(?!</?(?:[\w.-]+:)?c[\s>/]).)*+)" % ATTRIBUTES, re.DOTALL)
_VALUE = re.compile(rb"<(?:[\w.-]+:)?v(?:\s[^>]*)?>\s*(\d+)\s*</")
_USUAL = re.compile(rb' t="s"><v>(\d+)</v>')
_SHARED = re.compile(rb"<(?:[\w.-]+:)?c(?=\s)[^>]*\st\s*=\s*[\"']s[\"']")


def without_orphans(before: Package, after: Package) -> dict[str, bytes | None]:
    """The parts that change when the strings go that only ``before`` showed; none where that can't be told."""
    part = after.shared_strings_part
    if part is None:
        return {}
    one, two = _used(before), _used(after)
    if one is None or two is None or not one - two:
        return {}
    gone, xml = one - two, after.read(part)
    root = re.search(rb"<((?:[\w.-]+:)?)sst(?=[\s/>])", xml)
    p = root[1] if root else b""
    item = re.compile(rb"<%bsi(?:\s[^>]*)?(?:/>|>.*?</%bsi\s*>)" % (re.escape(p), re.escape(p)), re.DOTALL)
    numbers = iter(range(xml.count(b"<" + p + b"si")))
    blank = b"<%bsi><%bt></%bt></%bsi>" % (p, p, p, p)
    return {part: item.sub(lambda found: blank if next(numbers, -1) in gone else found[0], xml)}


def _used(package: Package) -> set[int] | None:
    """The strings that cells show, by index; None when a sheet is written so that it can't be told."""
    found: set[int] = set()
    for sheet in package.sheets:
        if sheet.part and sheet.kind == "worksheet":
            xml = package.read(sheet.part)
            usual = _USUAL.findall(xml)
            if len(usual) == xml.count(b'"s"') + xml.count(
                b"'s'"
            ):  # no other cell, however spelled, can be of the kind
                found.update(map(int, set(usual)))
                continue
            indices = list(_indices(xml))
            if len(indices) != len(_SHARED.findall(xml)) or b"<!" in xml:
                return None
            found.update(indices)
    return found


def _indices(xml: bytes) -> Iterator[int]:
    for cell in _CELL.finditer(xml):
        if attributes(cell[2]).get(b"t") == b"s" and (value := _VALUE.search(cell[3])):
            yield int(value[1])
