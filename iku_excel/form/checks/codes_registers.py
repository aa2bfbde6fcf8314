"""The catalogue's part for the registers; ``checks_catalogue`` says what the words mean."""

from __future__ import annotations

from iku_excel.form.checks.codes import CONSEQUENCES, TIDY, Rows

REGISTER_ROWS: Rows = {
    "NSPK_Pertanyaan": {
        "kesalahan": {
            "kode-elemen-kosong": ("Pertanyaan tanpa Kode Elemen tidak dihitung.", "Kode Elemen kosong",
                                   "Isi dengan E01 sampai E18."),
            "kode-elemen-tidak-dikenal": ("Kode Elemen di luar daftar; pertanyaannya tidak dihitung.", "E19",
                                          "Isi dengan E01 sampai E18; daftarnya di lembar NSPK."),
            "skor-maks-kosong": ("Pertanyaan tanpa Skor Maks tidak dihitung.", "Skor 3, Skor Maks kosong",
                                 "Isi Skor Maks dengan angka lebih dari 0."),
            "skor-maks-tidak-sah": ("Skor Maks nol atau negatif; pertanyaannya tidak dihitung.", "Skor Maks 0",
                                    "Isi Skor Maks dengan angka lebih dari 0."),
        },
        "peringatan": {
            "belum-dijawab": ("Pertanyaan belum dijawab: skornya dihitung 0, maksimumnya tetap.", "Skor kosong",
                              "Isi Skor, atau pilih Berlaku = Tidak bila pertanyaannya tidak berlaku."),
            "skor-melebihi-maks": ("Skor melebihi Skor Maks; dihitung seperti diketik.", "Skor 6 dari maksimum 5",
                                   "Periksa Skor dan Skor Maks."),
            "skor-bkn-melebihi-maks": ("Skor BKN melebihi Skor Maks.", "Skor BKN 6 dari maksimum 5",
                                       "Periksa Skor BKN dan Skor Maks."),
            "elemen-tanpa-pertanyaan": ("Elemen tidak punya pertanyaan yang berlaku, jadi tidak ikut dalam indeks.",
                                        "E05 Mutasi tanpa pertanyaan", "Tambahkan pertanyaan untuk elemen itu."),
            "kode-pertanyaan-ganda": ("Kode Pertanyaan yang sama dipakai dua kali; keduanya dihitung.",
                                      "P-01 di baris 5 dan 9", "Ubah kodenya, atau hapus salah satu."),
        },
        "info": {
            "pertanyaan-tidak-berlaku": ("Pertanyaan dengan Berlaku = Tidak tidak dihitung; dicatat per elemen.",
                                         "E03: 2 pertanyaan", "Tidak perlu diubah bila memang tidak berlaku."),
            "bukti-belum-lengkap": ("Skor penuh, tetapi Status Bukti belum Lengkap.", "Skor 5 dari 5, Sebagian",
                                    "Lengkapi buktinya, atau sesuaikan skornya."),
        },
    },
    "Dokumen": {
        "kesalahan": {
            "batas-waktu-kosong": ("Dokumen tanpa Batas Waktu tidak dihitung.", "Batas Waktu kosong",
                                   "Isi Batas Waktu dengan tanggal."),
        },
        "peringatan": {
            "dokumen-belum-ditetapkan": ("Batas waktunya sudah lewat dan belum ditetapkan; dihitung terlambat.",
                                         "batas 31/03/2025, Tanggal Penetapan kosong",
                                         "Isi Tanggal Penetapan bila sudah ditetapkan."),
            "penetapan-terlalu-awal": ("Ditetapkan lebih dari setahun sebelum batas waktunya.",
                                       "batas 31/03/2025, ditetapkan 01/02/2023", "Periksa kedua tanggalnya."),
            "dokumen-ganda": ("Dokumen yang sama tercatat dua kali; keduanya dihitung.", "Renja 2025 dua kali",
                              "Hapus salah satu, atau bedakan namanya."),
        },
        "info": {
            "dokumen-terlambat": ("Dokumen ditetapkan setelah batas waktunya.",
                                  "batas 31/03/2025, ditetapkan 04/04/2025",
                                  "Tidak perlu diubah bila tanggalnya benar."),
            "penetapan-setelah-posisi": ("Ditetapkan setelah triwulan yang dihitung, jadi belum diakui.",
                                         "posisi TW I, ditetapkan 02/05/2025",
                                         "Tidak perlu diubah; diakui pada triwulan berikutnya."),
        },
    },
    "Anggaran": {
        "peringatan": {
            "kode-anggaran-kosong": ("Baris tanpa Kode dihitung sebagai sub kegiatan.", "Kode kosong",
                                     "Isi Kode, supaya subtotal tidak terhitung dua kali."),
            "kode-anggaran-ganda": ("Kode yang sama di dua baris; keduanya dihitung.", "5.03.01.1.01 dua kali",
                                    "Hapus salah satu, atau perbaiki kodenya."),
            "pagu-kosong": ("Pagu Murni dan Pagu Perubahan kosong; pagunya dihitung 0.", "kedua pagu kosong",
                            "Isi Pagu Murni atau Pagu Perubahan."),
            "realisasi-belum-diisi": ("Realisasi triwulan ini kosong, jadi dipakai triwulan sebelumnya atau 0.",
                                      "Realisasi TW III kosong", "Isi realisasi kumulatif sampai triwulan ini."),
            "realisasi-melebihi-pagu": ("Realisasi lebih besar daripada pagu; dihitung seperti diketik.",
                                        "pagu 100.000.000, realisasi 120.000.000", "Periksa pagu dan realisasi."),
            "realisasi-menurun": ("Realisasi lebih kecil daripada triwulan sebelumnya, padahal kumulatif.",
                                  "TW I 50.000.000, TW II 40.000.000", "Isi realisasi kumulatif dari awal tahun."),
            "subtotal-berbeda": ("Angka subtotal tidak sama dengan jumlah baris di bawahnya; yang dihitung baris di "
                                 "bawahnya.", "subtotal 100, jumlah 90", "Periksa subtotal dan baris di bawahnya."),
        },
        "info": {
            "baris-subtotal": ("Baris program atau kegiatan tidak dijumlah, supaya tidak terhitung dua kali.",
                               "5.03.01 di atas 5.03.01.1.01", "Tidak perlu diubah."),
        },
    },
    "Pegawai": {
        "kesalahan": {
            "nip-kosong": ("Baris tanpa NIP tidak dihitung (juga di lembar Diklat).", "NIP kosong",
                           "Isi NIP 18 angka."),
            "nip-berspasi": ("NIP berisi spasi, jadi dianggap orang lain (juga di lembar Diklat).",
                             "'19670927 198803 1 013'", f"Hapus spasinya, {TIDY}"),
            "aktif-kosong": ("Pegawai tanpa isian Aktif tidak dihitung.", "Aktif kosong", "Pilih Ya atau Tidak."),
        },
        "peringatan": {
            "nip-tidak-18-angka": ("NIP tidak terdiri atas 18 angka (juga di lembar Diklat dan Pengaturan).",
                                   "'19670927'", "Periksa NIP-nya."),
            "nip-ganda": ("NIP tercatat dua kali; yang dipakai baris pertama.", "baris 5 dan 40",
                          "Hapus salah satu baris."),
        },
    },
    "Diklat": {
        "peringatan": {
            "nip-tidak-terdaftar": ("NIP peserta tidak ada di lembar Pegawai, jadi diklatnya tidak dihitung.",
                                    "NIP pegawai yang pindah", "Tambahkan ke lembar Pegawai, atau periksa NIP-nya."),
            "selesai-kosong": ("Diklat tanpa tanggal Selesai belum dihitung.", "Selesai kosong",
                               "Isi tanggal Selesai setelah diklat berakhir."),
            "selesai-sebelum-mulai": ("Tanggal Selesai lebih awal daripada Mulai.", "mulai 10/03, selesai 07/03",
                                      "Periksa kedua tanggalnya."),
            "jp-kosong": ("JP diminta (Minimal 20 JP = Ya) tetapi kosong atau nol.", "JP kosong",
                          "Isi jumlah jam pelajaran."),
        },
        "info": {
            "nip-tidak-aktif": ("Peserta tidak aktif di lembar Pegawai, jadi diklatnya tidak dihitung.",
                                "pegawai pensiun", "Tidak perlu diubah bila memang tidak aktif."),
        },
    },
    "Sarpras": {
        "kesalahan": {
            "jumlah-kosong": ("Baris tanpa Jumlah tidak dihitung.", "Jumlah kosong", "Isi jumlah unit."),
            "jumlah-tidak-sah": ("Jumlah nol atau negatif; barisnya tidak dihitung.", "Jumlah 0",
                                 "Isi jumlah unit lebih dari 0, atau hapus barisnya."),
        },
        "peringatan": {
            "jumlah-pecahan": ("Jumlah unit bukan bilangan bulat; dihitung seperti diketik.", "Jumlah 2,5",
                               "Isi dengan bilangan bulat."),
            "kondisi-kosong": ("Kondisi kosong; dihitung tidak berfungsi.", "Kondisi kosong",
                               "Pilih kondisi dari daftar."),
            "barang-ganda": ("Kode Barang dan NUP yang sama di dua baris; keduanya dihitung.",
                             "kode dan NUP sama di baris 7 dan 12", "Hapus salah satu, atau perbaiki NUP-nya."),
        },
    },
    "Keluhan": {
        "kesalahan": {
            "tanggal-masuk-kosong": ("Keluhan tanpa Tanggal Masuk tidak dihitung.", "Tanggal Masuk kosong",
                                     "Isi Tanggal Masuk."),
        },
        "peringatan": {
            "tracking-id-ganda": ("Tracking ID tercatat dua kali; keduanya dihitung.", "baris 5 dan 9",
                                  "Isi Duplikat Dari pada salah satunya, atau perbaiki nomornya."),
            "duplikat-tidak-dikenal": ("Duplikat Dari tidak menyebut Tracking ID mana pun; keluhannya tidak dihitung.",
                                       "Tracking ID yang tidak ada", "Isi dengan Tracking ID keluhan yang asli."),
            "duplikat-diri-sendiri": ("Duplikat Dari menyebut keluhan itu sendiri; keluhannya tidak dihitung.",
                                      "Tracking ID sendiri", "Kosongkan, atau isi Tracking ID keluhan yang asli."),
            "tindak-lanjut-sebelum-masuk": ("Ditindaklanjuti sebelum masuk; tetap dihitung.",
                                            "masuk 10/03, tindak lanjut 07/03", "Periksa kedua tanggalnya."),
            "selesai-sebelum-tindak-lanjut": ("Selesai sebelum ditindaklanjuti.", "tindak lanjut 10/03, selesai 07/03",
                                              "Periksa kedua tanggalnya."),
            "disposisi-sebelum-masuk": ("Didisposisi sebelum masuk.", "masuk 10/03, disposisi 07/03",
                                        "Periksa kedua tanggalnya."),
            "selesai-tanpa-tindak-lanjut": ("Status Selesai tanpa Tanggal Tindak Lanjut; dihitung belum "
                                            "ditindaklanjuti.", "Status Selesai, tanggal kosong",
                                            "Isi Tanggal Tindak Lanjut."),
            "lewat-batas-hari": ("Belum ditindaklanjuti sampai posisi laporan dan sudah melewati batas hari kerja.",
                                 "Keluhan, 8 hari kerja, batasnya 5", "Tindak lanjuti, lalu isi tanggalnya."),
            "klasifikasi-kosong": ("Klasifikasi kosong; dihitung sebagai keluhan tanpa batas hari.",
                                   "Klasifikasi kosong", "Pilih klasifikasi dari daftar."),
            "klasifikasi-tanpa-batas": ("Klasifikasi tidak punya batas hari kerja, jadi ketepatan waktunya tidak "
                                        "dinilai.", "Pengaduan tidak ada di tblBatasHari",
                                        "Tambahkan barisnya di tblBatasHari (lembar Pengaturan)."),
        },
        "info": {
            "masuk-di-luar-tahun": ("Tanggal Masuk di luar tahun yang dihitung; dihitung di tahunnya sendiri.",
                                    "28/12/2024 di buku 2025", "Tidak perlu diubah bila tanggalnya benar."),
            "kewenangan-kosong": ("Kewenangan kosong; dihitung sebagai wewenang sendiri.", "Kewenangan kosong",
                                  "Pilih Ya atau Bukan."),
            "kanal-tidak-dikenal": ("Kanal di luar daftar; dihitung sebagai Lainnya.", "kanal selain yang di daftar",
                                    "Pakai nama kanal seperti di lembar Ringkasan."),
        },
    },
    "Realisasi": {
        "kesalahan": {
            "realisasi-tidak-lengkap": ("Tahun, Triwulan, Kode IKU, atau Nilai kosong; barisnya tidak dipakai.",
                                        "Nilai kosong", "Isi sel itu, atau kosongkan seluruh baris."),
        },
        "peringatan": {
            "realisasi-ganda": ("Dua baris untuk IKU dan triwulan yang sama; yang dipakai baris terakhir.",
                                "IKU-1 TW 2 tahun 2025 di baris 5 dan 9", "Hapus baris yang tidak dipakai."),
            "realisasi-terkunci-berbeda": ("Angka yang dilaporkan berbeda dari hitungan data hari ini; yang tampil "
                                           "tetap yang dilaporkan.", "dilaporkan 71,23, sekarang 70,98",
                                           "Biarkan bila laporannya tetap, atau perbaiki angka atau datanya."),
        },
        "info": {
            "triwulan-belum-dikunci": ("Triwulan lalu IKU-1 belum dikunci, jadi tampil kosong.", "TW I tahun 2025",
                                       "Tambahkan barisnya di lembar Realisasi."),
            "tahun-lalu-kosong": ("Angka tahun lalu (Triwulan 4) belum diisi.", "IKU-2 tahun 2024",
                                  "Tambahkan barisnya di lembar Realisasi."),
        },
    },
    CONSEQUENCES: {
        "kesalahan": {
            "iku-belum-ada-nilai": ("IKU yang berlaku belum punya nilai.", "belum ada Skor Maks di NSPK_Pertanyaan",
                                    "Isi datanya, atau pilih Berlaku = Tidak di lembar Target."),
            "iku-belum-lengkap": ("Satu unsur IKU-2 belum punya nilai, jadi indeksnya kosong.",
                                  "belum ada sarana yang dihitung", "Lengkapi data unsur itu."),
            "iku-bobot-tidak-100": ("Bobot IKU-2 tidak berjumlah 100, jadi indeksnya kosong.", "40 + 30 + 25 + 10",
                                    "Perbaiki bobot sampai berjumlah 100."),
        },
        "info": {
            "iku-tanpa-keluhan": ("Tidak ada keluhan yang dihitung dalam periode ini.", "belum ada keluhan masuk",
                                  "Tidak perlu diubah bila memang tidak ada keluhan."),
        },
    },
}  # fmt: skip
