"""Tables, names and sheets of closed workbooks: found, complete, in place; hostile files refused."""

from __future__ import annotations

import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence

import pytest
from xlsx_book import ROOT, STRINGS, book, line, read, refused, table_xml

from iku_excel.cells import UNCACHED, Cell, CellError
from iku_excel.findings import Refusal
from iku_excel.xlsx.reader import TableData


def register(rows: int, extra: str = "", first: int = 5) -> str:
    """Rows of a table of four columns from row ``first``: number, text, date with time, text; ``extra`` beside."""
    lines = []
    for n in range(first, first + rows):
        lines.append(
            f'<row r="{n}" spans="1:4"><c r="A{n}" s="1"><v>{n}</v></c><c r="B{n}" s="1" t="s"><v>{n % 3}</v></c>'
            f'<c r="C{n}" s="2"><v>{45000 + n / 7!r}</v></c><c r="D{n}"/>{extra.replace("~", str(n))}</row>'
        )
    return "".join(lines)


HEADINGS = ("No", "Nama", "Tanggal", "Catatan")


def big(rows: int = 9_000, content: str | None = None, ref: str | None = None, totals: int = 0) -> TableData:
    """A table long enough to be read by whole rows."""
    table = table_xml(1, "tblBesar", ref or f"A4:D{rows + 4}", HEADINGS, totals)
    data = book({"S": content or register(rows)}, {"S": [table]}, STRINGS, {"Tahun": "S!$C$50", "Kanan": "S!$F$60"})
    read_ = read(data, ["tblBesar"], ["Tahun", "Kanan"])
    assert read_.names["Tahun"].value == 45000 + 50 / 7
    return read_.tables["tblBesar"]


ODD_ROWS = {
    "none": "",
    "uncached formula": '<c r="D~"><f>1+1</f></c>',
    "error": '<c r="D~" t="e"><v>#REF!</v></c>',
    "formula": '<c r="D~" t="str"><f t="shared" si="1"/><v>a_b</v></c>',
    "inline text": '<c r="D~" t="inlineStr"><is><t xml:space="preserve">&lt; b</t></is></c>',
    "rich inline text": '<c r="D~" t="inlineStr"><is><r><t>a</t></r></is></c>',
    "true": '<c r="D~" t="b"><v>1</v></c>',
    "number": '<c r="D~" t="n"><v>0.1</v></c>',
    "other attribute": '<c r="D~" vm="1"><v>3</v></c>',
}
ODD_CELLS: dict[str, Cell] = {
    "none": None,
    "uncached formula": UNCACHED,
    "error": CellError("#REF!"),
    "formula": "a_b",
    "inline text": "< b",
    "rich inline text": "a",
    "true": True,
    "number": 0.1,
    "other attribute": 3.0,
}


@pytest.mark.parametrize("odd", ODD_ROWS)
@pytest.mark.parametrize("every", [1, 500, 8_000])
def test_whole_rows_and_single_cells_give_the_same_table(odd: str, every: int) -> None:
    """A big table is read right whatever stands in some or all of its rows, beside it or named inside it."""
    lines = register(9_000).split("</row>")[:-1]
    for index in range(0, len(lines), every):
        number = index + 5
        cell = ODD_ROWS[odd].replace("~", str(number)) or f'<c r="D{number}"/>'
        lines[index] = lines[index].replace(f'<c r="D{number}"/>', f'{cell}<c r="F{number}"><v>{number}</v></c>')
    table = big(content="</row>".join(lines) + "</row>")
    assert table.length == 9_000
    assert table.column("No") == [float(n) for n in range(5, 9_005)]
    assert table.column("Nama") == [("satu", None, " dua  ")[n % 3] for n in range(5, 9_005)]
    assert table.column("Tanggal") == [45000 + n / 7 for n in range(5, 9_005)]
    assert table.column("Catatan") == [ODD_CELLS[odd] if n % every == 0 else None for n in range(9_000)]


