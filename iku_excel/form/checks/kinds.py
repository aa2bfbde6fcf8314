"""What each kind of column asks of its cells, for every column of every table and every named setting."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import NamedTuple

from iku_excel.cells import UNCACHED, Cell, CellError, same
from iku_excel.form import layout
from iku_excel.form.checks.common import Register, listed, quote, quote_nip, show_date, show_number
from iku_excel.form.fields import Field, Kind
from iku_excel.form.indonesian import number_is_ambiguous, read_date, read_number, squeezed, trimmed
from iku_excel.indicators.period import serial

TIDY = ", atau jalankan `iku-excel rapikan`."
_FIRST_SAFE = 61  # 1 March 1900; Excel counts a 29 February before it that never was
_EARLIEST = serial(datetime.date(2000, 1, 1))
_LATEST = serial(datetime.date(2101, 1, 1))
_ERRORS = {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!", "#CALC!"}
_DIGITS = 15  # what a cell keeps of a number
_ZERO_UP = {("tblPertanyaan", "Skor"), ("tblPertanyaan", "Skor BKN"), ("tblRealisasi", "Nilai"),
            ("tblBatasHari", "Hari Kerja")}  # fmt: skip
"""Numbers that count from 0 only."""
_OWN_LIMITS = {("tblPertanyaan", "Skor Maks"), ("tblSarpras", "Jumlah")}
"""Numbers that must be above 0: their registers' rooms say so."""
_ANY_YEAR = {("tblDokumen", "Batas Waktu"), ("tblLibur", "Tanggal"), ("tblRealisasi", "Tanggal Kunci"),
             ("tblSarpras", "Tanggal Inventarisasi")}  # fmt: skip
"""Dates that may lie years after the workbook's own; those on Pengaturan too."""
_UNCOUNTED_CHOICES = {("tblDokumen", "Jenis"), ("tblPegawai", "Status"), ("tblRealisasi", "Sumber")}
"""Choices on which no figure depends."""
_COUNTED_CODES = {("tblPegawai", "NIP"), ("tblDiklat", "NIP"), ("tblAnggaran", "Kode"), ("tblKeluhan", "Duplikat Dari")}
_OWN_ROOM = {("tblPertanyaan", "Kode Elemen"), ("tblTarget", "Kode IKU")}
"""Columns of which another room says what is unknown in them."""
_SHOWN_TEXTS = {"tblTarget", "tblSkalaCapaian", "tblKategoriNSPK", "tblBatasHari"}
"""Tables whose texts the workbook shows or matches: a number there reads as nothing."""


class Problem(NamedTuple):
    """What is wrong with one cell: the message's end and the fix."""

    code: str
    what: str
    fix: str


