"""A simulation in Indonesian: sentences and small tables, for whoever shows it (terminal, sheet).

What must be reached is rounded up where it is cut to two decimals, so that doing as told is always enough; what is
so today is rounded half up as everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Literal, TypeAlias

from iku_excel.form.layout import QUARTERS
from iku_excel.form.simulation import Question, Scenario, Simulation
from iku_excel.indicators.achievement import show
from iku_excel.indicators.exact import HUNDRED, difference, total
from iku_excel.indicators.what_if import FollowUpPlan, NspkPlan
from iku_excel.indicators.what_if_secretariat import ComponentRaise, IncompleteIndex, SecretariatPlan

TITLE = "SIMULASI, BUKAN REALISASI"
REMARK = (
    "Hanya hitungan andai-andai dari isian saat ini: tidak ada isian atau angka realisasi yang diubah. "
    "Hasil hitung internal, bukan hasil resmi BKN."
)

Kind: TypeAlias = Literal["teks", "sel", "dua", "poin"]
"""How a column is shown: text, a cell of the workbook, two decimals, or points (whole where they are whole)."""

Value: TypeAlias = Decimal | str | None


@dataclass(frozen=True, slots=True)
class Grid:
    """A small table: headings with their kinds, and rows of as many values."""

    columns: tuple[tuple[str, Kind], ...]
    rows: tuple[tuple[Value, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """What is said of one target. ``title`` names the indicator, "" where the block before did."""

    title: str
    items: tuple[str | Grid, ...]


NAMES = {"dokumen": "Dokumen", "anggaran": "Anggaran", "diklat": "Diklat", "sarpras": "Sarpras"}
_UNITS = {
    "dokumen": "dokumen tepat waktu",
    "anggaran": "",
    "diklat": "pegawai aktif mengikuti diklat",
    "sarpras": "unit berfungsi baik",
}
_ELEMENTS: tuple[tuple[str, Kind], ...] = (
    ("Elemen", "teks"),
    ("Poin", "poin"),
    ("Kini %", "dua"),
    ("Jadi %", "dua"),
    ("Indeks", "dua"),
)
_QUESTIONS: tuple[tuple[str, Kind], ...] = (
    ("Sel", "sel"),
    ("Tambah", "poin"),
    ("Kini", "poin"),
    ("Maks", "poin"),
    ("Elemen", "teks"),
    ("Kode", "teks"),
    ("Tindakan", "teks"),
)
_RAISES: tuple[tuple[str, Kind], ...] = (
    ("Komponen", "teks"),
    ("Bobot", "poin"),
    ("Kini", "dua"),
    ("Jadi", "dua"),
    ("Indeks", "dua"),
    ("Dalam satuannya", "teks"),
)


def subtitle(simulation: Simulation) -> str:
    """Whose figures, and of when."""
    when = f"posisi sampai akhir Triwulan {QUARTERS[simulation.quarter - 1]} Tahun {simulation.year}"
    return f"{simulation.agency} · {when}" if simulation.agency else when[0].upper() + when[1:]


def blocks(simulation: Simulation) -> Iterator[Block]:
    """One block a target, in the order of the indicators."""
    before = ""
    for scenario in simulation.scenarios:
        code = scenario.goal.iku
        title = f"{code}  {scenario.name}" if code != before else ""
        before = code
        yield Block(title, tuple(_said(scenario)))


def at_least(value: Decimal, places: int = 2) -> Decimal:
    """The value cut to so many decimals, upward."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_CEILING)


def points(value: Decimal) -> Decimal:
    """Points as they are shown: at two decimals, at four where two would not tell them, never too few."""
    return at_least(value, 2 if value == round(value, 2) else 4)


def points_text(value: Decimal) -> str:
    """The same in words: whole ones without decimals."""
    shown = points(value)
    if shown == shown.to_integral_value():
        return show(shown, 0, thousands=True)
    return show(shown, 2 if shown == round(shown, 2) else 4, thousands=True)


