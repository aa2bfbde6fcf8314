"""A stand-in for Excel over COM: xlwings' own Windows engine runs on it (support_excel.py).

The object model does what Excel does to a written value (a text in a General cell is read as if it was typed), and
fails as Excel fails, with pywin32's own error and codes. What it does was taken from documents, never from Excel.
"""

# ruff: noqa: D101, D102 (names of Excel's object model, which Microsoft documents)

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from iku_excel.live.blocks import Block, address
from iku_excel.live.protection import ALLOWED

APPLICATION_ERROR = -2146827284
EXCEPTION = -2147352567


class ComError(Exception):
    """pywintypes.com_error."""

    def __init__(self, hresult: int, strerror: str = "", excepinfo: Any = None, argerror: Any = None) -> None:
        super().__init__(hresult, strerror, excepinfo, argerror)
        self.hresult, self.strerror, self.excepinfo, self.argerror = hresult, strerror, excepinfo, argerror


def failed(scode: int = APPLICATION_ERROR) -> ComError:
    """A code of the application, wrapped as pywin32 gives it."""
    return ComError(EXCEPTION, "Exception occurred.", (0, "Microsoft Excel", "", None, 0, scode))


class Dispatch:
    """win32com's CDispatch: what xlwings wraps."""

    excel: Excel

    @property
    def _oleobj_(self) -> Any:
        def ids(_: int, name: str) -> int:
            raise ComError(-2147352570, f"Unknown name {name}")

        return SimpleNamespace(GetIDsOfNames=ids)


class Excel(Dispatch):
    """Application. ``calls`` records every access that matters, ``faults`` what shall fail: kind, error, times."""

    def __init__(self, hwnd: int = 7001, *, formula2: bool = True) -> None:
        self.excel = self
        self.hwnd = hwnd
        self.formula2 = formula2
        self.calls: list[tuple[str, str]] = []
        self.faults: list[list[Any]] = []
        self.books: list[Workbook] = []
        self.Calculation = -4105

    def fail(self, kind: str, error: Exception, times: int = 1) -> None:
        """The next calls of that kind fail."""
        self.faults.append([kind, error, times])

    def call(self, kind: str, where: str = "") -> None:
        """Record an access, and fail it if it is to fail."""
        self.calls.append((kind, where))
        for fault in self.faults:
            if fault[0] == kind and fault[2] > 0:
                fault[2] -= 1
                raise fault[1]

    def kinds(self, *kinds: str) -> list[str]:
        """Where the calls of these kinds went."""
        return [where for kind, where in self.calls if kind in kinds]

    @property
    def Application(self) -> Excel:
        return self

    @property
    def Workbooks(self) -> Workbooks:
        return Workbooks(self)

    def _never(self, *_: object) -> Any:
        raise AssertionError("never to be touched")

    ActiveWorkbook = ActiveSheet = ActiveWindow = Selection = Quit = property(_never)


class Workbooks(Dispatch):
    def __init__(self, excel: Excel) -> None:
        self.excel = excel

    @property
    def Count(self) -> int:
        return len(self.excel.books)

    def __call__(self, at: Any) -> Workbook:
        self.excel.call("Workbooks")
        return self.excel.books[at - 1] if isinstance(at, int) else next(b for b in self.excel.books if b.Name == at)

    def __iter__(self) -> Iterator[Workbook]:
        self.excel.call("Workbooks")
        return iter(self.excel.books)


class Workbook(Dispatch):
    def __init__(self, excel: Excel, full_name: str, sheets: list[str], *, read_only: bool = False) -> None:
        self.excel = self.Application = excel
        self.FullName = full_name
        self.Name = re.split(r"[\\/]", full_name)[-1]
        self.ReadOnly = read_only
        self.Worksheets = Worksheets(excel, [Worksheet(excel, self, name) for name in sheets])
        excel.books.append(self)


