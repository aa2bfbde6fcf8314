"""Closed workbooks read: every cell as the file stores it, strange files refused, other readers agreeing."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iku_excel.cells import UNCACHED, Cell, CellError
from iku_excel.findings import Refusal
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import SheetCells, TableData, WorkbookData, read_workbook
from iku_excel.xlsx.values import address, iso_serial, rectangle

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOC = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
ROOT = Path(__file__).parents[1]
DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'


def table_xml(number: int, name: str, ref: str, headings: Sequence[str], totals: int = 0, headers: int = 1) -> str:
    """A table part; headings are given as the XML stores them."""
    columns = "".join(f'<tableColumn id="{i}" name="{h}"/>' for i, h in enumerate(headings, 1))
    counts = f'totalsRowCount="{totals}" headerRowCount="{headers}"'
    return (
        f'{DECLARATION}<table xmlns="{MAIN}" id="{number}" name="{name}" displayName="{name}" ref="{ref}" {counts}>'
        f'<tableColumns count="{len(headings)}">{columns}</tableColumns></table>'
    )


def book(
    sheets: Mapping[str, str],
    tables: Mapping[str, Sequence[str]] | None = None,
    strings: str | None = None,
    names: Mapping[str, str] | None = None,
    properties: str = "",
    method: int = zipfile.ZIP_DEFLATED,
) -> bytes:
    """A workbook of the given sheets: each a whole ``<worksheet>`` or only the rows inside ``<sheetData>``."""
    parts: dict[str, str] = {}
    listed, rels = "", ""
    for number, (name, content) in enumerate(sheets.items(), 1):
        listed += f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        rels += f'<Relationship Id="rId{number}" Type="{DOC}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        if not content.startswith(("<?xml", "<worksheet", "<x:", "<!")):
            content = f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{content}</sheetData></worksheet>'
        parts[f"xl/worksheets/sheet{number}.xml"] = content
        links = ""
        for index, table in enumerate((tables or {}).get(name, ()), 1):
            links += f'<Relationship Id="t{index}" Type="{DOC}/table" Target="../tables/table{number}_{index}.xml"/>'
            parts[f"xl/tables/table{number}_{index}.xml"] = table
        if links:
            parts[f"xl/worksheets/_rels/sheet{number}.xml.rels"] = (
                f'<Relationships xmlns="{RELS}">{links}</Relationships>'
            )
    if strings is not None:
        rels += f'<Relationship Id="rIdS" Type="{DOC}/sharedStrings" Target="sharedStrings.xml"/>'
        parts["xl/sharedStrings.xml"] = (
            strings if "sst " in strings else f'{DECLARATION}<sst xmlns="{MAIN}">{strings}</sst>'
        )
    defined = "".join(f"<definedName name={quoteattr(n)}>{escape(t)}</definedName>" for n, t in (names or {}).items())
    parts["xl/workbook.xml"] = (
        f'<workbook xmlns="{MAIN}" xmlns:r="{DOC}">{properties}<sheets>{listed}</sheets>'
        f"<definedNames>{defined}</definedNames></workbook>"
    )
    parts["xl/_rels/workbook.xml.rels"] = f'<Relationships xmlns="{RELS}">{rels}</Relationships>'
    parts["_rels/.rels"] = (
        f'<Relationships xmlns="{RELS}">'
        f'<Relationship Id="rId1" Type="{DOC}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    )
    parts["[Content_Types].xml"] = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(
    data: bytes, wanted: Sequence[str] = (), names: Sequence[str] = (), outputs: Sequence[str] = ()
) -> WorkbookData:
    """The workbook's data from its bytes."""
    return read_workbook(Package.open(data), wanted, names, outputs)


def sheet_of(content: str, strings: str | None = None) -> SheetCells:
    """All cells of a workbook's only sheet."""
    return read(book({"S": content}, strings=strings), outputs=["S"]).outputs["S"]


