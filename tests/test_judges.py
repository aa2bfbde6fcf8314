"""The judges themselves: each deliberate breakage is caught, Excel's own files pass, wrong caches don't survive."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from judges import office
from judges.breakages import BOOK, BREAKAGES, SHEET, TYPES
from judges.excel import assert_excel_accepts, problems
from judges.iron import evaluate, reasons, supported
from judges.specimen import edited, members, packed, specimen

from iku_excel.cells import CellError

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"
STRANGE = {
    "calamine__empty_s_attribute.xlsx": "zipped by hand, with a .DS_Store inside",
    "closedxml__tdf111974.xlsm": "macro sheets without a relationship",
    "poi__Excel_file_with_trash_item.xlsx": "a [trash] member without a content type",
    "sheetjs__comments_stress_test.xlsx": "functions of macros that were dropped",
}
"""Files of the corpus that our checks refuse, each for a reason of its own."""


def test_specimen_is_accepted() -> None:
    """A workbook fresh from openpyxl passes both judges."""
    assert_excel_accepts(specimen())


@pytest.mark.parametrize("breakage", BREAKAGES, ids=[breakage[0] for breakage in BREAKAGES])
def test_breakage(breakage: tuple[str, str, str, str, str | None]) -> None:
    """One byte-edit of the good workbook is caught by our own checks, and named."""
    what, part, old, new, expected = breakage
    broken = edited(specimen(), part, old, new)
    if what == "no visible sheet":
        broken, expected = edited(broken, BOOK, 'state="visible"', 'state="hidden"'), "no sheet is visible"
    found = problems(broken, deep=False)
    assert any(str(expected) in problem for problem in found), found
    with pytest.raises(AssertionError, match="Excel would repair"):
        assert_excel_accepts(broken, deep=False)


@pytest.mark.parametrize(
    ("member", "expected"),
    [
        (TYPES, "[Content_Types].xml is missing"),
        (BOOK, "the workbook part is missing"),
        ("xl/drawings/drawing1.xml", "belongs to a part that is missing"),
    ],
)
def test_missing_member(member: str, expected: str) -> None:
    """A part that is gone is named."""
    parts = members(specimen())
    del parts[member]
    assert any(expected in problem for problem in problems(packed(parts), deep=False))


def test_member_twice() -> None:
    """A member that stands twice in the archive is caught."""
    import io
    import zipfile

    stream = io.BytesIO(specimen())
    with zipfile.ZipFile(stream, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr(BOOK, "<workbook/>")
    assert any("stands twice" in problem for problem in problems(stream.getvalue(), deep=False))


def test_too_many_styles(monkeypatch: pytest.MonkeyPatch) -> None:
    """More cell styles than the limit are caught (the limit is lowered to 1 here)."""
    monkeypatch.setattr("judges.sheet_checks.MAX_STYLES", 1)
    assert "2 cell styles, Excel takes 1" in problems(specimen(), deep=False)


def test_calc_chain() -> None:
    """An entry of the calculation chain that points to a cell without formula is caught, a right one passes."""
    parts = members(specimen())
    space = "http://schemas.openxmlformats.org"
    rel = (
        f'<Relationship Id="c" Type="{space}/officeDocument/2006/relationships/calcChain" Target="calcChain.xml"/></Rel'
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</Rel", rel.encode(), 1)
    override = f'<Override PartName="/xl/calcChain.xml" ContentType="{kind}"/></Types>'
    parts[TYPES] = parts[TYPES].replace(b"</Types>", override.encode())
    for cell, right in (("A10", True), ("B2", False)):
        chain = f'<calcChain xmlns="{space}/spreadsheetml/2006/main"><c r="{cell}" i="1"/></calcChain>'
        parts["xl/calcChain.xml"] = chain.encode()
        found = problems(packed(parts), deep=False)
        assert (found == []) is right, found


def test_only_new_problems_count() -> None:
    """With the original given, its own problems are forgiven and new ones are not."""
    original = edited(specimen(), SHEET, 'ref="G3:H3"', 'ref="H1:H3"')
    assert_excel_accepts(original, original, deep=False)
    worse = edited(original, SHEET, '<c r="B2"', '<c s="99" r="B2"')
    with pytest.raises(AssertionError, match="style 99"):
        assert_excel_accepts(worse, original, deep=False)


def test_audit_is_asked() -> None:
    """openxml-audit finds an undeclared attribute, which our own checks let pass."""
    broken = edited(specimen(), SHEET, "<pageMargins left", '<pageMargins warna="1" left')
    assert problems(broken, deep=False) == []
    assert any(problem.startswith("openxml-audit") for problem in problems(broken))


def test_no_zip() -> None:
    """A file that is no archive is a problem, not a crash."""
    assert problems(b"halo") == ["no workbook: File is not a zip file"]


def test_excel_made_files_pass() -> None:
    """Our checks call every file that Excel made clean, but for the strange ones named above."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of Excel-made workbooks is not beside this checkout")
    files = sorted(path for path in CORPUS.iterdir() if path.suffix in {".xlsx", ".xlsm"})
    refused = {path.name for path in files if problems(path, deep=False)}
    assert len(files) > 300
    assert refused == STRANGE.keys() & {path.name for path in files}


