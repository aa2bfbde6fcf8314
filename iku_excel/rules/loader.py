"""Reads the dated rules and picks those that hold for one year.

Every value stands in a TOML file of this folder as a *version*: since when it holds, on what legal basis, where
it was read and when it was last checked. A new law adds a version beside the old one, so the figures of earlier
years stay reproducible. A workbook of year Y gets, of each group, the newest version that began by 31 December Y.
"""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Literal, NoReturn, TypeAlias, TypeVar, cast

Status: TypeAlias = Literal["terverifikasi", "kebijakan", "belum diverifikasi"]
"""Found in a source; our own policy where no authority was found; only remembered."""

COMPONENTS = ("dokumen", "anggaran", "diklat", "sarpras")
"""The keys of the four components of IKU-2, in the order of the source document."""

_PROVENANCE = ("berlaku_sejak", "dasar_hukum", "sumber", "diperiksa_pada", "status")
_STATUSES = ("terverifikasi", "kebijakan", "belum diverifikasi")
_COMMON_YEAR = 2023  # a deadline must exist every year, so never 29 February

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """Where one group of values comes from: legal basis, source, since when, last checked, and how sure."""

    basis: str
    source: str
    since: datetime.date
    checked: datetime.date
    status: Status


@dataclass(frozen=True, slots=True)
class RuleElement:
    """One element of the NSPK index: stable key (E01 …) and name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ScaleRow:
    """One step of a scale: the lower bound (included) and what a value from there on is called."""

    lower: Decimal
    label: str


@dataclass(frozen=True, slots=True)
class TimeLimit:
    """Working days for one class of complaint. ``perlu_cek`` is "Ya", "Tidak" or "" (makes no difference)."""

    klasifikasi: str
    perlu_cek: Literal["Ya", "Tidak", ""]
    hari: int


@dataclass(frozen=True, slots=True)
class RegisterDocument:
    """One document of a year's register. Year N's copy is due on ``hari``/``bulan`` of N + ``selisih_tahun``."""

    nama: str
    jenis: Literal["Perencanaan", "Penganggaran"]
    bulan: int
    hari: int
    selisih_tahun: int
    dasar_hukum: str


@dataclass(frozen=True, slots=True)
class RuleIndicator:
    """One indicator as the IKU document words it."""

    code: str
    sasaran: str
    iku: str
    satuan: str
    formulasi: str
    sumber_data: str
    penjelasan: str

    @property
    def explained(self) -> str:
        """The document's whole column "Penjelasan dan Formulasi Perhitungan", of several lines."""
        return f"{self.penjelasan}\n{self.formulasi}"


@dataclass(frozen=True, slots=True)
class AgencyFunction:
    """One function of the agency: its letter and text (table tblFungsi)."""

    huruf: str
    uraian: str


@dataclass(frozen=True, slots=True)
class Rules:
    """All rules that hold for one year.

    ``weights`` are percentages, keyed like ``components`` (their names): dokumen, anggaran, diklat, sarpras.
    ``scales`` are the predicate schemes by name, highest bound first; ``categories`` those of the NSPK index.
    ``verification_days`` is for information only. ``agency``, ``duty`` and ``functions`` are the source
    document's own agency. ``premature`` names the groups whose first known version begins after this year:
    that version is used, and whoever prints it should say so.
    """

    year: int
    elements: tuple[RuleElement, ...]
    categories: tuple[ScaleRow, ...]
    weights: Mapping[str, Decimal]
    components: Mapping[str, str]
    minimum_jp: Decimal
    scales: Mapping[str, tuple[ScaleRow, ...]]
    default_scale: str
    time_limits: tuple[TimeLimit, ...]
    verification_days: int
    channels: tuple[str, ...]
    documents: tuple[RegisterDocument, ...]
    indicators: tuple[RuleIndicator, ...]
    agency: str
    duty: str
    functions: tuple[AgencyFunction, ...]
    sources: Mapping[str, Source]
    premature: tuple[str, ...]

    def source_of(self, group: str) -> Source:
        """Where a group comes from: "elemen", "kategori", "bobot", "minimum_jp", "skala.<nama>",
        "skala_bawaan", "batas_hari", "hari_verifikasi", "kanal", "register", "indikator", "perangkat_daerah".

        KeyError for any other word.
        """
        return self.sources[group]


@dataclass(frozen=True, slots=True)
class _Version:
    """One dated value of a group; ``where`` names it in an error message."""

    where: str
    source: Source
    content: object

    def fail(self, problem: str) -> NoReturn:
        raise ValueError(f"{self.where}: {problem}")


_Groups: TypeAlias = dict[str, list[_Version]]


def rules_for(year: int, extra: Path | None = None) -> Rules:
    """The rules for workbooks of ``year``. ``extra`` is a folder with more TOML files, read beside ours.

    ValueError, naming file, group and key, when a file is not as it should be.
    """
    return _rules_for(year, extra)


