"""One cell as XML: how a value is spelled in a sheet, and what a stored ``<c>`` element holds.

Text is stored inline and escaped as Excel does; a number as the shortest decimal that reads back as the
same double. Works on bytes, so that what is not ours stays as it was spelled.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TypeAlias

from iku_excel.capacity import number, require_fitting_text
from iku_excel.edits import Edit
from iku_excel.xlsx.package import unescape

Shared: TypeAlias = Callable[[int], str]
"""Looks up a shared string by its index, rich text concatenated."""

MAX_FORMULA = 8_192
"""The longest formula Excel accepts, in characters."""
CACHE_TOLERANCE = 1e-12
"""Relative. A value that Excel stored beside our own formula may differ from the exact one in the last
bits of a double (2.2e-16 an operation); that is the same figure, and no reason to write the file."""

ATTRIBUTE = re.compile(rb"\s+([\w:.-]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
ATTRIBUTES = rb"((?:\s+[\w:.-]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*"
"""Pattern of a start tag's attributes, either quote, as one group."""

_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_REFERENCE = re.compile("&(?:#x([0-9A-Fa-f]+)|#([0-9]+)|([a-z]+));")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_KEPT_VERBATIM = re.compile(r"(\"(?:[^\"]|\"\")*\"|\[[^\[\]]*\]|'(?:[^']|'')*')")
_PLAIN_SHEET = re.compile(r"'([A-Za-z_]\w*)'(?=!)")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a ``<c>`` element holds now. ``formula`` is the text of ``<f>`` (None: no formula), ``element``
    its bytes as spelled, ``rule`` its ``t`` ("array", "shared", "dataTable" or ""), ``extent`` its ``ref``;
    ``extension`` the bytes of an ``extLst``."""

    kind: str
    raw: str | None
    formula: str | None
    element: bytes
    rule: str
    extent: str
    inline: str | None
    extension: bytes


def attributes(raw: bytes) -> dict[bytes, bytes]:
    """The attributes of a start tag, values as spelled."""
    return {name: double or single for name, double, single in ATTRIBUTE.findall(raw)}


def text_of(raw: bytes) -> str:
    """Character data decoded: entities and character references resolved, ``\\r\\n`` read as XML does."""
    text = raw.decode("utf-8", "replace")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" not in text:
        return text
    return _REFERENCE.sub(_resolved, text)


def _resolved(match: re.Match[str]) -> str:
    if match[3]:
        return _ENTITIES.get(match[3], match[0])
    return chr(int(match[1], 16) if match[1] else int(match[2]))


def spell(value: float) -> str:
    """The shortest spelling that reads back as the same double; whole numbers without a fraction."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return repr(value).upper()


