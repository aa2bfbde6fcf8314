"""The macro in a real LibreOffice: called, clicked, and its branch for Windows with WScript.Shell played."""

from __future__ import annotations

import datetime
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iku_excel.examples import EXAMPLES, example_content
from iku_excel.fill import Filled, fill, open_workbook
from iku_excel.form.button import parts, with_button
from iku_excel.form.button.vba import Module, vba_project
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from iku_excel.xlsx.package import Package
from tests.judges.office import require_office

HERE = Path(__file__).parent
MOMENT = datetime.datetime(2026, 1, 15, 9, 30)
INFORMATION, WARNING, CRITICAL = 64, 48, 16

pytestmark = pytest.mark.office


def _filled() -> Filled:
    """The first example with its button."""
    return fill(with_button(build(*example_content(EXAMPLES[0].name))), MOMENT)


def _office(book: Path, tmp_path: Path, steps: list[list[Any]], **environment: str) -> list[Any]:
    """Open a workbook in LibreOffice with macros allowed and work through the steps."""
    require_office()
    home = tmp_path / "rumah & 'é"
    home.mkdir(exist_ok=True)
    task = {"book": str(book), "profile": str(tmp_path / "profil"), "steps": steps}
    known = {key: value for key, value in os.environ.items() if key not in ("IKU_EXCEL_PYTHON", "DISPLAY")}
    run = subprocess.run(
        [sys.executable, str(HERE / "macro" / "drive_office.py")],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
        env=known | {"HOME": str(home), "LANG": "C.UTF-8"} | environment,
    )
    if "No module named 'uno'" in run.stderr:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("this machine lacks python3-uno")
        pytest.skip("this machine lacks python3-uno")
    assert run.returncode == 0, run.stderr[-2000:]
    return list(json.loads(run.stdout))


_PYTHON = """#!{python}
import json, pathlib, shutil, sys, time
request = pathlib.Path(sys.argv[-1])
keys = dict(line.split("=", 1) for line in request.read_text(encoding="utf-8").splitlines() if "=" in line)
copy = request.parent / keys["salinan"]
with open({seen!r} + ".kali", "a") as count:
    count.write("x")
time.sleep({takes})
shutil.copy(copy, {seen!r} + ".xlsm")
mode = oct(request.parent.stat().st_mode & 0o777)
pathlib.Path({seen!r}).write_text(json.dumps({{"argv": sys.argv, "keys": keys, "mode": mode}}))
(request.parent / (keys["laporan"] + ".tmp")).write_text("OK\\nSelesai: é.\\n", encoding="utf-8")
(request.parent / (keys["laporan"] + ".tmp")).rename(request.parent / keys["laporan"])
"""


