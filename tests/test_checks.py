"""Findings: each code at its cell, with its words; quiet where they should be; nothing private ever said."""

from __future__ import annotations

import copy
import datetime
import time
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iku_excel.cells import UNCACHED, Cell, CellError
from iku_excel.findings import Finding
from iku_excel.form import layout
from iku_excel.form.checks import CODES, check
from iku_excel.form.compute import compute
from iku_excel.form.inputs import Inputs, places_of
from iku_excel.form.settings import SETTINGS, TABLES, setting_cells
from iku_excel.indicators.period import Period, serial
from iku_excel.rules.loader import rules_for
from iku_excel.xlsx.reader import TableData

NIP_1, NIP_2 = "196709271988031013", "196709271988031021"
"""Two colleagues who share the first 15 digits."""


def day(text: str) -> float:
    """The serial number of "31/03/2025"."""
    return float(serial(datetime.datetime.strptime(text, "%d/%m/%Y").date()))


def _row(table: str, **cells: Cell) -> dict[str, Cell]:
    """A row by heading, in which "_" stands for a blank."""
    return {heading.replace("_", " "): cell for heading, cell in cells.items()}


def _clean() -> dict[str, list[dict[str, Cell]]]:
    """The rows of a workbook of 2025, position Triwulan II, about which there is nothing to say."""
    target = {"Berlaku": "Ya", "Target 2024": 70.0, "Target 2025": 80.0, "Target 2026": 85.0,
              "Target TW I": 20.0, "Target TW II": 40.0, "Target TW III": 60.0, "Target TW IV": 80.0}  # fmt: skip
    return {
        "tblTarget": [{"Kode IKU": code, "IKU": "Nama IKU", **target} for code in layout.IKU_CODES],
        "tblPertanyaan": [
            {"Kode Elemen": code, "Kode Pertanyaan": f"P-{code}", "Skor": 4.0, "Skor Maks": 5.0, "Berlaku": "Ya",
             "Status Bukti": "Sebagian"}
            for code in layout.ELEMENT_CODES
        ],
        "tblDokumen": [
            {"Nama Dokumen": "Renja", "Jenis": "Perencanaan", "Tahun": 2025.0, "Batas Waktu": day("31/03/2025"),
             "Tanggal Penetapan": day("28/03/2025")},
            {"Nama Dokumen": "RKA", "Jenis": "Penganggaran", "Tahun": 2025.0, "Batas Waktu": day("30/09/2025")},
        ],
        "tblAnggaran": [
            {"Kode": "5.03.01.1.01", "Pagu Murni": 100.0, "Realisasi TW I": 10.0, "Realisasi TW II": 40.0},
            {"Kode": "5.03.01.1.02", "Pagu Murni": 50.0, "Pagu Perubahan": 60.0, "Realisasi TW I": 10.0,
             "Realisasi TW II": 20.0},
        ],
        "tblPegawai": [
            {"NIP": NIP_1, "Nama": "Siti", "Status": "PNS", "Aktif": "Ya"},
            {"NIP": NIP_2, "Nama": "Budi", "Status": "PPPK", "Aktif": "Ya"},
        ],
        "tblDiklat": [{"NIP": NIP_1, "Nama Diklat": "Dasar", "Mulai": day("03/02/2025"),
                       "Selesai": day("07/02/2025"), "JP": 24.0}],
        "tblSarpras": [
            {"Kode Barang": "3.05.01", "NUP": "1", "Nama Barang": "Meja", "Jumlah": 10.0, "Kondisi": "Baik"},
            {"Kode Barang": "3.05.01", "NUP": "2", "Nama Barang": "Meja", "Jumlah": 2.0, "Kondisi": "Rusak Berat"},
        ],
        "tblKeluhan": [
            {"No": 1.0, "Tracking ID": "T-1", "Tanggal Masuk": day("06/01/2025"), "Kanal": "WhatsApp",
             "Klasifikasi": "Keluhan", "Kewenangan": "Ya", "Tanggal Disposisi": day("07/01/2025"),
             "Tanggal Tindak Lanjut": day("08/01/2025"), "Tanggal Selesai": day("09/01/2025"), "Status": "Selesai"},
            {"No": 2.0, "Tracking ID": "T-2", "Tanggal Masuk": day("26/06/2025"), "Kanal": "Surat",
             "Klasifikasi": "Pengaduan", "Perlu Cek Lapangan": "Ya", "Kewenangan": "Ya", "Status": "Baru"},
        ],
        "tblRealisasi": [
            *({"Tahun": 2024.0, "Triwulan": 4.0, "Kode IKU": code, "Nilai": 70.0, "Sumber": "Mandiri"}
              for code in layout.IKU_CODES),
            {"Tahun": 2025.0, "Triwulan": 1.0, "Kode IKU": "IKU-1", "Nilai": 78.5, "Sumber": "Mandiri"},
        ],
        "tblSkalaCapaian": [{"Batas Bawah": 91.0, "Sebutan": "Sangat Tinggi"}, {"Batas Bawah": 0.0, "Sebutan": "Rendah"}],
        "tblKategoriNSPK": [{"Batas Bawah": 60.0, "Sebutan": "B"}, {"Batas Bawah": 0.0, "Sebutan": "E"}],
        "tblBatasHari": [
            {"Klasifikasi": "Keluhan", "Hari Kerja": 5.0},
            {"Klasifikasi": "Pengaduan", "Perlu Cek Lapangan": "Tidak", "Hari Kerja": 14.0},
            {"Klasifikasi": "Pengaduan", "Perlu Cek Lapangan": "Ya", "Hari Kerja": 60.0},
        ],
        "tblLibur": [{"Tanggal": day("01/01/2025"), "Nama": "Tahun Baru"}],
        "tblFungsi": [{"Huruf": "a", "Uraian": "perumusan kebijakan"}],
    }  # fmt: skip


