"""`isi` killed at random moments leaves the old or the new workbook, never another, and the next run sweeps up."""

from __future__ import annotations

import datetime
import random
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest

from iku_excel.edits import Edit
from iku_excel.fill import fill
from iku_excel.shipped import shipped
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package

MOMENT = datetime.datetime(2026, 2, 1, 8, 0)
COMMAND = (sys.executable, "-m", "iku_excel", "isi")


def _stale_book() -> bytes:
    """The clean example with one score changed, so that `isi` has figures to write."""
    (data,) = (data for name, data in shipped() if "bersih" in name)
    changed = apply_edits(Package.open(data), [Edit("NSPK_Pertanyaan", "E5", 0)]).data
    assert changed is not None
    return changed


def _run_time(path: Path, old: bytes) -> float:
    path.write_bytes(old)
    begin = time.monotonic()
    subprocess.run([*COMMAND, str(path)], check=False, capture_output=True)
    return time.monotonic() - begin


def _kills(folder: Path, count: int) -> dict[str, int]:
    from openpyxl import load_workbook

    old, path, rng = _stale_book(), folder / "buku.xlsx", random.Random(7)
    whole = _run_time(path, old)
    seen = {"old": 0, "new": 0}
    for _ in range(count):
        path.write_bytes(old)
        process = subprocess.Popen([*COMMAND, str(path)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        # most of a run is starting up: the later half holds reading, writing and replacing
        time.sleep(rng.uniform(0.3, 1.05) * whole)
        process.kill()
        process.wait()
        found = path.read_bytes()
        if found == old:
            seen["old"] += 1
        else:
            assert fill(found, MOMENT).data is None, "neither the old workbook nor a completely filled one"
            load_workbook(BytesIO(found))
            seen["new"] += 1
    done = subprocess.run([*COMMAND, str(path)], check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [p.name for p in folder.iterdir()] == [path.name], "locks or temporaries of dead runs are left"
    return seen


def test_a_killed_isi_leaves_the_old_or_the_new_workbook(tmp_path: Path) -> None:
    """12 kills at random moments of a real `isi`: old or new, and the next run sweeps up."""
    assert sum(_kills(tmp_path, 12).values()) == 12


@pytest.mark.trust
def test_100_killed_isi_leave_the_old_or_the_new_workbook(tmp_path: Path) -> None:
    """The long form: 100 kills; both outcomes are seen, so the kills do meet the writing."""
    seen = _kills(tmp_path, 100)
    print(f"\nkilled 100 times: {seen['old']} old, {seen['new']} new, 0 others")
    assert min(seen.values()) > 0
