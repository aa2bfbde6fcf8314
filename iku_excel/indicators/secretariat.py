"""IKU-2, Indeks Kualitas Pelayanan Kesekretariatan, and its four components."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, TypeAlias

from iku_excel.cells import Cell, Column, is_error, is_number, same
from iku_excel.indicators.exact import half_up, percent, share, total
from iku_excel.indicators.period import Period

NIP_LENGTH_LIMIT = 100
"""Longer text is no NIP: the workbook's formula, which forces text matching, looks no further."""

_NOTHING = Decimal(0)

Completed: TypeAlias = Sequence[tuple[str, float, Cell]]
"""Trainings that may count: NIP in small letters, day of completion, JP as typed."""

IndexStatus: TypeAlias = Literal["lengkap", "belum lengkap", "bobot tidak 100"]


@dataclass(frozen=True, slots=True)
class Component:
    """One component: ``value`` = numerator / denominator * 100, None when the denominator is 0 or less."""

    code: str
    numerator: Decimal
    denominator: Decimal
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Documents:
    """The columns of tblDokumen that count: Batas Waktu, Tanggal Penetapan."""

    batas: Column
    penetapan: Column


@dataclass(frozen=True, slots=True)
class Budget:
    """The columns of tblAnggaran that count; ``realisasi`` holds the four quarters, each cumulative, in rupiah."""

    kode: Column
    murni: Column
    perubahan: Column
    realisasi: tuple[Column, Column, Column, Column]


@dataclass(frozen=True, slots=True)
class Employees:
    """The columns of tblPegawai that count."""

    nip: Column
    aktif: Column


@dataclass(frozen=True, slots=True)
class Trainings:
    """The columns of tblDiklat that count; ``jp`` are lesson hours (jam pelajaran)."""

    nip: Column
    selesai: Column
    jp: Column


@dataclass(frozen=True, slots=True)
class Facilities:
    """The columns of tblSarpras that count; ``jumlah`` are units."""

    jumlah: Column
    kondisi: Column


@dataclass(frozen=True, slots=True)
class SecretariatIndex:
    """The index (None unless ``status`` is "lengkap") and what each component contributes to it, where known."""

    value: Decimal | None
    contributions: dict[str, Decimal | None]
    status: IndexStatus


def documents(d: Documents, period: Period, quarter: int) -> Component:
    """Persentase dokumen perencanaan dan penganggaran yang ditetapkan tepat waktu (40%).

    Documents fixed on time / documents due. Due: Batas Waktu is a date before the day after the quarter's end
    (Tahun is no criterion). On time: Tanggal Penetapan is such a date too and less than a day after Batas Waktu.
    No document due: no value.
    """
    end = period.cutoff(quarter)
    due = on_time = 0
    for deadline, fixed in zip(d.batas, d.penetapan, strict=True):
        if type(deadline) is float and 1 < deadline < end:
            due += 1
            on_time += type(fixed) is float and 1 < fixed < end and fixed - deadline < 1
    return _component("dokumen", Decimal(on_time), Decimal(due))


def leaf_rows(b: Budget) -> tuple[int, ...]:
    """Indices of the rows that are summed: whose Kode isn't followed by "." in another row's Kode.

    Upper and lower case alike. A blank or numeric Kode is a leaf (the index of a row without any input is among
    them and adds nothing); a Kode with an error value drops its row.
    """
    parents = _parents(b.kode)
    return tuple(i for i, code in enumerate(b.kode) if not is_error(code) and not _is_parent(code, parents))


def subtotal_rows(b: Budget) -> tuple[int, ...]:
    """Indices of the programme and kegiatan rows, which would count the rows below them twice."""
    parents = _parents(b.kode)
    return tuple(i for i, code in enumerate(b.kode) if _is_parent(code, parents))


def fallback_rows(b: Budget, quarter: int) -> tuple[int, ...]:
    """Indices of the leaf rows with a Kode whose realisasi of the quarter is no number, so an earlier one counts."""
    column = b.realisasi[quarter - 1]
    return tuple(i for i in leaf_rows(b) if b.kode[i] is not None and not is_number(column[i]))


def budget(b: Budget, quarter: int, leaves: Sequence[int] | None = None) -> Component:
    """Persentase realisasi anggaran (30%): Σ realisasi / Σ pagu over the leaf rows, in rupiah.

    Pagu: Pagu Perubahan if it is a number (0 is one), else Pagu Murni, else 0. Realisasi: the quarter's column
    if it is a number, else the latest earlier one that is, else 0. Σ pagu 0 or less: no value.
    ``leaves``: ``leaf_rows(b)``, for a caller that has them.
    """
    rows = leaf_rows(b) if leaves is None else leaves
    backwards = b.realisasi[quarter - 1 :: -1]
    spent = total(_first_number([column[i] for column in backwards]) for i in rows)
    ceiling = total(_first_number((b.perubahan[i], b.murni[i])) for i in rows)
    return _component("anggaran", spent, ceiling)