Judge = Callable[[Cell], Problem | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """A column or setting to be judged. ``table`` is "" for a setting; ``label`` names it in a fix."""

    table: str
    field: Field
    year: int
    private: bool = False
    label: str = ""

    @property
    def at(self) -> tuple[str, str]:
        """Table and heading."""
        return self.table, self.field.heading

    @property
    def latest(self) -> int:
        """The first day that no date should reach: two years on for what has happened."""
        if not self.table or self.at in _ANY_YEAR:
            return _LATEST
        return serial(datetime.date(self.year + 2, 1, 1))

    def fill_with(self, what: str, ending: str = ".") -> str:
        """The fix "Isi dengan angka."; a setting is named."""
        return f"Isi {self.label} dengan {what}{ending}" if self.label else f"Isi dengan {what}{ending}"

    def text(self, cell: str) -> str:
        """The text as a message may show it."""
        if self.private or self.table == "tblPegawai" or self.field.heading == "Nama_Pejabat":
            return "teks"
        return quote_nip(cell) if self.at == ("tblDiklat", "NIP") else f"teks {quote(cell)}"

    def amount(self, cell: float) -> str:
        """The number as a message may show it, with a blank before; "" where it may be someone's telephone."""
        return "" if self.private else f" {show_number(cell)}"

    def day(self, cell: float) -> str:
        """The date as a message may show it, likewise."""
        return "" if self.private else f" {show_date(cell)}"


def check_columns(register: Register, year: int) -> None:
    """Every column of the table by its kind; whole columns are passed over when nothing odd can be in them."""
    for field in register.fields:
        column = register.column(field.heading)
        asked = Asked(register.table.name, field, year, register.table.private)
        kinds = register.kinds(field.heading)
        if not _clean(asked, column, kinds):
            judge = judge_of(asked)
            if field.kind is Kind.CHOICE and bool not in kinds:  # few spellings, and True would pass for 1
                judge = {cell: judge(cell) for cell in set(column)}.get
            for row, cell in enumerate(column):
                if cell is not None and (problem := judge(cell)) is not None:
                    register.say(problem.code, field.heading, row, problem.what, problem.fix)
    for cells in register.data.below:
        row_number = cells[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        register.tell(
            "baris-di-luar-tabel",
            f"Baris {row_number} di lembar {register.data.sheet} terisi di bawah akhir tabel {register.table.name}, "
            "jadi tidak dihitung.",
            "Tarik sudut kanan bawah tabel sampai mencakup baris itu.",
            cells[0],
        )


def _clean(asked: Asked, column: Sequence[Cell], with_blanks: frozenset[type]) -> bool:
    """Whether the column certainly has no problem; quick (2 to 5 ms for 100,000 cells)."""
    kinds = with_blanks - {NoneType}
    if not kinds:
        return True
    field = asked.field
    if field.kind in (Kind.NUMBER, Kind.DATE):
        if kinds != {float}:
            return False
        numbers = [cell for cell in column if cell is not None] if len(with_blanks) > 1 else column
        low, high = float(min(numbers)), float(max(numbers))  # type: ignore[type-var,arg-type]  # all numbers
        if field.kind is Kind.DATE:
            return low >= _EARLIEST and high < asked.latest
        return (field.minimum is None or low >= field.minimum) and (field.maximum is None or high <= field.maximum)
    if bool in kinds or CellError in kinds:
        return False
    if field.kind is Kind.CHOICE:
        judge = judge_of(asked)
        return all(cell is None or judge(cell) is None for cell in set(column))
    if float in kinds and (field.kind is Kind.CODE or asked.table in _SHOWN_TEXTS):
        return False
    texts = list(filter(None, column)) if kinds == {str} else [cell for cell in column if type(cell) is str]
    if field.kind is Kind.CODE:
        odd = list(map(str.strip, texts)) != texts or "-" in texts  # type: ignore[arg-type]  # all text
        return not odd and "".join(texts).isascii()  # type: ignore[arg-type]  # else there may be zero-width blanks
    return not any(map(str.isspace, texts))  # type: ignore[arg-type]  # likewise


def judge_of(asked: Asked) -> Judge:
    """What judges the filled cells of this column."""
    by_kind = {
        Kind.NUMBER: _number,
        Kind.DATE: _date,
        Kind.CHOICE: _choice,
        Kind.CODE: _code,
        Kind.TEXT: _text,
    }[asked.field.kind]

    def judge(cell: Cell) -> Problem | None:
        if type(cell) is CellError:
            return _error(cell)
        if cell is None or (type(cell) is bool and asked.field.kind is Kind.TEXT):
            return None
        if type(cell) is bool:
            wanted = {Kind.NUMBER: "angka", Kind.DATE: "tanggal", Kind.CODE: "kode yang diketik sebagai teks"}
            what = wanted.get(asked.field.kind, f"salah satu dari {listed(asked.field.choices)}")
            return Problem("nilai-benar-salah", f"berisi {'TRUE' if cell else 'FALSE'}", asked.fill_with(what))
        return by_kind(asked, cell)

    return judge


def _error(cell: CellError) -> Problem:
    if cell.code not in _ERRORS and cell != UNCACHED:  # a file may say anything there
        return Problem("nilai-galat", "berisi nilai galat", "Perbaiki rumusnya, atau ketik isinya langsung.")
    if cell == UNCACHED:
        fix = "Buka buku kerja di Excel, tekan F9, lalu simpan."
        return Problem("rumus-belum-dihitung", "berisi rumus yang belum dihitung", fix)
    return Problem("nilai-galat", f"berisi {cell.code}", "Perbaiki rumusnya, atau ketik isinya langsung.")


def _seeming(cell: str) -> Problem | None:
    """A cell that looks empty or says "none", and is text all the same."""
    plain = trimmed(cell).strip()
    if plain not in ("", "-", "–", "—"):
        return None
    what = "hanya berisi tanda hubung" if plain else "hanya berisi spasi"
    return Problem("isi-semu", f"{what}, jadi terbaca sebagai teks", "Kosongkan sel itu (tombol Delete).")


def _number(asked: Asked, cell: Cell) -> Problem | None:
    if type(cell) is str:
        if (seeming := _seeming(cell)) is not None:
            return seeming
        what = f"berisi {asked.text(cell)}"
        if number_is_ambiguous(cell):
            return Problem("angka-ambigu", f"{what} yang dapat dibaca dua cara", "Ketik ulang sebagai angka.")
        if read_number(cell) is None:
            return Problem("bukan-angka", what, asked.fill_with("angka"))
        mendable = sum(map(str.isdigit, cell)) <= _DIGITS and "%" not in cell
        mendable = mendable and (asked.field.money or not any(map(str.isalpha, cell)))
        return Problem("angka-berupa-teks", what, asked.fill_with("angka", TIDY if mendable else "."))
    if type(cell) is not float or asked.at in _OWN_LIMITS:
        return None
    low, high = asked.field.minimum, asked.field.maximum
    if cell < 0 and asked.at in _ZERO_UP:
        what = f"berisi angka negatif{asked.amount(cell)}, jadi tidak dihitung"
        return Problem("angka-negatif", what, asked.fill_with("angka nol atau lebih"))
    if (low is not None and cell < low) or (high is not None and cell > high):
        wanted = f"paling kecil {show_number(low or 0)}" if high is None else _span(asked, low or 0, high)
        return Problem("angka-di-luar-batas", f"berisi angka{asked.amount(cell)}, {wanted}", "Periksa angkanya.")
    return None


def _span(asked: Asked, low: float, high: float) -> str:
    if asked.field.heading == "Tahun":  # years have no thousands separator
        return f"tahun yang wajar {low:.0f} sampai {high:.0f}"
    return f"yang wajar {show_number(low)} sampai {show_number(high)}"


def _date(asked: Asked, cell: Cell) -> Problem | None:
    if type(cell) is str:
        if (seeming := _seeming(cell)) is not None:
            return seeming
        day = read_date(cell)
        what = f"berisi {asked.text(cell)}"
        if day is None:
            return Problem("bukan-tanggal", what, asked.fill_with("tanggal, misalnya 12/11/2025"))
        mendable = serial(day) >= _FIRST_SAFE
        return Problem("tanggal-berupa-teks", what, asked.fill_with("tanggal", TIDY if mendable else "."))
    if type(cell) is not float:
        return None
    if cell <= 1:
        what = f"berisi angka{asked.amount(cell)}, bukan tanggal"
        return Problem("bukan-tanggal", what, asked.fill_with("tanggal, misalnya 12/11/2025"))
    if cell < _FIRST_SAFE:
        return Problem("tanggal-sebelum-maret-1900", "berisi tanggal sebelum 1 Maret 1900", "Ketik ulang tanggalnya.")
    if not _EARLIEST <= cell < _LATEST:
        what = f"berisi tanggal{asked.day(cell)}, di luar tahun 2000–2100"
        return Problem("tanggal-janggal", what, "Periksa tahunnya; ketik lengkap, misalnya 12/11/2025.")
    if cell >= asked.latest:
        what = f"berisi tanggal{asked.day(cell)}, lebih dari setahun setelah tahun {asked.year}"
        return Problem("tanggal-terlalu-jauh", what, "Periksa tahunnya.")
    return None


def _choice(asked: Asked, cell: Cell) -> Problem | None:
    choices = asked.field.choices
    if asked.table == "tblRealisasi" and choices[0].isdigit():
        return _digit_choice(asked, cell)
    if any(same(cell, word) for word in choices) or (type(cell) is float and f"{cell:g}" in choices):
        return None
    if type(cell) is str and (seeming := _seeming(cell)) is not None:
        return seeming
    pick = f"Pilih {listed(choices)}."
    if type(cell) is str:
        plain = squeezed(cell)
        word = next((word for word in choices if same(plain, word)), None)
        if word is not None:
            what = f"berisi pilihan {quote(word)} dengan spasi yang tidak perlu"
            return Problem("pilihan-berspasi", what, f"Pilih ulang {word} dari daftar{TIDY}")
    if asked.at in _OWN_ROOM:
        return None
    shown = asked.text(cell) if type(cell) is str else f"angka{asked.amount(cell)}" if type(cell) is float else "isi"
    code = "kata-tidak-dikenal" if asked.at in _UNCOUNTED_CHOICES else "pilihan-tidak-dikenal"
    return Problem(code, f"berisi {shown} yang tidak ada di daftar pilihan", pick)


def _digit_choice(asked: Asked, cell: Cell) -> Problem | None:
    """Triwulan of tblRealisasi is the number 1 to 4, not a word."""
    pick = f"Isi dengan angka {listed(asked.field.choices)}."
    if type(cell) is str:
        if (seeming := _seeming(cell)) is not None:
            return seeming
        if trimmed(cell) in asked.field.choices:
            return Problem("angka-berupa-teks", f"berisi {asked.text(cell)}", f"{pick[:-1]}{TIDY}")
        return Problem("pilihan-tidak-dikenal", f"berisi {asked.text(cell)} yang bukan triwulan", pick)
    if type(cell) is float and f"{cell!r}".removesuffix(".0") not in asked.field.choices:
        return Problem("pilihan-tidak-dikenal", f"berisi angka{asked.amount(cell)} yang bukan triwulan", pick)
    return None


def _code(asked: Asked, cell: Cell) -> Problem | None:
    if asked.at in _OWN_ROOM:
        return None
    counted = asked.at in _COUNTED_CODES
    if type(cell) is float:
        strict = counted and asked.field.heading != "Duplikat Dari"  # any filled cell there makes a duplicate
        fix = "Atur format sel ke Teks, lalu ketik ulang lengkap."
        return Problem("kode-berupa-angka" if strict else "nomor-berupa-angka", "berisi kode berupa angka", fix)
    if type(cell) is not str:
        return None
    if (seeming := _seeming(cell)) is not None:
        return seeming if counted else seeming._replace(code="teks-semu")
    if asked.field.heading == layout.EMPLOYEES.key:
        return None  # what a NIP asks for stands in the room of employees
    if trimmed(cell) != cell:
        what = "berisi kode dengan spasi di awal atau akhir"
        return Problem("kode-berspasi", what, f"Hapus spasinya{TIDY}")
    return None


def _text(asked: Asked, cell: Cell) -> Problem | None:
    if type(cell) is float and asked.table in _SHOWN_TEXTS | {""}:
        what = f"berisi angka{asked.amount(cell)}, padahal dibaca sebagai teks"
        return Problem("teks-berupa-angka", what, "Ketik sebagai teks (awali dengan tanda petik tunggal).")
    if type(cell) is str and not trimmed(cell).strip():
        return Problem("teks-semu", "hanya berisi spasi", "Kosongkan sel itu (tombol Delete).")
    return None
