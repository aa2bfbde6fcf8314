"""What stands on each sheet of the recap but Ringkas: one Excel table a sheet, with its notes. No layout."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from iku_excel.findings import LEVELS, Level
from iku_excel.form.checks.catalogue import CODES
from iku_excel.form.layout import IKU_2, IKU_CODES, QUARTERS
from iku_excel.indicators.exact import difference, percent, total
from iku_excel.recap.columns import INDICATORS, Value, iku_names, indicator_rows
from iku_excel.recap.compare import components, ranking, weakest
from iku_excel.recap.roll import Roll
from iku_excel.record import Record

Look: TypeAlias = Literal["teks", "tengah", "bulat", "dua"]
"""Text on the left and wrapped; a short word or a number that names something, centred; a count; two decimals."""

DATA, MATRIX, RANKS, TREND = "Data", "Matriks", "Peringkat", "Tren"
PARTS, WEAKEST, KINDS = "Komponen", "Elemen Terlemah", "Temuan"
ATTENTION, UNREADABLE = "Perlu Perhatian", "Tidak Terbaca"

HEADER_ROW, FIRST_ROW = 5, 6
"""Of every table: its header and its first row."""

NONE, NOT_CARRIED = "–", "tidak berlaku"
_NAMED = 3
"""So many agencies are named in one cell; more are counted."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet's table; ``width`` is the most it may take, in characters, before its text wraps."""

    heading: str
    look: Look = "teks"
    width: float = 14
    scaled: bool = False
    """Coloured from orange over white to blue."""


@dataclass(frozen=True, slots=True)
class Page:
    """One sheet: its title, notes, table (whose name in Excel is ``table``), and how many columns stay in sight."""

    sheet: str
    title: str
    table: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Value, ...]]
    notes: tuple[str, ...] = ()
    frozen: int = 0
    grave: frozenset[str] = field(default_factory=frozenset)
    """Words that stand out in the first column."""


def pages(whole: Roll) -> tuple[Page, ...]:
    """Every sheet after Ringkas, in order."""
    return (
        _data(whole),
        _matrix(whole),
        _ranks(whole),
        _trend(whole),
        _parts(whole),
        _weakest(whole),
        _kinds(whole),
        _attention(whole),
        _unreadable(whole),
    )


_UNIT = Column("Perangkat Daerah", width=46)
_YEAR, _QUARTER = Column("Tahun", "tengah", 8), Column("TW", "tengah", 6)
_FILE = Column("Berkas", width=40)

_ON_DATA = {
    "perangkat_daerah": _UNIT,
    "tahun": _YEAR,
    "triwulan": Column("Triwulan", "tengah", 10),
    "kode_iku": Column("IKU", "tengah", 8),
    "target": Column("Target", "dua", 10),
    "realisasi": Column("Realisasi", "dua", 10),
    "capaian": Column("Capaian", "dua", 10),
    "predikat": Column("Predikat", width=24),
    "sumber_nilai": Column("Sumber Nilai", width=24),
    "status_data": Column("Status Data", width=24),
    "diperbandingkan": Column("Diperbandingkan", "tengah", 17),
    "berkas": _FILE,
}
"""The columns of the long table "indikator" that the sheet Data shows."""


def _data(whole: Roll) -> Page:
    at = [number for number, column in enumerate(INDICATORS) if column.name in _ON_DATA]
    return Page(
        DATA,
        "DATA",
        "tblRekapData",
        tuple(_ON_DATA[INDICATORS[number].name] for number in at),
        [tuple(row[number] for number in at) for row in indicator_rows(whole)],
        (
            "Satu baris satu IKU di satu buku kerja, dihitung dari isiannya. Realisasi seperti di Ringkasan.",
            "Diperbandingkan = Tidak: bukan triwulan terakhir tahun itu, ganda, atau tanpa nama.",
        ),
        1,
    )


def _matrix(whole: Roll) -> Page:
    rows = []
    for record in whole.counted:
        shown = [record.indicator(code) for code in IKU_CODES]
        figures = [_figure(f.value, f.carried) for f in shown]
        figures += [_figure(f.capaian, f.carried) for f in shown]
        figures += [_figure(c.value, record.carries(IKU_2)) for c in record.components]
        rows.append((whole.unit(record), record.year, QUARTERS[record.quarter - 1], *figures))
    return Page(
        MATRIX,
        "MATRIKS PERANGKAT DAERAH × IKU",
        "tblRekapMatriks",
        (
            _UNIT,
            _YEAR,
            _QUARTER,
            *(Column(f"Realisasi {code}", "dua", 10.4, scaled=True) for code in IKU_CODES),
            *(Column(f"Capaian {code}", "dua", 10.4, scaled=True) for code in IKU_CODES),
            *(Column(word, "dua", 10.4, scaled=True) for word in ("Dokumen", "Anggaran", "Diklat", "Sarpras")),
        ),
        rows,
        (
            "Triwulan terakhir tiap tahun. Jingga: 50 atau kurang; putih: 75; biru: 100 atau lebih. "
            f"{NONE}: belum ada nilai.",
        ),
        1,
    )


