"""`make bench`: medians, ratios and peak memory, side by side in one run."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.ways import WAYS
from tests.bench.workbooks import long_log, small

SIZES = {"kecil (300 keluhan)": 0, "1.000 keluhan": 1_000, "10.000 keluhan": 10_000, "100.000 keluhan": 100_000}


def _spoil(path: Path) -> None:
    """Change one input figure so that `isi` has something to write: without it a filled book stays as it is."""
    from iku_excel.edits import Edit
    from iku_excel.xlsx.apply import apply_edits
    from iku_excel.xlsx.package import Package

    applied = apply_edits(Package.open(path.read_bytes()), [Edit("NSPK_Pertanyaan", "E5", 0)])
    assert applied.data is not None
    path.write_bytes(applied.data)


def _measure(way: str, path: Path, runs: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "tests.bench.ways", way, str(path), str(runs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    return statistics.median(figures["seconds"]), figures["peak_mb"]


def _whole_process(*command: str, runs: int = 11) -> float:
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds[1:])


def main() -> None:
    """Print every figure; takes some ten minutes, most of them openpyxl's."""
    with tempfile.TemporaryDirectory() as name:
        for label, rows in SIZES.items():
            path = Path(name) / f"{re.sub(r'[^0-9a-z]', '', label)}.xlsx"
            small(path) if not rows else long_log(path, rows)
            _spoil(path)
            runs = 21 if rows <= 1000 else 7 if rows <= 10_000 else 5
            print(f"\n{label}: {path.stat().st_size / 1024:,.0f} KiB, median of {runs} runs in one process")
            base, _ = _measure("calamine read", path, runs)
            ours = None
            for way in WAYS:
                slow = "openpyxl" in way
                seconds, peak = _measure(way, path, runs if not slow else (5 if rows <= 1000 else 2))
                ours = seconds if way == "isi" else ours
                against = f"{seconds / ours:6.1f} x isi" if ours else ""
                pace = f"{seconds * 1000:9.1f} ms {seconds / base:6.2f} x calamine {against:14s}"
                print(f"  {way:16s} {pace} peak {peak:6.0f} MB")
            if ours and not rows:
                print(f"  isi, one after another: {1 / ours:.0f} workbooks a second")
    click = _whole_process(sys.executable, "-c", "import click")
    ours = _whole_process(sys.executable, "-m", "iku_excel", "--help")
    print(
        f"\niku-excel --help {ours * 1000:.0f} ms, python -c 'import click' {click * 1000:.0f} ms: {ours / click:.2f} x"
    )


if __name__ == "__main__":
    main()
