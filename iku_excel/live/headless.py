"""A LibreOffice of our own for one conversion: no window, its own profile, and gone afterwards.

It never meets the LibreOffice that staff have open: another user profile is another office.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from iku_excel.findings import EXIT_MACHINE, Refusal

TIMEOUT = 180.0
"""Seconds for one conversion; a first start with a new profile takes some two."""
_AGAIN = 81
"""Exit status of a first start that has only set up its profile."""
_STARTS = 3
_ELSEWHERE = (
    r"C:\Program Files\LibreOffice\program\soffice.com",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.com",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse">
<value>id-ID</value></prop></item>
<item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks"
 oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse">
<value>2</value></prop></item>
</oor:items>
"""
"""Decimal commas, no macro ever, nothing fetched from other files or the net."""


def program() -> str | None:
    """LibreOffice on this machine, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice") or next(filter(_is_file, _ELSEWHERE), None)


def _is_file(path: str) -> bool:
    return Path(path).is_file()


def to_pdf(office: str, document: Path, folder: Path, *, timeout: float = TIMEOUT) -> Path:
    """Convert a document to PDF below ``folder``, which also holds the office's profile; the PDF.

    ``Refusal`` "libreoffice-tidak-jalan" (exit 4), "pdf-terlalu-lama", "pdf-gagal".
    """
    profile = folder / "profil"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_PROFILE, encoding="utf-8")
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore", "--nologo"]
    command += ["--convert-to", "pdf", "--outdir", str(folder), str(document)]
    for _ in range(_STARTS):
        if _run(command, timeout) != _AGAIN:
            break
    made = folder / f"{document.stem}.pdf"
    if not made.exists():
        raise Refusal(
            "pdf-gagal",
            "LibreOffice tidak menghasilkan PDF; mungkin tidak ada yang dapat dicetak di lembar itu.",
            "Periksa isi lembar dan area cetaknya, lalu ulangi.",
        )
    return made


def _run(command: list[str], timeout: float) -> int:
    quiet = subprocess.DEVNULL
    try:
        process = subprocess.Popen(  # noqa: S603 - our own words and paths, no shell
            command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=sys.platform != "win32"
        )
    except OSError as error:
        raise Refusal(
            "libreoffice-tidak-jalan",
            f"LibreOffice tidak dapat dijalankan ({error.strerror or type(error).__name__}).",
            "Pasang ulang LibreOffice (paket libreoffice-calc), lalu ulangi.",
            exit_status=EXIT_MACHINE,
        ) from error
    try:
        return process.wait(timeout)
    except subprocess.TimeoutExpired as error:
        raise Refusal(
            "pdf-terlalu-lama",
            f"LibreOffice belum selesai membuat PDF setelah {timeout:.0f} detik.",
            "Tutup program lain, lalu ulangi.",
            exit_status=EXIT_MACHINE,
        ) from error
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """soffice is a script around the office itself: both must go, or the office would hold the copy's folder."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        command = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - Windows' own program, our own number
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