def refused(data: bytes, **wish: Sequence[str]) -> Refusal:
    """The refusal that reading this workbook ends in."""
    with pytest.raises(Refusal) as caught:
        read(data, **(wish or {"outputs": ["S"]}))
    return caught.value


CELLS: list[tuple[str, str, Cell]] = [
    ("whole number", '<c r="A1"><v>12</v></c>', 12.0),
    ("number with t=n", '<c r="A1" t="n"><v>1.5E-3</v></c>', 0.0015),
    ("negative", '<c r="A1" s="3"><v>-7.25</v></c>', -7.25),
    ("serial 0.5 under a time format", '<c r="A1" s="3"><v>0.5</v></c>', 0.5),
    ("serial 60", '<c r="A1" s="3"><v>60</v></c>', 60.0),
    ("serial 1", '<c r="A1" s="3"><v>1</v></c>', 1.0),
    ("last bit of a time", '<c r="A1" s="3"><v>45678.123456789012</v></c>', 45678.123456789012),
    ("beyond year 9999", '<c r="A1" s="3"><v>2958466</v></c>', 2958466.0),
    ("shared text", '<c r="A1" t="s"><v>0</v></c>', "satu"),
    ("empty shared text", '<c r="A1" t="s"><v>1</v></c>', None),
    ("blanks kept", '<c r="A1" t="s"><v>2</v></c>', " dua  "),
    ("rich text joined", '<c r="A1" t="s"><v>3</v></c>', "merah biru"),
    ("phonetic guide left out", '<c r="A1" t="s"><v>4</v></c>', "課きく"),
    ("escapes and entities", '<c r="A1" t="s"><v>5</v></c>', "a\rb<&>_x0041_\u00a0😀"),
    ("two characters for one", '<c r="A1" t="s"><v>6</v></c>', "😀"),
    ("line ends", '<c r="A1" t="s"><v>7</v></c>', "x\ny"),
    ("inline text", '<c r="A1" t="inlineStr"><is><t>=1+1</t></is></c>', "=1+1"),
    ("inline rich text", '<c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>a</t></r><r><t> b</t></r></is></c>', "a b"),
    ("empty inline text", '<c r="A1" t="inlineStr"><is><t/></is></c>', None),
    ("inline text in v", '<c r="A1" t="inlineStr"><v>teks</v></c>', "teks"),
    ("true", '<c r="A1" t="b"><v>1</v></c>', True),
    ("false", '<c r="A1" t="b"><v>0</v></c>', False),
    ("error", '<c r="A1" t="e"><v>#N/A</v></c>', CellError("#N/A")),
    ("error of a formula", '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellError("#DIV/0!")),
    ("formula with number", '<c r="A1"><f>1+1</f><v>2</v></c>', 2.0),
    ("formula with text", '<c r="A1" t="str"><f>"a"</f><v>a&amp;b</v></c>', "a&b"),
    ("formula with blanks", '<c r="A1" t="str"><f>" a"</f><v xml:space="preserve"> a</v></c>', " a"),
    ("formula with empty text", '<c r="A1" t="str"><f>""</f><v></v></c>', None),
    ("formula without value", '<c r="A1"><f>1+1</f></c>', UNCACHED),
    ("formula with empty value", '<c r="A1"><f>1+1</f><v></v></c>', UNCACHED),
    ("formula with closed value", '<c r="A1" s="1"><f>1+1</f><v/></c>', UNCACHED),
    ("text formula without value", '<c r="A1" t="str"><f>B1</f></c>', UNCACHED),
    ("shared formula member", '<c r="A1"><f t="shared" si="0"/></c>', UNCACHED),
    ("shared formula member with value", '<c r="A1"><f t="shared" si="0"/><v>4</v></c>', 4.0),
    ("array formula", '<c r="A1" cm="1"><f t="array" ref="A1">SUM(B1)</f><v>4</v></c>', 4.0),
    ("ISO date", '<c r="A1" t="d"><v>2025-03-01</v></c>', 45717.0),
    ("ISO time", '<c r="A1" t="d"><v>2025-03-01T12:00:00</v></c>', 45717.5),
    ("only a style", '<c r="A1" s="4"/>', None),
    ("nothing inside", '<c r="A1"></c>', None),
    ("empty value", '<c r="A1"><v></v></c>', None),
]
STRINGS = (
    '<si><t>satu</t></si><si><t></t></si><si><t xml:space="preserve"> dua  </t></si>'
    '<si><r><rPr><color rgb="FFFF0000"/></rPr><t>merah</t></r><r><t xml:space="preserve"> biru</t></r></si>'
    '<si><t>課きく</t><rPh sb="0" eb="1"><t>カ</t></rPh><phoneticPr fontId="1"/></si>'
    "<si><t>a_x000D_b&lt;&amp;&gt;_x005F_x0041_&#160;&#x1F600;</t></si>"
    "<si><t>_xD83D__xDE00_</t></si><si><t>x\r\ny</t></si>"
)
FORMS = {
    "usual": lambda rows: rows,
    "prefixed": lambda rows: prefixed(f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'),
    "with a comment": lambda rows: rows + "<!-- <row> -->",
    "without addresses": lambda rows: rows.replace(' r="A1"', "").replace(' r="1"', ""),
    "single quotes": lambda rows: rows.replace('r="1"', "r='1'").replace('r="A1"', "r='A1'"),
    "set in lines": lambda rows: "\n" + rows.replace("<c ", "\n  <c ").replace("</row>", "\n</row>\n"),
}


def prefixed(xml: str) -> str:
    """The same XML with every element's name prefixed."""
    xml = xml.replace("xmlns=", "xmlns:x=").replace("</", "</x:")
    for name in ("worksheet", "sheetData", "row", "c", "v", "f", "is", "t", "r", "rPr", "b"):
        xml = (
            xml.replace(f"<{name} ", f"<x:{name} ")
            .replace(f"<{name}>", f"<x:{name}>")
            .replace(f"<{name}/>", f"<x:{name}/>")
        )
    return xml


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("what", "xml", "cell"), CELLS, ids=[what for what, _, _ in CELLS])
def test_a_cell_is_read_as_the_file_stores_it(form: str, what: str, xml: str, cell: Cell) -> None:
    """Each kind of cell gives its stored value, to the last bit, in every form of XML."""
    got = sheet_of(FORMS[form](f'<row r="1">{xml}</row>'), STRINGS).cell("A1")
    assert (type(got), got) == (type(cell), cell), what


@pytest.mark.parametrize("form", ["comment", "prefix", "size"])
def test_shared_strings_in_any_form_are_the_same(form: str) -> None:
    """Rich, phonetic and escaped strings don't change with the form of their XML."""
    strings = {
        "comment": STRINGS + "<!-- x -->",
        "prefix": f'<x:sst xmlns:x="{MAIN}">' + STRINGS.replace("<", "<x:").replace("<x:/", "</x:") + "</x:sst>",
        "size": STRINGS + "<si/>",
    }[form]
    cells = [(f'<c r="{address(1, i + 1)}" t="s"><v>{i}</v></c>') for i in range(8)]
    row = f'<row r="1">{"".join(cells)}</row>'
    assert sheet_of(row, strings).rows("A1:H1") == sheet_of(row, STRINGS).rows("A1:H1")


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="1"><c r="A1"><v>1_000</v></c></row>',
        '<row r="1"><c r="A1"><v>nan</v></c></row>',
        '<row r="1"><c r="A1"><v>1,5</v></c></row>',
        '<row r="1"><c r="A1"><v>1e999</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>8</v></c></row>',
        '<row r="1"><c r="A1" t="s"><v>-1</v></c></row>',
        '<row r="1"><c r="A1" t="b"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="x"><v>2</v></c></row>',
        '<row r="1"><c r="A1" t="d"><v>2025-02-30</v></c></row>',
        '<row r="1"><c r="A1" t="str"><v>&nbsp;</v></c></row>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="1048577"><c r="A1048577"><v>1</v></c></row>',
        '<row r="1"><c r="XFE1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c>',
        '<row r="1"><c r="A1"><v>1</v></row>',
    ],
)
def test_xml_that_means_nothing_is_refused(xml: str) -> None:
    """Values, indices and addresses that Excel never writes end in a refusal, not in a guess."""
    refusal = refused(book({"S": xml}, strings=STRINGS))
    assert refusal.code == "berkas-rusak"
    assert refusal.sheet in ("S", None)


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


