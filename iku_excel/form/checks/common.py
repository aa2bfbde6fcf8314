"""What all rooms of checks share: the pen that writes findings, and a register to write them about.

Checks go down columns, not rows: 100,000 clean rows must cost next to nothing, and a message is only built for a
finding. Complainants' and employees' data are never quoted (DOMAIN §4).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from itertools import compress
from math import inf
from operator import itemgetter, lt
from types import NoneType
from typing import TypeAlias

from iku_excel.cells import Cell, same
from iku_excel.findings import Finding
from iku_excel.form.checks.catalogue import CODES
from iku_excel.form.fields import Field, Table
from iku_excel.form.indonesian import squeezed
from iku_excel.form.layout import SHEETS
from iku_excel.indicators.achievement import show
from iku_excel.indicators.exact import half_up
from iku_excel.indicators.period import from_serial
from iku_excel.xlsx.reader import TableData
from iku_excel.xlsx.values import address, rectangle

Place: TypeAlias = tuple[int, str, int, int]
"""The sheet's number, its name, row and column."""

QUOTED = 40
"""Most characters of a cell that a message shows."""

_NIP_LIKE = re.compile(r"[\d\s.,/\-\u200b-\u200f\u2060\ufeff]+")
_NUMBERING = {("tblKeluhan", "No")}
"""Columns that staff fill down ahead of time: alone they don't make a row."""


def quote(text: str) -> str:
    """The text in quotes on one line, cut at 40 characters; blanks of every kind shown as one space."""
    plain = squeezed(text)
    return f"'{plain if len(plain) <= QUOTED else plain[: QUOTED - 1] + '…'}'"


def quote_nip(text: str) -> str:
    """A NIP in quotes; anything with letters may be a name and isn't shown."""
    return f"NIP {quote(text)}" if _NIP_LIKE.fullmatch(text) else "teks yang bukan NIP"


def show_number(value: float) -> str:
    """A number as Indonesians write it, without trailing zeros: "1.234,5"."""
    number = Decimal(repr(value))
    if abs(number) >= 10**15:
        return f"{value:.6g}".replace(".", ",")
    text = show(half_up(number, 8), 8, thousands=True)
    return text.rstrip("0").rstrip(",") if "," in text else text


def show_date(value: float) -> str:
    """A serial number as "31/03/2025"; as a plain number outside Excel's calendar."""
    try:
        return from_serial(value).strftime("%d/%m/%Y")
    except ValueError:
        return show_number(value)


def listed(words: Sequence[str], last: str = "atau") -> str:
    """The words as a sentence lists them: "Ya, Tidak, atau Bukan"."""
    if len(words) < 3:
        return f" {last} ".join(words)
    return f"{', '.join(words[:-1])}, {last} {words[-1]}"


@dataclass(slots=True)
class Pen:
    """Writes findings. ``carried`` are the indicators that count for the agency: what bears on none of them is
    kept quiet.
    """

    carried: frozenset[str]
    _found: list[tuple[Place, Finding]] = field(default_factory=list)
    _kept: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def heard(self, iku: tuple[str, ...]) -> bool:
        """Whether something that bears on these indicators (none: on no particular one) would be noted."""
        return not iku or bool(self._carried_of(iku))

    def write(
        self,
        code: str,
        sheet: str,
        cell: str | None,
        message: str,
        fix: str,
        iku: tuple[str, ...],
        place: tuple[int, int] | None = None,
    ) -> None:
        """Note one finding, unless it bears only on indicators that the agency doesn't carry.

        ``place`` is the cell's row and column, for those who know it.
        """
        if not self.heard(iku):
            return
        if place is None:
            where = rectangle(cell) if cell else None
            place = where[:2] if where else (0, 0)
        finding = Finding(code, CODES[code].level, sheet, cell, message, fix, self._carried_of(iku))
        self._found.append(((_order(sheet), sheet, *place), finding))

    def findings(self) -> list[Finding]:
        """All that was noted, by sheet in the contract's order, row and column; without a cell first."""
        return [finding for _, finding in sorted(self._found, key=itemgetter(0))]

    def _carried_of(self, iku: tuple[str, ...]) -> tuple[str, ...]:
        kept = self._kept.get(iku)
        if kept is None:
            kept = self._kept[iku] = tuple(code for code in iku if code in self.carried)
        return kept


@cache
def _order(sheet: str) -> int:
    return SHEETS.index(sheet) if sheet in SHEETS else len(SHEETS)


