"""Whole rows put into a table: what the careful way writes cell by cell, byte for byte, and nothing else moves."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table
from python_calamine import CalamineWorkbook
from table_maker import TABLE, TEXTS, Maker
from test_corpus_write import CORPUS, JUDGED_UP_TO, workbooks
from xlsx_book import book, table_xml

from iku_excel.edits import Edit, Value
from iku_excel.findings import Refusal
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.cellxml import CellParser
from iku_excel.xlsx.grid import area, letters
from iku_excel.xlsx.newcheck import held, stretch
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import TableData, WorkbookData, read_workbook
from iku_excel.xlsx.rowcheck import Expected, verify_rows
from iku_excel.xlsx.rowparts import Keep, Line, Spelling
from iku_excel.xlsx.tablecells import data_rows, find_table, table_sheet
from iku_excel.xlsx.tablerows import KEEP, Placed, put_rows
from iku_excel.xlsx.tables import grown
from tests.grafts.parts import Parts
from tests.judges import office
from tests.judges.excel import assert_excel_accepts

SHEET = "xl/worksheets/sheet1.xml"
# --- the way that is known to be right


def read_table(package: Package) -> WorkbookData:
    """The table and nothing else."""
    return read_workbook(package, (TABLE,), ())


def cell_by_cell(
    package: Package, headings: Sequence[str], changed: Mapping[int, Line], added: Sequence[Line]
) -> Package:
    """The same rows by growing first and by one edit a cell: slow, and tested on its own."""
    sheet, table = find_table(package, TABLE)
    left = area(table.ref).left
    columns = [left + table.headings.index(heading) for heading in headings]
    free = [row for row in table_sheet(package, TABLE).free_rows(set(columns)) if row not in changed] if added else []
    free = free[: len(added)]
    missing = len(added) - len(free)
    stop = data_rows(table).stop
    room = grown(package, TABLE, missing)
    edits = [
        Edit(sheet.name, f"{letters(column)}{row}", value)
        for row, line in [*changed.items(), *zip([*free, *range(stop, stop + missing)], added, strict=True)]
        for column, value in zip(columns, line, strict=True)
        if not isinstance(value, Keep)
    ]
    applied = apply_edits(room, edits)
    return room if applied.data is None else Package.open(applied.data)


@pytest.mark.judges_itself
@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.integers(0, 10**9))
def test_the_quick_way_writes_what_the_careful_one_does(seed: int) -> None:
    """Sheets in any form, any rows: the same bytes of every part, or the same refusal."""
    same_both_ways(seed)


def same_both_ways(seed: int) -> None:
    """One random workbook, both ways."""
    maker = Maker(seed)
    package = Package.open(maker.workbook())
    headings, changed, added = maker.lines()
    reading = read_table if seed % 2 else None
    try:
        wanted = cell_by_cell(package, headings, changed, added)
    except Refusal as refusal:
        with pytest.raises(Refusal) as caught:
            put_rows(package, TABLE, headings, changed, added, reading=reading)
        assert (caught.value.code, caught.value.message) == (refusal.code, refusal.message)
        return
    made = put_rows(package, TABLE, headings, changed, added, reading=reading).package
    one, two = Parts(wanted.data).content, Parts(made.data).content
    assert {name: part.decode() for name, part in one.items()} == {name: part.decode() for name, part in two.items()}


@pytest.mark.trust
@pytest.mark.judges_itself
def test_the_quick_way_writes_what_the_careful_one_does_long() -> None:
    """The same over three thousand sheets."""
    for seed in range(3_000):
        same_both_ways(seed)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.one_of(st.text(min_size=1), st.floats(-1e307, 1e307), st.integers()))
def test_values_are_spelled_as_the_careful_way_spells_them(value: Value) -> None:
    """Any text, any number: the bytes that ``CellParser`` writes."""
    if isinstance(value, int) and abs(value) > 10**300:
        return
    kind, content = CellParser(b"").write(Edit("S", "A1", value), b"", b"")
    wanted = (b' t="%b"' % kind if kind else b"") + b">%b</c>" % content
    spelling = Spelling("S", b"")
    assert spelling.rests(1, (1, 2), (value, "ab")) == [wanted, b' t="inlineStr"><is><t>ab</t></is></c>']
    together = spelling.column([value, value])
    if together is not None:
        before, pieces, behind = together
        assert [before + piece + behind for piece in pieces] == [wanted, wanted]
    else:
        assert isinstance(value, float) or not str(value).isalnum() or len(str(value)) > 7


@pytest.mark.parametrize(
    "odd", ["a\0b", "", " a", "a ", "\u00a0a", "a\u3000", "a  b", "a_x", "<", "\ud800", "\uffff", None, 5]
)
def test_one_odd_text_is_no_column_of_plain_ones(odd: Value) -> None:
    """Whatever is spelled otherwise than it reads sends the column the long way."""
    spelling = Spelling("S", b"")
    assert spelling.column(["plain", "ék"]) is not None
    assert spelling.column(["plain", odd, "ék"]) is None


@pytest.mark.parametrize("value", [True, float("nan"), float("inf"), 10**400, "x" * 32_768, Decimal("NaN")])
def test_what_no_cell_can_hold_is_refused(value: Any) -> None:
    """A truth value is a mistake of ours; the others are told with their cell."""
    package = Package.open(ours(2))
    lines = {2: (1, "a"), 3: (value, "b")}
    if value is True:
        with pytest.raises(ValueError, match="True"):
            put_rows(package, TABLE, ("Nomor", "Nama"), lines)
        return
    with pytest.raises(Refusal) as caught:
        put_rows(package, TABLE, ("Nomor", "Nama"), lines)
    assert caught.value.code in ("angka-tidak-sah", "teks-terlalu-panjang")
    assert caught.value.cell == "A3"


# --- a workbook as others read it

HEADINGS = ("Nomor", "Nama", "Tanggal", "Jumlah", "Ganda")


@cache
def ours(rows: int) -> bytes:
    """A table A1:E… by openpyxl with styles, a limit, a formula down a column, a note beside and one far below."""
    made = Workbook()
    sheet = made.active
    sheet.title = "Data"
    for column, heading in enumerate(HEADINGS, 1):
        sheet.cell(1, column, heading)
    for row in range(2, rows + 2):
        sheet.cell(row, 1, row)
        sheet.cell(row, 2, f"CONTOH {row}")
        sheet.cell(row, 3, datetime.date(2025, 1, row)).number_format = "d mmm yyyy"
        sheet.cell(row, 4, row * 1.5)
        sheet.cell(row, 5, f"=D{row}*2")
    sheet["H2"], sheet["A900"] = "catatan", "jauh di bawah"
    sheet.add_table(Table(displayName=TABLE, ref=f"A1:E{rows + 1}"))
    limit = DataValidation(type="decimal", operator="greaterThan", formula1="0")
    limit.add(f"D2:D{rows + 1}")
    sheet.add_data_validation(limit)
    made.create_sheet("Lain")["A1"] = "=SUM(Data!D2:D9)"
    out = io.BytesIO()
    made.save(out)
    parts = Parts(out.getvalue())
    parts.change("xl/workbook.xml", ' fullCalcOnLoad="1"', "")
    return parts.packed()


def test_other_readers_find_what_was_put_in() -> None:
    """openpyxl and calamine read every value with its type; texts are texts; nothing else has moved."""
    package = Package.open(ours(6))
    texts = [text for text in TEXTS if text.isprintable() and "_x" not in text]
    added = [(n, text, 45_700 + n, n / 4) for n, text in enumerate(texts, 10)]
    changed: dict[int, Line] = {3: (KEEP, "diubah", None, 8.5), 5: (None,) * 4}
    placed = put_rows(package, TABLE, HEADINGS[:4], changed, added)
    assert placed.rows == tuple(range(8, 8 + len(added)))
    assert placed.cells == 3 + 4 + 4 * len(added)
    assert_excel_accepts(placed.package.data, package.data)
    sheet = load_workbook(io.BytesIO(placed.package.data))["Data"]
    cells = (
        CalamineWorkbook.from_filelike(io.BytesIO(placed.package.data))
        .get_sheet_by_name("Data")
        .to_python(skip_empty_area=False)
    )
    assert (sheet["A3"].value, sheet["B3"].value, sheet["C3"].value, sheet["D3"].value) == (3, "diubah", None, 8.5)
    assert [sheet.cell(5, column).value for column in range(1, 6)] == [None] * 4 + ["=D5*2"]
    assert sheet["C5"].number_format == "d mmm yyyy"
    for row, (number, text, day, amount) in zip(placed.rows, added, strict=True):
        assert sheet.cell(row, 2).value == text and sheet.cell(row, 2).data_type == "s"
        assert sheet.cell(row, 3).value == datetime.datetime(1899, 12, 30) + datetime.timedelta(days=day)
        assert (sheet.cell(row, 1).value, sheet.cell(row, 4).value) == (number, amount)
        assert sheet.cell(row, 5).value == f"=D{row}*2"
        assert cells[row - 1][:2] == [number, text] and cells[row - 1][3] == amount
    assert (sheet["H2"].value, sheet["A900"].value) == ("catatan", "jauh di bawah")
    assert str(sheet.data_validations.dataValidation[0].sqref) == f"D2:D{placed.rows[-1]}"
    assert 'fullCalcOnLoad="1"' in Parts(placed.package.data).text("xl/workbook.xml")


def test_only_the_parts_that_must_change_do() -> None:
    """Emptying rows changes the sheet and tells Excel to compute; putting in what is there changes nothing at all."""
    package = Package.open(ours(6))
    placed = put_rows(package, TABLE, ("Nomor", "Nama"), {4: (None, None)})
    one, two = Parts(package.data).content, Parts(placed.package.data).content
    assert {name for name in one if one[name] != two[name]} == {SHEET, "xl/workbook.xml"}
    same = put_rows(package, TABLE, ("Nama", "Nomor"), {4: ("CONTOH 4", 4), 5: (KEEP, 5)})
    assert same == Placed(package, (), 0)


def test_a_number_format_is_given_where_the_cell_has_none_of_the_kind() -> None:
    """A date stays in the form that its cell has; one in a cell for any value gets the one asked for."""
    package = Package.open(ours(3))
    formats = {"Tanggal": "dd/mm/yyyy", "Jumlah": "dd/mm/yyyy", "Nama": "@"}
    lines: dict[int, Line] = {2: ("satu", 45_700, 45_700), 3: ("dua", "belum", None)}
    placed = put_rows(package, TABLE, ("Nama", "Tanggal", "Jumlah"), lines, [("tiga", 45_701, 45_701)], formats)
    sheet = load_workbook(io.BytesIO(placed.package.data))["Data"]
    found = {f"{c}{r}": sheet[f"{c}{r}"].number_format for c in "BCD" for r in (2, 3, 5)}
    assert found == {
        "B2": "@", "C2": "d mmm yyyy", "D2": "dd/mm/yyyy",
        "B3": "@", "C3": "d mmm yyyy", "D3": "General",
        "B5": "@", "C5": "d mmm yyyy", "D5": "dd/mm/yyyy",
    }  # fmt: skip
    assert_excel_accepts(placed.package.data, package.data)


def test_blank_rows_come_first_and_rows_to_be_changed_are_not_blank() -> None:
    """Added rows go where nothing stands, from top to bottom, then below the end."""
    package = put_rows(Package.open(ours(4)), TABLE, HEADINGS[:4], {3: (None,) * 4, 4: (None,) * 4}).package
    placed = put_rows(package, TABLE, HEADINGS[:4], {3: (1, "a", None, None)}, [(7, "b", 1, 2), (8, "c", 1, 2)])
    assert placed.rows == (4, 6)
    assert find_table(placed.package, TABLE)[1].ref == "A1:E6"


def test_headings_and_rows_must_be_the_tables_own() -> None:
    """A heading that isn't there or named twice, a row outside, a line of another length: our mistake."""
    package = Package.open(ours(4))
    for headings, lines in (
        (("Tiada",), {}),
        (("Nama", "Nama"), {}),
        (("Nama",), {1: ("x",)}),
        (("Nama",), {7: ("x",)}),
        (("Nama",), {2: ("x", "y")}),
    ):
        with pytest.raises(ValueError, match=r"tblData|tuple\.index"):
            put_rows(package, TABLE, headings, lines)


