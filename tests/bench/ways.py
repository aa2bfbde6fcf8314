"""The ways that are compared, each run in a process of its own: `python -m tests.bench.ways WAY FILE RUNS`.

With `--many FILES` in their place each of the files is done once. Prints one JSON object: seconds of each run (import
and first call left out) and the process's peak memory.
"""

from __future__ import annotations

import datetime
import json
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

MOMENT = datetime.datetime(2026, 6, 1, 8, 0)


def bare_read(path: Path) -> None:
    """python-calamine: every sheet to Python values, nothing else."""
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_path(str(path))
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()


def isi(path: Path) -> None:
    """A full `isi`: read, compute, check, plan, patch, save through the protocol."""
    from iku_excel.fill import fill_file

    filled = fill_file(path, MOMENT)
    assert filled.data is not None


def _edits(path: Path) -> list[tuple[str, str, object]]:
    from iku_excel.fill import open_workbook, plan_for

    return [
        (e.sheet, e.cell, f"={e.formula}" if e.formula else e.value)
        for e in plan_for(open_workbook(path.read_bytes()), MOMENT)
    ]


def openpyxl_edits(path: Path) -> None:
    """openpyxl: load, set the same cells, save. It keeps no cached value and computes nothing."""
    from openpyxl import load_workbook

    workbook = load_workbook(path)
    for sheet, cell, value in EDITS:
        workbook[sheet][cell] = value
    workbook.save(path)


def pandas_openpyxl(path: Path) -> None:
    """pandas reads every sheet into frames (openpyxl engine), then openpyxl writes as above."""
    import pandas as pd

    pd.read_excel(path, sheet_name=None, header=None)
    openpyxl_edits(path)


WAYS: dict[str, Callable[[Path], None]] = {
    "calamine read": bare_read,
    "isi": isi,
    "openpyxl": openpyxl_edits,
    "pandas+openpyxl": pandas_openpyxl,
}
EDITS: list[tuple[str, str, object]] = []


def main(way: str, source: Path, runs: int) -> None:
    """Run one way ``runs`` times on fresh copies, after one run that warms imports up."""
    if "openpyxl" in way:
        EDITS.extend(_decimals(_edits(source)))
    work = source.with_name(f"kerja-{source.name}")
    seconds = []
    for n in range(runs + 1):
        shutil.copyfile(source, work)
        begin = time.perf_counter()
        WAYS[way](work)
        if n:
            seconds.append(time.perf_counter() - begin)
    work.unlink()
    print(json.dumps({"seconds": seconds, "peak_mb": _peak_mb()}))


def many(way: str, paths: list[Path]) -> None:
    """The same over several workbooks, one after another; each one's edits are looked up before the clock starts."""
    plans = [_decimals(_edits(path)) for path in paths]
    total = 0.0
    for n, (path, plan) in enumerate(zip(paths, plans, strict=True)):
        EDITS[:] = plan
        if not n:
            warm = path.with_name("hangat.xlsx")
            shutil.copyfile(path, warm)
            WAYS[way](warm)
            warm.unlink()
        begin = time.perf_counter()
        WAYS[way](path)
        total += time.perf_counter() - begin
    print(json.dumps({"seconds": [total], "peak_mb": _peak_mb()}))


def _peak_mb() -> float:
    """The most memory that this process held; ru_maxrss would count what its parent held before the start."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmHWM in /proc/self/status")


def _decimals(edits: list[tuple[str, str, object]]) -> list[tuple[str, str, object]]:
    return [(s, c, v if v is None or isinstance(v, str | int) else float(v)) for s, c, v in edits]  # type: ignore[arg-type]


if __name__ == "__main__" and sys.argv[2] == "--many":
    many(sys.argv[1], [Path(path) for path in sys.argv[3:]])
elif __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
