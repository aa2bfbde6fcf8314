"""An Excel Table grows in a closed file: the new rows look and compute like the last, and nothing else moves."""

from __future__ import annotations

import datetime
import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableFormula
from test_corpus_write import CORPUS, JUDGED_UP_TO, workbooks

from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.tablecells import find_table, table_sheet
from iku_excel.xlsx.tables import grow, grown, make_room, verify_growth
from tests.grafts.parts import Parts
from tests.judges import office
from tests.judges.excel import assert_excel_accepts

HEADINGS = ("Kode", "Nilai", "Ganda", "Tanggal")
LAST, NEW = 8, 13


def made(change: Callable[[Any], None] | None = None) -> bytes:
    """A table A3:D8 with formulas down a column, limits, looks, names, a chart and a print area that end with it."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Data 'A' & B"
    for column, heading in enumerate(HEADINGS, 1):
        sheet.cell(3, column, heading)
    for row in range(4, LAST + 1):
        sheet.cell(row, 1, f"K{row}").font = Font(bold=True)
        sheet.cell(row, 2, row * 1.5)
        sheet.cell(row, 3, f"=B{row}*2+$F$1")
        sheet.cell(row, 4, datetime.date(2025, 1, row)).number_format = "dd/mm/yyyy"
    sheet.row_dimensions[LAST].height = 31
    sheet["F1"] = 10
    sheet.add_table(Table(displayName="tblData", ref=f"A3:D{LAST}"))
    limit = DataValidation(type="decimal", operator="greaterThan", formula1="0")
    limit.add(f"B4:B{LAST}")
    words = DataValidation(type="list", formula1='"x,y"')
    words.add("B10:B20")
    sheet.add_data_validation(limit)
    sheet.add_data_validation(words)
    red = PatternFill("solid", bgColor="FFFF0000")
    sheet.conditional_formatting.add(f"A4:C{LAST}", CellIsRule(operator="equal", formula=["1"], fill=red))
    sheet.conditional_formatting.add("F1:F8", CellIsRule(operator="equal", formula=["1"], fill=red))
    sheet.print_area = f"A1:D{LAST}"
    quoted = "'Data ''A'' & B'"
    for name, text in (
        ("Semua", f"{quoted}!$B$4:$B${LAST}"),
        ("Sebagian", f"{quoted}!$B$4:$B$7"),
        ("Di_Samping", f"{quoted}!$F$1:$F${LAST}"),
    ):
        book.defined_names[name] = DefinedName(name, attr_text=text)
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=4, max_row=LAST))
    other = book.create_sheet("Grafik")
    other.add_chart(chart, "B2")
    other["A1"] = "milik staf"
    if change is not None:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def longer(data: bytes, rows: int = NEW - LAST, name: str = "tblData") -> bytes:
    """The workbook with the table grown; Excel would open it."""
    after = grown(Package.open(data), name, rows).data
    assert_excel_accepts(after, data, deep=False)
    return after


def refused(data: bytes, rows: int = 5) -> Refusal:
    """The refusal that growing ends in."""
    with pytest.raises(Refusal) as caught:
        grow(Package.open(data), "tblData", rows)
    assert all(caught.value.lines()[::2])
    return caught.value


def test_the_table_its_filter_and_its_rows_grow() -> None:
    """Ref and filter reach to the new row; new cells have the last row's styles, the rows the height set there."""
    data = made()
    after = load_workbook(io.BytesIO(longer(data)))
    sheet = after.worksheets[0]
    table = sheet.tables["tblData"]
    assert table.ref == f"A3:D{NEW}"
    assert table.autoFilter.ref == f"A3:D{NEW}"
    assert sheet.dimensions == f"A1:F{NEW}"
    for row in range(LAST + 1, NEW + 1):
        assert sheet.cell(row, 1).font.bold
        assert sheet.cell(row, 4).number_format == "dd/mm/yyyy"
        assert sheet.cell(row, 1).value is None
        assert sheet.row_dimensions[row].height == 31
    assert sheet.cell(NEW + 1, 1).has_style is False


def test_a_formula_that_fills_a_column_goes_on() -> None:
    """The new rows compute as the ones above, relative to their own row, and Excel is told to compute on opening."""
    data = longer(made())
    sheet = load_workbook(io.BytesIO(data)).worksheets[0]
    assert [sheet.cell(row, 3).value for row in range(LAST, NEW + 1)] == [
        f"=B{row}*2+$F$1" for row in range(LAST, NEW + 1)
    ]
    assert 'fullCalcOnLoad="1"' in Parts(data).text("xl/workbook.xml")


