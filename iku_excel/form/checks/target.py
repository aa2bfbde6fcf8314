"""Findings about targets and about the figures that were reported."""

from __future__ import annotations

from iku_excel.cells import is_error, same
from iku_excel.form import layout
from iku_excel.form.checks.common import Register, folded, quote, repeated, show_number
from iku_excel.form.checks.kinds import TIDY
from iku_excel.form.compute import Result
from iku_excel.form.indonesian import trimmed
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_1, IKU_CODES, QUARTERS
from iku_excel.indicators.achievement import round2, show

_CODE = "Kode IKU"
_CODE_FIX = "Isi dengan IKU-1, IKU-2, atau IKU-3."


def check_target(register: Register, inputs: Inputs, result: Result) -> None:
    """A row for each indicator, and targets for the year and the quarter."""
    codes = register.column(_CODE)
    for row, cell in enumerate(codes):
        if any(same(cell, code) for code in IKU_CODES) or cell is None or is_error(cell) or type(cell) is bool:
            continue
        shown = quote(cell) if type(cell) is str else f"angka {show_number(cell)}" if type(cell) is float else ""
        what, fix = f"berisi {shown}, bukan kode IKU, jadi baris ini tidak dipakai", _CODE_FIX
        if type(cell) is str and trimmed(cell) in ("", "-"):
            what = "hanya berisi spasi atau tanda hubung, jadi baris ini tidak dipakai"
        elif type(cell) is str and any(same(trimmed(cell), code) for code in IKU_CODES):
            what, fix = "berisi kode IKU dengan spasi, jadi baris ini tidak dipakai", f"Hapus spasinya{TIDY}"
        register.say("kode-iku-tidak-dikenal", _CODE, row, what, fix)
    for row, first in repeated(map(folded, codes)):
        if any(same(codes[row], code) for code in IKU_CODES):
            what = f"berisi kode yang sama dengan baris {register.sheet_row(first)}; yang dipakai baris itu"
            register.say("kode-iku-ganda", _CODE, row, what, "Hapus salah satu.")
    year = f"{layout.TARGET_YEAR}{inputs.period.year}"
    if not register.data.has(year):
        message = f"Tabel tblTarget di lembar {register.data.sheet} tidak punya kolom '{year}'."
        register.tell("kolom-target-hilang", message, f"Tambahkan kolom '{year}' di tabel itu.")
    for code in IKU_CODES:
        found = inputs.target_row(code)
        if found is None:
            message = f"Tabel tblTarget di lembar {register.data.sheet} tidak punya baris {code}."
            fix = f"Tambahkan baris dengan Kode IKU {code}."
            register.tell("baris-target-hilang", message, fix, iku=(code,))
        else:
            _targets(register, found, year, inputs.period.quarter)


def _targets(register: Register, row: int, year: str, quarter: int) -> None:
    """The targets of one indicator."""
    target = register.column(year)[row]
    fix = "Isi target tahun ini dengan angka lebih dari 0."
    if register.data.has(year) and (target is None or target == 0.0):
        state = "kosong" if target is None else "berisi 0"
        register.say("target-kosong", year, row, f"({year}) {state}, jadi capaian tidak dapat dihitung", fix)
    headings = [f"{layout.TARGET_YEAR}TW {q}" for q in QUARTERS]
    if register.column(headings[quarter - 1])[row] is None:
        what = f"({headings[quarter - 1]}) kosong, jadi capaian triwulan tidak dihitung"
        fix = "Isi bila capaian triwulan diperlukan."
        register.say("target-triwulan-kosong", headings[quarter - 1], row, what, fix)
    latest: float | None = None
    for heading in headings:
        cell = register.column(heading)[row]
        if type(cell) is not float:
            continue
        if latest is not None and cell < latest:
            what = (
                f"berisi {show_number(cell)}, lebih kecil daripada target triwulan sebelumnya ({show_number(latest)})"
            )
            fix = "Isi target posisi sampai akhir triwulan itu, bukan tambahannya."
            register.say("target-triwulan-menurun", heading, row, what, fix)
        latest = cell


def check_reported(register: Register, inputs: Inputs, result: Result) -> None:
    """Two rows for one quarter, figures that today's data no longer give, and quarters not reported yet."""
    _twice(register, inputs)
    year, quarter = inputs.period.year, inputs.period.quarter
    sheet = register.data.sheet
    for code in IKU_CODES:
        shown = result.shown[code]
        for q in range(quarter):
            frozen, own, row = shown.frozen[q], shown.own[q], shown.frozen_rows[q]
            if frozen is not None and own is not None and row is not None and round2(frozen) != round2(own):
                what = (
                    f"berisi {code} Triwulan {QUARTERS[q]} sebesar {show(frozen)} seperti dilaporkan, "
                    f"sedangkan data hari ini menghasilkan {show(own)}"
                )
                fix = "Biarkan bila laporannya tetap, atau perbaiki angka atau datanya."
                register.say("realisasi-terkunci-berbeda", "Nilai", row, what, fix)
            if code == IKU_1 and q < quarter - 1 and frozen is None:
                message = f"{code} Triwulan {QUARTERS[q]} tahun {year} belum dikunci, jadi tampil kosong di Ringkasan."
                fix = f"Tambahkan angka yang dilaporkan di lembar {sheet}."
                register.tell("triwulan-belum-dikunci", message, fix, iku=(code,))
        if shown.carried and shown.last_year is None:
            message = f"{code} tahun {year - 1} (Triwulan 4) belum ada di lembar {sheet} sebagai pembanding."
            fix = "Tambahkan barisnya bila angkanya ada."
            register.tell("tahun-lalu-kosong", message, fix, iku=(code,))


def _twice(register: Register, inputs: Inputs) -> None:
    """Rows that a later one of the same indicator, year and quarter puts aside."""
    r = inputs.reported
    last: dict[tuple[str, float, float], int] = {}
    rows = list(zip(r.kode, r.tahun, r.triwulan, r.nilai, r.sumber, strict=True))
    for row in range(len(rows) - 1, -1, -1):
        code, year, quarter, value, source = rows[row]
        if type(code) is not str or type(year) is not float or type(quarter) is not float:
            continue
        if type(value) is not float or value < 0 or is_error(source):
            continue
        used = last.setdefault((code.casefold(), year, quarter), row)
        if used != row:
            what = f"berisi IKU dan triwulan yang sama dengan baris {register.sheet_row(used)}; yang dipakai baris itu"
            register.say("realisasi-ganda", _CODE, row, what, "Hapus baris yang tidak dipakai.")