@lru_cache(maxsize=64)
def _rules_for(year: int, extra: Path | None) -> Rules:
    groups = _load(extra)
    chosen, premature = {}, []
    for name, versions in groups.items():
        held = [v for v in versions if v.source.since.year <= year]
        if held:
            chosen[name] = max(held, key=lambda v: v.source.since)
        else:
            chosen[name] = min(versions, key=lambda v: v.source.since)
            premature.append(name)

    def group(name: str) -> _Version:
        if name not in chosen:
            raise ValueError(f"aturan: kelompok '{name}' tidak ada")
        return chosen[name]

    weights, components = _components(group("bobot"))
    scales = {n.removeprefix("skala."): _scale(v) for n, v in chosen.items() if n.startswith("skala.")}
    default = _text(group("skala_bawaan"), group("skala_bawaan").content)
    if default not in scales:
        group("skala_bawaan").fail(f"skala '{default}' tidak ada")
    agency, duty, functions = _agency(group("perangkat_daerah"))
    return Rules(
        year=year,
        elements=_unique(group("elemen"), _rows(group("elemen"), 2, _element), lambda e: e.code),
        categories=_scale(group("kategori")),
        weights=weights,
        components=components,
        minimum_jp=_decimal(group("minimum_jp"), group("minimum_jp").content),
        scales=scales,
        default_scale=default,
        time_limits=_unique(
            group("batas_hari"), _rows(group("batas_hari"), 3, _time_limit), lambda t: (t.klasifikasi, t.perlu_cek)
        ),
        verification_days=_integer(group("hari_verifikasi"), group("hari_verifikasi").content, 0, 365),
        channels=_unique(group("kanal"), _channels(group("kanal")), lambda c: c.casefold()),
        documents=_unique(group("register"), _rows(group("register"), 6, _document), lambda d: d.nama),
        indicators=_unique(group("indikator"), _indicators(group("indikator")), lambda i: i.code),
        agency=agency,
        duty=duty,
        functions=functions,
        sources={name: version.source for name, version in chosen.items()},
        premature=tuple(premature),
    )


@lru_cache(maxsize=8)
def _load(extra: Path | None) -> _Groups:
    groups: _Groups = {}
    folders = [files("iku_excel.rules")] + ([extra] if extra else [])
    for folder in folders:
        for entry in sorted(folder.iterdir(), key=lambda e: e.name):
            if entry.name.endswith(".toml"):
                try:
                    parsed = tomllib.loads(entry.read_text(encoding="utf-8"))
                except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
                    raise ValueError(f"{entry.name}: TOML tidak terbaca: {problem}") from problem
                _collect(groups, entry.name, "", parsed)
    for versions in groups.values():
        dates = [v.source.since for v in versions]
        for version in versions:
            if dates.count(version.source.since) > 1:
                version.fail("ada dua nilai dengan tanggal berlaku_sejak yang sama")
    return groups


def _collect(groups: _Groups, file: str, prefix: str, parsed: Mapping[str, object]) -> None:
    """Sort the versions of one file by group; a table of groups ("skala") gives dotted names."""
    for key, value in parsed.items():
        if isinstance(value, dict) and not prefix:
            _collect(groups, file, f"{key}.", value)
        elif isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
            groups.setdefault(prefix + key, []).extend(_version(file, prefix + key, v) for v in value)
        else:
            raise ValueError(f"{file}: '{prefix}{key}' bukan daftar nilai bertanggal ([[{prefix}{key}]])")


def _version(file: str, group: str, table: Mapping[str, object]) -> _Version:
    where = f"{file}, {group} {table.get('berlaku_sejak', '(tanpa tanggal)')}"
    expected = {*_PROVENANCE, "isi"}
    if missing := sorted(expected - table.keys()):
        raise ValueError(f"{where}: kunci '{missing[0]}' tidak ada")
    if unknown := sorted(table.keys() - expected):
        raise ValueError(f"{where}: kunci '{unknown[0]}' tidak dikenal")
    for key in ("berlaku_sejak", "diperiksa_pada"):
        if type(table[key]) is not datetime.date:
            raise ValueError(f"{where}: '{key}' bukan tanggal (contoh: 2027-01-01)")
    for key in ("dasar_hukum", "sumber"):
        if not isinstance(table[key], str) or not str(table[key]).strip():
            raise ValueError(f"{where}: '{key}' kosong")
    if table["status"] not in _STATUSES:
        raise ValueError(f"{where}: 'status' bukan salah satu dari: {', '.join(_STATUSES)}")
    source = Source(
        basis=str(table["dasar_hukum"]),
        source=str(table["sumber"]),
        since=cast(datetime.date, table["berlaku_sejak"]),
        checked=cast(datetime.date, table["diperiksa_pada"]),
        status=cast(Status, table["status"]),
    )
    return _Version(where, source, table["isi"])


