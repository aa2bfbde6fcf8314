"""Values of the data judged one by one: what may go into a column, and why not."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iku_excel.cells import UNCACHED, Cell, CellError
from iku_excel.form import layout
from iku_excel.form.fields import Field, choice, code, date, number, text
from iku_excel.imports.checking import Rules, checked
from iku_excel.imports.matching import Incoming, pair
from iku_excel.imports.source import Raw
from iku_excel.indicators.period import serial
from iku_excel.xlsx.reader import TableData

MONEY = number("Pagu Murni", money=True)
PLAIN = number("Jumlah")
PERCENT = number("Fisik", maximum=100)
DAY = date("Selesai")
NIP = code("NIP")
TRI = choice("Triwulan", "1", "2", "3", "4")
ON = layout.EMPLOYEES.field("Aktif")
NO_RULES = Rules({})


def _one(field: Field, cell: Raw, rules: Rules = NO_RULES) -> object:
    (value,), problems = checked(field, [cell], [2], rules, private=False)
    return problems[0].why if problems else value


@pytest.mark.parametrize(
    ("field", "cell", "value"),
    [
        (MONEY, "1.234.567,89", 1234567.89),
        (MONEY, "Rp 1.000", 1000.0),
        (MONEY, "Rp1.234.567,-", 1234567.0),
        (MONEY, 12.5, 12.5),
        (MONEY, 3, 3.0),
        (MONEY, " ", None),
        (MONEY, None, None),
        (PLAIN, "85,5", 85.5),
        (PERCENT, "75 %", 75.0),
        (PERCENT, "100", 100.0),
        (PERCENT, 0, 0.0),
        (DAY, "3/2/2025", serial(datetime.date(2025, 2, 3))),
        (DAY, "2025-02-03", serial(datetime.date(2025, 2, 3))),
        (DAY, "3 Februari 2025", serial(datetime.date(2025, 2, 3))),
        (DAY, datetime.date(2025, 2, 3), serial(datetime.date(2025, 2, 3))),
        (DAY, datetime.datetime(2025, 2, 3, 12), serial(datetime.date(2025, 2, 3)) + 0.5),
        (DAY, 45691.0, 45691),
        (NIP, "19700101 199503 1 001", "197001011995031001"),
        (NIP, " 0012 ", "0012"),
        (NIP, 12.0, "12"),
        (NIP, 197001011995031001, "197001011995031001"),
        (NIP, "=00123", "=00123"),
        (code("Kode"), "19700101 199503 1 001", "19700101 199503 1 001"),
        (TRI, "4", 4),
        (TRI, 4.0, 4),
        (ON, " ya", "Ya"),
        (ON, True, "Ya"),
        (ON, "TIDAK", "Tidak"),
        (text("Unit"), "  dua spasi ", "  dua spasi "),
        (text("Unit"), "a\r\nb\rc", "a\nb\nc"),
        (text("Unit"), 12.0, "12"),
        (text("Unit"), 1.5, "1,5"),
        (text("Unit"), "\u00a0\t", None),
    ],
)
def test_what_a_column_takes(field: Field, cell: Raw, value: object) -> None:
    """One reading, one value, of the right type."""
    found = _one(field, cell)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("field", "cell", "why"),
    [
        (MONEY, "1.234", "dua cara"),
        (MONEY, "seribu", "bukan angka"),
        (MONEY, "-5", "di luar batas"),
        (MONEY, "12345678901234567", "15 angka"),
        (MONEY, "9" + "0" * 400, "15 angka"),
        (MONEY, float("inf"), "15 angka"),
        (MONEY, float("nan"), "15 angka"),
        (MONEY, True, "jenisnya"),
        (MONEY, datetime.date(2025, 1, 1), "jenisnya"),
        (PLAIN, "Rp 5", "memuat Rp"),
        (PLAIN, "75 %", "tanda %"),
        (PERCENT, "100,1", "di luar batas kolom ini (0 sampai 100)"),
        (DAY, "31/02/2025", "bukan tanggal"),
        (DAY, "3/2/25", "bukan tanggal"),
        (DAY, "12/31/2025", "bulan-hari-tahun"),
        (DAY, "03/02/2025 25:00", "bukan tanggal"),
        (DAY, "03/02/2025 10:75", "bukan tanggal"),
        (DAY, "03/02/2025 10:30:75", "bukan tanggal"),
        (DAY, "01/01/1900", "1 Maret 1900"),
        (DAY, 0.5, "bukan tanggal"),
        (DAY, False, "jenisnya"),
        (NIP, 1.97001011995031e17, "15 digit"),
        (NIP, 1.5, "angka pecahan"),
        (NIP, "1,97E+17", "notasi ilmiah"),
        (TRI, "5", "bukan salah satu dari 1, 2, 3, 4"),
        (TRI, True, "jenisnya"),
        (ON, "mungkin", "bukan salah satu dari Ya, Tidak"),
        (text("Unit"), CellError("#N/A"), "nilai galat"),
        (text("Unit"), UNCACHED, "belum punya nilai"),
        (text("Unit"), "a\x00b", "tanda kendali"),
        (text("Unit"), "\ud800", "tanda kendali"),
        (text("Unit"), "x" * 32_768, "32767 huruf"),
        (text("Unit"), True, "jenisnya"),
        (text("Unit"), 2.0**60, "15 angka"),
    ],
)
def test_what_a_column_refuses(field: Field, cell: Raw, why: str) -> None:
    """Each with its reason."""
    assert why in str(_one(field, cell))


def test_the_other_numbers_of_a_column_decide_an_ambiguous_one() -> None:
    """Beside "1.234.567" a "500.000" is half a million; beside "1.5" it is not; with both nobody knows."""
    (values, problems) = checked(MONEY, ["1.234.567", "500.000", "-"], [2, 3, 4], NO_RULES, private=False)
    assert values[:2] == [1234567.0, 500000.0]
    assert [problem.row for problem in problems] == [4]
    assert checked(MONEY, ["1.5", "2.500"], [2, 3], NO_RULES, private=False)[0] == [1.5, 2.5]
    assert len(checked(MONEY, ["1.5", "1.234.567", "2.500"], [2, 3, 4], NO_RULES, private=False)[1]) == 1


def test_a_declared_decimal_mark_decides_and_holds() -> None:
    """With a comma declared "1.234" is a thousand; a number in the other notation is a mistake."""
    comma = Rules({}, decimal=",")
    assert checked(MONEY, ["1.234", "-1.234", "0"], [2, 3, 4], comma, private=False)[0] == [1234.0, None, 0.0]
    assert "tidak ditulis seperti" in str(_one(MONEY, "1,234.5", comma))
    assert _one(MONEY, "1.234", Rules({}, decimal=".")) == 1.234


def test_the_order_of_a_date_can_be_declared() -> None:
    """Month first or year first where the map says so; a month by name needs no order."""
    month = Rules({}, date_order="bulan-hari-tahun")
    assert _one(DAY, "12/31/2025", month) == serial(datetime.date(2025, 12, 31))
    assert _one(DAY, "2/3/2025", month) == serial(datetime.date(2025, 2, 3))
    assert _one(DAY, "3 Februari 2025", month) == serial(datetime.date(2025, 2, 3))
    assert "tahun di depan" in str(_one(DAY, "2/3/2025", Rules({}, date_order="tahun-bulan-hari")))


def test_words_of_the_map_come_first() -> None:
    """Caseless and whatever the blanks; numbers have words too."""
    rules = Rules({"Aktif": {"Masih  Bekerja": "Ya", "0": "Tidak"}})
    assert [_one(ON, cell, rules) for cell in ("masih bekerja ", 0.0, "0")] == ["Ya", "Tidak", "Tidak"]


def test_true_and_one_are_not_the_same() -> None:
    """Python's True == 1: a column that holds both judges each for itself."""
    values, problems = checked(PLAIN, [1.0, True, 1], [2, 3, 4], NO_RULES, private=False)
    assert (values, [problem.row for problem in problems]) == ([1.0, None, 1.0], [3])