@pytest.mark.parametrize(
    ("column", "bad"),
    [
        *(("A", bad) for bad in ("0_1", "inf", "1.2.3")),  # -1 and 99 are plain numbers there
        *((column, bad) for column in "BD" for bad in ("0_1", "inf", "1.2.3", "-1", "99")),
    ],
)
def test_a_bad_value_in_a_big_table_is_refused(column: str, bad: str) -> None:
    """The quick way of reading is as strict as the slow one, in columns of numbers, of texts and of both."""
    old = {"A": '<c r="A701" s="1"><v>701<', "B": '<c r="B701" s="1" t="s"><v>2<', "D": '<c r="D701"/>'}[column]
    new = {"A": f'<c r="A701"><v>{bad}<', "B": f'<c r="B701" t="s"><v>{bad}<'}
    content = register(9_000)
    assert old in content
    with pytest.raises(Refusal, match="rusak"):
        big(content=content.replace(old, new.get(column, f'<c r="D701" t="s"><v>{bad}</v></c>')))


def test_a_form_that_changes_halfway_loses_and_doubles_nothing() -> None:
    """A comment in the middle of a big table sends the whole sheet to the careful reader."""
    table = big(content=register(6_000) + "<!-- </row> -->" + register(3_000, first=6_005))
    assert table.column("No") == [float(n) for n in range(5, 9_005)]


def test_rows_out_of_order_in_a_big_table_are_refused() -> None:
    """A row number that doesn't grow is refused in whole-row reading too."""
    with pytest.raises(Refusal, match="urutan"):
        big(content=register(6_000) + register(6_000))


