"""An xlwings engine over LibreOffice's UNO: the classes that xlwings wraps, as far as an open workbook needs.

xlwings has none on Linux. With this one the code for Excel (excel.py) works, and is tested, in LibreOffice:
``api`` gives objects with the names of Excel's object model (officeapi.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from iku_excel.live.blocks import Block, place
from iku_excel.live.officeapi import NativeBook, NativeRange, NativeSheet, spreadsheets


class Range:
    """A rectangle of cells."""

    def __init__(self, sheet: Sheet, block: Block) -> None:
        self.sheet = sheet
        self.api = NativeRange(sheet.api, block)
        self._block = block

    @property
    def row(self) -> int:
        """The first row, from 1."""
        return self._block.top

    @property
    def column(self) -> int:
        """The first column, from 1."""
        return self._block.left

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._block.bottom - self._block.top + 1, self._block.right - self._block.left + 1

    def __len__(self) -> int:
        return self._block.size

    @property
    def raw_value(self) -> Any:
        """The values: one, or rows of them."""
        return self.api.Value2

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self.api.Value = data

    @property
    def formula(self) -> Any:
        """The formulas in Excel's spelling, constants as text."""
        return self.api.Formula

    @formula.setter
    def formula(self, value: Any) -> None:
        self.api.Formula = value

    @property
    def has_array(self) -> bool | None:
        """Whether the cells hold array formulas; None when some do."""
        return self.api.HasArray

    @property
    def number_format(self) -> str | None:
        """The format code; None when the cells differ."""
        return self.api.NumberFormat

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.api.NumberFormat = value


class Sheet:
    """One sheet of a spreadsheet document."""

    def __init__(self, book: Book, name: str) -> None:
        self.book = book
        self.name = name
        self.api = NativeSheet(book.api, name)

    @property
    def index(self) -> int:
        """Its place among the tabs, from 1."""
        return list(self.book.api.sheet_names).index(self.name) + 1

    def range(self, first: Any, last: Any = None) -> Range:
        """The cells from one corner to the other, each (row, column) or "B5"; "A1:C3" is two corners."""
        if last is None and isinstance(first, str) and ":" in first:
            first, _, last = first.partition(":")
        top, left = _corner(first)
        bottom, right = _corner(first if last is None else last)
        return Range(self, Block(min(top, bottom), min(left, right), max(top, bottom), max(left, right)))


def _corner(corner: Any) -> tuple[int, int]:
    if isinstance(corner, Range):
        return corner.row, corner.column
    return place(corner.replace("$", "")) if isinstance(corner, str) else (corner[0], corner[1])


class Sheets:
    """The sheets of a document."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def __call__(self, name_or_index: str | int) -> Sheet:
        """A sheet by name or by its place, from 1; ``KeyError`` when there is none."""
        names: Sequence[str] = self._book.api.sheet_names
        name = names[name_or_index - 1] if isinstance(name_or_index, int) else name_or_index
        if name not in names:
            raise KeyError(name)
        return Sheet(self._book, name)

    def __len__(self) -> int:
        return len(self._book.api.sheet_names)

    def __iter__(self) -> Iterator[Sheet]:
        for name in self._book.api.sheet_names:
            yield Sheet(self._book, name)


class Book:
    """An open spreadsheet document."""

    array_limit = None
    """Array formulas of any length are taken."""

    def __init__(self, app: App, document: Any) -> None:
        self.app = app
        self.api = NativeBook(document)

    @property
    def name(self) -> str:
        """The file's name, or the title of a document never saved."""
        return self.api.Name

    @property
    def fullname(self) -> str:
        """Its path, or the name of a document never saved."""
        return self.api.FullName

    @property
    def sheets(self) -> Sheets:
        """Its sheets."""
        return Sheets(self)


class Books:
    """The spreadsheet documents that an office has open."""

    def __init__(self, app: App) -> None:
        self.app = app

    def __iter__(self) -> Iterator[Book]:
        for document in spreadsheets(self.app.api):
            yield Book(self.app, document)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, name_or_index: str | int) -> Book:
        """A document by its one name, its path or its place, from 1; ``KeyError`` otherwise."""
        books = [*iter(self)]
        if isinstance(name_or_index, int):
            return books[name_or_index - 1]
        found = [book for book in books if name_or_index in (book.name, book.fullname)]
        if len(found) != 1:
            raise KeyError(name_or_index)
        return found[0]


class App:
    """A running office; ``api`` is its desktop."""

    def __init__(self, desktop: Any, pid: int) -> None:
        self.api = desktop
        self.pid = pid

    @property
    def engine(self) -> Engine:
        """This engine."""
        return engine

    @property
    def books(self) -> Books:
        """Its spreadsheet documents."""
        return Books(self)


class Apps:
    """The offices reached so far. Nothing is ever started, nor ended."""

    def __init__(self) -> None:
        self._apps: list[App] = []

    def reach(self, desktop: Any) -> App:
        """Add an office by its desktop. Offices are numbered in the order in which they were reached."""
        app = App(desktop, len(self._apps) + 1)
        self._apps.append(app)
        return app

    def keys(self) -> list[int]:
        """Their numbers."""
        return [app.pid for app in self._apps]

    def __iter__(self) -> Iterator[App]:
        return reversed(self._apps)

    def __len__(self) -> int:
        return len(self._apps)

    def __getitem__(self, pid: int) -> App:
        return next(app for app in self._apps if app.pid == pid)


class Engine:
    """What xlwings calls an engine."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps()


engine = Engine()
"""The one engine of this process."""