_SETTINGS: dict[str, Cell] = {
    **{name: float(s.default) if isinstance(s.default, int) else s.default for name, s in SETTINGS.items()},
    "Perangkat_Daerah": "BKD", "Tahun": 2025.0, "Triwulan": 2.0, "Tugas": "membantu", "Kota": "Samarinda",
    "Tanggal_Laporan": day("05/07/2025"), "Jabatan_Pejabat": "Kepala", "Nama_Pejabat": "Rahasia Sekali",
    "Pangkat_Pejabat": "Pembina", "NIP_Pejabat": NIP_1, "Bobot_Dokumen": 40.0, "Bobot_Anggaran": 30.0,
    "Bobot_Diklat": 25.0, "Bobot_Sarpras": 5.0, "JP_Minimal": 20.0,
}  # fmt: skip


class Book:
    """A clean workbook to be spoilt; every table stands at A5 (headings in row 4)."""

    def __init__(self, year: int = 2025, quarter: int = 2) -> None:
        self.rows = copy.deepcopy(_clean())
        self.settings = dict(_SETTINGS)
        self.below: dict[str, tuple[tuple[str, ...], ...]] = {}
        self.sheets: dict[str, str] = {}
        self.years = ("2024", "2025", "2026")
        self.period = Period(year, quarter)

    def put(self, table: str, row: int, **cells: Cell) -> Book:
        """Change cells of a data row (from 1); a row too many is a new one."""
        while len(self.rows[table]) < row:
            self.rows[table].append({})
        self.rows[table][row - 1].update(_row(table, **cells))
        return self

    def set(self, **values: Cell) -> Book:
        """Change settings."""
        self.settings.update(values)
        return self

    def inputs(self) -> Inputs:
        """What the workbook would be read as."""
        tables = {}
        for name, table in TABLES.items():
            headings = [h for h in table.headings if not h.startswith("Target 20") or h[-4:] in self.years]
            columns = {h: [row.get(h) for row in self.rows[name]] for h in headings}
            sheet = self.sheets.get(name, table.sheet)
            tables[name] = TableData.of(name, sheet, columns, first_row=5, below=self.below.get(name, ()))
        cells = {name: ("Pengaturan", cell) for name, cell in setting_cells().items()}
        rules = rules_for(self.period.year)
        return Inputs(tables, self.settings, cells, self.period, rules, places_of(tables["tblTarget"]), 1)

    def findings(self) -> list[Finding]:
        """What ``check`` says of it."""
        inputs = self.inputs()
        return check(inputs, compute(inputs))


def spoilt(table: str, row: int, **cells: Cell) -> Callable[[], Book]:
    """A clean workbook with some cells changed."""
    return lambda: Book().put(table, row, **cells)


def switched(**values: Cell) -> Callable[[], Book]:
    """A clean workbook with some settings changed."""
    return lambda: Book().set(**values)


def at(heading: str, row: int, table: str) -> str:
    """The address of a cell of the test's tables."""
    return f"{chr(65 + TABLES[table].headings.index(heading))}{row + 4}"


def where(name: str) -> str:
    """The address of a setting."""
    return setting_cells()[name]


def _dropped(table: str, row: int) -> Callable[[], Book]:
    def make() -> Book:
        book = Book()
        del book.rows[table][row - 1]
        return book

    return make


def _emptied(table: str) -> Callable[[], Book]:
    def make() -> Book:
        book = Book()
        book.rows[table] = []
        return book

    return make


def _with_below() -> Book:
    book = Book()
    book.below["tblAnggaran"] = (("A9", "E9"), ("A10",))
    return book


def _many(table: str, count: int, make_row: Callable[[int], dict[str, Cell]]) -> Callable[[], Book]:
    def make() -> Book:
        book = Book()
        book.rows[table] += [make_row(i) for i in range(count)]
        return book

    return make


def _subtotal() -> Book:
    return Book().put("tblAnggaran", 3, Kode="5.03.01", Pagu_Murni=150.0, Realisasi_TW_II=55.0)


def _no_target_year() -> Book:
    book = Book()
    book.years = ("2024", "2026")
    return book


def _not_active() -> Book:
    return Book().put("tblPegawai", 1, Aktif="Tidak")


def _hours_asked() -> Book:
    return Book().set(Minimal_20_JP="Ya").put("tblDiklat", 1, JP=None)


def _no_such_class() -> Book:
    book = Book()
    book.rows["tblBatasHari"] = book.rows["tblBatasHari"][:2]
    return book


N, P, K, T = "tblPertanyaan", "tblAnggaran", "tblKeluhan", "tblTarget"
NA = CellError("#N/A")

