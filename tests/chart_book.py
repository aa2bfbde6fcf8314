"""Looks into the charts of a workbook, by none of our code: zipfile and lxml alone."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import Any

from lxml import etree


def members(data: bytes) -> dict[str, bytes]:
    """Every member of the file by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


ENDS = ("from", "to")


@dataclass(frozen=True)
class Chart:
    """One chart: the name and text of its frame, its anchor (column and row from 0, both ends), its part's root."""

    name: str
    text: str
    anchor: tuple[tuple[int, int], tuple[int, int]]
    part: str
    root: Any

    def references(self) -> list[tuple[str, dict[int, str], int]]:
        """(formula, stored values by place, count of places) of each reference to cells."""
        found = []
        for ref in self.root.iter("{*}numRef", "{*}strRef"):
            points = {int(pt.get("idx")): pt.findtext("{*}v") for pt in ref.iterfind("*/{*}pt")}
            count = ref.find("*/{*}ptCount")
            found.append((ref.findtext("{*}f"), points, -1 if count is None else int(count.get("val"))))
        return found


def charts_of(data: bytes, sheet: str = "Ringkasan") -> dict[str, Chart]:
    """The charts on a sheet by name."""
    parts = members(data)
    book = etree.fromstring(parts["xl/workbook.xml"])
    rid = next(_rid(e) for e in book.iter("{*}sheet") if e.get("name") == sheet)
    part = _targets(parts, "xl/workbook.xml")[rid]
    found = {}
    for drawing in (t for t in _targets(parts, part).values() if "/drawings/drawing" in t and t.endswith(".xml")):
        charts = _targets(parts, drawing)
        for frame in etree.fromstring(parts[drawing]).iter("{*}graphicFrame"):
            about, ends = frame.find("*/{*}cNvPr"), frame.getparent()
            first, last = (
                tuple(int(ends.findtext(f"{{*}}{end}/{{*}}{side}")) for side in ("col", "row"))
                for end in ("from", "to")
            )
            target = charts[_rid(next(frame.iter("{http://schemas.openxmlformats.org/drawingml/2006/chart}chart")))]
            name = about.get("name")
            found[name] = Chart(name, about.get("descr", ""), (first, last), target, etree.fromstring(parts[target]))
    return found


def cells_of(formula: str) -> tuple[str, list[str]]:
    """Sheet and cells of "Ringkasan!$A$1:$A$3"."""
    sheet, _, area = formula.replace("$", "").partition("!")
    first, _, last = area.partition(":")
    column, top = re.fullmatch(r"([A-Z]+)(\d+)", first).groups()
    bottom = re.sub(r"\D", "", last or first)
    return sheet, [f"{column}{row}" for row in range(int(top), int(bottom) + 1)]


def cut(xml: bytes) -> bytes:
    """A chart part without the values that it keeps."""
    return re.sub(rb"<((?:\w+:)?(?:num|str)Cache)>.*?</\1>", b"", xml, flags=re.DOTALL)


def colours(png: bytes) -> Counter[tuple[int, int, int]]:
    """How many pixels of each colour an RGB picture of 8 bits has."""
    chunks, at = b"", 8
    while at < len(png):
        size, kind = struct.unpack(">I4s", png[at : at + 8])
        chunks += png[at + 8 : at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    width, _, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (depth, colour) == (8, 2)
    raw, step, before = zlib.decompress(chunks), 3 * width, bytearray(3 * width)
    found: Counter[tuple[int, int, int]] = Counter()
    for start in range(0, len(raw), step + 1):
        kind_, row = raw[start], bytearray(raw[start + 1 : start + 1 + step])
        for i in range(step) if kind_ else ():
            left, up, corner = (row[i - 3], before[i], before[i - 3]) if i > 2 else (0, before[i], 0)
            row[i] = (row[i] + _predicted(kind_, left, up, corner)) & 255
        found.update(zip(row[::3], row[1::3], row[2::3], strict=True))
        before = row
    return found


def _predicted(kind: int, left: int, up: int, corner: int) -> int:
    if kind < 4:
        return (0, left, up, (left + up) // 2)[kind]
    guess = left + up - corner
    return min((left, up, corner), key=lambda value: abs(guess - value))


def _rid(element: Any) -> str:
    return next(value for key, value in element.attrib.items() if key.endswith("}id"))


def _targets(parts: dict[str, bytes], part: str) -> dict[str, str]:
    folder, base = posixpath.split(part)
    name = f"{folder}/_rels/{base}.rels"
    if name not in parts:
        return {}
    return {
        rel.get("Id"): posixpath.normpath(posixpath.join("/" + folder, rel.get("Target"))).lstrip("/")
        for rel in etree.fromstring(parts[name])
        if rel.get("TargetMode") != "External"
    }
