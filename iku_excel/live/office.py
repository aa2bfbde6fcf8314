"""Reaching a LibreOffice that is already running, from a program that its macro started.

An office that was started without ``--accept`` can be told to accept later: starting soffice a second time, with
the same user profile, hands its options to the running one and ends (12 ms measured). So the running office is
asked to listen on a pipe with a random name that only this user may open, and asked to stop at the end.
"""

from __future__ import annotations

import atexit
import contextlib
import importlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iku_excel.findings import EXIT_MACHINE, Refusal
from iku_excel.live.excel import ExcelBook, import_xlwings, not_found
from iku_excel.live.patience import code_of, is_unos

ACCEPT = "IKU_EXCEL_LIBREOFFICE"
"""Environment variable: where the office listens already ("pipe,name=iku" or "socket,host=localhost,port=2002")."""

_SYSTEM_PACKAGES = ("/usr/lib/python3/dist-packages", "/usr/lib64/python3/site-packages")
_TIMEOUT = 10.0  # seconds for the running office to open its pipe
_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Running:
    """A running office: the program to start it by, and its user profile (None: the usual one)."""

    program: str
    profile: str | None

    def tell(self, option: str) -> bool:
        """Hand an option to the running office; False when it is not running after all."""
        command = [self.program, *([f"-env:UserInstallation={self.profile}"] if self.profile else [])]
        command += ["--norestore", "--nologo", "--headless", option]
        quiet = subprocess.DEVNULL
        with subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet) as process:  # noqa: S603 - our own words, no shell
            try:
                return process.wait(_TIMEOUT) == 0
            except subprocess.TimeoutExpired:  # it became an office of its own
                process.terminate()
                return False


def load_uno() -> Any:
    """The module ``uno``. Distributions install it for the system's Python; a virtual environment can't see it."""
    try:
        return importlib.import_module("uno")
    except ImportError:
        # at the end: nothing else there may hide what is installed here
        sys.path.extend(folder for folder in _SYSTEM_PACKAGES if folder not in sys.path and Path(folder).is_dir())
    try:
        return importlib.import_module("uno")
    except ImportError as error:
        raise Refusal(
            "uno-tidak-ada",
            "Python ini tidak dapat menghubungi LibreOffice: modul uno tidak ada.",
            "Pasang paket python3-uno, dan pakai versi Python yang sama dengan Python sistem.",
            exit_status=EXIT_MACHINE,
        ) from error


def running_offices() -> list[Running]:
    """The offices that this user has running; first the one that started this program, where the system still knows.

    (LibreOffice's Shell leaves its child to the init process. The workbook is found by its full name in any case.)
    """
    if not _PROC.is_dir():
        return [Running("soffice", None)]
    found = {}
    for entry in _PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # ended meanwhile, or another user's
                program = (entry / "exe").readlink()
                if program.name == "soffice.bin" and entry.stat().st_uid == os.getuid():
                    words = (entry / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                    profiles = [w.partition("=")[2] for w in words if w.startswith("-env:UserInstallation=")]
                    profile = profiles[-1] if profiles else None
                    found[int(entry.name)] = Running(str(program.with_name("soffice")), profile)
    above = list(_ancestors())
    return [found[pid] for pid in sorted(found, key=lambda pid: above.index(pid) if pid in above else len(above))]


def _ancestors() -> Iterator[int]:
    pid = os.getppid()
    while pid > 1:
        yield pid
        try:
            status = (_PROC / str(pid) / "stat").read_text()
        except OSError:
            return
        pid = int(status.rpartition(")")[2].split()[1])


def connect(accept: str, *, timeout: float = _TIMEOUT) -> Any:
    """The desktop of the office that listens there; None when nobody answers in time."""
    uno = load_uno()
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    until = time.monotonic() + timeout
    while True:
        try:
            context = resolver.resolve(f"uno:{accept};urp;StarOffice.ComponentContext")
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        except Exception as error:  # UNO's classes are made at run time; whatever is not UNO's goes on
            if not is_unos(error):
                raise
            if "NoConnect" not in type(error).__name__ or time.monotonic() > until:
                return None  # no office, or none that can be talked to
        time.sleep(0.02)


def desktops() -> Iterator[Any]:
    """The desktops of the running offices, one after another, connected only when asked for."""
    if accept := os.environ.get(ACCEPT):
        desktop = connect(accept)
        if desktop is not None:
            yield desktop
        return
    for office in running_offices():
        pipe = f"pipe,name=iku-{secrets.token_hex(8)}"
        if office.tell(f"--accept={pipe};urp;"):
            atexit.register(office.tell, f"--unaccept={pipe};urp;")
            desktop = connect(pipe)
            if desktop is not None:
                yield desktop


def office_engine() -> tuple[Any, Any]:
    """xlwings and our engine in it, made known to it once. ``Refusal`` when UNO or xlwings is missing."""
    load_uno()
    xlwings = import_xlwings()
    from iku_excel.live.libreoffice import engine

    if engine not in [known.impl for known in xlwings.engines]:
        made = xlwings.main.Engine(engine)
        xlwings.engines.add(made)
        made.activate()
    return xlwings, engine


def attach_libreoffice(full_name: str, name: str) -> ExcelBook:
    """The workbook open in LibreOffice; see ``attach``. ``full_name`` may be an address (file:///…), a path or,
    as LibreOffice's own VBA has it, only the file's name."""
    xlwings, engine = office_engine()
    reached = False
    for desktop in desktops():
        try:
            app = xlwings.App(impl=engine.apps.reach(desktop))
            # by the name alone only where the macro knew nothing else: another folder's workbook is another one
            found = [
                book
                for book in app.books
                if full_name in book.api.addresses or (full_name == name and book.name == name)
            ]
        except Exception as error:  # likewise
            if code_of(error) is None:
                raise
            continue  # that office ended meanwhile
        reached = True
        if len(found) == 1:
            return ExcelBook(found[0], "LibreOffice", name)
    if reached:
        raise not_found(name)
    raise Refusal(
        "libreoffice-tidak-terhubung",
        "LibreOffice yang sedang terbuka tidak dapat dihubungi.",
        "Tutup LibreOffice, buka lagi buku kerja, lalu klik Hitung Ulang; atau pakai iku-excel isi.",
        file=name,
        exit_status=EXIT_MACHINE,
    )