CASES: list[tuple[str, Callable[[], Book], str, str | None]] = [
    # one way to produce each code: code, workbook, sheet, cell
    ("angka-berupa-teks", spoilt(P, 1, Pagu_Murni="1.234.567,89"), "Anggaran", "E5"),
    ("angka-berupa-teks", switched(Bobot_Diklat="25"), "Pengaturan", where("Bobot_Diklat")),
    ("angka-berupa-teks", spoilt("tblRealisasi", 4, Triwulan="1"), "Realisasi", "B8"),
    ("angka-ambigu", spoilt(P, 2, Pagu_Perubahan="1.234"), "Anggaran", "F6"),
    ("bukan-angka", spoilt(P, 1, Pagu_Murni="dua juta"), "Anggaran", "E5"),
    ("angka-negatif", spoilt(N, 1, Skor=-1.0), "NSPK_Pertanyaan", "E5"),
    ("angka-negatif", spoilt(N, 1, Skor_BKN=-1.0), "NSPK_Pertanyaan", "K5"),
    ("angka-negatif", spoilt("tblRealisasi", 4, Nilai=-1.0), "Realisasi", "D8"),
    ("angka-negatif", spoilt("tblBatasHari", 1, Hari_Kerja=-5.0), "Pengaturan", "C5"),
    ("tanggal-berupa-teks", spoilt("tblDokumen", 1, Batas_Waktu="31 Maret 2025"), "Dokumen", "E5"),
    ("tanggal-berupa-teks", switched(Tanggal_Laporan="5 Juli 2025"), "Pengaturan", where("Tanggal_Laporan")),
    ("bukan-tanggal", spoilt("tblDokumen", 1, Batas_Waktu="akhir bulan"), "Dokumen", "E5"),
    ("bukan-tanggal", spoilt("tblDokumen", 1, Batas_Waktu=0.5), "Dokumen", "E5"),
    ("nilai-benar-salah", spoilt(N, 1, Skor=True), "NSPK_Pertanyaan", "E5"),
    ("nilai-benar-salah", spoilt("tblPegawai", 1, Aktif=True), "Pegawai", "E5"),
    ("nilai-galat", spoilt(N, 1, Skor=NA), "NSPK_Pertanyaan", "E5"),
    ("nilai-galat", spoilt(N, 1, Catatan_Verifikator=NA), "NSPK_Pertanyaan", "L5"),
    ("nilai-galat", switched(Perangkat_Daerah=NA), "Pengaturan", where("Perangkat_Daerah")),
    ("rumus-belum-dihitung", spoilt(P, 1, Realisasi_TW_II=UNCACHED), "Anggaran", "H5"),
    ("pilihan-tidak-dikenal", spoilt(N, 1, Berlaku="Mungkin"), "NSPK_Pertanyaan", "G5"),
    ("pilihan-tidak-dikenal", spoilt("tblPegawai", 1, Aktif=1.0), "Pegawai", "E5"),
    ("pilihan-tidak-dikenal", spoilt("tblRealisasi", 4, Triwulan=5.0), "Realisasi", "B8"),
    ("pilihan-tidak-dikenal", spoilt("tblRealisasi", 4, Kode_IKU="IKU-9"), "Realisasi", "C8"),
    ("pilihan-tidak-dikenal", switched(Hanya_Selesai="Mungkin"), "Pengaturan", where("Hanya_Selesai")),
    ("pilihan-berspasi", spoilt("tblSarpras", 1, Kondisi="Baik\u00a0"), "Sarpras", "I5"),
    ("pilihan-berspasi", spoilt("tblSarpras", 1, Kondisi="Rusak  Ringan"), "Sarpras", "I5"),
    ("pilihan-berspasi", spoilt(K, 1, Status=" Selesai"), "Keluhan", "P5"),
    ("isi-semu", spoilt(K, 1, Duplikat_Dari=" "), "Keluhan", "Q5"),
    ("isi-semu", spoilt(N, 1, Skor="-"), "NSPK_Pertanyaan", "E5"),
    ("isi-semu", spoilt(N, 1, Berlaku="\u00a0"), "NSPK_Pertanyaan", "G5"),
    ("kode-berupa-angka", spoilt("tblPegawai", 1, NIP=1.967e17), "Pegawai", "A5"),
    ("kode-berupa-angka", spoilt("tblDiklat", 1, NIP=1.967e17), "Diklat", "A5"),
    ("kode-berupa-angka", spoilt(P, 1, Kode=5.03), "Anggaran", "A5"),
    ("baris-di-luar-tabel", _with_below, "Anggaran", "A10"),
    ("angka-di-luar-batas", spoilt(P, 1, Fisik=120.0), "Anggaran", "K5"),
    ("angka-di-luar-batas", spoilt(P, 1, Pagu_Murni=-100.0), "Anggaran", "E5"),
    ("angka-di-luar-batas", switched(Indeks_NSPK_BKN=101.0), "Pengaturan", where("Indeks_NSPK_BKN")),
    ("tanggal-sebelum-maret-1900", spoilt("tblDokumen", 2, Batas_Waktu=5.0), "Dokumen", "E6"),
    ("tanggal-janggal", spoilt("tblSarpras", 1, Tanggal_Inventarisasi=2025.0), "Sarpras", "J5"),
    ("tanggal-janggal", spoilt("tblLibur", 1, Tanggal=3e6), "Pengaturan", "A5"),
    ("tanggal-terlalu-jauh", spoilt("tblDiklat", 1, Selesai=day("07/02/2028")), "Diklat", "F5"),
    ("kata-tidak-dikenal", spoilt("tblDokumen", 1, Jenis="Laporan"), "Dokumen", "B5"),
    ("kata-tidak-dikenal", spoilt("tblPegawai", 1, Status="CPNS"), "Pegawai", "C5"),
    ("kata-tidak-dikenal", spoilt("tblRealisasi", 4, Sumber="Perkiraan"), "Realisasi", "E8"),
    ("nomor-berupa-angka", spoilt(K, 1, Tracking_ID=4512.0), "Keluhan", "B5"),
    ("nomor-berupa-angka", switched(NIP_Pejabat=1.967e17), "Pengaturan", where("NIP_Pejabat")),
    ("kode-berspasi", spoilt(P, 1, Kode="5.03.01.1.01 "), "Anggaran", "A5"),
    ("teks-berupa-angka", spoilt(T, 1, Satuan=100.0), "Target", "D5"),
    ("teks-berupa-angka", switched(Perangkat_Daerah=5.0), "Pengaturan", where("Perangkat_Daerah")),
    ("isian-kosong", spoilt("tblDokumen", 1, Nama_Dokumen=None), "Dokumen", "A5"),
    ("isian-kosong", spoilt("tblSkalaCapaian", 1, Sebutan=None), "Pengaturan", "B5"),
    ("teks-semu", spoilt(P, 1, Keterangan=" "), "Anggaran", "M5"),
    ("teks-semu", spoilt("tblDokumen", 1, Nomor="-"), "Dokumen", "G5"),
    ("libur-terlalu-banyak", _many("tblLibur", 100, lambda i: {"Tanggal": day("02/01/2025") + i}), "Pengaturan", "A105"),
    ("batas-hari-terlalu-banyak", _many("tblBatasHari", 18, lambda i: {"Klasifikasi": f"K{i}", "Hari Kerja": 5.0}),
     "Pengaturan", "A25"),
    ("bobot-berbeda", switched(Bobot_Dokumen=35.0, Bobot_Anggaran=35.0), "Pengaturan", where("Bobot_Dokumen")),
    ("skala-kosong", _emptied("tblSkalaCapaian"), "Pengaturan", None),
    ("skala-batas-ganda", spoilt("tblSkalaCapaian", 3, Batas_Bawah=91.0, Sebutan="Lagi"), "Pengaturan", "A7"),
    ("skala-tanpa-nol", spoilt("tblKategoriNSPK", 2, Batas_Bawah=20.0), "Pengaturan", None),
    ("batas-hari-ganda", spoilt("tblBatasHari", 4, Klasifikasi="KELUHAN", Hari_Kerja=7.0), "Pengaturan", "A8"),
    ("libur-tahun-kosong", spoilt("tblLibur", 1, Tanggal=day("01/01/2024")), "Pengaturan", None),
    ("batas-capaian-janggal", switched(Batas_Capaian=90.0), "Pengaturan", where("Batas_Capaian")),
    ("jp-minimal-kosong", switched(Minimal_20_JP="Ya", JP_Minimal=None), "Pengaturan", where("JP_Minimal")),
    ("perangkat-daerah-kosong", switched(Perangkat_Daerah=None), "Pengaturan", where("Perangkat_Daerah")),
    ("nilai-bkn-belum-diisi", switched(Sumber_IKU1="BKN"), "Pengaturan", where("Indeks_NSPK_BKN")),
    ("surat-bkn-belum-lengkap", switched(Indeks_NSPK_BKN=70.18, Tanggal_Surat_BKN=45900.0), "Pengaturan",
     where("Nomor_Surat_BKN")),
    ("penanda-tangan-kosong", switched(Kota=None), "Pengaturan", where("Kota")),
    ("libur-ganda", spoilt("tblLibur", 2, Tanggal=day("01/01/2025") + 0.5, Nama="Lagi"), "Pengaturan", "A6"),
    ("aturan-belum-berlaku", lambda: Book(2020), "Pengaturan", where("Tahun")),
    ("kode-iku-tidak-dikenal", spoilt(T, 4, Kode_IKU="IKU 1"), "Target", "A8"),
    ("kode-iku-tidak-dikenal", spoilt(T, 4, IKU="Nama lain"), "Target", "A8"),
    ("baris-target-hilang", _dropped(T, 2), "Target", None),
    ("kode-iku-ganda", spoilt(T, 4, Kode_IKU="iku-1"), "Target", "A8"),
    ("kolom-target-hilang", _no_target_year, "Target", None),
    ("target-kosong", spoilt(T, 1, Target_2025=None), "Target", "I5"),
    ("target-kosong", spoilt(T, 1, Target_2025=0.0), "Target", "I5"),
    ("target-triwulan-menurun", spoilt(T, 1, Target_TW_III=30.0), "Target", "M5"),
    ("target-triwulan-kosong", spoilt(T, 1, Target_TW_II=None), "Target", "L5"),
    ("kode-elemen-kosong", spoilt(N, 1, Kode_Elemen=None), "NSPK_Pertanyaan", "A5"),
    ("kode-elemen-tidak-dikenal", spoilt(N, 1, Kode_Elemen="E19"), "NSPK_Pertanyaan", "A5"),
    ("kode-elemen-tidak-dikenal", spoilt(N, 1, Kode_Elemen=1.0), "NSPK_Pertanyaan", "A5"),
    ("skor-maks-kosong", spoilt(N, 1, Skor_Maks=None), "NSPK_Pertanyaan", "F5"),
    ("skor-maks-tidak-sah", spoilt(N, 1, Skor_Maks=0.0), "NSPK_Pertanyaan", "F5"),
    ("belum-dijawab", spoilt(N, 1, Skor=None), "NSPK_Pertanyaan", "E5"),
    ("skor-melebihi-maks", spoilt(N, 1, Skor=6.0), "NSPK_Pertanyaan", "E5"),
    ("skor-bkn-melebihi-maks", spoilt(N, 1, Skor_BKN=6.0), "NSPK_Pertanyaan", "K5"),
    ("elemen-tanpa-pertanyaan", _dropped(N, 5), "NSPK_Pertanyaan", None),
    ("elemen-tanpa-pertanyaan", spoilt(N, 5, Berlaku="tidak"), "NSPK_Pertanyaan", None),
    ("kode-pertanyaan-ganda", spoilt(N, 2, Kode_Pertanyaan="p-e01"), "NSPK_Pertanyaan", "B6"),
    ("pertanyaan-tidak-berlaku", spoilt(N, 5, Berlaku="Tidak"), "NSPK_Pertanyaan", "G9"),
    ("bukti-belum-lengkap", spoilt(N, 1, Skor=5.0), "NSPK_Pertanyaan", "I5"),
    ("batas-waktu-kosong", spoilt("tblDokumen", 1, Batas_Waktu=None), "Dokumen", "E5"),
    ("dokumen-belum-ditetapkan", spoilt("tblDokumen", 1, Tanggal_Penetapan=None), "Dokumen", "F5"),
    ("penetapan-terlalu-awal", spoilt("tblDokumen", 1, Tanggal_Penetapan=day("01/02/2023")), "Dokumen", "F5"),
    ("dokumen-ganda", spoilt("tblDokumen", 2, Nama_Dokumen="RENJA"), "Dokumen", "A6"),
    ("dokumen-terlambat", spoilt("tblDokumen", 1, Tanggal_Penetapan=day("01/04/2025")), "Dokumen", "F5"),
    ("penetapan-setelah-posisi", spoilt("tblDokumen", 1, Tanggal_Penetapan=day("01/07/2025")), "Dokumen", "F5"),
    ("kode-anggaran-kosong", spoilt(P, 1, Kode=None), "Anggaran", "A5"),
    ("kode-anggaran-ganda", spoilt(P, 2, Kode="5.03.01.1.01"), "Anggaran", "A6"),
    ("pagu-kosong", spoilt(P, 1, Pagu_Murni=None), "Anggaran", "E5"),
    ("realisasi-belum-diisi", spoilt(P, 1, Realisasi_TW_II=None), "Anggaran", "H5"),
    ("realisasi-melebihi-pagu", spoilt(P, 1, Realisasi_TW_II=100.5), "Anggaran", "H5"),
    ("realisasi-menurun", spoilt(P, 1, Realisasi_TW_II=9.0), "Anggaran", "H5"),
    ("subtotal-berbeda", _subtotal, "Anggaran", "H7"),
    ("baris-subtotal", _subtotal, "Anggaran", "A7"),
    ("nip-kosong", spoilt("tblPegawai", 3, Nama="Tanpa", Aktif="Ya"), "Pegawai", "A7"),
    ("nip-kosong", spoilt("tblDiklat", 1, NIP=None), "Diklat", "A5"),
    ("nip-berspasi", spoilt("tblPegawai", 1, NIP="19670927 198803 1 013"), "Pegawai", "A5"),
    ("nip-berspasi", spoilt("tblDiklat", 1, NIP=NIP_1 + "\u00a0"), "Diklat", "A5"),
    ("aktif-kosong", spoilt("tblPegawai", 1, Aktif=None), "Pegawai", "E5"),
    ("nip-tidak-18-angka", spoilt("tblPegawai", 2, NIP="19670927"), "Pegawai", "A6"),
    ("nip-tidak-18-angka", switched(NIP_Pejabat="19670927"), "Pengaturan", where("NIP_Pejabat")),
    ("nip-ganda", spoilt("tblPegawai", 2, NIP=NIP_1), "Pegawai", "A6"),
    ("nip-tidak-terdaftar", spoilt("tblDiklat", 1, NIP="199001012015011001"), "Diklat", "A5"),
    ("selesai-kosong", spoilt("tblDiklat", 1, Selesai=None), "Diklat", "F5"),
    ("selesai-sebelum-mulai", spoilt("tblDiklat", 1, Mulai=day("10/02/2025")), "Diklat", "F5"),
    ("jp-kosong", _hours_asked, "Diklat", "G5"),
    ("nip-tidak-aktif", _not_active, "Diklat", "A5"),
    ("jumlah-kosong", spoilt("tblSarpras", 1, Jumlah=None), "Sarpras", "H5"),
    ("jumlah-tidak-sah", spoilt("tblSarpras", 1, Jumlah=0.0), "Sarpras", "H5"),
    ("jumlah-tidak-sah", spoilt("tblSarpras", 1, Jumlah=-2.0), "Sarpras", "H5"),
    ("jumlah-pecahan", spoilt("tblSarpras", 1, Jumlah=2.5), "Sarpras", "H5"),
    ("kondisi-kosong", spoilt("tblSarpras", 1, Kondisi=None), "Sarpras", "I5"),
    ("barang-ganda", spoilt("tblSarpras", 2, NUP="1"), "Sarpras", "A6"),
    ("tanggal-masuk-kosong", spoilt(K, 1, Tanggal_Masuk=None), "Keluhan", "C5"),
    ("tracking-id-ganda", spoilt(K, 2, Tracking_ID="t-1"), "Keluhan", "B6"),
    ("duplikat-tidak-dikenal", spoilt(K, 2, Duplikat_Dari="T-9"), "Keluhan", "Q6"),
    ("duplikat-diri-sendiri", spoilt(K, 2, Duplikat_Dari="T-2"), "Keluhan", "Q6"),
    ("tindak-lanjut-sebelum-masuk", spoilt(K, 1, Tanggal_Tindak_Lanjut=day("03/01/2025")), "Keluhan", "M5"),
    ("selesai-sebelum-tindak-lanjut", spoilt(K, 1, Tanggal_Selesai=day("07/01/2025")), "Keluhan", "O5"),
    ("disposisi-sebelum-masuk", spoilt(K, 1, Tanggal_Disposisi=day("05/01/2025")), "Keluhan", "L5"),
    ("selesai-tanpa-tindak-lanjut", spoilt(K, 2, Status="selesai"), "Keluhan", "M6"),
    ("lewat-batas-hari", spoilt(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("20/06/2025")), "Keluhan", "M6"),
    ("klasifikasi-kosong", spoilt(K, 2, Klasifikasi=None), "Keluhan", "E6"),
    ("klasifikasi-tanpa-batas", _no_such_class, "Keluhan", "E6"),
    ("masuk-di-luar-tahun", spoilt(K, 1, Tanggal_Masuk=day("30/12/2024")), "Keluhan", "C5"),
    ("kewenangan-kosong", spoilt(K, 1, Kewenangan=None), "Keluhan", "J5"),
    ("kanal-tidak-dikenal", spoilt(K, 1, Kanal="Telepon"), "Keluhan", "D5"),
    ("realisasi-tidak-lengkap", spoilt("tblRealisasi", 4, Nilai=None), "Realisasi", "D8"),
    ("realisasi-ganda", spoilt("tblRealisasi", 5, Tahun=2025.0, Triwulan=1.0, Kode_IKU="IKU-1", Nilai=79.0),
     "Realisasi", "C8"),
    ("realisasi-terkunci-berbeda",
     spoilt("tblRealisasi", 5, Tahun=2025.0, Triwulan=2.0, Kode_IKU="IKU-1", Nilai=79.0), "Realisasi", "D9"),
    ("triwulan-belum-dikunci", _dropped("tblRealisasi", 4), "Realisasi", None),
    ("tahun-lalu-kosong", _dropped("tblRealisasi", 2), "Realisasi", None),
    ("iku-belum-ada-nilai", _emptied(N), "NSPK_Pertanyaan", None),
    ("iku-belum-lengkap", _emptied("tblSarpras"), "Sarpras", None),
    ("iku-bobot-tidak-100", switched(Bobot_Sarpras=6.0), "Pengaturan", where("Bobot_Dokumen")),
    ("iku-tanpa-keluhan", _emptied(K), "Keluhan", None),
]  # fmt: skip


