"""Workbooks of older templates brought to today's: the new layout is there, and nothing of the staff's is lost.

Most is shown with the first template, the farthest from today's.
"""

from __future__ import annotations

import datetime
import io
import re
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from iku_excel.cli import main
from iku_excel.edits import Edit
from iku_excel.examples import example_content
from iku_excel.fill import fill, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form import layout
from iku_excel.form.charts import OUR_CHARTS
from iku_excel.form.outputs import output_sheets
from iku_excel.form.template import build
from iku_excel.rules.loader import rules_for
from iku_excel.upgrade import Upgraded, upgrade, upgrade_file
from iku_excel.upgrade.check import check_upgraded
from iku_excel.upgrade.newer import add_settings
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.draft import Draft
from iku_excel.xlsx.drawings import add_drawings
from iku_excel.xlsx.graft import keep_styles
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.stylegraft import StyleGraft
from tests.grafts import GRAFTS, grafted
from tests.grafts.drawings import comments
from tests.grafts.parts import Parts
from tests.judges import office
from tests.judges.excel import assert_excel_accepts
from tests.test_corpus_write import raw_members

OLDER = Path(__file__).parent
"""Where the folders of older templates' workbooks lie, "versi1" and so on."""
MOMENT = datetime.datetime(2026, 2, 2, 14, 30)
RINGKASAN = "Ringkasan"
OUTPUTS = ("NSPK", "Kesekretariatan", RINGKASAN, "Pemeriksaan", "Riwayat")
"""The output sheets of the first template."""
pytestmark = pytest.mark.judges_itself
OF_TODAY = {"looks of the staff"}
"""Grafts that look for the widths of today's layout."""

IN_THE_WAY = ("D38", "E40", "M24")
"""Cells that the first layout left free and today's writes."""


@cache
def first(name: str = "CONTOH-1-bersih.xlsx", version: int = 1) -> bytes:
    """A workbook of the first template, or another one, as it was shipped."""
    return (OLDER / f"versi{version}" / name).read_bytes()


def filled(upgraded: Upgraded) -> bytes:
    """The upgraded workbook with its figures."""
    data = fill(upgraded.data, MOMENT).data
    assert data is not None
    assert_excel_accepts(data, deep=False)
    return data


def typed(data: bytes, cells: dict[str, str], sheet: str = RINGKASAN) -> bytes:
    """The workbook after somebody filled these cells: the inside of each, with its attributes before a "|"."""
    parts = Parts(data)
    part = parts.sheet(sheet)
    for ref, content in cells.items():
        row = re.sub("[A-Z]", "", ref)
        if f'<row r="{row}"' not in parts.text(part):
            rows = [int(n) for n in re.findall(r'<row r="(\d+)"', parts.text(part))]
            after = next((n for n in rows if n > int(row)), None)
            before = f'<row r="{after}"' if after else "</sheetData>"
            parts.change(part, before, f'<row r="{row}"></row>{before}')
        attributes, _, inside = content.rpartition("|")
        parts.cell(part, ref, f'<c r="{ref}"{attributes}>{inside}</c>')
    return parts.packed()


def written(ref: str) -> str:
    """How an inline text is spelled for ``typed``."""
    return f' t="inlineStr"|<is><t>{ref}</t></is>'


