"""Cells spliced into the XML of one sheet: the exact bytes, what is left alone, and what is refused."""

from __future__ import annotations

import io
import math
import re
from decimal import Decimal

import handmade
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.cellxml import normal
from iku_excel.xlsx.package import Package, TablePart
from iku_excel.xlsx.sheet import PatchResult, patch_sheet

SHARED = ["satu", "=1+1", " tepi "]


def edit(cell: str, value: object, formula: str | None = None, **more: object) -> Edit:
    """An edit of sheet Lembar1."""
    return Edit("Lembar1", cell, value, formula, **more)


def patched(xml: str, *edits: Edit, **more: object) -> PatchResult:
    """The sheet with the edits in it, after checking that a second run changes nothing."""
    result = patch_sheet(xml.encode(), edits, shared=SHARED.__getitem__, **more)
    again = patch_sheet(result.xml, edits, shared=SHARED.__getitem__, **more)
    assert (again.xml, again.changed, again.repaired) == (result.xml, (), ())
    assert etree.fromstring(result.xml) is not None
    return result


def one(cells: str) -> str:
    """Row 1 with these cells."""
    return f'<row r="1">{cells}</row>'


RUNS = '<c r="A1" t="inlineStr"><is><r><t>sa</t></r><r><t>tu</t></r><rPh sb="0" eb="1"><t>x</t></rPh></is></c>'