def test_formatted_empty_rows_at_a_tables_end_do_not_exist() -> None:
    """Rows of empty cells at the end count for nothing; empty rows between filled ones keep their place."""
    blank = "".join(f'<row r="{n}"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(6_005, 9_000))
    table = big(content=register(6_000) + blank, ref="A4:D1048576")
    assert table.length == 6_000
    again = big(content=register(6_000) + blank + register(1, first=9_000), ref="A4:D1048576")
    assert again.length == 8_996
    assert again.column("No")[5_999:] == [6_004.0, *[None] * 2_995, 9_000.0]
    assert again.column_ref("No") == "A5:A1048576"


def test_rows_missing_from_the_file_keep_their_place() -> None:
    """A blank row that the XML leaves out doesn't move the rows below it."""
    table = big(content=register(3_000) + register(3_000, first=4_000), ref="A4:D9000")
    column = table.column("No")
    assert [column[index] for index in (0, 2_999, 3_000, 3_994, 3_995, 6_994)] == [5, 3_004, None, None, 4_000, 6_999]
    assert table.address("Tanggal", 3_995) == "C4000"


def small_table(
    rows: str, ref: str, headings: Sequence[str], totals: int = 0, headers: int = 1, **more: str
) -> TableData:
    """A small table named tblKecil on sheet S."""
    tables = [table_xml(1, "tblKecil", ref, headings, totals, headers)]
    tables += [table_xml(2, "tblLain", more["other"], ["X", "Y"])] if "other" in more else []
    return read(book({"S": rows}, {"S": tables}), ["tblKecil"]).tables["tblKecil"]


def test_a_table_is_found_where_it_stands() -> None:
    """A moved table with more columns, a totals row and hidden rows gives its data rows, all of them."""
    rows = line(7, C=1, D=2, E=3) + line(8, C=4, D=5, E=6) + line(9, C=7, D=8) + line(10, C=99, D=99)
    table = small_table(rows, "C7:E10", ("Satu", "Dua", "Lebih"), totals=1)
    assert (table.sheet, table.first_row, table.first_col, table.length) == ("S", 8, 3, 2)
    assert (table.column("Dua"), table.column("Lebih")) == ([5.0, 8.0], [6.0, None])
    assert (table.address("Dua", 1), table.column_ref("Lebih")) == ("D9", "E8:E9")
    assert not table.has("dua")
    assert table.column("Tidak Ada") == [None, None]


def test_a_table_without_header_row_starts_at_its_first_row() -> None:
    """Excel can hide a table's header; its columns keep their names."""
    table = small_table(line(1, A=1) + line(2, A=2), "A1:A2", ("Satu",), headers=0)
    assert table.column("Satu") == [1.0, 2.0]


def test_headings_with_quotes_and_line_feeds() -> None:
    """Headings come from the table's definition, decoded."""
    table = small_table(line(2, A=1, B=2), "A1:B2", ("Realisasi_x000a_TW I", "Skor &quot;maks&quot; &amp; lain"))
    assert table.headings == ("Realisasi\nTW I", 'Skor "maks" & lain')
    assert table.column('Skor "maks" & lain') == [2.0]


def test_rows_below_a_table_are_told_down_to_the_first_blank_row() -> None:
    """Filled cells under the last row (totals row included) are listed; those beside the table are not."""
    rows = line(2, A=1) + line(3, A=9) + line(4, A=1, D=5) + line(5, B=2) + line(6, D=1) + line(7, A=1)
    assert small_table(rows, "A1:B3", ("Satu", "Dua"), totals=1).below == (("A4",), ("B5",))
    assert small_table(rows, "A1:B2", ("Satu", "Dua")).below == (("A3",), ("A4",), ("B5",))


def test_a_table_right_under_another_is_not_below_it() -> None:
    """The cells of another table are its own, not rows outside the first."""
    assert small_table(line(2, A=1) + line(3, A=1, B=1), "A1:B2", ("Satu", "Dua"), other="A3:B4").below == ()


def test_tables_side_by_side_are_read_each_for_itself() -> None:
    """Two wanted tables in the same rows don't mix."""
    rows = "".join(line(n, A=n, B=n * 2, D=n * 3) for n in range(1, 3_000))
    tables = [table_xml(1, "tblA", "A1:B2999", ("a", "b")), table_xml(2, "tblB", "D1:D1500", ("d",))]
    got = read(book({"S": rows + " " * (1 << 19)}, {"S": tables}), ["TBLA", "tblb"]).tables
    assert got["TBLA"].column("b") == [n * 2.0 for n in range(2, 3_000)]
    assert got["tblb"].column("d") == [n * 3.0 for n in range(2, 1_501)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Lembar!$B$2", 7.0),
        ("'Lembar'!$B$2", 7.0),
        ("'Ana''s lembar'!$B$2", 8.0),
        ("lembar!$B$2:$B$2", 7.0),
        ("Lembar!$Z$99", None),
        ("#REF!", "broken"),
        ("Lembar!#REF!", "broken"),
        ("Lembar!$B$2:$B$3", "broken"),
        ("Lembar!B2", "broken"),
        ("2025", "broken"),
        ("Hilang!$B$2", "broken"),
        ("'[1]Lembar'!$B$2", "broken"),
        ("Lembar!$A$1,Lembar!$B$2", "broken"),
    ],
)
def test_a_name_means_one_absolute_cell_or_is_broken(text: str, found: object) -> None:
    """A defined name gives the value of its one cell; whatever else it means is reported as broken."""
    data = book({"Lembar": line(2, A=1, B=7), "Ana's lembar": line(2, B=8)}, names={"Tahun": text})
    named = read(data, names=["tahun", "Tidak_Ada"]).names
    assert list(named) == ["tahun"]
    assert named["tahun"].broken is (found == "broken")
    assert named["tahun"].value == (None if found == "broken" else found)


def test_what_is_missing_is_left_out_and_other_sheets_are_never_read() -> None:
    """A damaged sheet that nobody asked for doesn't matter; absent tables, names and sheets are absent."""
    data = book({"S": line(1, A=1), "Rusak": "<row><<<"})
    got = read(data, ["tblX"], ["X"], ["s", "Tidak Ada"])
    assert (got.tables, got.names, list(got.outputs), got.sheets) == ({}, {}, ["s"], ("S", "Rusak"))
    assert got.outputs["s"].rows("A1:B2") == [[1.0, None], [None, None]]
    assert got.outputs["s"].last_row == 1