def test_a_formula_in_one_row_only_does_not_go_on() -> None:
    """A formula that somebody typed into the last row is a value of that row."""

    def typed(book: Any) -> None:
        for row in range(4, LAST):
            book.worksheets[0].cell(row, 3, row)

    sheet = load_workbook(io.BytesIO(longer(made(typed)))).worksheets[0]
    assert sheet.cell(LAST, 3).value == f"=B{LAST}*2+$F$1"
    assert sheet.cell(LAST + 1, 3).value is None


def test_a_declared_column_goes_on_though_its_last_cell_was_overtyped() -> None:
    """The table says that the column is computed; the lowest formula that is left goes on."""

    def declared(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet.cell(LAST, 3, 99)
        table = sheet.tables["tblData"]
        table._initialise_columns()
        for column, heading in zip(table.tableColumns, HEADINGS, strict=True):
            column.name = heading
        table.tableColumns[2].calculatedColumnFormula = TableFormula(attr_text="B4*2+$F$1")

    sheet = load_workbook(io.BytesIO(longer(made(declared)))).worksheets[0]
    assert sheet.cell(LAST, 3).value == 99
    assert sheet.cell(NEW, 3).value == f"=B{NEW}*2+$F$1"


def test_a_shared_formula_goes_on_as_it_stands_in_the_last_row() -> None:
    """Excel stores a formula that was filled down once; its followers' text is found by their distance."""
    parts = Parts(made())
    part = "xl/worksheets/sheet1.xml"
    xml = parts.text(part)
    for row in range(5, LAST + 1):
        xml = xml.replace(f"<f>B{row}*2+$F$1</f>", '<f t="shared" si="0"/>')
    xml = xml.replace("<f>B4*2+$F$1</f>", '<f t="shared" ref="C4:C8" si="0">B4*2+$F$1</f>')
    assert xml.count('si="0"') == 5
    parts.content[part] = xml.encode()
    after = Parts(longer(parts.packed())).text(part)
    assert f'<c r="C{NEW}"><f>B{NEW}*2+$F$1</f></c>' in after.replace(' s="0"', "")


def test_what_ended_with_the_table_follows() -> None:
    """Limits, conditional formats, the print area, whole-column names and charts; not what stands beside."""
    data = longer(made())
    book = load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    ranges = [str(rule.sqref) for rule in sheet.data_validations.dataValidation]
    assert ranges == ["B4:B9", "B10:B20"], "a limit ends where the next one begins"
    assert sorted(str(found.sqref) for found in sheet.conditional_formatting) == [f"A4:C{NEW}", "F1:F8"]
    assert sheet.print_area == f"'Data ''A'' & B'!$A$1:$D${NEW}"
    names = {name: found.attr_text for name, found in book.defined_names.items()}
    assert names["Semua"].endswith(f"$B$4:$B${NEW}")
    assert names["Sebagian"].endswith("$B$4:$B$7")
    assert names["Di_Samping"].endswith(f"$F$1:$F${LAST}")
    assert f"$B$4:$B${NEW}<" in Parts(data).text("xl/charts/chart1.xml")


def test_a_list_in_the_extension_follows_and_a_sparkline_stays_in_its_cell() -> None:
    """Rules that Excel 2010 keeps apart grow too; the place of a sparkline is one cell."""
    xm = "http://schemas.microsoft.com/office/excel/2006/main"
    x14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
    inside = (
        f'<extLst><ext uri="{{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}}" xmlns:x14="{x14}">'
        f'<x14:dataValidations count="1" xmlns:xm="{xm}"><x14:dataValidation type="list" allowBlank="1">'
        "<x14:formula1><xm:f>Grafik!$A$1:$A$3</xm:f></x14:formula1>"
        f"<xm:sqref>A4:A{LAST}</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
        f'<ext uri="{{05C60535-1F16-4fd2-B633-F4F36F0B64E0}}" xmlns:x14="{x14}">'
        f'<x14:sparklineGroups xmlns:xm="{xm}"><x14:sparklineGroup><x14:sparklines><x14:sparkline>'
        f"<xm:f>Grafik!A1:C1</xm:f><xm:sqref>D{LAST}</xm:sqref></x14:sparkline></x14:sparklines>"
        "</x14:sparklineGroup></x14:sparklineGroups></ext></extLst>"
    )
    parts = Parts(made())
    part = "xl/worksheets/sheet1.xml"
    parts.content[part] = parts.text(part).replace("</worksheet>", f"{inside}</worksheet>").encode()
    after = Parts(longer(parts.packed())).text(part)
    assert f"<xm:sqref>A4:A{NEW}</xm:sqref>" in after
    assert f"<xm:sqref>D{LAST}</xm:sqref>" in after


def test_only_the_parts_that_must_change_do() -> None:
    """Sheet, table, workbook and chart; the staff's own sheet and the styles are the same bytes."""
    data = made()
    before, after = Parts(data), Parts(longer(data))
    changed = {name for name in before.content if before.content[name] != after.content[name]}
    assert changed == {
        "xl/worksheets/sheet1.xml",
        "xl/tables/table1.xml",
        "xl/workbook.xml",
        "xl/charts/chart1.xml",
    }
    old, new = (parts.text("xl/worksheets/sheet1.xml") for parts in (before, after))
    assert old[old.index("<sheetData>") : old.index("</sheetData>")] in new


def test_growing_by_nothing_changes_nothing() -> None:
    """No rows asked for, no part changed, and the very same workbook comes back."""
    package = Package.open(made())
    assert grow(package, "tblData", 0) == {}
    assert grown(package, "tblData", 0) is package


def totals(book: Any) -> None:
    """A totals row."""
    table = book.worksheets[0].tables["tblData"]
    table.totalsRowCount = 1
    table.autoFilter = None


def beside(book: Any) -> None:
    """Another table right below."""
    sheet = book.worksheets[0]
    sheet["A11"], sheet["A12"] = "Lain", 1
    sheet.add_table(Table(displayName="tblLain", ref="A11:A12"))


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (totals, "baris total"),
        (beside, "tabel tblLain"),
        (lambda book: book.worksheets[0].cell(12, 2, "x"), "sel di bawahnya sudah terisi"),
        (lambda book: book.worksheets[0].cell(12, 2, "=1+1"), "sel di bawahnya sudah terisi"),
        (lambda book: book.worksheets[0].merge_cells("D10:F11"), "sel D10:F11 di bawahnya menyatu"),
    ],
)
def test_what_stands_in_the_way_is_told(change: Callable[[Any], None], words: str) -> None:
    """A totals row, cells, a merged range or a table below: three lines, and no bytes."""
    refusal = refused(made(change))
    assert refusal.code == "tabel-tidak-dapat-tumbuh"
    assert words in refusal.message


