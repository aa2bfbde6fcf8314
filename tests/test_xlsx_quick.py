"""The quick ways of reading and writing a sheet give what the careful ways give."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.xlsx import readback
from iku_excel.xlsx import rows as whole_rows
from iku_excel.xlsx import sheet as patching
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.cellxml import CellParser
from iku_excel.xlsx.package import Package, parse
from iku_excel.xlsx.settled import sort_out
from iku_excel.xlsx.sheet import patch_sheet
from iku_excel.xlsx.verify import verify_edits
from tests.xlsx_book import book, read, table_xml

VALUES: tuple[Any, ...] = (None, "", 0, 1, -2.5, 0.1, 12345678901, "teks", " dua  spasi", "a<b&c", "1")
FORMULAS = (None, "A1+1", 'IF(B2<3,"ya","tidak")')
TAILS = ("/>", "></c>", " />")


@st.composite
def cells(draw: st.DrawFn, address: str) -> str:
    """One cell, mostly as we write it, in any style, sometimes in another program's spelling or damaged."""
    edit = Edit("S", address, draw(st.sampled_from(VALUES)), draw(st.sampled_from(FORMULAS)))
    kind, content = (part.decode() for part in CellParser(b"").write(edit, b"", b""))
    style = draw(st.sampled_from(("", ' s="7"', ' s="12"')))
    kind = f' t="{kind}"' if kind else draw(st.sampled_from(("", "", ' t="n"', ' t="str"', ' t="e"')))
    if not content:
        return f'<c r="{address}"{style}{kind}{draw(st.sampled_from(TAILS))}'
    if draw(st.booleans()):
        content = content.replace("<v>", '<v xml:space="preserve">') if draw(st.booleans()) else content + " "
    more = draw(st.sampled_from(("", "", ' cm="1"', ' vm="1"')))
    order = f"{style}{kind}{more}" if draw(st.booleans()) else f"{kind}{style}{more}"
    return f'<c r="{address}"{order}>{content}</c>'


@st.composite
def sheets(draw: st.DrawFn) -> str:
    """A sheet of at most four rows and three columns with gaps; sometimes one row is closed at once."""
    rows = []
    for number in sorted(draw(st.sets(st.integers(1, 12), max_size=4))):
        inside = [draw(cells(f"{c}{number}")) for c in sorted(draw(st.sets(st.sampled_from("ABC"))))]
        rows.append(f'<row r="{number}">{"".join(inside)}</row>' if inside else f'<row r="{number}" ht="9"/>')
    return f"<worksheet><sheetData>{''.join(rows)}</sheetData></worksheet>"


edits = st.lists(
    st.builds(
        lambda column, row, value, formula: Edit("S", f"{column}{row}", value, formula),
        st.sampled_from("ABC"),
        st.integers(1, 12),
        st.sampled_from(VALUES),
        st.sampled_from(FORMULAS),
    ),
    min_size=1,
    max_size=20,
    unique_by=lambda edit: edit.cell,
)


def outcome(xml: str, plan: list[Edit]) -> object:
    """What patching comes to: the result, or the code of the refusal."""
    try:
        return patch_sheet(xml.encode(), plan)
    except Refusal as refusal:
        return refusal.code, refusal.cell


@given(xml=sheets(), plan=edits)
def test_cells_passed_over_are_those_that_need_nothing(xml: str, plan: list[Edit]) -> None:
    """With and without the quick ways a patch comes to the same bytes, the same lists and the same refusals."""
    quick = outcome(xml, plan)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(patching.Patcher, "usual_cells", lambda _self, _row, _edits: [])
        assert outcome(xml, plan) == quick
        patched.setattr(patching, "sort_out", lambda _xml, _start, _close, plan, _cells: (list(plan), []))
        assert outcome(xml, plan) == quick


def test_a_sheet_as_we_wrote_it_is_settled() -> None:
    """After one patch nothing is left to look at, in any style: else the quick way would be no way at all."""
    plan = [Edit("S", f"{c}{n}", v, f) for n, v in enumerate(VALUES, 1) for c, f in zip("ABC", FORMULAS, strict=True)]
    xml = patch_sheet(b"<worksheet><sheetData/></worksheet>", plan).xml.replace(b'" t=', b'" s="3" t=')
    assert sort_out(xml, xml.index(b"<row"), xml.rindex(b"</sheetData"), plan, CellParser(b"")) == ([], [])


