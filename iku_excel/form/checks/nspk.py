"""Findings about the questions of the NSPK index (IKU-1)."""

from __future__ import annotations

from collections.abc import Mapping

from iku_excel.cells import Cell, same
from iku_excel.form.checks.common import Register, folded, quote, repeated, rows_where, show_number
from iku_excel.form.compute import Result
from iku_excel.form.indonesian import trimmed
from iku_excel.form.inputs import Inputs

_KODE, _SKOR, _MAKS = "Kode Elemen", "Skor", "Skor Maks"


def check_questions(register: Register, inputs: Inputs, result: Result) -> None:
    """Unknown elements, maxima, scores and evidence of the questions that apply; what is left out, by element."""
    names = {e.code.casefold(): f"{e.code} {e.name}" for e in inputs.rules.elements}
    codes = register.column(_KODE)
    _unknown_elements(register, codes, names)
    put_aside = set(rows_where(register.column("Berlaku"), "Tidak"))
    asked = zip(*(register.column(h) for h in (_SKOR, _MAKS, "Skor BKN", "Status Bukti")), strict=True)
    for row, (code, cells) in enumerate(zip(codes, asked, strict=True)):
        if row not in put_aside and type(code) is str and code.casefold() in names:
            _question(register, row, *cells)
    for row, first in repeated(map(folded, register.column("Kode Pertanyaan"))):
        what = f"berisi Kode Pertanyaan yang sama dengan baris {register.sheet_row(first)}"
        fix = "Ubah kodenya, atau hapus salah satu."
        register.say("kode-pertanyaan-ganda", "Kode Pertanyaan", row, what, fix)
    _by_element(register, codes, names, put_aside, result)


def _unknown_elements(register: Register, codes: list[Cell], names: Mapping[str, str]) -> None:
    for row, code in enumerate(codes):
        if type(code) is str and code.casefold() not in names:
            plain = trimmed(code).casefold()
            if plain in names or plain in ("", "-"):
                continue  # blanks around a right code, or nothing at all: said by its kind
            what = f"berisi {quote(code)}, bukan kode elemen, jadi pertanyaan ini tidak dihitung"
        elif type(code) is float:
            what = f"berisi angka {show_number(code)}, bukan kode elemen, jadi pertanyaan ini tidak dihitung"
        else:
            continue
        fix = "Isi dengan E01 sampai E18; daftarnya di lembar NSPK."
        register.say("kode-elemen-tidak-dikenal", _KODE, row, what, fix)


def _question(register: Register, row: int, score: Cell, maximum: Cell, official: Cell, evidence: Cell) -> None:
    """One question that applies and has a known element."""
    need = "Isi Skor Maks dengan angka lebih dari 0."
    if maximum is None:
        what = "(Skor Maks) kosong, jadi pertanyaan ini tidak dihitung"
        register.say("skor-maks-kosong", _MAKS, row, what, need)
    elif type(maximum) is float and maximum <= 0:
        what = f"berisi Skor Maks {show_number(maximum)}, jadi pertanyaan ini tidak dihitung"
        register.say("skor-maks-tidak-sah", _MAKS, row, what, need)
    if type(maximum) is not float or maximum <= 0:
        return
    if score is None:
        fix = "Isi Skor, atau pilih Berlaku = Tidak bila pertanyaannya tidak berlaku."
        register.say("belum-dijawab", _SKOR, row, "(Skor) kosong: pertanyaan ini belum dijawab dan dihitung 0", fix)
    elif type(score) is float and score > maximum:
        what = f"berisi Skor {show_number(score)}, melebihi Skor Maks {show_number(maximum)}"
        register.say("skor-melebihi-maks", _SKOR, row, what, "Periksa Skor dan Skor Maks.")
    if score == maximum and not same(evidence, "Lengkap"):
        what = "(Status Bukti) belum Lengkap, padahal skornya penuh"
        register.say("bukti-belum-lengkap", "Status Bukti", row, what, "Lengkapi buktinya, atau sesuaikan skornya.")
    if type(official) is float and official > maximum:
        what = f"berisi Skor BKN {show_number(official)}, melebihi Skor Maks {show_number(maximum)}"
        register.say("skor-bkn-melebihi-maks", "Skor BKN", row, what, "Periksa Skor BKN dan Skor Maks.")


def _by_element(
    register: Register, codes: list[Cell], names: Mapping[str, str], put_aside: set[int], result: Result
) -> None:
    """Elements without a question that applies, and how many questions each element has put aside."""
    aside: dict[str, list[int]] = {}
    for row in sorted(put_aside):
        code = codes[row]
        if type(code) is str and code.casefold() in names:
            aside.setdefault(code.casefold(), []).append(row)
    if not any(type(code) is str and code.casefold() in names for code in codes):
        message = f"Belum ada pertanyaan untuk satu elemen pun di lembar {register.data.sheet}."
        register.tell("elemen-tanpa-pertanyaan", message, "Isi pertanyaan untuk setiap elemen, E01 sampai E18.")
        return
    for element in result.nspk.elements:
        rows = aside.get(element.code.casefold(), [])
        if rows:
            cell = register.cell("Berlaku", rows[0])
            message = f"Elemen {element.code}: {len(rows)} pertanyaan dengan Berlaku = Tidak, tidak dihitung."
            fix = "Tidak perlu diubah bila memang tidak berlaku."
            register.tell("pertanyaan-tidak-berlaku", message, fix, cell)
        if element.questions == 0:
            lack = "tidak punya pertanyaan yang berlaku" if rows else "belum punya pertanyaan"
            message = f"Elemen {element.code} {element.name} {lack} di lembar {register.data.sheet}."
            register.tell("elemen-tanpa-pertanyaan", message, "Tambahkan pertanyaan untuk elemen itu.")
