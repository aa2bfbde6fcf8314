"""``cetak`` by Excel, over the stand-in for COM: an Excel of our own that prints a copy and ends."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fake_excel import Dispatch, Excel, failed
from support_cli import good
from support_excel import install
from support_printing import NOW, book_in, home, left, refused

from iku_excel import printing
from iku_excel.live import headless
from iku_excel.printing import Wish, print_file
from iku_excel.xlsx.package import Package

__all__ = ["home"]


class PrintingExcel(Excel):
    """An Excel of our own: opens a copy, makes a PDF of it, ends."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[Sequence[str]] = []
        self.opened_with: tuple[Any, ...] = ()
        self.ended = False
        self.AutomationSecurity = 1
        self.DisplayAlerts = self.EnableEvents = self.AskToUpdateLinks = True

    Quit = property(lambda self: lambda: setattr(self, "ended", True))

    @property
    def Workbooks(self) -> Any:
        """The collection, with Open."""
        return _Opening(self)


class _Opening(Dispatch):
    def __init__(self, excel: PrintingExcel) -> None:
        self.excel = excel

    def Open(self, path: str, *options: Any) -> Any:
        """Workbooks.Open."""
        self.excel.call("Open")
        assert self.excel.AutomationSecurity == 3 and not self.excel.DisplayAlerts
        self.excel.opened_with = (path, *options)
        return _Copy(self.excel, Path(path))


class _Copy(Dispatch):
    def __init__(self, excel: PrintingExcel, path: Path) -> None:
        self.excel, self.path = excel, path

    def ExportAsFixedFormat(self, kind: int, target: str, *_: Any) -> None:
        """Workbook.ExportAsFixedFormat: every visible sheet."""
        self.excel.call("Export")
        assert kind == 0
        self.excel.seen = [s.name for s in Package.open(self.path.read_bytes()).sheets if s.state == "visible"]
        Path(target).write_bytes(b"%PDF-excel")

    def Close(self, save: bool) -> None:
        """Workbook.Close."""
        assert save is False
        self.excel.call("Close")


@pytest.fixture
def excel(monkeypatch: pytest.MonkeyPatch) -> PrintingExcel:
    """The Excel that DispatchEx starts."""
    pytest.importorskip("xlwings", reason="the extra 'live' is not installed")
    made = PrintingExcel()
    engine = install(monkeypatch, made)
    monkeypatch.setattr(engine, "DispatchEx", lambda _: made)
    monkeypatch.setattr(engine.App, "pid", 1)
    monkeypatch.setattr(printing, "_programs", lambda: ("Excel",))
    return made


def test_excel_prints_the_visible_sheets_of_a_copy(home: Path, tmp_path: Path, excel: PrintingExcel) -> None:
    """Without macros, alerts and links, read only, and it ends; the copy's name fits its kind."""
    made = print_file(book_in(tmp_path, good()), Wish(tmp_path / "a.pdf", paper="F4"), NOW)
    assert made.program == "Excel" and excel.seen == ["Ringkasan"]
    assert excel.opened_with[0].endswith(".xlsx") and excel.opened_with[1:] == (0, True)
    assert [kind for kind, _ in excel.calls] == ["Open", "Export", "Close"] and excel.ended
    assert (tmp_path / "a.pdf").read_bytes() == b"%PDF-excel" and left(home) == []


@pytest.mark.parametrize("kind", ["Open", "Export"])
def test_a_failing_excel_ends_too(home: Path, tmp_path: Path, excel: PrintingExcel, kind: str) -> None:
    """No Excel and no copy stays behind."""
    excel.fail(kind, failed())
    assert refused(book_in(tmp_path, good()), Wish(tmp_path / "a.pdf"), NOW).code == "pdf-gagal"
    assert excel.ended and left(home) == [] and not (tmp_path / "a.pdf").exists()


def test_libreoffice_is_asked_first_and_excel_when_it_cannot_start(
    home: Path, tmp_path: Path, excel: PrintingExcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What this machine lacks is no end while another program is there."""
    monkeypatch.setattr(printing, "_programs", lambda: ("LibreOffice", "Excel"))
    monkeypatch.setattr(headless, "program", lambda: str(tmp_path / "tiada"))
    assert print_file(book_in(tmp_path, good()), Wish(tmp_path / "a.pdf"), NOW).program == "Excel"