ODD_CELLS = {
    "another formula of the same length": ('<c r="A1"><f>B1+1</f><v>5</v></c>', Edit("S", "A1", 7, "A1+1")),
    "a formula where none is wanted": ('<c r="A1"><f>B1+1</f><v>5</v></c>', Edit("S", "A1", 5)),
    "a formula without a value": ('<c r="A1"><f>A1+1</f></c>', Edit("S", "A1", None, "A1+1")),
    "a text of another kind": ('<c r="A1" t="str"><is><t>ya</t></is></c>', Edit("S", "A1", "ya")),
    "a text spelled in another way": (
        '<c r="A1" t="str"><f>A1+1</f><v>&quot;ya&quot; caf\u00e9</v></c>',
        Edit("S", "A1", '"ya" caf\u00e9', "A1+1"),
    ),
    "an underscore that means one": (
        '<c r="A1" t="str"><f>A1+1</f><v>_x005F_x0041_</v></c>',
        Edit("S", "A1", "_x0041_", "A1+1"),
    ),
    "a typed figure in its last digit": ('<c r="A1"><v>0.1</v></c>', Edit("S", "A1", 0.1 + 1e-14)),
    "an empty text": ('<c r="A1" t="inlineStr"><is><t></t></is></c>', Edit("S", "A1", None)),
    "a cell outside the extent": ('<c r="A1"><v>1</v></c>', Edit("S", "A1", 2)),
}


@pytest.mark.parametrize("name", ODD_CELLS)
def test_an_odd_cell_comes_to_what_the_careful_way_makes_of_it(name: str) -> None:
    """One cell each that only looks like ours, or holds the figure in another spelling."""
    cell, edit = ODD_CELLS[name]
    xml = f'<worksheet><dimension ref="C3"/><sheetData><row r="1">{cell}</row></sheetData></worksheet>'
    quick = outcome(xml, [edit])
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(patching, "sort_out", lambda _xml, _start, _close, plan, _cells: (list(plan), []))
        assert outcome(xml, [edit]) == quick


@pytest.mark.parametrize(
    ("value", "after", "code"),
    [
        (2, '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>', "sel-gabungan"),
        ("x" * 32_768, "", "teks-terlalu-panjang"),
    ],
)
def test_a_renewed_cell_is_refused_as_any_other(value: float | str, after: str, code: str) -> None:
    """Under a merged range, and for a text that no cell holds."""
    cells = '<c r="A1"><v>1</v></c><c r="B1"><v>1</v></c>'
    xml = f'<worksheet><sheetData><row r="1">{cells}</row></sheetData>{after}</worksheet>'
    assert outcome(xml, [Edit("S", "B1", value)]) == (code, "B1")


def test_figures_that_change_are_renewed_at_once() -> None:
    """Where only values differ, whatever kind they were of, nothing is left to the careful way."""
    old = [Edit("S", f"A{n}", v, "B1") for n, v in enumerate((1, 2.5, "teks", "ya", 7), 1)]
    new = [Edit("S", f"A{n}", v, "B1") for n, v in enumerate((2, "teks", "lain", 4, 7 + 1e-13), 1)]
    xml = patch_sheet(b"<worksheet><sheetData/></worksheet>", old).xml.replace(b'" t=', b'" s="3" t=')
    left, renewed = sort_out(xml, xml.index(b"<row"), xml.rindex(b"</sheetData"), new, CellParser(b""))
    assert left == []
    assert [renewal.edit.cell for renewal in renewed] == ["A1", "A2", "A3", "A4"]
    assert patch_sheet(xml, new).xml.count(b'<c r="A3" s="3" t="str"><f>B1</f><v>lain</v></c>') == 1


@pytest.mark.parametrize(
    "spoiled",
    [
        '<row r="1"><c r="B1"><v>2</v></c><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>',
        '<row r="2"><c r="A2"><v>3</v></c></row><row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>9</v></c><c r="B1"><v>2</v></c></row>'
        '<row r="2"><c r="A2"><v>3</v></c></row>',
    ],
)
def test_nothing_is_settled_on_a_sheet_out_of_order(spoiled: str) -> None:
    """Cells that hold their values in the wrong order, or twice, are left to the careful way."""
    plan = [Edit("S", "A1", 1), Edit("S", "B1", 2), Edit("S", "A2", 3)]
    assert sort_out(spoiled.encode(), 0, len(spoiled), plan, CellParser(b"")) == (plan, [])


ODD = ("<!-- B2 -->", "&#65;", "\r\n", "<x:c/>", "<c><v>5</v></c>", "<oops>")


@given(xml=sheets(), at=st.integers(0, 2000), odd=st.sampled_from(("", "", *ODD)))
def test_reading_back_by_pattern_and_by_parser_agree(xml: str, at: int, odd: str) -> None:
    """Cell by cell, or one of them refuses: whatever stands in a sheet, the pattern sees no other cells or texts."""
    at = min(at, len(xml))
    content = (xml[:at] + odd + xml[at:]).encode()
    wanted = [f"{c}{n}" for c in "ABC" for n in range(1, 13)]
    try:
        quick = readback._plain_cells(content, wanted)
    except expat.ExpatError:
        with pytest.raises(Refusal):
            parse(content, "S")
        return
    if quick is None:
        return
    parsed = dict(readback._Parsed(frozenset(wanted)).read(iter([content])))
    for found in (parsed, readback._tree_cells(parse(content, "S"), wanted)):
        assert {cell: _meaning(found[cell]) for cell in found} == {cell: _meaning(quick[cell]) for cell in quick}


