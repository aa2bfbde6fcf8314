"""Indonesian numbers and dates: one reading, or none."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iku_excel.form.indonesian import number_is_ambiguous, read_date, read_number, squeezed, trimmed
from iku_excel.indicators.achievement import show

MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober")
MONTHS += ("November", "Desember")
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("85,5", "85.5"),
        ("1.234.567,89", "1234567.89"),
        ("1.234.567", "1234567"),
        ("1234567", "1234567"),
        ("1234,567", "1234.567"),
        ("0,123", "0.123"),
        ("0.123", "0.123"),
        ("1.234,567", "1234.567"),
        ("85.5", "85.5"),
        ("1,234,567", "1234567"),
        ("1,234,567.89", "1234567.89"),
        ("1,234.5", "1234.5"),
        ("Rp 1.234.567,00", "1234567"),
        ("Rp1.234.567,-", "1234567"),
        ("Rp. 1.234.567", "1234567"),
        ("Rp 1.500", "1500"),
        ("Rp 1,234,567.00", "1234567"),
        ("IDR 2.000.000", "2000000"),
        ("1.500,-", "1500"),
        ("1.500.000,--", "1500000"),
        ("5.000.-", "5000"),
        ("-Rp 2.500,50", "-2500.5"),
        ("Rp -2.500,50", "-2500.5"),
        ("75 %", "75"),
        ("75,25%", "75.25"),
        ("-5", "-5"),
        ("\u22125,5", "-5.5"),
        ("-0,12345678901234567890123456789012345", "-0.12345678901234567890123456789012345"),
        ("+5", "5"),
        ("0", "0"),
        (f"{NBSP}85,5{NBSP} ", "85.5"),
        ("\u200b12", "12"),
        (f"Rp{NBSP}12.000.000", "12000000"),
    ],
)
def test_numbers_with_one_reading(text, value):
    """A number that has one reading is read, whichever of the usual notations it is in."""
    assert read_number(text) == Decimal(value)
    assert not number_is_ambiguous(text)


@pytest.mark.parametrize("text", ["1.234", "1,234", "12.345", "999,999", "-1.234", "1.234 %", "Rp 1,234", " 1.234 "])
def test_ambiguous_numbers(text):
    """One mark with three digits after it may mean thousands or decimals: never read, and known as such."""
    assert read_number(text) is None
    assert number_is_ambiguous(text)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", ",", "dua juta", "(1.000.000)", "1e5", "1E+05", "3 unit", "40 JP", "007", "081234567890",
        "01.234", "1 234 567", "1.23.456", "1.2345.678", "1.234.56", "12,34,56", "85,5,5", "100,000.000,00",
        "5.03.01.1.01", "12/11/2023", "nan", "Infinity", "1_000", "\u0668\u0665", "=1+1", ",5", "5,", "1,5,-",
        "Rp 85.5", "Rp", "-Rp -5", "5 % %", "Rp 5 %",
    ],
)  # fmt: skip
def test_what_is_no_certain_number(text):
    """Codes, telephone numbers, words, exponents and broken groups are left alone."""
    assert read_number(text) is None
    assert not number_is_ambiguous(text)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=2))
def test_two_decimals_come_back(value):
    """Every amount as our own sheets print it, with and without thousands dots, is read back exactly."""
    for thousands in (True, False):
        assert read_number(show(value, thousands=thousands)) == value
    assert read_number(f"Rp {show(abs(value), thousands=True)}") == abs(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12))
def test_any_decimal_comes_back_or_is_ambiguous(value):
    """Any decimal with a comma is read back exactly, unless it has three decimals and fewer than four digits."""
    plain = f"{value:f}".replace(".", ",")
    if number_is_ambiguous(plain):
        whole, _, decimals = plain.removeprefix("-").partition(",")
        assert len(whole) <= 3
        assert len(decimals) == 3
        assert read_number(plain) is None
    else:
        assert read_number(plain) == value
    grouped = f"{value:,f}".translate(str.maketrans(".,", ",."))
    if abs(value) >= 1000 and grouped.count(".") + grouped.count(",") > 1:
        assert read_number(grouped) == value


@pytest.mark.parametrize(
    "text",
    [
        "12 November 2023", "12 Nov 2023", "12 Nov. 2023", "12 Nopember 2023", "12 NOP 2023", "12-11-2023",
        "12/11/2023",
        "12.11.2023", "12 / 11 / 2023", "2023-11-12", "2023/11/12", "2023-11-12 00:00:00", "2023-11-12T00:00:00",
        "12/11/2023 00.00", "12-Nov-2023", "12/Nov/2023", "November 12, 2023", "Minggu, 12 November 2023",
        "Minggu 12/11/2023", "Ahad, 12-11-2023", "Sunday, 12 November 2023", f"{NBSP}12{NBSP}November{NBSP}2023 ",
    ],
)  # fmt: skip
def test_dates_with_one_reading(text):
    """One day in all the notations of office letters, exports and English Excels."""
    assert read_date(text) == date(2023, 11, 12)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 Pebruari 2024", (2024, 2, 1)),
        ("17 Agt 2024", (2024, 8, 17)),
        ("17 Agu 2024", (2024, 8, 17)),
        ("17 Ags 2024", (2024, 8, 17)),
        ("5 Mrt 2024", (2024, 3, 5)),
        ("31 Des 2024", (2024, 12, 31)),
        ("3 May 2024", (2024, 5, 3)),
        ("Jum'at, 1 Maret 2024", (2024, 3, 1)),
        ("Jum\u2019at, 1 Maret 2024", (2024, 3, 1)),
        ("29 Februari 2024", (2024, 2, 29)),
        ("03/04/2024", (2024, 4, 3)),
        ("1/3/2024", (2024, 3, 1)),
    ],
)
def test_spellings_of_months_and_days(text, day):
    """Old and short spellings of months are known, and the day comes first."""
    assert read_date(text) == date(*day)


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "12/13/2023", "31/02/2024", "29 Februari 2023", "32 Januari 2024", "0/1/2024", "2023-13-01",
        "2023-02-30", "12/11/23", "12 Nov 23", "12-11", "November 2023", "2023", "45242", "20231112", "12/11-2023",
        "12 Novembr 2023",
        "kemarin", "akhir tahun", "Selasa, 12 November 2023", "12 November 2023 08:30", "2023-11-12 08:30:00",
        "\u0661\u0662/11/2023", "0000-01-01",
    ],
)  # fmt: skip
def test_what_is_no_certain_date(text):
    """Short years, days that don't exist, a weekday that contradicts its date and times of day are left alone."""
    assert read_date(text) is None


