"""The names of Excel's object model over LibreOffice's UNO, as many as applying a plan needs.

They mean what they mean in Excel (formulas in its spelling, None where cells differ, a leading apostrophe
before a text), and failures carry the codes that Excel's would, so that one code serves both.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from types import SimpleNamespace
from typing import Any, ParamSpec, TypeVar

from iku_excel.live.blocks import Block
from iku_excel.live.patience import APPLICATION_ERROR, DISCONNECTED, EXCEPTION, is_unos
from iku_excel.live.protection import ALLOWED
from iku_excel.live.spelling import excel_spelling, office_spelling

P = ParamSpec("P")
R = TypeVar("R")


class OfficeError(Exception):
    """A failure of LibreOffice with the codes that Excel's would carry (``patience.code_of``)."""

    def __init__(self, message: str, hresult: int, scode: int = 0) -> None:
        super().__init__(message)
        self.hresult = hresult
        self.excepinfo = (0, "LibreOffice", message, None, 0, scode) if scode else None


def refused(message: str) -> OfficeError:
    """What Excel raises for a write that it won't do."""
    return OfficeError(message, EXCEPTION, APPLICATION_ERROR)


def told(call: Callable[P, R]) -> Callable[P, R]:
    """A call whose UNO exceptions become ``OfficeError``."""

    @wraps(call)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return call(*args, **kwargs)
        except Exception as error:  # UNO's classes are made at run time; whatever is not UNO's goes on
            kind = type(error).__name__
            if not is_unos(error):
                raise
            if "DisposedException" in kind or "bridge" in str(error).lower():
                raise OfficeError(str(error), DISCONNECTED) from error
            raise refused(str(error)) from error

    return wrapped


@told
def spreadsheets(desktop: Any) -> list[Any]:
    """The spreadsheet documents that an office has open."""
    found, components = [], desktop.getComponents().createEnumeration()
    while components.hasMoreElements():
        document = components.nextElement()
        # not every window is a document: the editor of macros has no services
        services = getattr(document, "supportsService", None)
        if services is not None and services("com.sun.star.sheet.SpreadsheetDocument"):
            found.append(document)
    return found


class NativeBook:
    """A spreadsheet document as Excel's Workbook."""

    def __init__(self, document: Any) -> None:
        self.document = document

    @property
    @told
    def addresses(self) -> tuple[str, ...]:
        """All that may stand for the document's full name: its address, its path, its title if never saved."""
        url = str(self.document.getURL())
        return (url, self.FullName) if url else (self.FullName,)

    @property
    @told
    def FullName(self) -> str:
        """Its path; its address when it is no local file; its title when it was never saved."""
        url = str(self.document.getURL())
        if not url:
            return str(self.document.getTitle())
        uno = import_module("uno")
        return str(uno.fileUrlToSystemPath(url)) if url.startswith("file:") else url

    @property
    @told
    def Name(self) -> str:
        """The file's name."""
        return self.FullName.replace("\\", "/").rpartition("/")[2]

    @property
    @told
    def ReadOnly(self) -> bool:
        """Whether it was opened for reading only."""
        return bool(self.document.isReadonly())

    @property
    @told
    def Application(self) -> SimpleNamespace:
        """What of Excel's Application is asked: whether formulas are recalculated by themselves."""
        return SimpleNamespace(Calculation=-4105 if self.document.isAutomaticCalculationEnabled() else -4135)

    @property
    @told
    def sheet_names(self) -> tuple[str, ...]:
        """The names of its sheets, in the order of the tabs."""
        return tuple(self.document.getSheets().getElementNames())

    @told
    def format_key(self, code: str) -> int:
        """The number of a format code given in English, added when the document does not know it."""
        locale = import_module("uno").createUnoStruct("com.sun.star.lang.Locale", Language="en", Country="US")
        formats = self.document.getNumberFormats()
        key = formats.queryKey(code, locale, False)
        return int(formats.addNew(code, locale) if key == -1 else key)


class NativeSheet:
    """A sheet as Excel's Worksheet."""

    ProtectionMode = False
    ProtectDrawingObjects = False
    ProtectScenarios = False
    EnableSelection = 0
    Protection = SimpleNamespace(**dict.fromkeys(ALLOWED, False))
    """What Excel could tell of a protection; a sheet here remembers it while the protection is lifted."""

    def __init__(self, book: NativeBook, name: str) -> None:
        self.book = book
        self.name = name

    @property
    @told
    def native(self) -> Any:
        """The UNO sheet."""
        return self.book.document.getSheets().getByName(self.name)

    @property
    @told
    def ProtectContents(self) -> bool:
        """Whether its cells are protected."""
        return bool(self.native.isProtected())

    @told
    def Unprotect(self, password: str) -> None:
        """Lift the protection; fails as in Excel when the password is another."""
        self.native.unprotect(password)
        if self.native.isProtected():
            raise refused("wrong password")

    @told
    def Protect(self, *_options: object) -> None:
        """Put the protection back that ``Unprotect`` lifted, with the options that the sheet itself remembers.

        The list of what users can undo ends here, as it does in Excel after any macro: LibreOffice would undo our
        writes in part (measured: array formulas go, the rest stays), or leave the sheet open.
        """
        self.native.protect("")
        self.book.document.getUndoManager().clear()

    @told
    def Calculate(self) -> None:
        """Recalculate what is due, in the whole document: LibreOffice knows no smaller part."""
        self.book.document.calculate()


