"""How the workbook looks: colours, and a style for each kind of cell.

Blue and orange can be told apart by everyone; every text reaches a contrast of 4.5:1 on its fill. Arial is
everywhere and LibreOffice replaces it by Liberation Sans of the same widths. Table styles are not drawn by
LibreOffice, so each cell carries its own fill and border.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from iku_excel.form.fields import Field, Kind
from iku_excel.form.sheetmap import Look

if TYPE_CHECKING:
    from openpyxl import Workbook

FONT = "Arial"
INK, MUTED, WHITE = "1F1F1F", "595959", "FFFFFF"
BLUE, PALE_BLUE, LINK = "1F4E79", "DEEAF6", "0B5394"
ORANGE, PALE_ORANGE = "8A3B00", "FFF4DC"
"""PALE_ORANGE is the fill of every cell that staff fill in, PALE_BLUE that of the main computed figures."""
LINE = "BFBFBF"

MONEY, TWO, DAY, GENERAL, TEXT = "#,##0", "#,##0.00", "dd/mm/yyyy", "General", "@"
LONG_DAY = "[$-421]d mmmm yyyy"
SHORT_DAY = "[$-421]dd mmm yyyy"
MOMENT = "[$-421]dd mmm yyyy hh:mm"

WRAPPED_FROM = 20
"""Text columns of this width or more wrap; a narrow one would become a tower of syllables."""


@dataclass(frozen=True, slots=True)
class Style:
    """One look of a cell; ``quote`` marks text that would otherwise turn into a formula on editing."""

    bold: bool = False
    italic: bool = False
    underline: bool = False
    size: int = 10
    ink: str = INK
    fill: str | None = None
    border: bool = False
    line: str = LINE
    number_format: str = GENERAL
    horizontal: Literal["left", "center", "right", "centerContinuous"] | None = None
    vertical: Literal["top", "center"] = "top"
    wrap: bool = False
    indent: int = 0
    locked: bool = True
    quote: bool = False


HEADER = Style(bold=True, ink=WHITE, fill=BLUE, border=True, horizontal="center", vertical="center", wrap=True)
TITLE = Style(bold=True, size=14, ink=BLUE)
SUBTITLE = Style(ink=MUTED)
SECTION = Style(bold=True, size=11, ink=BLUE)
NOTE = Style(italic=True, ink=MUTED)
WRAPPED_NOTE = replace(NOTE, wrap=True)
LINKED = Style(underline=True, ink=LINK)
BODY = Style(wrap=True)
INPUT = Style(fill=PALE_ORANGE, border=True, locked=False)
LABEL = Style(border=True, wrap=True)
GRAVE = Style(bold=True, ink=ORANGE, fill=PALE_ORANGE, border=True)
DOUBTFUL = Style(bold=True, ink=BLUE, fill=PALE_BLUE, border=True)
PLAIN = Style(bold=True, border=True)
"""Words of what must be mended and of what should be looked at; the word says it, the colour helps."""

LOOKS: dict[Look, Style] = {
    "judul": TITLE,
    "subjudul": SUBTITLE,
    "bagian": SECTION,
    "catatan": NOTE,
    "kepala": HEADER,
    "label": Style(),
    "teks": Style(border=True, indent=1, horizontal="left"),
    "bungkus": Style(border=True, wrap=True),
    "bulat": Style(border=True, number_format=MONEY),
    "dua": Style(border=True, number_format=TWO),
    "tanggal": Style(border=True, number_format=SHORT_DAY, horizontal="right"),
    "indeks": Style(bold=True, border=True, fill=PALE_BLUE, number_format=TWO),
    "dua-polos": Style(number_format=TWO),
    "rata-kanan": Style(italic=True, ink=MUTED, horizontal="right"),
    "status": Style(border=True, horizontal="center", wrap=True),
    "paraf": Style(),
    "paraf-nama": Style(bold=True, underline=True),
    "paraf-tanggal": Style(number_format=LONG_DAY, horizontal="left"),
    "bantu": Style(ink=MUTED),
    "bantu-tanggal": Style(ink=MUTED, number_format=DAY, horizontal="right"),
}


def number_format(field: Field) -> str:
    """The number format of a column: text for codes, thousands for money, two decimals for targets and figures."""
    if field.kind is Kind.CODE:
        return TEXT
    if field.kind is Kind.DATE:
        return DAY
    if field.kind is Kind.NUMBER:
        if field.money:
            return MONEY
        if field.heading.startswith("Target ") or field.heading == "Nilai":
            return TWO
    return GENERAL


def input_style(field: Field) -> Style:
    """The style of a data cell in an input table."""
    horizontal: Literal["center"] | None = "center" if field.kind is Kind.CHOICE and field.width < 16 else None
    wrap = field.kind is Kind.TEXT and field.width >= WRAPPED_FROM
    return replace(INPUT, number_format=number_format(field), horizontal=horizontal, wrap=wrap)


def column_style(field: Field) -> Style:
    """The style of the column below its table, so that rows which staff add there look and count alike."""
    style = input_style(field)
    return replace(style, fill=None, border=False)


class Painter:
    """Gives cells of one workbook their style; each style is built once and shared (openpyxl is slow there)."""

    def __init__(self, book: Workbook) -> None:
        self._arrays: dict[Style, Any] = {}
        self._scratch: Any = book.create_sheet("_gaya")
        self._book = book

    def paint(self, cell: Any, style: Style) -> None:
        """Give a cell or a column dimension this style."""
        if style not in self._arrays:
            self._arrays[style] = self._build(style)
        cell._style = copy(self._arrays[style])

    def close(self) -> None:
        """Drop the scratch sheet on which the styles were built."""
        self._book.remove(self._scratch)

    def _build(self, style: Style) -> Any:
        from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

        cell = self._scratch.cell(row=len(self._arrays) + 1, column=1)
        cell.font = Font(
            name=FONT,
            family=2,
            size=style.size,
            bold=style.bold,
            italic=style.italic,
            underline="single" if style.underline else None,
            color=f"FF{style.ink}",
        )
        if style.fill:
            cell.fill = PatternFill("solid", fgColor=f"FF{style.fill}")
        if style.border:
            side = Side(style="thin", color=f"FF{style.line}")
            cell.border = Border(left=side, right=side, top=side, bottom=side)
        cell.alignment = Alignment(
            horizontal=style.horizontal, vertical=style.vertical, wrap_text=style.wrap or None, indent=style.indent
        )
        cell.protection = Protection(locked=style.locked)
        cell.number_format = style.number_format
        if style.quote:
            cell.quotePrefix = True
        return cell._style
