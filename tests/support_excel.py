"""The stand-in for Excel put behind pywin32's modules, and a workbook in it, for the tests of the open workbook."""

from __future__ import annotations

import ctypes
import importlib
import sys
import types
from types import SimpleNamespace
from typing import Any

import pytest
from fake_excel import ComError, Dispatch, Excel, Workbook, Worksheet

from iku_excel.findings import Refusal
from iku_excel.live import OpenBook, attach, patience

PATH = r"C:\Data & 'arsip'\Buku Ñ=1.xlsm"
WRITES = ("Value=", "Formula=", "FormulaArray=", "Formula2=", "NumberFormat=")
REJECTED = ComError(-2147418111)
"""RPC_E_CALL_REJECTED."""


class WindowError(Exception):
    """pywintypes.error."""


@pytest.fixture
def excel() -> Excel:
    """An Excel with one workbook of two sheets."""
    made = Excel()
    Workbook(made, PATH, ["NSPK", "Pemeriksaan"])
    return made


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses taken, in seconds; nobody really waits."""
    taken: list[float] = []
    monkeypatch.setattr(patience, "sleep", taken.append)
    return taken


@pytest.fixture
def book(excel: Excel, monkeypatch: pytest.MonkeyPatch, pauses: list[float]) -> OpenBook:
    """That workbook, attached."""
    install(monkeypatch, excel)
    found = attach("excel", excel.hwnd, PATH, "Buku Ñ=1.xlsm")
    excel.calls.clear()
    return found


def sheet_of(excel: Excel, name: str = "NSPK") -> Worksheet:
    """A sheet of the workbook."""
    return excel.books[0].Worksheets(name)


def refused(call: Any, *given: Any) -> Refusal:
    """The refusal that a call ends in."""
    with pytest.raises(Refusal) as caught:
        call(*given)
    return caught.value


def install(monkeypatch: Any, *excels: Excel) -> Any:
    """Put pywin32's modules in place, the windows of these Excels behind them; gives xlwings' Windows engine."""
    by_hwnd = {excel.hwnd: excel for excel in excels}
    reached: list[int] = []

    def find_window(hwnd: int, *_: object) -> int:
        if hwnd not in by_hwnd:
            raise WindowError(1400, "FindWindowEx", "Invalid window handle.")
        return hwnd

    def accessible(hwnd: int, *_: object) -> int:
        reached.append(hwnd)
        return 0

    client = SimpleNamespace(
        CDispatch=Dispatch,
        CoClassBaseClass=type("CoClassBaseClass", (), {}),
        DispatchBaseClass=type("DispatchBaseClass", (), {}),
        Dispatch=lambda _: by_hwnd[reached[-1]],
        DispatchEx=None,
    )
    stubs: dict[str, dict[str, Any]] = {
        "pywintypes": {"com_error": ComError, "error": WindowError, "TimeType": type("TimeType", (), {})},
        "win32api": {},
        "win32con": {},
        "pythoncom": {"__file__": "pythoncom", "CoInitialize": lambda: None, "ole_error": ComError},
        "win32com": {"client": client},
        "win32com.client": vars(client),
        "win32gui": {"FindWindowEx": find_window},
        "win32process": {"GetWindowThreadProcessId": lambda hwnd: (0, hwnd + 1)},
        "win32timezone": {},
        "xlwings._win32patch": {"CoClassBaseClass": client.CoClassBaseClass},
    }
    for name, content in stubs.items():
        module = types.ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    library = SimpleNamespace(
        ole32=SimpleNamespace(CLSIDFromString=lambda *_: 0),
        oleacc=SimpleNamespace(AccessibleObjectFromWindow=accessible),
    )
    monkeypatch.setattr(ctypes, "oledll", library, raising=False)
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(), raising=False)
    loaded = SimpleNamespace(PyCom_PyObjectFromIUnknown=_Pointer())
    monkeypatch.setattr(ctypes, "PyDLL", lambda _: loaded)
    import xlwings

    monkeypatch.delitem(sys.modules, "xlwings._xlwindows", raising=False)
    monkeypatch.delattr(xlwings, "_xlwindows", raising=False)
    engine = importlib.import_module("xlwings._xlwindows")
    monkeypatch.setitem(sys.modules, "xlwings._xlwindows", engine)
    return engine


class _Pointer:
    restype: Any = None

    def __call__(self, *_: object) -> object:
        return self
