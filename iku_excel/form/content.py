"""What a new workbook is filled with, and how a value is put into a cell of it.

openpyxl guesses types: it turns a text that starts with "=" into a formula and "#N/A" into an error. Here a
text stays a text, whatever it looks like.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

from iku_excel.cells import CellError
from iku_excel.form.styles import Painter, Style

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in an input cell, without its leading "=", and the value stored beside it (None: not yet)."""

    text: str
    cached: float | str | None = None


Row: TypeAlias = Mapping[str, object]
"""One row of a table: heading → value. A value is a text, a number, a date, a bool, ``CellError``,
``Formula`` or None."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is filled in from the start.

    ``settings``: defined name → value; what is missing gets its default or the value of the year's rules.
    ``tables``: table name → rows; a missing table gets the template's own rows. ``years``: the yearly
    target columns, by default those of ``target_years``. ``below``: rows typed directly under a table's
    end, outside the table (the examples show that mistake).
    """

    settings: Mapping[str, object] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    years: tuple[int, ...] | None = None
    below: Mapping[str, Sequence[Row]] = field(default_factory=dict)


@dataclass(slots=True)
class Marks:
    """What openpyxl can't write and ``finish`` adds: stored values of formulas, ranges of texts that look like
    numbers. Both by sheet name."""

    cached: dict[str, dict[str, float | str | None]] = field(default_factory=dict)
    number_like: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes cells of one sheet."""

    sheet: Worksheet
    painter: Painter
    marks: Marks

    def put(self, place: str, value: object, style: Style) -> Any:
        """Write one cell and give it a style; returns the cell. ValueError for a value of another type."""
        cell: Any = self.sheet[place]
        if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
            style = replace(style, quote=True)
        if isinstance(value, Formula):
            cell.value = f"={value.text}"
            self.marks.cached.setdefault(self.sheet.title, {})[place] = value.cached
        elif isinstance(value, CellError):
            cell.value = value.code
            cell.data_type = "e"
        elif isinstance(value, str):
            cell.value = value
            cell.data_type = "s"
        elif value is None or isinstance(value, int | float | Decimal | datetime.date):
            cell.value = value
        else:
            raise ValueError(f"{self.sheet.title}!{place}: {type(value).__name__}")
        self.painter.paint(cell, style)
        return cell

    def link(self, place: str, text: str, location: str, style: Style) -> None:
        """Write a link to a cell of this workbook, as "Target!A1"."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        cell = self.put(place, text, style)
        cell.hyperlink = Hyperlink(ref=place, location=location)

    def highlight(self, area: str, formula: str, ink: str, fill: str | None = None) -> None:
        """Bold text of this colour, on a fill, in the cells of ``area`` for which the formula holds."""
        from openpyxl.formatting.rule import Rule
        from openpyxl.styles import Font, PatternFill
        from openpyxl.styles.differential import DifferentialStyle

        look = DifferentialStyle(
            font=Font(bold=True, color=f"FF{ink}"), fill=PatternFill(bgColor=f"FF{fill}") if fill else None
        )
        self.sheet.conditional_formatting.add(area, Rule(type="expression", formula=[formula], dxf=look))

    def sheet_widths(self, widths: Mapping[str, float]) -> None:
        """Set column widths, in characters."""
        for column, width in widths.items():
            self.sheet.column_dimensions[column].width = width + 0.71  # Excel's own padding
