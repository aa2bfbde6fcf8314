"""The first currency of the house: one change to one cell.

Computing ends in a list of these. ``--dry-run`` prints the list, the closed file and the open workbook
each apply it. Nothing else writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = Decimal | int | float | str | None
"""What a cell is to hold: a number, a text (never read as a formula) or None for an empty cell."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Put ``value`` into ``cell`` of ``sheet``, with a live formula beside it when ``formula`` is given.

    ``formula`` is written without its leading "=", in English names with comma separators, as the file
    format stores it; ``array`` makes it a single-cell array formula. ``value`` is then the value stored
    beside it. ``number_format`` asks for the cell's own style with another number format ("dd/mm/yyyy");
    None keeps the style as it is.
    """

    sheet: str
    cell: str
    value: Value
    formula: str | None = None
    array: bool = False
    number_format: str | None = None
