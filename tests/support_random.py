"""Small random workbooks, clean or spoiled, for the tests that ask other programs for the same figures.

Everything that DOMAIN §7 rules on occurs: errors, numbers and dates typed as text, blanks, wildcards and operators
in codes, other letter case, trailing blanks, times of day, numeric NIP and Kode, employees who share 15 digits,
frozen quarters (also twice), missing components, weights that do not sum to 100. No booleans (LibreOffice takes TRUE
as 1) and no formulas without a stored value: both are outside parity. Tables have at least two rows (ironcalc).
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from iku_excel.cells import CellError
from iku_excel.form.layout import ELEMENT_CODES, IKU_CODES, QUARTERS
from iku_excel.form.template import target_rows
from iku_excel.form.template.content import Content, Formula
from iku_excel.form.template.settings_page import public_holidays
from iku_excel.rules.loader import rules_for

T = TypeVar("T")
Rows = list[dict[str, object]]

ERRORS = tuple(map(CellError, ("#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?", "#NUM!")))
MOST_ROWS = 40
CODE_HEADINGS = {"Kode", "NIP", "Duplikat Dari", "Kode Elemen", "Kode IKU"}


def random_content(seed: int, spoiled: float) -> tuple[int, Content]:
    """Year and content of a random workbook; about this share of the input cells that count is spoiled."""
    maker = _Maker(seed, spoiled)
    return maker.year, maker.content()


class _Maker:
    def __init__(self, seed: int, spoiled: float) -> None:
        self.rng = Random(seed)
        self.spoiled = spoiled
        self.year = self.rng.choice((2024, 2025, 2025, 2026, 2027))
        self.rules = rules_for(self.year)
        self.nips = self._nips()

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, *items: T) -> T:
        return self.rng.choice(items)

    def count(self) -> int:
        return self.rng.randint(2, MOST_ROWS)

    def day(self, first: int = 1, last: int = 12) -> object:
        """A date of the workbook's year in these months, seldom of a neighbour; one in four has a time of day."""
        year = self.year if self.chance(0.9) else self.year + self.pick(-1, 1)
        date = datetime.datetime(year, self.rng.randint(first, last), self.rng.randint(1, 28))
        if self.chance(0.12):  # the ends of quarters decide
            month, day = self.pick((3, 31), (6, 30), (9, 30), (12, 31), (1, 1), (4, 1), (7, 1), (10, 1))
            date = date.replace(month=month, day=day)
        if self.chance(0.25):
            return date + datetime.timedelta(seconds=self.rng.randint(0, 86399))
        return date.date()

    # --- the tables

    def content(self) -> Content:
        """All tables and settings."""
        tables = {
            "tblTarget": self.targets(),
            "tblPertanyaan": self.questions(),
            "tblDokumen": self.documents(),
            "tblAnggaran": self.budget(),
            "tblPegawai": self.employees(),
            "tblDiklat": self.trainings(),
            "tblSarpras": self.facilities(),
            "tblKeluhan": self.complaints(),
            "tblRealisasi": self.reported(),
            "tblBatasHari": self.limits(),
            "tblLibur": self.holidays(),
        }
        for name, text in (("tblSkalaCapaian", self.scale()), ("tblKategoriNSPK", self.categories())):
            if text is not None:
                tables[name] = text
        return Content(self.settings(), {name: self.spoil_rows(name, rows) for name, rows in tables.items()})

    def targets(self) -> Rows:
        rows: Rows = [dict(row) for row in target_rows(self.rules)]
        years = (2024, 2025, 2026) if self.year <= 2026 else (self.year, self.year + 1, self.year + 2)
        for row in rows:
            row["Berlaku"] = self.pick("Ya", "Ya", "Ya", "Ya", "Tidak", None)
            for heading in (*(f"Target {y}" for y in years), *(f"Target TW {q}" for q in QUARTERS)):
                row[heading] = self.pick(None, 0, 100, 87.5, *(self.rng.randint(40, 100) for _ in range(5)))
            row["Analisis"] = self.pick(None, "CONTOH analisis", "=1+1", "+62 contoh")
        self.rng.shuffle(rows)
        return rows

    def questions(self) -> Rows:
        if self.chance(0.06):
            return [{}, {}]
        codes = ELEMENT_CODES if self.chance(0.5) else ELEMENT_CODES[: self.rng.randint(2, 17)]
        rows: Rows = []
        for n in range(self.count()):
            top = self.pick(1, 2, 4, 5, 10, 2.5, 3.33)
            rows.append(
                {
                    "Kode Elemen": self.pick(*codes),
                    "Kode Pertanyaan": f"P{n}",
                    "Pertanyaan": f"CONTOH {n}",
                    "Skor": self.pick(
                        None, 0, top, round(top * self.rng.random(), 2), round(top * self.rng.random(), 1)
                    ),
                    "Skor Maks": top,
                    "Berlaku": self.pick("Ya", "Ya", "Ya", None, "Tidak"),
                    "Status Bukti": self.pick("Lengkap", "Lengkap", "Sebagian", "Belum", None),
                    "Skor BKN": self.pick(None, None, round(top * self.rng.random(), 2)),
                }
            )
        return rows

    def documents(self) -> Rows:
        if self.chance(0.08):
            return [{}, {"Nama Dokumen": "CONTOH"}]
        rows: Rows = []
        for n in range(self.rng.randint(2, 14)):
            due = self.day()
            gap = self.pick(None, -20, -3, -1, 0, 0, 1, 5)
            done = due + datetime.timedelta(days=gap) if gap is not None and isinstance(due, datetime.date) else None
            rows.append({"Nama Dokumen": f"CONTOH {n}", "Batas Waktu": due, "Tanggal Penetapan": done})
        return rows

    def budget(self) -> Rows:
        if self.chance(0.08):
            return [{"Kode": "5.03.01", "Pagu Murni": 0}, {"Kode": "5.03.02"}]
        rows: Rows = []
        for _ in range(self.count()):
            depth = self.rng.randint(1, 4)
            code = ".".join(["5", "03", *(f"{self.rng.randint(1, 2):02d}" for _ in range(depth))][: depth + 1])
            pagu = self.rng.randint(1, 900) * 1_000_000
            row: dict[str, object] = {
                "Kode": code,
                "Pagu Murni": pagu,
                "Pagu Perubahan": self.pick(None, None, 0, pagu + 5_000_000.5),
            }
            spent = 0.0
            for q in QUARTERS:
                spent = min(float(pagu), spent + pagu * self.rng.random() / 3)
                row[f"Realisasi TW {q}"] = self.pick(round(spent, 2), round(spent, 2), round(spent, 2), None)
            rows.append(row)
        return rows

    def _nips(self) -> list[str]:
        """NIP of which every third pair shares its first 15 digits."""
        nips: list[str] = []
        for n in range(self.rng.randint(2, 30)):
            born = f"{self.rng.randint(1965, 1999)}{self.rng.randint(1, 12):02d}{self.rng.randint(1, 28):02d}"
            nip = f"{born}{self.rng.randint(1995, 2023)}{self.rng.randint(1, 12):02d}1{n:03d}"
            nips.append(f"{nips[-1][:15]}{n:03d}" if nips and n % 3 == 1 else nip)
        return nips

    def employees(self) -> Rows:
        if self.chance(0.05):
            return [{"NIP": self.nips[0], "Aktif": "Tidak"}, {}]
        rows: Rows = [
            {"NIP": nip, "Nama": f"CONTOH Pegawai {n}", "Aktif": self.pick("Ya", "Ya", "Ya", "Tidak", "ya")}
            for n, nip in enumerate(self.nips)
        ]
        if self.chance(0.3):  # a second row of the same NIP: the first one decides
            rows.insert(
                self.rng.randint(0, len(rows)), {"NIP": self.pick(*self.nips), "Aktif": self.pick("Ya", "Tidak")}
            )
        return rows

    def trainings(self) -> Rows:
        if self.chance(0.08):
            return [{}, {}]
        return [
            {
                "NIP": self.pick(*self.nips),
                "Nama Diklat": f"CONTOH {n}",
                "Selesai": self.day(),
                "JP": self.pick(4, 8, 10, 12.5, 20, 40, None, 0),
            }
            for n in range(self.count())
        ]

    def facilities(self) -> Rows:
        if self.chance(0.15):
            return [{}, {"Nama Barang": "CONTOH"}]
        return [
            {
                "Nama Barang": f"CONTOH {n}",
                "Jumlah": self.pick(1, 2, 3, 10, 0, 2.5),
                "Kondisi": self.pick("Baik", "Baik", "baik", "Rusak Ringan", "Rusak Berat", "Hilang", None),
            }
            for n in range(self.count())
        ]

    def complaints(self) -> Rows:
        if self.chance(0.12):
            return [{}, {"Tanggal Masuk": datetime.date(self.year - 2, 5, 5), "Klasifikasi": "Keluhan"}]
        rows: Rows = []
        for n in range(self.count()):
            arrived = self.day()
            gap = self.pick(None, -1, 0, 1, 3, 5, 6, 7, 8, 14, 20, 21, 84, 90)
            done = (
                arrived + datetime.timedelta(days=gap)
                if gap is not None and isinstance(arrived, datetime.date)
                else None
            )
            rows.append(
                {
                    "No": n + 1,
                    "Tracking ID": f"{8_100_000 + n}",
                    "Tanggal Masuk": arrived,
                    "Kanal": self.pick(*self.rules.channels, "lapor!", "Telepon", None),
                    "Klasifikasi": self.pick(
                        "Keluhan",
                        "Keluhan",
                        "keluhan",
                        "Pengaduan",
                        "Pengaduan",
                        "Permintaan Informasi",
                        "Aspirasi",
                        None,
                    ),
                    "Perlu Cek Lapangan": self.pick("Ya", "Tidak", None),
                    "Pelapor": f"CONTOH Pelapor {n}",
                    "Uraian": self.pick("CONTOH", "=1+1", "@CONTOH", "-CONTOH"),
                    "Kewenangan": self.pick("Ya", "Ya", "Ya", None, "Bukan"),
                    "Tanggal Tindak Lanjut": done,
                    "Status": self.pick("Selesai", "Selesai", "Proses", "Baru", "Arsip", None),
                    "Duplikat Dari": self.pick(None, None, None, None, None, None, "8100000"),
                }
            )
        return rows

    def reported(self) -> Rows:
        if self.chance(0.25):
            return [{}, {}]
        return [
            {
                "Tahun": self.pick(self.year, self.year, self.year - 1),
                "Triwulan": self.pick(1, 2, 3, 4, 4),
                "Kode IKU": self.pick(*IKU_CODES, "iku-1"),
                "Nilai": self.pick(0, 50, round(self.rng.random() * 100, 2), 100),
                "Sumber": self.pick("Mandiri", "BKN", None),
            }
            for _ in range(self.rng.randint(2, 16))
        ]

    def limits(self) -> Rows:
        rows: Rows = [
            {"Klasifikasi": t.klasifikasi, "Perlu Cek Lapangan": t.perlu_cek or None, "Hari Kerja": t.hari}
            for t in self.rules.time_limits
        ]
        if self.chance(0.3):  # the first row of a class decides
            rows.append(
                {"Klasifikasi": self.pick("Keluhan", "Aspirasi", "pengaduan"), "Hari Kerja": self.pick(0, 3, 7.5)}
            )
        if self.chance(0.2):
            self.rng.shuffle(rows)
        return rows

    def holidays(self) -> Rows:
        if self.chance(0.1):
            return [{}, {}]
        days: list[object] = [day for day, _ in public_holidays(self.year)]
        days += [self.day() for _ in range(4)] + days[:2]
        return [{"Tanggal": day, "Nama": "CONTOH"} for day in days][:MOST_ROWS]

    def scale(self) -> Rows | None:
        """A scale of its own, in any order; None keeps the template's."""
        if self.chance(0.6):
            return None
        bounds = self.pick((91, 76, 66, 51, 0), (100.00000001, 100, 0), (90.5, 70.25), (120, 100, 80))
        rows: Rows = [{"Batas Bawah": b, "Sebutan": f"Sebutan {b}"} for b in bounds]
        self.rng.shuffle(rows)
        return rows

    def categories(self) -> Rows | None:
        if self.chance(0.7):
            return None
        rows: Rows = [{"Batas Bawah": b, "Sebutan": f"K{b}"} for b in (80, 60, 40, 20, 0)]
        self.rng.shuffle(rows)
        return rows

    def settings(self) -> dict[str, object]:
        """Year and quarter are always valid: another test asks for the refusal."""
        yes = ("Tidak", "Tidak", "Ya", "ya")
        weights = self.pick(
            (40, 30, 25, 5),
            (40, 30, 25, 5),
            (40, 30, 25, 5),
            (33.3, 33.3, 33.3, 0.1),
            (40, 30, 25, 4),
            (25, 25, 25, 25),
        )
        values: dict[str, object] = {
            "Tahun": self.year,
            "Perangkat_Daerah": "CONTOH Perangkat Daerah",
            "Triwulan": self.rng.randint(1, 4),
            "Sumber_IKU1": self.pick("Mandiri", "BKN", "bkn"),
            "Indeks_NSPK_BKN": self.pick(None, None, 70.18, 100, 0),
            "Hitung_Rusak_Ringan": self.pick(*yes),
            "Nilai_Tanpa_Keluhan": self.pick("Kosong", 100, "100"),
            "Hitung_Semua_Klasifikasi": self.pick(*yes),
            "Hanya_Selesai": self.pick(*yes),
            "Minimal_20_JP": self.pick(*yes),
            "JP_Minimal": self.pick(20, 20, 12.5),
            "Batas_Capaian": self.pick(None, None, 100, 120, 150),
            **dict(zip(("Bobot_Dokumen", "Bobot_Anggaran", "Bobot_Diklat", "Bobot_Sarpras"), weights, strict=True)),
        }
        for name, value in values.items():
            if name not in ("Tahun", "Triwulan") and self.chance(self.spoiled / 3):
                values[name] = self.bad_choice(value) if isinstance(value, str) else self.bad_number()
        return values

    # --- spoiling

    def spoil_rows(self, table: str, rows: Rows) -> Rows:
        """The rows with about the asked share of their cells spoiled."""
        return [
            {
                heading: self.spoil(heading, value) if self.chance(self.spoiled) else value
                for heading, value in row.items()
            }
            for row in rows
        ]

    def spoil(self, heading: str, value: object) -> object:
        """Something that staff might have typed there instead."""
        if heading in CODE_HEADINGS:
            return self.bad_code(heading, value)
        if heading.startswith("Tanggal") or heading in ("Batas Waktu", "Selesai"):
            return self.bad_date(value)
        if isinstance(value, str) and heading not in ("Tahun", "Triwulan"):
            return self.bad_choice(value)
        if value is None and self.chance(0.5):
            return self.bad_choice("Ya")
        return self.bad_number()

    def bad_number(self) -> object:
        texts = ("85,5", "1.234", "12", "1.234.567,89", " ", "-", "\u00a0", "nihil", "2 unit", ">1", "*")
        numbers: Sequence[object] = (None, 0, -3.5, -1, 0.1, 1e-7, 250, Formula("1+1", 2.0))
        return self.pick(self.pick(*texts), self.pick(*ERRORS), self.pick(*numbers), None)

    def bad_date(self, value: object) -> object:
        year = self.year
        texts = (f"12 November {year}", f"12/11/{year}", f"{year}-03-01", " ", "-", "belum", ">1", "*", "45000")
        numbers: Sequence[object] = (0, 1, 0.5, -5, 60, 1.5, 45000.999988, datetime.date(year + 27, 5, 1))
        moved = value + datetime.timedelta(days=400) if isinstance(value, datetime.date) else None
        return self.pick(self.pick(*texts), self.pick(*ERRORS), self.pick(*numbers), moved, None)

    def bad_choice(self, value: str | None) -> object:
        word = value or "Ya"
        texts = (
            f"{word} ", f" {word}", word.upper(), word.lower(), word.title(), f"{word}\u00a0", f"{word}*", "*",
            "?" + word[1:],            f"={word}", f"<>{word}", f">{word}", f"~{word}", f"{word}?", "Lain", " ",
            "-", "Tidak", "Bukan", "Arsip", "|",
        )  # fmt: skip
        return self.pick(self.pick(*texts), self.pick(*texts), self.pick(*ERRORS), None, 1, 2.5)

    def bad_code(self, heading: str, value: object) -> object:
        if heading == "NIP":
            nip = self.pick(*self.nips)
            texts = (
                nip[:17], f"{nip} ", f" {nip}", f"{nip[:15]}*", f"?{nip[1:]}", "*", f"={nip}", f">{nip}", f"<>{nip}",
                f"~{nip}",                f"{nip[:8]} {nip[8:]}", f"{nip}9", "-", " ", "a", "A", nip[:15] + "999",
            )  # fmt: skip
            return self.pick(self.pick(*texts), self.pick(*texts), self.pick(*ERRORS), None, float(nip), 5.0)
        if heading == "Kode":
            texts = (
                f"{value}.", f"{value} ", f" {value}", "5.03.*", "5.0?", "*", "?", "~", f"={value}", f">{value}",
                f"<>{value}",                "5", "5.03", "5.x", "5.X", "5.X.1", "-", " ", ".",
            )  # fmt: skip
            return self.pick(self.pick(*texts), self.pick(*texts), self.pick(*ERRORS), None, 5.03, 5, 503.0)
        if heading == "Kode Elemen":
            code = str(value)
            texts = (
                code.lower(),
                f"{code} ",
                f" {code}",
                "E19",
                "E00",
                "E*",
                "E0?",
                "*",
                f"={code}",
                "<>E01",
                "e1",
                code[1:],
            )
            return self.pick(self.pick(*texts), self.pick(*texts), self.pick(*ERRORS), None, 1)
        if heading == "Kode IKU":
            code = str(value)
            return self.pick(code.lower(), f"{code} ", "IKU-4", "IKU-?", "*", f"={code}", *ERRORS[:2], None, 1)
        return self.pick(" ", "-", "*", "8100001", "=", "<>", *ERRORS[:3], 8100000, None)
