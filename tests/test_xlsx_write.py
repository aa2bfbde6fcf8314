"""A plan applied to a closed workbook: which parts change with it, styles, and the last check before saving."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import handmade
import openpyxl
import pytest
from judges import office
from judges.excel import assert_excel_accepts
from lxml import etree
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.table import Table

from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.xlsx.apply import Applied, apply_edits
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.styles import StyleBook
from iku_excel.xlsx.verify import verify_edits


def edit(cell: str, value: object, formula: str | None = None, **more: object) -> Edit:
    """An edit of sheet Lembar1."""
    return Edit("Lembar1", cell, value, formula, **more)


def test_a_number_format_is_appended_and_used_again() -> None:
    """The same look with another format: nothing renumbered, one new style however often it is asked for."""
    styles = StyleBook(handmade.STYLES.encode())
    assert styles.with_number_format(1, "0.00") == 1
    assert not styles.changed
    assert styles.xml == handmade.STYLES.encode()
    assert styles.with_number_format(0, "0.00") == 1
    dated = styles.with_number_format(2, "dd/mm/yyyy")
    assert dated == 3 == styles.with_number_format(2, "dd/mm/yyyy") == styles.with_number_format(3, "dd/mm/yyyy")
    assert styles.with_number_format(0, "dd/mm/yyyy") == 4
    xml = styles.xml
    root = etree.fromstring(xml)
    assert [f.attrib for f in root.iter("{*}numFmt")] == [{"numFmtId": "164", "formatCode": "dd/mm/yyyy"}]
    formats = root.find("{*}cellXfs")
    assert formats.get("count") == "5" == str(len(formats))
    assert formats[3].find("{*}alignment").get("wrapText") == "1"
    assert formats[3].get("numFmtId") == "164"
    assert root[0].tag.endswith("numFmts")
    again = StyleBook(xml)
    assert again.with_number_format(2, "dd/mm/yyyy") == 3
    assert again.with_number_format(2, 'yyyy "tahun"') == 5
    assert etree.fromstring(again.xml).find("{*}numFmts").get("count") == "2"


def test_too_many_styles_and_strange_styles_are_refused() -> None:
    """Excel calls a workbook with more than 64,000 cell formats corrupt, so we never write one."""
    crowd = "".join(f'<xf numFmtId="0" fontId="{number}"/>' for number in range(64_000))
    xml = f'<styleSheet xmlns="{handmade.MAIN}"><cellXfs>{crowd}</cellXfs></styleSheet>'
    with pytest.raises(Refusal) as caught:
        StyleBook(xml.encode()).with_number_format(0, "0.00")
    assert caught.value.code == "terlalu-banyak-gaya"
    for action in (
        lambda: StyleBook(b"<styleSheet/>"),
        lambda: StyleBook(handmade.STYLES.encode()).with_number_format(99, "0"),
    ):
        with pytest.raises(Refusal) as caught:
            action()
        assert caught.value.code == "gaya-tidak-lazim"


@pytest.mark.parametrize(
    ("part", "old", "new", "code"),
    [
        ("xl/styles.xml", 'numFmtId="2"', 'numFmtId="dua"', "gaya-tidak-lazim"),
        ("xl/_rels/workbook.xml.rels", "/styles", "/lain", "gaya-tidak-lazim"),
        ("xl/worksheets/sheet1.xml", 's="1"', 's="satu"', "lembar-tidak-lazim"),
        ("xl/worksheets/sheet1.xml", 'min="1"', 'min="a"', "lembar-tidak-lazim"),
        ("xl/worksheets/sheet1.xml", "<v>1</v>", "<v>1</v", "sel-tidak-lazim"),
    ],
)
def test_damage_where_we_write_is_refused_in_words(part: str, old: str, new: str, code: str) -> None:
    """A part that was tampered with ends in a refusal, never in a traceback."""
    cols = '<cols><col min="1" max="9" style="1"/></cols>'
    parts = handmade.parts(handmade.sheet('<row r="1"><c r="A1" s="1"><v>1</v></c></row>', before=cols))
    assert old in parts[part]
    data = handmade.packed({**parts, part: parts[part].replace(old, new)})
    edits = [edit("A1", 2, number_format="yyyy"), edit("B2", 2, number_format="yyyy")]
    with pytest.raises(Refusal) as caught:
        apply_edits(Package.open(data), edits)
    assert caught.value.code == code


CHAIN = f'<calcChain xmlns="{handmade.MAIN}"><c r="A1" i="1"/><c r="B1"/></calcChain>'
FORMULAS = '<row r="1"><c r="A1"><f>1+1</f><v>2</v></c><c r="B1"><f>A1</f><v>2</v></c></row>'


def applied(data: bytes, *edits: Edit) -> Applied:
    """What applying comes to, after checking the result by the judges and by a second run."""
    package = Package.open(data)
    result = apply_edits(package, edits)
    if result.data is not None:
        assert_excel_accepts(result.data, data)
        verify_edits(package, edits)(result.data)
        assert apply_edits(Package.open(result.data), edits).data is None
    return result


def read(data: bytes | None, name: str) -> str:
    """One part by zipfile; "" when it is not there."""
    with zipfile.ZipFile(io.BytesIO(data or b"")) as archive:
        return archive.read(name).decode() if name in archive.namelist() else ""


def test_calc_chain_goes_only_when_a_formula_cell_comes_or_goes() -> None:
    """With it go its content type and its relationship; a new value beside a formula leaves all three."""
    data = handmade.book(handmade.sheet(FORMULAS), extra={"xl/calcChain.xml": CHAIN})
    kept = applied(data, edit("A1", 3, "1+1"), edit("B1", 3, "A1"))
    assert kept.changed_parts == ("xl/worksheets/sheet1.xml",)
    for gone in (applied(data, edit("A1", 3)), applied(data, edit("C1", 3, "1+2"))):
        assert read(gone.data, "xl/calcChain.xml") == ""
        assert "calcChain" not in read(gone.data, "[Content_Types].xml") + read(gone.data, "xl/_rels/workbook.xml.rels")
        assert "styles.xml" in read(gone.data, "xl/_rels/workbook.xml.rels")


@pytest.mark.parametrize("chained", [False, True])
def test_excel_recalculates_only_for_formulas_that_are_not_ours(chained: bool) -> None:
    """fullCalcOnLoad is set when a formula outside the edits may depend on a changed cell, else never."""
    extra = {"xl/calcChain.xml": CHAIN} if chained else {}
    data = handmade.book(handmade.sheet(FORMULAS), handmade.sheet(""), extra=extra)
    all_ours = applied(data, edit("A1", 3, "1+1"), edit("B1", 3, "A1"))
    assert "calcPr" not in read(all_ours.data, "xl/workbook.xml")
    for edits in ([edit("A1", 3, "1+1")], [edit("F9", 3)], [Edit("Lembar2", "A1", 1)]):
        assert '</sheets><calcPr fullCalcOnLoad="1"/>' in read(applied(data, *edits).data, "xl/workbook.xml")
    assert applied(data, edit("A1", 2, "1+1")).data is None
    no_formulas = handmade.book(handmade.sheet(""), handmade.sheet('<row r="1"><c r="A1"><v>1</v></c></row>'))
    assert "calcPr" not in read(applied(no_formulas, edit("A1", 3, "1+1")).data, "xl/workbook.xml")


def test_a_caller_that_knows_spares_the_search_for_formulas() -> None:
    """What the reader's scan saw of the sheets that are not edited is believed."""
    data = handmade.book(handmade.sheet(""), handmade.sheet(FORMULAS))
    for known, there in (({"Lembar2": False}, False), ({"Lembar2": True}, True), ({}, True)):
        result = apply_edits(Package.open(data), [edit("A1", 1)], known_formulas=known)
        assert ("fullCalcOnLoad" in read(result.data, "xl/workbook.xml")) is there