def test_a_click_in_libreoffice(tmp_path: Path) -> None:
    """The buttons carry the macro; it saves a copy that we can read, starts a program named by the workbook's cell,
    waits for it, gives its report, and leaves nothing behind."""
    filled = _filled()
    assert filled.data is not None
    book = tmp_path / "Buku & kerja 'é.xlsm"
    book.write_bytes(filled.data)
    program, seen = tmp_path / "iku-excel & 'é", tmp_path / "dilihat.json"
    program.write_text(_PYTHON.format(python=sys.executable, seen=str(seen), takes=0), encoding="utf-8")
    program.chmod(0o755)
    modules, ringkasan, pemeriksaan, _, report, _ = _office(
        book,
        tmp_path,
        [
            ["modules"],
            ["events", "Ringkasan"],
            ["events", "Pemeriksaan"],
            ["name", "Python_Iku", str(program)],
            ["call", "IkuTombol.Attempt"],
            ["call", "IkuTombol.HitungUlang"],
        ],
        IKU_EXCEL_PYTHON="/tidak/ada",
    )
    assert set(parts.MODULES) | {"ThisWorkbook", "Sheet1", "Sheet16"} <= set(modules)
    for buttons in (ringkasan, pemeriksaan):
        [[label, [script]]] = buttons
        assert label == "Hitung Ulang"
        assert "VBAProject.IkuTombol.HitungUlang?" in script
    assert report == "OK\nSelesai: é."
    noted = json.loads(seen.read_text())
    assert noted["keys"]["buku"] == book.as_uri().replace("'", "%27")
    assert noted["keys"]["nama"] == book.name
    assert noted["keys"]["aplikasi"] == "libreoffice"
    assert noted["argv"][1:-1] == ["tombol"]
    assert noted["mode"] == "0o700", "others could read the copy"
    assert list((tmp_path / "rumah & 'é" / ".iku-excel").iterdir()) == []
    copy = open_workbook((tmp_path / "dilihat.json.xlsm").read_bytes())
    assert copy.result.indices == filled.opened.result.indices


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of our own."""
    missing = [tool for tool in ("Xvfb", "xdotool") if shutil.which(tool) is None]
    if missing:
        reason = f"this machine lacks {' and '.join(missing)} (xvfb, xdotool)"
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    ours, its = os.pipe()
    command = ["Xvfb", "-displayfd", str(its), "-screen", "0", "1600x900x24"]
    server = subprocess.Popen(command, pass_fds=(its,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(its)
    with os.fdopen(ours) as told:
        number = told.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait(10)


@pytest.mark.trust
def test_a_real_click(tmp_path: Path, display: str) -> None:
    """The mouse on the button: Python starts once, though the button is clicked again while it works; the message
    is answered and the macro ends."""
    book = tmp_path / "buku.xlsm"
    book.write_bytes(_filled().data or b"")
    program, seen = tmp_path / "iku-excel", tmp_path / "dilihat.json"
    program.write_text(_PYTHON.format(python=sys.executable, seen=str(seen), takes=3), encoding="utf-8")
    program.chmod(0o755)
    began = Path(f"{seen}.kali")
    steps: list[list[Any]] = [["press", "Ringkasan", str(began)]]
    _office(book, tmp_path, steps, IKU_EXCEL_PYTHON=str(program), DISPLAY=display)
    assert began.read_text() == "x"
    assert json.loads(seen.read_text())["keys"]["buku"] == book.as_uri()
    assert list((tmp_path / "rumah & 'é" / ".iku-excel").iterdir()) == []


def _with_stand_ins() -> bytes:
    """The workbook with the module that reaches outside replaced by one that plays every outcome."""
    folder = HERE / "macro"
    modules = parts.macro_modules("ThisWorkbook", tuple(f"Sheet{n}" for n in range(1, 17)))
    modules = [module for module in modules if module.name != "IkuLuar"]
    for path in sorted(folder.iterdir()):
        if path.suffix in (".bas", ".cls"):
            code = path.read_text(encoding="ascii").partition("\n")[2]
            modules.append(Module(path.stem, "class" if path.suffix == ".cls" else "standard", code))
    return Package.open(with_button(build(2025, Content()))).with_parts({"xl/vbaProject.bin": vba_project(modules)})


def test_the_windows_branch_in_libreoffice(tmp_path: Path) -> None:
    """The branch for Windows runs through every outcome in a second Basic, with WScript.Shell played."""
    book = tmp_path / "buku.xlsm"
    book.write_bytes(_with_stand_ins())
    home = str(tmp_path)
    cases: list[tuple[str, str, str, list[str]]] = [
        ("report", "OK\nSelesai.", "", []),
        ("missing|silent|report", "TEMUAN\n3 kesalahan.", r"C:\Program Files\Python311\python.exe", []),
        ("missing|missing|missing", "", "", []),
        ("report", "GAGAL\n" + "kata " * 500, "", []),
        ("click", "OK\nSelesai.", "", []),
        ("silent|report", "OK\nSelesai.", "", ["PrepareOpenOffice"]),
        ("", "", "", ["PrepareForbidden"]),
        ("", "", "", ["PrepareMac"]),
    ]
    steps: list[list[Any]] = []
    for plan, text, python, more in cases:
        steps.append(["call", "IkuLuar.Prepare", plan, text, home, python])
        steps += [["call", f"IkuLuar.{name}"] for name in more]
        steps.append(["call", "IkuTombol.HitungUlang"])
        steps += [["call", f"IkuLuar.Seen{what}"] for what in ("Messages", "Commands", "Copy", "States")]
        steps.append(["call", "IkuLuar.NoteState"])
        steps.append(["call", "IkuLuar.SeenStates"])
    results = _office(book, tmp_path, steps)
    seen = []
    for _, _, _, more in cases:
        del results[: 2 + len(more)]
        messages, commands, copy, during, _, after = results[:6]
        del results[:6]
        seen.append((messages.split("\n=====\n")[:-1], commands.splitlines(), copy, during, after[len(during) :]))
    first, search, none, long, twice, other, forbidden, mac = seen
    assert first[0] == [f"{INFORMATION}:Selesai."]
    assert [command.partition(" tombol ")[0] for command in search[1]] == [
        r'"C:\Program Files\Python311\python.exe" -P -m iku_excel',
        '"iku-excel"',
        '"py" -3 -P -m iku_excel',
    ]
    assert search[0] == [f"{WARNING}:3 kesalahan."]
    assert first[2] and search[2], "no copy was there to read"
    assert none[0][0].startswith(f"{WARNING}:Python tidak dapat dijalankan")
    assert long[0][0].startswith(f"{CRITICAL}:kata") and len(long[0][0]) == 903
    assert [message.partition(":")[2][:22] for message in twice[0]] == ["Perhitungan sebelumnya", "Selesai."]
    assert len(twice[1]) == 1
    assert other[0] == [f"{INFORMATION}:Selesai."] and len(other[1]) == 2
    assert forbidden[0][0].startswith(f"{WARNING}:Python tidak dapat dijalankan") and forbidden[1] == []
    assert mac[0][0].startswith(f"{CRITICAL}:Tombol ini belum didukung di Mac.")
    for _, _, _, during, after in seen:
        # LibreOffice always says False for its status bar
        assert all(line == "False,False,False,False" for line in during.splitlines())
        assert after == "True,True,True,False\n"
    left = sorted(path.suffix for path in (tmp_path / ".iku-excel").iterdir())
    assert left == [".ini", ".ini"], "the requests of the two clicks that no Python served"
    for path in (tmp_path / ".iku-excel").iterdir():
        assert "\nsalinan=\n" in path.read_text()
