"""The button end to end: a real mouse in a real LibreOffice, the macro, Python, and cells of the open workbook."""

# ruff: noqa: F811 (fixtures)

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from test_button_office import display  # noqa: F401

from iku_excel.examples import example_content
from iku_excel.fill import fill
from iku_excel.form.button import with_button
from iku_excel.form.layout import OUTPUT_SHEETS
from iku_excel.form.template import build
from tests.judges.office import require_office
from tests.support_fill import MOMENT

pytest.importorskip("xlwings", reason="the extra 'live' is not installed")

HERE = Path(__file__).parent
pytestmark = pytest.mark.office
BOOK = "Buku & kerja 'é' 100%.xlsm"
SHEETS = list(OUTPUT_SHEETS)
TIME_OF_RUN = "Riwayat!0,"
"""The column that dates the lines of Riwayat: two runs differ in it."""


def _book(folder: Path, name: str, *, filled: bool = False) -> Path:
    """An example with its button, in a folder whose name would trip a shell."""
    data = with_button(build(*example_content(name)))
    if filled:
        data = fill(data, MOMENT).data or b""
    path = folder / "map & 'kerja'" / BOOK
    path.parent.mkdir()
    path.write_bytes(data)
    return path


def _clicks(book: Path, display: str, steps: list[list[Any]], **environment: str) -> list[Any]:
    """Open the workbook in LibreOffice with macros allowed and work through the steps; each one's result."""
    require_office()
    home = book.parents[1] / "rumah & 'é"
    home.mkdir()
    task = {"book": str(book), "profile": str(book.parents[1] / "profil"), "steps": steps}
    known = {key: value for key, value in os.environ.items() if not key.startswith("IKU_EXCEL_")}
    ours = {"HOME": str(home), "LANG": "C.UTF-8", "DISPLAY": display, "PYTHONPATH": str(HERE.parent)}
    run = subprocess.run(
        [sys.executable, str(HERE / "macro" / "click_office.py")],
        input=json.dumps(task),
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        env=known | ours | {"IKU_EXCEL_PYTHON": sys.executable} | environment,
    )
    if "No module named 'uno'" in run.stderr:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail("this machine lacks python3-uno")
        pytest.skip("this machine lacks python3-uno")
    assert run.returncode == 0, run.stderr[-2000:]
    left = [path.name for path in (home / ".iku-excel").iterdir() if path.suffix != ".ini"]
    assert left == [], "a copy with personal data, or a report, was left behind"
    return list(json.loads(run.stdout))


def _same(opened: dict[str, Any], closed: dict[str, Any]) -> None:
    """Formula, kind, text and number of every cell alike, but for the time of the run. Numbers to 12 digits:
    LibreOffice saved the closed copy's with 15, and ``isi`` leaves alone what agrees with them."""
    places = {place for place in (*opened, *closed) if not place.startswith(TIME_OF_RUN)}
    other = [
        (place, opened.get(place), closed.get(place))
        for place in sorted(places)
        if not _alike(opened.get(place), closed.get(place))
    ]
    assert not other, f"{len(other)} cells differ: {other[:5]}"
    assert sum(is_formula for _, is_formula, _ in opened.values()) > 200


def _alike(one: Any, other: Any) -> bool:
    if one is None or other is None or one[1] != other[1]:
        return False
    if one[1] and one[0] != other[0]:
        return False
    if isinstance(one[2], str) or isinstance(other[2], str):
        return bool(one[2] == other[2])
    return math.isclose(one[2], other[2], rel_tol=1e-12)