# --- the new layout


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize(
    ("file", "name"), [("CONTOH-1-bersih.xlsx", "bersih"), ("CONTOH-2-kesalahan-umum.xlsx", "kesalahan-umum")]
)
def test_an_upgraded_workbook_is_as_one_built_today(file: str, name: str, version: int) -> None:
    """Every cell of every output sheet, its look, the widths, page, names and rules: as in a new workbook of the same
    content. Only Riwayat and the findings' own rows may differ (the time, nothing else)."""
    old = load_workbook(io.BytesIO(filled(upgrade(first(file, version)))))
    built = fill(build(*example_content(name)), MOMENT).data
    assert built is not None
    new = load_workbook(io.BytesIO(built))
    assert old.sheetnames == new.sheetnames
    assert {k: v.attr_text for k, v in old.defined_names.items()} == {
        k: v.attr_text for k, v in new.defined_names.items()
    }
    for sheet in ({*layout.OUTPUT_SHEETS} | {*new.sheetnames[11:]}) - {layout.RIWAYAT}:
        one, two = old[sheet], new[sheet]
        for row in two.iter_rows():
            for cell in row:
                mine = one[cell.coordinate]
                assert _plain(mine.value) == _plain(cell.value), f"{sheet}!{cell.coordinate}"
                if sheet in (RINGKASAN, layout.FORMULIR):
                    for look in ("font", "fill", "border", "alignment", "number_format", "protection"):
                        assert repr(getattr(mine, look)) == repr(getattr(cell, look)), (cell.coordinate, look)
        assert (one.print_area, one.print_title_rows, one.freeze_panes) == (
            two.print_area,
            two.print_title_rows,
            two.freeze_panes,
        )
        assert (one.page_setup.orientation, one.page_setup.fitToHeight) == (
            two.page_setup.orientation,
            two.page_setup.fitToHeight,
        )
        assert len(one._charts) == len(two._charts)
        assert [r.formula for c in one.conditional_formatting for r in c.rules] == [
            r.formula for c in two.conditional_formatting for r in c.rules
        ]
        widths = [
            {n: d.width for d in book[sheet].column_dimensions.values() for n in range(d.min, d.max + 1)}
            for book in (old, new)
        ]
        assert widths[0] == widths[1]
        if sheet in (RINGKASAN, layout.FORMULIR):
            heights = [{n: row.height for n, row in book[sheet].row_dimensions.items()} for book in (old, new)]
            assert heights[0] == heights[1]


def _plain(value: object) -> object:
    text = getattr(value, "text", value)
    return "" if text is None else text


@pytest.mark.office
def test_libreoffice_computes_the_same_figures(tmp_path: Path) -> None:
    """Every formula of the upgraded output sheets, computed anew by LibreOffice, gives the value that stands there."""
    office.require_office()
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(filled(upgrade(first())))
    computed = office.recalculate([path])[path]
    known = load_workbook(path, data_only=True)
    seen = 0
    for sheet in (RINGKASAN, "NSPK", "Kesekretariatan"):
        for row in known[sheet].iter_rows():
            for cell in row:
                if type(cell.value) in (int, float) and not cell.is_date:
                    assert computed.value(sheet, cell.coordinate) == pytest.approx(cell.value), cell.coordinate
                    seen += 1
    assert seen > 300
    assert office.render(path, RINGKASAN, into=tmp_path / "png")


def test_a_workbook_of_today_is_left_alone() -> None:
    """It says so, and the bytes are the ones given."""
    data = fill(build(*example_content("bersih")), MOMENT).data
    assert data is not None
    result = upgrade(data)
    assert (result.data, result.changed) == (data, False)
    assert "Sudah memakai templat terbaru" in result.told[0]
    again = upgrade(filled(upgrade(first())))
    assert not again.changed


@pytest.mark.parametrize("file", ["CONTOH-1-bersih.xlsx", "CONTOH-2-kesalahan-umum.xlsx", "iku.xlsm"])
@pytest.mark.parametrize("version", [1, 2])
def test_an_older_workbook_that_holds_its_figures_stays_as_it_is(file: str, version: int) -> None:
    """Filling today gives the formulas and values that its own layout has: there is nothing to write."""
    assert fill(first(file, version), MOMENT).data is None


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_workbook_is_filled_in_its_own_layout(version: int) -> None:
    """A new title of the signatory comes into its one cell; no cell gets another look, and none is added."""
    package = Package.open(first(version=version))
    cell = open_workbook(first(version=version)).inputs.setting_cells["Jabatan_Pejabat"]
    before = apply_edits(package, [Edit(*cell, "CONTOH " * 30)]).data
    assert before is not None
    result = fill(before, MOMENT)
    assert result.data is not None
    own = {(page.sheet, c.cell) for page in output_sheets(rules_for(2025), _places(), version) for c in page}
    assert set(result.changed) <= own
    old, new = (load_workbook(io.BytesIO(data)) for data in (before, result.data))
    for sheet in set(layout.output_sheets_of(version)) - {layout.RIWAYAT}:  # which gains a line and a seal
        assert old[sheet].dimensions == new[sheet].dimensions
        assert old[sheet].print_area == new[sheet].print_area
        looks = [
            [repr(c.font) + repr(c.alignment) for row in book[sheet].iter_rows() for c in row] for book in (old, new)
        ]
        assert looks[0] == looks[1]


# --- what people put there


