"""Single cells of closed workbooks: each as the file stores it, whatever the form of its XML."""

from __future__ import annotations

import itertools
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from xlsx_book import MAIN, STRINGS, book, line, refused, sheet_of

from iku_excel.cells import UNCACHED, Cell, CellError
from iku_excel.xlsx.values import address, iso_serial, rectangle

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
        f'<row r="1"><c r="A1"><v>{"9" * 400}</v></c></row>',
        f'<row r="1"><c r="A1" t="s"><v>{"0" * 5_000}</v></c></row>',
        f'<row r="{"9" * 5_000}"><c><v>1</v></c></row>',
        '<row r="1"><c r="A1" t="d"><v>2025-02-03T24:00</v></c></row>',
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
@pytest.mark.parametrize("before", ["", "<!-- -->"])
def test_xml_that_means_nothing_is_refused(xml: str, before: str) -> None:
    """Values, indices and addresses that Excel never writes are refused, not guessed, by both ways of reading."""
    refusal = refused(book({"S": before + xml}, strings=STRINGS))
    assert (refusal.code, refusal.sheet) == ("berkas-rusak", "S")


@pytest.mark.parametrize("where", ["sheet", "strings"])
def test_a_dtd_is_refused(where: str) -> None:
    """Entities that expand without end never get the chance."""
    dtd = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    sheet = f'<?xml version="1.0"?>{dtd}<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'
    strings = f'<?xml version="1.0"?>{dtd}<sst xmlns="{MAIN}"><si><t>&b;</t></si></sst>'
    data = book({"S": sheet}) if where == "sheet" else book({"S": line(1, A=1)}, strings=strings)
    assert refused(data).code == "xml-dtd"


@given(st.dates(min_value=date(1900, 3, 1)), st.integers(0, 86_399))
@settings(max_examples=50, deadline=None)
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
