"""What a filled row lacks: blank cells that keep the row from being counted, or make it doubtful."""

from __future__ import annotations

from iku_excel.form.checks.common import Register

_OWN_ROOM = ("", "", "")
"""Columns whose blanks mean something only together with others: their register's room asks."""

_NO_NIP = ("nip-kosong", "kosong, jadi baris ini tidak dihitung", "Isi NIP 18 angka, atau kosongkan seluruh baris.")
_NO_REPORT = ("realisasi-tidak-lengkap", "kosong, jadi baris ini tidak dipakai",
              "Isi sel itu, atau kosongkan seluruh baris.")  # fmt: skip

_BLANKS: dict[tuple[str, str], tuple[str, str, str]] = {
    ("tblPertanyaan", "Kode Elemen"): (
        "kode-elemen-kosong",
        "kosong, jadi pertanyaan ini tidak dihitung",
        "Isi dengan E01 sampai E18, atau kosongkan seluruh baris.",
    ),
    ("tblPertanyaan", "Skor Maks"): _OWN_ROOM,
    ("tblDokumen", "Batas Waktu"): (
        "batas-waktu-kosong",
        "kosong, jadi dokumen ini tidak dihitung",
        "Isi Batas Waktu dengan tanggal.",
    ),
    ("tblAnggaran", "Kode"): (
        "kode-anggaran-kosong",
        "kosong, jadi baris ini dihitung sebagai sub kegiatan",
        "Isi Kode, supaya subtotal tidak terhitung dua kali.",
    ),
    ("tblPegawai", "NIP"): _NO_NIP,
    ("tblPegawai", "Aktif"): (
        "aktif-kosong",
        "kosong, jadi pegawai ini tidak dihitung",
        "Pilih Ya atau Tidak.",
    ),
    ("tblDiklat", "NIP"): _NO_NIP,
    ("tblDiklat", "Selesai"): (
        "selesai-kosong",
        "kosong, jadi diklat ini belum dihitung",
        "Isi tanggal Selesai setelah diklat berakhir.",
    ),
    ("tblSarpras", "Jumlah"): ("jumlah-kosong", "kosong, jadi baris ini tidak dihitung", "Isi jumlah unit."),
    ("tblSarpras", "Kondisi"): (
        "kondisi-kosong",
        "kosong, jadi dihitung tidak berfungsi",
        "Pilih kondisi dari daftar.",
    ),
    ("tblKeluhan", "Tanggal Masuk"): (
        "tanggal-masuk-kosong",
        "kosong, jadi keluhan ini tidak dihitung",
        "Isi Tanggal Masuk.",
    ),
    ("tblKeluhan", "Klasifikasi"): (
        "klasifikasi-kosong",
        "kosong, jadi dihitung sebagai keluhan tanpa batas hari",
        "Pilih klasifikasi dari daftar.",
    ),
    ("tblKeluhan", "Kewenangan"): (
        "kewenangan-kosong",
        "kosong, jadi dihitung sebagai wewenang sendiri",
        "Pilih Ya atau Bukan.",
    ),
    **{("tblRealisasi", heading): _NO_REPORT for heading in ("Tahun", "Triwulan", "Kode IKU", "Nilai")},
    ("tblTarget", "Kode IKU"): (
        "kode-iku-tidak-dikenal",
        "kosong, jadi baris ini tidak dipakai",
        "Isi dengan IKU-1, IKU-2, atau IKU-3.",
    ),
}


def check_missing(register: Register) -> None:
    """Blank cells in the needed columns of rows that hold something; blank rows don't exist."""
    for field in register.fields:
        known = _BLANKS.get((register.table.name, field.heading))
        if known == _OWN_ROOM or (known is None and not field.needed):
            continue
        code, what, fix = known or (
            "isian-kosong",
            "kosong",
            "Isi sel itu, atau kosongkan seluruh baris.",
        )
        for row in register.blanks(field.heading):
            register.say(code, field.heading, row, f"({field.heading}) {what}", fix)
