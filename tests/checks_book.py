"""A clean workbook in memory for the tests of findings, and ways to spoil it."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable

from iku_excel.cells import Cell
from iku_excel.findings import Finding
from iku_excel.form import layout
from iku_excel.form.checks import check
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
        "tblSkalaCapaian": [{"Batas Bawah": 91.0, "Sebutan": "Tinggi"}, {"Batas Bawah": 0.0, "Sebutan": "Rendah"}],
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
    """A clean workbook to be spoilt; every table has its headings in row 4."""

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
            tables[name] = TableData.of(
                name, sheet, columns, first_row=5, first_col=table.column, below=self.below.get(name, ())
            )
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


def where(name: str) -> str:
    """The address of a setting."""
    return setting_cells()[name]
