"""``cetak``: sheets of a workbook as a PDF, made by LibreOffice or Excel from a private copy.

The workbook itself is only read. The copy is filled first, so that the paper shows today's figures, and only the
wanted sheets are visible in it. It holds personal data: it lies in the user's private folder and goes whatever
happens; what a killed run left goes with the next one.
"""

from __future__ import annotations

import datetime
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from types import FrameType
from typing import Literal, TypeAlias

from iku_excel.fill import Filled, fill
from iku_excel.findings import EXIT_FINDINGS, EXIT_MACHINE, Refusal
from iku_excel.form.layout import COMPLAINTS, RINGKASAN
from iku_excel.products import PDF, deliver, require_free
from iku_excel.xlsx.package import Package, SheetPart
from iku_excel.xlsx.selection import A4, F4, only

Program: TypeAlias = Literal["LibreOffice", "Excel"]

PAPERS = {"A4": A4, "F4": F4}
DEFAULT_SHEETS = (RINGKASAN,)
_PREFIX = "cetak-"
_FORGOTTEN = 3600.0  # seconds: no printing takes an hour
_PRINTABLE = ("worksheet", "chartsheet")


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF that was made. ``stale`` counts the cells of the workbook whose figures were not today's (the PDF has
    today's), ``mistakes`` the findings of level kesalahan, ``opened_by`` who has the file open ("" unknown)."""

    sheets: tuple[str, ...]
    program: Program
    stale: int
    mistakes: int
    opened_by: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be printed, where to, and whether an older PDF there may go. ``paper`` is a name of ``PAPERS``,
    None for each sheet's own."""

    target: Path
    sheets: Sequence[str] = DEFAULT_SHEETS
    paper: str | None = None
    overwrite: bool = False


def print_file(path: Path, wish: Wish, moment: datetime.datetime) -> Printed:
    """Print sheets of the workbook at ``path``. ``Refusal`` as in filling, "lembar-tidak-ada",
    "lembar-data-pelapor", "pencetak-tidak-ada" (exit 4) and those of the programs and of ``products``."""
    from iku_excel.xlsx.replace import owner, read_bytes

    require_free(wish.target, PDF, overwrite=wish.overwrite)
    return _printed(read_bytes(path), wish, moment, _programs(), owner(path))


def print_open(name: str | None, wish: Wish, moment: datetime.datetime) -> Printed:
    """The same for an open workbook as it stands on the screen, saved or not: the one of that name or the only one
    open. It is copied, not touched; the PDF is made by the application that has it open, where that can be."""
    from iku_excel.live.found import chosen, own_copy, private_folder
    from iku_excel.serve import read_copy

    require_free(wish.target, PDF, overwrite=wish.overwrite)
    book = chosen(name)
    try:
        with own_copy(book, private_folder()) as copy:
            content = read_copy(copy)
        programs = _programs()
        if book.application == "Excel":
            programs = ("Excel", *(program for program in programs if program != "Excel"))
        return _printed(content, wish, moment, programs, None)
    except Refusal as refusal:
        raise refusal.at(book.name) from refusal.__cause__


def _programs() -> tuple[Program, ...]:
    """What can print here, the first choice first."""
    from iku_excel.live.headless import program

    found: list[Program] = ["LibreOffice"] if program() else []
    if sys.platform == "win32":
        found.append("Excel")
    return tuple(found)


def _printed(
    content: bytes, wish: Wish, moment: datetime.datetime, programs: Sequence[Program], opened_by: str | None
) -> Printed:
    filled = fill(content, moment)
    package = Package.open(filled.data or content)
    sheets = _wanted(package, wish.sheets)
    if not programs:
        raise Refusal(
            "pencetak-tidak-ada",
            "Komputer ini tidak punya LibreOffice, dan di luar Windows Excel tidak dapat dipakai untuk membuat PDF.",
            "Pasang LibreOffice (Debian/Ubuntu: apt install libreoffice-calc), lalu ulangi.",
            exit_status=EXIT_MACHINE,
        )
    data = only(package, sheets, PAPERS[wish.paper] if wish.paper else None)
    pdf, program = _pdf(data, _ending(package), programs)
    deliver(wish.target, pdf, PDF, overwrite=wish.overwrite)
    return Printed(tuple(sheet.name for sheet in sheets), program, _stale(filled), _mistakes(filled), opened_by)


