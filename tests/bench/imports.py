"""The bench of imports: 100,000 complaints into an empty workbook, beside what only reading them costs.

`python -m tests.bench.imports [ROWS]` alone; each figure in a process of its own, with its peak memory.
"""

from __future__ import annotations

import csv
import datetime
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from iku_excel.create import new_book
from iku_excel.form.layout import COMPLAINTS
from iku_excel.form.template.content import Content

ROWS = 100_000
MOMENT = datetime.datetime(2026, 1, 15, 9, 30)
_CHANNELS = ("LAPOR!", "WhatsApp", "Surat", "Tatap muka")
_CLASSES = ("Keluhan", "pengaduan", "ASPIRASI", "Permintaan Informasi")
_STATES = ("Selesai", "Proses", "Baru")


def make(folder: Path, rows: int) -> None:
    """The data as CSV and as .xlsx, and the workbook that takes them."""
    from openpyxl import Workbook

    rng, first = random.Random(1), datetime.date(2025, 1, 1)
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Keluhan")
    with (folder / "data.csv").open("w", newline="", encoding="utf-8") as file:
        out = csv.writer(file, delimiter=";")
        out.writerow(COMPLAINTS.headings)
        sheet.append(COMPLAINTS.headings)
        for n in range(1, rows + 1):
            days = [first + datetime.timedelta(rng.randrange(300) + extra) for extra in (0, 1, 3, 9)]
            texts = (
                f"CONTOH pelapor {n}",
                f"CONTOH uraian {n}, dengan koma; dan titik koma",
                f"CONTOH tindak lanjut {n}",
            )
            row: list[object] = [n, f"CONTOH-{n:07d}", days[0], rng.choice(_CHANNELS), rng.choice(_CLASSES), "Ya"]
            row += ["Kepegawaian", texts[0], texts[1], "Ya", "Bidang Mutasi", days[1], days[2], texts[2], days[3]]
            row += [rng.choice(_STATES), None]
            sheet.append(row)
            out.writerow([f"{x:%d/%m/%Y}" if isinstance(x, datetime.date) else "" if x is None else x for x in row])
    book.save(folder / "data.xlsx")
    content = Content({"Perangkat_Daerah": "CONTOH Dinas", "Triwulan": 4})
    (folder / "buku.xlsx").write_bytes(new_book(2025, content, MOMENT))


def _csv(folder: Path) -> None:
    with (folder / "data.csv").open(encoding="utf-8", newline="") as file:
        list(csv.reader(file, delimiter=";"))


def _pandas_csv(folder: Path) -> None:
    import pandas as pd

    pd.read_csv(folder / "data.csv", sep=";", dtype=str)


def _openpyxl(folder: Path) -> None:
    from openpyxl import load_workbook

    list(load_workbook(folder / "data.xlsx", read_only=True).worksheets[0].iter_rows(values_only=True))


def _pandas_xlsx(folder: Path) -> None:
    import pandas as pd

    pd.read_excel(folder / "data.xlsx", engine="openpyxl")


def _calamine(folder: Path) -> None:
    from python_calamine import CalamineWorkbook

    CalamineWorkbook.from_path(str(folder / "data.xlsx")).get_sheet_by_index(0).to_python()


def _planned(data: str, folder: Path, put: bool = False) -> None:
    """Read, matched and checked; with ``put`` also written into the table, in memory."""
    from iku_excel.imports.mapping import Peta, plain, waited_for
    from iku_excel.imports.prepare import Request, Target, prepare, put_plan
    from iku_excel.imports.source import Options, read_data

    target = Target.of((folder / "buku.xlsx").read_bytes(), "tblKeluhan")
    known = waited_for(Peta(), target.existing.headings)
    read = read_data(folder / data, Options(), lambda cells: len(known & set(map(plain, cells))), "tblKeluhan")
    plan = prepare(target, read, Request("tblKeluhan")).plan
    if put:
        put_plan(target.package, target.table, plan)


def _whole(data: str, folder: Path, times: int = 1) -> None:
    from iku_excel.imports.make import import_file
    from iku_excel.imports.prepare import Request

    for _ in range(times):
        import_file(folder / "buku.xlsx", folder / data, Request("tblKeluhan"), MOMENT)


WAYS: dict[str, Callable[[Path], None]] = {
    "csv": _csv,
    "pandas.read_csv": _pandas_csv,
    "impor CSV: dibaca dan diperiksa": partial(_planned, "data.csv"),
    "impor CSV: ditulis, tanpa isi": partial(_planned, "data.csv", put=True),
    "impor CSV: seluruhnya": partial(_whole, "data.csv"),
    "impor CSV: kedua kali": partial(_whole, "data.csv"),
    "calamine": _calamine,
    "openpyxl read-only": _openpyxl,
    "pandas.read_excel (openpyxl)": _pandas_xlsx,
    "impor xlsx: dibaca dan diperiksa": partial(_planned, "data.xlsx"),
    "impor xlsx: seluruhnya": partial(_whole, "data.xlsx"),
}
"""In this order: the second import finds what the first one wrote; the last begins with an empty workbook again."""


def measure(way: str, folder: Path) -> tuple[float, float]:
    """Seconds and peak MB of one way, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.imports", "--way", way, str(folder)], check=True, capture_output=True
    )
    seconds, peak = json.loads(done.stdout.splitlines()[-1])
    return seconds, peak


def main(rows: int = ROWS) -> None:
    """Print every figure; some minutes, most of them openpyxl's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make(folder, rows)
        empty = (folder / "buku.xlsx").read_bytes()
        print(f"\nImpor {rows:,} keluhan (CSV {(folder / 'data.csv').stat().st_size / 1e6:.0f} MB)")
        for way in WAYS:
            if way.endswith("seluruhnya"):
                (folder / "buku.xlsx").write_bytes(empty)
            seconds, peak = measure(way, folder)
            print(f"  {way:<36} {seconds:7.2f} s  {peak:6.0f} MB")
            if way.endswith("kedua kali"):
                (folder / "buku.xlsx").write_bytes(empty)


def _one(way: str, folder: Path) -> None:
    begin = time.perf_counter()
    WAYS[way](folder)
    seconds = time.perf_counter() - begin
    print(json.dumps((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--way"]:
        _one(sys.argv[2], Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