@pytest.mark.parametrize("name", [name for name in GRAFTS if name not in OF_TODAY])
def test_a_foreign_part_survives(name: str) -> None:
    """Each kind alone: every part that the graft added is the same after upgrading and filling."""
    before = grafted(first(), name)
    one, two = Parts(before), Parts(filled(upgrade(before)))
    for part in [part for part in one.content if part not in Parts(first()).content]:
        if part == "xl/calcChain.xml":
            assert part not in two.content
        else:
            assert_kept(part, one, two)
    assert one.content.keys() - two.content.keys() <= {"xl/calcChain.xml"}


def assert_kept(part: str, one: Parts, two: Parts) -> None:
    """A part is there to the byte; drawings and relationships may have grown by ours."""
    if part.startswith("xl/drawings/drawing"):
        old, new = (re.findall(r"<xdr:twoCellAnchor>.*?</xdr:twoCellAnchor>", p.text(part)) for p in (one, two))
        assert new[: len(old)] == old
    elif part.endswith(".rels"):
        assert set(re.findall("<Relationship [^>]*>", one.text(part))) <= set(
            re.findall("<Relationship [^>]*>", two.text(part))
        )
    else:
        assert two.content[part] == one.content[part], part


def test_all_foreign_parts_together_on_disk(tmp_path: Path) -> None:
    """All grafts in one file, through lock, temporary and replacement: accepted, and every foreign part is there."""
    before = grafted(first("CONTOH-2-kesalahan-umum.xlsx"), *(name for name in GRAFTS if name not in OF_TODAY))
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(before)
    told = upgrade_file(path, MOMENT).told
    after = path.read_bytes()
    assert_excel_accepts(after, before)
    one, two = Parts(before), Parts(after)
    changed = {part for part, content in one.content.items() if two.content.get(part) != content}
    sheets = {one.sheet(name) for name in ("Pengaturan", *OUTPUTS)}
    assert changed <= sheets | {
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/calcChain.xml",
        "[Content_Types].xml",
        *(
            part
            for part in one.content
            if "sheet14" in part or part == "xl/drawings/drawing14.xml" or "/_rels/drawing14" in part
        ),
    }
    ringkasan = two.text(two.sheet(RINGKASAN))
    for kept in ("<x14:sparklineGroup", "<x14:dataBar", 'zoomScale="85"', "r:id=", "<legacyDrawing", "x14ac"):
        assert kept in ringkasan, kept
    for kept in ("Lambang", "Bagan 1", "Kotak Teks"):
        assert kept in two.text("xl/drawings/drawing14.xml")
    assert any("'Lambang' di lembar Ringkasan menutupi" in line for line in told)
    assert fill(after, MOMENT).data is None


def test_input_sheets_are_the_same_to_the_byte() -> None:
    """Only the cell of the version changes on Pengaturan; the other input sheets keep their compressed bytes."""
    before = first()
    after = filled(upgrade(before))
    one, two = raw_members(before), raw_members(after)
    parts = Parts(before)
    for name in ("Petunjuk", *layout.INPUT_SHEETS[1:]):
        assert one[parts.sheet(name)] == two[parts.sheet(name)], name
    part = parts.sheet("Pengaturan")
    was, now = parts.text(part), Parts(after).text(part)
    assert was.replace('<c r="B40" s="13"><v>1</v></c>', '<c r="B40" s="13"><v>2</v></c>') == now or (
        re.sub(r'(<c r="B40"[^>]*><v>)1', rf"\g<1>{layout.TEMPLATE_VERSION}", was) == now
    )


def test_notes_beside_the_layout_stay_where_they_are() -> None:
    """A note that nothing of ours needs keeps its cell, style and text; rows below everything too."""
    before = typed(first(), {"U2": written("Catatan: dibahas"), "R60": "|<v>12.5</v>", "B170": written("jauh")})
    result = upgrade(before)
    book = load_workbook(io.BytesIO(filled(result)))[RINGKASAN]
    assert (book["U2"].value, book["R60"].value, book["B170"].value) == ("Catatan: dibahas", 12.5, "jauh")
    assert not any("dipindahkan" in line for line in result.told)


