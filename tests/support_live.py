"""An office of the tests' own, with workbooks open in it, and ways to look at them through UNO."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
import re
import shutil
import subprocess
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from iku_excel.edits import Edit, Value
from iku_excel.live.blocks import place, rectangles
from iku_excel.live.office import Running, connect, load_uno
from tests.judges.office import require_office

LATER = datetime.datetime(2026, 2, 2, 14, 30)
PIPE = f"pipe,name=iku-test-{os.getpid()}"


def require_live() -> None:
    """Skip where LibreOffice, its Python module or xlwings is missing; under CI fail."""
    import pytest

    require_office()
    try:
        load_uno()
        import xlwings  # noqa: F401
    except Exception as error:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"this machine lacks python3-uno or xlwings: {error}")
        pytest.skip("this machine lacks python3-uno or xlwings")


class Office:
    """A headless office started without ``--accept``, as staff start theirs, and told to listen afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running = Running("soffice", (folder / "profile").as_uri())
        command = ["soffice", f"-env:UserInstallation={self.running.profile}", "--headless", "--norestore", "--nologo"]
        self._command = command
        self.process = self._start()
        self.desktop = self._reached()

    def _start(self) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self._command, stdin=quiet, stdout=quiet, stderr=quiet)

    def _reached(self) -> Any:
        for turn in range(60):
            if self.process.poll() is not None:  # a first start may end with 81
                self.process = self._start()
            time.sleep(0.5)
            if (self.folder / "profile" / "user" / "registrymodifications.xcu").exists() or turn > 10:
                self.running.tell(f"--accept={PIPE};urp;")
                desktop = connect(PIPE, timeout=1)
                if desktop is not None:
                    return desktop
        raise AssertionError("LibreOffice did not start")

    def close(self) -> None:
        """End this office."""
        with contextlib.suppress(Exception):  # the bridge goes down with it
            self.desktop.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    @contextmanager
    def opened(self, data: bytes, name: str = "Buku Ñ & 'arsip'.xlsx", **options: Any) -> Iterator[Any]:
        """A workbook open in the office, from a fresh folder; the UNO document."""
        folder = Path(tempfile.mkdtemp(dir=self.folder))
        (folder / name).write_bytes(data)
        url = load_uno().systemPathToFileUrl(str(folder / name))
        document = self.desktop.loadComponentFromURL(url, "_blank", 0, properties(**options))
        try:
            yield document
        finally:
            document.close(True)
            shutil.rmtree(folder)


@cache
def _office() -> Office:
    import atexit

    folder = Path(tempfile.mkdtemp(prefix="iku-live-"))
    office = Office(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    atexit.register(office.close)
    return office


def live_office(monkeypatch: Any) -> Office:
    """The one office of this test run, where the program will look for it."""
    require_live()
    office = _office()
    monkeypatch.setenv("IKU_EXCEL_LIBREOFFICE", PIPE)
    return office


def properties(**values: Any) -> tuple[Any, ...]:
    """PropertyValues."""
    uno = load_uno()
    return tuple(uno.createUnoStruct("com.sun.star.beans.PropertyValue", Name=n, Value=v) for n, v in values.items())


def path_of(document: Any) -> Path:
    """Where an open document lies."""
    return Path(load_uno().fileUrlToSystemPath(document.getURL()))


def saved(document: Any) -> bytes:
    """The document as LibreOffice would save it now."""
    target = path_of(document).with_name("salinan.xlsx")
    document.storeToURL(target.as_uri(), properties(FilterName="Calc MS Excel 2007 XML"))
    return target.read_bytes()


def sheet_parts(data: bytes, *elements: str) -> list[list[str]]:
    """These elements of every sheet part, start tags as spelled."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        texts = [archive.read(name).decode() for name in sorted(parts)]
    return [[tag for element in elements for tag in re.findall(rf"<{element}[\s/>][^>]*>?", text)] for text in texts]


def cell(document: Any, edit: Edit) -> tuple[Value, bool]:
    """The value of an edit's cell, as UNO tells it, and whether a formula stands in it."""
    found = document.getSheets().getByName(edit.sheet).getCellRangeByName(edit.cell)
    formula = found.getType().value == "FORMULA"
    kind = found.FormulaResultType2 if formula else {"VALUE": 1, "TEXT": 2}.get(found.getType().value, 0)
    if kind == 1:
        return found.getValue(), formula
    return found.getString() or None, formula


def spoil(document: Any, edits: tuple[Edit, ...]) -> None:
    """Empty every cell of a plan, formulas included, and put the protection back as it was."""
    manager = document.getUndoManager()
    for name in dict.fromkeys(edit.sheet for edit in edits):
        sheet = document.getSheets().getByName(name)
        manager.enterUndoContext("spoil")
        sheet.unprotect("")
        manager.leaveUndoContext()
        manager.lock()
        for block in rectangles([place(edit.cell) for edit in edits if edit.sheet == name]):
            sheet.getCellRangeByName(block.text).clearContents(1 | 2 | 4 | 16)  # numbers, dates, texts, formulas
        manager.unlock()
        manager.undo()
        assert sheet.isProtected()
