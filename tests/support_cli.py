"""What the tests of the command line share: workbooks made once, and ways to run the program."""

from __future__ import annotations

import datetime
import io
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from click.testing import CliRunner

from iku_excel.cli import main
from iku_excel.create import new_book
from iku_excel.examples import example_content
from iku_excel.form.template import build
from iku_excel.form.template.content import Content

MOMENT = datetime.datetime(2026, 1, 5, 8, 30)
_D = datetime.date


def small_content() -> Content:
    """A few rows a table, with sums that can be done by hand (see tests/test_explain.py)."""
    return Content(
        settings={"Perangkat_Daerah": "CONTOH Badan", "Triwulan": 4},
        tables={
            "tblPertanyaan": [
                {"Kode Elemen": "E01", "Kode Pertanyaan": "P1", "Pertanyaan": "a", "Skor": 3, "Skor Maks": 4},
                {"Kode Elemen": "E01", "Kode Pertanyaan": "P2", "Pertanyaan": "b", "Skor Maks": 4},
                {"Kode Elemen": "E02", "Kode Pertanyaan": "P3", "Pertanyaan": "c", "Skor": 5, "Skor Maks": 8},
                {"Kode Elemen": "E02", "Kode Pertanyaan": "P4", "Skor": 9, "Skor Maks": 9, "Berlaku": "Tidak"},
                {"Kode Elemen": "E19", "Kode Pertanyaan": "P5", "Skor": 1, "Skor Maks": 1},
                {"Kode Elemen": "E03", "Kode Pertanyaan": "P6", "Skor": 1, "Skor Maks": "4"},
            ],
            "tblDokumen": [
                {"Nama Dokumen": "Renja", "Batas Waktu": _D(2025, 7, 31), "Tanggal Penetapan": _D(2025, 7, 31)},
                {"Nama Dokumen": "RKA", "Batas Waktu": _D(2025, 9, 30), "Tanggal Penetapan": _D(2025, 10, 1)},
                {"Nama Dokumen": "DPA", "Batas Waktu": _D(2025, 12, 31)},
                {"Nama Dokumen": "LKjIP", "Batas Waktu": _D(2026, 3, 31)},
                {"Nama Dokumen": "Renstra", "Batas Waktu": "31 Desember 2025"},
            ],
            "tblAnggaran": [
                {"Kode": "5.03", "Pagu Murni": 1000, "Realisasi TW IV": 700},
                {"Kode": "5.03.01", "Pagu Murni": 400, "Pagu Perubahan": 600, "Realisasi TW IV": 300},
                {"Kode": "5.03.02", "Pagu Murni": 400, "Realisasi TW II": 150},
            ],
            "tblPegawai": [
                {"NIP": "197001011995031001", "Aktif": "Ya"},
                {"NIP": "197001011995031002", "Aktif": "Ya"},
                {"NIP": "197001011995031003", "Aktif": "Tidak"},
                {"NIP": "197001011995031001", "Aktif": "Ya"},
            ],
            "tblDiklat": [
                {"NIP": "197001011995031001", "Selesai": _D(2025, 3, 1)},
                {"NIP": "197001011995031002", "Selesai": _D(2024, 3, 1)},
                {"NIP": "197001011995031003", "Selesai": _D(2025, 3, 1)},
            ],
            "tblSarpras": [
                {"Nama Barang": "Kursi", "Jumlah": 6, "Kondisi": "Baik"},
                {"Nama Barang": "Meja", "Jumlah": 2, "Kondisi": "Rusak Ringan"},
                {"Nama Barang": "Lemari", "Jumlah": "dua", "Kondisi": "Baik"},
            ],
            "tblKeluhan": [
                {"Tracking ID": "T1", "Tanggal Masuk": _D(2025, 2, 3), "Tanggal Tindak Lanjut": _D(2025, 2, 5)}
                | {"Klasifikasi": "Keluhan", "Pelapor": "RAHASIA Budi"},
                {"Tracking ID": "T2", "Tanggal Masuk": _D(2025, 3, 3), "Klasifikasi": "Pengaduan"},
                {"Tracking ID": "T3", "Tanggal Masuk": _D(2025, 3, 4), "Klasifikasi": "Keluhan", "Duplikat Dari": "T1"},
                {"Tracking ID": "T4", "Tanggal Masuk": _D(2024, 3, 4), "Klasifikasi": "Keluhan"},
                {"Tracking ID": "T5", "Tanggal Masuk": _D(2025, 4, 4), "Klasifikasi": "Aspirasi"},
                {"Tracking ID": "T6", "Tanggal Masuk": _D(2025, 4, 4), "Klasifikasi": "Keluhan", "Kewenangan": "Bukan"},
            ],
        },
    )


@cache
def unfilled() -> bytes:
    """A workbook of ours in which no figure is filled in yet."""
    return build(2025, small_content())


@cache
def good() -> bytes:
    """The same, filled."""
    return new_book(2025, small_content(), MOMENT)


@cache
def example(name: str) -> bytes:
    """One of the three example workbooks."""
    return new_book(*example_content(name), MOMENT)


@cache
def foreign() -> bytes:
    """A sound workbook that is none of ours."""
    from openpyxl import Workbook

    book, out = Workbook(), io.BytesIO()
    book.active["A1"] = "Rekap"
    book.save(out)
    return out.getvalue()


def reshaped(data: bytes, changes: Mapping[str, Callable[[bytes], bytes]]) -> bytes:
    """The workbook with some of its parts changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            content = old.read(item)
            new.writestr(item.filename, changes[item.filename](content) if item.filename in changes else content)
    return out.getvalue()


@dataclass(frozen=True)
class Ran:
    """What one run came to."""

    status: int
    out: str
    err: str

    @property
    def complaint(self) -> list[str]:
        """The non-empty lines on stderr."""
        return [line for line in self.err.splitlines() if line.strip()]


def run(*args: object) -> Ran:
    """Run the program in this process."""
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    return Ran(result.exit_code, result.stdout, result.stderr)


def shell(*args: object, **env: str) -> Ran:
    """Run the program in a process of its own, as users do, its output piped."""
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-m", "iku_excel", *map(str, args)],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(root), **env},
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))
