"""The reporting period in Excel's serial days (1900 date system), and working days within it."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from iku_excel.cells import Column

_DAY_ZERO = datetime.date(1899, 12, 30)
_LAST_SERIAL = 2958465  # 31 December 9999, Excel's last day
HOLIDAY_LIMIT = 100
"""Rows of tblLibur that count (as many as the workbook has helper cells); more are a finding."""


def serial(d: datetime.date) -> int:
    """The serial number of a day. Right from 1 March 1900 on; Excel's invented 29 February 1900 lies before."""
    return (d - _DAY_ZERO).days


def from_serial(x: float) -> datetime.date:
    """The day of a serial number, its time of day dropped. ValueError outside Excel's calendar."""
    if not 1 <= x < _LAST_SERIAL + 1:
        raise ValueError(f"{x!r} is no day of Excel's calendar")
    return _DAY_ZERO + datetime.timedelta(days=int(x))


@dataclass(frozen=True, slots=True)
class Period:
    """1 January of ``year`` through the last day of ``quarter`` (1-4), both validated by the caller."""

    year: int
    quarter: int

    @property
    def start(self) -> float:
        """The serial number of 1 January."""
        return float(serial(datetime.date(self.year, 1, 1)))

    def cutoff(self, quarter: int | None = None) -> float:
        """The serial number of the first day *after* that quarter: times of day on the last day are within."""
        return float(_month_start(self.year, 3 * (quarter or self.quarter) + 1))

    @property
    def months(self) -> tuple[int, ...]:
        """The serial numbers of the first days of the twelve months, and of next 1 January."""
        return tuple(_month_start(self.year, month) for month in range(1, 14))


def _month_start(year: int, month: int) -> int:
    return serial(datetime.date(year + 1, 1, 1) if month == 13 else datetime.date(year, month, 1))


def elapsed(day: int, holidays: Sequence[int]) -> int:
    """Weekdays up to and including ``day`` less the holidays among them: two of these differ by working days.

    In serial numbers a remainder by 7 of 0 is Saturday, 1 Sunday, 2 Monday.
    """
    weeks, rest = divmod(day, 7)
    return 5 * weeks + (rest - 1 if rest > 1 else 0) - bisect_right(holidays, day)


def working_days(arrived: float, done: float, holidays: Sequence[int]) -> int:
    """Weekdays after ``arrived`` through ``done`` less the holidays (distinct weekday serials, sorted).

    The same day is 0; ``done`` before ``arrived`` gives a negative number. Mirrors the workbook's formula.
    """
    return elapsed(int(done), holidays) - elapsed(int(arrived), holidays)


def clean_holidays(column: Column, limit: int = HOLIDAY_LIMIT) -> tuple[int, ...]:
    """The distinct weekdays among the first ``limit`` rows of tblLibur[Tanggal], sorted; only dates count."""
    days = {int(cell) for cell in column[:limit] if type(cell) is float and cell > 1}
    return tuple(sorted(day for day in days if day % 7 > 1))
