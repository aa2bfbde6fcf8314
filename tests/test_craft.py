"""The points of spreadsheet craft that no other test holds; docs/kerajinan.md lists all of them."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree
from openpyxl.utils import coordinate_to_tuple, range_boundaries

from iku_excel.create import new_book
from iku_excel.examples import example_content
from iku_excel.form.layout import OUTPUT_SHEETS, PEMERIKSAAN, PETUNJUK, RINGKASAN
from iku_excel.form.outputs import FIRST_FINDING, output_sheets
from iku_excel.form.sheetmap import Places
from iku_excel.form.template.guide import LEGEND, STEPS
from iku_excel.form.template.styles import FONT, MUTED, PALE_ORANGE
from iku_excel.rules.loader import rules_for
from tests.support_template import INPUTS, blank, load, tables
from tests.test_template_looks import luminance

PAGE = Path(__file__).parents[1] / "docs" / "kerajinan.md"
TESTS = Path(__file__).parent
POINTS = (
    "instructions sheet first, with steps, colour legend and links",
    "inputs, workings and outputs apart and recognisable",
    "one purpose a column, flow top to bottom",
    "short formulas",
    "no constants in formulas",
    "checks built in",
    "formulas locked without a password, inputs unlocked, filter and column width allowed",
    "real tables, one header row",
    "no merged cells",
    "no hidden sheets",
    "status as word + symbol + colour, colour-blind-safe (blue/orange)",
    "contrast ≥ 4.5:1",
    "sans ≥ 10 pt",
    "drop-down lists and limits with an Indonesian prompt and error text",
    "frozen panes",
    "print titles, fit to width, page n of m",
    "signature block kept on one page",
    "A4 and F4",
    "alt text on charts",
    "hyperlinks from each finding to its cell and back",
)
LAW = {"14", "20", "25", "30", "40", "51", "60", "66", "76", "80", "91"}
"""Weights, bounds and limits of the rules as they stand; the others (0, 5, 100) have other meanings too."""

LONG = {"keluhan.tepat-waktu", *(f"tw{q}.diklat.{kind}" for q in (1, 2, 3, 4) for kind in ("semua", "jp"))}
"""Printed formulas over 530 characters: each judges a register row by row in one cell."""


@cache
def book() -> Any:
    """The blank template."""
    return load(blank())


@cache
def filled(name: str = "kesalahan-umum") -> Any:
    """An example, filled, with its stored values."""
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(_bytes(name)))


@cache
def _bytes(name: str) -> bytes:
    return new_book(*example_content(name), datetime.datetime(2026, 1, 15, 9))


def ink(cell: Any) -> str:
    """The colour of a cell's text; without one it is black."""
    return str(cell.font.color.rgb)[2:] if cell.font.color is not None else "000000"


def printed_formulas() -> dict[str, str]:
    """Figure → formula of every computed cell in the columns of a print area."""
    found = {}
    for page in output_sheets(rules_for(2025), Places("Target!$A$4:$S$4", "Target!$A$5:$S$7", 2026)):
        first, _, last, _ = range_boundaries(page.print_area)
        for cell in page.cells:
            if cell.formula is not None and first <= coordinate_to_tuple(cell.cell)[1] <= last:
                found[cell.key] = cell.formula
    return found


def test_every_point_has_its_row_and_every_test_named_exists() -> None:
    """The table has each point once, and each "file::test" in it is a test."""
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", PAGE.read_text(encoding="utf-8"), re.M)[1:]
    assert tuple(point for point, _, _ in rows) == POINTS
    for _, _, held in rows:
        for name in held.split(", "):
            file, _, test = name.partition("::")
            text = (TESTS / file).read_text(encoding="utf-8")
            assert f"\ndef {test}" in text if test else "\ndef test_" in text, name


