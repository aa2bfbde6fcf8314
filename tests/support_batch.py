"""What a batch's tests share: works that harm their worker, for files whose name asks for it, and a folder to try."""

from __future__ import annotations

import datetime
import io
import os
import stat
import time
import zipfile
from pathlib import Path
from typing import Any

from support_cli import MOMENT, foreign, unfilled

from iku_excel.batch import Outcome, filled

HARM = ("mati", "macet", "rakus", "keluar")
"""Parts of a name: the worker ends, hangs, eats memory, raises SystemExit."""


def harmful(path: Path) -> Outcome:
    """Fill the workbook, unless its name says what befalls the worker instead. Sent to workers: not a closure."""
    name = path.name
    if "mati" in name:
        os._exit(7)
    if "macet" in name:
        time.sleep(600)
    if "rakus" in name:
        eaten = []
        while True:
            eaten.append(bytearray(16 << 20))
    if "keluar" in name:
        raise SystemExit(3)
    return filled(path, MOMENT)


def slowly(path: Path, moment: datetime.datetime, **options: bool) -> Outcome:
    """Fill the workbook as `isi` does, but number 00 with a pause while its lock is held: a signal finds it at work.
    The pause is in the environment, as workers have it too."""
    from iku_excel.xlsx import replace as saving

    saved = saving.replace

    def held(*arguments: Any) -> None:
        if "00" not in path.name:
            time.sleep(float(os.environ.get("JEDA", "0.25")))
        saved(*arguments)

    saving.replace = held
    try:
        return filled(path, moment, **options)
    finally:
        saving.replace = saved


def bomb() -> bytes:
    """A small archive that claims to be a workbook and is 200 MB of nothing."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", b" " * (200 << 20))
    return out.getvalue()


def motley(folder: Path, good: int = 22) -> dict[str, str]:
    """A folder of ``good`` workbooks and others: by name of those that must be told, the code of their refusal."""
    for number in range(good):
        (folder / f"baik-{number:02d}.xlsx").write_bytes(unfilled())
    (folder / "asing.xlsx").write_bytes(foreign())
    (folder / "potong.xlsx").write_bytes(unfilled()[:5000])
    (folder / "bom.xlsx").write_bytes(bomb())
    (folder / "kosong.xlsx").write_bytes(b"")
    (folder / "dibuka.xlsx").write_bytes(unfilled())
    (folder / "~$dibuka.xlsx").write_bytes(bytes([4]) + b"Budi" + b" " * 160)
    (folder / "hanya-baca.xlsx").write_bytes(unfilled())
    (folder / "hanya-baca.xlsx").chmod(stat.S_IRUSR)
    for name in HARM:
        (folder / f"{name}.xlsx").write_bytes(unfilled())
    return {
        "potong.xlsx": "berkas-rusak",
        "bom.xlsx": "berkas-mencurigakan",
        "kosong.xlsx": "berkas-rusak",
        "dibuka.xlsx": "buku-sedang-dibuka",
        "hanya-baca.xlsx": "berkas-hanya-baca",
        "mati.xlsx": "proses-mati",
        "macet.xlsx": "batas-waktu",
        "rakus.xlsx": "memori-kurang",
        "keluar.xlsx": "kesalahan-program",
    }
