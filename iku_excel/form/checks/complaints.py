"""Findings about the complaints' log (IKU-3). Nothing typed there is ever quoted: it is the public's.

The log may have 100,000 rows: each check first asks whole columns, and looks at single rows only then.
"""

from __future__ import annotations

from itertools import compress
from types import NoneType

from iku_excel.cells import Cell, same
from iku_excel.form import layout, settings
from iku_excel.form.checks.common import Register, folded, repeated, rows_where
from iku_excel.form.compute import Result
from iku_excel.form.inputs import Inputs
from iku_excel.indicators.complaints import UNCOUNTED_CLASSES, clean_limits
from iku_excel.indicators.period import clean_holidays, elapsed, working_days

_CAME, _FOLLOWED, _DONE, _ID, _OF = (
    "Tanggal Masuk", "Tanggal Tindak Lanjut", "Tanggal Selesai", "Tracking ID", "Duplikat Dari")  # fmt: skip
_BOTH_DATES = "Periksa kedua tanggalnya."


def check_complaints(register: Register, inputs: Inputs, result: Result) -> None:
    """Duplicates, dates out of order or outside the year, and complaints that wait too long."""
    _duplicates(register)
    came, followed = register.column(_CAME), register.column(_FOLLOWED)
    orders = (
        ("tindak-lanjut-sebelum-masuk", _FOLLOWED, _CAME),
        ("selesai-sebelum-tindak-lanjut", _DONE, _FOLLOWED),
        ("disposisi-sebelum-masuk", "Tanggal Disposisi", _CAME),
    )
    for code, heading, before in orders:
        for row in register.earlier(heading, before):
            register.say(code, heading, row, f"({heading}) lebih awal daripada {before}", _BOTH_DATES)
    start, end = inputs.period.start, inputs.period.cutoff(4)
    for row in _outside(came, start, end):
        what = f"berisi tanggal di luar tahun {inputs.period.year}, jadi keluhan ini tidak dihitung di buku ini"
        register.say("masuk-di-luar-tahun", _CAME, row, what, "Tidak perlu diubah bila tanggalnya benar.")
    if NoneType in register.kinds(_FOLLOWED):
        finished = rows_where(register.column("Status"), "Selesai")
        for row in (row for row in finished if followed[row] is None):
            what = f"({_FOLLOWED}) kosong, padahal statusnya Selesai; dihitung belum ditindaklanjuti"
            register.say("selesai-tanpa-tindak-lanjut", _FOLLOWED, row, what, f"Isi {_FOLLOWED}.")
    _channels(register, inputs)
    _waiting(register, inputs)


def _outside(came: list[Cell], start: float, end: float) -> list[int]:
    strange = {c for c in set(came) if type(c) is float and c > 1 and not start <= c < end}
    return list(compress(range(len(came)), [c in strange for c in came])) if strange else []


def _duplicates(register: Register) -> None:
    ids, originals = register.column(_ID), register.column(_OF)
    if not _all_different(register):
        for row, first in repeated(map(folded, ids)):
            if originals[row] is None and originals[first] is None:
                what = f"berisi Tracking ID yang sama dengan baris {register.sheet_row(first)}; keduanya dihitung"
                fix = "Isi Duplikat Dari pada salah satunya, atau perbaiki nomornya."
                register.say("tracking-id-ganda", _ID, row, what, fix)
    if originals.count(None) == len(originals):
        return
    known = set(map(folded, ids))
    count_of_self: dict[object, int] = {}
    for cell in ids:
        count_of_self[folded(cell)] = count_of_self.get(folded(cell), 0) + 1
    fix = "Isi dengan Tracking ID keluhan yang asli, atau kosongkan bila bukan duplikat."
    for row, cell in enumerate(originals):
        key = folded(cell)
        if key is None or (type(cell) is str and cell.strip() in ("", "-")):
            continue
        if key not in known:
            what = "menyebut Tracking ID yang tidak ada, dan keluhan ini tidak dihitung"
            register.say("duplikat-tidak-dikenal", _OF, row, what, fix)
        elif key == folded(ids[row]) and count_of_self[key] == 1:
            what = "menyebut keluhan itu sendiri, dan keluhan ini tidak dihitung"
            register.say("duplikat-diri-sendiri", _OF, row, what, fix)


def _all_different(register: Register) -> bool:
    """Whether each Tracking ID certainly occurs once; quick."""
    ids = register.column(_ID)
    if not register.kinds(_ID) <= {str, NoneType}:
        return False
    texts = list(filter(None, ids))
    return len(set(map(str.casefold, texts))) == len(texts)  # type: ignore[arg-type]  # all text


