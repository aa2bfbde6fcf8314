"""The words in which the workbook's map is written: a column, a table, a named setting."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What a column or a setting holds."""

    TEXT = "teks"
    CODE = "kode"
    """Text that looks like a number (NIP, kode rekening, letter numbers): formatted "@"."""
    NUMBER = "angka"
    DATE = "tanggal"
    CHOICE = "pilihan"


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a table: its heading and what belongs in it.

    ``choices``: the words of a drop-down list, compared whole and caseless. ``minimum``/``maximum``: limits
    that the drop-down's validation enforces on typing. ``needed``: a filled row without it is doubtful.
    ``money``: shown with thousands separators. ``width``: column width in characters. ``prompt``: the
    Indonesian hint shown when the cell is selected.
    """

    heading: str
    kind: Kind = Kind.TEXT
    choices: tuple[str, ...] = ()
    needed: bool = False
    minimum: float | None = None
    maximum: float | None = None
    money: bool = False
    width: int = 14
    prompt: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One input table. ``iku``: the indicators that it feeds. ``private``: its cells are never quoted in
    messages (complainants' data). ``key``: the heading that identifies a row. ``blank_rows``: empty rows
    that a new template offers. ``column``/``row``: where a new template puts the header's first cell.
    """

    name: str
    sheet: str
    title: str
    hint: str
    fields: tuple[Field, ...]
    iku: tuple[str, ...] = ()
    private: bool = False
    key: str | None = None
    blank_rows: int = 1
    column: int = 1
    row: int = 4

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings, in the template's order."""
        return tuple(f.heading for f in self.fields)

    def field(self, heading: str) -> Field:
        """The field with this heading; KeyError if there is none."""
        for f in self.fields:
            if f.heading == heading:
                return f
        raise KeyError(heading)


def text(heading: str, width: int = 18, needed: bool = False, prompt: str = "") -> Field:
    """A free text column."""
    return Field(heading, Kind.TEXT, width=width, needed=needed, prompt=prompt)


def code(heading: str, width: int = 18, needed: bool = False, prompt: str = "") -> Field:
    """A column of codes: text that looks like numbers."""
    return Field(heading, Kind.CODE, width=width, needed=needed, prompt=prompt)


def number(
    heading: str,
    width: int = 11,
    needed: bool = False,
    minimum: float | None = 0,
    maximum: float | None = None,
    money: bool = False,
    prompt: str = "",
) -> Field:
    """A number column; from 0 unless said otherwise."""
    return Field(heading, Kind.NUMBER, (), needed, minimum, maximum, money, width, prompt)


def date(heading: str, width: int = 14, needed: bool = False, prompt: str = "") -> Field:
    """A date column."""
    return Field(heading, Kind.DATE, width=width, needed=needed, prompt=prompt or "Tanggal, misalnya 12/11/2025.")


def choice(heading: str, *choices: str, width: int = 14, needed: bool = False, prompt: str = "") -> Field:
    """A column with a drop-down list."""
    return Field(heading, Kind.CHOICE, choices, needed, width=width, prompt=prompt)


@dataclass(frozen=True, slots=True)
class Setting:
    """One named input cell on Pengaturan: defined name, label, kind, default, and the note beside it."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    default: str | float | None = None
    choices: tuple[str, ...] = ()
    note: str = ""
    minimum: float | None = None
    maximum: float | None = None