def test_the_guide_has_steps_legend_and_links() -> None:
    """Numbered steps, the legend's words in the very fills they explain."""
    sheet = book()[PETUNJUK]
    assert [sheet[f"A{row}"].value for row in range(5, 5 + len(STEPS))] == list(range(1, len(STEPS) + 1))
    found = {c.value: c for row in sheet.iter_rows(max_col=2) for c in row if c.value}
    for word, style, _ in LEGEND:
        fill = found[word].fill.fgColor.rgb if found[word].fill.fill_type else None
        assert fill == (f"FF{style.fill}" if style.fill else None), word


def test_inputs_and_outputs_are_told_apart() -> None:
    """One tab colour for inputs, another for outputs; only inputs have the fill of what is typed."""
    tabs = {kind: {book()[n].sheet_properties.tabColor.rgb for n in names} for kind, names in
            (("in", INPUTS), ("out", OUTPUT_SHEETS))}  # fmt: skip
    assert len(tabs["in"]) == len(tabs["out"]) == 1 and tabs["in"] != tabs["out"]
    for sheet, table in tables(book()).values():
        if table.name != "tblDasarHukum":
            assert {c.fill.fgColor.rgb for row in sheet[table.ref][1:] for c in row} == {f"FF{PALE_ORANGE}"}, table.name
    for name in OUTPUT_SHEETS:
        assert not [c for row in book()[name].iter_rows() for c in row if c.fill.fgColor.rgb == f"FF{PALE_ORANGE}"]


def test_workings_stand_beside_the_page_in_grey() -> None:
    """Right of Ringkasan's page there are only grey cells, headings of blocks and the text that is not printed."""
    sheet = book()[RINGKASAN]
    _, _, last, _ = range_boundaries(sheet.print_area.split("!")[-1].replace("$", ""))
    begin = next(c.column for row in sheet.iter_rows(min_col=last + 1) for c in row if ink(c) == MUTED)
    cells = [c for row in sheet.iter_rows(min_col=begin) for c in row if c.value is not None]
    assert len(cells) > 400
    assert {ink(c) for c in cells if not c.font.b} == {MUTED}


def test_a_column_has_one_purpose() -> None:
    """All data cells of a table's column share one number format."""
    for sheet, table in tables(book()).values():
        for column in zip(*sheet[table.ref][1:], strict=True):
            assert len({c.number_format for c in column}) == 1, (table.name, column[0].coordinate)


def test_inputs_hold_no_formula_of_ours() -> None:
    """Nothing on an input sheet is computed: figures flow from inputs to outputs."""
    for name in INPUTS:
        assert not [c.coordinate for row in book()[name].iter_rows() for c in row if c.data_type == "f"], name


