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
from iku_excel.form.charts import ChartMap
from iku_excel.form.template.styles import Painter, Style

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
    """What openpyxl can't write and ``finish`` adds: stored values of formulas and ranges of texts that look like
    numbers, both by sheet name; the charts in the order they were laid, with their names and texts. ``rows``: by sheet
    name rows as XML, which come below those that openpyxl writes and are no wider."""

    cached: dict[str, dict[str, float | str | None]] = field(default_factory=dict)
    number_like: dict[str, list[str]] = field(default_factory=dict)
    charts: list[ChartMap] = field(default_factory=list)
    rows: dict[str, bytes] = field(default_factory=dict)


LINE_HEIGHT, ONE_LINE, TITLE_LINE = 13.0, 15.0, 21.0
"""Height of a further line, of a row with a single one, and of the title's row, in points."""
_HIGHEST = 409.0
"""Excel's own limit for a row."""


def height_of(lines: int) -> float:
    """The height of a row with so many lines, in points."""
    return min(_HIGHEST, ONE_LINE + (lines - 1) * LINE_HEIGHT)


def lines_of(text: str, width: float, bold: bool = False) -> int:
    """About how many lines a wrapped text takes in a column of this width (in digits of the standard font)."""
    room = max(4.0, width * (0.9 if bold else 1.0))
    lines = 0
    for paragraph in text.split("\n"):
        used, lines = 0.0, lines + 1
        for word in paragraph.split(" "):
            if used and used + 1 + len(word) > room:
                lines, used = lines + 1, 0.0
            used += len(word) + (1 if used else 0)
            lines, used = lines + int((used - 0.5) // room), used % room if used > room else used
    return lines


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes cells of one sheet. ``lines``: row → lines of its longest wrapped text."""

    sheet: Worksheet
    painter: Painter
    marks: Marks
    lines: dict[int, int] = field(default_factory=dict)

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
        if isinstance(value, str) and style.wrap:
            self.make_room(cell.row, value, cell.column_letter, style.bold)
        self.painter.paint(cell, style)
        return cell

    def make_room(self, row: int, text: str, column: str, bold: bool = False) -> None:
        """See to it that the row is high enough for this text, wrapped in this column."""
        width = self.sheet.column_dimensions[column].width
        self.lines[row] = max(self.lines.get(row, 1), lines_of(text, width, bold))

    def fit_rows(self) -> None:
        """Set the heights: neither LibreOffice nor every Excel fits rows with wrapped text on opening."""
        self.sheet.row_dimensions[1].height = TITLE_LINE
        for row, lines in self.lines.items():
            if lines > 1:
                self.sheet.row_dimensions[row].height = height_of(lines)

    def link(self, place: str, text: str, location: str, style: Style) -> None:
        """Write a link to a cell of this workbook, as "Target!A1"."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        cell = self.put(place, text, style)
        cell.hyperlink = Hyperlink(ref=place, location=location)

    def highlight(
        self, area: str, formula: str, ink: str, fill: str | None = None, number_format: tuple[int, str] | None = None
    ) -> None:
        """Bold text of this colour, on a fill, in this format (number and code), where the formula holds."""
        from openpyxl.formatting.rule import Rule
        from openpyxl.styles import Font, PatternFill
        from openpyxl.styles.differential import DifferentialStyle
        from openpyxl.styles.numbers import NumberFormat

        look = DifferentialStyle(
            font=Font(bold=True, color=f"FF{ink}"),
            fill=PatternFill(bgColor=f"FF{fill}") if fill else None,
            numFmt=NumberFormat(*number_format) if number_format else None,
        )
        self.sheet.conditional_formatting.add(area, Rule(type="expression", formula=[formula], dxf=look))

    def sheet_widths(self, widths: Mapping[str, float]) -> None:
        """Set column widths, in characters."""
        for column, width in widths.items():
            self.sheet.column_dimensions[column].width = width + 0.71  # Excel's own padding
