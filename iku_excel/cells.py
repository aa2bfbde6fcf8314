"""What a cell holds, as read, and how Excel compares it.

The formulas in the workbook and the arithmetic in Python must give one figure, bad input included
(DOMAIN §6). Both therefore ask the same few questions of a cell, and this room answers them as Excel
would: is it a number, is it a date, is it the same text?
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class CellError:
    """An Excel error value such as ``#N/A``, or a formula that has no stored value yet (``UNCACHED``)."""

    code: str


UNCACHED = CellError("tanpa nilai")
"""A formula whose value Excel has not stored: treated as an error until Excel has saved the file."""

Cell: TypeAlias = float | str | bool | CellError | None
"""One cell as read: ``None`` blank (empty or ""), ``float`` any number or date (serial), ``str`` text."""

Column: TypeAlias = Sequence[Cell]
"""The cells of one table column, top to bottom, one for each data row."""


def is_number(cell: Cell) -> bool:
    """Whether a formula counts this cell as a number: a real numeric cell; never text, TRUE or an error."""
    return type(cell) is float


def is_date(cell: Cell) -> bool:
    """Whether a formula counts this cell as a date: a number above 1, whatever its format."""
    return type(cell) is float and cell > 1


def is_error(cell: Cell) -> bool:
    """Whether the cell is an error value or a formula without a stored value."""
    return type(cell) is CellError


def is_text(cell: Cell) -> bool:
    """Whether the cell holds non-empty text."""
    return type(cell) is str


def same(cell: Cell, text: str) -> bool:
    """Whether the cell is this text as Excel's ``=`` sees it: whole, caseless, blanks significant."""
    return type(cell) is str and (cell == text or cell.casefold() == text.casefold())


def decimal(cell: Cell) -> Decimal | None:
    """The exact decimal that a numeric cell shows (its shortest form), or None if it is no number."""
    return Decimal(repr(cell)) if type(cell) is float else None
