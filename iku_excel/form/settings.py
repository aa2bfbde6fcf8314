"""The map of the sheet Pengaturan: named settings and the small tables beside them (DOMAIN §7, DESIGN §3)."""

from __future__ import annotations

from iku_excel.form.fields import Kind, Setting, Table, choice, date, number, text
from iku_excel.form.layout import IKU_1, IKU_3, IKU_CODES, PENGATURAN, REGISTERS, TEMPLATE_VERSION, YES_NO, target_table

SETTINGS_TABLE_ROW = 6
"""Header row of the small tables on Pengaturan in a new template."""

SCALE = Table(
    "tblSkalaCapaian",
    PENGATURAN,
    "Skala capaian",
    "Predikat capaian menurut batas bawah.",
    (number("Batas Bawah", 12, needed=True), text("Sebutan", 18, needed=True)),
    iku=IKU_CODES,
    column=5,
    row=SETTINGS_TABLE_ROW,
)
CATEGORIES = Table(
    "tblKategoriNSPK",
    PENGATURAN,
    "Kategori NSPK",
    "Kategori indeks NSPK menurut batas bawah.",
    (number("Batas Bawah", 12, needed=True), text("Sebutan", 12, needed=True)),
    iku=(IKU_1,),
    column=8,
    row=SETTINGS_TABLE_ROW,
)
TIME_LIMITS = Table(
    "tblBatasHari",
    PENGATURAN,
    "Batas hari kerja",
    "Batas tindak lanjut keluhan dalam hari kerja.",
    (
        text("Klasifikasi", 22, needed=True),
        choice("Perlu Cek Lapangan", *YES_NO, width=14),
        number("Hari Kerja", 11, needed=True),
    ),
    iku=(IKU_3,),
    column=11,
    row=SETTINGS_TABLE_ROW,
)
HOLIDAYS = Table(
    "tblLibur",
    PENGATURAN,
    "Hari libur",
    "Libur nasional dan cuti bersama; sesuaikan bila berubah.",
    (date("Tanggal", 18, needed=True), text("Nama", 44)),
    iku=(IKU_3,),
    blank_rows=12,
    column=15,
    row=SETTINGS_TABLE_ROW,
)
FUNCTIONS = Table(
    "tblFungsi",
    PENGATURAN,
    "Fungsi",
    "Fungsi perangkat daerah, untuk Formulir IKU.",
    (text("Huruf", 7), text("Uraian", 80)),
    blank_rows=3,
    column=18,
    row=SETTINGS_TABLE_ROW,
)

SETTINGS_TABLES = (SCALE, CATEGORIES, TIME_LIMITS, HOLIDAYS, FUNCTIONS)
TABLES: dict[str, Table] = {t.name: t for t in (target_table((2024, 2025, 2026)), *REGISTERS, *SETTINGS_TABLES)}
"""Every input table by name; tblTarget with the years of the source document."""


def _switch(name: str, label: str, default: str, other: str, note: str) -> Setting:
    return Setting(name, label, Kind.CHOICE, default, (default, other), note)


def _weight(part: str) -> Setting:
    return Setting(f"Bobot_{part}", f"Bobot {part}", Kind.NUMBER, minimum=0, maximum=100)


