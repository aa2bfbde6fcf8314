"""Rows new below a table's end, read back from what a reader of the whole workbook found in it.

The reader tells that each cell holds its value; the tags, counted, tell that the rows hold nothing else. Whoever has
the workbook read next in any case gets its rows checked for little: 100,000 of 17 columns in 0.4 s, where looking at
each row takes 2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from iku_excel.cells import Cell
from iku_excel.edits import Value
from iku_excel.xlsx.reader import TableData
from iku_excel.xlsx.rowparts import Keep, Line

_SURROGATE = re.compile("[\ud800-\udfff]")
_ROW = re.compile(rb'<row r="(\d+)"')


def held(table: TableData, columns: Sequence[int], first: int, lines: Sequence[Line]) -> int | None:
    """How many cells of new rows hold something; None where the reader found anything else than was written.

    ``columns`` of the sheet have the values ``lines`` in the rows from ``first`` on.
    """
    count, at = 0, first - table.first_row
    for column, values in zip(columns, zip(*lines, strict=True), strict=True):
        found = table.column(table.headings[column - table.first_col])[at:]
        found += [None] * (len(lines) - len(found))  # the reader stops at the last row that holds anything
        if not _as_meant(found, values):
            return None
        count += len(found) - found.count(None)
    return count


def _as_meant(found: list[Cell], values: Sequence[Value | Keep]) -> bool:
    """Whether cells hold what was written; mostly they are equal to it."""
    return bool not in set(map(type, found)) and (found == list(values) or found == meant(values))  # True == 1


def meant(values: Sequence[Value | Keep]) -> list[Cell]:
    """What a reader finds where values were written."""
    return [
        value or None if type(value) is str and value.isascii() else None if value is None else _one_meant(value)
        for value in values
    ]


def _one_meant(value: Value | Keep) -> Cell:
    if isinstance(value, Keep) or value is None:
        return None
    if isinstance(value, str):
        if _SURROGATE.search(value):  # no reader keeps half a character
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return value
    return float(value)


def stretch(xml: bytes, start: int, end: int, numbers: range, filled: int) -> tuple[int, int] | None:
    """Where in a sheet's cells rows of these numbers stand that reach to ``end`` and hold nothing but so many values;
    None where that can't be said: there may be formulas, other tags, or rows in a form that isn't ours."""
    begin = xml.find(b'<row r="%d"' % numbers.start, start, end)
    if begin < 0 or not xml.endswith(b"</row>", begin, end):
        return None
    plain, texts = xml.count(b"<v>", begin, end), xml.count(b"<is><t", begin, end)
    tags = 2 * len(numbers) + xml.count(b"<c ", begin, end) + xml.count(b"</c>", begin, end) + 2 * plain + 4 * texts
    if plain + texts != filled or xml.count(b"<", begin, end) != tags:
        return None
    found = _ROW.findall(xml, begin, end)
    return (begin, end) if found == [b"%d" % number for number in numbers] else None
