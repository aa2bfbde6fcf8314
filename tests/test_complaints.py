"""IKU-3: which complaints count, which are followed up, and in how many working days."""

from __future__ import annotations

import datetime
import random
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from kasus import cases, table, two_decimals, worked_out

from iku_excel.cells import CellError
from iku_excel.indicators.achievement import round2
from iku_excel.indicators.complaints import (
    Complaints,
    Count,
    Limits,
    Switches,
    clean_limits,
    complaint_figures,
    share_followed,
)
from iku_excel.indicators.period import Period, clean_holidays, from_serial, serial, working_days
from iku_excel.rules import rules_for

ERROR = CellError("#N/A")
RULES = rules_for(2025)
FIELDS = ("masuk", "kanal", "klasifikasi", "cek", "kewenangan", "status", "duplikat", "tindak_lanjut")
HEADINGS = (
    "Tanggal Masuk", "Kanal", "Klasifikasi", "Perlu Cek Lapangan", "Kewenangan", "Status", "Duplikat Dari",
    "Tanggal Tindak Lanjut",
)  # fmt: skip


def day(year: int, month: int, number: int) -> float:
    """The serial number of a day."""
    return float(serial(datetime.date(year, month, number)))


HOLIDAYS = clean_holidays([day(2025, 1, 1), day(2025, 3, 31), day(2025, 4, 1)])
LIMITS = Limits(
    [limit.klasifikasi for limit in RULES.time_limits],
    [limit.perlu_cek or None for limit in RULES.time_limits],
    [float(limit.hari) for limit in RULES.time_limits],
)


def figures(*rows: dict, quarter: int = 4, switches: Switches | None = None, limits: Limits = LIMITS):
    """The figures of a log of 2025 given as rows of field = cell."""
    log = Complaints(*([row.get(field) for row in rows] for field in FIELDS))
    return complaint_figures(log, Period(2025, quarter), RULES.channels, limits, HOLIDAYS, switches or Switches())


@pytest.mark.parametrize("case", cases("keluhan.toml"))
def test_case(case):
    """Every case of the planners gives the counts it names and the percentage of its written-out sum."""
    quarter, expected = case["triwulan"], case["harapan"]
    switches = Switches(case.get("semua_klasifikasi", False), case.get("hanya_selesai", False))
    log = Complaints(*table(case, "tblKeluhan", *HEADINGS))
    found = complaint_figures(log, Period(2025, quarter), RULES.channels, LIMITS, HOLIDAYS, switches)
    now = found.by_quarter[quarter - 1]
    names = {
        "diterima": found.received[quarter - 1],
        "dihitung": now.counted,
        "ditindaklanjuti": now.followed,
        "duplikat": found.duplicates,
        "bukan_wewenang": found.out_of_authority,
        "arsip": found.archived,
        "klasifikasi_lain": found.other_class,
        "dinilai": found.judged,
        "tepat_waktu": found.on_time,
    }
    assert {name: names[name] for name in expected if name in names} == {n: expected[n] for n in expected if n in names}
    share = share_followed(now, None)
    if "hitungan" in expected:
        assert str(round2(share)) == two_decimals(worked_out(expected["hitungan"]))
    else:
        assert share is None


def test_no_complaints_by_setting():
    """Without complaints the value is empty or what the workbook's setting says; with some the setting is idle."""
    assert share_followed(Count(0, 0), None) is None
    assert share_followed(Count(0, 0), Decimal(100)) == 100
    assert share_followed(Count(4, 1), Decimal(100)) == 25


def test_quarters_are_to_date():
    """Each quarter counts from 1 January; a complaint of March answered in May is followed up from quarter 2 on."""
    found = figures(
        {"masuk": day(2025, 3, 10), "tindak_lanjut": day(2025, 5, 2)},
        {"masuk": day(2025, 8, 1), "tindak_lanjut": day(2025, 2, 1)},
        {"masuk": day(2025, 12, 31) + 0.9, "tindak_lanjut": day(2026, 1, 1)},
        quarter=2,
    )
    assert found.received == (1, 1, 2, 3)
    assert found.by_quarter == (Count(1, 0), Count(1, 1), Count(2, 2), Count(3, 2))


