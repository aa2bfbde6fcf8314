"""What the XML of one cell means: addresses, numbers, texts, dates, errors.

Every other room that reads cells asks this one, so that a value means the same wherever it was found.
Text is ST_Xstring (ECMA-376 Part 1, 22.9.2.19): ``_xHHHH_`` stands for one UTF-16 unit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from math import isfinite

from iku_excel.cells import UNCACHED, Cell, CellError
from iku_excel.findings import Refusal
from iku_excel.xlsx.grid import area, letters

Rectangle = tuple[int, int, int, int]
"""First row, first column, last row, last column: from 1, both ends included."""

_NUMBER = re.compile(rb"\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*")
_UNIT = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ENTITY = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#(\d{1,7})|(\w+));")
_STRAY = re.compile(r"&(?!(?:#x[0-9A-Fa-f]{1,6}|#\d{1,7}|\w+);)")
_ENTITIES = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ISO = re.compile(r"(?:(\d{4})-(\d\d)-(\d\d))?(?:(?:^|T)(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?)?(?:Z|\+00:00)?", re.ASCII)
_LEAP_1900 = date(1900, 3, 1).toordinal()
_SERIAL_ZERO = date(1899, 12, 30).toordinal()


@cache
def column_of(name: str) -> int:
    """ "A" is column 1, "AB" is 28."""
    number = 0
    for letter in name.upper():
        number = number * 26 + ord(letter) - 64
    return number


def address(row: int, column: int) -> str:
    """The cell's name, "D14" for row 14, column 4."""
    return f"{letters(column)}{row}"


def rectangle(ref: str) -> Rectangle | None:
    """The cells that "B5", "$B$5" or "A4:Q94" name; None for anything else or beyond Excel's grid."""
    try:
        found = area(ref)
    except ValueError:
        return None
    return found.top, found.left, found.bottom, found.right


def damaged(part: str, detail: str, cell: str | None = None) -> Refusal:
    """The refusal of XML that no Excel writes. ``part`` is the part's name inside the file."""
    return Refusal(
        "berkas-rusak",
        f"Bagian '{part}' dari berkas ini rusak: {detail}.",
        "Buka berkas di Excel, simpan kembali sebagai .xlsx, atau pakai salinan cadangan.",
        cell=cell,
    )


class Strange(ValueError):
    """A cell's XML means nothing; the message says what, in Indonesian and without the cell's contents."""


def number(raw: bytes) -> float:
    """The exact number of a ``<v>``. ``Strange`` for anything Excel wouldn't write (nan, 1_000, 1,5)."""
    if _NUMBER.fullmatch(raw) is None:
        raise Strange("ada sel angka yang isinya bukan angka")
    value = float(raw)
    if not isfinite(value):
        raise Strange("ada sel angka di luar jangkauan")
    return value


def is_bare(raw: bytes) -> bool:
    """Whether text between tags means just its bytes: no entity, no escape, no line end that XML rewrites."""
    return b"&" not in raw and b"_x" not in raw and b"\r" not in raw


def plain(raw: bytes) -> str | None:
    """The text between two tags as XML and Excel mean it; None for the empty text."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Strange("ada teks yang bukan UTF-8") from error
    if "&" not in text and "_x" not in text and "\r" not in text:
        return text or None
    if "\r" in text:  # XML reads every line end as one line feed; Excel keeps a real one as _x000D_
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "&" in text:
        if _STRAY.search(text):
            raise Strange("ada entitas XML yang tidak dikenal")
        text = _ENTITY.sub(_entity, text)
    return unescaped(text) or None


def unescaped(text: str) -> str:
    """``_xHHHH_`` decoded; two halves of a character beyond the BMP are joined, a lone half becomes U+FFFD."""
    if "_x" not in text:
        return text
    text = _UNIT.sub(lambda match: chr(int(match[1], 16)), text)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _entity(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        if name not in _ENTITIES:
            raise Strange("ada entitas XML yang tidak dikenal")
        return _ENTITIES[name]
    point = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if point > 0x10FFFF or 0xD800 <= point <= 0xDFFF:
        raise Strange("ada entitas XML yang tidak dikenal")
    return chr(point)


def iso_serial(text: str) -> float:
    """Excel's serial of an ISO 8601 date, date and time, or time of day (``t="d"``)."""
    match = _ISO.fullmatch(text.strip())
    if match is None or (match[1] is None and match[4] is None) or int(match[4] or 0) > 23:
        raise Strange("ada tanggal ISO yang tidak dikenal")
    serial = 0.0
    if match[1]:
        try:
            day = date(int(match[1]), int(match[2]), int(match[3])).toordinal()
        except ValueError as error:
            raise Strange("ada tanggal ISO yang tidak dikenal") from error
        # Excel has a 29 February 1900 (serial 60): earlier days are one less than the count since 1899-12-30
        serial = float(day - _SERIAL_ZERO - (day < _LEAP_1900))
    if match[4]:
        serial += (int(match[4]) * 3600 + int(match[5]) * 60 + float(match[6] or 0)) / 86400
    return serial


def shared_text(raw: bytes, strings: Sequence[str | None]) -> str | None:
    """The shared string that the index in a ``<v>`` names."""
    raw = raw.strip()
    if raw.isdigit() and len(raw) < 16 and int(raw) < len(strings):  # int() balks at thousands of digits
        return strings[int(raw)]
    raise Strange("ada sel yang menunjuk teks bersama yang tidak ada")


def cell_of(
    kind: bytes | None, raw: bytes | None, formula: bool, strings: Sequence[str | None], inline: str | None = None
) -> Cell:
    """The cell that ``t``, the text of ``<v>`` (None: no such element), ``<f>`` and ``<is>`` make together."""
    if kind is None or kind == b"n":
        if raw is None or not raw.strip():
            return UNCACHED if formula else None
        return number(raw)
    if kind == b"inlineStr":
        return inline if inline is not None or raw is None else plain(raw)
    if raw is None:
        return UNCACHED if formula else None
    if kind == b"str":
        return plain(raw)
    if kind == b"s":
        return shared_text(raw, strings) if raw.strip() else None
    if kind == b"b":
        return _flag(raw.strip())
    if kind == b"e":
        return CellError(plain(raw) or "#NULL!")
    if kind == b"d":
        return iso_serial(plain(raw) or "")
    raise Strange("ada sel dengan jenis yang tidak dikenal")


def _flag(raw: bytes) -> bool:
    if raw in (b"1", b"true"):
        return True
    if raw in (b"0", b"false"):
        return False
    raise Strange("ada sel benar/salah yang isinya bukan 0 atau 1")