def test_a_workbook_in_order_gives_no_finding() -> None:
    """Nothing is said about a workbook whose every register is in order."""
    assert Book().findings() == []


@pytest.mark.parametrize(("code", "make", "sheet", "cell"), CASES, ids=[f"{c[0]}-{c[2]}-{c[3]}" for c in CASES])
def test_each_code_stands_at_its_cell(code: str, make: Callable[[], Book], sheet: str, cell: str | None) -> None:
    """Each mistake gives its code, with the catalogue's level, at the sheet and cell where it was made."""
    found = make().findings()
    assert (code, CODES[code].level, sheet, cell) in [(f.code, f.level, f.sheet, f.cell) for f in found]
    assert {f.code for f in found} <= set(CODES)
    assert all(f.message.endswith(".") and f.fix.endswith(".") and len(f.message) < 250 for f in found)
    assert all(f.cell is None or f.cell in f.message or "baris" in f.code or "iku-" in f.code or "aturan" in f.code
               or "pertanyaan-tidak" in f.code for f in found)  # fmt: skip


def test_every_code_of_the_catalogue_can_be_produced() -> None:
    """The cases above produce every code of the catalogue, so none is a dead letter."""
    assert {case[0] for case in CASES} == set(CODES)


def test_only_consequences_begin_with_iku() -> None:
    """The status words of Ringkasan leave out codes that begin with "iku-": only consequences may be so named."""
    assert {c for c in CODES if c.startswith("iku-")} == {
        "iku-belum-ada-nilai", "iku-belum-lengkap", "iku-bobot-tidak-100", "iku-tanpa-keluhan"}  # fmt: skip