def test_the_end_of_the_sheet_is_told() -> None:
    """More rows than a sheet has: refused before anything is written."""
    with pytest.raises(Refusal) as caught:
        put_rows(Package.open(ours(2)), TABLE, ("Nama",), {}, [("x",)] * 1_048_575)
    assert caught.value.code == "tabel-tidak-dapat-tumbuh"


def spoiled(data: bytes, old: bytes, new: bytes, part: str = SHEET) -> bytes:
    """The workbook with the first such bytes of a part replaced."""
    package = Package.open(data)
    content = package.read(part)
    assert old in content
    return package.with_parts({part: content.replace(old, new, 1)})


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b">10.5<", b">10.25<", "isi kolom D"),
        (b"<t>ditulis</t>", b"<t>lain</t>", "isi kolom B"),
        (b"><is><t>ditulis</t></is>", b"><f>1</f><is><t>ditulis</t></is>", "rumus"),
        (b"<v>3</v>", b"<v>4</v>", "berubah"),
        (b"D4*2", b"D4*3", "berubah"),
        (b"D7*2", b"D7*3", "berubah"),
        (b"<v>7</v>", b"<v>8</v>", "berubah"),
        (b"_x0001_", b"\x01", "rusak"),
        (b"D8*2", b"D8*2</f><v>1</v><f>1", "terisi|rusak|berubah"),
        (b"catatan", b"catalan", "berubah"),
        (b'r="900"', b'r="901"', "berubah|hilang"),
        (b"jauh", b"\x01auh", "rusak|berubah"),
        (b"<sheetFormatPr", b"<sheetFormatPr x='1'", "atas"),
        (b"greaterThan", b"lessThan", "bawah"),
        (b"<t>baru</t>", b"<t>bar</t>", "isi kolom B"),
        (b'<row r="8"', b'<row r="18"', "berubah|hilang"),
    ],
)
def test_rows_that_went_wrong_are_noticed(old: bytes, new: bytes, words: str) -> None:
    """A value, a cell beside, a row below, a rule: whatever isn't as it was to be is found when reading back."""
    package = Package.open(spoiled(ours(6), b'<row r="7"', b'<row  r="7"'))  # that one goes cell by cell
    lines: dict[int, Line] = {4: ("ditulis", 10.5), 5: (None, None), 6: (KEEP, 3), 7: ("\x01", 9)}
    placed = put_rows(package, TABLE, ("Nama", "Jumlah"), lines, [("baru", 1)])
    changed = dict.fromkeys((SHEET, "xl/tables/table1.xml", "xl/workbook.xml"), True)
    wanted = Expected(TABLE, (2, 4), lines, [("baru", 1)], frozenset({5}))
    verify_rows(package, placed.package, wanted, changed)
    with pytest.raises(Refusal, match=words) as caught:
        verify_rows(package, Package.open(spoiled(placed.package.data, old, new)), wanted, changed)
    assert caught.value.code == "gagal-diperiksa"
    with pytest.raises(Refusal, match=r"core\.xml"):
        other = spoiled(placed.package.data, b"openpyxl", b"openpyxx", "docProps/core.xml")
        verify_rows(package, Package.open(other), wanted, changed)


