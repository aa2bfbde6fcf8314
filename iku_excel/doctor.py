"""``doktor``: what this machine has and lacks for iku_excel, and what to click to put it right.

Looks only; changes nothing. The keys of the registry are those that Microsoft documents for the Trust Center;
they were never read on a real Windows by us.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from iku_excel import __version__
from iku_excel.findings import EXIT_DONE, EXIT_MACHINE, Refusal
from iku_excel.live.session import PRIVATE_FOLDER

State: TypeAlias = Literal["ada", "kurang", "perhatian"]
Registry: TypeAlias = Callable[[str, str], Any]
"""Value ``name`` below a key of HKEY_CURRENT_USER or HKEY_LOCAL_MACHINE ("HKCU\\…", "HKLM\\…"); None if unset."""

_OLDEST = (3, 11)
_EXCEL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
_SECURITY = r"\Software\{}Microsoft\Office\16.0\Excel\Security"
_MACROS = {
    1: "semua makro diizinkan",
    2: "makro ditanyakan saat buku dibuka",
    3: "hanya makro bertanda tangan yang diizinkan",
    4: "semua makro dimatikan",
}
_OFFICE_LEVELS = {0: "rendah", 1: "sedang", 2: "tinggi", 3: "sangat tinggi"}
_LEVEL = re.compile(r'<prop oor:name="MacroSecurityLevel"[^>]*><value>(\d)</value>')
_TRUSTED = re.compile(r'<prop oor:name="SecureURL"[^>]*><value>(.*?)</value>', re.DOTALL)
_INTERNET = 3  # zones 3 and 4 are blocked
_ASK_IT = "Bila pilihan itu terkunci, minta bagian TI, atau pakai `iku-excel isi` tanpa makro."


@dataclass(frozen=True, slots=True)
class Note:
    """One thing looked at. "kurang": something needed is missing; "perhatian": it may stand in the way."""

    state: State
    what: str
    fix: str = ""


def examine(book: Path | None = None, *, windows: bool = sys.platform == "win32") -> list[Note]:
    """Look at everything, and at the workbook if one is given. ``Refusal`` "berkas-tidak-ada"."""
    if book is not None and not book.is_file():
        raise Refusal(
            "berkas-tidak-ada",
            f"Berkas {book.name} tidak ditemukan.",
            "Periksa nama berkas dan foldernya.",
            file=str(book),
        )
    notes = [*python(), *folders(), report(), watching()]
    if windows:
        notes += [*excel(read_registry), *macros(read_registry)]
        if book is not None:
            notes += blocked(book)
    else:
        notes += [*libreoffice(), *office_macros(office_profile())]
    return notes


def status(notes: list[Note]) -> int:
    """0, or 4 when something needed is missing."""
    return EXIT_MACHINE if any(note.state == "kurang" for note in notes) else EXIT_DONE


def lines(notes: list[Note]) -> Iterator[str]:
    """The notes as lines of text, and what they come to."""
    marks = {"ada": "[ada]      ", "kurang": "[kurang]   ", "perhatian": "[perhatian]"}
    for note in notes:
        yield f"{marks[note.state]} {note.what}"
        if note.fix:
            yield f"            {note.fix}"
    missing = sum(note.state == "kurang" for note in notes)
    yield ""
    yield f"{missing} hal yang diperlukan belum ada." if missing else "Semua yang diperlukan ada."


def python() -> Iterator[Note]:
    """The program and the Python that runs it."""
    yield Note("ada", f"iku-excel {__version__}")
    version = f"Python {platform.python_version()} ({sys.executable})"
    if sys.version_info < _OLDEST:
        yield Note("kurang", version, "Pasang Python 3.11 atau yang lebih baru.")
    else:
        yield Note("ada", version)
    if os.environ.get("IKU_EXCEL_PYTHON"):
        chosen = os.environ["IKU_EXCEL_PYTHON"]
        if Path(chosen).is_file():
            yield Note("ada", f"IKU_EXCEL_PYTHON: {chosen}")
        else:
            yield Note(
                "perhatian",
                f"IKU_EXCEL_PYTHON menunjuk {chosen}, yang tidak ada.",
                f"Isi dengan {sys.executable}, atau hapus variabel itu.",
            )


def folders(home: Path | None = None, here: Path | None = None) -> Iterator[Note]:
    """Whether the folders that we write into can be written."""
    private = (home or Path.home()) / PRIVATE_FOLDER
    places = [(here or Path.cwd(), "Folder ini", "Pindah ke folder sendiri, misalnya Documents.")]
    places.append((private, "Folder permintaan tombol", "Periksa izin folder itu, atau minta bagian TI."))
    for folder, what, fix in places:
        if _writable(folder if folder.exists() else folder.parent):
            yield Note("ada", f"{what} dapat ditulis: {folder}")
        else:
            yield Note("kurang", f"{what} tidak dapat ditulis: {folder}", fix)


def _writable(folder: Path) -> bool:
    """By writing: permissions of Windows say little about it."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _module(name: str, fix: str) -> Note:
    if importlib.util.find_spec(name) is not None:
        return Note("ada", f"Pustaka {name}")
    return Note("kurang", f"Pustaka {name} tidak ada; tombol Hitung Ulang memerlukannya.", fix)


