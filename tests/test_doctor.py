"""``doktor``: what this machine lacks, told from a registry, a mark and a profile that the tests write."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from support_cli import run

from iku_excel import doctor
from iku_excel.doctor import Note
from iku_excel.findings import Refusal

OWN = r"HKCU\Software\Microsoft\Office\16.0\Excel\Security"
POLICY = r"HKCU\Software\Policies\Microsoft\Office\16.0\Excel\Security"


def registry(**values: Any) -> doctor.Registry:
    """A registry of these values: own_NAME, policy_NAME, or "excel"."""
    known = {(OWN, key[4:]): value for key, value in values.items() if key.startswith("own_")}
    known |= {(POLICY, key[7:]): value for key, value in values.items() if key.startswith("policy_")}
    known[doctor._EXCEL, ""] = values.get("excel")
    known[rf"{OWN}\Trusted Locations\Location3", "Path"] = values.get("trusted")
    return lambda key, name: known.get((key, name))


def states(notes: Any) -> list[str]:
    """The states alone."""
    return [note.state for note in notes]


def test_the_command_tells_python_and_version() -> None:
    """The command prints the program, Python and its place; its status is 0 or 4 by what is missing."""
    from iku_excel import __version__

    ran = run("doktor")
    assert f"iku-excel {__version__}" in ran.out and sys.executable in ran.out
    assert ran.status == (4 if "[kurang]" in ran.out else 0)
    assert ran.err == ""


def test_something_missing_is_status_4() -> None:
    """Only what is needed counts; a warning alone leaves status 0."""
    assert doctor.status([Note("ada", "x"), Note("perhatian", "y")]) == 0
    assert doctor.status([Note("ada", "x"), Note("kurang", "y")]) == 4
    assert list(doctor.lines([Note("kurang", "y", "pasang")]))[-1] == "1 hal yang diperlukan belum ada."


def test_a_machine_without_libreoffice_or_excel_is_told() -> None:
    """Each is named as missing, with what still works without it."""
    first = next(iter(doctor.libreoffice(None)))
    assert first.state == "kurang" and "iku-excel isi" in first.fix
    assert next(iter(doctor.excel(registry()))).state == "kurang"
    assert next(iter(doctor.excel(registry(excel=r"C:\Office\EXCEL.EXE")))).state == "ada"


def test_a_missing_library_is_told_with_its_command() -> None:
    """The libraries of the button: pywin32 isn't there outside Windows."""
    [*_, pywin32] = doctor.excel(registry())
    assert (pywin32.state == "ada") == (sys.platform == "win32")
    if sys.platform != "win32":
        assert "pip install" in pywin32.fix


def test_a_python_that_cannot_reach_libreoffice_is_told(tmp_path: Path) -> None:
    """Without the module uno and xlwings both are named, status 4."""
    code = """
import sys
from iku_excel.live import office
office._SYSTEM_PACKAGES = ()
sys.modules["uno"] = None
from iku_excel import doctor
print(*(f"{n.state} {n.what}" for n in doctor.libreoffice("/usr/bin/soffice")), sep="\\n")
"""
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert "kurang Python ini tidak dapat menghubungi LibreOffice" in done.stdout


@pytest.mark.parametrize(
    ("values", "state", "said"),
    [
        ({}, "ada", "ditanyakan"),
        ({"own_VBAWarnings": 1}, "ada", "diizinkan"),
        ({"own_VBAWarnings": 4}, "perhatian", "dimatikan"),
        ({"own_VBAWarnings": 1, "policy_VBAWarnings": 3}, "perhatian", "ditetapkan bagian TI"),
        ({"own_VBAWarnings": "rusak"}, "ada", "ditanyakan"),
    ],
)
def test_what_excel_does_with_macros(values: dict[str, Any], state: str, said: str) -> None:
    """The user's choice, and the policy that goes before it; what to click when macros are off."""
    [note] = doctor.macros(registry(**values))
    assert note.state == state and said in note.what
    assert ("Trust Center" in note.fix) == (state == "perhatian")