SETTING_GROUPS: tuple[tuple[str, tuple[Setting, ...]], ...] = (
    (
        "Identitas",
        (
            Setting("Perangkat_Daerah", "Perangkat Daerah"),
            Setting("Tahun", "Tahun", Kind.NUMBER, note="Tahun yang dihitung.", minimum=2000, maximum=2100),
            Setting("Triwulan", "Triwulan", Kind.CHOICE, 4, ("1", "2", "3", "4"), "Posisi sampai akhir triwulan ini."),
            Setting("Tugas", "Tugas"),
        ),
    ),
    (
        "Penanda tangan",
        (
            Setting("Kota", "Kota"),
            Setting("Tanggal_Laporan", "Tanggal laporan", Kind.DATE),
            Setting("Jabatan_Pejabat", "Jabatan"),
            Setting("Nama_Pejabat", "Nama pejabat"),
            Setting("Pangkat_Pejabat", "Pangkat"),
            Setting("NIP_Pejabat", "NIP pejabat", Kind.CODE, note="18 angka."),
        ),
    ),
    ("Bobot IKU-2", tuple(_weight(p) for p in ("Dokumen", "Anggaran", "Diklat", "Sarpras"))),
    (
        "Hasil resmi BKN tahun ini",
        (
            Setting(
                "Indeks_NSPK_BKN",
                "Indeks NSPK menurut BKN",
                Kind.NUMBER,
                note="Diketik setelah surat BKN terbit.",
                minimum=0,
                maximum=100,
            ),
            Setting("Nomor_Surat_BKN", "Nomor surat", Kind.CODE),
            Setting("Tanggal_Surat_BKN", "Tanggal surat", Kind.DATE),
        ),
    ),
    (
        "Kebijakan penghitungan",
        (
            _switch(
                "Sumber_IKU1", "Nilai IKU-1 yang ditampilkan", "Mandiri", "BKN", "BKN: hasil resmi bila sudah diisi."
            ),
            _switch(
                "Hitung_Rusak_Ringan", "Rusak Ringan dianggap berfungsi", "Tidak", "Ya", "Kebijakan; bawaan Tidak."
            ),
            _switch(
                "Nilai_Tanpa_Keluhan",
                "Nilai IKU-3 bila tidak ada keluhan",
                "Kosong",
                "100",
                "Kebijakan; bawaan Kosong.",
            ),
            _switch(
                "Hitung_Semua_Klasifikasi",
                "Permintaan Informasi dan Aspirasi ikut dihitung",
                "Tidak",
                "Ya",
                "Kebijakan; bawaan Tidak.",
            ),
            _switch(
                "Hanya_Selesai",
                "Hanya Status Selesai dianggap ditindaklanjuti",
                "Tidak",
                "Ya",
                "Kebijakan; bawaan Tidak.",
            ),
            _switch(
                "Minimal_20_JP",
                "Diklat hanya dihitung bila memenuhi JP minimal",
                "Tidak",
                "Ya",
                "Kebijakan; bawaan Tidak.",
            ),
            Setting("JP_Minimal", "JP minimal setahun", Kind.NUMBER, minimum=0),
            Setting(
                "Batas_Capaian",
                "Batas atas capaian",
                Kind.NUMBER,
                note="Kosong = tanpa batas; misalnya 100, 120, atau 150.",
                minimum=0,
            ),
        ),
    ),
    (
        "Templat",
        (Setting("IKU_Versi_Templat", "Versi templat", Kind.NUMBER, TEMPLATE_VERSION, note="Jangan diubah."),),
    ),
)

SETTINGS: dict[str, Setting] = {s.name: s for _, group in SETTING_GROUPS for s in group}
"""Every named input cell, by its defined name."""

SETTING_COLUMN = "B"
FIRST_SETTING_ROW = 4


def setting_cells() -> dict[str, str]:
    """Where a new template puts each setting on Pengaturan: name → "B5". A heading row opens each group."""
    cells, row = {}, FIRST_SETTING_ROW
    for _, group in SETTING_GROUPS:
        row += 1
        for setting in group:
            cells[setting.name] = f"{SETTING_COLUMN}{row}"
            row += 1
        row += 1
    return cells


OUTPUT_NAMES = (
    "Indeks_NSPK",
    "Indeks_Kesekretariatan",
    "Persen_Keluhan",
    "Nilai_Dokumen",
    "Nilai_Anggaran",
    "Nilai_Diklat",
    "Nilai_Sarpras",
    "Capaian_IKU1",
    "Capaian_IKU2",
    "Capaian_IKU3",
)
"""Defined names of the figures that others may build on; each means one absolute cell of an output sheet."""
