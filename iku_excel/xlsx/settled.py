"""Which cells of a sheet already hold, to the byte, what we would write: the quick way of ``sheet``.

A workbook filled before holds nearly all of its figures already. Those cells are found by searching, without
reading them; whatever isn't found exactly so is left to the careful way, which decides for itself. Measured
on the 1,100 cells of a small workbook: 2 ms, where reading every cell takes 9.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from iku_excel.edits import Edit
from iku_excel.xlsx.cellxml import CellParser

Rows = dict[int, dict[int, Edit]]
"""Edits by row and column."""

_STYLE = re.compile(rb'(?: s="\d*")?')


def unsettled(xml: bytes, start: int, close: int, rows: Mapping[int, Mapping[int, Edit]], cells: CellParser) -> Rows:
    """The edits whose cells, between ``start`` and ``close``, do not certainly hold their value and formula.

    Rows and cells are looked for from left to right and top to bottom, so a sheet out of order settles nothing
    that lies before what was found last.
    """
    left: Rows = {}
    at = start
    for number, edits in rows.items():
        row = xml.find(b'<row r="%d"' % number, at, close)
        opened = xml.find(b">", row, close) if row >= 0 else -1
        end = xml.find(b"</row>", opened, close) if opened > 0 and xml[opened - 1] != 47 else opened  # "/"
        if end < 0:
            left[number] = dict(edits)
            continue
        at = opened
        rest: dict[int, Edit] = {}
        for column, edit in edits.items():
            after = _holds(xml, at, end, edit, cells)
            if after < 0:
                rest[column] = edit
            else:
                at = after
        if rest:
            left[number] = rest
        at = end
    return left


def _holds(xml: bytes, at: int, end: int, edit: Edit, cells: CellParser) -> int:
    """Where to search on after the cell if it is spelled as we spell it, else -1."""
    if edit.number_format is not None:
        return -1
    kind, content = cells.write(edit, b"", b"")
    found = xml.find(b'<c r="%b"' % edit.cell.encode(), at, end)
    if found < 0:
        return -1 if content else at
    inside = xml.find(b">", found, end) + 1
    if not content:
        return inside if xml[inside - 2] == 47 or xml.startswith(b"</c>", inside) else -1
    if not xml.startswith(content, inside) or not xml.startswith(b"</c>", inside + len(content)):
        return -1
    attributes = xml[found + 7 + len(edit.cell) : inside - 1]
    if kind:
        attributes, _, stated = attributes.partition(b" t=")
        if stated != b'"%b"' % kind:
            return -1
    elif attributes.endswith(b' t="n"'):
        attributes = attributes[:-6]
    return inside + len(content) if _STYLE.fullmatch(attributes) else -1