def test_what_stands_beside_or_further_down_is_no_hindrance() -> None:
    """Cells right of the table and below its new end stay where they are, with their values."""

    def notes(book: Any) -> None:
        book.worksheets[0]["F10"] = "catatan"
        book.worksheets[0]["A14"] = "di bawah"

    sheet = load_workbook(io.BytesIO(longer(made(notes)))).worksheets[0]
    assert (sheet["F10"].value, sheet["A14"].value) == ("catatan", "di bawah")
    assert sheet["A10"].font.bold


def test_the_sheet_has_an_end() -> None:
    """Excel's last row can't be passed."""
    assert "baris terakhir" in refused(made(), 1_048_576 - LAST + 1).message


def test_a_table_filled_from_outside_is_left_alone() -> None:
    """A query's rows would be gone at its next refresh."""
    parts = Parts(made())
    xml = parts.text("xl/tables/table1.xml").replace("<table ", '<table tableType="queryTable" ', 1)
    parts.content["xl/tables/table1.xml"] = xml.encode()
    assert "luar" in refused(parts.packed()).message


def test_a_missing_table_is_named() -> None:
    """No such table: its name and how to bring it back."""
    with pytest.raises(Refusal, match="tblTiada") as caught:
        find_table(Package.open(made()), "tblTiada")
    assert caught.value.code == "tabel-hilang"


def test_rows_without_content_come_first() -> None:
    """Blank rows are used from top to bottom, a formula down a column not counting, before the table grows."""

    def gaps(book: Any) -> None:
        for row in (5, 7, 8):
            for column in (1, 2, 4):
                book.worksheets[0].cell(row, column).value = None
        book.worksheets[0].cell(8, 4, "isi")

    package = Package.open(made(gaps))
    same, rows = make_room(package, "TBLDATA", 2, ("Kode", "Nilai"))
    assert (same, rows) == (package, [5, 7])
    longer_, rows = make_room(package, "tblData", 4, ("Kode", "Nilai"))
    assert rows == [5, 7, 9, 10]
    assert find_table(longer_, "tblData")[1].ref == "A3:D10"


def test_a_growth_that_went_wrong_is_noticed() -> None:
    """A cell changed above or below the table, or a part that wasn't to change, is found when reading back."""

    def note(book: Any) -> None:
        book.worksheets[0]["A20"] = 5

    before = Package.open(made(note))
    changed = grow(before, "tblData", 3)
    part = "xl/worksheets/sheet1.xml"
    good = changed[part] or b""
    verify_growth(before, Package.open(before.with_parts(changed)), "tblData", 3, changed)
    for old, new in ((b"<v>6</v>", b"<v>7</v>"), (b"<v>5</v>", b"<v>6</v>")):
        assert old in good
        spoiled = {**changed, part: good.replace(old, new, 1)}
        with pytest.raises(Refusal, match="tidak lolos pemeriksaan"):
            verify_growth(before, Package.open(before.with_parts(spoiled)), "tblData", 3, changed)
    more = {**changed, "docProps/core.xml": before.read("docProps/core.xml") + b" "}
    with pytest.raises(Refusal, match=r"core\.xml"):
        verify_growth(before, Package.open(before.with_parts(more)), "tblData", 3, changed)