# name: (inside of sheetData before, edits, inside of sheetData after)
SPLICES = {
    "number into an empty sheet": ("", [edit("B2", Decimal("1.50"))], '<row r="2"><c r="B2"><v>1.5</v></c></row>'),
    "whole number": ("", [edit("A1", Decimal("1E+3"))], one('<c r="A1"><v>1000</v></c>')),
    "large number": ("", [edit("A1", 10**16)], one('<c r="A1"><v>1E+16</v></c>')),
    "row between": (
        '<row r="1"/>\n<row r="5" ht="9"/>',
        [edit("A3", 1)],
        '<row r="1"/>\n<row r="3"><c r="A3"><v>1</v></c></row><row r="5" ht="9"/>',
    ),
    "row below": ('<row r="1"/> ', [edit("A3", 1)], '<row r="1"/> <row r="3"><c r="A3"><v>1</v></c></row>'),
    "empty row opened": (
        '<row r="3" ht="9" />',
        [edit("A3", 1)],
        '<row r="3" ht="9"><c r="A3"><v>1</v></c></row>',
    ),
    "cells before, between and after": (
        one('<c r="B1"><v>2</v></c>\n<c r="D1"/><extLst><ext uri="x"/></extLst>'),
        [edit("A1", 1), edit("C1", 3), edit("E1", 5)],
        one(
            '<c r="A1"><v>1</v></c><c r="B1"><v>2</v></c>\n<c r="C1"><v>3</v></c><c r="D1"/><c r="E1"><v>5</v></c>'
            '<extLst><ext uri="x"/></extLst>'
        ),
    ),
    "no addresses": (
        "<row><c><v>1</v></c><c><v>2</v></c></row><row><c><v>3</v></c></row>",
        [edit("B1", 9), edit("C2", 8)],
        '<row><c><v>1</v></c><c r="B1"><v>9</v></c></row><row><c><v>3</v></c><c r="C2"><v>8</v></c></row>',
    ),
    "single quotes, blanks in tags, unknown attributes": (
        "<row r='1' ><c\n r='A1' s='2' ph='1' t='s' ><v >0</v ></c ></row >",
        [edit("A1", 7)],
        "<row r='1' ><c\n r='A1' s='2' ph='1'><v>7</v></c></row >",
    ),
    "own style kept": (one('<c r="A1" s="2"/>'), [edit("A1", 7)], one('<c r="A1" s="2"><v>7</v></c>')),
    "style of the row": (
        '<row r="1" s="1" customFormat="1"/>',
        [edit("A1", 7)],
        '<row r="1" s="1" customFormat="1"><c r="A1" s="1"><v>7</v></c></row>',
    ),
    "style of a row that doesn't apply it": (
        '<row r="1" s="1"/>',
        [edit("A1", 7)],
        '<row r="1" s="1"><c r="A1"><v>7</v></c></row>',
    ),
    "spans widened": (
        '<row r="1" spans="2:3"><c r="B1"/></row>',
        [edit("E1", 7)],
        '<row r="1" spans="2:5"><c r="B1"/><c r="E1"><v>7</v></c></row>',
    ),
    "text": (
        "",
        [edit("A1", '=1+1 & <b> "x"')],
        one('<c r="A1" t="inlineStr"><is><t>=1+1 &amp; &lt;b&gt; "x"</t></is></c>'),
    ),
    "text with blanks at its ends, a control and a look-alike": (
        "",
        [edit("A1", " a\x01_x0041_\r")],
        one('<c r="A1" t="inlineStr"><is><t xml:space="preserve"> a_x0001__x005F_x0041__x000D_</t></is></c>'),
    ),
    "text over a shared string": (
        one('<c r="A1" t="s"><v>0</v></c>'),
        [edit("A1", "dua")],
        one('<c r="A1" t="inlineStr"><is><t>dua</t></is></c>'),
    ),
    "same text as a shared string": (
        one('<c r="A1" t="s"><v>1</v></c>'),
        [edit("A1", "=1+1")],
        one('<c r="A1" t="s"><v>1</v></c>'),
    ),
    "same text in runs with a reading aid": (
        one(RUNS),
        [edit("A1", "satu")],
        one(RUNS),
    ),
    "same number otherwise spelled": (
        one('<c r="A1" t="n"><v>1.50E0</v></c>'),
        [edit("A1", Decimal("1.5"))],
        one('<c r="A1" t="n"><v>1.50E0</v></c>'),
    ),
    "emptied but styled": (one('<c r="A1" s="1" t="b"><v>1</v></c>'), [edit("A1", None)], one('<c r="A1" s="1"/>')),
    "nothing where nothing is": ('<row r="1"/>', [edit("A1", None), edit("B7", "")], '<row r="1"/>'),
    "formula and number": (
        "",
        [edit("A1", Decimal("0.1"), '=IF(B1<>"&",1,2)')],
        one('<c r="A1"><f>IF(B1&lt;&gt;"&amp;",1,2)</f><v>0.1</v></c>'),
    ),
    "formula and text": (
        "",
        [edit("A1", " x", "B1")],
        one('<c r="A1" t="str"><f>B1</f><v xml:space="preserve"> x</v></c>'),
    ),
    "formula and nothing": ("", [edit("A1", None, "B1")], one('<c r="A1" t="str"><f>B1</f><v></v></c>')),
    "array formula": (
        "",
        [edit("A1", 1, "SUM(B:B*2)", array=True)],
        one('<c r="A1"><f t="array" ref="A1">SUM(B:B*2)</f><v>1</v></c>'),
    ),
    "formula kept as Excel spells it, value renewed": (
        one('<c r="A1" t="e"><f ca="1" aca="0"> _xlfn.RANK.EQ(B1, Data!C1)  </f><v>#N/A</v></c>'),
        [edit("A1", 3, "RANK.EQ(B1,'Data'!C1)")],
        one('<c r="A1"><f ca="1" aca="0"> _xlfn.RANK.EQ(B1, Data!C1)  </f><v>3</v></c>'),
    ),
    "dynamic array kept with its metadata": (
        one('<c r="A1" cm="1" vm="2"><f t="array" ref="A1">SUM(B:B*2)</f><v>0</v></c>'),
        [edit("A1", 1, "SUM(B:B*2)", array=True)],
        one('<c r="A1" cm="1"><f t="array" ref="A1">SUM(B:B*2)</f><v>1</v></c>'),
    ),
    "metadata of another value dropped": (
        one('<c r="A1" vm="1" cm="2" t="e"><f>X()</f><v>#VALUE!</v></c>'),
        [edit("A1", 1)],
        one('<c r="A1"><v>1</v></c>'),
    ),
    "cached value of Excel, a last bit away": (
        one('<c r="A1"><f>B1/3</f><v>0.33333333333333331</v></c>'),
        [edit("A1", Decimal("0.333333333333333"), "B1/3")],
        one('<c r="A1"><f>B1/3</f><v>0.33333333333333331</v></c>'),
    ),
    "extension of a cell kept": (
        one('<c r="A1"><v>1</v><extLst><ext uri="x"/></extLst></c>'),
        [edit("A1", 2)],
        one('<c r="A1"><v>2</v><extLst><ext uri="x"/></extLst></c>'),
    ),
    "follower of a shared formula": (
        one(
            '<c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f><v>1</v></c><c r="B1"><f t="shared" si="0"/><v>1</v></c>'
        ),
        [edit("B1", 2)],
        one('<c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f><v>1</v></c><c r="B1"><v>2</v></c>'),
    ),
    "master of a shared formula that is ours": (
        one('<c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f><v>1</v></c>'),
        [edit("A1", 2, "C1")],
        one('<c r="A1"><f t="shared" ref="A1:B1" si="0">C1</f><v>2</v></c>'),
    ),
}