@given(st.decimals(0, 10**12, places=2))
def test_any_amount_in_indonesian_spelling_reads_back(amount: Decimal) -> None:
    """Grouped with dots, decimals after a comma: the value is that amount."""
    spelled = f"{amount:,.2f}".translate(str.maketrans(".,", ",."))
    assert _one(MONEY, spelled) == float(amount)


@given(st.lists(st.text(max_size=20) | st.none(), min_size=1, max_size=8))
def test_texts_are_judged_alike_alone_and_in_company(cells: list[str | None]) -> None:
    """The quick way through a column of texts gives what each text gets by itself."""
    together, problems = checked(text("Unit"), cells, range(2, 2 + len(cells)), NO_RULES, private=False)
    wrong = {problem.row for problem in problems}
    for row, (cell, value) in enumerate(zip(cells, together, strict=True), 2):
        alone, bad = checked(text("Unit"), [cell], [row], NO_RULES, private=False)
        assert ([value], row in wrong) == (alone, bool(bad))


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (" A 1", "A 1"), ("A-1\u00a0", "A-1"), ("", None), ("\t", None), (None, None), ("=A1", "=A1"),
        ("1,97E+17", "berisi kode yang sudah diubah Excel menjadi notasi ilmiah; sebagian digitnya hilang"),
        ("2e5", "berisi kode yang sudah diubah Excel menjadi notasi ilmiah; sebagian digitnya hilang"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("times", [1, 3])
def test_a_code_is_judged_alike_alone_and_among_clean_ones(cell: str | None, value: str | None, times: int) -> None:
    """Codes that all differ, codes that repeat: one that wants a second look gets it."""
    cells = [f"B{n}" for n in range(4) for _ in range(times)]
    found, problems = checked(code("Kode Barang"), [*cells, cell], range(2, 3 + len(cells)), NO_RULES, private=False)
    assert found[:-1] == cells
    assert (problems[0].why if problems else found[-1]) == value
    assert _one(code("Kode Barang"), cell) == value


@pytest.mark.parametrize(
    "here", [["A", "b"], [" A", "b"], ["a\n", "B\u00a0"], ["A", "b", "c\nd"], ["A", "b", 5.0, None]]
)
def test_keys_compare_without_case_and_blanks_at_their_edges(here: list[Cell]) -> None:
    """Keys of texts all, of texts with blanks, of texts and numbers: the same rows are found."""
    incoming = Incoming(("Kode Barang",), (["B", "x", "a", "5", "C\nD"],), range(2, 7))
    there = TableData.of("tblData", "Data", {"Kode Barang": here})
    pairs = pair(layout.COMPLAINTS, ("Kode Barang",), incoming, there)
    more = {3: 2} if len(here) == 4 else {4: 2} if len(here) == 3 else {}
    assert dict(pairs.old) == {0: 1, 2: 0, **more}
    assert [*pairs.new] == [row for row in range(5) if row not in dict(pairs.old)]
    assert [*pair(layout.COMPLAINTS, ("Kode Barang",), incoming, TableData.of("tblData", "Data", {})).new] == [
        *range(5)
    ]