def test_months_go_by_arrival_and_end_with_the_quarter():
    """A month counts its arrivals, followed up by the quarter's end; months after the quarter are 0."""
    found = figures(
        {"masuk": day(2025, 1, 31) + 0.5, "tindak_lanjut": day(2025, 6, 30) + 0.5},
        {"masuk": day(2025, 2, 1), "tindak_lanjut": day(2025, 7, 1)},
        {"masuk": day(2025, 7, 1), "tindak_lanjut": day(2025, 7, 1)},
        quarter=2,
    )
    assert found.by_month == (Count(1, 1), Count(1, 0), *[Count(0, 0)] * 10)


def test_channels_are_whole_and_caseless():
    """Channels match whole, upper or lower case alike; blanks, errors and other words are "Lainnya"."""
    cells = ("LAPOR!", "lapor!", "LAPOR! ", "Telepon", None, ERROR, 5.0, "whatsapp")
    found = figures(*({"masuk": day(2025, 2, 3), "kanal": cell, "tindak_lanjut": day(2025, 2, 3)} for cell in cells))
    channels = dict(found.by_channel)
    assert [name for name, _ in found.by_channel] == [*RULES.channels, "Lainnya"]
    assert (channels["LAPOR!"], channels["WhatsApp"], channels["Lainnya"]) == (Count(2, 2), Count(1, 1), Count(5, 5))


def test_on_time_share_is_of_those_followed_up():
    """Tepat Waktu % divides by those followed up, judged or not; nobody followed up gives none."""
    early = {"masuk": day(2025, 2, 3), "tindak_lanjut": day(2025, 2, 4)}
    found = figures({**early, "klasifikasi": "Keluhan"}, {**early, "klasifikasi": "Saran"})
    assert (found.judged, found.on_time, found.percent_on_time) == (1, 1, 50)
    assert figures({"masuk": day(2025, 2, 3)}).percent_on_time is None


def test_follow_up_before_arrival_counts_and_is_on_time():
    """A follow-up dated before the arrival is counted, followed up and in time: a finding tells of it elsewhere."""
    found = figures({"masuk": day(2025, 2, 10), "tindak_lanjut": day(2025, 2, 3), "klasifikasi": "Keluhan"})
    assert (found.by_quarter[3], found.judged, found.on_time) == (Count(1, 1), 1, 1)


@pytest.mark.parametrize("field", ["kewenangan", "status", "klasifikasi", "cek"])
def test_error_in_any_cell_used_is_not_judged(field):
    """An error value in a cell that "tepat waktu" reads drops the row there, while it still counts."""
    row = {"masuk": day(2025, 2, 3), "tindak_lanjut": day(2025, 2, 4), "klasifikasi": "Keluhan", field: ERROR}
    found = figures(row)
    assert (found.by_quarter[3], found.judged) == (Count(1, 1), 0)


def test_clean_limits():
    """First valid row of a class wins; text, blank and negative days don't count; row 21 is not read."""
    rows = [
        ("Keluhan", None, "5"),
        ("Keluhan", None, -1.0),
        ("Keluhan", "Ya", 6.0),
        ("keluhan", None, 7.0),
        ("Pengaduan", "Ya", 60.0),
        ("Pengaduan", ERROR, 3.0),
        ("pengaduan", None, 14.0),
        ("Pengaduan", "Tidak", 99.0),
        (None, None, 1.0),
        (ERROR, None, 1.0),
        ("Saran", ERROR, 9.0),
    ]
    rows += [(None, None, None)] * (20 - len(rows)) + [("Aspirasi", None, 2.0)]
    limits = Limits(*([row[i] for row in rows] for i in range(3)))
    assert clean_limits(limits) == {"keluhan": 6, "pengaduan|ya": 60, "pengaduan": 14, "saran": 9}


def test_without_limits_nothing_is_judged():
    """An empty tblBatasHari leaves followed complaints unjudged, never late."""
    row = {"masuk": day(2025, 2, 3), "tindak_lanjut": day(2025, 2, 4), "klasifikasi": "Keluhan"}
    assert figures(row, limits=Limits([], [], [])).judged == 0