class Worksheets(Dispatch):
    def __init__(self, excel: Excel, sheets: list[Worksheet]) -> None:
        self.excel, self.sheets = excel, sheets

    @property
    def Count(self) -> int:
        return len(self.sheets)

    def __call__(self, at: Any) -> Worksheet:
        return self.sheets[at - 1] if isinstance(at, int) else next(s for s in self.sheets if s.Name == at)

    def __iter__(self) -> Iterator[Worksheet]:
        return iter(self.sheets)


class Worksheet(Dispatch):
    def __init__(self, excel: Excel, book: Workbook, name: str) -> None:
        self.excel, self.Parent, self.Name = excel, book, name
        self.cells: dict[tuple[int, int], Cell] = {}
        self.protection: tuple[Any, ...] | None = None
        self.password = ""
        self.ProtectionMode = False
        self.EnableSelection = 0
        self.merged: list[Block] = []
        self.arrays: list[Block] = []

    def cell(self, row: int, column: int) -> Cell:
        return self.cells.setdefault((row, column), Cell())

    def Cells(self, row: int, column: int) -> Range:
        return Range(self, Block(row, column, row, column))

    def Range(self, first: Range, last: Range) -> Range:
        return Range(self, Block(first.block.top, first.block.left, last.block.bottom, last.block.right))

    def Calculate(self) -> None:
        self.excel.call("Calculate", self.Name)

    @property
    def ProtectContents(self) -> bool:
        return self.protection is not None

    @property
    def ProtectDrawingObjects(self) -> bool:
        return self.protection is not None and self.protection[0]

    @property
    def ProtectScenarios(self) -> bool:
        return self.protection is not None and self.protection[1]

    @property
    def Protection(self) -> Any:
        assert self.protection is not None
        return SimpleNamespace(**dict(zip(ALLOWED, self.protection[2:], strict=True)))

    def Unprotect(self, password: str) -> None:
        self.excel.call("Unprotect", self.Name)
        if password != self.password:
            raise failed()
        self.protection = None
        self.EnableSelection = 0  # whether Excel forgets it too is not known

    def Protect(
        self, password: str, drawings: bool, contents: bool, scenarios: bool, interface: bool, *allowed: bool
    ) -> None:
        self.excel.call("Protect", self.Name)
        assert contents and not interface and len(allowed) == len(ALLOWED)
        self.password = password
        self.protection = (drawings, scenarios, *allowed)


class Cell:
    """What one cell holds."""

    def __init__(self) -> None:
        self.value: Any = None
        self.formula = ""
        self.array = False
        self.number_format = "General"
        self.prefix = False

    def type_in(self, value: Any) -> None:
        """Take a value as ``Range.Value`` does."""
        assert type(value) in (float, str), f"{value!r} would become currency, or fail above 32 bits"
        self.formula, self.array, self.prefix = "", False, False
        if isinstance(value, float):
            self.value = repr(value) if self.number_format == "@" else value
        elif self.number_format == "@":
            self.value = value or None
        elif value[:1] == "'":
            self.value, self.prefix = value[1:], True
        elif value[:1] in ("=", "+", "-", "@") and value != "-":
            self.value, self.formula = 0.0, "=" + value.lstrip("=")
        else:
            self.value = _parsed(value)


def _parsed(text: str) -> Any:
    if re.fullmatch(r"\s*(Rp\s?)?\d[\d.,]*%?\s*|\d+[eE]\d+", text):
        return 1.0
    if re.fullmatch(r"(?i)(jan|feb|mar|apr|mei|may|jun|jul|agu|aug|sep|okt|oct|nov|des|dec)\w*[\s\-/.]*\d+.*", text):
        return 45658.0
    if re.fullmatch(r"\d+[\-/:]\d+([\-/:]\d+)?", text):
        return 45659.0
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    return text or None