def test_what_stands_in_the_way_moves_below_the_page_and_is_told() -> None:
    """Text, number and formula arrive as they were, each with a word where it stood; formulas keep their cells."""
    before = typed(
        first(), {"D38": written("Rapat 3/3"), "E40": ' s="5"|<v>1250000</v>', "M24": "|<f>K6+K7</f><v>201.7</v>"}
    )
    result = upgrade(before)
    sheet = load_workbook(io.BytesIO(filled(result)))[RINGKASAN]
    moves = dict(re.findall(r"sel Ringkasan!(\w+) dipindahkan ke Ringkasan!(\w+)", "\n".join(result.told)))
    assert set(moves) == set(IN_THE_WAY)
    bottom = int(re.search(r"\d+$", sheet.print_area)[0])
    for old, new in moves.items():
        cell = sheet[new]
        assert cell.row > bottom
        assert sheet.cell(cell.row, cell.column - 1).value == f"Dari sel {old}:"
    assert sheet[moves["D38"]].value == "Rapat 3/3"
    assert sheet[moves["E40"]].value == 1250000
    assert sheet[moves["M24"]].value == "=K6+K7"


def test_shared_formulas_of_the_staff_part_ways() -> None:
    """Of a column that the staff filled down, one cell moves: each has its own formula then."""
    shared = {"M23": '|<f t="shared" ref="M23:M25" si="7">K6*2</f><v>1</v>'}
    shared |= dict.fromkeys(("M24", "M25"), '|<f t="shared" si="7"/><v>1</v>')
    result = upgrade(typed(first(), shared))
    sheet = load_workbook(io.BytesIO(filled(result)))[RINGKASAN]
    moves = dict(re.findall(r"Ringkasan!(\w+) dipindahkan ke Ringkasan!(\w+)", "\n".join(result.told)))
    assert "M24" in moves
    formulas = {ref: sheet[moves.get(ref, ref)].value for ref in ("M23", "M24", "M25")}
    assert formulas == {"M23": "=K6*2", "M24": "=K7*2", "M25": "=K8*2"}


def test_a_comment_goes_along_with_its_cell() -> None:
    """The text, and the yellow box that carries it, hang on the cell's new place."""
    parts = Parts(typed(first(), {"D38": written("Rapat 3/3")}))
    comments(parts, RINGKASAN, "D38", "CONTOH Staf", "Notulen ada di map")
    result = upgrade(parts.packed())
    (new,) = re.findall(r"dipindahkan ke Ringkasan!(\w+)", "\n".join(result.told))
    data = filled(result)
    assert load_workbook(io.BytesIO(data))[RINGKASAN][new].comment.text == "Notulen ada di map"
    vml = Parts(data).text("xl/drawings/vmlDrawing14.vml")
    assert f"<x:Row>{int(new[1:]) - 1}</x:Row><x:Column>{ord(new[0]) - 65}</x:Column>" in vml


def test_a_table_in_the_way_is_refused_and_the_file_stays(tmp_path: Path) -> None:
    """A table can't move cell by cell: three lines, and not a byte changes."""
    parts = Parts(typed(first(), {"D38": written("Hal"), "D39": written("x")}))
    part = parts.sheet(RINGKASAN)
    main_ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    parts.add(
        "xl/tables/table90.xml",
        f'<table xmlns="{main_ns}" id="90" name="tblStaf" displayName="tblStaf" ref="D38:D39"><tableColumns count="1">'
        '<tableColumn id="1" name="Hal"/></tableColumns></table>',
        "application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml",
    )
    rid = parts.relate(part, "table", "../tables/table90.xml")
    relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts.splice(part, "tableParts", f'<tableParts><tablePart xmlns:r="{relations}" r:id="{rid}"/></tableParts>')
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(before := parts.packed())
    with pytest.raises(Refusal, match="tblStaf") as refused:
        upgrade_file(path, MOMENT)
    assert (refused.value.code, refused.value.cell) == ("sel-tidak-dapat-pindah", "D38")
    assert path.read_bytes() == before


def test_merged_cells_stay_or_are_taken_apart_and_told() -> None:
    """A range beside the layout stays merged; one in its way is split, its text moves."""
    parts = Parts(typed(first(), {"U2": written("atas"), "D38": written("bawah")}))
    merged = '<mergeCells count="2"><mergeCell ref="U2:V3"/><mergeCell ref="D38:E38"/></mergeCells>'
    parts.splice(parts.sheet(RINGKASAN), "mergeCells", merged)
    result = upgrade(parts.packed())
    sheet = load_workbook(io.BytesIO(filled(result)))[RINGKASAN]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["U2:V3"]
    assert any("D38:E38 dipisahkan" in line for line in result.told)


