"""What the cells of a written sheet hold, found by another way than the writer's; used by ``verify``.

Every byte goes through the XML parser. The plain cells of a small sheet are then cut out by a pattern; any other cell,
and any sheet on which a pattern might be mistaken, is read from what the parser found.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from html import unescape
from typing import TypeAlias
from xml.parsers import expat

from iku_excel.xlsx.grid import letters, place
from iku_excel.xlsx.package import Element, Package, local

Content: TypeAlias = tuple[str, str | None, str | None, str | None]
"""Kind, formula, value and inline text of a cell."""

_WHOLE = 1 << 20  # bytes of sheet XML up to which the sheet is held as a whole: its tree would take some 30 MB
_ROOT = re.compile(rb"\s*(?:<\?xml[^>]*\?>)?\s*<worksheet[\s>]")
_PLAIN = re.compile(
    rb'<c r="([A-Z]{1,3}[1-9]\d{0,6})"(?: s="\d+")?(?: t="(\w+)")?(?:/>|>(?:<f(?: [^>]*)?(>[^<]*)</f>)?'
    rb"(?:<v(?: [^>]*)?>([^<]*)</v>|<is><t(?: [^>]*)?>([^<]*)</t></is>)?</c>)"
)
_KINDS = {b"": "n", b"str": "str"}
_ENCODING = re.compile(rb"<\?xml[^>]*encoding=[\"'](?!(?i:utf-8)[\"'])")
_DOUBTFUL = (b"<!", b"&#", b"\r", b"AlternateContent")
"""Where a pattern might see other cells or texts than a parser: comments and the like, characters by their number, line
ends that a parser changes, contents of which a reader chooses one."""


def cells_of(package: Package, part: str, wanted: Collection[str]) -> dict[str, Content]:
    """What the sheet's cells hold, at least the wanted ones that are there. ``ExpatError``, ``ValueError`` or
    ``Refusal`` when the part is no XML."""
    if package.size(part) > _WHOLE:
        return dict(_Parsed(frozenset(wanted)).read(package.chunks(part)))
    found = _plain_cells(package.read(part), wanted)
    return _tree_cells(package.xml(part), wanted) if found is None else found


def _plain_cells(xml: bytes, wanted: Collection[str]) -> dict[str, Content] | None:
    """The cells of a sheet in Excel's spelling; a third of the time that a tree takes. None where a wanted one is
    spelled in another way, or the sheet is."""
    if _ROOT.match(xml) is None or _ENCODING.match(xml) or any(sign in xml for sign in _DOUBTFUL):
        return None
    expat.ParserCreate().Parse(xml, True)
    begin, end = xml.find(b"<sheetData"), max(xml.rfind(b"</sheetData>"), 0)
    if xml.count(b"<?") > xml.startswith(b"<?"):
        return None
    tokens = _PLAIN.findall(xml, begin, end)
    found = {
        name.decode(): (
            _KINDS.get(kind) or kind.decode(),
            _formula(formula) if formula else None,
            _text_of(value) if kind != b"inlineStr" else None,
            _text_of(inline) if kind == b"inlineStr" else None,
        )
        for name, kind, formula, value, inline in tokens
    }
    whole = xml.count(b"<c", begin, end) == len(tokens)  # no cell in another form: a wanted one may be missing
    return found if len(found) == len(tokens) and (whole or all(map(found.__contains__, wanted))) else None


def _text_of(raw: bytes) -> str:
    return unescape(raw.decode()) if b"&" in raw else raw.decode()  # the parser saw: no entities but XML's own five


@lru_cache(maxsize=1 << 12)  # the next workbook holds the same
def _formula(raw: bytes) -> str:
    return _text_of(raw[1:])


def _tree_cells(root: Element, wanted: Collection[str]) -> dict[str, Content]:
    """The wanted cells of a sheet from its tree: five times as fast as ``_Parsed``, but the tree takes memory."""
    found: dict[str, Content] = {}
    space = root.tag.removesuffix(local(root))
    a_row, a_cell, a_formula, a_value, an_inline = (space + name for name in ("row", "c", "f", "v", "is"))
    number = 0
    data = root.find(space + "sheetData")
    for row in () if data is None else data:
        if row.tag != a_row:
            continue
        number, before = int(row.get("r", number + 1)), ""
        for cell in row:
            if cell.tag != a_cell:
                continue
            address = cell.get("r") or f"{letters(place(before)[1] + 1 if before else 1)}{number}"
            before = address
            if address in wanted:
                inline = cell.find(an_inline)
                found[address] = (
                    cell.get("t", "n"),
                    cell.findtext(a_formula),
                    cell.findtext(a_value),
                    None if inline is None else _text(inline),
                )
    return found


def _text(inline: Element) -> str:
    """An inline text and its runs; phonetic guides are no part of it."""
    text = ""
    for part in inline:
        if local(part) == "t":
            text += part.text or ""
        elif local(part) == "r":
            text += "".join(run.text or "" for run in part if local(run) == "t")
    return text


_Found = tuple[str, Content]


class _Parsed:
    """An expat reading of a whole sheet that keeps the wanted cells: kind, formula, value, inline text."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self._wanted = wanted
        self._rows = {place(cell)[0] for cell in wanted}
        self._row = self._column = 0
        self._cell: str | None = None
        self._kind = "n"
        self._texts: dict[str, list[str]] = {}
        self._into: list[str] | None = None
        self._phonetic = False
        self._done: list[_Found] = []

    def read(self, chunks: Iterator[bytes]) -> list[_Found]:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._row_start
        self._parser = parser
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
        return self._done

    # Rows without a wanted cell are parsed (so broken XML is seen) with one handler only: expat's own speed.
    def _row_start(self, name: str, attrs: dict[str, str]) -> None:
        if name.rpartition(":")[2] != "row":
            return
        self._row = int(attrs.get("r", self._row + 1))
        self._column = 0
        if self._row in self._rows:
            self._parser.StartElementHandler = self._start
            self._parser.EndElementHandler = self._end
            self._parser.CharacterDataHandler = self._text

    def _start(self, name: str, attrs: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            address = attrs.get("r")
            self._column = place(address)[1] if address else self._column + 1
            address = address or f"{letters(self._column)}{self._row}"
            self._cell = address if address in self._wanted else None
            self._kind, self._texts = attrs.get("t", "n"), {}
        elif name == "rPh":
            self._phonetic = True
        elif self._cell is not None and name in ("f", "v", "t") and not self._phonetic:
            self._into = self._texts.setdefault(name, [])

    def _text(self, text: str) -> None:
        if self._into is not None:
            self._into.append(text)

    def _end(self, name: str) -> None:
        name = name.rpartition(":")[2]
        self._into = None
        if name == "rPh":
            self._phonetic = False
        elif name == "c" and self._cell is not None:
            formula, value, inline = (
                "".join(self._texts[key]) if key in self._texts else None for key in ("f", "v", "t")
            )
            self._done.append((self._cell, (self._kind, formula, value, inline)))
            self._cell = None
        elif name == "row":
            self._rows.discard(self._row)
            self._parser.StartElementHandler = self._row_start if self._rows else None
            self._parser.EndElementHandler = None
            self._parser.CharacterDataHandler = None