NEW = [(n, f"CONTOH {n}", 45_700 + n) for n in range(7, 40)]


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (b"<t>CONTOH 20<", b"<t>CONTOH 21<", "isi kolom B"),
        (b"<v>20</v>", b"<v>20.5</v>", "isi kolom A"),
        (b' t="inlineStr"><is><t>CONTOH 20</t></is>', b' t="str"><f>"CONTOH 20"</f><v>CONTOH 20</v>', "rumus"),
        (b"><v>20</v>", b"><f>19+1</f><v>20</v>", "rumus"),
        (b' t="inlineStr"><is><t>CONTOH 20</t></is></c>', b"/>", "isi kolom B"),
        (b"<v>45720</v></c>", b'<v>45720</v></c><c r="D21"><v>1</v></c>', "D21"),
        (b"<v>45720</v></c>", b'<v>45720</v></c><c r="H21"><v>1</v></c>', "H21"),
        (b"<v>45720</v></c>", b'<v>45720</v></c><c r="H21"><f>1</f><v>1</v></c>', "H21"),
        (b'<row r="20"', b'<row r="20"/><row r="20"', "rusak|urutan|kembali"),
        (b'<row r="40"', b'<row r="41"', "kembali|berubah|hilang"),
        (b'<row r="900"', b'<row r="41"><c r="A41"><v>1</v></c></row><row r="900"', "baris 41"),
        (b"catatan", b"catalan", "berubah"),
    ],
)
def test_new_rows_that_went_wrong_are_noticed(old: bytes, new: bytes, words: str) -> None:
    """What the reader finds, and what it passes over: a formula with the right value, a cell beside the table."""
    package = Package.open(without_formulas(ours(6)))
    placed = put_rows(package, TABLE, HEADINGS[:3], {}, NEW, reading=read_table)
    assert placed.data is not None and placed.data.tables[TABLE].column("Nama")[6:] == [name for _, name, _ in NEW]
    changed = dict.fromkeys((SHEET, "xl/tables/table1.xml", "xl/workbook.xml"), True)
    wanted = Expected(TABLE, (1, 2, 3), {}, NEW, frozenset())
    verify_rows(package, placed.package, wanted, changed, read_table)
    with pytest.raises(Refusal, match=words) as caught:
        wrong = Package.open(spoiled(placed.package.data, old, new))
        verify_rows(package, wrong, wanted, changed, read_table)
    assert caught.value.code == "gagal-diperiksa"