def test_serials_of_known_days():
    """1 January 2025 is 45658, 1 March 1900 is 61, and back; a time of day is dropped; outside the calendar refused."""
    assert (serial(datetime.date(2025, 1, 1)), serial(datetime.date(1900, 3, 1))) == (45658, 61)
    assert from_serial(45658.99) == datetime.date(2025, 1, 1)
    assert from_serial(2958465.5) == datetime.date(9999, 12, 31)
    for x in (0.0, -5.0, 2958466.0, 1e300):
        with pytest.raises(ValueError, match="calendar"):
            from_serial(x)


def test_period_bounds():
    """The year starts on 1 January and each quarter ends before the next one's first day, leap years too."""
    period = Period(2024, 1)
    assert from_serial(period.start) == datetime.date(2024, 1, 1)
    assert [from_serial(period.cutoff(q)).isoformat() for q in (1, 2, 3, 4)] == [
        "2024-04-01", "2024-07-01", "2024-10-01", "2025-01-01",
    ]  # fmt: skip
    assert period.cutoff() == period.cutoff(1)


def test_clean_holidays():
    """Distinct weekdays among the first 100 rows, times dropped; weekends, text, errors and row 101 are out."""
    monday = day(2025, 3, 31)
    column = [monday, monday + 0.5, monday - 1, monday - 2, "1 April 2025", ERROR, None, 1.0, monday + 1]
    padded = [*column, *[None] * (100 - len(column)), monday + 2]
    assert clean_holidays(padded) == (int(monday), int(monday) + 1)
    assert clean_holidays([monday, monday + 1], limit=1) == (int(monday),)


@given(
    st.integers(45000, 46500),
    st.integers(-40, 400),
    st.floats(0, 0.99),
    st.sets(st.integers(45000, 46900), max_size=40),
)
def test_working_days_are_counted_day_by_day(arrived, later, time_of_day, days):
    """Stepping through the calendar gives the same number; backwards it is the same with a minus."""
    holidays = clean_holidays(sorted(map(float, days)), limit=100)
    first, last = sorted((arrived, arrived + later))
    span = (from_serial(d) for d in range(first + 1, last + 1))
    counted = sum(d.weekday() < 5 and serial(d) not in days for d in span)
    assert working_days(arrived + time_of_day, arrived + later + 0.5, holidays) == (counted if later >= 0 else -counted)


def choice(*words: object) -> st.SearchStrategy:
    """One of the words, or what may stand there instead."""
    return st.sampled_from([*words, None, ERROR, "-", 5.0])


DATES = st.one_of(
    st.integers(int(day(2024, 12, 20)) * 2, int(day(2026, 1, 20)) * 2).map(lambda n: n / 2),
    st.sampled_from([None, "3 Mei 2025", ERROR, 1.0, 0.0]),
)
ROWS = st.lists(
    st.tuples(
        DATES,
        choice("LAPOR!", "lapor!", "Surat", "Telepon"),
        choice("Keluhan", "keluhan", "Pengaduan", "PENGADUAN", "Aspirasi", "Permintaan Informasi", "Keluhan "),
        choice("Ya", "ya", "Tidak"),
        choice("Ya", "Bukan", "bukan", "Bukan "),
        choice("Selesai", "selesai", "Arsip", "ARSIP", "Proses"),
        st.sampled_from([None, None, None, "LP-1", " ", ERROR]),
        DATES,
    ),
    max_size=25,
)


def is_word(cell: object, *words: str) -> bool:
    """Whether a cell is one of the words, upper or lower case alike."""
    return isinstance(cell, str) and cell.upper() in {word.upper() for word in words}


def allowed_days(kind: object, check: object) -> int | None:
    """The limit of a complaint, as DOMAIN §4 words it."""
    if is_word(kind, "Pengaduan"):
        return 60 if is_word(check, "Ya") else 14
    return 5 if is_word(kind, "Keluhan", "Permintaan Informasi") else None


