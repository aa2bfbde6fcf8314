"""Rows of the data and rows of the table that are the same one, told by their key.

Keys compare without case and blanks at the edges, and a number like its digits: a NUP typed as a number is still that
NUP. A table without a key has rows that are the same when all imported columns agree.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from iku_excel.cells import Cell
from iku_excel.edits import Value
from iku_excel.findings import Refusal
from iku_excel.form.fields import Table
from iku_excel.form.indonesian import INVISIBLE, trimmed
from iku_excel.imports.checking import Problem
from iku_excel.xlsx.reader import TableData

SHOWN = 20
"""Rows or problems that a refusal names."""

_BLANK_EDGE = re.compile(f"\n[{INVISIBLE}]|[{INVISIBLE}]\n")

_KEYS = {
    "tblSarpras": ("Kode Barang", "NUP"),
    "tblRealisasi": ("Tahun", "Triwulan", "Kode IKU"),
    "tblLibur": ("Tanggal",),
    "tblBatasHari": ("Klasifikasi", "Perlu Cek Lapangan"),
    "tblSkalaCapaian": ("Batas Bawah",),
    "tblKategoriNSPK": ("Batas Bawah",),
    "tblFungsi": ("Huruf",),
}
"""Keys of more than one column, and of tables whose map names none."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Checked rows of the data: a column of values for each heading of the table, and the data's row numbers."""

    headings: tuple[str, ...]
    columns: tuple[Sequence[Value], ...]
    numbers: Sequence[int]

    def column(self, heading: str) -> Sequence[Value]:
        """The values under a heading; ValueError when the data has none."""
        return self.columns[self.headings.index(heading)]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Which rows of the data are new, which are there already as (row of the data, row of the table), both by place
    from 0; ``repeated`` rows say again what an earlier row of the data said (tables without a key only)."""

    new: Sequence[int]
    old: Sequence[tuple[int, int]]
    repeated: int = 0


def key_of(table: Table, wanted: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The headings that identify a row of the table; none for a table without a key."""
    return wanted or _KEYS.get(table.name) or ((table.key,) if table.key else ())


def same_as(value: Value | Cell) -> str:
    """A value as keys are compared."""
    if isinstance(value, str):
        return trimmed(value).casefold()
    if value is None:
        return ""
    return f"{value:.15g}" if isinstance(value, int | float) else str(value)


def pair(table: Table, key: tuple[str, ...], incoming: Incoming, existing: TableData) -> Pairs:
    """Find each row's partner. ``Refusal`` "kunci-tidak-ada", "kunci-kosong", "kunci-ganda-di-data",
    "kunci-ganda-di-buku"; a private table's keys are not quoted."""
    if not key:
        return _pair_whole_rows(incoming, existing)
    for heading in key:
        if heading not in incoming.headings:
            raise Refusal(
                "kunci-tidak-ada",
                f"Data ini tidak punya kolom {heading}, kunci tabel {table.name}.",
                f"Tambahkan kolom {heading} di data, atau tulis di peta kolom mana yang dimaksud.",
            )
    keys = _keys([incoming.column(heading) for heading in key])
    _require_keys(key, incoming, keys)
    _require_single(table, key, incoming, keys)
    index: dict[str, int] = {}
    twice: dict[str, list[int]] = {}
    for row, found in enumerate(_keys([existing.column(heading) for heading in key])):
        if found and found[0] != "\x1f":
            if found in index:
                twice.setdefault(found, [index[found]]).append(row)
            else:
                index[found] = row
    hit = [(found, rows) for found, rows in twice.items() if found in set(keys)] if twice else []
    if hit:
        places = ["baris " + " dan ".join(str(existing.first_row + row) for row in rows) for _, rows in hit]
        raise Refusal(
            "kunci-ganda-di-buku",
            f"{len(hit)} {' dan '.join(key)} dari data ini ada lebih dari satu kali di tabel {table.name}.",
            "Hapus baris gandanya di buku kerja, simpan, lalu ulangi.",
            sheet=existing.sheet,
            details=_cut(places),
        )
    if not index:
        return Pairs(range(len(keys)), ())
    new, old = [], []
    for row, found in enumerate(keys):
        there = index.get(found)
        if there is None:
            new.append(row)
        else:
            old.append((row, there))
    return Pairs(new, old)