def test_blocked_macros_and_trusted_places() -> None:
    """A policy against macros from the internet is told; trusted locations are listed."""
    notes = list(doctor.macros(registry(policy_blockcontentexecutionfrominternet=1, trusted=r"C:\Data\IKU")))
    assert states(notes) == ["ada", "perhatian", "ada"]
    assert "Unblock" in notes[1].fix and r"C:\Data\IKU" in notes[2].what


@pytest.mark.parametrize(("mark", "state"), [("ZoneId=3", "perhatian"), ("ZoneId=1", "ada"), (None, "ada")])
def test_a_downloaded_workbook_is_told(mark: str | None, state: str, tmp_path: Path) -> None:
    """The stream Zone.Identifier of zones 3 and 4 blocks the macro; what to click is said."""
    book = tmp_path / "IKU.xlsm"
    book.write_bytes(b"")
    if mark is not None:  # on Windows a stream of the file, elsewhere a file of that name
        Path(f"{book}:Zone.Identifier").write_text(f"[ZoneTransfer]\r\n{mark}\r\nHostUrl=https://x/\r\n")
    [note] = doctor.blocked(book)
    assert note.state == state
    assert ("Unblock" in note.fix) == (state == "perhatian")


def test_windows_and_a_workbook_are_looked_at_together(tmp_path: Path) -> None:
    """The whole of it on a Windows without anything: status 4, the workbook's mark among the notes."""
    book = tmp_path / "IKU.xlsm"
    book.write_bytes(b"")
    notes = doctor.examine(book, windows=True)
    assert any("IKU.xlsm" in note.what for note in notes)
    if sys.platform != "win32":
        assert doctor.status(notes) == 4


def test_a_missing_workbook_is_refused(tmp_path: Path) -> None:
    """Three lines, status 1."""
    with pytest.raises(Refusal):
        doctor.examine(tmp_path / "tidak-ada.xlsm")
    ran = run("doktor", tmp_path / "tidak-ada.xlsm")
    assert ran.status == 1 and "tidak ditemukan" in ran.err and ran.out == ""


def test_folders_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    """By trying: a folder that takes no file is missing something, for root too."""
    assert states(doctor.folders(tmp_path, tmp_path)) == ["ada", "ada"]
    (tmp_path / "berkas").write_bytes(b"")
    assert states(doctor.folders(tmp_path / "berkas", tmp_path / "berkas")) == ["kurang", "kurang"]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["berkas"], "it left something behind"


def test_a_wrong_python_variable_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """IKU_EXCEL_PYTHON that points nowhere, with the Python that would be right."""
    monkeypatch.setenv("IKU_EXCEL_PYTHON", "/tidak/ada")
    assert [note.state for note in doctor.python()][-1] == "perhatian"
    monkeypatch.setenv("IKU_EXCEL_PYTHON", sys.executable)
    assert [note.state for note in doctor.python()][-1] == "ada"


_SETTINGS = (
    '<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="{}" oor:op="fuse">'
    "<value>{}</value></prop></item>"
)


@pytest.mark.parametrize(
    ("level", "folder", "state"),
    [
        (None, None, "perhatian"),
        ("0", None, "ada"),
        ("1", None, "ada"),
        ("2", None, "perhatian"),
        ("3", "file:///x", "perhatian"),
        (None, "file:///data", "ada"),
    ],
)
def test_what_libreoffice_does_with_macros(level: str | None, folder: str | None, state: str, tmp_path: Path) -> None:
    """Its level, or a trusted folder at the usual level; a profile that was never made is at level "tinggi"."""
    profile = tmp_path / "registrymodifications.xcu"
    text = _SETTINGS.format("MacroSecurityLevel", level) if level else ""
    text += _SETTINGS.format("SecureURL", f"<it>{folder}</it>") if folder else ""
    if text:
        profile.write_text(text, encoding="utf-8")
    [note] = doctor.office_macros(profile)
    assert note.state == state