def active_employees(e: Employees) -> tuple[str, ...]:
    """The NIP of every active employee once, as first typed.

    A NIP is text; upper and lower case alike. Its first row decides whether Aktif = Ya (an error there: no).
    """
    first: dict[str, tuple[str, Cell]] = {}
    for nip, active in zip(e.nip, e.aktif, strict=True):
        if type(nip) is str and 0 < len(nip) <= NIP_LENGTH_LIMIT:
            first.setdefault(nip.casefold(), (nip, active))
    return tuple(nip for nip, active in first.values() if same(active, "Ya"))


def completed(t: Trainings, period: Period) -> Completed:
    """The trainings completed in the year by someone with a NIP."""
    start, end = period.start, period.cutoff(4)
    return [
        (str(nip).casefold(), done, jp)
        for nip, done, jp in zip(t.nip, t.selesai, t.jp, strict=True)
        if type(done) is float and start <= done < end and _is_nip(nip)
    ]


def training(
    e: Employees,
    t: Trainings,
    period: Period,
    quarter: int,
    minimum_jp: Decimal | None = None,
    active: Sequence[str] | None = None,
    in_year: Completed | None = None,
) -> Component:
    """Persentase SDM aparatur yang mengikuti pendidikan dan pelatihan (25%).

    Distinct active employees with a training whose Selesai lies in the period / all active employees, matched by
    the whole NIP. With ``minimum_jp`` only those whose trainings completed in the period sum to that many JP
    (numbers above 0), compared at 8 decimals. No active employee: no value. ``active``: ``active_employees(e)``, and
    ``in_year``: ``completed(t, period)``, for a caller that has them.
    """
    end = period.cutoff(quarter)
    hours: dict[str, list[Decimal]] = {}
    for nip, done, jp in completed(t, period) if in_year is None else in_year:
        if done < end:
            counted = hours.setdefault(nip, [])
            if minimum_jp is not None and type(jp) is float and jp > 0:
                counted.append(Decimal(repr(jp)))
    nips = [nip.casefold() for nip in (active_employees(e) if active is None else active)]
    trained = sum(
        1 for nip in nips if nip in hours and (minimum_jp is None or half_up(total(hours[nip]), 8) >= minimum_jp)
    )
    return _component("diklat", Decimal(trained), Decimal(len(nips)))


def facilities(f: Facilities, count_light_damage: bool) -> Component:
    """Persentase sarana dan prasarana kantor yang berfungsi dengan baik (5%): units working / all units.

    Units are Jumlah where it is a number above 0. Working: Kondisi = Baik, with ``count_light_damage`` also
    Rusak Ringan. No units: no value.
    """
    working, units = [], []
    for amount, condition in zip(f.jumlah, f.kondisi, strict=True):
        if type(amount) is float and amount > 0:
            number = Decimal(repr(amount))
            units.append(number)
            if same(condition, "Baik") or (count_light_damage and same(condition, "Rusak Ringan")):
                working.append(number)
    return _component("sarpras", total(working), total(units))


def secretariat_index(values: Mapping[str, Decimal | None], weights: Mapping[str, Decimal | None]) -> SecretariatIndex:
    """Indeks = 0.40·Dokumen + 0.30·Anggaran + 0.25·Diklat + 0.05·Sarpras, with the workbook's own weights (%).

    Both mappings have the same keys. "bobot tidak 100" unless every weight is there and they sum to 100 at 8
    decimals; else "belum lengkap" when a component has no value: then the index is None, never 0 and never
    weighted anew.
    """
    contributions = {
        key: None if value is None or (weight := weights[key]) is None else share(weight, value)
        for key, value in values.items()
    }
    known_weights = [weight for key in values if (weight := weights[key]) is not None]
    if len(known_weights) < len(values) or half_up(total(known_weights), 8) != 100:
        return SecretariatIndex(None, contributions, "bobot tidak 100")
    parts = [part for part in contributions.values() if part is not None]
    if len(parts) < len(values):
        return SecretariatIndex(None, contributions, "belum lengkap")
    return SecretariatIndex(total(parts), contributions, "lengkap")


def _component(code: str, numerator: Decimal, denominator: Decimal) -> Component:
    return Component(code, numerator, denominator, percent(numerator, denominator))


def _parents(codes: Column) -> set[str]:
    """Every beginning of a Kode that stands before a "."; one pass instead of comparing all pairs."""
    parents = set()
    for code in codes:
        if type(code) is str:
            folded = code.casefold()
            dot = folded.find(".")
            while dot >= 0:
                parents.add(folded[:dot])
                dot = folded.find(".", dot + 1)
    return parents


def _is_parent(code: Cell, parents: set[str]) -> bool:
    return type(code) is str and code.casefold() in parents


def _is_nip(cell: Cell) -> bool:
    return type(cell) is str and 0 < len(cell) <= NIP_LENGTH_LIMIT


def _first_number(cells: Sequence[Cell]) -> Decimal:
    for cell in cells:
        if type(cell) is float:
            return Decimal(repr(cell))
    return _NOTHING