@pytest.fixture
def figures(tmp_path: Path) -> Path:
    """A workbook of formulas whose values are known."""
    from openpyxl import Workbook
    from openpyxl.worksheet.formula import ArrayFormula

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Satu Dua"
    for row, value in enumerate((5.5, 2, "=A1*A2", '=A1&""', "=1/0", '=""', "=A1>1", "teks"), start=1):
        sheet.cell(row, 1, value)
    sheet["A9"] = ArrayFormula("A9", "=SUM((A1:A2>1)*A1:A2)")
    book.create_sheet("Lain")["B2"] = "='Satu Dua'!A3+1"
    book.save(tmp_path / "angka.xlsx")
    return tmp_path / "angka.xlsx"


EXPECTED = {
    "A1": 5.5,
    "A3": 11.0,
    "A4": "5.5",
    "A5": CellError("#DIV/0!"),
    "A6": "",
    "A7": True,
    "A8": "teks",
    "A9": 7.5,
}


@pytest.mark.office
def test_office_recalculates(figures: Path, tmp_path: Path) -> None:
    """LibreOffice computes values of every kind, from caches that all held 424242."""
    office.require_office()
    assert office.seed_wrong_caches(figures, tmp_path / "salah.xlsx") == 7
    result = office.recalculate([figures, tmp_path / "salah.xlsx"])
    for book in result.values():
        assert {cell: book.value("Satu Dua", cell) for cell in EXPECTED} == EXPECTED
        assert book.value("Lain", "$B$2") == 12.0
        assert book.value("Lain", "Z9") is None


@pytest.mark.office
def test_office_locale(figures: Path) -> None:
    """In the Indonesian locale a number turned into text takes a comma."""
    office.require_office()
    assert office.recalculate([figures], "id-ID")[figures].value("Satu Dua", "A4") == "5,5"


@pytest.mark.office
def test_office_that_trusts_caches_is_found_out(figures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the profile's setting LibreOffice keeps 424242, and the judge refuses to judge."""
    office.require_office()
    monkeypatch.setattr(office, "_PROFILE", office._PROFILE.replace("<value>0</value>", "<value>1</value>"))
    office._profile.cache_clear()
    try:
        with pytest.raises(AssertionError, match="did not recalculate"):
            office.recalculate([figures], "en-GB")
    finally:
        office._profile.cache_clear()


@pytest.mark.office
def test_office_refuses_rubbish(tmp_path: Path) -> None:
    """A file that LibreOffice can't open is an error with its name, not an empty result."""
    office.require_office()
    (tmp_path / "rusak.xlsx").write_bytes(specimen()[:200])
    with pytest.raises((AssertionError, OSError)):
        office.recalculate([tmp_path / "rusak.xlsx"], seeded=False)


@pytest.mark.office
def test_office_renders(figures: Path, tmp_path: Path) -> None:
    """The whole workbook gives a page a sheet, one sheet gives its own page only."""
    office.require_office()
    pages = office.render(figures, into=tmp_path / "semua")
    one = office.render(figures, "Lain", into=tmp_path / "satu")
    assert [len(pages), len(one)] == [2, 1]
    assert one[0].read_bytes() == pages[1].read_bytes() != pages[0].read_bytes()


def test_missing_office(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without LibreOffice a test is skipped with a reason, but fails where CI=true."""
    monkeypatch.setattr(office.shutil, "which", lambda tool: None)
    monkeypatch.setenv("CI", "false")
    with pytest.raises(pytest.skip.Exception, match="soffice"):
        office.require_office()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="soffice"):
        office.require_office()


def test_iron_evaluates(figures: Path) -> None:
    """ironcalc gives the same known values."""
    book = evaluate(figures)
    assert {cell: book.value("Satu Dua", cell) for cell in EXPECTED} == EXPECTED
    assert book.value("Lain", "B2") == 12.0


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ('COUNTIFS(T[a],"<>Tidak")', 'COUNTIFS(T[a],"Tidak")'),
        ("SUMPRODUCT(--ISNUMBER(T[a]))", "SUMPRODUCT(--(T[a]>1))"),
        ("SUM(IFERROR(INT(T[a]),0))", "SUM(IFERROR(T[a]*1,0))"),
        ("SUMPRODUCT(COUNTIF(T[a],T[a]))", 'COUNTIF(T[a],"a")'),
        ("LOOKUP(2,1/(T[a]>1),T[b])", "LOOKUP(2,T[a],T[b])"),
        ("INDEX(T[a],0)", "INDEX(T[a],2)"),
        ("_xlfn.AGGREGATE(4,6,T[a])", "MAX(T[a])"),
        ("ROWS(T)", "ROWS(A1:A3)"),
        ("SUM(T[#All])", "SUM(T[a])"),
        ("1-SUMPRODUCT(--ISNUMBER(T[a]))", "1-SUMPRODUCT(--(T[a]>1))"),
        ("SUMPRODUCT(--ISNUMBER(T[a]))-1", "SUMPRODUCT(--(T[a]>1))-1"),
        ("SUM(", "SUM(1)"),
    ],
)
def test_iron_knows_its_limits(wrong: str, right: str) -> None:
    """What ironcalc gets wrong is told from the formula; its neighbour is let through."""
    assert not supported(wrong)
    assert reasons(right) == []


def test_iron_text_numbers() -> None:
    """COUNT of one cell is out where single cells may hold numbers as text."""
    assert supported("COUNT(B2)=1")
    assert not supported("COUNT(B2)=1", text_numbers=True)
    assert supported("COUNT(B2:B5)=4", text_numbers=True)
