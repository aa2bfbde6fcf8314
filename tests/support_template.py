"""The workbook contract written out, not taken from the program's own map, and ways into a built template."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from typing import Any

from iku_excel.form.template import build
from iku_excel.form.template.content import Content

INPUTS = [
    "Pengaturan", "Target", "NSPK_Pertanyaan", "Dokumen", "Anggaran", "Pegawai", "Diklat", "Sarpras", "Keluhan",
    "Realisasi",
]  # fmt: skip
OUTPUTS = ["NSPK", "Kesekretariatan", "Ringkasan", "Formulir IKU", "Pemeriksaan", "Riwayat"]
TABLES = {
    "tblTarget": "Kode IKU, Sasaran, IKU, Satuan, Formulasi, Sumber Data, Berlaku, Target 2024, Target 2025, "
    "Target 2026, Target TW I, Target TW II, Target TW III, Target TW IV, Dasar, Penanggung Jawab, Analisis, Kendala, "
    "Rencana Tindak Lanjut",
    "tblPertanyaan": "Kode Elemen, Kode Pertanyaan, Pertanyaan, Bukti Diminta, Skor, Skor Maks, Berlaku, Bukti, "
    "Status Bukti, PIC, Skor BKN, Catatan Verifikator, Tindak Lanjut",
    "tblDokumen": "Nama Dokumen, Jenis, Tahun, Dasar Hukum, Batas Waktu, Tanggal Penetapan, Nomor, PIC, Keterangan",
    "tblAnggaran": "Kode, Program, Kegiatan, Sub Kegiatan, Pagu Murni, Pagu Perubahan, Realisasi TW I, "
    "Realisasi TW II, Realisasi TW III, Realisasi TW IV, Fisik, PPTK, Keterangan",
    "tblPegawai": "NIP, Nama, Status, Unit, Aktif",
    "tblDiklat": "NIP, Nama Diklat, Jenis, Penyelenggara, Mulai, Selesai, JP, No Sertifikat",
    "tblSarpras": "Kode Barang, NUP, Nama Barang, KIB, Merk, Tahun, Ruang, Jumlah, Kondisi, Tanggal Inventarisasi, "
    "Nilai, Keterangan",
    "tblKeluhan": "No, Tracking ID, Tanggal Masuk, Kanal, Klasifikasi, Perlu Cek Lapangan, Layanan, Pelapor, Uraian, "
    "Kewenangan, Unit Disposisi, Tanggal Disposisi, Tanggal Tindak Lanjut, Uraian Tindak Lanjut, Tanggal Selesai, "
    "Status, Duplikat Dari",
    "tblRealisasi": "Tahun, Triwulan, Kode IKU, Nilai, Sumber, Tanggal Kunci, Keterangan",
    "tblSkalaCapaian": "Batas Bawah, Sebutan",
    "tblKategoriNSPK": "Batas Bawah, Sebutan",
    "tblLibur": "Tanggal, Nama",
    "tblBatasHari": "Klasifikasi, Perlu Cek Lapangan, Hari Kerja",
    "tblFungsi": "Huruf, Uraian",
}
INPUT_NAMES = re.findall(
    r"[A-Za-z0-9_]+",
    "Perangkat_Daerah Tahun Triwulan Bobot_Dokumen Bobot_Anggaran Bobot_Diklat Bobot_Sarpras "
    "Indeks_NSPK_BKN Nomor_Surat_BKN Tanggal_Surat_BKN Tugas Nama_Pejabat Pangkat_Pejabat "
    "NIP_Pejabat Kota Tanggal_Laporan Sumber_IKU1 Hitung_Rusak_Ringan Nilai_Tanpa_Keluhan "
    "Hitung_Semua_Klasifikasi Hanya_Selesai Minimal_20_JP Batas_Capaian IKU_Versi_Templat ",
)
OUTPUT_NAMES = re.findall(
    r"[A-Za-z0-9_]+",
    "Indeks_NSPK Indeks_Kesekretariatan Persen_Keluhan Nilai_Dokumen Nilai_Anggaran Nilai_Diklat "
    "Nilai_Sarpras Capaian_IKU1 Capaian_IKU2 Capaian_IKU3 ",
)


@cache
def blank(year: int = 2025) -> bytes:
    """The template of a year."""
    return build(year, Content())


@cache
def opened(year: int = 2025) -> Any:
    """The template as openpyxl reads it."""
    return load(blank(year))


def load(data: bytes) -> Any:
    """A workbook as openpyxl reads it."""
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data))


def part(data: bytes, sheet: str) -> str:
    """The XML of a sheet."""
    number = ["Petunjuk", *INPUTS, *OUTPUTS].index(sheet) + 1
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(f"xl/worksheets/sheet{number}.xml").decode()


def tables(book: Any) -> dict[str, tuple[Any, Any]]:
    """Every table with its sheet, by name."""
    return {t.name: (sheet, t) for sheet in book.worksheets for t in sheet.tables.values()}


def column(book: Any, table: str, heading: str) -> list[Any]:
    """The data cells of a table's column."""
    sheet, found = tables(book)[table]
    head, *rows = sheet[found.ref]
    at = [cell.value for cell in head].index(heading)
    return [row[at] for row in rows]


def named(book: Any, name: str) -> Any:
    """The cell that a defined name means."""
    sheet, cell = book.defined_names[name].attr_text.split("!")
    return book[sheet.strip("'")][cell.replace("$", "")]
