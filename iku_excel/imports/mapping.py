"""Which column of the data goes where: by heading, and by a mapping file (``peta.toml``) where the words differ.

Headings are compared without case, blanks and punctuation, and never guessed: where two columns could be meant,
somebody has to say which. The maps that ship with the program are unverified; people copy and edit them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from iku_excel.findings import Refusal
from iku_excel.form.fields import Table
from iku_excel.imports.source import Options

FOLDER = Path(__file__).with_name("peta")
SHIPPED = ("lapor", "sipd", "bkn")
"""The maps that come with the program, each a file in ``imports/peta``."""

DATE_ORDERS = ("hari-bulan-tahun", "bulan-hari-tahun", "tahun-bulan-hari")
DECIMAL_MARKS = (",", ".")
_DELIMITERS = {"titik koma": ";", "koma": ",", "tab": "\t", "garis tegak": "|"}
_WORDS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Peta:
    """A mapping file as read.

    ``columns``: heading of the data → heading of the table, "" for a column to be left out. ``values``: by heading of
    the table, a word of the data → a word of the table. ``fixed``: heading of the table → one value for every row.
    ``key``: headings that identify a row instead of the table's own key. ``lenient``: headings of the map that the
    data lacks are no mistake.
    """

    name: str = ""
    table: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, Any] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    options: Options = field(default_factory=Options)
    decimal: str | None = None
    date_order: str = DATE_ORDERS[0]
    lenient: bool = False


@dataclass(frozen=True, slots=True)
class Matched:
    """Columns that found their place: heading of the table → place of the column in the data. ``skipped`` are
    headings of the data that go nowhere."""

    places: Mapping[str, int]
    skipped: tuple[str, ...]


def plain(heading: str) -> str:
    """A heading as compared: letters and digits only, one case."""
    return _WORDS.sub("", heading).casefold()


def load_peta(given: str) -> Peta:
    """A map by name ("lapor") or from a file. ``Refusal`` "peta-tidak-ada", "peta-tidak-sah"."""
    path = FOLDER / f"{given.casefold()}.toml" if given.casefold() in SHIPPED else Path(given)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refusal(
            "peta-tidak-ada",
            f"Peta {given} tidak ditemukan.",
            f"Periksa nama berkasnya, atau pakai peta bawaan: {', '.join(SHIPPED)}.",
            file=given,
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _unsound(given, f"bukan TOML yang sah ({error})") from error
    return _Reader(given, found).peta()


def _unsound(given: str, why: str) -> Refusal:
    return Refusal(
        "peta-tidak-sah",
        f"Peta {Path(given).name} {why}.",
        "Perbaiki petanya; contohnya dibuat oleh `iku-excel impor --contoh FOLDER`.",
        file=given,
    )


class _Reader:
    """What a mapping file says, each part of the kind that it must be."""

    def __init__(self, name: str, found: Mapping[str, Any]) -> None:
        self._name, self._found = name, found

    def peta(self) -> Peta:
        known = {"tabel", "kunci", "judul_boleh_tidak_ada", "keterangan", "status", "berkas", "kolom", "nilai", "tetap"}
        self._only(self._found, known, "di peta")
        file = self._part("berkas")
        known = {"pemisah", "pengodean", "lembar", "baris_judul", "desimal", "urutan_tanggal"}
        self._only(file, known, "di bagian [berkas]")
        delimiter = self._text(file, "pemisah")
        delimiter = _DELIMITERS.get(delimiter or "", delimiter)
        if delimiter is not None and len(delimiter) != 1:
            raise _unsound(self._name, "menyebut pemisah yang bukan satu tanda")
        header_row = file.get("baris_judul")
        if header_row is not None and (type(header_row) is not int or header_row < 1):
            raise _unsound(self._name, "menyebut baris_judul yang bukan nomor baris")
        decimal = self._one_of(file, "desimal", DECIMAL_MARKS)
        order = self._one_of(file, "urutan_tanggal", DATE_ORDERS) or DATE_ORDERS[0]
        options = Options(delimiter, self._text(file, "pengodean"), self._text(file, "lembar"), header_row)
        values = {
            str(heading): self._texts(words, f"nilai.{heading}") for heading, words in self._part("nilai").items()
        }
        key = self._found.get("kunci", [])
        if not isinstance(key, list) or not all(isinstance(heading, str) for heading in key):
            raise _unsound(self._name, "menyebut kunci yang bukan daftar judul kolom")
        fixed = self._part("tetap")
        if not all(isinstance(value, str | int | float) and not isinstance(value, bool) for value in fixed.values()):
            raise _unsound(self._name, "memuat nilai di [tetap] yang bukan teks atau angka")
        return Peta(
            self._name,
            self._text(self._found, "tabel"),
            self._texts(self._part("kolom"), "kolom"),
            values,
            fixed,
            tuple(key),
            options,
            decimal,
            order,
            self._found.get("judul_boleh_tidak_ada") is True,
        )

    def _only(self, part: Mapping[str, Any], known: set[str], where: str) -> None:
        unknown = sorted(part.keys() - known)
        if unknown:
            raise _unsound(self._name, f"memuat '{unknown[0]}' yang tidak dikenal {where}")

    def _part(self, name: str) -> Mapping[str, Any]:
        part = self._found.get(name, {})
        if not isinstance(part, dict):
            raise _unsound(self._name, f"memuat {name} yang bukan bagian [{name}]")
        return part

    def _text(self, part: Mapping[str, Any], name: str) -> str | None:
        value = part.get(name)
        if value is not None and not isinstance(value, str):
            raise _unsound(self._name, f"memuat {name} yang bukan teks")
        return value

    def _one_of(self, part: Mapping[str, Any], name: str, choices: Sequence[str]) -> str | None:
        value = self._text(part, name)
        if value is not None and value not in choices:
            raise _unsound(self._name, f"memuat {name} yang bukan salah satu dari {' '.join(choices)}")
        return value

    def _texts(self, part: object, name: str) -> dict[str, str]:
        if not isinstance(part, dict) or not all(isinstance(value, str) for value in part.values()):
            raise _unsound(self._name, f"memuat [{name}] yang isinya bukan teks = teks")
        return {str(word): value for word, value in part.items()}


def require_fitting(peta: Peta, table: Table, headings: Sequence[str]) -> None:
    """``Refusal`` "peta-tabel-lain", "peta-kolom-tidak-ada" for a map that means another table or a heading that the
    workbook's table (``headings``) hasn't got."""
    if peta.table is not None and peta.table.casefold() != table.name.casefold():
        raise Refusal(
            "peta-tabel-lain",
            f"Peta {Path(peta.name).name} dibuat untuk {peta.table}, bukan {table.name}.",
            f"Pakai --tabel {peta.table}, atau peta lain.",
        )
    wanted = [*peta.columns.values(), *peta.values, *peta.fixed, *peta.key]
    for heading in wanted:
        if heading and heading not in headings:
            raise Refusal(
                "peta-kolom-tidak-ada",
                f"Peta {Path(peta.name).name} menyebut kolom '{heading}', yang tidak ada di tabel {table.name}.",
                f"Perbaiki petanya; kolom yang ada: {', '.join(headings)}.",
            )


def waited_for(peta: Peta, headings: Sequence[str]) -> frozenset[str]:
    """All headings, as compared, that data may have."""
    return frozenset(filter(None, map(plain, (*headings, *peta.columns))))


def match(peta: Peta, data: Sequence[str], headings: Sequence[str]) -> Matched:
    """Find the place of each of the data's columns. A heading of the map goes before one of the table.

    ``Refusal`` "peta-judul-tidak-ada", "judul-data-ganda".
    """
    spelled: dict[str, list[int]] = {}
    for place, heading in enumerate(data):
        spelled.setdefault(plain(heading), []).append(place)
    spelled.pop("", None)
    places: dict[str, int] = {}
    taken: set[int] = set()
    for source, target in peta.columns.items():
        exact = [place for place, heading in enumerate(data) if heading == source]
        found = exact if len(exact) == 1 else spelled.get(plain(source), [])
        if not found:
            if peta.lenient:
                continue
            raise Refusal(
                "peta-judul-tidak-ada",
                f"Peta {Path(peta.name).name} menyebut judul '{source}', yang tidak ada di data.",
                "Samakan judul di [kolom] dengan judul di data, atau hapus barisnya dari peta.",
            )
        if places.get(target) == found[0]:
            continue  # two spellings in the map for one heading
        if len(found) > 1 or target in places:
            candidates = dict.fromkeys((*found, *([places[target]] if target in places else ())))
            raise _twice(target or source, [data[place] for place in candidates])
        taken.add(found[0])
        if target:
            places[target] = found[0]
    for heading in headings:
        free = [place for place in spelled.get(plain(heading), ()) if place not in taken]
        if heading in places or heading in peta.fixed or not free:
            continue
        if len(free) > 1:
            raise _twice(heading, [data[place] for place in free])
        taken.add(free[0])
        places[heading] = free[0]
    skipped = tuple(heading for place, heading in enumerate(data) if heading and place not in taken)
    left_out = {plain(source) for source, target in peta.columns.items() if not target}
    return Matched(places, (*skipped, *(h for h in data if plain(h) in left_out and plain(h))))


def _twice(target: str, candidates: Sequence[str]) -> Refusal:
    named = " dan ".join(f"'{heading}'" for heading in candidates)
    return Refusal(
        "judul-data-ganda",
        f"Dua kolom data cocok dengan '{target}': {named}.",
        'Tulis di peta kolom mana yang dimaksud; kolom yang tidak dipakai diberi nilai "".',
    )