def test_a_click_fills_the_open_workbook(tmp_path: Path, display: str) -> None:
    """What was typed and never saved is computed; every cell is as ``isi`` fills a closed copy; formulas stay
    live, a second click works, a third finds nothing to do; view and protection are as before."""
    book = _book(tmp_path, "bersih")
    before = book.read_bytes()
    copy = str(tmp_path / "tertutup.xlsx")
    results = _clicks(
        book,
        display,
        [
            ["look", SHEETS],
            ["type", "tblPertanyaan", "Skor", 1, 0],
            ["closed", SHEETS, copy],
            ["view", "Ringkasan", "B5:C6", 85],
            ["state"],
            ["click", "Ringkasan"],
            ["state"],
            ["look", SHEETS],
            ["figure", "Indeks_NSPK"],
            ["type", "tblPertanyaan", "Skor", 1, 1],
            ["figure", "Indeks_NSPK"],
            ["closed", SHEETS, copy],
            ["click", "Pemeriksaan"],
            ["look", SHEETS],
            ["click", "Ringkasan"],
            ["look", SHEETS],
        ],
    )
    empty, _, closed, _, was, first, now, opened, index, _, moved, closed_2, second, opened_2, third, opened_3 = results
    assert empty != opened
    _same(opened, closed)
    assert (was, first["text"].count("IKU-")) == (now, 3)
    assert was["zoom"] == 85 and was["protection"]["Ringkasan"] is True
    assert f"IKU-1: {index:.2f}".replace(".", ",") in first["text"]
    assert moved > index, "the formula did not follow what was typed"
    _same(opened_2, closed_2)
    assert f"IKU-1: {moved:.2f}".replace(".", ",") in second["text"]
    assert "tidak ada sel yang diubah" in third["text"]
    assert opened_3 == opened_2
    assert book.read_bytes() == before, "the file was saved by the click"


@pytest.mark.trust
def test_a_click_on_a_workbook_with_mistakes(tmp_path: Path, display: str) -> None:
    """The message counts the mistakes and tells the first; Pemeriksaan lists what ``isi`` would."""
    book = _book(tmp_path, "kesalahan-umum")
    steps = [["closed", SHEETS, str(tmp_path / "tertutup.xlsx")], ["click", "Pemeriksaan"], ["look", SHEETS]]
    closed, click, opened = _clicks(book, display, steps)
    _same(opened, closed)
    assert "kesalahan" in click["text"] and "Lihat lembar Pemeriksaan" in click["text"]


def test_a_python_that_is_not_there(tmp_path: Path, display: str) -> None:
    """The message says what to do, and no cell changes; ``pantau``, started afterwards, serves the click."""
    book = _book(tmp_path, "bersih")
    hidden = {"IKU_EXCEL_PYTHON": "/tidak/ada/python", "PYTHONPATH": "/tidak/ada"}
    look = ["look", SHEETS]
    steps = [look, ["click", "Ringkasan"], look, ["pantau", str(HERE.parent)], look, ["figure", "Indeks_NSPK"]]
    before, click, after, said, served, index = _clicks(book, display, steps, **hidden)
    assert "Python tidak dapat dijalankan" in click["text"] and "Python_Iku" in click["text"]
    assert before == after
    assert f"{BOOK}: OK" in said and f"IKU-1: {index:.2f}".replace(".", ",") in said
    filled = fill(book.read_bytes(), MOMENT)
    assert len(served) > len(before) and len(served) >= sum(edit.value not in (None, "") for edit in filled.edits)
    assert list((tmp_path / "rumah & 'é" / ".iku-excel").iterdir()) == []


@pytest.mark.trust
def test_twenty_clicks(tmp_path: Path, display: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Twenty clicks in a session, each after another score was typed: each is right. Prints how long a click takes."""
    book = _book(tmp_path, "bersih", filled=True)
    steps: list[list[Any]] = []
    for turn in range(20):
        steps += [["type", "tblPertanyaan", "Skor", 1 + turn // 2, turn % 2], ["figure", "Indeks_NSPK"]]
        steps.append(["click", ("Ringkasan", "Pemeriksaan")[turn % 2]])
    results = _clicks(book, display, steps)
    indices, clicks = results[1::3], results[2::3]
    for index, click in zip(indices, clicks, strict=True):
        assert f"IKU-1: {index:.2f}".replace(".", ",") in click["text"]
    took = sorted(click["took"] for click in clicks)
    with capsys.disabled():
        print(f"\nclick to message: median {took[10]:.2f} s, fastest {took[0]:.2f} s, slowest {took[-1]:.2f} s")