def report() -> Note:
    """The library behind ``laporan``; everything else works without it."""
    return _optional("docxtpl", "hanya `iku-excel laporan` memerlukannya", "laporan")


def watching() -> Note:
    """The library behind ``pantau FOLDER``; with --polling it works without."""
    return _optional("watchfiles", "hanya `iku-excel pantau FOLDER` tanpa --polling memerlukannya", "pantau")


def _optional(name: str, needed: str, extra: str) -> Note:
    if importlib.util.find_spec(name) is not None:
        return Note("ada", f"Pustaka {name}")
    fix = f'Pasang dengan: pip install "iku_excel[{extra}]".'
    return Note("perhatian", f"Pustaka {name} tidak ada; {needed}.", fix)


def excel(registry: Registry) -> Iterator[Note]:
    """Excel, and the way to it."""
    program = registry(_EXCEL, "")
    if program:
        yield Note("ada", f"Excel: {program}")
    else:
        yield Note(
            "kurang",
            "Excel untuk Windows tidak ditemukan; tombol Hitung Ulang memerlukannya, juga `cetak` tanpa LibreOffice.",
            "Pasang Microsoft Excel. Tanpa Excel, `iku-excel isi` tetap dapat dipakai.",
        )
    yield _module("xlwings", 'Pasang dengan: pip install "iku_excel[live]".')
    yield _module("win32com", "Pasang dengan: pip install --force-reinstall pywin32.")


def macros(registry: Registry) -> Iterator[Note]:
    """What Excel does with macros. A policy of the IT department goes before the user's own choice."""
    own, policy = "HKCU" + _SECURITY.format(""), "HKCU" + _SECURITY.format("Policies\\")
    forced = registry(policy, "VBAWarnings")
    level = forced if forced is not None else registry(own, "VBAWarnings")
    level = level if level in _MACROS else 2
    by = " (ditetapkan bagian TI)" if forced is not None else ""
    if level in (1, 2):
        yield Note("ada", f"Makro Excel: {_MACROS[level]}{by}.")
    else:
        yield Note(
            "perhatian",
            f"Makro Excel: {_MACROS[level]}{by}.",
            "File > Options > Trust Center > Trust Center Settings > Macro Settings: pilih"
            f" 'Disable VBA macros with notification'. {_ASK_IT}",
        )
    if registry(policy, "blockcontentexecutionfrominternet") == 1:
        yield Note(
            "perhatian",
            "Bagian TI memblokir makro dari internet tanpa bertanya.",
            f"Hapus tanda blokir berkasnya (klik kanan > Properties > Unblock). {_ASK_IT}",
        )
    trusted = [registry(rf"{own}\Trusted Locations\Location{number}", "Path") for number in range(20)]
    found = [str(path) for path in trusted if path]
    if found:
        yield Note("ada", f"Trusted Locations: {'; '.join(found)}")