@pytest.mark.broken_on_purpose
def test_new_rows_are_told_by_what_the_reader_found() -> None:
    """They are in one stretch with nothing else in it; what the reader found decides, though the sheet be right."""
    placed = put_rows(Package.open(without_formulas(ours(6))), TABLE, HEADINGS[:3], {}, NEW, reading=read_table)
    assert placed.data is not None
    table, xml = placed.data.tables[TABLE], placed.package.read(SHEET)
    assert held(table, (1, 2, 3), 8, NEW) == 3 * len(NEW)
    begin, end = stretch(xml, 0, xml.index(b'<row r="900"'), range(8, 8 + len(NEW)), 3 * len(NEW)) or (0, 0)
    assert xml[begin:].startswith(b'<row r="8"') and xml[:end].endswith(b"</row>") and b'<row r="7"' not in xml[begin:]
    for other in ([*NEW[:-1], (39, "CONTOH", 45_739)], [*NEW[:-1], (True, *NEW[-1][1:])], [*NEW, (None, None, 1)]):
        assert held(table, (1, 2, 3), 8, other) is None
    assert held(table, (1, 2, 3), 8, [*NEW, (None, "", KEEP)]) == 3 * len(NEW)
    assert held(TableData.of(TABLE, "Data", {"A": [True]}), (1,), 2, [(1,)]) is None
    for number, told in ((b"9", (0, 56)), (b"10", None)):
        rows = b'<row r="8"><c r="A8"><v>1</v></c></row><row r="%b"></row>' % number
        assert stretch(rows, 0, len(rows), range(8, 10), 1) == told


