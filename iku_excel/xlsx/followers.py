"""What follows a table's last row when the table grows: rules on cells, names, charts.

A range follows when it covers the table's last row and lies in its columns; a name or a chart only when it
means a whole column and ends exactly there, as it would in Excel. Everything else stays as spelled.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from xml.sax.saxutils import escape

from iku_excel.xlsx.cellxml import ATTRIBUTE, ATTRIBUTES, attributes, text_of
from iku_excel.xlsx.grid import Area, area, letters
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.shifting import stretched

Splice = tuple[int, int, bytes]
"""Where bytes are replaced, from and to, and by what."""

_RULES = rb"dataValidation|conditionalFormatting|ignoredError|protectedRange"
_SPARKLINES = re.compile(rb"<([\w.-]+:)?sparkline(?=[\s>]).*?</(?:[\w.-]+:)?sparkline\s*>", re.DOTALL)
_X14_SQREF = re.compile(rb"<(?:[\w.-]+:)sqref\s*>([^<]*)</")


@dataclass(frozen=True, slots=True)
class Growing:
    """A table that grows: where it lies on its sheet, its first data row, and its new last row."""

    sheet: str
    table: Area
    first: int
    bottom: int

    def covers(self, found: Area) -> bool:
        """Whether a range reaches the table's last row in its columns but not the new last one."""
        own = found.left <= self.table.right and self.table.left <= found.right
        return own and found.top <= self.table.bottom <= found.bottom < self.bottom

    def whole_column(self, found: Area) -> bool:
        """Whether a range is columns of the table from the first row to exactly the last."""
        own = self.table.left <= found.left and found.right <= self.table.right
        return own and self.table.top <= found.top <= self.first and found.bottom == self.table.bottom


def spliced(xml: bytes, splices: list[Splice]) -> bytes:
    """The bytes with the splices in them."""
    out, at = [], 0
    for start, end, content in sorted(splices):
        out += [xml[at:start], content]
        at = end
    return b"".join([*out, xml[at:]])


def rule_splices(xml: bytes, start: int, prefix: bytes, growing: Growing) -> Iterator[Splice]:
    """The ``sqref`` of validations, conditional formats, ignored errors and protected ranges behind ``start``."""
    found = list(_sqrefs(xml, start, prefix))
    lists = {at: list(_areas(xml[at:end])) for at, end, _ in found}
    fenced = [covered for at, _, kind in found if kind == b"dataValidation" for covered in lists[at]]
    for at, end, kind in found:
        limits = fenced if kind == b"dataValidation" else []
        made = b" ".join(_sqref(covered, growing, limits) for covered in lists[at])
        if any(growing.covers(covered) for covered in lists[at]) and made != xml[at:end]:
            yield at, end, made


def _sqrefs(xml: bytes, start: int, prefix: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Where the lists of ranges stand, and in what kind of element."""
    pattern = re.compile(rb"<%b(%b)(?=\s)%b" % (re.escape(prefix), _RULES, ATTRIBUTES))
    for element in pattern.finditer(xml, start):
        for attribute in ATTRIBUTE.finditer(xml, element.start(2), element.end(2)):
            if attribute[1] == b"sqref":
                yield *attribute.span(2 if attribute[2] is not None else 3), element[1]
    extension = xml.find(b"sqref>", start)
    if extension >= 0:
        small = [found.span() for found in _SPARKLINES.finditer(xml, start)]  # a sparkline stands in one cell
        for found in _X14_SQREF.finditer(xml, start):
            if not any(low <= found.start() < high for low, high in small):
                yield *found.span(1), b"x14"


def _areas(sqref: bytes) -> Iterator[Area]:
    for ref in sqref.split():
        try:
            yield area(ref.decode())
        except ValueError:  # whole columns or rows: they need not grow
            yield Area(0, 0, 0, 0, ref.decode("utf-8", "replace"))


def _sqref(covered: Area, growing: Growing, fenced: list[Area]) -> bytes:
    """The range, longer if it follows; two validations must not share a cell, so it ends before the next."""
    if not growing.covers(covered):
        return covered.ref.encode()
    bottom = growing.bottom
    for other in fenced:
        if other.left <= covered.right and covered.left <= other.right and covered.bottom < other.top <= bottom:
            bottom = other.top - 1
    return f"{letters(covered.left)}{covered.top}:{letters(covered.right)}{bottom}".encode()


def name_splices(xml: bytes, growing: Growing) -> Iterator[Splice]:
    """The defined names in the workbook part that end with the table, and the print area of its sheet."""
    pattern = re.compile(rb"<(?:[\w.-]+:)?definedName(?=\s)%b>([^<]*)</" % ATTRIBUTES)
    for found in pattern.finditer(xml):
        name = attributes(found[1]).get(b"name", b"")
        if name == b"_xlnm._FilterDatabase":
            continue
        follows = growing.covers if name == b"_xlnm.Print_Area" else growing.whole_column
        text = text_of(found[2])
        new = _followed(text, growing, follows)
        if new != text:
            yield *found.span(2), escape(new).encode()


def _followed(text: str, growing: Growing, follows: Callable[[Area], bool]) -> str:
    return stretched(text, growing.sheet, lambda found: growing.bottom if follows(found) else None)


def chart_parts(package: Package, growing: Growing) -> Iterator[tuple[str, bytes]]:
    """The charts whose series end with the table, with their new XML. Excel reads the figures anew on opening."""
    mark = b"$%d" % growing.table.bottom
    pattern = re.compile(rb"<(?:[\w.-]+:)?f(?=[\s>])%b>([^<]*)</" % ATTRIBUTES)
    for name in package.names:
        if "/charts/" not in name.casefold() or not name.casefold().endswith(".xml"):
            continue
        xml = package.read(name)
        if mark not in xml:
            continue
        splices = []
        for found in pattern.finditer(xml):
            text = text_of(found[2])
            new = _followed(text, growing, growing.whole_column)
            if new != text:
                splices.append((*found.span(2), escape(new).encode()))
        if splices:
            yield name, spliced(xml, splices)


def renewed_table(xml: bytes, growing: Growing) -> bytes:
    """The table's part with its ref, its filter's and its sort's reaching to the new last row."""
    old = growing.table
    splices = []
    pattern = re.compile(rb"<(?:[\w.-]+:)?(table|autoFilter|sortState)(?=\s)%b" % ATTRIBUTES)
    for element in pattern.finditer(xml):
        for attribute in ATTRIBUTE.finditer(xml, element.start(2), element.end(2)):
            value = attribute[2] if attribute[2] is not None else attribute[3]
            if attribute[1] == b"ref":
                covered = area(value.decode())
                if covered.bottom == old.bottom:
                    span = attribute.span(2 if attribute[2] is not None else 3)
                    top = f"{letters(covered.left)}{covered.top}"
                    splices.append((*span, f"{top}:{letters(covered.right)}{growing.bottom}".encode()))
            elif attribute[1] == b"insertRow":  # the row that Excel offers in an empty table is a row like others now
                splices.append((*attribute.span(), b""))
    return spliced(xml, splices)
