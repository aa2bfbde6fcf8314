"""What holds of findings whatever was typed: nothing uncounted goes unsaid, nothing private is said, in time."""

from __future__ import annotations

import time

import pytest
from checks_book import NIP_1, Book, day
from checks_cases import NA, K
from hypothesis import given, settings
from hypothesis import strategies as st

from iku_excel.cells import UNCACHED, CellError
from iku_excel.form.checks import CODES, check
from iku_excel.form.compute import compute
from iku_excel.form.settings import SETTINGS, TABLES
from iku_excel.form.tidy import tidy

COLUMNS = [
    (name, field.heading)
    for name, table in TABLES.items()
    for field in table.fields
]  # fmt: skip


@pytest.mark.parametrize(("table", "heading"), COLUMNS, ids=[f"{t}-{h}" for t, h in COLUMNS])
def test_an_error_value_is_always_a_mistake(table: str, heading: str) -> None:
    """An error value in any column of the contract is a finding of level kesalahan at its cell."""
    book = Book().put(table, 1)
    book.rows[table][0][heading] = NA
    inputs = book.inputs()
    cell = inputs.tables[table].address(heading, 0)
    assert ("nilai-galat", "kesalahan", cell) in [
        (f.code, f.level, f.cell) for f in check(inputs, compute(inputs)) if f.sheet == TABLES[table].sheet
    ]


READ = [(t, f.heading) for t, table in TABLES.items() for f in table.fields if f.kind.value in ("angka", "tanggal")]


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(READ), st.text(min_size=1))
def test_text_where_a_number_or_date_is_read_is_never_passed_over(column: tuple[str, str], text: str) -> None:
    """Whatever text stands in a number or date column is a kesalahan at its cell, since nothing counts it."""
    table, heading = column
    book = Book()
    book.rows[table][0][heading] = text
    inputs = book.inputs()
    cell = inputs.tables[table].address(heading, 0)
    levels = {f.level for f in check(inputs, compute(inputs)) if f.cell == cell and f.sheet == TABLES[table].sheet}
    assert "kesalahan" in levels


CELLS = st.one_of(
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 1.0, 60.0, 45000.0, 2958466.0, 1e300, -1.0]),
    st.text(max_size=12),
    st.sampled_from(["Ya", "Tidak", "E01", "IKU-1", "5.03", "5.03.01", " ", "-", "Selesai", "Keluhan", NIP_1, "T-1"]),
    st.booleans(),
    st.sampled_from([NA, UNCACHED, CellError("#DIV/0!")]),
)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_contents_make_it_fail(data: st.DataObject) -> None:
    """Any cells in any columns and settings give findings with known codes, never an exception."""
    book = Book(quarter=data.draw(st.integers(1, 4)))
    for table in book.rows:
        headings = data.draw(st.lists(st.sampled_from(TABLES[table].headings), max_size=4))
        for row in range(data.draw(st.integers(0, 3))):
            for heading in headings:
                book.put(table, row + 1)
                book.rows[table][row][heading] = data.draw(CELLS)
    for name in data.draw(st.lists(st.sampled_from(sorted(set(SETTINGS) - {"Tahun", "Triwulan"})), max_size=4)):
        book.settings[name] = data.draw(CELLS)
    assert all(CODES[f.code].level == f.level for f in book.findings())


ODD = ["85,5", "1.234", "1.234.567,89", "75 %", "Rp 1.500", "12345678901234567", "dua", " ", "-", "31 Maret 2025",
       "1/1/1900", "12/13/2025", "Baik ", "\u00a0Ya", " tidak", "Rusak  Ringan", "E01 ", "Keluhan\u200b", " T-1",
       "19670927 198803 1 013", "5.03 ", "1 ", "2", "IKU-1 ", " 100 ", "Selesai\t"]  # fmt: skip