class NativeRange:
    """A rectangle of cells as Excel's Range."""

    def __init__(self, sheet: NativeSheet, block: Block) -> None:
        self._sheet = sheet
        self._block = block

    @property
    def _cells(self) -> Any:
        block = self._block
        return self._sheet.native.getCellRangeByPosition(
            block.left - 1, block.top - 1, block.right - 1, block.bottom - 1
        )

    def _one_or_rows(self, rows: Any) -> Any:
        return rows[0][0] if self._block.size == 1 else rows

    def _as_rows(self, data: Any) -> Any:
        if isinstance(data, (list, tuple)):
            return data if data and isinstance(data[0], (list, tuple)) else (data,)
        width = self._block.right - self._block.left + 1
        return ((data,) * width,) * (self._block.bottom - self._block.top + 1)

    @property
    @told
    def Value2(self) -> Any:
        """Values: floats, texts; "" where a cell is empty or its formula gives an empty text."""
        return self._one_or_rows(self._cells.getDataArray())

    @property
    def Value(self) -> Any:
        """As Value2: dates are numbers here."""
        return self.Value2

    @Value.setter
    @told
    def Value(self, data: Any) -> None:
        rows = tuple(
            tuple([v[1:] if v.__class__ is str and v[:1] == "'" else "" if v is None else v for v in row])
            for row in self._as_rows(data)
        )
        self._cells.setDataArray(rows)

    @property
    @told
    def Formula(self) -> Any:
        """Formulas in Excel's spelling, constants as text."""
        rows = self._cells.getFormulaArray()
        return self._one_or_rows(
            tuple([tuple([excel_spelling(t) if t[:1] == "=" or t[:2] == "{=" else t for t in row]) for row in rows])
        )

    @Formula.setter
    @told
    def Formula(self, data: Any) -> None:
        rows = self._as_rows(data)
        self._cells.setFormulaArray(tuple([tuple([office_spelling(text) for text in row]) for row in rows]))

    @property
    @told
    def FormulaArray(self) -> str | None:
        """The array formula that the whole range is, None when it is none."""
        text = str(self._cells.getArrayFormula())
        return excel_spelling(text) if text else None

    @FormulaArray.setter
    @told
    def FormulaArray(self, text: str) -> None:
        self._cells.setArrayFormula(office_spelling(text))

    @property
    @told
    def HasArray(self) -> bool | None:
        """Whether all cells belong to array formulas; None when only some do."""
        found = {text.startswith("{=") for row in self._cells.getFormulaArray() for text in row}
        return found.pop() if len(found) == 1 else None

    @property
    @told
    def NumberFormat(self) -> str | None:
        """The format code, None when the cells differ."""
        key = self._cells.NumberFormat
        return None if key is None else str(self._sheet.book.document.getNumberFormats().getByKey(key).FormatString)

    @NumberFormat.setter
    @told
    def NumberFormat(self, code: str) -> None:
        self._cells.NumberFormat = self._sheet.book.format_key(code)

    def _grown(self, by: str) -> str:
        cursor = self._sheet.native.createCursorByRange(self._cells)
        getattr(cursor, by)()
        at = cursor.getRangeAddress()
        return Block(at.StartRow + 1, at.StartColumn + 1, at.EndRow + 1, at.EndColumn + 1).text

    @property
    @told
    def MergeCells(self) -> bool | None:
        """Whether the cell belongs to a merged area; None for several cells of which some do."""
        if self._grown("collapseToMergedArea") == self._block.text and not self._cells.getIsMerged():
            return False
        return True if self._block.size == 1 else None

    @property
    @told
    def MergeArea(self) -> SimpleNamespace:
        """The merged area around a cell; its ``Address``."""
        return SimpleNamespace(Address=self._grown("collapseToMergedArea"))

    @property
    @told
    def CurrentArray(self) -> SimpleNamespace:
        """The array around a cell; its ``Address``."""
        return SimpleNamespace(Address=self._grown("collapseToCurrentArray"))
