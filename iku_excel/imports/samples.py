"""Example data for ``impor`` (invented, marked CONTOH) and copies of the maps, for people to look at and edit."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from iku_excel.create import make_folder, refuse_existing, write_new
from iku_excel.imports.mapping import FOLDER, SHIPPED
from iku_excel.rules.loader import rules_for

YEAR = 2025

_COMPLAINTS = (
    ("Nomor Laporan", "Tanggal Laporan", "Klasifikasi Laporan", "Kategori", "Nama Pelapor", "Isi Laporan",
     "Instansi Terdisposisi", "Tanggal Tindaklanjut", "Tindak Lanjut", "Status Laporan", "Jumlah Dukungan"),
    ("CONTOH-9001", "06/01/2025 08:15", "Laporan Pengaduan", "Kenaikan pangkat", "CONTOH Warga A",
     "CONTOH berkas kenaikan pangkat belum diproses", "Bidang Mutasi", "09/01/2025", "CONTOH berkas dilengkapi",
     "Tutup", "2"),
    ("CONTOH-9002", "14/02/2025 10:40", "Keluhan", "Cuti", "CONTOH Warga B", "CONTOH surat cuti terlambat terbit",
     "Bidang Kinerja", "17/02/2025", "CONTOH surat diterbitkan", "Selesai", "0"),
    ("CONTOH-9003", "03/03/2025 13:05", "Laporan Permintaan Informasi", "Pensiun", "CONTOH Warga C",
     "CONTOH syarat pensiun dini", "Bidang Mutasi", "04/03/2025", "CONTOH dijawab lewat surat", "Tutup", "0"),
    ("CONTOH-9004", "21/04/2025 09:30", "Laporan Pengaduan", "Disiplin", "CONTOH Warga D",
     "CONTOH laporan pelanggaran jam kerja", "Bidang Kinerja", "", "", "Dalam Proses", "5"),
    ("CONTOH-9005", "02/06/2025 16:20", "Laporan Aspirasi", "Diklat", "CONTOH Warga E",
     "CONTOH usul pelatihan dasar kearsipan", "Bidang Pengembangan", "10/06/2025", "CONTOH dicatat", "Tutup", "1"),
    ("CONTOH-9006", "18/08/2025 11:00", "Keluhan", "Mutasi", "CONTOH Warga F", "CONTOH usul mutasi belum dijawab",
     "Bidang Mutasi", "", "", "Belum Ditindaklanjuti", "0"),
)  # fmt: skip

_BUDGET = (
    ("Kode Sub Kegiatan", "Nama Program", "Nama Kegiatan", "Nama Sub Kegiatan", "Pagu Anggaran", "Anggaran Perubahan",
     "Realisasi Triwulan I", "Realisasi Triwulan II", "Realisasi Fisik (%)", "Sumber Dana"),
    ("5.03", "CONTOH Kepegawaian Daerah", "", "", "2.150.000.000", "", "410.000.000", "930.500.000", "", "PAD"),
    ("5.03.02", "CONTOH Kepegawaian Daerah", "CONTOH Mutasi dan Promosi", "", "1.400.000.000", "", "250.000.000",
     "610.000.000", "", "PAD"),
    ("5.03.02.2.01.0001", "CONTOH Kepegawaian Daerah", "CONTOH Mutasi dan Promosi", "CONTOH Pengelolaan mutasi",
     "800.000.000", "850.000.000", "150.000.000", "360.000.000", "45,5", "PAD"),
    ("5.03.02.2.01.0002", "CONTOH Kepegawaian Daerah", "CONTOH Mutasi dan Promosi", "CONTOH Kenaikan pangkat",
     "600.000.000", "", "100.000.000", "250.000.000", "40", "PAD"),
    ("5.03.02.2.02.0001", "CONTOH Kepegawaian Daerah", "CONTOH Penilaian Kinerja", "CONTOH Evaluasi kinerja",
     "750.000.000", "", "160.000.000", "320.500.000", "42,25", "PAD"),
)  # fmt: skip


def _indicators() -> list[Sequence[str]]:
    """One invented question for each element, by its name."""
    rows: list[Sequence[str]] = [("Nomor Indikator", "Nama Elemen", "Indikator", "Data Dukung", "Skor Maksimal")]
    for number, element in enumerate(rules_for(YEAR).elements, 1):
        question = f"CONTOH pertanyaan tentang {element.name.lower()}"
        rows.append((f"CONTOH-{number:02d}", element.name, question, "CONTOH dokumen pendukung", "4"))
    return rows


def write_samples(folder: Path) -> tuple[Path, ...]:
    """Write the examples and the maps; none if one of the names is taken. ``Refusal`` as ``create_examples``."""
    tables = dict(zip(SHIPPED, (_COMPLAINTS, _BUDGET, _indicators()), strict=True))
    files = {}
    for name, rows in tables.items():
        files[folder / f"contoh-{name}.csv"] = _csv(rows)
        files[folder / f"peta-{name}.toml"] = (FOLDER / f"{name}.toml").read_bytes()
    for path in files:
        refuse_existing(path)
    make_folder(folder)
    for path, content in files.items():
        write_new(path, content)
    return tuple(files)


_UNITS = ("CONTOH Dinas Kearsipan", "CONTOH Dinas Perikanan", "CONTOH Kecamatan Muara Timur")
_MASTER: dict[str, Sequence[Sequence[str | float]]] = {
    "Petunjuk": (
        ("Berkas induk untuk `iku-excel isi-massal`: satu buku kerja untuk tiap baris lembar Perangkat Daerah.",),
        ("Kolom Berkas boleh dihapus. Pengaturan lain boleh ditambahkan sebagai kolom, misalnya Kota atau Jabatan.",),
        ("Lembar bernama tabel (tblTarget, tblAnggaran, …): kolom Perangkat Daerah, lalu judul kolom tabel itu.",),
        ("Semua data di sini rekaan (CONTOH): hapus, lalu isi dengan data Anda.",),
    ),
    "Perangkat Daerah": (
        ("Perangkat Daerah", "Tahun", "Triwulan", "Berkas", "Kota", "Nama pejabat", "NIP pejabat"),
        (_UNITS[0], YEAR, 2, "", "CONTOH Kota", "CONTOH Kepala Satu", "197001011995031001"),
        (_UNITS[1], YEAR, 2, "IKU Perikanan.xlsx", "CONTOH Kota", "CONTOH Kepala Dua", "197102021996032002"),
        (_UNITS[2], YEAR, 2, "", "CONTOH Kota", "CONTOH Camat", ""),
    ),
    "tblTarget": (
        ("Perangkat Daerah", "Kode IKU", "Berlaku", f"Target {YEAR}", "Target TW I", "Target TW II"),
        (_UNITS[0], "IKU-2", "Ya", 80, 20, 40),
        (_UNITS[0], "IKU-3", "Ya", 95, 95, 95),
        (_UNITS[1], "IKU-2", "Ya", 82.5, 20, 42.5),
        (_UNITS[2], "IKU-1", "Tidak", "", "", ""),
    ),
    "tblAnggaran": (
        ("Perangkat Daerah", "Kode", "Sub Kegiatan", "Pagu Murni", "Realisasi TW I", "Realisasi TW II"),
        (_UNITS[0], "2.24.01.2.01.0001", "CONTOH Pengelolaan arsip", 400_000_000, 80_000_000, 190_000_000),
        (_UNITS[0], "2.24.01.2.01.0002", "CONTOH Pelatihan arsiparis", 150_000_000, 0, 60_000_000),
        (_UNITS[1], "3.25.01.2.01.0001", "CONTOH Bantuan benih", 900_000_000, 100_000_000, 410_000_000),
    ),
}
"""The sheets of the example master, row by row; "" is a blank cell."""


def write_master(path: Path) -> None:
    """Write an example of the file that ``isi-massal`` reads. ``Refusal`` "berkas-sudah-ada", a full disk …"""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill

    from iku_excel.form.template.styles import BLUE, WHITE

    refuse_existing(path)
    book, out = Workbook(), io.BytesIO()
    for number, (title, rows) in enumerate(_MASTER.items()):
        sheet = book.create_sheet(title, number)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
        if title == "Petunjuk":
            sheet.column_dimensions["A"].width = 110
            continue
        sheet.freeze_panes = "B2"
        sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        for column, heading in zip(sheet.columns, rows[0], strict=True):
            longest = max(len(str(cell.value or "")) for cell in column)
            sheet.column_dimensions[column[0].column_letter].width = min(46, max(longest, len(str(heading))) + 3)
            column[0].font = Font(name="Calibri", size=11, bold=True, color=f"FF{WHITE}")
            column[0].fill = PatternFill("solid", fgColor=f"FF{BLUE}")
            column[0].alignment = Alignment(wrap_text=True, vertical="top")
            for cell in column[1:]:
                money = isinstance(cell.value, int) and cell.value >= 10_000
                cell.number_format = "@" if isinstance(cell.value, str) else "#,##0" if money else "General"
    del book["Sheet"]
    book.save(out)
    write_new(path, out.getvalue())


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    """A CSV file as Indonesian Excel writes it: semicolons, UTF-8 with a mark."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode("utf-8-sig")