class Range(Dispatch):
    def __init__(self, sheet: Worksheet, block: Block) -> None:
        self.excel, self.sheet, self.block = sheet.excel, sheet, block

    def _get(self, kind: str, of: Callable[[Cell], Any]) -> Any:
        self.excel.call(kind, f"{self.sheet.Name}!{self.block.text}")
        rows = range(self.block.top, self.block.bottom + 1)
        columns = range(self.block.left, self.block.right + 1)
        found = tuple(tuple(of(self.sheet.cell(r, c)) for c in columns) for r in rows)
        return found[0][0] if self.block.size == 1 else found

    def _set(self, kind: str, data: Any, put: Callable[[Cell, Any], None]) -> None:
        self.excel.call(kind, f"{self.sheet.Name}!{self.block.text}")
        if self.sheet.ProtectContents and not self.sheet.ProtectionMode:
            raise failed()
        rows = data if isinstance(data, (list, tuple)) else ((data,),)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                put(self.sheet.cell(self.block.top + r, self.block.left + c), value)

    def _mixed(self, kind: str, of: Callable[[Cell], Any]) -> Any:
        found = self._get(kind, of)
        kinds = {v for row in found for v in row} if self.block.size > 1 else {found}
        return kinds.pop() if len(kinds) == 1 else None

    @property
    def Value2(self) -> Any:
        return self._get("Value2", lambda cell: cell.value)

    @property
    def Value(self) -> Any:
        raise AssertionError("gives Decimals for cells in currency format: read Value2")

    @Value.setter
    def Value(self, data: Any) -> None:
        self._set("Value=", data, Cell.type_in)

    @property
    def Formula(self) -> Any:
        return self._get("Formula", lambda cell: cell.formula or ("" if cell.value is None else str(cell.value)))

    @Formula.setter
    def Formula(self, data: Any) -> None:
        def put(cell: Cell, text: str) -> None:
            if cell.number_format == "@":
                cell.value, cell.formula = text, ""
            else:
                cell.value, cell.formula, cell.array = 0.0, text, False

        self._set("Formula=", data, put)

    @property
    def FormulaArray(self) -> Any:
        raise AssertionError("not asked")

    @FormulaArray.setter
    def FormulaArray(self, text: str) -> None:
        if len(text) > 255:
            raise failed()

        def put(cell: Cell, value: str) -> None:
            cell.value, cell.formula, cell.array = 0.0, value, True

        self._set("FormulaArray=", text, put)

    @property
    def Formula2(self) -> Any:
        if not self.excel.formula2:
            raise AttributeError("Formula2")
        return self._get("Formula2", lambda cell: cell.formula)

    @Formula2.setter
    def Formula2(self, text: str) -> None:
        if not self.excel.formula2:
            raise AttributeError("Formula2")

        def put(cell: Cell, value: str) -> None:
            cell.value, cell.formula, cell.array = 0.0, value, False

        self._set("Formula2=", text, put)

    @property
    def HasArray(self) -> Any:
        return self._mixed("HasArray", lambda cell: cell.array)

    @property
    def NumberFormat(self) -> Any:
        return self._mixed("NumberFormat", lambda cell: cell.number_format)

    @NumberFormat.setter
    def NumberFormat(self, code: str) -> None:
        self._set("NumberFormat=", code, lambda cell, value: setattr(cell, "number_format", value))

    def _within(self, blocks: list[Block]) -> Block | None:
        cells = set(self.block.cells())
        return next((block for block in blocks if not cells.isdisjoint(block.cells())), None)

    @property
    def MergeCells(self) -> Any:
        found = self._within(self.sheet.merged)
        return False if found is None else True if self.block.size == 1 else None

    @property
    def MergeArea(self) -> Any:
        return _Area(self._within(self.sheet.merged) or self.block)

    @property
    def CurrentArray(self) -> Any:
        return _Area(self._within(self.sheet.arrays) or self.block)


class _Area(Dispatch):
    def __init__(self, block: Block) -> None:
        first, last = address(block.first), address((block.bottom, block.right))
        names = [re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", name) for name in dict.fromkeys((first, last))]
        self.Address = ":".join(names)