def by_hand(rows: list[tuple], begin: float, end: float, cut: float, switches: Switches) -> dict[str, int]:
    """The figures of arrivals from ``begin`` to ``end``, sentence by sentence from DOMAIN §7."""
    tally = dict.fromkeys(
        ("received", "duplicate", "refused", "shelved", "other", "counted", "followed", "judged", "time"), 0
    )
    for came, _, kind, check, authority, status, duplicate, done in rows:
        if not isinstance(came, float) or not begin <= came < end:
            continue
        tally["received"] += 1
        if duplicate is not None:
            tally["duplicate"] += 1
        elif is_word(authority, "Bukan"):
            tally["refused"] += 1
        elif is_word(status, "Arsip"):
            tally["shelved"] += 1
        elif not switches.all_classes and is_word(kind, "Permintaan Informasi", "Aspirasi"):
            tally["other"] += 1
        else:
            tally["counted"] += 1
            if not isinstance(done, float) or not 1 < done < cut:
                continue
            if switches.only_finished and not is_word(status, "Selesai"):
                continue
            tally["followed"] += 1
            limit = allowed_days(kind, check)
            if limit is None or ERROR in (authority, status, kind, check):
                continue
            tally["judged"] += 1
            span = range(int(came) + 1, int(done) + 1)
            used = sum(from_serial(d).weekday() < 5 and d not in HOLIDAYS for d in span)
            tally["time"] += used <= limit
    return tally


@given(ROWS, st.integers(1, 4), st.builds(Switches, st.booleans(), st.booleans()))
def test_mirrors_the_sentences_of_the_rules(rows, quarter, switches):
    """On any log, spoiled cells included, every figure is that of a row-by-row reading."""
    period = Period(2025, quarter)
    log = Complaints(*([row[i] for row in rows] for i in range(8)))
    found = complaint_figures(log, period, ("LAPOR!", "Surat"), LIMITS, HOLIDAYS, switches)
    for q in (1, 2, 3, 4):
        own = by_hand(rows, period.start, period.cutoff(q), period.cutoff(q), switches)
        assert (found.received[q - 1], found.by_quarter[q - 1]) == (
            own["received"],
            Count(own["counted"], own["followed"]),
        )
    own = by_hand(rows, period.start, period.cutoff(), period.cutoff(), switches)
    reasons = (found.duplicates, found.out_of_authority, found.archived, found.other_class)
    assert reasons == (own["duplicate"], own["refused"], own["shelved"], own["other"])
    assert sum(reasons) == own["received"] - own["counted"]
    assert (found.judged, found.on_time) == (own["judged"], own["time"])
    for month in range(1, 13):
        begin, end = day(2025, month, 1), day(2025, month + 1, 1) if month < 12 else day(2026, 1, 1)
        own = by_hand(rows, begin, min(end, period.cutoff()), period.cutoff(), switches)
        assert found.by_month[month - 1] == Count(own["counted"], own["followed"])
    for name, rest in (("LAPOR!", False), ("Surat", False), ("Lainnya", True)):
        mine = [row for row in rows if (not is_word(row[1], "LAPOR!", "Surat") if rest else is_word(row[1], name))]
        own = by_hand(mine, period.start, period.cutoff(), period.cutoff(), switches)
        assert dict(found.by_channel)[name] == Count(own["counted"], own["followed"])


def test_hundred_thousand_rows_are_fast():
    """A log of 100,000 rows takes well under a second (measured: 0.09 s), so no step may look at rows pairwise."""
    draw = random.Random(1)
    n = 100_000
    came = [day(2025, 1, 1) + draw.random() * 380 for _ in range(n)]
    log = Complaints(
        came,
        draw.choices(["LAPOR!", "Surat", None], k=n),
        draw.choices(["Keluhan", "Pengaduan", "Aspirasi"], k=n),
        draw.choices(["Ya", "Tidak", None], k=n),
        draw.choices(["Ya", "Bukan", None], k=n),
        draw.choices(["Selesai", "Proses", "Arsip"], k=n),
        draw.choices([None, None, "LP-1"], k=n),
        [cell + draw.random() * 90 for cell in came],
    )
    times = []
    for _ in range(3):
        begin = time.perf_counter()
        complaint_figures(log, Period(2025, 4), RULES.channels, LIMITS, HOLIDAYS, Switches())
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.5