def _meaning(content: readback.Content) -> readback.Content:
    """With an empty text for one that isn't there, and no inline text but an inline cell's: as ``verify`` sees it."""
    kind, formula, value, inline = content
    return kind, formula, (value or "") if kind != "inlineStr" else "", (inline or "") if kind == "inlineStr" else ""


def test_reading_back_a_sheet_as_we_wrote_it_takes_the_quick_way() -> None:
    """Else it would be no way at all; one cell in another spelling, and the parser's cells are taken."""
    plan = [Edit("S", f"{c}{n}", v, f) for n, v in enumerate(VALUES, 1) for c, f in zip("ABC", FORMULAS, strict=True)]
    xml = patch_sheet(b"<worksheet><sheetData/></worksheet>", plan).xml
    wanted = [edit.cell for edit in plan]
    assert readback._plain_cells(xml, wanted) is not None
    assert readback._plain_cells(xml.replace(b'<c r="B4"', b'<c  r="B4"'), wanted) is None


SPLICED = "".join(
    f'<row r="{n}"><c r="A{n}"><v>{n}</v></c><c r="B{n}" t="str"><f>A{n}&amp;"x"</f><v>{n}x</v></c></row>'
    for n in range(1, 8)
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<v>50</v>", "<v>51</v>"),  # the figure that was written
        ('<row r="3"><c r="A3"><v>3</v></c><c r="B3" t="str"><f>A3&amp;"x"</f><v>3x</v></c></row>', ""),
        ('<c r="B3" t="str"><f>A3&amp;"x"</f><v>3x</v></c>', ""),  # cells of rows that were not written
        ("<v>3x</v>", "<v>4x</v>"),
        ("<v>3x</v>", "<v>4x</w>"),
        ("</worksheet>", "<oops></worksheet>"),  # broken far from any row of ours
    ],
)
@pytest.mark.broken_on_purpose
def test_reading_back_sees_more_than_the_rows_that_were_written(old: str, new: str) -> None:
    """A row that differs from the one before is read, one that is gone is missed, and all of the XML is parsed."""
    before = book({"S": SPLICED})
    package = Package.open(before)
    plan = [Edit("S", f"{c}{n}", v, f) for n in range(1, 8) for c, v, f in row_edits(n)]
    applied = apply_edits(package, plan)
    assert applied.data is not None and applied.changed_cells == (("S", "A5"),)
    check = verify_edits(package, plan)
    check(applied.data)
    part = package.sheet("S").part
    xml = Package.open(applied.data).read(part).decode()
    assert xml.count(old) == 1
    with pytest.raises(Refusal) as caught:
        check(package.with_parts({part: xml.replace(old, new).encode()}))
    assert caught.value.code == "gagal-diperiksa"


def row_edits(n: int) -> list[tuple[str, Any, str | None]]:
    """The two edits of a row: only row 5 changes."""
    return [("A", 50 if n == 5 else n, None), ("B", f"{n}x", f'A{n}&"x"')]


REGISTER = "".join(
    f'<row r="{n}"><c r="A{n}" t="n"><v>{n}.5</v></c>'
    + (f'<c r="B{n}" s="4" t="inlineStr"><is><t>teks &amp; {n}</t></is></c>' if n % 3 else f'<c r="B{n}" s="4" t="n"/>')
    + (f'<c r="C{n}" t="inlineStr"><is><t>baris {n}</t></is></c>' if n % 4 else f'<c r="C{n}" s="1" t="n"></c>')
    + (f'<c r="D{n}"><f>A{n}*2</f><v>{2 * n + 1}</v></c>' if n % 5 else f'<c r="D{n}" t="e"><v>#N/A</v></c>')
    + "</row>"
    for n in range(2, 40)
)


def test_whole_rows_read_as_single_cells_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """A register in openpyxl's form gives the same columns by whole rows as cell by cell."""
    head = "".join(f'<c r="{c}1" t="inlineStr"><is><t>{c}</t></is></c>' for c in "ABCD")
    data = book({"S": f'<row r="1">{head}</row>{REGISTER}'}, tables={"S": [table_xml(1, "tbl", "A1:D45", "ABCD")]})
    found, asked = [], whole_rows.row_pattern.cache_info
    for worth in (10**9, 0):
        monkeypatch.setattr(whole_rows, "WORTH", worth)
        before = asked()
        table = read(data, ["tbl"]).tables["tbl"]
        found.append([table.column(heading) for heading in "ABCD"])
        assert (asked() != before) == (worth == 0), "the pattern was asked for just where it pays"
    assert found[0] == found[1]
    assert [len(column) for column in found[0]] == [38] * 4