def test_formulas_on_a_sheet_are_told() -> None:
    """Whether a sheet that was read holds a formula is known, in small sheets and big ones."""
    small = read(book({"S": '<row r="1"><c r="A1"><f>1</f><v>1</v></c></row>', "T": line(1, A=1)}), outputs=["S", "T"])
    assert small.formulas == {"S": True, "T": False}
    content = register(9_000).replace('<c r="D8000"/>', '<c r="D8000"><f t="shared" si="0"/><v>1</v></c>')
    content = content.replace('<c r="D70"/>', '<c r="D70" t="inlineStr"><is><t>a</t></is></c>')
    data = book({"S": content}, {"S": [table_xml(1, "tblBesar", "A4:D9004", HEADINGS)]}, STRINGS)
    assert read(data, ["tblBesar"]).formulas == {"S": True}


def test_the_1904_date_system_is_refused() -> None:
    """Its dates would all be four years off."""
    assert refused(book({"S": ""}, properties='<workbookPr date1904="1"/>')).code == "sistem-tanggal-1904"


FAR = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
EVIL = {
    "far apart": FAR,
    "unclosed cells": '<row r="1">' + '<c r="A1">' * 400_000 + "</row>",
    "a row without end": '<row r="1">' + "<v>" * 2_000_000,
    "unclosed values": '<row r="1"><c r="A1">' + "<v>" * 1_000_000 + "</row>",
}


@pytest.mark.parametrize("what", EVIL)
def test_hostile_sheets_cost_little_time_and_memory(what: str, tmp_path) -> None:
    """Cells at both ends of the grid, or XML made to be slow, end in 20 s and 400 MB with a result or a refusal."""
    headings = [f"K{n}" for n in range(16_384)]
    table = table_xml(1, "tblJauh", "A1:XFD1048576", headings)
    data = book({"S": EVIL[what]}, {"S": [table]}, method=zipfile.ZIP_STORED)  # past the guard of the zip
    file = tmp_path / "jauh.xlsx"
    file.write_bytes(data)
    script = (
        "import sys, resource\n"
        "from iku_excel.findings import Refusal\n"
        "from iku_excel.xlsx.package import Package\n"
        "from iku_excel.xlsx.reader import read_workbook\n"
        "resource.setrlimit(resource.RLIMIT_AS, (400 << 20, 400 << 20))\n"
        "try:\n"
        "    data = open(sys.argv[1], 'rb').read()\n"
        "    table = read_workbook(Package.open(data), ['tblJauh'], []).tables['tblJauh']\n"
        "    print(table.length, table.column('K16383')[-1])\n"
        "except Refusal as refusal:\n"
        "    print(refusal.code)\n"
    )
    pytest.importorskip("resource", reason="batas memori hanya ada di Unix")
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    assert done.stdout.strip() == ("1048575 2.0" if what == "far apart" else "berkas-rusak"), done.stderr
    assert time.monotonic() - started < 20


def test_a_table_that_holds_too_many_cells_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit counts rows that hold something, times columns."""
    monkeypatch.setattr("iku_excel.xlsx.region.MOST_CELLS", 30_000)
    with pytest.raises(Refusal) as caught:
        big()
    assert caught.value.code == "tabel-terlalu-besar"


def test_a_table_from_memory_answers_like_one_from_a_file() -> None:
    """``TableData.of`` gives addresses and cells for an open workbook or a test."""
    table = TableData.of("tblX", "S", {"A": [1.0, None], "B": ["x", CellError("#N/A")]}, first_row=5, first_col=3)
    assert (table.ref, table.length, table.address("B", 1), table.column_ref("A")) == ("C4:D6", 2, "D6", "C5:C6")
    assert table.column("B") == ["x", CellError("#N/A")]
    assert TableData.of("tblX", "S", {"A": []}).column("A") == []
