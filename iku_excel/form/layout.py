"""The map of the workbook's registers: sheets, tables, headings (DOMAIN §7, a contract).

Template, reading, checking, tidying and the examples all look here. Where a table *lies* in a given
workbook is never taken from this map: staff move tables, so readers find them by name and heading. The
positions are only where a new template puts them. The sheet Pengaturan has its own room, ``settings``.
"""

from __future__ import annotations

from iku_excel.form.fields import Table, choice, code, date, number, text

TEMPLATE_VERSION = 3
"""Stored in ``IKU_Versi_Templat``. A workbook of a higher version is refused, of a lower one read and filled as
it is; ``perbarui`` brings it to this one.

1: the first. 2: Ringkasan as a one-page report with charts; Formulir IKU. 3: a signatory's long title and
name in lines on both sheets.
"""

QUARTERS = ("I", "II", "III", "IV")
YES_NO = ("Ya", "Tidak")
IKU_1, IKU_2, IKU_3 = "IKU-1", "IKU-2", "IKU-3"
IKU_CODES = (IKU_1, IKU_2, IKU_3)

PETUNJUK = "Petunjuk"
PENGATURAN = "Pengaturan"
TARGET = "Target"
NSPK = "NSPK"
KESEKRETARIATAN = "Kesekretariatan"
RINGKASAN = "Ringkasan"
FORMULIR = "Formulir IKU"
PEMERIKSAAN = "Pemeriksaan"
RIWAYAT = "Riwayat"

FIRST_FINDING = 6
"""The row of Pemeriksaan in which its findings begin."""

INPUT_SHEETS = (
    PENGATURAN,
    TARGET,
    "NSPK_Pertanyaan",
    "Dokumen",
    "Anggaran",
    "Pegawai",
    "Diklat",
    "Sarpras",
    "Keluhan",
    "Realisasi",
)
OUTPUT_SHEETS = (NSPK, KESEKRETARIATAN, RINGKASAN, FORMULIR, PEMERIKSAAN, RIWAYAT)
SHEETS = (PETUNJUK, *INPUT_SHEETS, *OUTPUT_SHEETS)
"""All sheets of the contract, in their order in the workbook."""

_SINCE = {FORMULIR: 2}
"""Sheets that came with a later version of the template than the first."""


def output_sheets_of(version: int) -> tuple[str, ...]:
    """The output sheets of a workbook of this template version."""
    return tuple(sheet for sheet in OUTPUT_SHEETS if _SINCE.get(sheet, 1) <= version)


ELEMENT_CODES = tuple(f"E{i:02d}" for i in range(1, 19))
"""Stable keys of the 18 NSPK elements in the source document's order; their names are in the rules."""

TARGET_YEAR = "Target "
"""Prefix of the yearly target columns ("Target 2025"); the last year is the end of the Renstra."""


def target_years(year: int) -> tuple[int, ...]:
    """The years for which a new workbook of ``year`` offers a target column.

    The source document is the IKU form of 2024–2026; for another year the three years from it on.
    """
    return (2024, 2025, 2026) if 2024 <= year <= 2026 else (year, year + 1, year + 2)


def target_table(years: tuple[int, ...]) -> Table:
    """tblTarget with its yearly target columns."""
    return Table(
        "tblTarget",
        TARGET,
        "Target, analisis, dan rencana tindak lanjut",
        "Isi target tahunan dan target tiap triwulan (posisi sampai triwulan itu, bukan tambahan). "
        "Kolom Analisis, Kendala, dan Rencana Tindak Lanjut tampil di Ringkasan.",
        (
            code("Kode IKU", 9, needed=True),
            text("Sasaran", 30),
            text("IKU", 30),
            text("Satuan", 11),
            text("Formulasi", 64),
            text("Sumber Data", 26),
            choice("Berlaku", *YES_NO, width=9, prompt="Pilih Tidak bila unit ini tidak mengemban IKU tersebut."),
            *(number(f"{TARGET_YEAR}{y}", prompt="Target akhir tahun.") for y in years),
            *(number(f"Target TW {q}", prompt="Posisi yang ditargetkan sampai akhir triwulan ini.") for q in QUARTERS),
            text("Dasar", 24),
            text("Penanggung Jawab", 20),
            text("Analisis", 40),
            text("Kendala", 40),
            text("Rencana Tindak Lanjut", 40),
        ),
        iku=IKU_CODES,
        key="Kode IKU",
        blank_rows=0,
    )