def escape(text: str) -> str:
    """Text for ``<t>`` or ``<v>``: what XML can't hold becomes ``_xHHHH_``, and a text that only looks so
    is protected (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" in text or not text.isprintable():  # else there is nothing to find, and most texts are of that kind
        text = _ILLEGAL.sub(lambda match: f"_x{ord(match[0]):04X}_", text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _space(text: str) -> str:
    return ' xml:space="preserve"' if text != text.strip() or "\n" in text or "\t" in text or "  " in text else ""


def check_text(edit: Edit) -> None:
    """Refuse a text or formula longer than a cell can hold; never cut it."""
    value = edit.value
    if isinstance(value, str):
        require_fitting_text(value, edit)
    if edit.formula is not None and not 0 < len(edit.formula.removeprefix("=")) <= MAX_FORMULA:
        raise ValueError(f"{edit.sheet}!{edit.cell}: a formula of {len(edit.formula)} characters")


def normal(formula: str) -> str:
    """A formula as compared: no leading "=", no blanks outside quotes, no ``_xlfn.`` prefixes, one case.

    Excel spells a formula anew when it saves; these are the differences that mean nothing.
    """
    formula = _PLAIN_SHEET.sub(r"\1", formula.removeprefix("="))
    pieces = _KEPT_VERBATIM.split(formula)
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            bare = "".join(piece.split()).upper()
            bare = bare.replace("_XLFN.", "").replace("_XLWS.", "")
            pieces[at] = bare.replace("TRUE()", "TRUE").replace("FALSE()", "FALSE")  # LibreOffice's spelling
        elif piece[0] != '"':
            pieces[at] = piece.upper()
    return "".join(pieces)


class CellParser:
    """Reads and writes the ``<c>`` elements of a sheet that spells its names with ``prefix`` ("x:" or "")."""

    __slots__ = ("_bare", "_formula", "_rest", "_runs", "_usual", "_value", "prefix")

    def __init__(self, prefix: bytes) -> None:
        self.prefix = prefix
        p = re.escape(prefix)
        self._bare = re.compile(rb"<%bv>([^<]*)</%bv>" % (p, p))
        self._usual = re.compile(rb"(<%bf>([^<]*)</%bf>)?<%bv>([^<]*)</%bv>" % (p, p, p, p))
        self._formula = re.compile(rb"<%bf(?=[\s/>])%b(?:/>|>(.*?)</%bf\s*>)" % (p, ATTRIBUTES, p), re.DOTALL)
        self._value = re.compile(rb"<%bv(?=[\s/>])%b(?:/>|>(.*?)</%bv\s*>)" % (p, ATTRIBUTES, p), re.DOTALL)
        self._rest = re.compile(
            rb"\s*(<%bis(?=[\s/>])%b(?:/>|>.*?</%bis\s*>))?\s*(<%bextLst(?=[\s/>]).*)?\s*"
            % (p, ATTRIBUTES, p, p), re.DOTALL
        )  # fmt: skip
        # Phonetic runs hold a <t> too, which is not part of the text.
        self._runs = re.compile(rb"<%brPh(?=[\s>]).*?</%brPh\s*>|<%bt(?=[\s/>])%b(?:/>|>(.*?)</%bt\s*>)"
                                % (p, p, p, ATTRIBUTES, p), re.DOTALL)  # fmt: skip

    def read(self, start: dict[bytes, bytes], content: bytes) -> Stored | None:
        """What the cell holds, or None when it holds something that we don't understand."""
        kind = start.get(b"t", b"n").decode("utf-8", "replace")
        if not content:
            return Stored(kind, None, None, b"", "", "", None, b"")
        if usual := self._usual.fullmatch(content):  # a third of the time that the general way takes
            element, formula, raw = usual.groups()
            text = None if formula is None else text_of(formula)
            return Stored(kind, text_of(raw), text, element or b"", "", "", None, b"")
        formula, element, rule, extent, raw = None, b"", "", "", None
        if found := self._formula.search(content):
            formula, element = text_of(found[2] or b""), found[0]
            of = attributes(found[1])
            rule, extent = text_of(of.get(b"t", b"")), text_of(of.get(b"ref", b""))
            if rule == "normal":
                rule = ""
            content = content[: found.start()] + content[found.end() :]
        if found := self._value.search(content):
            raw = text_of(found[2] or b"")
            content = content[: found.start()] + content[found.end() :]
        rest = self._rest.fullmatch(content)
        if rest is None:
            return None
        inline = self.text(rest[1]) if rest[1] else None
        return Stored(kind, raw, formula, element, rule, extent, inline, rest[3] or b"")

    def read_beside(self, start: dict[bytes, bytes], content: bytes, edit: Edit, written: bytes) -> Stored | None:
        """As ``read``; ``written`` is what we would write into the cell. A formula spelled as we spell it is the
        edit's and needn't be read: so are nearly all beside a figure that changed."""
        end = written.find(b"</%bf>" % self.prefix) + len(self.prefix) + 4
        if edit.formula is not None and content.startswith(written[:end]):
            value = self._bare.fullmatch(content, end)
            if value is not None:
                rule, extent = ("array", edit.cell) if edit.array else ("", "")
                kind = start.get(b"t", b"n").decode("utf-8", "replace")
                formula = edit.formula.removeprefix("=")
                return Stored(kind, text_of(value[1]), formula, content[:end], rule, extent, None, b"")
        return self.read(start, content)

    def text(self, item: bytes) -> str:
        """The text of an ``<is>`` or ``<si>`` element: its runs joined, phonetic runs left out."""
        return unescape("".join(text_of(match[2] or b"") for match in self._runs.finditer(item)))

    def holds(self, stored: Stored, edit: Edit, shared: Shared | None) -> bool:
        """Whether the stored value is the edit's value already (the formula is compared apart)."""
        value = edit.value
        if isinstance(value, str) and value:
            return self._text(stored, shared) == value
        if value is None or value == "":
            if stored.formula is None and edit.formula is None:
                return stored.raw is None and stored.inline is None
            return stored.kind == "str" and not stored.raw
        if stored.kind != "n" or stored.raw is None:
            return False
        try:
            found = float(stored.raw)
        except ValueError:
            return False
        wanted = number(value, edit)
        if edit.formula is not None:
            return math.isclose(found, wanted, rel_tol=CACHE_TOLERANCE, abs_tol=CACHE_TOLERANCE)
        return found == wanted

    def _text(self, stored: Stored, shared: Shared | None) -> str | None:
        if stored.kind == "str" and stored.raw is not None:
            return unescape(stored.raw)
        if stored.kind == "inlineStr":
            return stored.inline
        if stored.kind == "s" and stored.raw is not None and shared is not None and stored.raw.strip().isdigit():
            return shared(int(stored.raw))
        return None

    def write(self, edit: Edit, kept: bytes, extension: bytes) -> tuple[bytes, bytes]:
        """The value of ``t`` (or nothing) and the content; ``kept`` is the ``<f>`` element to keep, if any."""
        p, value = self.prefix, edit.value
        if isinstance(value, str) and not value:
            value = None
        if edit.formula is None:
            if value is None:
                return b"", extension
            if isinstance(value, str):
                return b"inlineStr", b"<%bis>%b</%bis>" % (p, _text_element(p + b"t", value), p) + extension
            return b"", b"<%bv>%b</%bv>" % (p, _digits(value, edit), p) + extension
        formula = kept or _formula_element(p + b"f", edit.formula.removeprefix("="), edit.cell if edit.array else None)
        if value is None or isinstance(value, str):
            return b"str", formula + _text_element(p + b"v", value or "") + extension
        return b"", b"%b<%bv>%b</%bv>" % (formula, p, _digits(value, edit), p) + extension


def _digits(value: Decimal | float, edit: Edit) -> bytes:
    if type(value) is int and -10_000_000 < value < 10_000_000:
        return b"%d" % value
    return spell(number(value, edit)).encode()


# Most texts and nearly all formulas are the same in every workbook, and asked for again by the next one.
@lru_cache(maxsize=4096)
def _formula_element(name: bytes, formula: str, array: str | None) -> bytes:
    form = f' t="array" ref="{array}"' if array else ""
    text = formula.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return b"<%b%b>%b</%b>" % (name, (form + _space(text)).encode(), text.encode(), name)


@lru_cache(maxsize=4096)
def _text_element(name: bytes, text: str) -> bytes:
    return b"<%b%b>%b</%b>" % (name, _space(text).encode(), escape(text).encode(), name)