def test_printed_formulas_are_short() -> None:
    """Half are at most 80 characters, three quarters at most 130, and the longest are those listed."""
    formulas = printed_formulas()
    lengths = sorted(map(len, formulas.values()))
    assert len(lengths) > 400
    assert lengths[len(lengths) // 2] <= 80 and lengths[len(lengths) * 3 // 4] <= 130
    assert {key for key, formula in formulas.items() if len(formula) > 530} == LONG


def test_no_number_of_the_law_stands_in_a_formula() -> None:
    """Weights, bounds and limits come from cells: none is written in a printed formula."""
    for key, formula in printed_formulas().items():
        bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\$?[A-Z]{1,3}\$?[0-9]+|[A-Za-z_]\w*', " ", formula)
        assert not LAW & set(re.findall(r"[0-9.]+", bare)), key


def test_cells_to_fill_in_are_unlocked() -> None:
    """Every data cell of every table can be typed into, should someone protect its sheet."""
    for sheet, table in tables(book()).values():
        assert not [c.coordinate for row in sheet[table.ref][1:] for c in row if c.protection.locked], table.name


def test_tables_have_one_header_row() -> None:
    """Exactly one header row, no totals row."""
    found = tables(book())
    assert len(found) > 13
    assert {(t.headerRowCount, t.totalsRowCount or 0) for _, t in found.values()} == {(1, 0)}


def test_nothing_is_hidden() -> None:
    """No sheet, row or column is hidden, in the blank template and in a filled example."""
    for one in (book(), filled()):
        for sheet in one.worksheets:
            assert sheet.sheet_state == "visible"
            assert not [d for d in (*sheet.row_dimensions.values(), *sheet.column_dimensions.values()) if d.hidden]


def test_status_is_a_word_and_colours_are_blue_and_orange() -> None:
    """Conditional formats ask for a word or a rank, and colour in blue, orange or black, never in red or green."""
    seen = 0
    for sheet in book().worksheets:
        for area in sheet.conditional_formatting:
            for rule in (rule for rule in area.rules if rule.dxf.font):
                seen += 1
                assert rule.type == "expression" and rule.dxf.font.b
                red, green, blue = (int(rule.dxf.font.color.rgb[i : i + 2], 16) for i in (2, 4, 6))
                assert blue > green > red or red > green >= blue or red == green == blue, rule.dxf.font.color.rgb
    assert seen >= 8
    with zipfile.ZipFile(io.BytesIO(blank())) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert all(symbol in styles for symbol in "▲◆▼")


def _pairs(one: Any) -> set[tuple[str, str]]:
    """Ink and fill of every cell with content and of every conditional format."""
    found = set()
    for sheet in one.worksheets:  # a rule without a font draws borders only
        for row in sheet.iter_rows():
            for c in row:
                if c.value not in (None, ""):
                    fill = c.fill.fgColor.rgb[2:] if c.fill.fill_type == "solid" else "FFFFFF"
                    found.add((ink(c), fill))
        for area in sheet.conditional_formatting:
            for rule in (rule for rule in area.rules if rule.dxf.font):
                fill = rule.dxf.fill.bgColor.rgb[2:] if rule.dxf.fill else PALE_ORANGE
                found.add((rule.dxf.font.color.rgb[2:], fill))
    return found


def test_every_cell_stands_out_from_its_fill() -> None:
    """Contrast of at least 4.5:1 for every pair of colours that a filled workbook shows."""
    pairs = _pairs(filled())
    assert len(pairs) >= 6
    for ink, fill in pairs:
        light, dark = sorted((luminance(ink), luminance(fill)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, fill)


def test_headers_stay_in_view() -> None:
    """On every sheet with a table the row of headings is above the frozen line."""
    for sheet in book().worksheets:
        if sheet.title in INPUTS[1:] + [n for n in OUTPUT_SHEETS if n != "Formulir IKU"]:
            row, _ = coordinate_to_tuple(sheet.freeze_panes)
            heads = [c for c in sheet[row - 1] if c.font.b and c.font.name == FONT and c.value]
            assert len(heads) >= 3, sheet.title


def test_every_chart_says_in_words_what_it_shows() -> None:
    """Every chart in the workbook has a name and an Indonesian sentence as its text."""
    texts = []
    with zipfile.ZipFile(io.BytesIO(blank())) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
                root = etree.fromstring(archive.read(name))
                texts += [e.get("descr", "") for e in root.iter("{*}cNvPr") if e.get("name", "").startswith("IKU ")]
    assert len(texts) == 6 and len(set(texts)) == 6
    for text in texts:
        assert len(text) > 40 and text.endswith("."), text


def test_findings_lead_to_their_cells_and_back() -> None:
    """Each finding links to a cell that exists, and every input sheet links back to Pemeriksaan and Petunjuk."""
    sheet = filled()[PEMERIKSAAN]
    links = 0
    for row in range(FIRST_FINDING, sheet.max_row + 1):
        formula = sheet[f"H{row}"].value
        if formula is None:
            continue
        found = re.fullmatch(r'=HYPERLINK\("#\'(.+)\'!([A-Z]+[0-9]+)","(.+)"\)', formula)
        assert found, formula
        links += 1
        assert found[1] == sheet[f"D{row}"].value and found[2] == (sheet[f"E{row}"].value or "A1")
        assert filled()[found[1]][found[2]] is not None
    assert links > 100
    for name in INPUTS:
        ways = {c.hyperlink.location for row in book()[name].iter_rows(max_row=3) for c in row if c.hyperlink}
        assert ways == {f"{PETUNJUK}!A1", f"{PEMERIKSAAN}!A1"}, name
