"""The catalogue's words for what can be wrong on every sheet, on Pengaturan and on Target.

``checks_catalogue`` says what the words mean. Order: sheet, level, code; each with meaning, example, mend.
"""

from __future__ import annotations

from typing import TypeAlias

from iku_excel.findings import Level
from iku_excel.form.layout import PENGATURAN, TARGET

Rows: TypeAlias = dict[str, dict[Level, dict[str, tuple[str, str, str]]]]
"""Sheet -> level -> code -> (meaning, example, mend)."""

EVERYWHERE = "Semua lembar isian"
CONSEQUENCES = "Akibat pada IKU"

TIDY = "atau jalankan `iku-excel rapikan`."

GENERAL_ROWS: Rows = {
    EVERYWHERE: {
        "kesalahan": {
            "angka-berupa-teks": ("Angka diketik sebagai teks, jadi tidak dihitung.", "'1.234.567,89'",
                                  f"Isi dengan angka, {TIDY}"),
            "angka-ambigu": ("Teks angka yang dapat dibaca dua cara; tidak ditebak dan tidak dihitung.",
                             "'1.234' (seribu lebih atau satu koma?)", "Ketik ulang sebagai angka."),
            "bukan-angka": ("Kolom angka berisi teks yang bukan angka.", "'dua juta'", "Isi dengan angka."),
            "angka-negatif": ("Angka negatif di kolom yang hanya menghitung nol ke atas.", "Skor -1",
                              "Isi dengan angka nol atau lebih."),
            "tanggal-berupa-teks": ("Tanggal diketik sebagai teks, jadi tidak dihitung.", "'12 November 2025'",
                                    f"Isi dengan tanggal, {TIDY}"),
            "bukan-tanggal": ("Kolom tanggal berisi teks atau angka yang bukan tanggal.", "'akhir bulan'; 0,5",
                              "Isi dengan tanggal, misalnya 12/11/2025."),
            "nilai-benar-salah": ("Sel berisi TRUE atau FALSE, yang tidak dihitung.", "TRUE di kolom Skor",
                                  "Isi dengan angka, tanggal, atau kata yang diminta kolom itu."),
            "nilai-galat": ("Sel berisi nilai galat Excel.", "#N/A; #DIV/0!",
                            "Perbaiki rumusnya, atau ketik isinya langsung."),
            "rumus-belum-dihitung": ("Rumus belum punya nilai tersimpan, jadi dianggap galat.",
                                     "=B2*2 dari program yang tidak menghitung",
                                     "Buka buku kerja di Excel, tekan F9, lalu simpan."),
            "pilihan-tidak-dikenal": ("Kata di kolom pilihan tidak ada di daftar.", "Berlaku 'Mungkin'",
                                      "Pilih dari daftar di sel itu."),
            "pilihan-berspasi": ("Pilihan benar tetapi membawa spasi, jadi tidak dikenali.", "'Baik '",
                                 f"Pilih ulang dari daftar, {TIDY}"),
            "isi-semu": ("Sel tampak kosong tetapi berisi spasi atau tanda hubung, dan terbaca sebagai teks.",
                         "' '; '-'", "Kosongkan sel itu (tombol Delete)."),
            "kode-berupa-angka": ("NIP, kode rekening, atau kode IKU tersimpan sebagai angka: nol di depan dan "
                                  "angka setelah yang ke-15 hilang.", "NIP 196709271988031000",
                                  "Atur format sel ke Teks, lalu ketik ulang lengkap."),
            "baris-di-luar-tabel": ("Baris diketik di bawah akhir tabel, jadi tidak dihitung.",
                                    "baris 95, sedangkan tabel berakhir di baris 94",
                                    "Tarik sudut kanan bawah tabel sampai mencakup baris itu."),
        },
        "peringatan": {
            "angka-di-luar-batas": ("Angka di luar batas yang wajar; tetap dihitung seperti diketik.", "Fisik 120",
                                    "Periksa angkanya."),
            "tanggal-sebelum-maret-1900": ("Tanggal sebelum 1 Maret 1900, yang tidak dapat dipercaya di Excel.",
                                           "05/01/1900", "Ketik ulang tanggalnya."),
            "tanggal-janggal": ("Tahun pada tanggal di luar 2000–2100.", "12/11/1925", "Periksa tahunnya."),
            "tanggal-terlalu-jauh": ("Tanggal kejadian lebih dari setahun setelah tahun yang dihitung.",
                                     "12/11/2028 di buku tahun 2025", "Periksa tahunnya."),
            "kata-tidak-dikenal": ("Kata di luar daftar pilihan, di kolom yang tidak ikut dihitung.",
                                   "Jenis 'Laporan'", "Pilih dari daftar di sel itu."),
            "nomor-berupa-angka": ("Nomor atau kode tersimpan sebagai angka; nol di depan bisa hilang.",
                                   "Tracking ID 4512", "Atur format sel ke Teks, lalu ketik ulang."),
            "kode-berspasi": ("Kode diawali atau diakhiri spasi, jadi dianggap berbeda dari kode tanpa spasi.",
                              "'5.03.01 '", f"Hapus spasinya, {TIDY}"),
            "teks-berupa-angka": ("Angka di sel yang ditampilkan sebagai teks; di hasil tampil kosong.",
                                  "Satuan 100", "Ketik sebagai teks."),
            "isian-kosong": ("Baris terisi tetapi kolom pentingnya kosong.", "Nama Dokumen kosong",
                             "Isi sel itu, atau kosongkan seluruh baris."),
        },
        "info": {
            "teks-semu": ("Sel teks hanya berisi spasi (atau, di kolom nomor, tanda hubung).", "Keterangan ' '",
                          "Kosongkan sel itu (tombol Delete)."),
        },
    },
    PENGATURAN: {
        "kesalahan": {
            "libur-terlalu-banyak": ("Hanya 100 baris pertama hari libur yang dihitung.", "tblLibur berisi 120 baris",
                                     "Hapus hari libur tahun lain, yang berulang, atau yang jatuh pada akhir pekan."),
            "batas-hari-terlalu-banyak": ("Hanya 20 baris pertama batas hari kerja yang dihitung.",
                                          "tblBatasHari berisi 25 baris", "Hapus baris yang tidak diperlukan."),
        },
        "peringatan": {
            "bobot-berbeda": ("Bobot unsur berbeda dari dokumen IKU.", "Bobot Dokumen 35, seharusnya 40",
                              "Samakan dengan dokumen IKU, atau pastikan perubahannya resmi."),
            "skala-kosong": ("Skala tidak punya satu batas bawah pun, jadi tidak ada sebutan.",
                             "tblSkalaCapaian kosong", "Isi batas bawah dan sebutannya."),
            "skala-batas-ganda": ("Dua baris skala dengan batas bawah yang sama; yang dipakai baris pertama.",
                                  "dua baris 76", "Hapus salah satu."),
            "skala-tanpa-nol": ("Skala tidak mulai dari 0, jadi nilai terendah tidak punya sebutan.",
                                "batas terendah 51", "Tambahkan baris dengan Batas Bawah 0."),
            "batas-hari-ganda": ("Dua baris batas hari untuk klasifikasi yang sama; yang dipakai baris pertama.",
                                 "dua baris Keluhan", "Hapus salah satu."),
            "libur-tahun-kosong": ("Tidak ada hari libur untuk tahun yang dihitung.", "hanya libur 2024 di buku 2025",
                                   "Isi tblLibur dengan libur nasional dan cuti bersama tahun itu."),
            "batas-capaian-janggal": ("Batas atas capaian di bawah 100.", "Batas Capaian 90",
                                      "Kosongkan, atau isi misalnya 100, 120, atau 150."),
            "jp-minimal-kosong": ("JP minimal diminta tetapi belum diisi atau nol.",
                                  "Minimal 20 JP = Ya, JP minimal kosong", "Isi JP minimal, misalnya 20."),
            "perangkat-daerah-kosong": ("Nama perangkat daerah belum diisi.", "Perangkat Daerah kosong",
                                        "Isi nama perangkat daerah."),
            "nilai-bkn-belum-diisi": ("IKU-1 diminta memakai hasil BKN, tetapi hasilnya belum diisi.",
                                      "Nilai IKU-1 = BKN, indeks menurut BKN kosong",
                                      "Isi indeks menurut surat BKN, atau pilih Mandiri."),
        },
        "info": {
            "surat-bkn-belum-lengkap": ("Hasil BKN diisi tanpa nomor atau tanggal suratnya.", "Nomor surat kosong",
                                        "Isi nomor dan tanggal surat BKN."),
            "penanda-tangan-kosong": ("Data penanda tangan belum lengkap.", "Nama pejabat kosong",
                                      "Isi sebelum mencetak laporan."),
            "libur-ganda": ("Hari libur tercatat dua kali; dihitung sekali.", "17/08/2025 dua kali",
                            "Hapus salah satu."),
            "aturan-belum-berlaku": ("Aturan yang dipakai baru berlaku sesudah tahun ini.", "buku tahun 2020",
                                     "Periksa bobot, skala, dan batas hari untuk tahun itu."),
        },
    },
    TARGET: {
        "kesalahan": {
            "kode-iku-tidak-dikenal": ("Kode IKU di tabel target bukan IKU-1, IKU-2, atau IKU-3; barisnya tidak "
                                       "dipakai.", "'IKU 1'", "Isi dengan IKU-1, IKU-2, atau IKU-3."),
        },
        "peringatan": {
            "baris-target-hilang": ("Tabel target tidak punya baris untuk satu IKU.", "IKU-2 tidak ada",
                                    "Tambahkan baris dengan Kode IKU itu."),
            "kode-iku-ganda": ("Satu IKU punya dua baris target; yang dipakai baris pertama.", "dua baris IKU-1",
                               "Hapus salah satu."),
            "kolom-target-hilang": ("Tidak ada kolom target untuk tahun yang dihitung.", "tidak ada Target 2027",
                                    "Tambahkan kolomnya di tabel target."),
            "target-kosong": ("Target tahun ini kosong atau nol, jadi capaian tidak dapat dihitung.",
                              "Target 2025 kosong", "Isi target tahun ini."),
            "target-triwulan-menurun": ("Target triwulan lebih kecil daripada triwulan sebelumnya, padahal berupa "
                                        "posisi sampai triwulan itu.", "TW II 40, TW III 30", "Periksa targetnya."),
        },
        "info": {
            "target-triwulan-kosong": ("Target triwulan berjalan belum diisi.", "Target TW II kosong",
                                       "Isi bila capaian triwulan diperlukan."),
        },
    },
}  # fmt: skip
