"""IKU-3, Persentase keluhan pengguna layanan yang ditindaklanjuti, and the figures around it.

The log may have 100,000 rows: choices are looked up in sets of the spellings that occur, one pass picks the
year's rows, and everything else runs over what is left.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import compress

from iku_excel.cells import Cell, Column, is_error, same
from iku_excel.indicators.exact import percent
from iku_excel.indicators.period import Period, elapsed

UNCOUNTED_CLASSES = ("Permintaan Informasi", "Aspirasi")
"""Klasifikasi that is no complaint, unless the workbook's switch counts all."""

OTHER_CHANNEL = "Lainnya"
LIMIT_ROWS = 20
"""Rows of tblBatasHari that count (as many as the workbook has helper cells)."""

_NEVER = 10**9  # after any day of Excel's calendar
_DUPLICATE, _REFUSED, _SHELVED, _OTHER_CLASS = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Complaints:
    """The columns of tblKeluhan that count; never the complainant's."""

    masuk: Column
    kanal: Column
    klasifikasi: Column
    cek: Column
    kewenangan: Column
    status: Column
    duplikat: Column
    tindak_lanjut: Column


@dataclass(frozen=True, slots=True)
class Switches:
    """Hitung_Semua_Klasifikasi and Hanya_Selesai of the workbook."""

    all_classes: bool = False
    only_finished: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """The columns of tblBatasHari as typed: Klasifikasi, Perlu Cek Lapangan, Hari Kerja."""

    klasifikasi: Column
    cek: Column
    hari: Column


@dataclass(frozen=True, slots=True)
class Count:
    """Complaints counted, and those of them followed up."""

    counted: int
    followed: int


@dataclass(frozen=True, slots=True)
class ComplaintFigures:
    """All figures of one workbook.

    ``received`` and ``by_quarter`` are to date, 1 January through the end of each quarter (all four, also those
    after the workbook's own); ``received`` asks for nothing but the date of arrival. The rest is to date of the
    workbook's quarter: ``duplicates``, ``out_of_authority``, ``archived`` and ``other_class`` say why a complaint
    is not counted, the first reason that holds in this order. ``judged`` of the followed ones have a time limit,
    ``on_time`` kept it; ``percent_on_time`` is of those followed up, None when there are none. ``by_channel``
    ends with "Lainnya"; ``by_month`` goes by arrival, followed up by the quarter's end, 0 after it.
    """

    received: tuple[int, int, int, int]
    by_quarter: tuple[Count, Count, Count, Count]
    duplicates: int
    out_of_authority: int
    archived: int
    other_class: int
    judged: int
    on_time: int
    percent_on_time: Decimal | None
    by_channel: tuple[tuple[str, Count], ...]
    by_month: tuple[Count, ...]


def share_followed(count: Count, value_without: Decimal | None) -> Decimal | None:
    """Persentase = keluhan ditindaklanjuti / keluhan masuk × 100.

    Source: the IKU document (UU 25/2009). No complaint counted: ``value_without``, None or, where the workbook
    says so, 100.
    """
    return percent(Decimal(count.followed), Decimal(count.counted)) if count.counted else value_without


def clean_limits(limits: Limits) -> dict[str, float]:
    """Working days by class, in small letters; "pengaduan|ya" is Pengaduan with a field check.

    Of the first 20 rows those with text in Klasifikasi and a number >= 0 in Hari Kerja; the first row of a class
    wins. Perlu Cek Lapangan matters for Pengaduan only, where an error in it drops the row.
    """
    days: dict[str, float] = {}
    rows = zip(limits.klasifikasi, limits.cek, limits.hari, strict=True)
    for _, (kind, check, allowed) in zip(range(LIMIT_ROWS), rows, strict=False):
        if type(kind) is str and type(allowed) is float and allowed >= 0:
            if same(kind, "Pengaduan") and is_error(check):
                continue
            days.setdefault(_limit_key(kind, check), allowed)
    return days


