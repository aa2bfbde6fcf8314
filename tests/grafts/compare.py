"""What a filled workbook has lost of the one before: read with zipfile and lxml alone, member by member."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Collection, Iterator, Mapping
from itertools import zip_longest
from typing import Any

from tests.chart_book import charts_of, cut

from .parts import TYPES, WORKBOOK, Parts

WORKBOOK_RELS = "xl/_rels/workbook.xml.rels"
CHAIN = "xl/calcChain.xml"
_DATA = re.compile(rb"<sheetData[ >].*</sheetData>", re.DOTALL)
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"')


def losses(before: bytes, after: bytes, edited: Mapping[str, Collection[str]], *, chain: bool = False) -> list[str]:
    """All differences but those that filling may make; empty when nothing was lost.

    Our own charts on Ringkasan may keep other values.

    ``edited``: the cells that filling says it changed, by sheet. ``chain``: it may drop calcChain. Recalculation
    on opening may be asked for anywhere; whether it must be is another question.
    """
    sheets = {Parts(before).sheet(name): cells for name, cells in edited.items()}
    charts = {chart.part for name, chart in charts_of(before).items() if name.startswith("IKU ")}
    with zipfile.ZipFile(io.BytesIO(before)) as one, zipfile.ZipFile(io.BytesIO(after)) as two:
        dropped = chain and CHAIN not in two.namelist()
        kept = [name for name in one.namelist() if not (dropped and name == CHAIN)]
        found = [f"member {name} is gone" for name in kept if name not in two.namelist()]
        found += [f"member {name} is new" for name in two.namelist() if name not in kept]
        if not found and two.namelist() != kept:
            found.append("the members stand in another order")
        for name in kept:
            if name not in two.namelist() or _raw(before, one, name) == _raw(after, two, name):
                continue
            old, new = one.read(name), two.read(name)
            if name in sheets:
                found += [f"{name}: {loss}" for loss in _sheet(old, new, sheets[name])]
            elif name == WORKBOOK:
                found += [f"{name}: {loss}" for loss in _unequal(_workbook(old), _workbook(new))]
            elif dropped and name in (TYPES, WORKBOOK_RELS):
                old = re.sub(rb'<(?:Override|Relationship) [^>]*calcChain[^>]*"/>', b"", old)
                found += [f"{name}: more than the calculation chain left it"] if old != new else []
            elif name in charts:
                found += [f"{name}: more than the values that it keeps"] if cut(old) != cut(new) else []
            else:
                found.append(f"{name}: {'other content' if old != new else 'packed anew'}")
    return found


def _raw(data: bytes, archive: zipfile.ZipFile, name: str) -> tuple[bytes, int, int, object]:
    """A member's compressed bytes as they lie in the file, its checksum, method and date."""
    info = archive.getinfo(name)
    name_length, extra_length = struct.unpack_from("<HH", data, info.header_offset + 26)
    start = info.header_offset + 30 + name_length + extra_length
    return data[start : start + info.compress_size], info.CRC, info.compress_type, info.date_time


def _sheet(old: bytes, new: bytes, edited: Collection[str]) -> Iterator[str]:
    """Outside the cells: the same bytes. Inside: the same rows and cells, but for the edited ones."""
    for place, name in ((0, "before the cells"), (1, "after the cells")):
        parts = [_DIMENSION.sub(b"<dimension", _DATA.split(xml, maxsplit=1)[place]) for xml in (old, new)]
        if parts[0] != parts[1]:
            yield f"other bytes {name}"
    one, two = _without(old, edited), _without(new, edited)
    yield from _unequal(one, two)
    yield from _styles(old, new, edited)


def _without(xml: bytes, edited: Collection[str]) -> Any:
    """The sheet's tree without the edited cells, the rows that then are empty and bare, and the rows' spans."""
    from lxml import etree

    root = etree.fromstring(xml)
    dimension = root.find("{*}dimension")
    if dimension is not None:
        dimension.attrib.pop("ref")
    data = root.find("{*}sheetData")
    for row in list(data):
        for cell in list(row):
            if cell.get("r") in edited:
                row.remove(cell)
        if len(row) == 0 and set(row.attrib) <= {"r", "spans"}:
            data.remove(row)
        row.attrib.pop("spans", None)
    return root


def _styles(old: bytes, new: bytes, edited: Collection[str]) -> Iterator[str]:
    """An edited cell that was there keeps its style."""
    from lxml import etree

    was = {cell.get("r"): cell.get("s") for cell in etree.fromstring(old).iter("{*}c")}
    for cell in etree.fromstring(new).iter("{*}c"):
        ref = cell.get("r")
        if ref in edited and ref in was and cell.get("s") != was[ref]:
            yield f"{ref} has the style {cell.get('s')} instead of {was[ref]}"


def _workbook(xml: bytes) -> Any:
    """The workbook's tree without what asks for recalculation."""
    from lxml import etree

    root = etree.fromstring(xml)
    for calc in root.iterfind("{*}calcPr"):
        calc.attrib.pop("fullCalcOnLoad", None)
        if not calc.attrib:
            root.remove(calc)
    return root


def _unequal(one: Any, two: Any) -> Iterator[str]:
    """The elements that differ, by name, prefix, attributes, text or number."""
    pairs = list(zip_longest(one.iter(), two.iter()))
    for a, b in pairs:
        if a is None or b is None:
            yield f"an element {(b if a is None else a).tag} more or less"
            return
        same = (a.tag, a.prefix, dict(a.attrib), a.text, a.tail) == (b.tag, b.prefix, dict(b.attrib), b.text, b.tail)
        if not same or a.nsmap != b.nsmap:
            yield f"{a.tag} {dict(a.attrib)} became {b.tag} {dict(b.attrib)}"
            return
