"""A CSV file read as it is: its encoding and its delimiter are found out, and told.

The delimiter is the one under which most known headings appear and the rows have as many fields as the headings.
Nothing is mended: a file in the wrong encoding or with torn rows is refused, for its texts would be wrong for good.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice
from operator import itemgetter
from pathlib import Path

from iku_excel.findings import Refusal
from iku_excel.imports.source import HEAD, Data, Known, Options, Raw, empty, find_headings, too_long
from iku_excel.xlsx.grid import MAX_ROW
from iku_excel.xlsx.replace import read_bytes

DELIMITERS = {";": "titik koma", ",": "koma", "\t": "tab", "|": "garis tegak"}
ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
_ALIKE = 1_000  # rows that tell which columns repeat their texts
_LOOKED_AT = 200  # rows that choose the delimiter
_SEP = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_BLOCK = 1 << 20

_CONTINUED = "".join(bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xC0)) + "\x81\x8d\x8f\x90\x9d"
_MISREAD = re.compile(f"[\u00c2-\u00f4][{re.escape(_CONTINUED)}]{{1,3}}")
"""UTF-8 read as Windows-1252: "é" becomes "Ã©", a dash "â€“"."""


def read_text(path: Path, options: Options, known: Known) -> Data:
    """Read a CSV file. ``Refusal`` "data-terlalu-panjang", "pengodean-tidak-terbaca", "pengodean-salah",
    "csv-rusak", "data-kosong", "judul-data-tidak-ditemukan"."""
    _refuse_too_long(path, options, known)
    text, encoding = _decoded(read_bytes(path), options.encoding)
    said = _SEP.match(text)
    if said is not None:
        text = text[said.end() :]
    if not text.strip():
        raise empty("berkasnya kosong")
    above = 0 if said is None else 1
    given = None if options.header_row is None else options.header_row - 1 - above
    delimiter = options.delimiter or (said[1] if said else None) or _delimiter(text, known, given)
    rows = _rows(text, delimiter)
    at = find_headings(rows[: max(HEAD, (given or 0) + 1)], known, given)
    headings = [cell.strip() for cell in rows[at]]
    while not headings[-1]:
        headings.pop()
    numbers, columns, ragged = _columns(rows, at, len(headings), above)
    if not numbers:
        raise empty("hanya ada judul kolom")
    taken = f"CSV, pemisah {DELIMITERS.get(delimiter, repr(delimiter))}, {ENCODINGS.get(encoding, encoding)}"
    if at + above:
        taken += f", judul di baris {at + above + 1}"
    return Data(path.name, tuple(headings), columns, numbers, taken, ragged)


def _columns(
    rows: list[list[str]], at: int, width: int, above: int
) -> tuple[Sequence[int], list[list[Raw]], tuple[tuple[int, int], ...]]:
    """The rows below the headings, turned into columns; blank rows don't exist. ``rows`` is used up."""
    first = at + above + 2
    del rows[: at + 1]
    ragged: list[tuple[int, int]] = []
    numbers: Sequence[int] = range(first, first + len(rows))
    if set(map(len, rows)) != {width} or not all(row[0] or any(row) for row in rows):
        filled = []
        for number, row in zip(numbers, rows, strict=True):
            if any(row):
                if len(row) < width or any(row[width:]):
                    ragged.append((number, len(row)))
                filled.append((number, (row + [""] * width)[:width]))
        numbers, rows = [number for number, _ in filled], [row for _, row in filled]
    return numbers, _turned(rows, width), tuple(ragged)


def _turned(rows: list[list[str]], width: int) -> list[list[Raw]]:
    """Rows as columns. Of texts that repeat each is kept once: less to hold, and nearer at hand whenever they are
    gone through."""
    columns: list[list[Raw]] = [[] for _ in range(width)]
    once: list[dict[str, str] | None] = [
        {} if 2 * len({*map(itemgetter(place), rows[:_ALIKE])}) < len(rows[:_ALIKE]) else None for place in range(width)
    ]
    for at in range(0, len(rows), _ALIKE):
        for column, known, cells in zip(columns, once, zip(*rows[at : at + _ALIKE], strict=True), strict=True):
            column.extend(cells if known is None else map(known.setdefault, cells, cells))
    return columns


