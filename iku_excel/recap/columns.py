"""The long tables of a recap: one row for each workbook and indicator, element, component, month, channel or finding.

The same rows become the sheet Data, CSV, Parquet and pandas frames; each column is described once, here.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Literal, TypeAlias

from iku_excel.indicators.period import Period, from_serial
from iku_excel.recap.roll import NAMELESS, Roll
from iku_excel.record import Record
from iku_excel.rules.loader import rules_for

Kind: TypeAlias = Literal["teks", "bulat", "desimal", "tanggal"]
"""Text, whole number, exact decimal, day."""

Value: TypeAlias = str | int | Decimal | datetime.date | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in frames and Parquet, its heading in sheets and CSV, and what it holds."""

    name: str
    heading: str
    kind: Kind = "teks"


@dataclass(frozen=True, slots=True)
class LongTable:
    """One long table. ``name`` is its key among the frames and the end of its file's name."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Value, ...]]


_WHO = (
    Column("perangkat_daerah", "Perangkat Daerah"),
    Column("tahun", "Tahun", "bulat"),
    Column("triwulan", "Triwulan", "bulat"),
)
_FILE = Column("berkas", "Berkas")
_COMPARED = Column("diperbandingkan", "Diperbandingkan")

INDICATORS = (
    *_WHO,
    Column("batas_periode", "Batas Periode", "tanggal"),
    Column("kode_iku", "IKU"),
    Column("iku", "Nama IKU"),
    Column("target", "Target", "desimal"),
    Column("target_triwulan", "Target Triwulan", "desimal"),
    Column("realisasi", "Realisasi", "desimal"),
    Column("hitungan", "Hitungan Buku", "desimal"),
    Column("capaian", "Capaian", "desimal"),
    Column("capaian_triwulan", "Capaian Triwulan", "desimal"),
    Column("predikat", "Predikat"),
    Column("sumber_nilai", "Sumber Nilai"),
    Column("status_data", "Status Data"),
    _COMPARED,
    _FILE,
)
ELEMENTS = (
    *_WHO,
    Column("kode_elemen", "Kode Elemen"),
    Column("elemen", "Elemen"),
    Column("pertanyaan", "Pertanyaan", "bulat"),
    Column("terjawab", "Terjawab", "bulat"),
    Column("skor", "Skor", "desimal"),
    Column("skor_maks", "Skor Maks", "desimal"),
    Column("persen", "Persen", "desimal"),
    Column("poin_hilang", "Poin Hilang", "desimal"),
    _COMPARED,
    _FILE,
)
COMPONENT_COLUMNS = (
    *_WHO,
    Column("komponen", "Komponen"),
    Column("bobot", "Bobot", "desimal"),
    Column("nilai", "Nilai", "desimal"),
    Column("kontribusi", "Kontribusi", "desimal"),
    _COMPARED,
    _FILE,
)
_COUNTS = (Column("dihitung", "Dihitung", "bulat"), Column("ditindaklanjuti", "Ditindaklanjuti", "bulat"))
MONTHS = (*_WHO, Column("bulan", "Bulan", "bulat"), *_COUNTS, _COMPARED, _FILE)
CHANNELS = (*_WHO, Column("kanal", "Kanal"), *_COUNTS, _COMPARED, _FILE)
FINDINGS = (
    *_WHO,
    Column("kode", "Kode"),
    Column("tingkat", "Tingkat"),
    Column("jumlah", "Jumlah", "bulat"),
    _FILE,
)
BOOKS = (
    *_WHO,
    Column("versi_templat", "Versi Templat", "bulat"),
    Column("status_buku", "Status Buku"),
    Column("sel_berbeda", "Sel Berbeda", "bulat"),
    Column("kesalahan", "Kesalahan", "bulat"),
    Column("peringatan", "Peringatan", "bulat"),
    Column("info", "Info", "bulat"),
    _COMPARED,
    _FILE,
)

Rows: TypeAlias = Iterator[tuple[Value, ...]]


def long_tables(whole: Roll) -> tuple[LongTable, ...]:
    """Every long table of the recap; workbooks that can't be compared are in them, marked "Tidak"."""
    return tuple(
        LongTable(name, columns, [row for record in whole.records for row in rows(whole, record)])
        for name, columns, rows in _TABLES
    )