def _keys(columns: Sequence[Sequence[Value] | Sequence[Cell]]) -> list[str]:
    """The keys row by row, as compared; begins with the separator when the first part is blank."""
    parts = list(map(_compared, columns))
    return parts[0] if len(parts) == 1 else list(map("\x1f".join, zip(*parts, strict=True)))


def _compared(column: Sequence[Value] | Sequence[Cell]) -> list[str]:
    """A column as ``same_as`` has it; of texts without blanks at their edges all at once."""
    if set(map(type, column)) == {str}:
        texts = "\n".join(["", *column, ""]).casefold()
        if not _BLANK_EDGE.search(texts) and texts.count("\n") == len(column) + 1:
            return texts[1:-1].split("\n")
    return list(map(same_as, column))


def _require_keys(key: tuple[str, ...], incoming: Incoming, keys: Sequence[str]) -> None:
    missing = [incoming.numbers[row] for row, found in enumerate(keys) if not found or found[0] == "\x1f"]
    if missing:
        raise Refusal(
            "kunci-kosong",
            f"{len(missing)} baris data tidak punya {key[0]}.",
            "Lengkapi di data; hapus baris jumlah, catatan, atau tanda tangan di bawahnya bila ada.",
            details=_cut([f"baris {number}" for number in missing]),
        )


def _require_single(table: Table, key: tuple[str, ...], incoming: Incoming, keys: Sequence[str]) -> None:
    if len(set(keys)) == len(keys):
        return
    rows: dict[str, list[int]] = {}
    for row, found in enumerate(keys):
        rows.setdefault(found, []).append(row)
    lines = []
    for places in rows.values():
        if len(places) > 1:
            shown = " / ".join(str(incoming.column(heading)[places[0]]) for heading in key)
            named = "" if table.private else f" ({shown})"
            lines.append("baris " + " dan ".join(str(incoming.numbers[place]) for place in places[:5]) + named)
    raise Refusal(
        "kunci-ganda-di-data",
        f"{len(lines)} {' dan '.join(key)} muncul lebih dari satu kali di data.",
        "Hapus baris gandanya di data, lalu ulangi.",
        details=_cut(lines),
    )


def _pair_whole_rows(incoming: Incoming, existing: TableData) -> Pairs:
    there: dict[str, int] = {}
    for row, found in enumerate(_keys([existing.column(heading) for heading in incoming.headings])):
        there.setdefault(found, row)
    new, old, repeated = [], [], 0
    met: set[str] = set()
    for row, found in enumerate(_keys(incoming.columns)):
        if found in there:
            old.append((row, there[found]))
        elif found in met:
            repeated += 1
        else:
            met.add(found)
            new.append(row)
    return Pairs(new, old, repeated)


def _cut(lines: Sequence[str]) -> tuple[str, ...]:
    """As many lines as a refusal shows."""
    left = len(lines) - SHOWN
    return (*lines[:SHOWN], *([f"… dan {left} lagi"] if left > 0 else ()))


def unfit(problems: Sequence[Problem], ragged: Mapping[int, int], width: int) -> Refusal:
    """The refusal of data whose values don't fit, the first of them named."""
    lines = [(row, f"baris {row}: {fields} kolom, padahal judulnya {width}") for row, fields in ragged.items()]
    lines += [(problem.row, str(problem)) for problem in problems]
    return Refusal(
        "data-tidak-sah",
        f"{len(lines)} isian di data ini tidak dapat diterima; tidak ada yang ditulis.",
        "Perbaiki di data, atau cocokkan katanya di peta, lalu ulangi.",
        details=_cut([line for _, line in sorted(lines, key=lambda line: line[0])]),
    )