def complaint_figures(
    c: Complaints,
    period: Period,
    channels: Sequence[str],
    limits: Limits,
    holidays: Sequence[int],
    switches: Switches,
) -> ComplaintFigures:
    """All figures of IKU-3. ``holidays`` are clean (``period.clean_holidays``).

    Counted: Tanggal Masuk in the period, Kewenangan not Bukan, Status not Arsip, Duplikat Dari blank, Klasifikasi
    neither Permintaan Informasi nor Aspirasi. Followed up: Tanggal Tindak Lanjut is a date by the same cut-off,
    and Status = Selesai where the switch asks for it. An error is "not equal" in a choice; in Duplikat Dari and in
    the dates it drops the row.
    """
    cut = period.cutoff()
    arrived = _arrived(c, period)
    counted, reasons = _counted(arrived, switches)
    present = Counter(compress(reasons, [day < cut for day in arrived.came]))
    counted_now = _where(counted, [day < cut for day in counted.came])
    followed_now = _where(counted_now, [day < cut for day in counted_now.done])
    judged, on_time = _on_time(followed_now, clean_limits(limits), holidays)
    month_of = _month_of(period)
    received = _to_date(_per_month(arrived.came, month_of))
    # A complaint is followed up within a quarter once both its arrival and its follow-up lie before the end.
    by_quarter = zip(
        _to_date(_per_month(counted.came, month_of)),
        _to_date(_per_month(map(max, counted.came, counted.done), month_of)),
        strict=True,
    )
    first, second, third, fourth = (Count(*pair) for pair in by_quarter)
    by_month = zip(_per_month(counted_now.came, month_of), _per_month(followed_now.came, month_of), strict=True)
    return ComplaintFigures(
        received=received,
        by_quarter=(first, second, third, fourth),
        duplicates=present[_DUPLICATE],
        out_of_authority=present[_REFUSED],
        archived=present[_SHELVED],
        other_class=present[_OTHER_CLASS],
        judged=judged,
        on_time=on_time,
        percent_on_time=percent(Decimal(on_time), Decimal(len(followed_now.came))),
        by_channel=_by_channel(counted_now.log.kanal, followed_now.log.kanal, channels),
        by_month=tuple(Count(*pair) for pair in by_month),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Some rows of the log, column by column: the days they came and were followed up (or _NEVER), and the rest."""

    came: list[int]
    done: list[int]
    log: Complaints


def _where(rows: _Rows, mask: Sequence[bool]) -> _Rows:
    """The rows where the mask says so."""
    log = rows.log
    return _Rows(
        list(compress(rows.came, mask)),
        list(compress(rows.done, mask)),
        Complaints(*(list(compress(getattr(log, field), mask)) for field in Complaints.__slots__)),
    )


def _arrived(c: Complaints, period: Period) -> _Rows:
    """The rows that arrived in the year. Whole days suffice: every bound is the beginning of a day."""
    start, end = period.start, period.cutoff(4)
    came = [int(cell) if type(cell) is float and start <= cell < end else 0 for cell in c.masuk]
    done = [int(cell) if type(cell) is float and cell > 1 else _NEVER for cell in c.tindak_lanjut]
    return _where(_Rows(came, done, c), [day > 0 for day in came])


def _counted(arrived: _Rows, switches: Switches) -> tuple[_Rows, list[int]]:
    """The rows that count, and for every arrived row the first reason not to count it (0: it counts)."""
    log = arrived.log
    refused = _spellings(log.kewenangan, "Bukan")
    shelved = _spellings(log.status, "Arsip")
    uncounted = set() if switches.all_classes else _spellings(log.klasifikasi, *UNCOUNTED_CLASSES)
    reasons = [
        _DUPLICATE
        if duplicate is not None
        else _REFUSED
        if authority in refused
        else _SHELVED
        if status in shelved
        else _OTHER_CLASS
        if kind in uncounted
        else 0
        for duplicate, authority, status, kind in zip(
            log.duplikat, log.kewenangan, log.status, log.klasifikasi, strict=True
        )
    ]
    counted = _where(arrived, [reason == 0 for reason in reasons])
    if switches.only_finished:
        finished = _spellings(log.status, "Selesai")
        pairs = zip(counted.done, counted.log.status, strict=True)
        counted = replace(counted, done=[day if status in finished else _NEVER for day, status in pairs])
    return counted, reasons


def _spellings(column: Column, *words: str) -> set[Cell]:
    """The cells of the column, as they occur, that are one of the words: "is it?" is then one set look-up."""
    wanted = {word.casefold() for word in words}
    return {cell for cell in set(column) if type(cell) is str and cell.casefold() in wanted}


def _limit_key(kind: str, check: Cell) -> str:
    return f"{kind.casefold()}|ya" if same(kind, "Pengaduan") and same(check, "Ya") else kind.casefold()


def _on_time(followed: _Rows, days: dict[str, float], holidays: Sequence[int]) -> tuple[int, int]:
    """How many rows have a time limit, and how many kept it; an error in any cell used drops the row."""
    log = followed.log
    limit_of: dict[tuple[Cell, Cell], float | None] = {
        (kind, check): days.get(_limit_key(kind, check))
        for kind, check in set(zip(log.klasifikasi, log.cek, strict=True))
        if type(kind) is str and not is_error(check)
    }
    broken = {cell for cell in {*log.kewenangan, *log.status} if is_error(cell)}
    weekdays = {day: elapsed(day, holidays) for day in {*followed.came, *followed.done}}
    columns = (followed.came, followed.done, log.klasifikasi, log.cek, log.kewenangan, log.status)
    kept = [
        weekdays[done] - weekdays[came] <= limit
        for came, done, kind, check, authority, status in zip(*columns, strict=True)
        if (limit := limit_of.get((kind, check))) is not None and authority not in broken and status not in broken
    ]
    return len(kept), sum(kept)


def _month_of(period: Period) -> dict[int, int]:
    starts = period.months
    return {day: month for month in range(12) for day in range(starts[month], starts[month + 1])}


def _per_month(days: Iterable[int], month_of: dict[int, int]) -> list[int]:
    """How many of the days fall in each month; days outside the year in none."""
    tally = [0] * 12
    for day, number in Counter(days).items():
        if day in month_of:
            tally[month_of[day]] += number
    return tally


def _to_date(months: Sequence[int]) -> tuple[int, int, int, int]:
    return sum(months[:3]), sum(months[:6]), sum(months[:9]), sum(months)


def _by_channel(counted: Column, followed: Column, channels: Sequence[str]) -> tuple[tuple[str, Count], ...]:
    """Counts by channel, whole and caseless; blanks, errors and all other words go to "Lainnya"."""
    names = {name.casefold(): name for name in channels}
    tallies = []
    for column in (counted, followed):
        tally: Counter[str] = Counter()
        for cell, number in Counter(column).items():
            tally[names.get(cell.casefold(), OTHER_CHANNEL) if type(cell) is str else OTHER_CHANNEL] += number
        tallies.append(tally)
    listed = dict.fromkeys((*channels, OTHER_CHANNEL))
    return tuple((name, Count(tallies[0][name], tallies[1][name])) for name in listed)