def indicator_rows(whole: Roll) -> list[tuple[Value, ...]]:
    """The rows of the table "indikator"."""
    return [row for record in whole.records for row in _indicators(whole, record)]


def _who(whole: Roll, record: Record) -> tuple[str | None, int, int]:
    name = whole.unit(record)
    return None if name == NAMELESS else name, record.year, record.quarter


def _end(whole: Roll, record: Record) -> tuple[str, str]:
    return "Ya" if whole.stands(record) else "Tidak", record.file


def _indicators(whole: Roll, record: Record) -> Rows:
    names = iku_names(record.year)
    who, end, day = _who(whole, record), _end(whole, record), last_day(record)
    for f in record.indicators:
        yield (
            *who,
            day,
            f.code,
            names[f.code],
            f.target,
            f.target_quarter,
            f.value,
            f.own,
            f.capaian,
            f.capaian_quarter,
            f.predicate or None,
            f.source or None,
            f.status,
            *end,
        )


def _elements(whole: Roll, record: Record) -> Rows:
    names = element_names(record.year)
    who, end = _who(whole, record), _end(whole, record)
    for e in record.carried_elements:
        yield (
            *who,
            e.code,
            names[e.code],
            e.questions,
            e.answered,
            e.score,
            e.maximum,
            e.percent,
            e.lost,
            *end,
        )


def _components(whole: Roll, record: Record) -> Rows:
    for c in record.carried_components:
        yield (*_who(whole, record), c.key, c.weight, c.value, c.contribution, *_end(whole, record))


def _months(whole: Roll, record: Record) -> Rows:
    """Only the months up to the quarter's end: later ones are not counted yet, which is not 0."""
    if record.counts_complaints:
        for number, (counted, followed) in enumerate(record.months[: 3 * record.quarter], 1):
            yield (*_who(whole, record), number, counted, followed, *_end(whole, record))


def _channels(whole: Roll, record: Record) -> Rows:
    if record.counts_complaints:
        for name, counted, followed in record.channels:
            yield (*_who(whole, record), name, counted, followed, *_end(whole, record))


def _findings(whole: Roll, record: Record) -> Rows:
    for f in record.findings:
        yield (*_who(whole, record), f.code, f.level, f.count, record.file)


def _books(whole: Roll, record: Record) -> Rows:
    levels = (record.mistakes("kesalahan"), record.mistakes("peringatan"), record.mistakes("info"))
    state = (record.version, record.freshness, record.differing)
    yield (*_who(whole, record), *state, *levels, *_end(whole, record))


_TABLES: tuple[tuple[str, tuple[Column, ...], Callable[[Roll, Record], Rows]], ...] = (
    ("indikator", INDICATORS, _indicators),
    ("elemen", ELEMENTS, _elements),
    ("komponen", COMPONENT_COLUMNS, _components),
    ("keluhan_bulan", MONTHS, _months),
    ("keluhan_kanal", CHANNELS, _channels),
    ("temuan", FINDINGS, _findings),
    ("buku", BOOKS, _books),
)

TABLE_NAMES = tuple(name for name, *_ in _TABLES)


@lru_cache(maxsize=32)
def element_names(year: int) -> dict[str, str]:
    """The 18 elements' names by code, as the rules of that year word them."""
    return {element.code: element.name for element in rules_for(year).elements}


@lru_cache(maxsize=32)
def iku_names(year: int) -> dict[str, str]:
    """The indicators' names by code."""
    return {indicator.code: indicator.iku for indicator in rules_for(year).indicators}


def last_day(record: Record) -> datetime.date:
    """The last day of the workbook's period."""
    return from_serial(Period(record.year, record.quarter).cutoff() - 1)