def test_looks_of_the_staff_stay_on_cells_that_mean_the_same() -> None:
    """A number format on Capaian, a worded-anew heading, a width that both layouts share, F4 paper, a tab's colour."""
    parts = Parts(first())
    part = parts.sheet(RINGKASAN)
    sheet = parts.text(part)
    style = re.search(r'<c r="B6" s="(\d+)"', sheet)
    assert style is not None
    sheet = re.sub(r'(<c r="K6" s=")\d+', rf"\g<1>{style[1]}", sheet)
    sheet = sheet.replace("<t>Capaian Tahun</t>", "<t>Capaian Setahun</t>").replace('paperSize="9"', 'paperSize="14"')
    sheet = sheet.replace('<tabColor rgb="001F4E79"/>', '<tabColor rgb="00C00000"/>')
    sheet = sheet.replace('<col width="12.71" customWidth="1" min="15"', '<col width="33.5" customWidth="1" min="15"')
    parts.content[part] = sheet.encode()
    new = Parts(filled(upgrade(parts.packed())))
    after = new.text(part)
    assert f'<c r="K6" s="{style[1]}"' in after
    assert "<t>Capaian Setahun</t>" in after
    assert 'paperSize="14"' in after
    assert '<tabColor rgb="00C00000"/>' in after
    assert load_workbook(io.BytesIO(new.packed()))[RINGKASAN].column_dimensions["O"].width == 33.5


def test_a_text_of_ours_that_the_staff_reworded_is_not_lost() -> None:
    """Where its cell means something else now, their wording moves like any note."""
    parts = Parts(first())
    part = parts.sheet(RINGKASAN)
    parts.change(part, "<t>Keluhan diterima</t>", "<t>Aduan masuk</t>")
    result = upgrade(parts.packed())
    sheet = load_workbook(io.BytesIO(filled(result)))[RINGKASAN]
    assert any(cell.value == "Aduan masuk" for row in sheet.iter_rows() for cell in row)


def test_formulas_that_look_at_a_figure_that_moved_are_told() -> None:
    """The staff's own sheet is not rewritten: a line says where the figure stands now. Names follow by themselves."""
    parts = Parts(first())
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = ("Ringkasan!D17*1", "Ringkasan!K6", "Persen_Keluhan")
    rows = "".join(f'<row r="{n}"><c r="A{n}"><f>{f}</f><v>0</v></c></row>' for n, f in enumerate(cells, 1))
    parts.add_sheet("Rekap Staf", f'<worksheet xmlns="{namespace}"><sheetData>{rows}</sheetData></worksheet>')
    before = parts.packed()
    result = upgrade(before)
    pages = {page.sheet: page for page in output_sheets(rules_for(2025), _places())}
    target = next(cell.cell for cell in pages[RINGKASAN] if cell.key == "keluhan.persen")
    told = [line for line in result.told if "rumus" in line]
    assert told == [
        f"Periksa rumus Rekap Staf!A1: menunjuk Ringkasan!D17, yang kini berisi hal lain; angka itu kini di "
        f"Ringkasan!{target}."
    ]
    after = Package.open(result.data)
    letters, row = target.rstrip("0123456789"), target.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert after.defined_names["Persen_Keluhan"] == f"Ringkasan!${letters}${row}"
    assert raw_members(before)[parts.sheet("Rekap Staf")] == raw_members(result.data)[parts.sheet("Rekap Staf")]


def _places():
    from iku_excel.form.sheetmap import Places

    return Places("Target!$A$4:$S$4", "Target!$A$5:$S$7", 2026)


def test_the_button_and_its_macros_stay_to_the_byte(tmp_path: Path) -> None:
    """Of an .xlsm the project, the drawings of the buttons and the code names stay."""
    before = first("iku.xlsm")
    path = tmp_path / "Buku.xlsm"
    path.write_bytes(before)
    upgrade_file(path, MOMENT)
    one, two = raw_members(before), raw_members(path.read_bytes())
    for part in ("xl/vbaProject.bin", "xl/drawings/vmlDrawing1.vml", "xl/drawings/vmlDrawing2.vml"):
        assert one[part] == two[part], part
    parts = Parts(path.read_bytes())
    sheet = parts.text(parts.sheet(RINGKASAN))
    assert 'codeName="Sheet14"' in sheet
    assert 'r:id="rIkuTombol"' in sheet
    assert_excel_accepts(path, deep=False)


