"""What the tests of the recap share: small workbooks of invented agencies, made from one by its own edits."""

from __future__ import annotations

import datetime
from functools import cache
from pathlib import Path

from support_cli import MOMENT, small_content

from iku_excel.edits import Edit, Value
from iku_excel.fill import Opened, fill, open_workbook
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from iku_excel.recap.gather import record_of
from iku_excel.recap.roll import Roll, Unread, roll
from iku_excel.record import Record
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package

PLANTED = "ZZRAHASIA"
"""Stands in every cell that may name a person or hold what somebody wrote."""
NIPS = ("198505172010011001", "198505172010011002", "197001011995031999")


@cache
def seed() -> Opened:
    """A whole workbook: targets, reported figures, every component, and people planted where people can be."""
    people = [{"NIP": nip, "Nama": f"{PLANTED} Nama {nip}", "Status": "PNS", "Aktif": "Ya"} for nip in NIPS[:2]]
    small = small_content().tables
    tables = {
        "tblTarget": [
            {"Kode IKU": f"IKU-{n}", "Berlaku": "Ya", "Target 2024": 60, "Target 2025": 80, "Target 2026": 90}
            | {f"Target TW {q}": 70 for q in ("I", "II", "III", "IV")}
            | {"Penanggung Jawab": f"{PLANTED} PJ", "Analisis": f"{PLANTED} analisis", "Kendala": f"{PLANTED} kendala"}
            | {"Rencana Tindak Lanjut": f"{PLANTED} rencana", "Dasar": f"{PLANTED} dasar"}
            for n in (1, 2, 3)
        ],
        "tblPertanyaan": [
            {"Kode Elemen": f"E{n:02d}", "Kode Pertanyaan": f"P{n}", "Pertanyaan": "x", "Skor": 5, "Skor Maks": 10}
            | {"PIC": f"{PLANTED} PIC", "Bukti": f"{PLANTED} bukti", "Catatan Verifikator": f"{PLANTED} catatan"}
            for n in range(1, 19)
        ],
        "tblDokumen": [
            {"Nama Dokumen": "Renja", "Batas Waktu": _day(1, 31), "Tanggal Penetapan": _day(1, 20)}
            | {"PIC": f"{PLANTED} PIC", "Keterangan": f"{PLANTED} keterangan"}
        ],
        "tblAnggaran": [
            {"Kode": "5.03.01", "Pagu Murni": 1000, "PPTK": f"{PLANTED} PPTK"}
            | {f"Realisasi TW {q}": 200 * n for n, q in enumerate(("I", "II", "III", "IV"), 1)}
        ],
        "tblPegawai": people,
        "tblDiklat": [{"NIP": NIPS[0], "Nama Diklat": "x", "Selesai": _day(2, 1), "No Sertifikat": f"{PLANTED} 7"}],
        "tblSarpras": small["tblSarpras"][:2],
        "tblKeluhan": [
            {"Tracking ID": f"{PLANTED}{n}", "Tanggal Masuk": _day(1 + n % 3, 3), "Kanal": f"{PLANTED} kanal"}
            | {"Klasifikasi": "Keluhan", "Pelapor": f"{PLANTED} Pelapor", "Uraian": f"{PLANTED} uraian"}
            | {"Tanggal Tindak Lanjut": _day(1 + n % 3, 5) if n % 4 else None, "Layanan": f"{PLANTED} layanan"}
            | {"Uraian Tindak Lanjut": f"{PLANTED} jawaban", "Unit Disposisi": f"{PLANTED} unit"}
            for n in range(8)
        ],
        "tblRealisasi": [],
    }
    settings = {
        "Perangkat_Daerah": "CONTOH Dinas Awal", "Triwulan": 4, "Nama_Pejabat": f"{PLANTED} Pejabat",
        "NIP_Pejabat": NIPS[2], "Jabatan_Pejabat": f"{PLANTED} Jabatan", "Kota": f"{PLANTED} Kota",
    }  # fmt: skip
    return open_workbook(fill(build(2025, Content(settings, tables)), MOMENT).data or b"")


def _day(month: int, day: int) -> datetime.date:
    return datetime.date(2025, month, day)


@cache
def book(
    unit: str = "CONTOH Dinas A",
    year: int = 2025,
    quarter: int = 4,
    *,
    score: float | None = None,
    carried: str = "123",
    filled: bool = True,
    scale: str | None = None,
) -> bytes:
    """A workbook of this agency. ``score``: of 10, for each of the 18 questions; ``carried``: the digits of the IKU
    that it carries; ``scale``: the word of the scale's highest step; not ``filled``: its figures are the seed's."""
    opened = seed()
    cells = opened.inputs.setting_cells
    edits = [
        Edit(*cells["Perangkat_Daerah"], unit),
        Edit(*cells["Tahun"], year),
        Edit(*cells["Triwulan"], quarter),
    ]
    if score is not None:
        edits += _column("tblPertanyaan", "Skor", [score] * 18)
    edits += _column("tblTarget", "Berlaku", ["Ya" if str(n) in carried else "Tidak" for n in (1, 2, 3)])
    shift = (datetime.date(year, 1, 1) - datetime.date(2025, 1, 1)).days
    for table, headings in {
        "tblKeluhan": ("Tanggal Masuk", "Tanggal Tindak Lanjut"),
        "tblDiklat": ("Selesai",),
    }.items():
        for heading in headings if shift else ():
            days = opened.inputs.tables[table].column(heading)
            edits += _column(table, heading, [day + shift if isinstance(day, float) else None for day in days])
    if scale is not None:
        edits += _column("tblSkalaCapaian", "Sebutan", [scale])
    data = apply_edits(opened.package, edits).data or opened.package.data
    return (fill(data, MOMENT).data or data) if filled else data


def _column(table: str, heading: str, values: list[Value]) -> list[Edit]:
    data = seed().inputs.tables[table]
    return [Edit(data.sheet, data.address(heading, at), value) for at, value in enumerate(values)]


def edited(data: bytes, *edits: Edit) -> bytes:
    """The workbook after somebody typed something; not filled since."""
    return apply_edits(Package.open(data), edits).data or data


def record(file: str, data: bytes) -> Record:
    """What the recap keeps of these bytes."""
    return record_of(file, open_workbook(data))


def rolled(*books: bytes, unread: tuple[Unread, ...] = ()) -> Roll:
    """The recap's records of these workbooks, named 1.xlsx and so on."""
    return roll([record(f"{n}.xlsx", data) for n, data in enumerate(books, 1)], unread)


def folder_of(path: Path, **books: bytes) -> Path:
    """A folder with these workbooks."""
    path.mkdir(parents=True, exist_ok=True)
    for name, data in books.items():
        (path / f"{name}.xlsx").write_bytes(data)
    return path