MESSAGES = [
    # cell spoilt, the whole message, the whole fix
    (spoilt(P, 1, Pagu_Murni="dua juta"), "Sel E5 di lembar Anggaran berisi teks 'dua juta'.", "Isi dengan angka."),
    (spoilt(P, 1, Pagu_Murni="1.234.567,89"), "Sel E5 di lembar Anggaran berisi teks '1.234.567,89'.",
     "Isi dengan angka, atau jalankan `iku-excel rapikan`."),
    (spoilt(P, 1, Pagu_Murni="1.234"), "Sel E5 di lembar Anggaran berisi teks '1.234' yang dapat dibaca dua cara.",
     "Ketik ulang sebagai angka."),
    (spoilt(P, 1, Pagu_Murni="kira-kira  seratus dua puluh lima\njuta rupiah"),
     "Sel E5 di lembar Anggaran berisi teks 'kira-kira seratus dua puluh lima juta r…'.", "Isi dengan angka."),
    (switched(Bobot_Dokumen="empat puluh"), "Sel B19 di lembar Pengaturan berisi teks 'empat puluh'.",
     "Isi Bobot Dokumen dengan angka."),
    (spoilt("tblDokumen", 1, Batas_Waktu="31-3-2025"), "Sel E5 di lembar Dokumen berisi teks '31-3-2025'.",
     "Isi dengan tanggal, atau jalankan `iku-excel rapikan`."),
    (spoilt("tblDokumen", 1, Batas_Waktu="31 Februari 2025"), "Sel E5 di lembar Dokumen berisi teks '31 Februari 2025'.",
     "Isi dengan tanggal, misalnya 12/11/2025."),
    (spoilt("tblSarpras", 1, Kondisi="Bagus"),
     "Sel I5 di lembar Sarpras berisi teks 'Bagus' yang tidak ada di daftar pilihan.",
     "Pilih Baik, Rusak Ringan, Rusak Berat, atau Hilang."),
    (spoilt("tblSarpras", 1, Kondisi="baik "), "Sel I5 di lembar Sarpras berisi pilihan 'Baik' dengan spasi yang tidak perlu.",
     "Pilih ulang Baik dari daftar, atau jalankan `iku-excel rapikan`."),
    (spoilt(N, 1, Skor=6.5), "Sel E5 di lembar NSPK_Pertanyaan berisi Skor 6,5, melebihi Skor Maks 5.",
     "Periksa Skor dan Skor Maks."),
    (spoilt(P, 1, Realisasi_TW_II=1234567.5), "Sel H5 di lembar Anggaran berisi realisasi 1.234.567,5, melebihi pagu 100.",
     "Periksa pagu dan realisasi."),
    (spoilt(K, 1, Status="08123456789"), "Sel P5 di lembar Keluhan berisi teks yang tidak ada di daftar pilihan.",
     "Pilih Baru, Verifikasi, Proses, Selesai, Ditunda, atau Arsip."),
    (spoilt(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("20/06/2025")),
     "Sel M6 di lembar Keluhan (Tanggal Tindak Lanjut) kosong; keluhan ini sudah 6 hari kerja, batasnya 5.",
     "Tindak lanjuti, lalu isi tanggalnya."),
    (_with_below, "Baris 10 di lembar Anggaran terisi di bawah akhir tabel tblAnggaran, jadi tidak dihitung.",
     "Tarik sudut kanan bawah tabel sampai mencakup baris itu."),
    (_emptied("tblSarpras"), "IKU-2 belum lengkap: unsur Sarpras belum punya nilai untuk Triwulan II (belum ada unit yang "
     "dihitung).", "Isi Jumlah dan Kondisi."),
    (spoilt(T, 4, Kode_IKU="IKU-3 "), "Sel A8 di lembar Target berisi kode IKU dengan spasi, jadi baris ini tidak dipakai.",
     "Hapus spasinya, atau jalankan `iku-excel rapikan`."),
]  # fmt: skip