@given(st.dates())
def test_dates_come_back(day):
    """Every date in six notations is read back."""
    d, m, y = day.day, day.month, f"{day.year:04d}"
    name = MONTHS[m - 1]
    for text in (
        f"{d} {name} {y}",
        f"{d:02d} {name[:3]} {y}",
        f"{d:02d}/{m:02d}/{y}",
        f"{d}-{m}-{y}",
        day.isoformat(),
        f"{WEEKDAYS[day.weekday()]}, {d} {name.upper()} {y}",
    ):
        assert read_date(text) == day
    wrong = WEEKDAYS[(day + timedelta(1)).weekday()] if day < date.max else "Senin"
    assert read_date(f"{wrong}, {d} {name} {y}") is None


@given(st.one_of(st.text(), st.text(alphabet="0123456789.,-% RpIDR/\u00a0\u2212Jan", max_size=20)))
def test_no_text_raises(text):
    """Whatever is typed, reading gives a value or None, and an ambiguous number is never read."""
    number = read_number(text)
    read_date(text)
    if number_is_ambiguous(text):
        assert number is None
    assert trimmed(trimmed(text)) == trimmed(text)
    assert squeezed(trimmed(text)) == squeezed(text)


def test_long_text_is_quick():
    """A cell full of digits or blanks costs no more than its length (no runaway pattern)."""
    import time

    start = time.perf_counter()
    for text in ("1" * 32_767, "1." * 16_000, " " * 32_767, "1" + " " * 32_000 + "x", "a" * 32_767, "1,000" * 6_000):
        read_number(text)
        number_is_ambiguous(text)
        read_date(text)
    assert time.perf_counter() - start < 1