def without_formulas(data: bytes) -> bytes:
    """The workbook with its column of formulas blank, so that none goes on in new rows."""
    package = Package.open(data)
    return package.with_parts({SHEET: re.sub(rb"<f>D\d\*2</f><v */>|<f>D\d\*2</f><v></v>", b"", package.read(SHEET))})


@pytest.mark.broken_on_purpose
def test_emptied_rows_that_went_wrong_are_noticed() -> None:
    """A value left over, and a value in a row that had none: emptied rows must hold nothing."""
    package = Package.open(plain_table())
    lines: dict[int, Line] = dict.fromkeys(range(2, 6), (None, None))
    placed = put_rows(package, TABLE, ("A", "B"), lines)
    assert placed.cells == 8
    wanted = Expected(TABLE, (1, 2), lines, [], frozenset())
    verify_rows(package, placed.package, wanted, {SHEET: True})
    for old, new in (
        (b'<c r="B3" s="1"/>', b'<c r="B3" s="1" t="inlineStr"><is><t>b</t></is></c>'),
        (b'r="A5"/>', b'r="A5"><v>1</v></c>'),
    ):
        with pytest.raises(Refusal, match="isi kolom"):
            verify_rows(package, Package.open(spoiled(placed.package.data, old, new)), wanted, {SHEET: True})