def _said(scenario: Scenario) -> Iterator[str | Grid]:
    goal, plan = scenario.goal, scenario.plan
    name = goal.name[0].upper() + goal.name[1:]
    if scenario.status == "tidak berlaku":
        yield "Tidak berlaku: kolom Berlaku di lembar Target berisi Tidak."
        return
    if goal.target is None:
        yield (
            f"{name} belum berisi angka di atas 0 di lembar Target. Isi di sana, "
            f"atau sebut targetnya: --target {goal.iku}=80."
        )
        return
    now = "" if scenario.value is None else f" Sekarang {show(scenario.value)}{_distance(scenario)}."
    yield f"{name}: {show(goal.target)}.{now}"
    if scenario.shown is not None and scenario.source != "penilaian mandiri":
        yield f"Ringkasan menampilkan {show(scenario.shown)} ({scenario.source}); simulasi memakai penilaian mandiri."
    if scenario.status == "belum ada pertanyaan":
        yield "Belum ada pertanyaan dengan Skor Maks di atas 0, jadi belum ada yang dapat dihitung."
    elif scenario.status == "bobot tidak 100":
        yield (
            "Bobot keempat komponen tidak berjumlah 100, jadi tidak ada yang dapat disimulasikan. "
            "Betulkan dahulu bobotnya di lembar Pengaturan."
        )
    elif scenario.status == "tidak ada keluhan":
        yield "Tidak ada keluhan yang dihitung sampai akhir triwulan ini, jadi tidak ada yang dapat disimulasikan."
    elif isinstance(plan, IncompleteIndex):
        yield from _incomplete(plan)
    elif scenario.status == "tidak dapat dicapai" and not isinstance(plan, IncompleteIndex | None):
        full = {NspkPlan: "semua pertanyaan mendapat Skor Maks", SecretariatPlan: "keempat komponen 100"}
        whole = full.get(type(plan), "semua keluhan ditindaklanjuti")
        yield f"Tidak dapat dicapai: bila {whole}, paling tinggi {show(plan.highest)}."
    if scenario.status == "dapat dicapai":
        if isinstance(plan, NspkPlan):
            yield from _nspk(plan, scenario.questions)
        elif isinstance(plan, SecretariatPlan):
            yield from _secretariat(plan)
            if scenario.late_documents:
                yield (
                    f"{scenario.late_documents} dokumen yang jatuh tempo belum tepat waktu; yang masih dapat dikejar "
                    "hanya yang batas waktunya belum lewat."
                )
        elif isinstance(plan, FollowUpPlan):
            yield (
                f"Perlu {plan.needed} keluhan lagi ditindaklanjuti: menjadi {plan.followed + (plan.needed or 0)} "
                f"dari {plan.counted} keluhan yang dihitung, kini {plan.followed}."
            )
    if scenario.complaints is not None and scenario.complaints.left:
        c = scenario.complaints
        yield (
            f"Belum ditindaklanjuti: {c.left} keluhan, {c.late} di antaranya melewati batas hari kerjanya pada akhir "
            "triwulan. Tindak lanjut yang terlambat tetap dihitung."
        )
    if isinstance(plan, NspkPlan) and plan.above:
        yield f"{plan.above} skor melebihi Skor Maks; betulkan dahulu, karena indeks sekarang ikut naik olehnya."


def _distance(scenario: Scenario) -> str:
    if scenario.value is None or scenario.goal.target is None:
        return ""
    if scenario.status == "sudah tercapai":
        return f": sudah tercapai, lebih {show(max(difference(scenario.value, scenario.goal.target), Decimal(0)))}"
    lack = show(difference(scenario.goal.target, scenario.value))
    return f": kurang {lack}" if lack != "0,00" else ": kurang, tetapi tidak sampai 0,01"


def _nspk(plan: NspkPlan, questions: Sequence[Question]) -> Iterator[str | Grid]:
    exact, wanted = plan.exact or Decimal(0), plan.points or Decimal(0)
    rounded = ", dibulatkan ke atas karena semua skor bilangan bulat" if plan.whole and wanted != exact else ""
    least = f" (tepatnya {points_text(exact)}{rounded})" if wanted != exact else ""
    yield (
        f"Perlu paling sedikit {points_text(wanted)} poin{least}; cukup dari {len(plan.steps)} elemen, "
        "mulai dari yang poin hilangnya terbanyak:"
    )
    yield Grid(
        _ELEMENTS,
        tuple(
            (f"{s.element.code} {s.element.name}", s.points, s.element.percent, s.after, s.index) for s in plan.steps
        ),
    )
    yield "Pertanyaan yang diisi atau dilengkapi di elemen itu:"
    yield Grid(_QUESTIONS, tuple(_question(question) for question in questions))


def _question(q: Question) -> tuple[Value, ...]:
    todo = "perbaiki isian" if q.typed else "isi" if q.gain.score is None else "lengkapi"
    return q.place, q.gain.gain, q.gain.score, q.gain.maximum, q.element, q.code, todo


def _secretariat(plan: SecretariatPlan) -> Iterator[str | Grid]:
    yield "Bila hanya satu komponen yang naik, yang lain tetap:"
    yield Grid(_RAISES, tuple(_raise(r) for r in plan.alone))
    yield f"Bila semua naik bersama, {show(plan.share_of_gap and at_least(plan.share_of_gap))} % dari jaraknya ke 100:"
    yield Grid(_RAISES, tuple(_raise(r) for r in plan.together))
    yield "Bila didahulukan yang bobotnya terbesar (tiap poin komponen itu paling banyak menaikkan indeks):"
    yield Grid(_RAISES, tuple(_raise(r, alone=False) for r in plan.heaviest_first))


def _raise(r: ComponentRaise, *, alone: bool = True) -> tuple[Value, ...]:
    c = r.component
    now, after, whole = c.numerator, total((c.numerator, r.more)), c.denominator
    if c.code == "anggaran":
        said = f"Rp{_count(after)} dari Rp{_count(whole)} (tambah Rp{_count(r.more)})"
    else:
        said = f"{_count(after)} dari {_count(whole)} {_UNITS[c.code]} (kini {_count(now)})"
    if not r.enough and alone:
        said = f"tidak cukup sendiri, indeks tertinggi {show(r.index)}"
    return NAMES[c.code], r.weight, c.value, min(at_least(r.value), max(HUNDRED, r.value)), r.index, said


def _count(value: Decimal) -> str:
    return show(value, 0 if value == value.to_integral_value() else 2, thousands=True)


def _incomplete(plan: IncompleteIndex) -> Iterator[str]:
    names = _listed([NAMES[key] for key in plan.missing])
    yield (
        f"Belum lengkap: {names} belum ada datanya. Bila nilainya 0, indeks menjadi {show(plan.at_zero)}; "
        f"bila 100, {show(plan.at_hundred)}."
    )
    if plan.needed is not None:
        yield f"Agar target tercapai, {names} harus sekurang-kurangnya {show(at_least(plan.needed))}."
    elif not plan.possible:
        yield f"Target tidak dapat dicapai walaupun {names} 100."


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} dan {names[-1]}"