def _channels(register: Register, inputs: Inputs) -> None:
    """One finding a spelling, at its first row."""
    names = {name.casefold() for name in inputs.rules.channels} | {"lainnya"}
    column = register.column("Kanal")
    odd = {cell for cell in set(column) if type(cell) is str and cell.casefold() not in names and cell.strip()}
    if not odd:
        return
    for row, cell in enumerate(column):
        if cell in odd:
            odd.discard(cell)
            what = "berisi kanal di luar daftar; dihitung sebagai Lainnya"
            fix = f"Pakai salah satu: {', '.join(inputs.rules.channels)}."
            register.say("kanal-tidak-dikenal", "Kanal", row, what, fix)


def _waiting(register: Register, inputs: Inputs) -> None:
    """Complaints that count: classes without a limit, and open ones past theirs at the end of the quarter."""
    days = clean_limits(inputs.limits)
    start, end = inputs.period.start, inputs.period.cutoff()
    came, followed = register.column(_CAME), register.column(_FOLLOWED)
    classes, checks = register.column("Klasifikasi"), register.column("Perlu Cek Lapangan")
    limit_of = _limits(set(zip(classes, checks, strict=True)), days, inputs.complaint_switches.all_classes)
    holidays = clean_holidays(inputs.column(settings.HOLIDAYS, "Tanggal"))
    last = int(end) - 1
    shortest = min((limit for limit in limit_of.values() if limit is not None), default=None)
    unlimited = {pair for pair, limit in limit_of.items() if limit is None}
    if not unlimited and (shortest is None or not _any_open(register, end)):
        return
    # The day from which on no complaint can be late yet: the weekdays since are too few for the shortest limit.
    late_before = _late_before(last, shortest, holidays)
    left_out = _left_out(register)
    told: set[str] = set()
    for row, (day, done, kind, check) in enumerate(zip(came, followed, classes, checks, strict=True)):
        if type(day) is not float or not start <= day < end:
            continue
        is_open = done is None or (type(done) is float and done >= end)
        if not ((is_open and day < late_before) or (unlimited and (kind, check) in unlimited)):
            continue
        if (kind, check) not in limit_of or row in left_out:
            continue
        limit = limit_of[(kind, check)]
        if limit is None:
            _without_limit(register, row, str(kind), same(check, "Ya"), told)
        elif is_open and (waited := working_days(day, last, holidays)) > limit:
            what = f"({_FOLLOWED}) kosong" if done is None else f"({_FOLLOWED}) melewati posisi laporan"
            what += f"; keluhan ini sudah {waited} hari kerja, batasnya {limit:g}"
            register.say("lewat-batas-hari", _FOLLOWED, row, what, "Tindak lanjuti, lalu isi tanggalnya.")


def _any_open(register: Register, end: float) -> bool:
    """Whether a complaint may be waiting still."""
    if register.kinds(_FOLLOWED) != {float}:
        return True
    return max(cell for cell in register.column(_FOLLOWED) if type(cell) is float) >= end


def _late_before(last: int, shortest: float | None, holidays: tuple[int, ...]) -> int:
    if shortest is None:
        return 0
    day = last
    while day > 0 and elapsed(last, holidays) - elapsed(day, holidays) <= shortest and last - day < 3 * 366:
        day -= 1
    return day + 1


def _limits(
    pairs: set[tuple[Cell, Cell]], days: dict[str, float], all_classes: bool
) -> dict[tuple[Cell, Cell], float | None]:
    """For each known class that counts: its limit in working days, None where there is none."""
    uncounted = () if all_classes else UNCOUNTED_CLASSES
    known = [w for w in layout.COMPLAINTS.field("Klasifikasi").choices if w not in uncounted]
    limits: dict[tuple[Cell, Cell], float | None] = {}
    for kind, check in pairs:
        if any(same(kind, word) for word in known):
            name = str(kind).casefold()
            limits[(kind, check)] = days.get(f"{name}|ya" if name == "pengaduan" and same(check, "Ya") else name)
    return limits


def _left_out(register: Register) -> set[int]:
    """The rows that don't count: no authority, shelved, duplicates."""
    originals = register.column(_OF)
    rows = set(rows_where(register.column("Kewenangan"), "Bukan")) | set(rows_where(register.column("Status"), "Arsip"))
    if originals.count(None) < len(originals):
        rows.update(row for row, cell in enumerate(originals) if cell is not None)
    return rows


def _without_limit(register: Register, row: int, kind: str, field_check: bool, told: set[str]) -> None:
    """One finding a class, at its first complaint that counts."""
    name = next(w for w in layout.COMPLAINTS.field("Klasifikasi").choices if same(kind, w))
    if name == "Pengaduan":
        name += " dengan cek lapangan" if field_check else " tanpa cek lapangan"
    if name not in told:
        told.add(name)
        what = f"berisi klasifikasi ({name}) yang tidak punya batas hari, jadi ketepatan waktunya tidak dinilai"
        fix = "Tambahkan barisnya di tblBatasHari (lembar Pengaturan)."
        register.say("klasifikasi-tanpa-batas", "Klasifikasi", row, what, fix)
