"""Findings about employees, their trainings and the facilities (IKU-2). No name is ever quoted."""

from __future__ import annotations

import re

from iku_excel.cells import Cell, same
from iku_excel.form.checks.common import Register, folded, quote_nip, repeated, show_date, show_number
from iku_excel.form.checks.kinds import TIDY
from iku_excel.form.compute import Result
from iku_excel.form.indonesian import INVISIBLE, trimmed
from iku_excel.form.inputs import Inputs

_BLANKS = re.compile(f"[{INVISIBLE}]")
_NIP = re.compile(r"[0-9]{18}")
_SHORT = "Periksa NIP-nya: 18 angka tanpa spasi."


def check_employees(register: Register, inputs: Inputs, result: Result) -> None:
    """NIP: 18 digits, no blanks, each once."""
    nips = register.column("NIP")
    _spelling(register, nips)
    for row, first in repeated(cell.casefold() if type(cell) is str else None for cell in nips):
        what = f"berisi NIP yang sama dengan baris {register.sheet_row(first)}; yang dipakai baris itu"
        register.say("nip-ganda", "NIP", row, what, "Hapus salah satu baris.")


def check_trainings(register: Register, inputs: Inputs, result: Result) -> None:
    """Participants who aren't employees or aren't active; dates in the wrong order; JP where it is asked for."""
    nips = register.column("NIP")
    _spelling(register, nips)
    active: dict[str, bool] = {}
    employees = inputs.employees
    for nip, cell in zip(employees.nip, employees.aktif, strict=True):
        if type(nip) is str:
            active.setdefault(nip.casefold(), not same(cell, "Tidak"))
    for row, nip in enumerate(nips):
        if type(nip) is not str or not _NIP.fullmatch(nip):
            continue
        known = active.get(nip.casefold())
        if known is None:
            what = f"berisi {quote_nip(nip)} yang tidak ada di lembar Pegawai, jadi diklatnya tidak dihitung"
            fix = "Tambahkan ke lembar Pegawai, atau periksa NIP-nya."
            register.say("nip-tidak-terdaftar", "NIP", row, what, fix)
        elif not known:
            what = f"berisi {quote_nip(nip)} yang tidak aktif di lembar Pegawai, jadi diklatnya tidak dihitung"
            register.say("nip-tidak-aktif", "NIP", row, what, "Tidak perlu diubah bila memang tidak aktif.")
    done = register.column("Selesai")
    for row in register.earlier("Selesai", "Mulai"):
        register.say(
            "selesai-sebelum-mulai", "Selesai", row, "lebih awal daripada tanggal Mulai", "Periksa kedua tanggalnya."
        )
    if inputs.switched("Minimal_20_JP"):
        start, end = inputs.period.start, inputs.period.cutoff()
        for row, (day, hours) in enumerate(zip(done, register.column("JP"), strict=True)):
            lacks = hours is None or (type(hours) is float and hours == 0)
            if lacks and type(day) is float and start <= day < end:
                what = f"(JP) belum diisi, padahal diklat selesai {show_date(day)} dan JP minimal diminta"
                register.say("jp-kosong", "JP", row, what, "Isi jumlah jam pelajaran.")


def _spelling(register: Register, nips: list[Cell]) -> None:
    for row, nip in enumerate(nips):
        if type(nip) is not str or _NIP.fullmatch(nip) or trimmed(nip) in ("", "-"):
            continue
        plain = _BLANKS.sub("", nip)
        if plain != nip and _NIP.fullmatch(plain):
            register.say("nip-berspasi", "NIP", row, f"berisi {quote_nip(nip)} dengan spasi", f"Hapus spasinya{TIDY}")
        else:
            what = f"berisi {quote_nip(nip)}, tidak terdiri atas 18 angka"
            register.say("nip-tidak-18-angka", "NIP", row, what, _SHORT)


def setting_nip_is_odd(cell: Cell) -> bool:
    """Whether a NIP typed on Pengaturan is text other than 18 digits (it is printed, so blanks may group it)."""
    return type(cell) is str and trimmed(cell) not in ("", "-") and not _NIP.fullmatch(_BLANKS.sub("", cell))


def check_facilities(register: Register, inputs: Inputs, result: Result) -> None:
    """Jumlah above 0 and whole; each item (Kode Barang and NUP) once."""
    for row, amount in enumerate(register.column("Jumlah")):
        if type(amount) is not float:
            continue
        if amount <= 0:
            what = f"berisi Jumlah {show_number(amount)}, jadi baris ini tidak dihitung"
            fix = "Isi jumlah unit lebih dari 0, atau hapus barisnya."
            register.say("jumlah-tidak-sah", "Jumlah", row, what, fix)
        elif not amount.is_integer():
            what = f"berisi Jumlah {show_number(amount)}, bukan bilangan bulat"
            register.say("jumlah-pecahan", "Jumlah", row, what, "Isi dengan bilangan bulat.")
    keys = [
        None if code is None or number is None else (folded(code), folded(number))
        for code, number in zip(register.column("Kode Barang"), register.column("NUP"), strict=True)
    ]
    for row, first in repeated(None if key is None or None in key else key for key in keys):
        what = f"dan NUP-nya sama dengan baris {register.sheet_row(first)}; keduanya dihitung"
        register.say("barang-ganda", "Kode Barang", row, what, "Hapus salah satu, atau perbaiki NUP-nya.")
