"""The sheet Petunjuk: what to do, what the colours mean, what each sheet is for. Texts for staff, in Indonesian."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from iku_excel.form.inputs import quoted
from iku_excel.form.layout import (
    FORMULIR,
    KESEKRETARIATAN,
    NSPK,
    PEMERIKSAAN,
    PENGATURAN,
    RINGKASAN,
    RIWAYAT,
    TARGET,
    TEMPLATE_VERSION,
)
from iku_excel.form.template.styles import (
    BODY,
    DOUBTFUL,
    GRAVE,
    HEADER,
    INPUT,
    LABEL,
    LINKED,
    LOOKS,
    SECTION,
    SUBTITLE,
    TITLE,
    Style,
)

if TYPE_CHECKING:
    from iku_excel.form.template.content import Pen

STEPS = (
    ("Identitas", "Di lembar Pengaturan, isi perangkat daerah, tahun, triwulan, dan penanda tangan."),
    ("Aturan", "Masih di Pengaturan, periksa bobot, skala, batas hari, dan hari libur. Yang bertanda "
     "“belum diverifikasi” harus dicocokkan dengan ketentuan yang berlaku."),
    ("Target", "Di lembar Target, isi target tahunan dan target tiap triwulan. Pilih Berlaku = Tidak bila unit ini "
     "tidak mengemban IKU tersebut."),
    ("Data", "Isi lembar NSPK_Pertanyaan, Dokumen, Anggaran, Pegawai, Diklat, Sarpras, dan Keluhan. Indeks langsung "
     "berubah saat data diketik."),
    ("Hitung ulang", "Tekan tombol Hitung Ulang bila ada, atau minta petugas menjalankan pengisian. Lembar Pemeriksaan "
     "dan Riwayat ikut diperbarui."),
    ("Perbaiki", "Baca lembar Pemeriksaan. Ikuti tautannya, perbaiki yang bertanda kesalahan, lalu hitung ulang."),
    ("Kunci", "Setelah angka triwulan dilaporkan, minta petugas menguncinya (iku-excel kunci), atau catat sendiri di "
     "lembar Realisasi. Angka itu tampil tetap walaupun datanya kemudian dikoreksi."),
    ("Cetak", "Lengkapi Analisis, Kendala, dan Rencana Tindak Lanjut di lembar Target. Cetak Ringkasan dan Formulir "
     "IKU (kertas A4 atau F4), lalu tanda tangani. Bab III LKjIP dibuat dengan iku-excel laporan."),
    ("Tahun baru", "Jangan mengosongkan buku ini. Kunci Triwulan IV, lalu buat buku tahun berikutnya dari buku ini "
     "(iku-excel baru --dari): pegawai, sarpras, pertanyaan, dan pengaturan dibawa."),
)  # fmt: skip

TYPING = (
    "Angka dan tanggal diketik sebagai angka dan tanggal (85,5 dan 12/11/2025); teks tidak dihitung.",
    "NIP dan kode diketik sebagai teks; kolomnya sudah diatur demikian.",
    "Tambahkan baris tepat di bawah baris terakhir tabel, tanpa baris kosong di antaranya; tabel melebar sendiri.",
    "Judul kolom, nama lembar, dan nama tabel jangan diubah. Kolom dan lembar tambahan boleh.",
    "Data pelapor keluhan adalah data pribadi: hanya ada di lembar Keluhan dan tidak disalin ke lembar lain.",
)

SHEET_PURPOSES = (
    (PENGATURAN, "isian", "Identitas, penanda tangan, bobot, kebijakan penghitungan, skala, hari libur, dasar hukum."),
    (TARGET, "isian", "Target ketiga IKU, analisis, kendala, dan rencana tindak lanjut."),
    ("NSPK_Pertanyaan", "isian", "IKU-1: pertanyaan, skor, dan bukti dari 18 elemen."),
    ("Dokumen", "isian", "IKU-2: dokumen perencanaan dan penganggaran beserta tanggalnya."),
    ("Anggaran", "isian", "IKU-2: pagu dan realisasi kumulatif per sub kegiatan."),
    ("Pegawai", "isian", "IKU-2: daftar pegawai, penyebut unsur diklat."),
    ("Diklat", "isian", "IKU-2: pendidikan dan pelatihan yang diikuti pegawai."),
    ("Sarpras", "isian", "IKU-2: sarana dan prasarana beserta kondisinya."),
    ("Keluhan", "isian", "IKU-3: buku keluhan pengguna layanan."),
    ("Realisasi", "isian", "Angka yang sudah dilaporkan, tahun ini dan tahun lalu."),
    (NSPK, "hasil", "IKU-1: skor tiap elemen, indeks, dan hasil resmi BKN."),
    (KESEKRETARIATAN, "hasil", "IKU-2: empat komponen, bobot, indeks, dan perkembangan tiap triwulan."),
    (RINGKASAN, "hasil", "Ketiga IKU, capaian, predikat, bagan, keluhan, dan tanda tangan; satu halaman."),
    (FORMULIR, "hasil", "Formulir resmi IKU: tugas, fungsi, sasaran, formulasi, dan sumber data."),
    (PEMERIKSAAN, "hasil", "Data yang perlu diperbaiki, dengan tautan ke selnya."),
    (RIWAYAT, "hasil", "Catatan setiap kali angka berubah."),
)

TERMS = (
    ("Penilaian mandiri", "Angka yang dihitung dari isian perangkat daerah sendiri; bukan hasil resmi BKN."),
    ("Hasil BKN", "Indeks NSPK resmi dari BKN, diketik di Pengaturan setelah suratnya terbit. Ditampilkan bila "
     "“Nilai IKU-1 yang ditampilkan” = BKN."),
    ("Dilaporkan", "Angka yang sudah dikunci di lembar Realisasi; membuka kunci mencatat alasannya di Riwayat."),
    ("Posisi triwulan", "Nilai sejak awal tahun sampai akhir triwulan itu, bukan tambahan selama triwulan."),
)  # fmt: skip

HELP = (
    "Ada angka yang tidak dimengerti? Lihat dahulu lembar Pemeriksaan, lalu tanyakan kepada pengelola IKU.",
    "Setelah tombol Hitung Ulang dipakai, Ctrl+Z tidak membatalkan ketikan sebelumnya. Simpan dulu bila ragu.",
    "Panduan lengkap (docs/panduan.md) menyertai program iku-excel.",
)

LEGEND = (
    ("Isian", INPUT, "Sel yang diisi oleh staf."),
    ("Hasil", LOOKS["teks"], "Sel yang dihitung; terkunci tanpa kata sandi."),
    ("Angka pokok", LOOKS["indeks"], "Indeks dan capaian yang dihitung."),
    ("Kepala", HEADER, "Judul kolom; jangan diubah."),
    ("kesalahan", GRAVE, "Harus diperbaiki: data tidak dihitung sebagaimana diketik."),
    ("peringatan", DOUBTFUL, "Dihitung, tetapi perlu dilihat."),
)

WIDTHS = {"A": 5.0, "B": 22.0, "C": 98.0, "D": 9.0}


def lay_guide(pen: Pen, year: int) -> None:
    """Write the sheet."""
    pen.sheet_widths(WIDTHS)
    pen.sheet.sheet_view.showGridLines = False
    pen.put("A1", "BUKU KERJA INDIKATOR KINERJA UTAMA (IKU)", TITLE)
    pen.put("A2", f"Templat versi {TEMPLATE_VERSION} · aturan tahun {year}", SUBTITLE)
    row = 4
    pen.put(f"A{row}", "Langkah pengisian", SECTION)
    for n, (name, explanation) in enumerate(STEPS, 1):
        row += 1
        pen.put(f"A{row}", n, replace(LABEL, horizontal="center"))
        pen.put(f"B{row}", name, replace(LABEL, bold=True))
        pen.put(f"C{row}", explanation, LABEL)
    row = _heading(pen, row, "Arti warna")
    for word, style, explanation in LEGEND:
        row += 1
        pen.put(f"B{row}", word, replace(style, horizontal="center", number_format="General"))
        pen.put(f"C{row}", explanation, BODY)
    row = _heading(pen, row, "Cara mengetik")
    for rule in TYPING:
        row += 1
        pen.put(f"A{row}", "•", Style(horizontal="center"))
        pen.put(f"B{row}", rule, Style())
    row = _heading(pen, row, "Lembar kerja")
    for sheet, kind, purpose in SHEET_PURPOSES:
        row += 1
        pen.link(f"B{row}", sheet, f"{quoted(sheet)}!A1", LINKED)
        pen.put(f"C{row}", purpose, BODY)
        pen.put(f"D{row}", kind, replace(INPUT if kind == "isian" else LOOKS["teks"], horizontal="center"))
    row = _heading(pen, row, "Istilah")
    for word, meaning in TERMS:
        row += 1
        pen.put(f"B{row}", word, Style(bold=True))
        pen.put(f"C{row}", meaning, BODY)
    row = _heading(pen, row, "Bantuan")
    for line in HELP:
        row += 1
        pen.put(f"B{row}", line, Style())
    pen.sheet.print_area = f"A1:D{row}"


def _heading(pen: Pen, row: int, text: str) -> int:
    pen.put(f"A{row + 2}", text, SECTION)
    return row + 2