def _list(version: _Version) -> list[object]:
    if not isinstance(version.content, list) or not version.content:
        version.fail("'isi' bukan daftar yang berisi")
    return version.content


def _rows(version: _Version, width: int, make: Callable[[_Version, list[object]], T]) -> tuple[T, ...]:
    rows = _list(version)
    for row in rows:
        if not isinstance(row, list) or len(row) != width:
            version.fail(f"baris {row!r} tidak terdiri atas {width} nilai")
    return tuple(make(version, cast("list[object]", row)) for row in rows)


def _unique(version: _Version, items: tuple[T, ...], key: Callable[[T], object]) -> tuple[T, ...]:
    seen = set()
    for item in items:
        if key(item) in seen:
            version.fail(f"'{key(item)}' tertulis dua kali")
        seen.add(key(item))
    return items


def _text(version: _Version, value: object, *, empty: bool = False) -> str:
    if not isinstance(value, str) or not (empty or value.strip()):
        version.fail(f"{value!r} bukan teks yang berisi")
    return value


def _decimal(version: _Version, value: object) -> Decimal:
    """Numbers with decimals are written as text in TOML, so that no binary rounding comes between."""
    try:
        number = Decimal(_text(version, value))
    except InvalidOperation:
        version.fail(f'{value!r} bukan angka (tulis seperti "62.5")')
    if not number.is_finite() or number < 0:
        version.fail(f"{value!r} bukan angka dari 0 ke atas")
    return number


def _integer(version: _Version, value: object, low: int, high: int) -> int:
    if type(value) is not int or not low <= value <= high:
        version.fail(f"{value!r} bukan bilangan bulat dari {low} sampai {high}")
    return value


def _element(version: _Version, row: list[object]) -> RuleElement:
    return RuleElement(_text(version, row[0]), _text(version, row[1]))


def _scale(version: _Version) -> tuple[ScaleRow, ...]:
    rows = _rows(version, 2, lambda v, row: ScaleRow(_decimal(v, row[0]), _text(v, row[1])))
    ordered = tuple(sorted(rows, key=lambda row: row.lower, reverse=True))
    return _unique(version, ordered, lambda row: row.lower)


def _components(version: _Version) -> tuple[dict[str, Decimal], dict[str, str]]:
    rows = _rows(version, 3, lambda v, row: (_text(v, row[0]), _decimal(v, row[1]), _text(v, row[2])))
    if tuple(key for key, _, _ in rows) != COMPONENTS:
        version.fail(f"komponennya harus: {', '.join(COMPONENTS)}")
    if sum(weight for _, weight, _ in rows) != 100:
        version.fail("bobot tidak berjumlah 100")
    return {key: weight for key, weight, _ in rows}, {key: name for key, _, name in rows}


def _time_limit(version: _Version, row: list[object]) -> TimeLimit:
    check = row[1]
    if check not in ("Ya", "Tidak", ""):
        version.fail(f"{check!r} bukan Ya, Tidak, atau kosong")
    return TimeLimit(_text(version, row[0]), check, _integer(version, row[2], 0, 999))


def _channels(version: _Version) -> tuple[str, ...]:
    return tuple(_text(version, name) for name in _list(version))


def _document(version: _Version, row: list[object]) -> RegisterDocument:
    if row[1] not in ("Perencanaan", "Penganggaran"):
        version.fail(f"{row[1]!r} bukan Perencanaan atau Penganggaran")
    month, day = _integer(version, row[2], 1, 12), _integer(version, row[3], 1, 31)
    try:
        datetime.date(_COMMON_YEAR, month, day)
    except ValueError:
        version.fail(f"tanggal {day}/{month} tidak ada")
    return RegisterDocument(
        nama=_text(version, row[0]),
        jenis=row[1],
        bulan=month,
        hari=day,
        selisih_tahun=_integer(version, row[4], -5, 5),
        dasar_hukum=_text(version, row[5], empty=True),
    )


def _table(version: _Version, value: object, keys: tuple[str, ...]) -> dict[str, object]:
    if not isinstance(value, dict) or set(value) != set(keys):
        version.fail(f"'isi' harus berisi kunci: {', '.join(keys)}")
    return value


def _indicators(version: _Version) -> tuple[RuleIndicator, ...]:
    keys = ("kode", "sasaran", "iku", "satuan", "formulasi", "sumber_data", "penjelasan")
    tables = [_table(version, value, keys) for value in _list(version)]
    return tuple(RuleIndicator(*(_text(version, table[key]) for key in keys)) for table in tables)


def _agency(version: _Version) -> tuple[str, str, tuple[AgencyFunction, ...]]:
    table = _table(version, version.content, ("nama", "tugas", "fungsi"))
    listed = _Version(version.where, version.source, table["fungsi"])
    functions = _rows(listed, 2, lambda v, row: AgencyFunction(_text(v, row[0]), _text(v, row[1])))
    return _text(version, table["nama"]), _text(version, table["tugas"]), functions