def _figure(value: Decimal | None, carried: bool) -> Value:
    if not carried:
        return NOT_CARRIED
    return NONE if value is None else value


def _ranks(whole: Roll) -> Page:
    rows: list[tuple[Value, ...]] = []
    for code in IKU_CODES:
        for year in reversed(whole.years):
            for rank, record in ranking(whole.of_year(year), code):
                f = record.indicator(code)
                place = (code, year, rank, whole.unit(record), QUARTERS[record.quarter - 1])
                rows.append((*place, f.value, f.target, f.capaian, f.predicate or None, f.source or None))
    notes = [
        "Menurut realisasi (dua desimal), tertinggi di atas; nilai sama berbagi peringkat. "
        "Tanpa nilai dan tidak berlaku: tanpa peringkat."
    ]
    mixed = [year for year in whole.years if len({record.quarter for record in whole.of_year(year)}) > 1]
    if mixed:
        notes.append(f"Triwulannya berbeda-beda di tahun {_listed(mixed)}: bandingkan dengan hati-hati.")
    return Page(
        RANKS,
        "PERINGKAT PER IKU",
        "tblRekapPeringkat",
        (
            Column("IKU", "tengah", 8),
            _YEAR,
            Column("Peringkat", "tengah", 11),
            _UNIT,
            _QUARTER,
            Column("Realisasi", "dua", 11),
            Column("Target", "dua", 11),
            Column("Capaian", "dua", 11),
            Column("Predikat", width=24),
            Column("Sumber Nilai", width=24),
        ),
        rows,
        tuple(notes),
        4,
    )


def _trend(whole: Roll) -> Page:
    years = whole.years
    by_unit: dict[str, dict[int, Record]] = defaultdict(dict)
    for record in whole.counted:
        by_unit[whole.unit(record)][record.year] = record
    rows: list[tuple[Value, ...]] = []
    for code in IKU_CODES:
        for unit, of_years in by_unit.items():
            carried = {year: r.indicator(code) for year, r in of_years.items() if r.carries(code)}
            values = [carried[year].value if year in carried else None for year in years]
            if not carried:
                continue
            change: tuple[Value, ...] = ()
            if len(years) > 1:
                last, before = values[-1], values[-2]
                change = (None if last is None or before is None else difference(last, before),)
            rows.append((code, unit, *values, *change))
    notes = ["Realisasi triwulan terakhir tiap tahun. Kosong: tidak ada buku kerja tahun itu, atau belum ada nilai."]
    if len(years) > 1:
        notes[0] += f" Perubahan: {years[-1]} dikurangi {years[-2]}."
    names = "; ".join(f"{code} {name}" for code, name in iku_names(years[-1]).items()) if years else ""
    return Page(
        TREND,
        "TREN MENURUT TAHUN",
        "tblRekapTren",
        (
            Column("IKU", "tengah", 8),
            _UNIT,
            *(Column(str(year), "dua", 11) for year in years),
            *((Column("Perubahan", "dua", 12),) if len(years) > 1 else ()),
        ),
        rows,
        (notes[0], names),
        2,
    )


def _parts(whole: Roll) -> Page:
    rows: list[tuple[Value, ...]] = []
    for year in reversed(whole.years):
        for part in components(whole, whole.of_year(year)):
            found = part.value
            lowest = _listed(part.lowest[:_NAMED]) if part.lowest else None
            if len(part.lowest) > _NAMED:
                lowest = f"{len(part.lowest)} perangkat daerah"
            rows.append((year, part.label, found.count, part.missing, found.mean, found.lowest, lowest, found.highest))
    return Page(
        PARTS,
        "KOMPONEN IKU-2: RATA-RATA",
        "tblRekapKomponen",
        (
            _YEAR,
            Column("Komponen", width=48),
            Column("Perangkat Daerah", "bulat", 12),
            Column("Belum Ada Data", "bulat", 11),
            Column("Rata-rata", "dua", 11, scaled=True),
            Column("Terendah", "dua", 11, scaled=True),
            Column("Terendah di", width=40),
            Column("Tertinggi", "dua", 11, scaled=True),
        ),
        rows,
        ("Rata-rata perangkat daerah yang punya nilai; yang belum ada datanya tidak dianggap 0.",),
        2,
    )