@pytest.mark.parametrize("name", SPLICES)
def test_a_splice_changes_exactly_these_bytes(name: str) -> None:
    """The sheet after is the sheet before but for the cell, byte by byte; a second run changes nothing."""
    before, edits, after = SPLICES[name]
    tail = '<pageMargins left="0.7"/>'
    result = patched(handmade.sheet(before, after=tail), *edits)
    assert result.xml.decode() == handmade.sheet(after, after=tail)


@pytest.mark.parametrize("tag", ["<sheetData/>", "<sheetData />", "<sheetData></sheetData>"])
def test_every_spelling_of_an_empty_sheet_opens(tag: str) -> None:
    """An empty sheetData takes its first rows however it was written."""
    xml = handmade.sheet("").replace("<sheetData></sheetData>", tag)
    result = patched(xml, edit("A1", 1), edit("A2", 2))
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    assert f"<sheetData>{rows}</sheetData>" in result.xml.decode()


def test_a_prefixed_sheet_keeps_its_prefix() -> None:
    """Producers that write x:row get x:c, x:is, x:t, x:f and x:v back; the prefix is never renamed."""
    xml = f'<x:worksheet xmlns:x="{handmade.MAIN}"><x:sheetData><x:row r="1"/></x:sheetData></x:worksheet>'
    result = patched(xml, edit("A1", "satu"), edit("B1", 2, "1+1"))
    assert result.xml.decode() == xml.replace(
        '<x:row r="1"/>',
        '<x:row r="1"><x:c r="A1" t="inlineStr"><x:is><x:t>satu</x:t></x:is></x:c>'
        '<x:c r="B1"><x:f>1+1</x:f><x:v>2</x:v></x:c></x:row>',
    )


def test_a_new_cell_takes_its_columns_style_and_widens_the_dimension() -> None:
    """The default style of the column holds where the row has none; the used range grows only when it must."""
    before = '<dimension ref="B2:C3"/><cols><col min="2" max="4" width="9" style="2"/><col min="5" max="5"/></cols>'
    xml = handmade.sheet("", before=before)
    result = patched(xml, edit("D9", 1), edit("E1", 1))
    assert b'<c r="D9" s="2">' in result.xml
    assert b'<c r="E1"><v>' in result.xml
    assert b'<dimension ref="B1:E9"/>' in result.xml
    assert b'<dimension ref="B2:C3"/>' in patched(xml, edit("C3", 1)).xml


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-9e307, max_value=9e307))
@example(-0.0)
@example(5e-324)
@example(2.0**53)
@example(1e15)
def test_a_number_reads_back_as_the_same_double(value: float) -> None:
    """Whatever its size, the stored decimal is the shortest that gives the same double."""
    for given_as in (value, Decimal(value)):
        xml = patched(handmade.sheet(""), edit("A1", given_as)).xml
        text = etree.fromstring(xml).findtext(".//{*}v")
        assert float(text) == value
        assert len(text) <= max(len(repr(value)), len(str(int(value))) if abs(value) < 1e15 else 0)


TEXTS = st.text(st.characters(exclude_categories=()), min_size=1, max_size=60)


