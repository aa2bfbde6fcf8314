"""Findings about Pengaturan: the named settings, scales, limits and holidays."""

from __future__ import annotations

from decimal import Decimal

from iku_excel.cells import Cell, decimal, same
from iku_excel.form import settings
from iku_excel.form.checks.common import Pen, Register, listed, repeated, show_number
from iku_excel.form.checks.kinds import Asked, judge_of
from iku_excel.form.checks.staff import setting_nip_is_odd
from iku_excel.form.compute import WEIGHT_NAMES
from iku_excel.form.fields import Field, Table
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3, IKU_CODES
from iku_excel.indicators.complaints import LIMIT_ROWS
from iku_excel.indicators.period import HOLIDAY_LIMIT

_VALIDATED = {"Tahun", "Triwulan", "IKU_Versi_Templat"}
"""Settings without which a workbook is refused."""
_SIGNATORY = ("Kota", "Tanggal_Laporan", "Jabatan_Pejabat", "Nama_Pejabat", "Pangkat_Pejabat", "NIP_Pejabat")
_BEARS_ON: dict[str, tuple[str, ...]] = {
    **dict.fromkeys((*WEIGHT_NAMES.values(), "Hitung_Rusak_Ringan", "Minimal_20_JP", "JP_Minimal"), (IKU_2,)),
    **dict.fromkeys(("Indeks_NSPK_BKN", "Nomor_Surat_BKN", "Tanggal_Surat_BKN", "Sumber_IKU1"), (IKU_1,)),
    **dict.fromkeys(("Nilai_Tanpa_Keluhan", "Hitung_Semua_Klasifikasi", "Hanya_Selesai"), (IKU_3,)),
    "Batas_Capaian": IKU_CODES,
}
"""Which indicators a setting bears on; those of identity and signature on none in particular."""


def check_settings(pen: Pen, inputs: Inputs) -> None:
    """Each named cell by its kind, then what settings say together."""
    for name, setting in settings.SETTINGS.items():
        cell = inputs.settings[name]
        if cell is None or name in _VALIDATED:
            continue
        limits = (setting.minimum, setting.maximum)
        field = Field(name, setting.kind, setting.choices, False, *limits)
        problem = judge_of(Asked("", field, inputs.period.year, label=setting.label))(cell)
        if problem is not None and not (name == "JP_Minimal" and cell == 0.0):
            _say(pen, inputs, name, problem.code, problem.what, problem.fix)
    _identity(pen, inputs)
    _weights(pen, inputs)
    _official(pen, inputs)
    cap = inputs.number("Batas_Capaian")
    if cap is not None and 0 <= cap < 100:
        what = f"berisi batas capaian {show_number(float(cap))}, di bawah 100"
        fix = "Kosongkan, atau isi misalnya 100, 120, atau 150."
        _say(pen, inputs, "Batas_Capaian", "batas-capaian-janggal", what, fix)
    hours = inputs.settings["JP_Minimal"]
    if inputs.switched("Minimal_20_JP") and (hours is None or hours == 0.0):
        what = "(JP minimal) belum diisi, padahal JP minimal diminta"
        _say(pen, inputs, "JP_Minimal", "jp-minimal-kosong", what, "Isi JP minimal, misalnya 20.")
    _rules(pen, inputs)


def _say(pen: Pen, inputs: Inputs, name: str, code: str, what: str, fix: str) -> None:
    sheet, cell = inputs.setting_cells[name]
    pen.write(code, sheet, cell, f"Sel {cell} di lembar {sheet} {what}.", fix, _BEARS_ON.get(name, ()))


def _identity(pen: Pen, inputs: Inputs) -> None:
    if inputs.settings["Perangkat_Daerah"] is None:
        what = "(Perangkat Daerah) kosong"
        _say(pen, inputs, "Perangkat_Daerah", "perangkat-daerah-kosong", what, "Isi nama perangkat daerah.")
    for name in _SIGNATORY:
        if inputs.settings[name] is None:
            what = f"({settings.SETTINGS[name].label}) kosong"
            _say(pen, inputs, name, "penanda-tangan-kosong", what, "Isi sebelum mencetak laporan.")
    if setting_nip_is_odd(inputs.settings["NIP_Pejabat"]):
        what = "berisi NIP yang tidak terdiri atas 18 angka"
        _say(pen, inputs, "NIP_Pejabat", "nip-tidak-18-angka", what, "Periksa NIP-nya: 18 angka.")


def _weights(pen: Pen, inputs: Inputs) -> None:
    for key, name in WEIGHT_NAMES.items():
        typed, wanted = inputs.number(name), inputs.rules.weights[key]
        if typed is not None and typed != wanted:
            what = f"berisi bobot {show_number(float(typed))}, sedangkan dokumen IKU {show_number(float(wanted))}"
            fix = "Samakan dengan dokumen IKU, atau pastikan perubahannya resmi."
            _say(pen, inputs, name, "bobot-berbeda", what, fix)