QUESTIONS = Table(
    "tblPertanyaan",
    "NSPK_Pertanyaan",
    "Pertanyaan Indeks NSPK Manajemen ASN",
    "Satu baris satu pertanyaan. Skor kosong berarti belum dijawab (dihitung 0, maksimumnya tetap). "
    "Berlaku = Tidak mengeluarkan pertanyaan dari perhitungan.",
    (
        choice("Kode Elemen", *ELEMENT_CODES, width=9, needed=True, prompt="E01 sampai E18; daftarnya di lembar NSPK."),
        code("Kode Pertanyaan", 12),
        text("Pertanyaan", 52),
        text("Bukti Diminta", 34),
        number("Skor", 8, prompt="0 sampai dengan Skor Maks; boleh desimal. Kosong = belum dijawab."),
        number("Skor Maks", 8, needed=True, prompt="Lebih besar dari 0."),
        choice("Berlaku", *YES_NO, width=9, prompt="Kosong dianggap Ya."),
        text("Bukti", 30),
        choice("Status Bukti", "Lengkap", "Sebagian", "Belum", width=11),
        text("PIC", 16),
        number("Skor BKN", 9, prompt="Skor hasil verifikasi BKN, bila sudah ada."),
        text("Catatan Verifikator", 30),
        text("Tindak Lanjut", 30),
    ),
    iku=(IKU_1,),
    key="Kode Pertanyaan",
    blank_rows=100,
)
DOCUMENTS = Table(
    "tblDokumen",
    "Dokumen",
    "Register dokumen perencanaan dan penganggaran",
    "Tepat waktu berarti Tanggal Penetapan tidak melewati Batas Waktu. Batas waktu bawaan belum diverifikasi: "
    "sesuaikan dengan ketentuan di daerah.",
    (
        text("Nama Dokumen", 38, needed=True),
        choice("Jenis", "Perencanaan", "Penganggaran", width=14),
        number("Tahun", 8, minimum=2000, maximum=2100),
        text("Dasar Hukum", 34),
        date("Batas Waktu", needed=True),
        date("Tanggal Penetapan", 17),
        code("Nomor", 24),
        text("PIC", 18),
        text("Keterangan", 40),
    ),
    iku=(IKU_2,),
    blank_rows=10,
)
BUDGET = Table(
    "tblAnggaran",
    "Anggaran",
    "Pagu dan realisasi anggaran per sub kegiatan",
    "Realisasi diisi kumulatif sampai triwulan itu. Baris program dan kegiatan (subtotal) boleh ada: yang dijumlah "
    "hanya baris terbawah. Pagu memakai Pagu Perubahan bila terisi.",
    (
        code("Kode", 20, needed=True, prompt="Kode rekening sebagai teks, misalnya 5.03.01.1.01.0001."),
        text("Program", 30),
        text("Kegiatan", 30),
        text("Sub Kegiatan", 34),
        number("Pagu Murni", 18, money=True),
        number("Pagu Perubahan", 18, money=True, prompt="Kosongkan bila tidak ada perubahan."),
        *(number(f"Realisasi TW {q}", 18, money=True, prompt="Kumulatif sampai triwulan ini.") for q in QUARTERS),
        number("Fisik", 8, maximum=100, prompt="Realisasi fisik dalam persen."),
        text("PPTK", 22),
        text("Keterangan", 26),
    ),
    iku=(IKU_2,),
    key="Kode",
    blank_rows=60,
)
EMPLOYEES = Table(
    "tblPegawai",
    "Pegawai",
    "Daftar pegawai (penyebut unsur diklat)",
    "NIP 18 angka, diketik sebagai teks. Pegawai dengan Aktif = Ya menjadi penyebut.",
    (
        code("NIP", 22, needed=True, prompt="18 angka tanpa spasi."),
        text("Nama", 34),
        choice("Status", "PNS", "PPPK", width=9),
        text("Unit", 34),
        choice("Aktif", *YES_NO, width=8, needed=True),
    ),
    iku=(IKU_2,),
    key="NIP",
    blank_rows=150,
)
TRAININGS = Table(
    "tblDiklat",
    "Diklat",
    "Pendidikan dan pelatihan yang diikuti",
    "Satu baris satu keikutsertaan. Yang dihitung: pegawai (NIP berbeda) dengan diklat yang selesai dalam periode.",
    (
        code("NIP", 22, needed=True, prompt="18 angka, sama dengan di lembar Pegawai."),
        text("Nama Diklat", 40),
        text("Jenis", 16),
        text("Penyelenggara", 26),
        date("Mulai"),
        date("Selesai", needed=True),
        number("JP", 7, prompt="Jam pelajaran."),
        code("No Sertifikat", 24),
    ),
    iku=(IKU_2,),
    blank_rows=150,
)
FACILITIES = Table(
    "tblSarpras",
    "Sarpras",
    "Sarana dan prasarana kantor",
    "Yang dihitung jumlah unit, bukan baris.",
    (
        code("Kode Barang", 20),
        code("NUP", 9),
        text("Nama Barang", 34, needed=True),
        text("KIB", 7),
        text("Merk", 18),
        number("Tahun", 8, minimum=1900, maximum=2100),
        text("Ruang", 20),
        number("Jumlah", 9, needed=True, prompt="Jumlah unit."),
        choice("Kondisi", "Baik", "Rusak Ringan", "Rusak Berat", "Hilang", width=14, needed=True),
        date("Tanggal Inventarisasi", 18),
        number("Nilai", 18, money=True),
        text("Keterangan", 26),
    ),
    iku=(IKU_2,),
    blank_rows=100,
)
COMPLAINTS = Table(
    "tblKeluhan",
    "Keluhan",
    "Buku keluhan pengguna layanan",
    "Data pribadi pelapor hanya ada di lembar ini dan tidak pernah disalin ke ringkasan.",
    (
        number("No", 6),
        code("Tracking ID", 14),
        date("Tanggal Masuk", needed=True),
        text("Kanal", 13, prompt="LAPOR!, Tatap muka, Kotak saran, WhatsApp, E-mail, atau Surat."),
        choice("Klasifikasi", "Keluhan", "Pengaduan", "Permintaan Informasi", "Aspirasi", width=19, needed=True),
        choice("Perlu Cek Lapangan", *YES_NO, width=11, prompt="Hanya untuk Pengaduan; kosong dianggap Tidak."),
        text("Layanan", 22),
        text("Pelapor", 20),
        text("Uraian", 44),
        choice("Kewenangan", "Ya", "Bukan", width=12),
        text("Unit Disposisi", 20),
        date("Tanggal Disposisi"),
        date("Tanggal Tindak Lanjut"),
        text("Uraian Tindak Lanjut", 36),
        date("Tanggal Selesai"),
        choice("Status", "Baru", "Verifikasi", "Proses", "Selesai", "Ditunda", "Arsip", width=11),
        code("Duplikat Dari", 14, prompt="Tracking ID keluhan yang sama; kosongkan bila bukan duplikat."),
    ),
    iku=(IKU_3,),
    private=True,
    key="Tracking ID",
    blank_rows=100,
)
REPORTED = Table(
    "tblRealisasi",
    "Realisasi",
    "Realisasi yang sudah dilaporkan (dikunci)",
    "Angka di sini tampil di Ringkasan sebagai yang dilaporkan, juga bila datanya kemudian dikoreksi. "
    "Angka Triwulan 4 tahun lalu dipakai sebagai pembanding.",
    (
        number("Tahun", 8, needed=True, minimum=2000, maximum=2100),
        choice("Triwulan", "1", "2", "3", "4", width=10, needed=True),
        choice("Kode IKU", *IKU_CODES, width=10, needed=True),
        number("Nilai", 10, needed=True),
        choice("Sumber", "Mandiri", "BKN", width=10),
        date("Tanggal Kunci"),
        text("Keterangan", 44),
    ),
    iku=IKU_CODES,
    blank_rows=12,
)

REGISTERS = (QUESTIONS, DOCUMENTS, BUDGET, EMPLOYEES, TRAININGS, FACILITIES, COMPLAINTS, REPORTED)
"""The tables whose columns do not depend on the year; tblTarget stands apart (``target_table``)."""