def _weakest(whole: Roll) -> Page:
    rows: list[tuple[Value, ...]] = []
    for year in reversed(whole.years):
        over_all = weakest(whole.of_year(year), year)
        lost = total(e.lost for e in over_all)
        for number, e in enumerate(over_all, 1):
            share = percent(e.lost, lost) if lost else None
            figures = (e.percent.mean, e.percent.lowest, e.lost, e.maximum, share)
            rows.append((year, number, e.code, e.name, e.units, *(figures if e.units else (None,) * len(figures))))
    return Page(
        WEAKEST,
        "ELEMEN NSPK TERLEMAH",
        "tblRekapElemen",
        (
            _YEAR,
            Column("Urutan", "tengah", 9),
            Column("Kode", "tengah", 8),
            Column("Elemen", width=44),
            Column("Perangkat Daerah", "bulat", 12),
            Column("Rata-rata Persen", "dua", 11, scaled=True),
            Column("Persen Terendah", "dua", 11, scaled=True),
            Column("Poin Hilang", "dua", 11),
            Column("Skor Maks", "dua", 11),
            Column("Bagian Poin Hilang (%)", "dua", 13),
        ),
        rows,
        (
            "Rata-rata Persen atas semua perangkat daerah, terendah di atas. "
            "Poin Hilang: skor maksimum dikurangi skor, dijumlah.",
            "Penilaian mandiri, juga bila IKU-1 di Ringkasan memakai hasil BKN.",
        ),
        4,
    )


def _kinds(whole: Roll) -> Page:
    times: Counter[str] = Counter()
    books: dict[str, list[Record]] = defaultdict(list)
    for record in whole.records:
        for found in record.findings:
            times[found.code] += found.count
            books[found.code].append(record)
    rows = []
    for code in sorted(times, key=lambda c: (LEVELS.index(CODES[c].level), -times[c], c)):
        info, files = CODES[code], books[code]
        rows.append((info.level, code, times[code], len(files), info.meaning, info.fix, files[0].file))
    return Page(
        KINDS,
        "TEMUAN MENURUT KODE",
        "tblRekapTemuan",
        (
            Column("Tingkat", "tengah", 12),
            Column("Kode", width=30),
            Column("Jumlah", "bulat", 9),
            Column("Buku Kerja", "bulat", 9),
            Column("Arti", width=52),
            Column("Perbaikan", width=46),
            Column("Contoh Berkas", width=34),
        ),
        rows,
        ("Dari semua buku kerja yang terbaca. Sel dan isinya ada di lembar Pemeriksaan tiap buku.",),
        2,
        frozenset({"kesalahan"}),
    )


def _attention(whole: Roll) -> Page:
    rows = [
        (
            m.kind,
            m.unit or None,
            m.year,
            None if m.quarter is None else QUARTERS[m.quarter - 1],
            m.file or None,
            m.words,
            m.fix,
        )
        for m in whole.matters
    ]
    return Page(
        ATTENTION,
        "PERLU PERHATIAN",
        "tblRekapPerhatian",
        (
            Column("Perkara", width=28),
            Column("Perangkat Daerah", width=34),
            _YEAR,
            _QUARTER,
            Column("Berkas", width=34),
            Column("Keterangan", width=52),
            Column("Yang Harus Dilakukan", width=44),
        ),
        rows,
        ("Tidak ada yang perlu diperhatikan.",) if not rows else ("Selesaikan dari atas, lalu jalankan rekap lagi.",),
        2,
        frozenset({"tidak terbaca", "ganda", "tanpa nama", "tidak dapat diisi"}),
    )


def _unreadable(whole: Roll) -> Page:
    return Page(
        UNREADABLE,
        "TIDAK TERBACA",
        "tblRekapTidakTerbaca",
        (
            Column("Berkas", width=40),
            Column("Masalah", width=56),
            Column("Di Mana", width=24),
            Column("Yang Harus Dilakukan", width=52),
            Column("Kode", width=24),
        ),
        [(one.file, one.message, one.place or None, one.fix, one.code) for one in whole.unread],
        ("Buku kerja ini tidak ikut di lembar mana pun.",) if whole.unread else ("Semua buku kerja terbaca.",),
        1,
    )


def _listed(items: Sequence[object]) -> str:
    """ "2024, 2025, dan 2026"."""
    texts = [str(item) for item in items]
    if len(texts) < 3:
        return " dan ".join(texts)
    return ", ".join(texts[:-1]) + f", dan {texts[-1]}"


def levels(whole: Roll) -> Iterator[tuple[Level, int]]:
    """How many findings of each level all workbooks have."""
    for level in LEVELS:
        yield level, sum(record.mistakes(level) for record in whole.records)