def _official(pen: Pen, inputs: Inputs) -> None:
    typed = inputs.settings["Indeks_NSPK_BKN"]
    if typed is None and same(inputs.settings["Sumber_IKU1"], "BKN"):
        what = "(Indeks NSPK menurut BKN) kosong, padahal IKU-1 diminta memakai hasil BKN"
        fix = "Isi indeks menurut surat BKN, atau pilih Mandiri."
        _say(pen, inputs, "Indeks_NSPK_BKN", "nilai-bkn-belum-diisi", what, fix)
    if type(typed) is float:
        for name, label in (("Nomor_Surat_BKN", "Nomor surat"), ("Tanggal_Surat_BKN", "Tanggal surat")):
            if inputs.settings[name] is None:
                what = f"({label}) kosong, padahal hasil BKN sudah diisi"
                _say(pen, inputs, name, "surat-bkn-belum-lengkap", what, "Isi nomor dan tanggal surat BKN.")


def _rules(pen: Pen, inputs: Inputs) -> None:
    if inputs.rules.premature:
        sheet, cell = inputs.setting_cells["Tahun"]
        groups = listed([name.replace("_", " ") for name in inputs.rules.premature], "dan")
        message = f"Aturan berikut baru berlaku sesudah tahun {inputs.period.year}, tetapi tetap dipakai: {groups}."
        fix = "Periksa bobot, skala, dan batas hari untuk tahun itu."
        pen.write("aturan-belum-berlaku", sheet, cell, message, fix, ())


def check_settings_tables(pen: Pen, inputs: Inputs) -> None:
    """Scales, limits and holidays beyond what their columns ask."""
    _scale(pen, inputs, settings.SCALE, "capaian")
    _scale(pen, inputs, settings.CATEGORIES, "kategori NSPK")
    _limits(_register(pen, inputs, settings.TIME_LIMITS))
    _holidays(_register(pen, inputs, settings.HOLIDAYS), inputs)


def _register(pen: Pen, inputs: Inputs, table: Table) -> Register:
    return Register(table, inputs.tables[table.name], pen)


def _scale(pen: Pen, inputs: Inputs, table: Table, name: str) -> None:
    register = _register(pen, inputs, table)
    bounds = register.column("Batas Bawah")
    numbers: list[Decimal] = [number for cell in bounds if (number := decimal(cell)) is not None]
    if not numbers:
        message = f"Skala {name} ({table.name} di lembar {register.data.sheet}) belum punya batas bawah."
        register.tell("skala-kosong", message, "Isi batas bawah dan sebutannya.")
        return
    for row, first in repeated(cell if type(cell) is float else None for cell in bounds):
        what = f"berisi batas yang sama dengan baris {register.sheet_row(first)}; yang dipakai baris itu"
        register.say("skala-batas-ganda", "Batas Bawah", row, what, "Hapus salah satu.")
    if min(numbers) > 0:
        lowest = show_number(float(min(numbers)))
        message = f"Skala {name} ({table.name}) mulai dari {lowest}; nilai di bawahnya tidak punya sebutan."
        register.tell("skala-tanpa-nol", message, "Tambahkan baris dengan Batas Bawah 0.")


def _limits(register: Register) -> None:
    column = register.column("Klasifikasi")
    if len(column) > LIMIT_ROWS:
        what = f"dan seterusnya tidak dihitung: tblBatasHari dibatasi {LIMIT_ROWS} baris"
        fix = "Hapus baris yang tidak diperlukan."
        register.say("batas-hari-terlalu-banyak", "Klasifikasi", LIMIT_ROWS, what, fix)
    keys = [_limit_key(*row) for row in zip(column, register.column("Perlu Cek Lapangan"), strict=True)]
    for row, first in repeated(keys):
        what = f"berisi klasifikasi yang sama dengan baris {register.sheet_row(first)}; yang dipakai baris itu"
        register.say("batas-hari-ganda", "Klasifikasi", row, what, "Hapus salah satu.")


def _limit_key(kind: Cell, check: Cell) -> tuple[str, bool] | None:
    """What two rows must share to be one limit: Perlu Cek Lapangan matters for Pengaduan only."""
    if type(kind) is not str:
        return None
    return kind.casefold(), same(kind, "Pengaduan") and same(check, "Ya")


def _holidays(register: Register, inputs: Inputs) -> None:
    column = register.column("Tanggal")
    if len(column) > HOLIDAY_LIMIT:
        what = f"dan seterusnya tidak dihitung: hari libur dibatasi {HOLIDAY_LIMIT} baris"
        fix = "Hapus hari libur tahun lain, yang berulang, atau yang jatuh pada akhir pekan."
        register.say("libur-terlalu-banyak", "Tanggal", HOLIDAY_LIMIT, what, fix)
    start, end = inputs.period.start, inputs.period.cutoff(4)
    if not any(type(cell) is float and start <= cell < end for cell in column):
        message = f"Tabel tblLibur di lembar {register.data.sheet} tidak berisi hari libur tahun {inputs.period.year}."
        fix = "Isi dengan libur nasional dan cuti bersama tahun itu."
        register.tell("libur-tahun-kosong", message, fix)
    for row, first in repeated(int(c) if type(c) is float and c > 1 else None for c in column):
        what = f"berisi tanggal yang sama dengan baris {register.sheet_row(first)}; dihitung sekali"
        register.say("libur-ganda", "Tanggal", row, what, "Hapus salah satu.")