@pytest.mark.parametrize(("make", "message", "fix"), MESSAGES, ids=[m[1][:40] for m in MESSAGES])
def test_words_of_a_finding(make: Callable[[], Book], message: str, fix: str) -> None:
    """The whole message names cell and sheet, says what stands there, and the fix says what to do."""
    assert (message, fix) in [(f.message, f.fix) for f in make().findings()]


def _spoilt_everywhere() -> Book:
    book = Book()
    for table in (N, P, K, "tblSarpras", "tblDiklat"):
        for heading in TABLES[table].headings:
            book.rows[table][0][heading] = NA
    book.set(Bobot_Dokumen="x", Sumber_IKU1="BKN", Hanya_Selesai="x", Nama_Pejabat=None)
    return book


@pytest.mark.parametrize("quiet", layout.IKU_CODES)
def test_an_indicator_not_carried_is_kept_quiet(quiet: str) -> None:
    """With Berlaku = Tidak no finding bears on that indicator, and those of the others stay as they are."""
    loud = _spoilt_everywhere().findings()
    book = _spoilt_everywhere().put(T, layout.IKU_CODES.index(quiet) + 1, Berlaku="TIDAK")
    found = book.findings()
    assert any(f.iku == (quiet,) for f in loud)
    assert not any(quiet in f.iku for f in found)
    kept = [f for f in loud if f.iku != (quiet,)]
    assert [(f.code, f.cell) for f in found] == [(f.code, f.cell) for f in kept]