def _rows(text: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise Refusal(
            "csv-rusak",
            f"CSV ini rusak di sekitar baris {len(rows) + 1}: tanda kutipnya tidak berpasangan.",
            "Perbaiki tanda kutip di baris itu, atau ekspor ulang sebagai .xlsx.",
        ) from error
    if len(rows) > MAX_ROW:
        raise too_long(MAX_ROW)
    return rows


def _delimiter(text: str, known: Known, given: int | None) -> str:
    """Most known headings first, then most rows as wide as the headings."""
    beginning = text[: 1 << 18]
    best, chosen = (0, 0.0), ","
    for delimiter in DELIMITERS:
        rows: list[list[str]] = []
        with suppress(csv.Error):
            # not strict: the beginning may end within a quotation
            rows.extend(islice(csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter), _LOOKED_AT))
        head = rows[:HEAD] if given is None else rows[given : given + 1]
        if not head:
            continue
        scores = list(map(known, head))
        score = max(scores)
        width = len(head[scores.index(score)])
        alike = sum(len(row) == width for row in rows) / len(rows)
        if score and (score, alike) > best:
            best, chosen = (score, alike), delimiter
    return chosen


def _decoded(content: bytes, declared: str | None) -> tuple[str, str]:
    """The text and the encoding in which it was read."""
    encoding = _codec(declared) if declared else _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeError as error:
        raise Refusal(
            "pengodean-tidak-terbaca",
            f"Berkas ini tidak terbaca sebagai {declared or 'UTF-8, UTF-16, atau Windows-1252'}.",
            "Buka datanya di Excel, lalu simpan sebagai 'CSV UTF-8' atau .xlsx.",
        ) from error
    if "\0" in text:
        raise Refusal(
            "bukan-teks",
            "Berkas ini bukan CSV: isinya bukan teks.",
            "Periksa jenis berkasnya; ekspor ulang sebagai CSV atau .xlsx.",
        )
    if (declared is None or encoding == "cp1252") and _misread(text):
        raise Refusal(
            "pengodean-salah",
            "Huruf di berkas ini rusak: teksnya pernah dibaca dengan pengodean yang salah (misalnya 'é' menjadi 'Ã©').",
            "Ekspor ulang dari aplikasi asalnya sebagai CSV UTF-8 atau .xlsx.",
        )
    return text.removeprefix("\ufeff"), encoding


def _codec(declared: str) -> str:
    known = {"utf-8": "utf-8-sig", "utf8": "utf-8-sig", "utf-16": "utf-16", "windows-1252": "cp1252", "ansi": "cp1252"}
    return known.get(declared.casefold(), declared)


def _encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = content[:2000]
    if sample.count(0) * 3 > len(sample):
        return "utf-16-le" if sample[1:2] == b"\0" else "utf-16-be"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _misread(text: str) -> bool:
    """Whether letters were lost, or UTF-8 was taken for Windows-1252 on the way here."""
    if text.isascii():
        return False
    return "\ufffd" in text or any(_was_utf8(found[0]) for found in _MISREAD.finditer(text))


def _was_utf8(letters: str) -> bool:
    try:
        letters.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return True


def _refuse_too_long(path: Path, options: Options, known: Known) -> None:
    """Count the rows without keeping any, where there are enough lines for too many."""
    try:
        with path.open("rb") as file:
            beginning = file.read(_BLOCK)
            lines = beginning.count(b"\n") + sum(block.count(b"\n") for block in iter(lambda: file.read(_BLOCK), b""))
    except OSError:
        return  # told when it is read
    if lines <= MAX_ROW:
        return
    encoding = _codec(options.encoding) if options.encoding else _encoding(beginning[:2000])
    if encoding == "cp1252":
        encoding = "latin-1"  # only rows are counted: every byte may pass
    delimiter = options.delimiter or _delimiter(beginning.decode(encoding, "replace"), known, None)
    with (
        suppress(csv.Error),
        path.open(encoding=encoding, errors="replace", newline="") as file,
    ):  # told when it is read
        for number, _ in enumerate(csv.reader(file, delimiter=delimiter)):
            if number >= MAX_ROW:
                raise too_long(MAX_ROW)
