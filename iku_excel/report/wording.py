"""How the report writes figures, dates and typed texts: Indonesian, two decimals, half up."""

from __future__ import annotations

import re
from decimal import Decimal

from iku_excel.cells import Cell
from iku_excel.indicators.achievement import show
from iku_excel.indicators.period import from_serial

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November",
    "Desember",
)  # fmt: skip
NONE = "–"
UNFILLED = "(belum diisi)"
_NOT_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def figure(value: Decimal | None) -> str:
    """A figure at two decimals ("71,23"), "–" for none."""
    return show(value, thousands=True) or NONE


def amount(value: Decimal) -> str:
    """A sum or a count: whole numbers without decimals, thousands apart."""
    return show(value, 0 if value == value.to_integral_value() else 2, thousands=True)


def count(number: int) -> str:
    """A whole number, thousands apart."""
    return show(Decimal(number), 0, thousands=True)


def long_date(cell: Cell) -> str:
    """A date as letters have it ("15 Januari 2026"), "" for anything else."""
    if type(cell) is not float:
        return ""
    try:
        day = from_serial(cell)
    except ValueError:
        return ""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def typed(cell: Cell) -> str:
    """A text as it was typed, line breaks kept, without what a document can't hold; "" for anything else."""
    if type(cell) is not str:
        return ""
    return _NOT_XML.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