def test_the_settings_of_calculation_stay() -> None:
    """An existing calcPr keeps its attributes and its place."""
    names = '<definedNames><definedName name="A_">Lembar1!$A$1</definedName></definedNames>'
    for tail, expected in (
        (names + '<calcPr calcId="191029" iterate="1"/>', '<calcPr calcId="191029" iterate="1" fullCalcOnLoad="1"/>'),
        (names + '<calcPr fullCalcOnLoad="0" />', '<calcPr fullCalcOnLoad="1"/>'),
        (names, '</definedNames><calcPr fullCalcOnLoad="1"/></workbook>'),
    ):
        result = applied(handmade.book(handmade.sheet(FORMULAS), workbook=tail), edit("F9", 1))
        assert expected in read(result.data, "xl/workbook.xml")


def test_edits_of_many_sheets_land_where_they_belong() -> None:
    """Sheets are found by name whatever the case, shared strings are looked up, what changed is reported."""
    strings = f'<sst xmlns="{handmade.MAIN}"><si><t>satu</t></si><si><r><t>du</t></r><r><t>a</t></r></si></sst>'
    body = '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
    data = handmade.book(handmade.sheet(body), handmade.sheet(""), extra={"xl/sharedStrings.xml": strings})
    result = applied(data, Edit("lembar2", "B2", "x"), edit("A1", "satu"), edit("B1", "dua"), edit("C1", "tiga"))
    assert result.changed_cells == (("Lembar1", "C1"), ("Lembar2", "B2"))
    assert result.repaired == ()
    with pytest.raises(Refusal) as caught:
        applied(data, Edit("Anggaran", "A1", 1))
    assert caught.value.code == "lembar-tidak-ada"
    broken = handmade.book(handmade.sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'))
    with pytest.raises(Refusal) as caught:
        applied(broken, edit("A1", "x"))
    assert caught.value.code == "berkas-rusak"


def test_a_number_format_reaches_the_styles_part() -> None:
    """A tidied date gets its cell's own look with a date format; the second run finds it there."""
    data = handmade.book(handmade.sheet('<row r="1"><c r="A1" s="2" t="inlineStr"><is><t>1/2/25</t></is></c></row>'))
    result = applied(data, edit("A1", 45_689, number_format="dd/mm/yyyy"), edit("A2", 1, number_format="0.00"))
    assert result.changed_parts == ("xl/styles.xml", "xl/worksheets/sheet1.xml")
    assert '<c r="A1" s="3"><v>45689</v></c>' in read(result.data, "xl/worksheets/sheet1.xml")


TAMPERED = {
    "another value": ("xl/worksheets/sheet1.xml", b"<v>7</v>", b"<v>8</v>"),
    "another formula": ("xl/worksheets/sheet1.xml", b"<f>1+6</f>", b"<f>1+5</f>"),
    "no formula": ("xl/worksheets/sheet1.xml", b"<f>1+6</f>", b""),
    "another text": ("xl/worksheets/sheet1.xml", b"dua", b"tiga"),
    "a cell moved": ("xl/worksheets/sheet1.xml", b'r="A1"', b'r="C1"'),
    "broken XML": ("xl/worksheets/sheet1.xml", b"</worksheet>", b""),
    "another part": ("xl/worksheets/sheet2.xml", b"</worksheet>", b"</worksheet> "),
    "broken workbook": ("xl/workbook.xml", b"</workbook>", b""),
    "another sheet name": ("xl/workbook.xml", b'name="Lembar2"', b'name="Lembar3"'),
    "a part gone": ("xl/styles.xml", b"", None),
    "a part more": ("xl/baru.xml", b"", b"<x/>"),
}


@pytest.mark.broken_on_purpose
@pytest.mark.parametrize("name", TAMPERED)
def test_the_last_check_sees_what_went_wrong(name: str) -> None:
    """Each way in which written bytes could differ from the plan keeps them from replacing the original."""
    before = Package.open(handmade.book(handmade.sheet(""), handmade.sheet("")))
    edits = [edit("A1", 7, "1+6"), edit("B1", "dua"), edit("A2", None)]
    good = apply_edits(before, edits).data
    assert good is not None
    verify_edits(before, edits)(good)
    part, old, new = TAMPERED[name]
    package = Package.open(good)
    content = package.read(part) if package.has(part) else b""
    bad = package.with_parts({part: None if new is None else content.replace(old, new) if old else new})
    assert bad != good
    with pytest.raises(Refusal) as caught:
        verify_edits(before, edits)(bad)
    assert caught.value.code in ("gagal-diperiksa", "berkas-rusak")


@pytest.mark.office
def test_a_workbook_saved_again_by_libreoffice_needs_no_writing(tmp_path: Path) -> None:
    """Another program spells every cell anew (shared strings, 15 digits, other tags): we still see our values."""
    office.require_office()
    book = openpyxl.Workbook()
    book.active.title = "NSPK"
    data = book.create_sheet("Data")
    for row in [("Kode", "Nilai Ya"), *(("E01", number) for number in range(5))]:
        data.append(row)
    data.add_table(Table(displayName="tblX", ref="A1:B6"))
    book.defined_names["Tahun"] = DefinedName("Tahun", attr_text="Data!$B$3")
    path = tmp_path / "buku.xlsx"
    book.save(path)
    edits = [
        Edit("NSPK", "B2", Decimal("71.23")),
        Edit("NSPK", "B3", "  a & b <c> _x0041_ \n baris 2\tq"),
        Edit("NSPK", "B4", Decimal(10), 'SUMIFS(tblX[Nilai Ya],tblX[Kode],"E01",tblX[Nilai Ya],">=0")'),
        Edit("NSPK", "B5", Decimal(10), "SUM(IFERROR((tblX[Nilai Ya]>=0)*tblX[Nilai Ya],0))", array=True),
        Edit("NSPK", "B6", None, 'IF(Tahun=99,1,"")'),
        Edit("NSPK", "B7", 'ya & "t"', 'IF(1<2,"ya & ""t""","n")'),
        Edit("NSPK", "B8", "=1+1"),
        Edit("NSPK", "C5", Decimal(1) / 3, "1/3"),
        Edit("NSPK", "D5", "Data B3", 'HYPERLINK("#\'Data\'!B3","Data B3")'),
        Edit("NSPK", "E5", Decimal(4), "'Data'!B6"),
        Edit("NSPK", "F5", Decimal(45_000), number_format="dd/mm/yyyy"),
        Edit("NSPK", "H2", "\x01\x0b\r é 😀"),
    ]
    filled = apply_edits(Package.open(path.read_bytes()), edits)
    assert len(filled.changed_cells) == len(edits)
    path.write_bytes(filled.data or b"")
    saved = office._convert([path], "xlsx", tmp_path / "lagi", "en-US")[path].read_bytes()
    assert saved != filled.data
    assert apply_edits(Package.open(saved), edits).changed_cells == ()
