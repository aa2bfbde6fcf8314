"""A sheet of another workbook added to one: to those that Excel made, and nothing else moves."""

from __future__ import annotations

import io
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from graft_donor import SHEET, VALUES, donor
from judges import office
from judges.excel import assert_excel_accepts
from openpyxl import load_workbook
from test_corpus_write import CORPUS, raw_members, workbooks

from iku_excel.findings import Refusal
from iku_excel.xlsx.graft import add_sheet
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.stylegraft import StyleGraft

VERSI1 = Path(__file__).parent / "versi1"
JUDGED_UP_TO = 300_000  # bytes; as in test_corpus_write
REFUSED = {"format-strict": 3}


@cache
def donated() -> Package:
    """The donor, opened once."""
    return Package.open(donor())


def grafted(data: bytes, after: str | None = None) -> tuple[bytes, dict[str, bytes | None]]:
    """The workbook with the donor's sheet behind ``after``, and the parts that changed."""
    package = Package.open(data)
    parts = add_sheet(package, donated(), SHEET, after=after)
    return package.with_parts(parts), parts


def graft_all(files: list[Path], *, deep: bool = False) -> Counter[str]:
    """Add the sheet in the middle of every file, judge each result, and count."""
    counts: Counter[str] = Counter()
    for path in files:
        data = path.read_bytes()
        try:
            names = [sheet.name for sheet in Package.open(data).sheets]
            after = names[(len(names) - 1) // 2]
            new, parts = grafted(data, after)
        except Refusal as refusal:
            assert refusal.code in REFUSED, (path.name, refusal.code)
            counts[refusal.code] += 1
            continue
        old, fresh = raw_members(data), raw_members(new)
        changed = [name for name in old if name not in parts and fresh.get(name) != old[name]]
        assert not changed, (path.name, changed)
        listed = [sheet.name for sheet in Package.open(new).sheets]
        assert listed == [*names[: names.index(after) + 1], SHEET, *names[names.index(after) + 1 :]]
        if len(data) < JUDGED_UP_TO:
            assert_excel_accepts(new, data, deep=deep)
            counts["judged"] += 1
        counts["kept"] += 1
    return counts


@pytest.fixture(scope="module")
def corpus() -> list[Path]:
    """The corpus, or a visible skip where the checkout has none."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of Excel-made workbooks (../shared/corpus) is not there")
    return workbooks()


@pytest.mark.judges_itself
def test_a_sheet_with_chart_rule_and_styles_is_added_to_workbooks_of_excel(corpus: list[Path]) -> None:
    """Every eighth of the corpus: the judges accept it, and each untouched part is the same to the byte."""
    counts = graft_all(corpus[::8])
    assert counts["kept"] > 100
    assert counts["judged"] > 100


@pytest.mark.trust
@pytest.mark.judges_itself
def test_the_sheet_is_added_to_every_workbook_of_excel(corpus: list[Path]) -> None:
    """The same over the whole corpus, with every refusal accounted for, and openxml-audit for every tenth file."""
    counts = graft_all(corpus)
    assert counts["kept"] == len(corpus) - sum(REFUSED.values())
    assert {code: counts[code] for code in REFUSED} == REFUSED
    graft_all(corpus[::10], deep=True)


@pytest.mark.office
def test_libreoffice_shows_the_sheet(corpus: list[Path], tmp_path: Path) -> None:
    """LibreOffice opens a sample of the results, computes the sheet's sum, and finds the original sheets too."""
    office.require_office()
    made = []
    for path in corpus[::60]:
        copy = tmp_path / path.name
        try:
            copy.write_bytes(grafted(path.read_bytes())[0])
        except Refusal:
            continue
        made.append(copy)
    opened = office.recalculate(made, seeded=False)
    assert len(opened) == len(made) > 15
    for path in made:
        assert opened[path].value(SHEET, "B9") == pytest.approx(sum(VALUES)), path.name
        assert opened[path].value(SHEET, "A2") == "=1+1 hanya teks"


def test_the_added_sheet_looks_as_in_the_donor() -> None:
    """Fonts, fills, formats, widths, frozen panes, the rule's colour, chart, link and print names come along."""
    new, _ = grafted((VERSI1 / "iku.xlsx").read_bytes(), "Ringkasan")
    sheet = load_workbook(io.BytesIO(new))[SHEET]
    title, value = sheet["A1"], sheet["B3"]
    assert (title.font.name, title.font.b, title.font.sz, title.font.color.rgb) == ("Arial", True, 14, "FF1F4E79")
    assert (value.number_format, value.fill.fgColor.rgb) == ('0.000" poin"', "FFDEEAF6")
    assert value.border.left.style == "thin"
    assert sheet["A3"].font.name == "Calibri"  # the donor's standard font, not the workbook's Arial
    assert (sheet.column_dimensions["A"].width, sheet.freeze_panes) == (30, "A3")
    (rules,) = sheet.conditional_formatting
    assert rules.rules[0].dxf.font.color.rgb == "FF8A3B00"
    assert len(sheet._charts) == 1
    assert sheet["A10"].hyperlink.target == "https://example.org/"
    assert (sheet.print_area, sheet.print_title_rows) == (f"'{SHEET}'!$A$1:$B$10", "$1:$1")


def test_names_and_tabs_behind_the_new_sheet_move_on_by_one() -> None:
    """Print areas stay with their sheets, and the tab that was open is still the one."""
    data = (VERSI1 / "CONTOH-1-bersih.xlsx").read_bytes()
    package = Package.open(data)
    part = package.workbook_part
    opened = package.with_parts({part: package.read(part).replace(b'activeTab="0"', b'activeTab="13"')})
    new, _ = grafted(opened, "Target")
    xml = Package.open(new).read(part).decode()
    assert 'activeTab="14"' in xml
    before, after = load_workbook(io.BytesIO(data)), load_workbook(io.BytesIO(new))
    for sheet in before:
        assert (after[sheet.title].print_area, after[sheet.title].print_title_rows) == (
            sheet.print_area,
            sheet.print_title_rows,
        )
    assert after.sheetnames.index(SHEET) == before.sheetnames.index("Target") + 1


def test_a_macro_project_stays_to_the_byte_and_the_sheet_has_no_code_name() -> None:
    """Excel makes the module of a sheet without a code name itself; ours is not touched."""
    data = (VERSI1 / "iku.xlsm").read_bytes()
    new, parts = grafted(data, "Ringkasan")
    assert raw_members(new)["xl/vbaProject.bin"] == raw_members(data)["xl/vbaProject.bin"]
    (sheet,) = (content for name, content in parts.items() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
    assert sheet is not None
    assert b"codeName" not in sheet
    assert b"tabSelected" not in sheet


def test_looks_that_are_there_are_used_again() -> None:
    """A second graft of the same looks adds no style, font, fill, border or rule format."""
    new, _ = grafted((VERSI1 / "iku.xlsx").read_bytes())
    package = Package.open(new)
    graft = StyleGraft.between(package, donated())
    styles = {graft.style(number) for number in range(3)}
    assert len(styles) == 3
    graft.dxf(0)
    part = package.styles_part
    assert part is not None
    assert graft.xml == package.read(part)


def test_a_name_that_is_taken_is_refused_and_a_missing_neighbour_too() -> None:
    """Three lines for the user: letter case doesn't make another name."""
    data = (VERSI1 / "iku.xlsx").read_bytes()
    new, _ = grafted(data)
    with pytest.raises(Refusal, match="sudah ada") as taken:
        grafted(new)
    assert taken.value.code == "lembar-sudah-ada"
    with pytest.raises(Refusal) as missing:
        grafted(data, "Tidak Ada")
    assert missing.value.code == "lembar-tidak-ada"


def test_a_donor_with_a_table_is_an_error_of_ours() -> None:
    """The workbook knows tables by number and name: a donor has none, and ``add_sheet`` says so."""
    book = Package.open((VERSI1 / "iku.xlsx").read_bytes())
    with pytest.raises(ValueError, match="table"):
        add_sheet(donated(), book, "Target")