@pytest.mark.parametrize("text", ODD)
def test_what_is_promised_of_tidying_is_kept(text: str) -> None:
    """Wherever a fix says that `rapikan` would mend the cell, `rapikan` does."""
    book = Book()
    for name, table in TABLES.items():
        book.rows[name][0].update(dict.fromkeys(table.headings, text))
        book.rows[name][0].update({"Kode IKU": "IKU-1"} if name == "tblTarget" and text != "IKU-1 " else {})
    book.settings.update(dict.fromkeys(set(SETTINGS) - {"Tahun", "Triwulan", "IKU_Versi_Templat"}, text))
    inputs = book.inputs()
    mends = tidy(inputs.tables, inputs.settings, inputs.setting_cells, formulas=()).mends
    mended = {(mend.sheet, mend.cell) for mend in mends}
    promised = {(f.sheet, f.cell) for f in check(inputs, compute(inputs)) if "rapikan" in f.fix}
    assert promised <= mended
    assert promised or text not in ("85,5", "31 Maret 2025", "Baik ", "5.03 ", "Keluhan\u200b")


SECRET = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=6, max_size=14).map(lambda s: f"Zq{s}")
"""Words that no message of ours holds."""


@settings(max_examples=60, deadline=None)
@given(st.lists(SECRET, min_size=17, max_size=17), st.sets(st.sampled_from(TABLES[K].headings)))
def test_nothing_typed_in_the_complaints_log_is_ever_said(words: list[str], where_put: set[str]) -> None:
    """No word of the complaints' log, in whichever column it was typed, appears in a message or fix."""
    book = Book()
    for heading, word in zip(TABLES[K].headings, words, strict=True):
        if heading in where_put:
            book.rows[K][1][heading] = word
            book.rows[K][0][heading] = f" {word}" if heading == "Status" else word
    said = " ".join(f.message + f.fix for f in book.findings())
    assert not any(word in said for word in words)


def test_a_telephone_number_typed_as_a_number_is_not_said_either() -> None:
    """Numbers in the wrong column of the log may be telephone numbers: no message shows them."""
    book = Book()
    for heading in TABLES[K].headings:
        book.rows[K][1][heading] = 81234567890.0
    said = " ".join(f.message + f.fix for f in book.findings())
    assert said
    assert "8123" not in said
    assert "81.234" not in said


@settings(max_examples=40, deadline=None)
@given(SECRET)
def test_names_of_employees_are_never_said(name: str) -> None:
    """A name, also one typed into the column of NIP or Aktif or as the signatory, appears in no message."""
    book = Book().put("tblPegawai", 1, NIP=name, Nama=name, Status=name, Unit=name, Aktif=name)
    book.put("tblDiklat", 1, NIP=name).put("tblPegawai", 2, NIP=f"{name} ", Nama=" ")
    book.set(Nama_Pejabat=name, NIP_Pejabat=name)
    said = " ".join(f.message + f.fix for f in book.findings())
    assert said
    assert name not in said


def _long_log(rows: int) -> Book:
    book = Book()
    start = day("02/01/2025")
    book.rows[K] = [
        {**book.rows[K][0], "No": float(i), "Tracking ID": f"LP-{i:06d}", "Pelapor": f"Orang {i}",
         "Uraian": f"Uraian keluhan {i}", "Tanggal Masuk": start + i % 150, "Tanggal Disposisi": start + i % 150 + 1,
         "Tanggal Tindak Lanjut": start + i % 150 + 2, "Tanggal Selesai": start + i % 150 + 3}
        for i in range(rows)
    ]  # fmt: skip
    return book


def test_checking_a_long_clean_log_costs_less_than_computing_it() -> None:
    """100,000 clean complaints are checked column by column, in less time than their figures take."""
    inputs = _long_log(100_000).inputs()
    begin = time.process_time()
    result = compute(inputs)
    computed = time.process_time()
    found = check(inputs, result)
    checked = time.process_time()
    assert found == []
    assert checked - computed < computed - begin


def test_mistakes_in_every_row_cost_in_proportion() -> None:
    """Eight times as many bad rows take about eight times as long, not sixty-four."""

    def seconds(rows: int) -> float:
        book = _long_log(rows)
        for row in book.rows[K]:
            row.update({"Tanggal Masuk": "kemarin", "Status": "Selesai ", "Tracking ID": "sama", "Duplikat Dari": "x"})
        inputs = book.inputs()
        result = compute(inputs)
        begin = time.process_time()
        assert len(check(inputs, result)) >= 3 * rows
        return time.process_time() - begin

    seconds(500)
    assert seconds(16_000) < 24 * seconds(2_000)