@pytest.mark.parametrize("bad", ["1_0", "inf", "1.2.3"])
@pytest.mark.parametrize("kind", ["", ' t="s"'])
def test_a_bad_value_in_a_big_table_is_refused(bad: str, kind: str) -> None:
    """The quick way of reading is as strict as the slow one."""
    content = register(9_000).replace('<c r="D700"/>', f'<c r="D700"{kind}><v>{bad}</v></c>')
    with pytest.raises(Refusal, match="rusak"):
        big(content=content)


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


def line(row: int, **cells: float) -> str:
    """One row of numbers by column letter."""
    inside = "".join(f'<c r="{column}{row}"><v>{value}</v></c>' for column, value in cells.items())
    return f'<row r="{row}" hidden="1">{inside}</row>'


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


@pytest.mark.parametrize("where", ["sheet", "strings"])
def test_a_dtd_is_refused(where: str) -> None:
    """Entities that expand without end never get the chance."""
    dtd = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    sheet = f'<?xml version="1.0"?>{dtd}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    strings = f'<?xml version="1.0"?>{dtd}<sst xmlns="{MAIN}"><si><t>&b;</t></si></sst>'
    data = book({"S": sheet}) if where == "sheet" else book({"S": line(1, A=1)}, strings=strings)
    assert refused(data).code == "xml-dtd"


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


