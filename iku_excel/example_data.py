"""Invented registers of a realistic size, the same at every call. Everything in them is marked CONTOH.

No person, no question of BKN's and no complaint in here is real. Only ``Random.random`` is used: its numbers
are promised to stay the same in every Python version.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from iku_excel.form.layout import ELEMENT_CODES, IKU_1, IKU_2, IKU_3
from iku_excel.rules.loader import Rules

T = TypeVar("T")
Register = list[dict[str, object]]

UNITS = ("Sekretariat", "Bidang Mutasi", "Bidang Pengembangan", "Bidang Pembinaan", "Bidang Pengadaan")
SERVICES = ("Kenaikan pangkat", "Mutasi", "Pensiun", "Cuti", "Izin belajar", "Kartu pegawai")
TRAININGS = (
    ("Pelatihan Pelayanan Publik", "Teknis", 24),
    ("Pelatihan Manajemen ASN", "Teknis", 40),
    ("Seminar Digitalisasi Kepegawaian", "Seminar", 8),
    ("Pelatihan Pengelolaan Arsip", "Teknis", 16),
    ("Pelatihan Kepemimpinan Pengawas", "Manajerial", 120),
)
GOODS = (
    ("1.3.2.05.02.01.001", "Meja kerja", "B", 1_450_000),
    ("1.3.2.05.02.01.002", "Kursi kerja", "B", 850_000),
    ("1.3.2.10.01.02.001", "Komputer desktop", "B", 11_200_000),
    ("1.3.2.10.02.03.003", "Pencetak", "B", 3_100_000),
    ("1.3.2.05.02.04.001", "Pendingin ruangan", "B", 6_300_000),
    ("1.3.2.05.01.04.002", "Lemari arsip", "B", 2_700_000),
    ("1.3.2.06.01.01.048", "Proyektor", "B", 7_500_000),
    ("1.3.2.02.01.02.003", "Mobil operasional", "B", 287_000_000),
)
ACTIVITIES = (
    "Perencanaan",
    "Keuangan",
    "Administrasi umum",
    "Pemeliharaan",
    "Pengadaan",
    "Mutasi",
    "Diklat",
    "Penilaian",
)


def register_data(rules: Rules) -> dict[str, Register]:
    """All input registers of one year without a mistake, by table name."""
    rng = Random(rules.year)  # noqa: S311 - invented data, no secrets
    staff = employees(rng)
    return {
        "tblPertanyaan": questions(rng, rules),
        "tblDokumen": documents(rng, rules),
        "tblAnggaran": budget(rng),
        "tblPegawai": staff,
        "tblDiklat": trainings(rng, rules.year, [str(e["NIP"]) for e in staff if e["Aktif"] == "Ya"]),
        "tblSarpras": facilities(rng, rules.year),
        "tblKeluhan": complaints(rng, rules),
        "tblRealisasi": reported(rules.year),
    }


def pick(rng: Random, items: Sequence[T]) -> T:
    """One of the items."""
    return items[int(rng.random() * len(items))]


def between(rng: Random, low: int, high: int) -> int:
    """A whole number from low through high."""
    return low + int(rng.random() * (high - low + 1))


def questions(rng: Random, rules: Rules) -> Register:
    """Ninety questions over the 18 elements, three to seven each, with different maxima."""
    rows: Register = []
    for n, (code, element) in enumerate(zip(ELEMENT_CODES, rules.elements, strict=True)):
        for number in range(1, (5, 3, 7, 4, 6, 5)[n % 6] + 1):
            top = (1, 2, 4, 5, 10)[(n + number) % 5]
            answered, applies = rng.random() > 0.03, rng.random() > 0.03
            score = round(top * (4 - between(rng, 0, 2) * (rng.random() < 0.7)) / 4, 2) if answered else None
            proof = ("Lengkap" if score == top else "Sebagian") if answered else "Belum"
            rows.append(
                {
                    "Kode Elemen": code,
                    "Kode Pertanyaan": f"{code}.{number:02d}",
                    "Pertanyaan": f"CONTOH: pertanyaan {number} tentang {element.name}",
                    "Bukti Diminta": "CONTOH: keputusan, laporan, atau tangkapan layar",
                    "Skor": score,
                    "Skor Maks": top,
                    "Berlaku": "Ya" if applies else "Tidak",
                    "Bukti": f"CONTOH-{code}-{number:02d}.pdf" if answered else None,
                    "Status Bukti": proof,
                    "PIC": pick(rng, UNITS).replace("Bidang ", ""),
                }
            )
    return rows


def documents(rng: Random, rules: Rules) -> Register:
    """Twelve documents: those of the rules' register and two more; ten on time, two late."""
    year = rules.year
    due = [
        (d.nama, d.jenis, datetime.date(year + d.selisih_tahun, d.bulan, d.hari), d.dasar_hukum)
        for d in rules.documents
    ]
    due += [
        ("Indikator Kinerja Utama", "Perencanaan", datetime.date(year, 2, 28), ""),
        ("Rencana Pengadaan", "Penganggaran", datetime.date(year, 3, 31), ""),
    ]
    rows: Register = []
    for n, (name, kind, day, basis) in enumerate(due[:12], 1):
        late = n in (7, 10)
        fixed = day + datetime.timedelta(days=between(rng, 3, 9) if late else -between(rng, 1, 20))
        rows.append(
            {
                "Nama Dokumen": name,
                "Jenis": kind,
                "Tahun": year,
                "Dasar Hukum": basis or None,
                "Batas Waktu": day,
                "Tanggal Penetapan": fixed,
                "Nomor": f"CONTOH/{n:03d}/{year}",
                "PIC": "Sekretariat",
                "Keterangan": "CONTOH: menunggu hasil reviu." if late else "CONTOH",
            }
        )
    return rows


