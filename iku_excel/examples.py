"""Three example workbooks: clean, with the usual mistakes, and not yet complete. Invented data, marked CONTOH."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from iku_excel.cells import CellError
from iku_excel.example_data import Register, register_data
from iku_excel.form.layout import IKU_1, IKU_2, IKU_3
from iku_excel.form.template import target_rows
from iku_excel.form.template.content import Content, Formula
from iku_excel.rules.loader import Rules, rules_for

EXAMPLE_YEAR = 2025


@dataclass(frozen=True, slots=True)
class Example:
    """One example: its name, file name, and what it shows (Indonesian)."""

    name: str
    file: str
    shows: str


EXAMPLES = (
    Example("bersih", "CONTOH-1-bersih.xlsx", "data lengkap tanpa kesalahan"),
    Example("kesalahan-umum", "CONTOH-2-kesalahan-umum.xlsx", "kesalahan yang sering terjadi"),
    Example("belum-lengkap", "CONTOH-3-belum-lengkap.xlsx", "satu komponen belum ada datanya, tidak ada keluhan"),
)
"""The examples in the order of their file names."""


def example_content(name: str) -> tuple[int, Content]:
    """Year and content of the example of this name, the same at every call. ValueError for another name."""
    makers = {"bersih": _clean, "kesalahan-umum": _usual_mistakes, "belum-lengkap": _incomplete}
    if name not in makers:
        raise ValueError(f"unknown example: {name}")
    rules = rules_for(EXAMPLE_YEAR)
    return EXAMPLE_YEAR, makers[name](rules, register_data(rules), _targets(rules))


def _settings(**more: object) -> dict[str, object]:
    return {
        "Perangkat_Daerah": "CONTOH Badan Kepegawaian Daerah",
        "Tugas": "CONTOH: melaksanakan fungsi penunjang urusan pemerintahan di bidang kepegawaian",
        "Kota": "Kota Contoh",
        "Tanggal_Laporan": datetime.date(EXAMPLE_YEAR + 1, 1, 15),
        "Jabatan_Pejabat": "Kepala CONTOH Badan Kepegawaian Daerah",
        "Nama_Pejabat": "CONTOH Nama Pejabat",
        "Pangkat_Pejabat": "Pembina Utama Muda",
        "NIP_Pejabat": "197001011995031999",
        **more,
    }


_FUNCTIONS: Register = [
    {"Huruf": "a", "Uraian": "CONTOH: perumusan kebijakan teknis kepegawaian"},
    {"Huruf": "b", "Uraian": "CONTOH: pelaksanaan kebijakan teknis kepegawaian"},
    {"Huruf": "c", "Uraian": "CONTOH: evaluasi dan pelaporan"},
]


def _targets(rules: Rules) -> Register:
    """tblTarget filled in: targets, basis and the three texts of each indicator."""
    figures = {IKU_1: (72, 77, 80), IKU_2: (75, 78, 82), IKU_3: (85, 90, 95)}
    quarters = {IKU_1: (72, 74, 75, 77), IKU_2: (48, 58, 68, 78), IKU_3: (85, 87, 89, 90)}
    texts = {
        IKU_1: (
            "CONTOH: nilai naik karena bukti dukung elemen Jabatan dan Penilaian Kinerja sudah dilengkapi.",
            "CONTOH: beberapa pertanyaan belum dijawab karena keputusannya masih dalam proses.",
            "CONTOH: melengkapi bukti dukung pada elemen dengan poin hilang terbesar sebelum verifikasi.",
        ),
        IKU_2: (
            "CONTOH: serapan anggaran triwulan IV mendorong kenaikan indeks.",
            "CONTOH: dua dokumen ditetapkan melewati batas waktu karena menunggu hasil reviu.",
            "CONTOH: menyusun jadwal penetapan dokumen sejak awal tahun dan memantaunya setiap bulan.",
        ),
        IKU_3: (
            "CONTOH: sebagian besar keluhan ditindaklanjuti dalam lima hari kerja.",
            "CONTOH: keluhan yang masuk pada akhir tahun belum seluruhnya ditindaklanjuti.",
            "CONTOH: menambah petugas pada kanal yang paling banyak menerima keluhan.",
        ),
    }
    rows: Register = []
    for row in target_rows(rules, own=False):
        code = str(row["Kode IKU"])
        rows.append(
            {
                **row,
                "Sumber Data": "CONTOH Sekretariat",
                **{f"Target {year}": value for year, value in zip((2024, 2025, 2026), figures[code], strict=True)},
                **{f"Target TW {q}": value for q, value in zip(("I", "II", "III", "IV"), quarters[code], strict=True)},
                "Dasar": "CONTOH Perjanjian Kinerja",
                "Penanggung Jawab": "CONTOH Kepala Bidang",
                **dict(zip(("Analisis", "Kendala", "Rencana Tindak Lanjut"), texts[code], strict=True)),
            }
        )
    return rows


def _clean(rules: Rules, data: dict[str, Register], targets: Register) -> Content:
    return Content(_settings(Triwulan=4), {**data, "tblTarget": targets, "tblFungsi": _FUNCTIONS})


def _incomplete(rules: Rules, data: dict[str, Register], targets: Register) -> Content:
    """Third quarter: no facilities yet, no complaints, two quarters reported, an element without questions."""
    end = datetime.date(EXAMPLE_YEAR, 9, 30)
    for row in data["tblAnggaran"]:
        row["Realisasi TW IV"] = None
    for row in data["tblDokumen"]:
        if _after(row["Tanggal Penetapan"], end):
            row["Tanggal Penetapan"] = row["Nomor"] = None
            row["Keterangan"] = "CONTOH: dalam penyusunan."
    data["tblDiklat"] = [row for row in data["tblDiklat"] if not _after(row["Selesai"], end)]
    data["tblPertanyaan"] = [row for row in data["tblPertanyaan"] if row["Kode Elemen"] != "E12"]
    for row in data["tblPertanyaan"][::6]:
        row |= {"Skor": None, "Bukti": None, "Status Bukti": "Belum"}
    data["tblSarpras"], data["tblKeluhan"] = [], []
    last = data["tblRealisasi"][-1]
    data["tblRealisasi"] = data["tblRealisasi"][:-1] + [
        last | {"Triwulan": quarter, "Kode IKU": IKU_2, "Nilai": value} for quarter, value in ((1, 38.75), (2, 54.2))
    ]
    for row in targets:
        row |= {"Analisis": None, "Kendala": None, "Rencana Tindak Lanjut": None}
    settings = _settings(Triwulan=3, Tanggal_Laporan=None)
    return Content(settings, {**data, "tblTarget": targets, "tblFungsi": _FUNCTIONS})


def _after(day: object, end: datetime.date) -> bool:
    return isinstance(day, datetime.date) and day > end


def _usual_mistakes(rules: Rules, data: dict[str, Register], targets: Register) -> Content:
    data["tblPertanyaan"] = [row for row in data["tblPertanyaan"] if row["Kode Elemen"] != "E12"]
    for table, changes in _MISTAKES.items():
        rows = targets if table == "tblTarget" else data[table]
        for at, change in changes.items():
            rows[at] |= change
    year = EXAMPLE_YEAR
    data["tblPegawai"].append(data["tblPegawai"][10] | {"Nama": "CONTOH Pegawai ganda"})
    data["tblRealisasi"].append(data["tblRealisasi"][3] | {"Nilai": 79.9, "Keterangan": "CONTOH: dicatat dua kali"})
    below: Mapping[str, Register] = {
        "tblKeluhan": [
            data["tblKeluhan"][n] | {"No": 300 + n, "Tracking ID": f"{8_100_300 + n}", "Duplikat Dari": None}
            for n in (1, 2)
        ],
        "tblPegawai": [{"NIP": "199002022015011998", "Nama": "CONTOH Pegawai baru", "Status": "PNS", "Aktif": "Ya"}],
    }
    data["tblKeluhan"][280]["Tanggal Masuk"] = datetime.date(year + 1, 12, 9)
    settings = _settings(Triwulan=4, Batas_Capaian=120, Tanggal_Laporan=f"15 Januari {year + 1}")
    return Content(settings, {**data, "tblTarget": targets, "tblFungsi": _FUNCTIONS}, below=below)


_DATE = datetime.date
_MISTAKES: Mapping[str, Mapping[int, dict[str, object]]] = {
    "tblTarget": {1: {"Target 2025": None}, 2: {"Target 2025": "88%", "Berlaku": "Ya "}},
    "tblPertanyaan": {
        0: {"Skor": "85,5"},
        2: {"Skor": "3"},
        5: {"Skor": 12, "Skor Maks": 10},
        9: {"Skor": CellError("#N/A")},
        14: {"Kode Elemen": "E03 "},
        15: {"Kode Elemen": "E19"},
        20: {"Berlaku": "Mungkin"},
        21: {"Berlaku": "tidak"},
        25: {"Skor Maks": 0},
        26: {"Skor Maks": None},
        30: {"Skor": Formula("1+1")},
        31: {"Skor": Formula("1+1", 2.0), "Skor Maks": 4},
        40: {"Skor": -1},
        41: {"Status Bukti": "Ada"},
        50: {"Kode Pertanyaan": "E01.01"},
        60: {"Skor": "-"},
    },
    "tblDokumen": {
        1: {"Tanggal Penetapan": "12 November 2025"},
        3: {"Batas Waktu": None},
        5: {"Tanggal Penetapan": "31/01/2025"},
        8: {"Tanggal Penetapan": _DATE(2052, 9, 20)},
        11: {"Jenis": "Perencanaan "},
    },
    "tblAnggaran": {
        2: {"Realisasi TW IV": "1.234.567,89"},
        3: {"Realisasi TW IV": "1.234"},
        4: {"Realisasi TW IV": 950_000_000},
        9: {"Kode": 5.03},
        10: {"Kode": None},
        15: {"Realisasi TW IV": None},
        16: {"Realisasi TW III": 1_000},
        21: {"Pagu Perubahan": CellError("#REF!")},
    },
    "tblPegawai": {
        4: {"NIP": "19850612201001100"},
        6: {"NIP": 198703142011012007},
        8: {"NIP": "19790101 200501 1 009"},
        12: {"Aktif": "Ya "},
        13: {"Aktif": None},
        14: {"Status": "Honorer"},
    },
    "tblDiklat": {
        3: {"NIP": "198001012005011997"},
        5: {"Selesai": "5 Maret 2025"},
        7: {"Mulai": _DATE(2025, 6, 20), "Selesai": _DATE(2025, 6, 2)},
        9: {"JP": "20 JP"},
        11: {"Selesai": None},
    },
    "tblSarpras": {
        1: {"Kondisi": "Baik "},
        2: {"Kondisi": "Rusak"},
        4: {"Jumlah": "2 unit"},
        6: {"Jumlah": -1},
        7: {"Jumlah": "3"},
        9: {"Kondisi": None},
    },
    "tblKeluhan": {
        3: {"Tracking ID": "8100003"},
        5: {"Tanggal Tindak Lanjut": _DATE(2025, 1, 1)},
        7: {"Uraian": "=1+1"},
        8: {"Uraian": "+62 812 0000 0000 mohon dihubungi (CONTOH)"},
        9: {"Uraian": "-tolong diperbaiki (CONTOH)"},
        10: {"Uraian": "@admin mohon dijawab (CONTOH)"},
        12: {"Tanggal Masuk": "12/11/2025"},
        14: {"Klasifikasi": "Keluhan "},
        15: {"Klasifikasi": "Saran"},
        18: {"Status": "Done"},
        20: {"Tanggal Masuk": CellError("#VALUE!")},
        22: {"Duplikat Dari": "-"},
        24: {"Tanggal Tindak Lanjut": "9 Februari 2025"},
        26: {"Tanggal Masuk": _DATE(2052, 1, 20)},
    },
    "tblRealisasi": {2: {"Nilai": "86,5"}, 4: {"Sumber": "Sendiri"}},
}