def test_without_any_indicator_only_identity_and_signature_are_asked_for() -> None:
    """A workbook that carries no indicator still hears about its signatory, and about nothing else."""
    book = _spoilt_everywhere()
    for row in (1, 2, 3):
        book.put(T, row, Berlaku="Tidak")
    assert [f.code for f in book.findings()] == ["penanda-tangan-kosong"]


def test_rows_without_input_do_not_exist() -> None:
    """Blank rows inside and after a table, and complaints that are only numbered, give no finding."""
    book = Book()
    for table in book.rows:
        book.rows[table] = [{}, *book.rows[table], {}, {}]
    book.rows[K] += [{"No": 3.0}, {"No": 4.0}]
    assert book.findings() == []


def test_findings_stand_in_the_order_of_sheets_rows_and_columns() -> None:
    """Sheets come in the contract's order, then rows, then columns; what bears on no cell comes first."""
    found = _spoilt_everywhere().findings()
    order = [layout.SHEETS.index(f.sheet) for f in found]
    assert order == sorted(order)
    budget = [f.cell for f in found if f.sheet == "Anggaran" and f.cell]
    assert budget == sorted(budget, key=lambda cell: (int(cell[1:]), cell[0]))
    assert budget[0] == "A5"


def test_a_moved_table_is_named_by_the_sheet_where_it_lies() -> None:
    """Staff move tables: sheet and cell are those of the table as found, and unknown sheets come last."""
    book = Book().put(P, 1, Pagu_Murni="dua juta").put(K, 1, Tanggal_Masuk=None)
    book.sheets[P] = "Belanja 2025"
    last = book.findings()[-1]
    assert (last.sheet, last.cell) == ("Belanja 2025", "E5")
    assert last.message == "Sel E5 di lembar Belanja 2025 berisi teks 'dua juta'."


def test_a_question_put_aside_is_not_asked_about() -> None:
    """A question with Berlaku = Tidak needs neither score nor maximum."""
    book = Book().put(N, 19, Kode_Elemen="E01", Kode_Pertanyaan="P-X", Berlaku="Tidak")
    assert [f.code for f in book.findings()] == ["pertanyaan-tidak-berlaku"]


def test_no_complaint_is_late_on_the_last_day_of_its_limit() -> None:
    """Five working days after arrival a complaint is not late yet; holidays don't count."""
    late = Book().put(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("20/06/2025"))
    in_time = Book().put(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("23/06/2025"))
    holiday = late.put("tblLibur", 2, Tanggal=day("27/06/2025"), Nama="1 Muharam")
    assert in_time.findings() == []
    assert holiday.findings() == []


@pytest.mark.parametrize("left_out", [{"Kewenangan": "bukan"}, {"Status": "ARSIP"}, {"Duplikat_Dari": "T-1"}])
def test_a_complaint_that_does_not_count_cannot_be_late(left_out: Mapping[str, Cell]) -> None:
    """Complaints of others, shelved ones and duplicates are never called late."""
    book = Book().put(K, 2, Klasifikasi="Keluhan", Tanggal_Masuk=day("20/06/2025"), **left_out)
    assert book.findings() == []


def test_a_subtotal_equal_to_its_leaves_is_only_named() -> None:
    """Exact decimals are compared: 0.1 + 0.2 under a subtotal of 0.3 is no difference."""
    book = Book()
    book.rows[P] = [
        {"Kode": "1", "Pagu Murni": 0.3, "Realisasi TW II": 0.3},
        {"Kode": "1.1", "Pagu Murni": 0.1, "Realisasi TW II": 0.1},
        {"Kode": "1.2", "Pagu Murni": 0.2, "Realisasi TW II": 0.2},
    ]
    assert [f.code for f in book.findings()] == ["baris-subtotal"]


def test_a_frozen_figure_is_compared_at_two_decimals() -> None:
    """A reported 80.004 is what 80.00 shows, 80.006 is not."""
    near = Book().put("tblRealisasi", 5, Tahun=2025.0, Triwulan=2.0, Kode_IKU="IKU-1", Nilai=80.004)
    far = Book().put("tblRealisasi", 5, Tahun=2025.0, Triwulan=2.0, Kode_IKU="IKU-1", Nilai=80.006)
    assert near.findings() == []
    assert [f.code for f in far.findings()] == ["realisasi-terkunci-berbeda"]


COLUMNS = [
    (name, field.heading)
    for name, table in TABLES.items()
    for field in table.fields
]  # fmt: skip