def test_a_setting_that_is_newer_gets_its_row() -> None:
    """Under the settings: label, default, note, look, drop-down list and name as in a new workbook."""
    package = Package.open(first())
    part = package.workbook_part
    without = re.sub(rb'<definedName name="Hanya_Selesai">.*?</definedName>', b"", package.read(part))
    package = Package.open(package.with_parts({part: without}))
    donor = Package.open(build(*example_content("bersih")))
    draft, styles = Draft(package), StyleGraft.between(package, donor)
    told = add_settings(draft, styles, donor, "Pengaturan", ["Hanya_Selesai"])
    keep_styles(draft, styles)
    data = draft.data
    assert told == ["Pengaturan baru Hanya_Selesai di Pengaturan!B41."]
    book = load_workbook(io.BytesIO(data))
    sheet = book["Pengaturan"]
    old = load_workbook(io.BytesIO(first()))["Pengaturan"]
    assert [sheet[f"{c}41"].value for c in "ABC"] == [old[f"{c}34"].value for c in "ABC"]
    assert book.defined_names["Hanya_Selesai"].attr_text == "Pengaturan!$B$41"
    assert any("B41" in rule.sqref for rule in sheet.data_validations.dataValidation)
    assert "$A$1:$C$41" in sheet.print_area
    assert_excel_accepts(data, first(), deep=False)


def test_charts_of_an_older_layout_are_replaced_and_those_of_the_staff_stay() -> None:
    """Laying the donor's charts once more leaves each of ours once, the staff's as it was, and no part behind."""
    data = filled(upgrade(grafted(first(), "chart")))
    package, donor = Package.open(data), Package.open(build(*example_content("bersih")))
    draft = Draft(package)
    here, there = (
        next(rel.target for rel in book.rels(book.sheet(RINGKASAN).part).values() if rel.kind == "drawing")
        for book in (package, donor)
    )
    add_drawings(draft, donor, there, here, OUR_CHARTS)
    after = draft.data
    assert_excel_accepts(after, deep=False)
    names = [re.findall(r'cNvPr [^>]*name="([^"]*)"', Parts(book).text(here)) for book in (data, after)]
    assert sorted(names[0]) == sorted(names[1])
    assert "Bagan 1" in names[1]
    charts = [[name for name in Parts(book).content if name.startswith("xl/charts/")] for book in (data, after)]
    assert len(charts[0]) == len(charts[1])


# --- saving, telling, and the check that can fail


def test_the_command_tells_and_dry_run_writes_nothing(tmp_path: Path) -> None:
    """Exit 0, a line for each change, the file untouched with --dry-run; a second run says that nothing is left."""
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(first())
    run = CliRunner().invoke
    dry = run(main, ["perbarui", str(path), "--dry-run"])
    assert (dry.exit_code, path.read_bytes()) == (0, first())
    assert "belum ditulis" in dry.output
    real = run(main, ["perbarui", str(path)])
    assert real.exit_code == 0
    assert f"Templat versi 1 menjadi versi {layout.TEMPLATE_VERSION}." in real.output
    again = run(main, ["perbarui", str(path)])
    assert "Sudah memakai templat terbaru" in again.output
    missing = run(main, ["perbarui", str(tmp_path / "Tidak Ada.xlsx")])
    assert missing.exit_code == 1


def test_a_lost_note_or_a_changed_part_is_caught() -> None:
    """The read-back refuses a result in which a cell of the staff's or a byte of another part is missing."""
    before = typed(first(), {"U2": written("Catatan: dibahas")})
    result = upgrade(before)
    package = Package.open(before)
    check_upgraded(package, result.data, result.touched, result.relaid)
    for part, old, new in (
        ("Ringkasan", "Catatan: dibahas", "Catatan"),
        ("Dokumen", "<sheetData>", "<sheetData >"),
    ):
        parts = Parts(result.data)
        parts.change(parts.sheet(part), old, new)
        with pytest.raises(Refusal) as caught:
            check_upgraded(package, parts.packed(), set(parts.content) - {parts.sheet("Dokumen")}, result.relaid)
        assert caught.value.code == "gagal-diperiksa"