def plain_table() -> bytes:
    """A table of numbers and texts, one column of them styled."""
    rows = "".join(
        f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" s="1" t="inlineStr"><is><t>b</t></is></c></row>'
        for n in range(2, 6)
    )
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>A</t></is></c><c r="B1" t="inlineStr"><is><t>B</t></is></c></row>'
    return book({"Data": head + rows}, {"Data": [table_xml(1, TABLE, "A1:B5", ("A", "B"))]})


@pytest.mark.office
def test_libreoffice_opens_it_and_computes_the_new_rows(tmp_path: Path) -> None:
    """Values as written, the formula of a new row computed, a text with a sign left a text."""
    office.require_office()
    placed = put_rows(Package.open(ours(3)), TABLE, HEADINGS[:4], {2: (1, "=1+1", KEEP, 21)}, [(9, "-5", 45_700, 33)])
    path = tmp_path / "baris.xlsx"
    path.write_bytes(placed.package.data)
    opened = office.recalculate([path])[path]
    assert opened.value("Data", "B2") == "=1+1"
    assert opened.value("Data", "B5") == "-5"
    assert (opened.value("Data", "E2"), opened.value("Data", "E5")) == (42, 66)


def tables_of_excel(most: int) -> list[tuple[Path, str]]:
    """Tables of the corpus that Excel made, or a visible skip where the checkout has none."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of Excel-made workbooks (../shared/corpus) is not there")
    found = []
    for path in workbooks():
        if path.stat().st_size > most:
            continue
        try:
            package = Package.open(path.read_bytes())
            sheets = [sheet for sheet in package.sheets if sheet.part and sheet.kind == "worksheet"]
            found += [(path, table.display_name) for sheet in sheets for table in package.tables(sheet)]
        except Refusal:
            continue
    return found


def _into_excels_tables(tables: Sequence[tuple[Path, str]], judged: int) -> int:
    """Rows into each table, both ways; how many took them."""
    count = 0
    for path, name in tables:
        package = Package.open(path.read_bytes())
        _, table = find_table(package, name)
        rows = data_rows(table)
        headings = table.headings[:: 2 if len(table.headings) > 3 else 1]
        if len(set(headings)) < len(headings) or not rows:
            continue
        line: Line = [("CONTOH", 5, None, KEEP)[n % 4] for n in range(len(headings))]
        try:
            placed = put_rows(package, name, headings, {rows[0]: line, rows[-1]: (None,) * len(line)}, [line, line])
        except Refusal as refusal:
            assert refusal.code != "gagal-diperiksa", (path.name, name, refusal.message)
            continue
        if len(package.data) < judged:
            assert_excel_accepts(placed.package.data, package.data, deep=False)
        wanted = {n: part for n, part in Parts(package.data).content.items() if n in placed.package.names}
        found = Parts(placed.package.data).content
        touched = {n for n in wanted if wanted[n] != found[n]}
        sheet, _ = find_table(package, name)
        workbook = {package.workbook_part, "[Content_Types].xml", "xl/_rels/workbook.xml.rels"}
        charts = {n for n in wanted if "/charts/" in n}
        assert touched <= {sheet.part, table.part} | workbook | charts, (path.name, name)
        count += 1
    return count


@pytest.mark.judges_itself
def test_tables_that_excel_made_take_rows() -> None:
    """A sample: nothing but the sheet, the table and what follows it changes, and Excel would open it."""
    tables = tables_of_excel(60_000)[::4]
    count = _into_excels_tables(tables, 30_000)
    print(f"\n  {count} of {len(tables)} tables took rows")
    assert count > 5


@pytest.mark.trust
@pytest.mark.judges_itself
def test_all_tables_that_excel_made_take_rows() -> None:
    """Every table of the corpus."""
    tables = tables_of_excel(1 << 30)
    count = _into_excels_tables(tables, JUDGED_UP_TO)
    print(f"\n  {count} of {len(tables)} tables took rows")
    assert count > 40
