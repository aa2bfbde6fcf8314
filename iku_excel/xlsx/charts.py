"""The values that charts keep of the cells they read: brought up to date in a closed file, and nothing else.

A chart part holds, beside each reference (``<c:f>``), the values that its program last saw there. Previews, phones and
Excel's protected view draw those. Only charts whose name begins with a given word are touched (ours keep their names
when staff restyle or move them), and only references to cells whose values are known. Everything else in the part
stays as it is spelled, whoever wrote it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from iku_excel.cells import CellError
from iku_excel.edits import Value
from iku_excel.findings import Refusal
from iku_excel.xlsx.cellxml import ATTRIBUTE, ATTRIBUTES, CACHE_TOLERANCE, attributes, escape, spell, text_of
from iku_excel.xlsx.grid import letters, place
from iku_excel.xlsx.package import Element, Package, local, parse, unescape

Known: TypeAlias = Callable[[str, str], Value | bool | CellError]
"""What the cell ("AQ6") of one of the named sheets holds, as filling leaves it."""

Points: TypeAlias = dict[int, float | str]
"""The values of a reference by their place from 0; an empty cell and an empty text are no point."""

MOST_CELLS = 1000
"""References to more cells than this are none of ours."""

_RANGE = re.compile(
    r"(?:'((?:[^']|'')+)'|([^'!\[\]():,]+))!\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Z]{1,3})\$?([0-9]{1,7}))?"
)
_ROOT = re.compile(rb"<((?:[\w.-]+:)?)chartSpace(?=[\s/>])")


def refresh_caches(package: Package, sheets: Collection[str], prefix: str, known: Known) -> dict[str, bytes]:
    """The chart parts that change, with their new bytes; empty when every value kept is the cell's already.

    Looked at are the charts on these sheets whose name begins with ``prefix``. A part that can't be understood is
    left as it is: no chart is worth refusing a workbook.
    """
    changed = {}
    cells = KnownCells(sheets, known)
    for part in sorted(set(_chart_parts(package, cells.sheets, prefix))):
        try:
            xml = package.read(part)
        except Refusal:
            continue
        new = refreshed(xml, cells)
        if new is not None:
            changed[part] = new
    return changed


def _chart_parts(package: Package, names: Collection[str], prefix: str) -> Iterator[str]:
    for sheet in package.sheets:
        if sheet.kind != "worksheet" or sheet.name.casefold() not in names:
            continue
        for drawing in package.rels(sheet.part).values():
            if drawing.kind != "drawing" or drawing.external or not package.has(drawing.target):
                continue
            try:
                charts = package.rels(drawing.target)
                rids = _frames(package.read(drawing.target), drawing.target, prefix)
            except Refusal:
                continue
            for rid in rids:
                chart = charts.get(rid)
                if chart is not None and chart.kind == "chart" and not chart.external and package.has(chart.target):
                    yield chart.target


@lru_cache(maxsize=64)  # the workbooks of one template share their drawings, until staff move something
def _frames(content: bytes, name: str, prefix: str) -> tuple[str, ...]:
    """The relationships of the charts in a drawing whose name begins with ``prefix``, grouped ones too."""
    if prefix.encode() not in content:
        return ()
    return tuple(rid for frame in parse(content, name).iter() for rid in _frame(frame, prefix))


def _frame(frame: Element, prefix: str) -> list[str]:
    if local(frame) != "graphicFrame":
        return []
    inside = list(frame.iter())
    if not any(local(e) == "cNvPr" and e.get("name", "").startswith(prefix) for e in inside):
        return []
    return [v for e in inside if local(e) == "chart" for key, v in e.attrib.items() if key.endswith("}id")]


class KnownCells:
    """The cells that references may mean: those of these sheets. Several charts read the same ones."""

    def __init__(self, sheets: Collection[str], known: Known) -> None:
        self.sheets = {sheet.casefold(): sheet for sheet in sheets}
        self._known = known
        self._points: dict[tuple[str, bool], tuple[int, Points] | None] = {}
        self._caches: dict[tuple[bytes, str, bool], bytes] = {}

    def points(self, formula: str, text: bool) -> tuple[int, Points] | None:
        """How many cells the formula refers to, and their values; None when that is not ours to know."""
        key = formula, text
        if key not in self._points:
            self._points[key] = self._read(formula, text)
        return self._points[key]

    def _read(self, formula: str, text: bool) -> tuple[int, Points] | None:
        cells = referred(formula)
        sheet = self.sheets.get(cells[0].casefold()) if cells is not None else None
        if cells is None or sheet is None:
            return None
        points: Points = {}
        for at, cell in enumerate(cells[1]):
            value = self._known(sheet, cell)
            if isinstance(value, str):
                if text and value:
                    points[at] = value
            elif isinstance(value, bool | CellError):
                return None
            elif value is not None:
                number = float(value)
                if text and not number.is_integer():
                    return None  # written as the cell's format has it
                points[at] = spell(number) if text else number
        return len(cells[1]), points

    def usual(self, grammar: _Grammar, formula: str, text: bool, points: tuple[int, Points]) -> bytes:
        """The cache as we write it where there was none: so it stands in most charts, to the byte."""
        key = grammar.prefix, formula, text
        if key not in self._caches:
            self._caches[key] = grammar.cache(text, *points)
        return self._caches[key]


def refreshed(xml: bytes, cells: KnownCells) -> bytes | None:
    """A chart part with the values of its known references, None when it holds them already.

    References inside an ``extLst`` or ``mc:AlternateContent`` are left alone, as are those with an ``extLst`` of
    their own (Excel's hidden points).
    """
    root = _ROOT.search(xml)
    if root is None or b"<!--" in xml or b"<![CDATA[" in xml:
        return None
    grammar = _grammar(root[1])
    pieces, at = [], 0
    for ref in grammar.references(xml):
        points = cells.points(ref.formula, ref.text)
        if points is None or xml.startswith(cells.usual(grammar, ref.formula, ref.text, points), ref.at):
            continue
        stored = grammar.stored(ref)
        if stored is None or grammar.holds(stored, ref.text, *points):
            continue
        pieces += [xml[at : stored.start], grammar.cache(ref.text, *points, stored)]
        at = stored.end
    return b"".join((*pieces, xml[at:])) if pieces else None


@lru_cache(maxsize=512)
def referred(formula: str) -> tuple[str, tuple[str, ...]] | None:
    """Sheet and cells of a reference to one row or column of cells; None for anything else."""
    found = _RANGE.fullmatch(formula.strip())
    if found is None:
        return None
    quoted, plain, *corners = found.groups()
    first, second = f"{corners[0]}{corners[1]}", f"{corners[2] or corners[0]}{corners[3] or corners[1]}"
    try:
        (top, left), (bottom, right) = place(first), place(second)
    except ValueError:
        return None
    count = (bottom - top + 1) * (right - left + 1)
    if top > bottom or left > right or (top != bottom and left != right) or count > MOST_CELLS:
        return None
    cells = tuple(f"{letters(c)}{r}" for r in range(top, bottom + 1) for c in range(left, right + 1))
    return (quoted or plain).replace("''", "'"), cells


@dataclass(frozen=True, slots=True)
class _Reference:
    """One ``numRef`` or ``strRef`` (``text``). ``rest`` is what follows its formula, from ``at`` on."""

    text: bool
    formula: str
    at: int
    rest: bytes


@dataclass(frozen=True, slots=True)
class _Stored:
    """The cache of a reference, from ``start`` to ``end`` (a place for one, where there is none).

    ``head`` is what stands in it before its count of points (a number format), ``count`` that count as spelled,
    ``points`` the values by place, each with its further attributes as spelled.
    """

    start: int
    end: int
    head: bytes
    count: bytes
    points: dict[int, tuple[bytes, str]]


class _Grammar:
    """How a chart part that spells its names with ``prefix`` ("c:" or "") says references and caches."""

    def __init__(self, prefix: bytes) -> None:
        self.prefix = prefix
        p = re.escape(prefix)
        self._marks = re.compile(
            rb"<%b(num|str)Ref(?:\s[^>]*)?(?<!/)>(.*?)</%b\1Ref\s*>"
            rb"|<(/?)(?:[\w.-]+:)?(?:extLst|AlternateContent)(?=[\s/>])[^>]*?(/?)>" % (p, p),
            re.DOTALL,
        )
        self._plain = re.compile(self._marks.pattern.partition(b"|<")[0], re.DOTALL)
        self._formula = re.compile(rb"\s*<%bf(?:\s[^>]*)?>(.*?)</%bf\s*>" % (p, p), re.DOTALL)
        self._cache = re.compile(
            rb"\s*(<%b(num|str)Cache(?:\s[^>]*)?(?:/>|(?<!/)>(.*?)</%b\2Cache\s*>))\s*" % (p, p), re.DOTALL
        )
        self._inside = re.compile(
            rb"(\s*(?:<%bformatCode(?:\s[^>]*)?(?:/>|(?<!/)>.*?</%bformatCode\s*>)\s*)?)"
            rb"(?:<%bptCount%b(?:/>|>\s*</%bptCount\s*>)\s*)?((?:<%bpt[\s>].*?</%bpt\s*>\s*)*)"
            % (p, p, p, ATTRIBUTES, p, p, p),
            re.DOTALL,
        )
        self._point = re.compile(
            rb"<%bpt%b>\s*<%bv(?:\s[^>]*)?(?:/>|(?<!/)>(.*?)</%bv\s*>)\s*</%bpt\s*>" % (p, ATTRIBUTES, p, p, p),
            re.DOTALL,
        )
        self._general = b"<%bformatCode>General</%bformatCode>" % (p, p)

    def references(self, xml: bytes) -> Iterator[_Reference]:
        """Those that lie in no extension and have none of their own, in their order."""
        depth = 0
        extended = b"extLst" in xml or b"AlternateContent" in xml
        for mark in (self._marks if extended else self._plain).finditer(xml):
            kind, body = mark[1], mark[2]
            if kind is None:
                if not mark[4]:
                    depth += -1 if mark[3] else 1
            elif not depth and b"extLst" not in body:
                formula = self._formula.match(body)
                if formula is not None:
                    after = formula.end()
                    yield _Reference(kind == b"str", text_of(formula[1]), mark.start(2) + after, body[after:])

    def stored(self, ref: _Reference) -> _Stored | None:
        """The reference's cache; None when it can't be understood."""
        if not ref.rest.strip():
            return _Stored(ref.at, ref.at, b"" if ref.text else self._general, b"", {})
        cache = self._cache.fullmatch(ref.rest)
        if cache is None or (cache[2] == b"str") != ref.text:
            return None
        content = cache[3] or b""
        inside = self._inside.match(content)
        if inside is None or inside.end() < len(content):
            return None
        head, counting, written = inside.groups()
        points = {}
        for point in self._point.finditer(written):
            index = attributes(point[1]).get(b"idx", b"")
            if not index.isdigit():
                return None
            further = b"".join(own[0] for own in ATTRIBUTE.finditer(point[1]) if own[1] != b"idx")
            points[int(index)] = further, unescape(text_of(point[2] or b""))
        count = attributes(counting or b"").get(b"val", b"")
        return _Stored(ref.at + cache.start(1), ref.at + cache.end(1), head, count, points)

    def holds(self, stored: _Stored, text: bool, count: int, points: Points) -> bool:
        """Whether the cache has these values. For an empty text Excel keeps a 0: that draws the same."""
        if stored.count != b"%d" % count or not stored.points.keys() <= set(range(count)):
            return False
        for at in range(count):
            _, kept = stored.points.get(at, (b"", ""))
            wanted = points.get(at, "")
            if wanted == kept:
                continue
            if text:
                return False
            try:
                found = float(kept)
            except ValueError:
                return False
            number = 0.0 if isinstance(wanted, str) else wanted
            if not math.isclose(found, number, rel_tol=CACHE_TOLERANCE, abs_tol=CACHE_TOLERANCE):
                return False
        return True

    def cache(self, text: bool, count: int, points: Points, stored: _Stored | None = None) -> bytes:
        """The element of the cache with these values, otherwise like the one ``stored``."""
        p, name = self.prefix, b"strCache" if text else b"numCache"
        head = stored.head if stored is not None else b"" if text else self._general
        further = stored.points if stored is not None else {}
        made = [b'<%b%b>%b<%bptCount val="%d"/>' % (p, name, head, p, count)]
        for at, value in points.items():
            own = further[at][0] if at in further else b""
            words = escape(value if isinstance(value, str) else spell(value)).encode()
            made.append(b'<%bpt idx="%d"%b><%bv>%b</%bv></%bpt>' % (p, at, own, p, words, p, p))
        made.append(b"</%b%b>" % (p, name))
        return b"".join(made)


_grammar = lru_cache(maxsize=16)(_Grammar)