@dataclass(slots=True)
class Register:
    """One table as read, beside what its columns should hold. ``iku_of`` says which indicators a row bears on."""

    table: Table
    data: TableData
    pen: Pen
    iku_of: Callable[[int], tuple[str, ...]] | None = None
    _filled: list[list[Cell]] | None = None
    _columns: dict[str, int] = field(default_factory=dict)
    _kinds: dict[str, frozenset[type]] = field(default_factory=dict)

    @property
    def fields(self) -> list[Field]:
        """The contract's columns that this table has."""
        return [f for f in self.table.fields if self.data.has(f.heading)]

    @property
    def loud(self) -> bool:
        """Whether anything said about this table would be heard."""
        return self.pen.heard(self.table.iku)

    def column(self, heading: str) -> list[Cell]:
        """The column's cells."""
        return self.data.column(heading)

    def kinds(self, heading: str) -> frozenset[type]:
        """What types of cells the column holds, NoneType for blanks."""
        kinds = self._kinds.get(heading)
        if kinds is None:
            kinds = self._kinds[heading] = frozenset(map(type, self.column(heading)))
        return kinds

    def exists(self, row: int) -> bool:
        """Whether the row holds any input: one without doesn't exist."""
        if self._filled is None:
            headings = [f.heading for f in self.fields if (self.table.name, f.heading) not in _NUMBERING]
            columns = [self.column(heading) for heading in headings]
            self._filled = [column for column in columns if column.count(None) < len(column)]
        return any(column[row] is not None for column in self._filled)

    def blanks(self, heading: str) -> list[int]:
        """The rows with some input but none in this column."""
        if NoneType not in self.kinds(heading):
            return []
        return [row for row, cell in enumerate(self.column(heading)) if cell is None and self.exists(row)]

    def earlier(self, left: str, right: str) -> list[int]:
        """The rows where both columns hold dates and the day of ``left`` comes before that of ``right``."""
        a, b = self.column(left), self.column(right)
        if self.kinds(left) | self.kinds(right) <= {float, NoneType}:
            low = [cell if type(cell) is float else inf for cell in a] if NoneType in self.kinds(left) else a
            high = [cell if type(cell) is float else -inf for cell in b] if NoneType in self.kinds(right) else b
            if not any(map(lt, low, high)):  # type: ignore[arg-type]  # all are floats
                return []
        return [
            row
            for row, (x, y) in enumerate(zip(a, b, strict=True))
            if type(x) is float and type(y) is float and 1 < x < y and int(x) < int(y)
        ]

    def sheet_row(self, row: int) -> int:
        """The sheet's row number of a data row."""
        return self.data.first_row + row

    def cell(self, heading: str, row: int) -> str | None:
        """The address, or None where the table has no such column."""
        return self.data.address(heading, row) if self.data.has(heading) else None

    def say(self, code: str, heading: str, row: int, what: str, fix: str) -> None:
        """A finding about one cell: "Sel D14 di lembar Anggaran " and then ``what``."""
        iku = self.table.iku if self.iku_of is None else self.iku_of(row)
        if not self.pen.heard(iku):
            return
        column = self._columns.get(heading)
        if column is None:
            column = self._columns[heading] = self.data.first_col + self.data.headings.index(heading)
        place = self.data.first_row + row, column
        cell, sheet = address(*place), self.data.sheet
        self.pen.write(code, sheet, cell, f"Sel {cell} di lembar {sheet} {what}.", fix, iku, place)

    def tell(self, code: str, message: str, fix: str, cell: str | None = None, iku: tuple[str, ...] = ()) -> None:
        """A finding about the table as a whole."""
        self.pen.write(code, self.data.sheet, cell, message, fix, iku or self.table.iku)


def repeated(keys: Iterable[Hashable]) -> list[tuple[int, int]]:
    """Later and first row of every key that occurs again; None is no key."""
    first: dict[Hashable, int] = {}
    again = []
    for row, key in enumerate(keys):
        if key is not None:
            known = first.setdefault(key, row)
            if known != row:
                again.append((row, known))
    return again


def folded(cell: Cell) -> Hashable:
    """What makes two cells the same code: letter case doesn't; text and number differ; only these are codes."""
    return cell.casefold() if type(cell) is str else cell if type(cell) is float else None


def rows_where(column: Sequence[Cell], word: str) -> list[int]:
    """The rows whose choice is this word, as Excel compares."""
    spellings = {cell for cell in set(column) if same(cell, word)}
    return list(compress(range(len(column)), [cell in spellings for cell in column])) if spellings else []