def budget(rng: Random) -> Register:
    """Forty sub kegiatan under eight kegiatan of two programmes, with the subtotal rows of both."""
    rows: Register = []
    for p, program in enumerate(("CONTOH Program penunjang urusan", "CONTOH Program kepegawaian daerah"), 1):
        at_program, leaves_of_program = len(rows), []
        for k in range(1, 5):
            kegiatan = f"CONTOH Kegiatan {ACTIVITIES[(p - 1) * 4 + k - 1].lower()}"
            code = f"5.03.0{p}.1.0{k}"
            leaves = [_leaf(rng, f"{code}.{s:04d}", program, kegiatan, s) for s in range(1, 6)]
            rows += [_subtotal(leaves, {"Kode": code, "Program": program, "Kegiatan": kegiatan}), *leaves]
            leaves_of_program += leaves
        rows.insert(at_program, _subtotal(leaves_of_program, {"Kode": f"5.03.0{p}", "Program": program}))
    return rows


_MONEY = ("Pagu Murni", "Pagu Perubahan", *(f"Realisasi TW {q}" for q in ("I", "II", "III", "IV")))


def _leaf(rng: Random, code: str, program: str, kegiatan: str, number: int) -> dict[str, object]:
    pagu = between(rng, 20, 900) * 1_000_000
    changed = pagu + between(rng, -3, 5) * 1_000_000 if rng.random() < 0.4 else None
    whole = changed or pagu
    shares = (
        0.08 + 0.12 * rng.random(),
        0.3 + 0.15 * rng.random(),
        0.55 + 0.15 * rng.random(),
        0.85 + 0.14 * rng.random(),
    )
    spent = [int(whole * share) // 1000 * 1000 for share in shares]
    return {
        "Kode": code,
        "Program": program,
        "Kegiatan": kegiatan,
        "Sub Kegiatan": f"CONTOH Sub kegiatan {number}",
        **dict(zip(_MONEY, (pagu, changed, *spent), strict=True)),
        "Fisik": between(rng, 85, 100),
        "PPTK": f"CONTOH PPTK {between(rng, 1, 9)}",
    }


def _subtotal(leaves: Register, head: dict[str, object]) -> dict[str, object]:
    def total(heading: str) -> int:
        return sum(int(str(row[heading] or row["Pagu Murni"])) for row in leaves)

    return head | {heading: total(heading) for heading in _MONEY} | {"Keterangan": "Subtotal"}


def employees(rng: Random) -> Register:
    """120 employees with invented NIP; the 2nd and 3rd share their first 15 digits."""
    rows: Register = []
    for n in range(1, 121):
        born = datetime.date(between(rng, 1968, 1999), between(rng, 1, 12), between(rng, 1, 28))
        since = datetime.date(min(born.year + between(rng, 22, 30), 2024), between(rng, 1, 12), 1)
        nip = f"{born:%Y%m%d}{since:%Y%m}{between(rng, 1, 2)}{n:03d}"
        if n == 3:
            nip = f"{str(rows[-1]['NIP'])[:15]}{n:03d}"
        rows.append(
            {
                "NIP": nip,
                "Nama": f"CONTOH Pegawai {n:03d}",
                "Status": "PPPK" if since.year >= 2021 else "PNS",
                "Unit": UNITS[n % len(UNITS)],
                "Aktif": "Tidak" if n in (40, 80, 120) else "Ya",
            }
        )
    return rows


def trainings(rng: Random, year: int, numbers: Sequence[str]) -> Register:
    """A hundred participations by some seventy employees."""
    rows: Register = []
    for n in range(1, 101):
        name, kind, hours = pick(rng, TRAININGS)
        start = datetime.date(year, between(rng, 1, 11), between(rng, 1, 26))
        rows.append(
            {
                "NIP": numbers[1] if n == 1 else pick(rng, numbers[: len(numbers) * 4 // 5]),
                "Nama Diklat": f"CONTOH {name}",
                "Jenis": kind,
                "Penyelenggara": "CONTOH Lembaga Pelatihan",
                "Mulai": start,
                "Selesai": start + datetime.timedelta(days=between(rng, 0, 4)),
                "JP": hours,
                "No Sertifikat": f"CONTOH/{n:04d}/DIKLAT/{year}",
            }
        )
    return rows


def facilities(rng: Random, year: int) -> Register:
    """Eighty rows of office goods."""
    rows: Register = []
    for n in range(1, 81):
        code, name, kib, price = GOODS[n % len(GOODS)]
        count = 1 if price > 100_000_000 else between(rng, 1, 12)
        damaged = rng.random()
        condition = "Baik" if damaged < 0.82 else "Rusak Ringan" if damaged < 0.93 else "Rusak Berat"
        rows.append(
            {
                "Kode Barang": code,
                "NUP": f"{n:04d}",
                "Nama Barang": f"CONTOH {name}",
                "KIB": kib,
                "Merk": "CONTOH",
                "Tahun": between(rng, 2012, year - 1),
                "Ruang": pick(rng, UNITS),
                "Jumlah": count,
                "Kondisi": condition,
                "Tanggal Inventarisasi": datetime.date(year, between(rng, 1, 3), between(rng, 1, 28)),
                "Nilai": price * count,
            }
        )
    return rows


def complaints(rng: Random, rules: Rules) -> Register:
    """Three hundred complaints in order of arrival; about nine in ten were followed up."""
    year, rows = rules.year, Register()
    days = sorted(between(rng, 0, 350) for _ in range(300))
    for n, offset in enumerate(days, 1):
        arrived = _workday(datetime.date(year, 1, 2) + datetime.timedelta(days=offset))
        kind = _weighted(rng, (("Keluhan", 0.6), ("Pengaduan", 0.2), ("Permintaan Informasi", 0.12), ("Aspirasi", 1)))
        check = ("Ya" if rng.random() < 0.3 else "Tidak") if kind == "Pengaduan" else None
        row: dict[str, object] = {
            "No": n,
            "Tracking ID": f"{8_100_000 + n}",
            "Tanggal Masuk": arrived,
            "Kanal": pick(rng, rules.channels),
            "Klasifikasi": kind,
            "Perlu Cek Lapangan": check,
            "Layanan": (service := pick(rng, SERVICES)),
            "Pelapor": f"CONTOH Pelapor {between(rng, 1, 160)}",
            "Uraian": f"CONTOH: {kind.lower()} tentang layanan {service.lower()}",
            "Kewenangan": "Ya" if n % 29 else "Bukan",
            "Status": "Proses",
        }
        if n % 29 and n % 41:
            row |= _handling(rng, arrived, year, n)
        elif n % 41 == 0:
            row["Status"] = "Arsip"
        if n % 47 == 0:
            row["Duplikat Dari"] = f"{8_100_000 + n - 1}"
        rows.append(row)
    return rows


def _handling(rng: Random, arrived: datetime.date, year: int, n: int) -> dict[str, object]:
    """What happened to a complaint until the end of the year."""
    end = datetime.date(year, 12, 31)
    sent = _workday(arrived + datetime.timedelta(days=between(rng, 0, 2)))
    done = _workday(
        arrived + datetime.timedelta(days=between(rng, 2, 6) if rng.random() < 0.9 else between(rng, 9, 40))
    )
    closed = _workday(done + datetime.timedelta(days=between(rng, 0, 5)))
    if sent > end:
        return {"Status": "Baru"}
    handled: dict[str, object] = {"Unit Disposisi": pick(rng, UNITS), "Tanggal Disposisi": sent}
    if done > end or done < sent or n % 13 == 0:
        return handled
    handled |= {"Tanggal Tindak Lanjut": done, "Uraian Tindak Lanjut": "CONTOH: pemohon diberi penjelasan"}
    return handled | ({"Tanggal Selesai": closed, "Status": "Selesai"} if closed <= end else {})


def _workday(day: datetime.date) -> datetime.date:
    return day + datetime.timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def _weighted(rng: Random, items: Sequence[tuple[str, float]]) -> str:
    drawn = rng.random()
    for word, share in items:
        drawn -= share
        if drawn < 0:
            return word
    return items[-1][0]


def reported(year: int) -> Register:
    """Last year's final figures and this year's first three quarters of IKU-1, as reported."""
    locked = ("04-10", "07-09", "10-09")
    rows: Register = [
        _report(year - 1, 4, code, value, datetime.date(year, 1, 12))
        for code, value in ((IKU_1, 72.4), (IKU_2, 75.31), (IKU_3, 86.5))
    ]
    for quarter, (value, day) in enumerate(zip((72.15, 74.6, 76.05), locked, strict=True), 1):
        rows.append(_report(year, quarter, IKU_1, value, datetime.date.fromisoformat(f"{year}-{day}")))
    return rows


def _report(year: int, quarter: int, code: str, value: float, locked: datetime.date) -> dict[str, object]:
    return {
        "Tahun": year,
        "Triwulan": quarter,
        "Kode IKU": code,
        "Nilai": value,
        "Sumber": "Mandiri",
        "Tanggal Kunci": locked,
        "Keterangan": "CONTOH",
    }