@given(TEXTS)
@example("_x0041_")
@example("_x005F_")
@example("\r\n\t ")
@example("\ud83d alone")
@example("]]>&amp;")
def test_a_text_reads_back_as_the_same_text(text: str) -> None:
    """Any text survives: blanks, controls, lone surrogates, look-alikes of Excel's escapes."""
    for formula in (None, "B1"):
        root = etree.fromstring(patched(handmade.sheet(""), edit("A1", text, formula)).xml)
        found = root.findtext(".//{*}v") if formula else root.findtext(".//{*}t")
        decoded = re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), found)
        assert decoded == text


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40))
def test_another_reader_finds_the_same_text(text: str) -> None:
    """calamine, which shares no code with us, reads the text that was written."""
    applied = apply_edits(Package.open(handmade.book(handmade.sheet(""))), [edit("A1", text)])
    rows = CalamineWorkbook.from_filelike(io.BytesIO(applied.data or b"")).get_sheet_by_index(0).to_python()
    assert rows == [[text]]


FENCES = {
    "merged": (one('<c r="A1"/>'), '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>', "B2", "sel-gabungan"),
    "array": (one('<c r="A1"><f t="array" ref="A1:A3">B1:B3</f><v>1</v></c>'), "", "A2", "rumus-larik"),
    "array's first cell": (one('<c r="A1"><f ref="A1:A3" t="array">B1:B3</f></c>'), "", "A1", "rumus-larik"),
    "data table": ('<row r="2"><c r="B2"><f t="dataTable" ref="B2:B9" dt2D="1"/></c></row>', "", "B5", "rumus-larik"),
    "shared master": (one('<c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f></c>'), "", "A1", "rumus-bersama"),
    "comment": (one('<!-- x --><c r="A1"/>'), "", "A1", "lembar-tidak-lazim"),
    "CDATA": (one('<c r="A1"><v><![CDATA[1]]></v></c>'), "", "A1", "lembar-tidak-lazim"),
    "rows out of order": ('<row r="3"/><row r="2"/>', "", "A9", "lembar-tidak-lazim"),
    "a row twice": ('<row r="2"/><row r="2"/>', "", "A9", "lembar-tidak-lazim"),
    "cells out of order": (one('<c r="B1"/><c r="A1"/>'), "", "C1", "lembar-tidak-lazim"),
    "a cell twice": (one('<c r="A1"/><c r="A1"/>'), "", "C1", "lembar-tidak-lazim"),
    "cell of another row": (one('<c r="A2"/>'), "", "A1", "lembar-tidak-lazim"),
    "odd address": (one('<c r="A"/>'), "", "B1", "lembar-tidak-lazim"),
    "unknown content": (one('<c r="A1"><v>1</v><baru/></c>'), "", "A1", "sel-tidak-lazim"),
    "alternative content": (one('<mc:AlternateContent xmlns:mc="x"/>'), "", "A1", "lembar-tidak-lazim"),
    "odd merged range": ("", '<mergeCells><mergeCell ref="A:B"/></mergeCells>', "A1", "lembar-tidak-lazim"),
}


@pytest.mark.parametrize("name", FENCES)
def test_a_cell_that_cannot_change_alone_is_refused(name: str) -> None:
    """Where a change would break something else, the refusal names sheet and cell and says what to do."""
    body, after, cell, code = FENCES[name]
    with pytest.raises(Refusal) as caught:
        patched(handmade.sheet(body, after=after), edit(cell, 99))
    assert (caught.value.code, caught.value.sheet) == (code, "Lembar1")
    assert "Lembar1" in caught.value.message
    assert caught.value.fix
    if not code.startswith("lembar"):
        assert caught.value.cell == cell


@pytest.mark.parametrize(
    ("row", "code"), [(1, "judul-tabel"), (2, None), (4, None), (5, "baris-total"), (6, None)]
)  # fmt: skip
def test_header_and_totals_rows_of_a_table_are_not_written(row: int, code: str | None) -> None:
    """Only an edit that touches them is refused; the rows between and below are open."""
    table = TablePart("tblX", "tblX", "A1:B5", 1, 1, ("K", "N"), "xl/tables/table1.xml")
    if code is None:
        assert patched(handmade.sheet(""), edit(f"B{row}", 1), tables=[table]).changed == (f"B{row}",)
        return
    with pytest.raises(Refusal) as caught:
        patched(handmade.sheet(""), edit(f"B{row}", 1), tables=[table])
    assert caught.value.code == code


