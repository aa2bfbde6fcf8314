"""One way, or more, to produce each code of the catalogue: what is spoilt, and where the finding must stand."""

from __future__ import annotations

from collections.abc import Callable

from checks_book import NIP_1, Book, day, spoilt, switched, where

from iku_excel.cells import UNCACHED, Cell, CellError


def dropped(table: str, row: int) -> Callable[[], Book]:
    """A clean workbook without one data row (from 1)."""

    def make() -> Book:
        book = Book()
        del book.rows[table][row - 1]
        return book

    return make


def emptied(table: str) -> Callable[[], Book]:
    """A clean workbook with one table empty."""

    def make() -> Book:
        book = Book()
        book.rows[table] = []
        return book

    return make


def with_below() -> Book:
    """A clean workbook with two rows typed below tblAnggaran."""
    book = Book()
    book.below["tblAnggaran"] = (("A9", "E9"), ("A10",))
    return book


def many(table: str, count: int, make_row: Callable[[int], dict[str, Cell]]) -> Callable[[], Book]:
    """A clean workbook with many more rows in one table."""

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
    ("angka-negatif", spoilt("tblBatasHari", 1, Hari_Kerja=-5.0), "Pengaturan", "M5"),
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
    ("baris-di-luar-tabel", with_below, "Anggaran", "A10"),
    ("angka-di-luar-batas", spoilt(P, 1, Fisik=120.0), "Anggaran", "K5"),
    ("angka-di-luar-batas", spoilt(P, 1, Pagu_Murni=-100.0), "Anggaran", "E5"),
    ("angka-di-luar-batas", switched(Indeks_NSPK_BKN=101.0), "Pengaturan", where("Indeks_NSPK_BKN")),
    ("tanggal-sebelum-maret-1900", spoilt("tblDokumen", 2, Batas_Waktu=5.0), "Dokumen", "E6"),
    ("tanggal-janggal", spoilt("tblSarpras", 1, Tanggal_Inventarisasi=2025.0), "Sarpras", "J5"),
    ("tanggal-janggal", spoilt("tblLibur", 1, Tanggal=3e6), "Pengaturan", "O5"),
    ("tanggal-terlalu-jauh", spoilt("tblDiklat", 1, Selesai=day("07/02/2028")), "Diklat", "F5"),
    ("kata-tidak-dikenal", spoilt("tblDokumen", 1, Jenis="Laporan"), "Dokumen", "B5"),
    ("kata-tidak-dikenal", spoilt("tblPegawai", 1, Status="CPNS"), "Pegawai", "C5"),
    ("kata-tidak-dikenal", spoilt("tblRealisasi", 4, Sumber="Perkiraan"), "Realisasi", "E8"),
    ("nomor-berupa-angka", spoilt(K, 1, Tracking_ID=4512.0), "Keluhan", "B5"),
    ("nomor-berupa-angka", switched(NIP_Pejabat=1.967e17), "Pengaturan", where("NIP_Pejabat")),
    ("kode-berspasi", spoilt(P, 1, Kode="5.03.01.1.01 "), "Anggaran", "A5"),
    ("kode-berspasi", spoilt(K, 1, Tracking_ID="T-1\u200b"), "Keluhan", "B5"),
    ("teks-berupa-angka", spoilt(T, 1, Satuan=100.0), "Target", "D5"),
    ("teks-berupa-angka", switched(Perangkat_Daerah=5.0), "Pengaturan", where("Perangkat_Daerah")),
    ("isian-kosong", spoilt("tblDokumen", 1, Nama_Dokumen=None), "Dokumen", "A5"),
    ("isian-kosong", spoilt("tblSkalaCapaian", 1, Sebutan=None), "Pengaturan", "F5"),
    ("teks-semu", spoilt(P, 1, Keterangan=" "), "Anggaran", "M5"),
    ("teks-semu", spoilt("tblDokumen", 1, Nomor="-"), "Dokumen", "G5"),
    ("libur-terlalu-banyak", many("tblLibur", 100, lambda i: {"Tanggal": day("02/01/2025") + i}), "Pengaturan", "O105"),
    ("batas-hari-terlalu-banyak", many("tblBatasHari", 18, lambda i: {"Klasifikasi": f"K{i}", "Hari Kerja": 5.0}),
     "Pengaturan", "K25"),
    ("bobot-berbeda", switched(Bobot_Dokumen=35.0, Bobot_Anggaran=35.0), "Pengaturan", where("Bobot_Dokumen")),
    ("skala-kosong", emptied("tblSkalaCapaian"), "Pengaturan", None),
    ("skala-batas-ganda", spoilt("tblSkalaCapaian", 3, Batas_Bawah=91.0, Sebutan="Lagi"), "Pengaturan", "E7"),
    ("skala-tanpa-nol", spoilt("tblKategoriNSPK", 2, Batas_Bawah=20.0), "Pengaturan", None),
    ("batas-hari-ganda", spoilt("tblBatasHari", 4, Klasifikasi="KELUHAN", Hari_Kerja=7.0), "Pengaturan", "K8"),
    ("libur-tahun-kosong", spoilt("tblLibur", 1, Tanggal=day("01/01/2024")), "Pengaturan", None),
    ("batas-capaian-janggal", switched(Batas_Capaian=90.0), "Pengaturan", where("Batas_Capaian")),
    ("jp-minimal-kosong", switched(Minimal_20_JP="Ya", JP_Minimal=None), "Pengaturan", where("JP_Minimal")),
    ("perangkat-daerah-kosong", switched(Perangkat_Daerah=None), "Pengaturan", where("Perangkat_Daerah")),
    ("nilai-bkn-belum-diisi", switched(Sumber_IKU1="BKN"), "Pengaturan", where("Indeks_NSPK_BKN")),
    ("surat-bkn-belum-lengkap", switched(Indeks_NSPK_BKN=70.18, Tanggal_Surat_BKN=45900.0), "Pengaturan",
     where("Nomor_Surat_BKN")),
    ("penanda-tangan-kosong", switched(Kota=None), "Pengaturan", where("Kota")),
    ("libur-ganda", spoilt("tblLibur", 2, Tanggal=day("01/01/2025") + 0.5, Nama="Lagi"), "Pengaturan", "O6"),
    ("aturan-belum-berlaku", lambda: Book(2020), "Pengaturan", where("Tahun")),
    ("kode-iku-tidak-dikenal", spoilt(T, 4, Kode_IKU="IKU 1"), "Target", "A8"),
    ("kode-iku-tidak-dikenal", spoilt(T, 4, IKU="Nama lain"), "Target", "A8"),
    ("baris-target-hilang", dropped(T, 2), "Target", None),
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
    ("elemen-tanpa-pertanyaan", dropped(N, 5), "NSPK_Pertanyaan", None),
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
    ("triwulan-belum-dikunci", dropped("tblRealisasi", 4), "Realisasi", None),
    ("tahun-lalu-kosong", dropped("tblRealisasi", 2), "Realisasi", None),
    ("iku-belum-ada-nilai", emptied(N), "NSPK_Pertanyaan", None),
    ("iku-belum-lengkap", emptied("tblSarpras"), "Sarpras", None),
    ("iku-bobot-tidak-100", switched(Bobot_Sarpras=6.0), "Pengaturan", where("Bobot_Dokumen")),
    ("iku-tanpa-keluhan", emptied(K), "Keluhan", None),
]  # fmt: skip
