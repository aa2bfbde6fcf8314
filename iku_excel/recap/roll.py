"""Many records put in order: which stand for their agency and year, and which can't until somebody mends them.

One agency and year is one workbook's figures: that of its latest quarter. Two workbooks for the same agency, year
and quarter are never added up, averaged or chosen between; both are listed, and neither counts.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from iku_excel.findings import Refusal
from iku_excel.form.layout import QUARTERS
from iku_excel.record import Record

NAMELESS = "(tanpa nama)"


@dataclass(frozen=True, slots=True)
class Unread:
    """A workbook that could not be read: what, where in it, what to do, and the refusal's code."""

    file: str
    code: str
    message: str
    place: str
    fix: str

    @classmethod
    def of(cls, file: str, refusal: Refusal) -> Unread:
        """From the refusal."""
        place = ", ".join(part for part in (refusal.sheet, refusal.cell) if part)
        return cls(file, refusal.code, refusal.message, place, refusal.fix)


@dataclass(frozen=True, slots=True)
class Matter:
    """Something to look at before the recap is handed on: its kind, about which workbook, in words, and the mend."""

    kind: str
    unit: str
    year: int | None
    quarter: int | None
    file: str
    words: str
    fix: str


@dataclass(frozen=True, slots=True)
class Roll:
    """All workbooks of a recap, by agency, year, quarter and file.

    ``counted`` are those that stand for their agency and year: one each, so that figures may be compared and
    averaged. ``duplicates`` are the groups that don't until one of them goes; ``spellings`` the ways in which one
    agency's name was written, where there are several.
    """

    records: tuple[Record, ...]
    counted: tuple[Record, ...]
    duplicates: tuple[tuple[Record, ...], ...]
    spellings: Mapping[str, tuple[str, ...]]
    unread: tuple[Unread, ...]
    _names: Mapping[str, str]
    _standing: frozenset[int]

    def unit(self, record: Record) -> str:
        """The agency's name as the recap writes it."""
        return self._names.get(_key(record.unit), NAMELESS)

    def stands(self, record: Record) -> bool:
        """Whether the record stands for its agency and year."""
        return id(record) in self._standing

    @property
    def units(self) -> tuple[str, ...]:
        """The agencies, in the order of the alphabet."""
        return tuple(dict.fromkeys(self.unit(record) for record in self.records if record.unit))

    @property
    def years(self) -> tuple[int, ...]:
        """The years that count, the earliest first."""
        return tuple(sorted({record.year for record in self.counted}))

    def of_year(self, year: int) -> tuple[Record, ...]:
        """The workbooks that count for a year."""
        return tuple(record for record in self.counted if record.year == year)

    def having(self, freshness: str) -> tuple[Record, ...]:
        """The workbooks in this state."""
        return tuple(record for record in self.records if record.freshness == freshness)

    @property
    def matters(self) -> tuple[Matter, ...]:
        """Everything to look at, the gravest first."""
        return tuple(_matters(self))


def roll(records: Iterable[Record], unread: Sequence[Unread] = ()) -> Roll:
    """Put records in order. The most frequent way to write a name is the recap's."""
    written: dict[str, Counter[str]] = defaultdict(Counter)
    found = list(records)
    for record in found:
        if record.unit:
            written[_key(record.unit)][record.unit] += 1
    names = {key: max(sorted(ways), key=ways.__getitem__) for key, ways in written.items()}
    found.sort(key=lambda r: (not r.unit, _key(r.unit), r.year, r.quarter, r.file))
    groups: dict[tuple[str, int], dict[int, list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in found:
        if record.unit:
            groups[_key(record.unit), record.year][record.quarter].append(record)
    counted = [latest[0] for quarters in groups.values() if len(latest := quarters[max(quarters)]) == 1]
    duplicates = [tuple(same) for quarters in groups.values() for same in quarters.values() if len(same) > 1]
    return Roll(
        tuple(found),
        tuple(counted),
        tuple(duplicates),
        {names[key]: tuple(sorted(ways)) for key, ways in written.items() if len(ways) > 1},
        tuple(unread),
        names,
        frozenset(map(id, counted)),  # by identity: comparing records field by field would cost more than computing
    )


def _key(unit: str) -> str:
    """Names that differ in case and blanks only are one agency's."""
    return " ".join(unit.split()).casefold()


def position(record: Record) -> str:
    """ "TW III 2025"."""
    return f"TW {QUARTERS[record.quarter - 1]} {record.year}"


def _matters(whole: Roll) -> Iterator[Matter]:
    for one in whole.unread:
        yield Matter("tidak terbaca", "", None, None, one.file, one.message, one.fix)
    for same in whole.duplicates:
        for record in same:
            others = ", ".join(other.file for other in same if other is not record)
            yield _matter(
                whole,
                "ganda",
                record,
                f"Perangkat daerah, tahun, dan triwulan ini juga ada di {others}. Tidak ikut matriks, peringkat, tren, "
                "dan rata-rata.",
                "Pindahkan berkas yang tidak dipakai ke luar folder, atau betulkan nama, Tahun, atau Triwulannya.",
            )
    for record in whole.records:
        if not record.unit:
            yield _matter(
                whole,
                "tanpa nama",
                record,
                "Perangkat Daerah kosong di lembar Pengaturan. Tidak ikut matriks, peringkat, tren, dan rata-rata.",
                "Isi Perangkat Daerah di lembar Pengaturan.",
            )
    yield from _states(whole)
    for name, ways in whole.spellings.items():
        quoted = ", ".join(f'"{way}"' for way in ways)
        yield Matter(
            "penulisan nama",
            name,
            None,
            None,
            "",
            f"Nama ini ditulis {len(ways)} cara: {quoted}. Dianggap satu perangkat daerah.",
            "Samakan penulisannya di lembar Pengaturan.",
        )


def _states(whole: Roll) -> Iterator[Matter]:
    for record in whole.having("belum diisi"):
        yield _matter(
            whole,
            "belum diisi",
            record,
            "Buku ini belum pernah dihitung, atau belum ada data di dalamnya.",
            "Lengkapi lembar masukan, lalu jalankan `iku-excel isi`.",
        )
    for record in whole.having("tidak dapat diisi"):
        yield _matter(
            whole,
            "tidak dapat diisi",
            record,
            record.trouble,
            "Jalankan `iku-excel isi` untuk melihat cara memperbaiki.",
        )
    for record in whole.having("lebih lama dari datanya"):
        yield _matter(
            whole,
            "lebih lama dari datanya",
            record,
            f"{record.differing} sel hasil di buku ini bukan hitungan terbaru. Rekap memakai hitungan terbaru.",
            "Jalankan `iku-excel isi` agar buku kerjanya sama dengan rekap.",
        )
    for record in whole.records:
        if mistakes := record.mistakes():
            yield _matter(
                whole,
                "kesalahan data",
                record,
                f"{mistakes} kesalahan: isi yang keliru tidak dihitung.",
                "Lihat lembar Pemeriksaan di buku itu.",
            )


def _matter(whole: Roll, kind: str, record: Record, words: str, fix: str) -> Matter:
    return Matter(kind, whole.unit(record), record.year, record.quarter, record.file, words, fix)