@pytest.mark.judges_itself
def test_ten_times_the_rows_take_about_ten_times_as_long() -> None:
    """Growing is linear in the rows; what it writes is judged where it is small, in the tests above."""
    package = Package.open(made())

    def seconds(rows: int) -> float:
        start = time.perf_counter()
        after, places = make_room(package, "tblData", rows, HEADINGS)
        assert places == list(range(9, 9 + rows))
        make_room(after, "tblData", 5, HEADINGS)
        return time.perf_counter() - start

    few, many = min(seconds(2_000) for _ in range(3)), seconds(20_000)
    assert many < 30 * few


def test_contents_tell_formulas_from_constants() -> None:
    """What a column holds, a formula with its text, and whether one formula fills it."""
    contents = table_sheet(Package.open(made()), "tblData").contents()
    assert contents.constants[contents.column("Kode")] == list(range(4, LAST + 1))
    assert contents.formulas[contents.column("Ganda")] == {row: f"B{row}*2+$F$1" for row in range(4, LAST + 1)}
    assert contents.one_formula(contents.column("Ganda"))
    assert not contents.one_formula(contents.column("Nilai"))


def test_numbers_in_disguise_are_no_formula_of_a_column() -> None:
    """ "=500+300" is what somebody typed, not a rule."""

    def sums(book: Any) -> None:
        for row in range(4, LAST + 1):
            book.worksheets[0].cell(row, 3, "=500+300")

    contents = table_sheet(Package.open(made(sums)), "tblData").contents()
    assert not contents.one_formula(contents.column("Ganda"))


@pytest.fixture(scope="module")
def tables_of_excel() -> list[tuple[Path, str]]:
    """Every table of the corpus, or a visible skip where the checkout has none."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of Excel-made workbooks (../shared/corpus) is not there")
    found = []
    for path in workbooks():
        try:
            package = Package.open(path.read_bytes())
            sheets = [sheet for sheet in package.sheets if sheet.part and sheet.kind == "worksheet"]
            found += [(path, table.display_name) for sheet in sheets for table in package.tables(sheet)]
        except Refusal:
            continue
    return found


@pytest.mark.judges_itself
def test_tables_that_excel_made_grow(tables_of_excel: list[tuple[Path, str]]) -> None:
    """Each grows by three rows or says why not; Excel would open it; every other part is the same bytes."""
    count = 0
    for path, name in tables_of_excel:
        data = path.read_bytes()
        package = Package.open(data)
        try:
            changed = grow(package, name, 3)
        except Refusal as refusal:
            assert refusal.code in ("tabel-tidak-dapat-tumbuh", "format-strict"), (path.name, name)
            continue
        after = package.with_parts(changed)
        verify_growth(package, Package.open(after), name, 3, changed)
        with zipfile.ZipFile(io.BytesIO(data)) as one, zipfile.ZipFile(io.BytesIO(after)) as two:
            same = {part for part in one.namelist() if part not in changed}
            assert all(one.read(part) == two.read(part) for part in same), (path.name, name)
        if len(data) < JUDGED_UP_TO:
            assert_excel_accepts(after, data, deep=False)
        count += 1
    print(f"\n  {count} of {len(tables_of_excel)} tables grew")
    assert count > 40


@pytest.mark.office
def test_libreoffice_computes_the_new_rows(tables_of_excel: list[tuple[Path, str]], tmp_path: Path) -> None:
    """LibreOffice opens grown workbooks of Excel's, and in ours the formula of a new row gives its figure."""
    office.require_office()
    path = tmp_path / "tumbuh.xlsx"
    package, rows = make_room(Package.open(made()), "tblData", 2, HEADINGS)
    sheet = "Data 'A' & B"
    applied = apply_edits(package, [Edit(sheet, f"B{rows[0]}", 7), Edit(sheet, f"A{rows[0]}", "=bukan rumus")])
    assert applied.data is not None
    path.write_bytes(applied.data)
    books = [path]
    for source, name in tables_of_excel[::4]:
        try:
            after = grown(Package.open(source.read_bytes()), name, 2)
        except Refusal:
            continue
        books.append(tmp_path / f"{len(books)}{source.suffix}")
        books[-1].write_bytes(after.data)
    opened = office.recalculate(books, seeded=False)
    assert len(opened) == len(books) > 10
    found = opened[path]
    assert found.value(sheet, f"C{rows[0]}") == 24.0
    assert found.value(sheet, f"A{rows[0]}") == "=bukan rumus"