def _ending(package: Package) -> str:
    """Excel opens a workbook only under the ending of its kind."""
    return ".xlsm" if b"macroEnabled" in package.read("[Content_Types].xml") else ".xlsx"


def _stale(filled: Filled) -> int:
    return len(filled.changed)


def _mistakes(filled: Filled) -> int:
    return sum(finding.level == "kesalahan" for finding in filled.opened.findings)


def _wanted(package: Package, names: Sequence[str]) -> list[SheetPart]:
    """The sheets of these names, in the order of the tabs. The complaint log is never handed on."""
    known = [sheet for sheet in package.sheets if sheet.kind in _PRINTABLE]
    found = []
    for name in names:
        sheet = next((s for s in known if s.name.casefold() == name.strip().casefold()), None)
        if sheet is None:
            raise Refusal(
                "lembar-tidak-ada",
                f"Lembar {name} tidak ada dalam buku kerja ini.",
                f"Sebut salah satu: {', '.join(s.name for s in known)}.",
            )
        if sheet.kind == "worksheet" and any(t.display_name == COMPLAINTS.name for t in package.tables(sheet)):
            raise Refusal(
                "lembar-data-pelapor",
                f"Lembar {sheet.name} memuat data pribadi pelapor, jadi tidak dijadikan PDF.",
                "Cetak lembar lain; bila memang perlu, cetak lembar itu langsung dari Excel.",
                sheet=sheet.name,
            )
        found.append(sheet)
    return sorted(dict.fromkeys(found), key=package.sheets.index)


def _pdf(data: bytes, ending: str, programs: Sequence[Program]) -> tuple[bytes, Program]:
    """The PDF of a workbook's bytes, by the first of the programs that is there."""
    from iku_excel.live import excel_pdf, headless

    lacking: Refusal | None = None
    with _private_folder() as folder:
        copy = folder / f"salinan{ending}"
        copy.touch(mode=0o600)
        copy.write_bytes(data)
        for program in programs:
            try:
                if program == "Excel":
                    made = excel_pdf.to_pdf(copy, folder)
                else:
                    made = headless.to_pdf(headless.program() or "soffice", copy, folder)
                pdf = made.read_bytes()
            except Refusal as refusal:
                if refusal.exit_status != EXIT_MACHINE:
                    raise
                lacking = lacking or refusal
            else:
                if PDF.recognises(pdf):
                    return pdf, program
                lacking = lacking or Refusal("pdf-gagal", f"{program} menghasilkan berkas yang bukan PDF.", "Ulangi.")
    raise lacking or Refusal("pdf-gagal", "PDF tidak dapat dibuat.", "Ulangi.")


@contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder for one printing that others can't look into; gone afterwards, and with it those of dead runs.

    Being told to end (SIGTERM) is an ordinary end here: it would otherwise leave the copy.
    """
    from iku_excel.live.found import private_folder

    home = private_folder()
    _sweep(home)
    folder = home / f"{_PREFIX}{os.getpid()}-{token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        with _orderly_end():
            yield folder
    finally:
        _remove(folder)


@contextmanager
def _orderly_end() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(_: int, __: FrameType | None) -> None:
        sys.exit(EXIT_FINDINGS)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _remove(folder: Path) -> None:
    """A virus scanner or an office that is just ending may hold a file for a moment."""
    for _ in range(20):
        shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(0.1)
    raise Refusal(
        "salinan-belum-terhapus",
        "Salinan sementara belum dapat dihapus, padahal berisi data pelapor.",
        f"Hapus folder {folder.name} di folder {folder.parent}.",
        file=folder.name,
    )


def _sweep(home: Path) -> None:
    from iku_excel.xlsx.lock import alive

    for old in home.glob(f"{_PREFIX}*-*"):
        pid = old.name.removeprefix(_PREFIX).partition("-")[0]
        with suppress(OSError):
            if not pid.isdecimal() or not alive(int(pid)) or old.stat().st_mtime < time.time() - _FORGOTTEN:
                shutil.rmtree(old, ignore_errors=True)