def blocked(book: Path) -> Iterator[Note]:
    """Whether Windows marked the workbook as coming from the internet (its stream Zone.Identifier)."""
    try:
        mark = Path(f"{book}:Zone.Identifier").read_text(encoding="utf-8", errors="replace")
    except OSError:  # no such mark
        mark = ""
    zone = re.search(r"^ZoneId\s*=\s*(\d)", mark, re.MULTILINE)
    if zone is None or int(zone[1]) < _INTERNET:
        yield Note("ada", f"{book.name} tidak ditandai berasal dari internet.")
        return
    yield Note(
        "perhatian",
        f"{book.name} ditandai berasal dari internet, sehingga Excel memblokir makronya.",
        "Tutup bukunya, klik kanan berkasnya di Explorer > Properties > centang Unblock > OK.",
    )


def libreoffice(program: str | None = shutil.which("soffice")) -> Iterator[Note]:
    """LibreOffice, and the way to it."""
    if program:
        yield Note("ada", f"LibreOffice: {program}")
    else:
        yield Note(
            "kurang",
            "LibreOffice tidak ditemukan; tombol Hitung Ulang dan `iku-excel cetak` memerlukannya.",
            "Pasang libreoffice-calc. Tanpa itu, `iku-excel isi` tetap dapat dipakai.",
        )
    yield _module("xlwings", 'Pasang dengan: pip install "iku_excel[live]".')
    from iku_excel.live.office import load_uno

    try:
        load_uno()
    except Refusal as refusal:
        yield Note("kurang", refusal.message, refusal.fix)
    else:
        yield Note("ada", "Pustaka uno")


def office_profile(home: Path | None = None) -> Path:
    """Where LibreOffice keeps the user's settings on Linux."""
    return (home or Path.home()) / ".config" / "libreoffice" / "4" / "user" / "registrymodifications.xcu"


def office_macros(profile: Path) -> Iterator[Note]:
    """What LibreOffice does with macros; without a setting its level is "tinggi"."""
    try:
        settings = profile.read_text(encoding="utf-8")
    except OSError:  # LibreOffice was never started
        settings = ""
    found = _LEVEL.search(settings)
    level = int(found[1]) if found else 2
    word = _OFFICE_LEVELS.get(level, "tidak dikenal")
    trusted = _TRUSTED.search(settings)
    folders = re.findall(r"<it>(.*?)</it>", trusted[1]) if trusted else []
    if level <= 1:
        yield Note("ada", f"Keamanan makro LibreOffice: {word}.")
    elif folders and level == 2:
        yield Note("ada", f"Keamanan makro LibreOffice: {word}; lokasi tepercaya: {'; '.join(folders)}")
    else:
        yield Note(
            "perhatian",
            f"Keamanan makro LibreOffice: {word}; tombol Hitung Ulang tidak akan jalan.",
            "Tools > Options > LibreOffice > Security > Macro Security: tambahkan folder buku kerja di"
            " Trusted Sources, atau pilih tingkat Medium.",
        )


def read_registry(key: str, name: str) -> Any:
    """A value of the registry, None when it is not there (or this is no Windows)."""
    if sys.platform != "win32":
        return None
    import winreg

    root, _, path = key.partition("\\")
    hive = winreg.HKEY_CURRENT_USER if root == "HKCU" else winreg.HKEY_LOCAL_MACHINE
    try:
        with winreg.OpenKey(hive, path) as opened:
            return winreg.QueryValueEx(opened, name)[0]
    except OSError:
        return None