@pytest.mark.parametrize(("table", "heading"), COLUMNS, ids=[f"{t}-{h}" for t, h in COLUMNS])
def test_an_error_value_is_always_a_mistake(table: str, heading: str) -> None:
    """An error value in any column of the contract is a finding of level kesalahan at its cell."""
    book = Book().put(table, 1)
    book.rows[table][0][heading] = NA
    inputs = book.inputs()
    cell = inputs.tables[table].address(heading, 0)
    assert ("nilai-galat", "kesalahan", cell) in [
        (f.code, f.level, f.cell) for f in check(inputs, compute(inputs)) if f.sheet == TABLES[table].sheet
    ]


READ = [(t, f.heading) for t, table in TABLES.items() for f in table.fields if f.kind.value in ("angka", "tanggal")]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(READ), st.text(min_size=1))
def test_text_where_a_number_or_date_is_read_is_never_passed_over(column: tuple[str, str], text: str) -> None:
    """Whatever text stands in a number or date column is a kesalahan at its cell, since nothing counts it."""
    table, heading = column
    book = Book()
    book.rows[table][0][heading] = text
    inputs = book.inputs()
    cell = inputs.tables[table].address(heading, 0)
    levels = {f.level for f in check(inputs, compute(inputs)) if f.cell == cell and f.sheet == TABLES[table].sheet}
    assert "kesalahan" in levels


CELLS = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 1.0, 60.0, 45000.0, 2958466.0, 1e300, -1.0]),
    st.text(max_size=12),
    st.sampled_from(["Ya", "Tidak", "E01", "IKU-1", "5.03", "5.03.01", " ", "-", "Selesai", "Keluhan", NIP_1, "T-1"]),
    st.booleans(),
    st.sampled_from([NA, UNCACHED, CellError("#DIV/0!")]),
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_contents_make_it_fail(data: st.DataObject) -> None:
    """Any cells in any columns and settings give findings with known codes, never an exception."""
    book = Book(quarter=data.draw(st.integers(1, 4)))
    for table in book.rows:
        headings = data.draw(st.lists(st.sampled_from(TABLES[table].headings), max_size=4))
        for row in range(data.draw(st.integers(0, 3))):
            for heading in headings:
                book.put(table, row + 1)
                book.rows[table][row][heading] = data.draw(CELLS)
    for name in data.draw(st.lists(st.sampled_from(sorted(set(SETTINGS) - {"Tahun", "Triwulan"})), max_size=4)):
        book.settings[name] = data.draw(CELLS)
    assert all(CODES[f.code].level == f.level for f in book.findings())


SECRET = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=6, max_size=14).map(lambda s: f"Zq{s}")
"""Words that no message of ours holds."""


@settings(max_examples=60, deadline=None)
@given(st.lists(SECRET, min_size=17, max_size=17), st.sets(st.sampled_from(TABLES[K].headings)))
def test_nothing_typed_in_the_complaints_log_is_ever_said(words: list[str], where_put: set[str]) -> None:
    """No word of the complaints' log, in whichever column it was typed, appears in a message or fix."""
    book = Book()
    for heading, word in zip(TABLES[K].headings, words, strict=True):
        if heading in where_put:
            book.rows[K][1][heading] = word
            book.rows[K][0][heading] = f" {word}" if heading == "Status" else word
    said = " ".join(f.message + f.fix for f in book.findings())
    assert not any(word in said for word in words)


def test_a_telephone_number_typed_as_a_number_is_not_said_either() -> None:
    """Numbers in the wrong column of the log may be telephone numbers: no message shows them."""
    book = Book()
    for heading in TABLES[K].headings:
        book.rows[K][1][heading] = 81234567890.0
    said = " ".join(f.message + f.fix for f in book.findings())
    assert said
    assert "8123" not in said
    assert "81.234" not in said


@settings(max_examples=40, deadline=None)
@given(SECRET)
def test_names_of_employees_are_never_said(name: str) -> None:
    """A name, also one typed into the column of NIP or Aktif or as the signatory, appears in no message."""
    book = Book().put("tblPegawai", 1, NIP=name, Nama=name, Status=name, Unit=name, Aktif=name)
    book.put("tblDiklat", 1, NIP=name).put("tblPegawai", 2, NIP=f"{name} ", Nama=" ")
    book.set(Nama_Pejabat=name, NIP_Pejabat=name)
    said = " ".join(f.message + f.fix for f in book.findings())
    assert said
    assert name not in said


def _long_log(rows: int) -> Book:
    book = Book()
    start = day("02/01/2025")
    book.rows[K] = [
        {**book.rows[K][0], "No": float(i), "Tracking ID": f"LP-{i:06d}", "Pelapor": f"Orang {i}",
         "Uraian": f"Uraian keluhan {i}", "Tanggal Masuk": start + i % 150, "Tanggal Disposisi": start + i % 150 + 1,
         "Tanggal Tindak Lanjut": start + i % 150 + 2, "Tanggal Selesai": start + i % 150 + 3}
        for i in range(rows)
    ]  # fmt: skip
    return book


def test_checking_a_long_clean_log_costs_less_than_computing_it() -> None:
    """100,000 clean complaints are checked column by column, in less time than their figures take."""
    inputs = _long_log(100_000).inputs()
    begin = time.process_time()
    result = compute(inputs)
    computed = time.process_time()
    found = check(inputs, result)
    checked = time.process_time()
    assert found == []
    assert checked - computed < computed - begin


def test_mistakes_in_every_row_cost_in_proportion() -> None:
    """Eight times as many bad rows take about eight times as long, not sixty-four."""

    def seconds(rows: int) -> float:
        book = _long_log(rows)
        for row in book.rows[K]:
            row.update({"Tanggal Masuk": "kemarin", "Status": "Selesai ", "Tracking ID": "sama", "Duplikat Dari": "x"})
        inputs = book.inputs()
        result = compute(inputs)
        begin = time.process_time()
        assert len(check(inputs, result)) >= 3 * rows
        return time.process_time() - begin

    seconds(500)
    assert seconds(16_000) < 24 * seconds(2_000)