def test_a_fenced_cell_that_holds_its_value_already_is_no_problem() -> None:
    """Nothing is refused where nothing would change, nor is the top-left cell that shows a merged range."""
    body, after = '<row r="1"><c r="A1"/></row>', '<mergeCells><mergeCell ref="A1:B2"/></mergeCells>'
    assert patched(handmade.sheet(body, after=after), edit("B2", None)).changed == ()
    assert patched(handmade.sheet(body, after=after), edit("A1", 1)).changed == ("A1",)


@pytest.mark.parametrize(
    ("value", "code"),
    [("x" * 32_768, "teks-terlalu-panjang"), ("😀" * 16_384, "teks-terlalu-panjang"), (math.inf, "angka-tidak-sah"),
     (math.nan, "angka-tidak-sah"), (Decimal("1E+308"), "angka-tidak-sah"), (10**400, "angka-tidak-sah")],
)  # fmt: skip
def test_what_no_cell_can_hold_is_refused(value: object, code: str) -> None:
    """Too long a text is never cut, a number out of range never replaced."""
    with pytest.raises(Refusal) as caught:
        patched(handmade.sheet(""), edit("A1", value))
    assert (caught.value.code, caught.value.cell) == (code, "A1")
    assert len(caught.value.message) < 500


@pytest.mark.parametrize(
    "edits",
    [[edit("A1", 1), edit("A1", 1)], [edit("a1", 1)], [edit("$A$1", 1)], [edit("XFE1", 1)], [edit("A1048577", 1)],
     [edit("A1", True)], [edit("A1", 1, "=")], [edit("A1", 1, "x" * 8193)], [edit("A1", 1, number_format="0")]],
)  # fmt: skip
def test_a_mistake_of_ours_is_an_error_and_no_refusal(edits: list[Edit]) -> None:
    """Two edits of one cell, addresses off the sheet, booleans, impossible formulas: ``ValueError``."""
    with pytest.raises(ValueError, match=r"."):
        patched(handmade.sheet(""), *edits)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("=SUM(A1, B1)", "sum(a1,B1)", True),
        ("'NSPK'!A1", "NSPK!A1", True),
        ("_xlfn.RANK.EQ(A1,B:B)", "RANK.EQ(A1,B:B)", True),
        ('IF(A1="a b",1,2)', 'IF(A1="a  b",1,2)', False),
        ('IF(A1="a",1,2)', 'IF(A1="A",1,2)', False),
        ("tblX[Nilai Ya]", "tblx[nilai ya]", True),
        ("tblX[Nilai Ya]", "tblX[NilaiYa]", False),
        ("'Lembar Satu'!A1", "'LembarSatu'!A1", False),
        ("A1+B1", "A1-B1", False),
    ],
)
def test_formulas_are_compared_by_meaning(one: str, other: str, same: bool) -> None:
    """Excel's respelling is the same formula; another text, name or operator is another."""
    assert (normal(one) == normal(other)) is same


def test_a_lost_or_changed_formula_is_given_back_and_reported() -> None:
    """A computed cell that was typed over gets its formula again; untouched ones are not reported."""
    body = (
        '<row r="1"><c r="A1"><v>5</v></c><c r="B1"><f>X1</f><v>2</v></c><c r="C1"><f>1+1</f><v>9</v></c>'
        '<c r="D1"><f>1+1</f><v>2</v></c></row>'
    )
    edits = [edit(cell, 2, "1+1") for cell in ("A1", "B1", "C1", "D1")]
    result = patched(handmade.sheet(body), *edits)
    assert result.changed == ("A1", "B1", "C1")
    assert result.repaired == ("A1", "B1")
    assert result.moved
    array = patched(handmade.sheet(body), edit("D1", 2, "1+1", array=True))
    assert array.repaired == ("D1",)
    assert not array.moved
