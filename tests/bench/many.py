"""`python -m tests.bench.many`: folders of workbooks, as the command line meets them; a part of `make bench`.

Every figure is that of a whole process, started anew, but for openpyxl and pandas, which would take a quarter of an
hour for 500 workbooks: they do 40, in a process that has imported them before the clock starts.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from iku_excel.edits import Edit
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from tests.bench.workbooks import small

UNITS = 500
QUARTERS = (4, 3, 2, 1)  # of 2025: other years would find none of the example's data in them
SLOW = 40  # workbooks that openpyxl does
RUNS = 3
RECAP_RUNS = 2


@dataclass(slots=True)
class Memory:
    """The most that a process and its children held together, in MB, sampled; shared pages count once for each."""

    peak: float = 0.0
    _over: threading.Event = field(default_factory=threading.Event)

    def watch(self, pid: int) -> None:
        """Look every 50 ms until the end."""
        parent = psutil.Process(pid)
        while not self._over.wait(0.05):
            held = 0
            try:
                for process in (parent, *parent.children(recursive=True)):
                    held += process.memory_full_info().pss
            except psutil.Error:
                continue
            self.peak = max(self.peak, held / 1e6)

    def end(self) -> None:
        """No more looks."""
        self._over.set()


def run(*arguments: str) -> tuple[float, float]:
    """Seconds and peak MB of one `iku-excel` command; 0 and 1 (findings) are both good ends."""
    command = [sys.executable, "-m", "iku_excel", *arguments]
    memory, begin = Memory(), time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    watcher = threading.Thread(target=memory.watch, args=(process.pid,))
    watcher.start()
    _, told = process.communicate()
    seconds = time.perf_counter() - begin
    memory.end()
    watcher.join()
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{arguments[0]}: exit {process.returncode}\n{told.decode()}")
    return seconds, memory.peak


def many(folder: Path, count: int) -> list[Path]:
    """So many workbooks of invented units and quarters, each with other scores, not filled since."""
    seed = folder / "asal.xlsx"
    small(seed)
    package = Package.open(seed.read_bytes())
    seed.unlink()
    paths = []
    where = _places(package)
    for number in range(count):
        unit, place = divmod(number, len(QUARTERS))
        edits = [
            Edit(*where["Perangkat_Daerah"], f"CONTOH Dinas {unit + 1:04d}"),
            Edit(*where["Triwulan"], QUARTERS[place]),
            *(Edit("NSPK_Pertanyaan", f"E{row}", (number * 7 + row) % 5) for row in range(5, 25)),
        ]
        path = folder / f"TW {QUARTERS[place]}" / f"CONTOH {unit + 1:04d}.xlsx"
        path.parent.mkdir(exist_ok=True)
        data = apply_edits(package, edits).data
        assert data is not None
        path.write_bytes(data)
        paths.append(path)
    return paths


def _places(package: Package) -> dict[str, tuple[str, str]]:
    from iku_excel.fill import open_workbook

    return dict(open_workbook(package.data).inputs.setting_cells)


@contextmanager
def copy_of(folder: Path, paths: Sequence[Path]) -> Iterator[Path]:
    """A fresh copy of some workbooks of a folder."""
    target = folder.with_name("salinan")
    for path in paths:
        to = target / path.relative_to(folder)
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, to)
    os.sync()  # else the clock runs while the copies are written back
    yield target
    shutil.rmtree(target)


def _line(label: str, count: int, seconds: Sequence[float], peak: float, note: str = "") -> float:
    middle = statistics.median(seconds)
    memory = f"peak {peak:6.0f} MB" if peak else ""
    print(f"  {label:34s} {middle:8.2f} s {count / middle:8.1f} a second   {memory}  {note}", flush=True)
    return count / middle


def _slow(way: str, paths: Sequence[Path]) -> float:
    """openpyxl (or pandas and openpyxl) making the edits that `isi` makes, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.ways", way, "--many", *map(str, paths)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"][0])


def fills(folder: Path, paths: list[Path]) -> None:
    """500 workbooks with something to write; the same again, unchanged; memory over 100 and over 500."""
    some = paths[:UNITS]
    print(f"\nisi, {UNITS} small workbooks of {some[0].stat().st_size / 1024:.0f} KiB, median of {RUNS} runs")
    paces: dict[str, float] = {}
    for label, options in (("isi", ()), ("isi -j 2", ("-j", "2"))):
        filled, again, peak = [], [], 0.0
        for _ in range(RUNS):
            with copy_of(folder, some) as copies:
                seconds, most = run("isi", str(copies), *options, "--json")
                filled.append(seconds)
                peak = max(peak, most)
                again.append(run("isi", str(copies), *options, "--json")[0])
        paces[label] = _line(label, UNITS, filled, peak)
        _line(f"{label}, unchanged", UNITS, again, 0)
    print(f"  two processes against one: {paces['isi -j 2'] / paces['isi']:.2f} x")
    for way in ("openpyxl", "pandas+openpyxl"):
        with copy_of(folder, some[:SLOW]) as copies:
            pace = _line(f"{way} ({SLOW} of them)", SLOW, [_slow(way, sorted(copies.rglob("*.xlsx")))], 0)
        print(f"  isi against {way}: {paces['isi'] / pace:.1f} x")
    with copy_of(folder, paths[:100]) as copies:
        seconds, peak = run("isi", str(copies), "-j", "2", "--json")
        _line("isi -j 2 over 100", 100, [seconds], peak)
    seconds, peak = run("isi", str(folder), "-j", "2", "--json")  # the recap needs them filled
    _line(f"isi -j 2 over {len(paths):,}", len(paths), [seconds], peak)


def recaps(folder: Path, paths: list[Path]) -> None:
    """2,000 filled workbooks into one recap."""
    print(f"\nrekap, {len(paths):,} workbooks, median of {RECAP_RUNS} runs")
    for label, options in (("rekap", ()), ("rekap -j 2", ("-j", "2"))):
        seconds, peak = [], 0.0
        for _ in range(RECAP_RUNS):
            took, most = run("rekap", str(folder), "-o", str(folder.with_name("rekap.xlsx")), "--timpa", *options)
            seconds.append(took)
            peak = max(peak, most)
        _line(label, len(paths), seconds, peak)


def main() -> None:
    """Print every figure; takes some fifteen minutes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "buku"
        folder.mkdir()
        paths = many(folder, len(QUARTERS) * UNITS)
        fills(folder, paths)
        recaps(folder, paths)


if __name__ == "__main__":
    main()