@given(st.dates(min_value=date(1900, 3, 1)), st.integers(0, 86_399))
@settings(max_examples=50)
def test_iso_dates_agree_with_openpyxl(day: date, second: int) -> None:
    """A date written as ISO text has the serial that openpyxl computes."""
    from openpyxl.utils.datetime import to_excel

    moment = datetime.combine(day, datetime.min.time()).replace(
        hour=second // 3600, minute=second // 60 % 60, second=second % 60
    )
    assert iso_serial(moment.isoformat()) == pytest.approx(to_excel(moment), abs=1e-9)
    assert iso_serial(day.isoformat()) == float(to_excel(day))
    assert iso_serial("1900-01-01") == 1


def test_addresses_agree_with_openpyxl() -> None:
    """Column letters and ranges mean what openpyxl takes them for."""
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.cell import range_boundaries

    for column in itertools.chain(range(1, 800), range(16_300, 16_385)):
        assert address(7, column) == f"{get_column_letter(column)}7"
    left, top, right, bottom = range_boundaries("AB3:XFD900")
    assert rectangle("$AB$3:XFD900") == (top, left, bottom, right)
    assert rectangle("XFE1") is None


def test_a_table_from_memory_answers_like_one_from_a_file() -> None:
    """``TableData.of`` gives addresses and cells for an open workbook or a test."""
    table = TableData.of("tblX", "S", {"A": [1.0, None], "B": ["x", CellError("#N/A")]}, first_row=5, first_col=3)
    assert (table.ref, table.length, table.address("B", 1), table.column_ref("A")) == ("C4:D6", 2, "D6", "C5:C6")
    assert table.column("B") == ["x", CellError("#N/A")]
    assert TableData.of("tblX", "S", {"A": []}).column("A") == []
