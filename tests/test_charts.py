"""The charts on Ringkasan: what they draw, what they tell, and the values that they keep of their cells."""

from __future__ import annotations

import datetime
import io
import math
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from iku_excel.cells import CellError
from iku_excel.edits import Edit, Value
from iku_excel.examples import example_content
from iku_excel.fill import fill, fill_file, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form.template import build
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.charts import KnownCells, refreshed
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.verify import verify_edits
from tests.chart_book import cells_of, charts_of, colours, cut, members
from tests.grafts import drawings
from tests.grafts.parts import Parts
from tests.judges import office
from tests.judges.excel import assert_excel_accepts
from tests.support_fill import LATER, MOMENT, NAMES, data_of, figure, first, frozen, with_content, without_seal

NAMES_OF_CHARTS = [
    "IKU Realisasi 1",
    "IKU Realisasi 2",
    "IKU Realisasi 3",
    "IKU Poin Hilang Elemen",
    "IKU Kontribusi Kesekretariatan",
    "IKU Keluhan per Bulan",
]
CHART = "xl/charts/chart1.xml"


def _stored(data: bytes) -> Any:
    """The values beside the formulas, as openpyxl reads them."""
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data), data_only=True)


def _same(kept: str | None, value: object) -> bool:
    if value is None or value == "":
        return kept is None
    if kept is None or isinstance(value, str):
        return kept == value
    return math.isclose(float(kept), float(value), rel_tol=1e-12)


def _with_parts(data: bytes, changes: dict[str, bytes]) -> bytes:
    parts = Parts(data)
    parts.content.update(changes)
    return parts.packed()


# --- what they are


def test_the_six_charts_have_names_and_say_in_words_what_they_show() -> None:
    """Each chart is called "IKU …" and tells a screen reader in one sentence where its figures are."""
    found = charts_of(data_of(first(), deep=True))
    assert list(found) == NAMES_OF_CHARTS
    for chart in found.values():
        assert chart.text.startswith("Grafik ")
        assert chart.text.endswith(".")
        for values in chart.root.iterfind(".//{*}val/{*}numRef/{*}f"):
            formula = values.text
            sheet, cells = cells_of(formula)
            assert f"lembar {sheet}" in chart.text
            assert f"{cells[0]}:{cells[-1]}" in chart.text


def test_the_charts_lie_on_the_printed_page_beside_each_other() -> None:
    """No chart covers another or a cell that holds something, and none leaves the print area."""
    data = data_of(first())
    sheet = _stored(data)["Ringkasan"]
    area = re.sub(r".*!|\$", "", sheet.print_area)
    right, bottom = sheet[area.partition(":")[2]].column, sheet[area.partition(":")[2]].row
    boxes = {name: chart.anchor for name, chart in charts_of(data).items()}
    for name, ((left, top), (end, low)) in boxes.items():
        assert end <= right, name
        assert low <= bottom, name
        covered = [c.coordinate for row in sheet.iter_rows(top + 1, low, left + 1, end) for c in row if c.value]
        assert covered == [], name
        for other, ((x, y), (x2, y2)) in boxes.items():
            apart = x2 <= left or end <= x or y2 <= top or low <= y
            assert other == name or apart or {x2, end} & {left, x}, (name, other)


def test_the_charts_are_drawn_plainly() -> None:
    """Flat columns and bars from zero, both axes shown, Arial of 9 points and more, no empty text as a value."""
    for chart in charts_of(data_of(first())).values():
        root = chart.root
        assert {e.get("val") for e in root.iter("{*}delete")} == {"0"}
        assert not list(root.iter("{*}view3D", "{*}bar3DChart"))
        assert root.find(".//{*}valAx/{*}scaling/{*}min").get("val") == "0"
        assert {e.get("typeface") for e in root.iter("{*}latin")} == {"Arial"}
        assert min(int(e.get("sz")) for e in root.iter("{*}defRPr", "{*}rPr")) >= 900
        assert root.find(".//{*}plotVisOnly").get("val") == "0"
        assert {e.get("formatCode") for e in root.iterfind(".//{*}dLbls/{*}numFmt")} <= {"0.0;-0.0;;", "0;-0;;"}


def test_libreoffice_draws_the_charts(tmp_path: Path) -> None:
    """On the page printed by LibreOffice stand pale columns of targets and orange bars of points lost."""
    office.require_office()
    path = tmp_path / "b.xlsx"
    path.write_bytes(data_of(first()))
    (page,) = office.render(path, "Ringkasan", into=tmp_path, dpi=60)
    seen = colours(page.read_bytes())
    assert seen[0xDC, 0xE3, 0xEA] > 1000
    assert seen[0xC5, 0x5A, 0x11] > 500


# --- what they draw


def test_the_points_are_the_figures_of_the_table() -> None:
    """This year, last year and the quarters are drawn as Ringkasan's table shows them."""
    filled = first()
    for row, (target, value) in zip((6, 7, 8), (("AQ", "AR"), ("AS", "AT"), ("AU", "AV")), strict=True):
        assert figure(filled, f"{target}8") == figure(filled, f"E{row}")
        assert figure(filled, f"{value}7") == figure(filled, f"M{row}")
        quarters = [figure(filled, f"{column}{row}") for column in "FGHI"]
        assert [figure(filled, f"{value}{n}") for n in range(10, 14)] == quarters
        assert figure(filled, f"{value}8") == quarters[3]
    assert [figure(filled, f"AN{n}") for n in (6, 7, 8)] == ["2023", "2024", "2025"]


def test_the_year_before_last_comes_from_what_was_reported() -> None:
    """Its fourth quarter in tblRealisasi is drawn, the last row of two; other quarters and years are not."""

    def reported(rows: list[dict[str, object]]) -> None:
        rows[:] = [
            {"Tahun": year, "Triwulan": quarter, "Kode IKU": "IKU-2", "Nilai": value}
            for year, quarter, value in ((2023, 4, 61), (2023, 3, 58), (2022, 4, 50), (2023, 4, 62.5), (2024, 4, 70))
        ]

    filled = with_content(tblRealisasi=reported)
    assert figure(filled, "AT6") == 62.5
    assert figure(filled, "AT7") == 70
    assert figure(filled, "AR6") is None


def test_an_indicator_that_is_not_carried_draws_nothing() -> None:
    """With Berlaku = Tidak its targets and figures are empty, and its chart keeps no value."""

    def without(rows: list[dict[str, object]]) -> None:
        rows[2]["Berlaku"] = "Tidak"

    filled = with_content(tblTarget=without)
    chart = charts_of(data_of(filled))["IKU Realisasi 3"]
    values = {f: points for f, points, _ in chart.references() if f and ("AU$6" in f or "AV$6" in f)}
    assert list(values.values()) == [{}, {}]


def test_the_elements_stand_by_points_lost() -> None:
    """The largest loss comes first, ties in the elements' order, elements without questions last and empty."""

    def some(rows: list[dict[str, object]]) -> None:
        rows[:] = [
            {"Kode Elemen": code, "Kode Pertanyaan": code, "Skor": 1, "Skor Maks": most}
            for code, most in (("E09", 4), ("E02", 3), ("E05", 6), ("E01", 4))
        ]

    filled = with_content(tblPertanyaan=some)
    drawn = [(figure(filled, f"AO{n}"), figure(filled, f"AP{n}")) for n in range(17, 22)]
    assert drawn == [
        ("Mutasi", 5),
        ("Penyusunan dan Penetapan Kebutuhan ASN", 3),
        ("Penggajian, Tunjangan, dan Fasilitas", 3),
        ("Pengadaan ASN", 2),
        (None, None),
    ]


# --- the values that they keep


@pytest.mark.parametrize("name", NAMES)
def test_every_chart_keeps_the_values_of_its_cells(name: str) -> None:
    """Each kept value is that beside the cell's formula, and an empty text is no value."""
    data = data_of(first(name))
    stored, judged = _stored(data), 0
    for chart in charts_of(data).values():
        for formula, points, count in chart.references():
            sheet, cells = cells_of(formula)
            assert count == len(cells), formula
            for at, cell in enumerate(cells):
                assert _same(points.get(at), stored[sheet][cell].value), (chart.name, formula, cell)
                judged += 1
    assert judged > 190


def test_libreoffice_computes_the_values_that_the_charts_keep(tmp_path: Path) -> None:
    """With every stored value overwritten, LibreOffice computes the cells anew to what the charts keep."""
    office.require_office()
    paths = {}
    for name in NAMES:
        if name == "kesalahan-umum":  # there LibreOffice computes input formulas that had no value yet
            continue
        paths[name] = tmp_path / f"{name}.xlsx"
        paths[name].write_bytes(data_of(first(name)))
    results = office.recalculate(paths.values())
    for name, path in paths.items():
        for chart in charts_of(data_of(first(name))).values():
            for formula, points, _ in chart.references():
                sheet, cells = cells_of(formula)
                for at, cell in enumerate(cells):
                    assert _same(points.get(at), results[path].value(sheet, cell)), (name, formula, cell)


def test_a_new_score_reaches_the_chart_and_filling_again_changes_nothing() -> None:
    """After an edit the charts keep the new figures; a second filling finds nothing to do."""
    content = Package.open(data_of(first()))
    scored = apply_edits(content, [Edit("NSPK_Pertanyaan", f"E{row}", 0) for row in range(5, 40)]).data
    assert scored is not None
    filled = fill(scored, LATER)
    data = data_of(filled)
    assert CHART in filled.charts
    (values,) = (p for f, p, _ in charts_of(data)["IKU Realisasi 1"].references() if f == "Ringkasan!$AR$6:$AR$13")
    assert _same(values[2], figure(filled, "AR8"))
    assert figure(filled, "AR8") != figure(first(), "AR8")
    assert fill(data, LATER).data is None


def test_a_stale_chart_alone_is_mended_and_nothing_else() -> None:
    """When only a chart lags behind, its part is the only one that changes (and the seal, which vouches for it)."""
    data = data_of(first())
    stale = re.sub(rb"<v>7\d(?:\.\d+)?</v>", b"<v>1</v>", members(data)[CHART])
    lagging = _with_parts(data, {CHART: stale})
    filled = fill(lagging, LATER)
    assert filled.changed == ()
    assert filled.charts == (CHART,)
    then, now = members(data), members(data_of(filled))
    assert {name: without_seal(xml) for name, xml in now.items()} == {n: without_seal(xml) for n, xml in then.items()}


def _as_excel_writes(xml: bytes) -> bytes:
    """A chart part as Excel saves it after staff chose a style: prefixes, choices, extensions, zeros for ""."""
    text = re.sub(r"<(/?)(?=[a-z]\w*[ />])", r"<\1c:", xml.decode())
    root = (
        '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><mc:AlternateContent '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="c14" '
        'xmlns:c14="http://schemas.microsoft.com/office/drawing/2007/8/2/chart"><c14:style val="127"/></mc:Choice>'
        '<mc:Fallback><c:style val="27"/></mc:Fallback></mc:AlternateContent>'
    )
    text = re.sub('<c:chartSpace xmlns="[^"]*">', root, text)
    text = text.replace("<c:formatCode>General</c:formatCode>", "<c:formatCode>#,##0.00</c:formatCode>")
    text = text.replace('<c:ptCount val="8"/><c:pt idx="1">', '<c:ptCount val="8"/><c:pt idx="0"><c:v>0</c:v></c:pt>'
                        '<c:pt idx="1" formatCode="0.0">')  # fmt: skip
    extension = (
        '<c:extLst><c:ext uri="{C3380CC4-5D6E-409C-BE32-E72D297353CC}" '
        'xmlns:c16="http://schemas.microsoft.com/office/drawing/2014/chart"><c16:uniqueId '
        'val="{00000000-5D6E-409C-BE32-E72D297353CC}"/><c:numRef><c:f>Ringkasan!$AR$6:$AR$13</c:f></c:numRef></c:ext>'
        "</c:extLst>"
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n'
    return (head + text.replace("</c:ser>", f"{extension}</c:ser>")).encode()


def test_a_chart_that_excel_saved_in_another_style_is_left_alone_until_a_figure_changes() -> None:
    """Excel's own spelling of the same values is no change; then only the values change in it, nothing else."""
    data = data_of(first())
    restyled = _as_excel_writes(members(data)[CHART])
    saved = _with_parts(data, {CHART: restyled})
    assert_excel_accepts(saved, deep=False)
    assert fill(saved, LATER).data is None
    scored = apply_edits(Package.open(saved), [Edit("NSPK_Pertanyaan", f"E{row}", 0) for row in range(5, 40)]).data
    assert scored is not None
    filled = fill(scored, LATER)
    after = members(data_of(filled))[CHART]
    assert after != restyled
    assert cut(after) == cut(restyled)
    assert after.count(b"#,##0.00") == restyled.count(b"#,##0.00")
    (values,) = (
        p for f, p, n in charts_of(data_of(filled))["IKU Realisasi 1"].references()
        if f == "Ringkasan!$AR$6:$AR$13" and n > 0
    )  # fmt: skip
    assert _same(values[2], figure(filled, "AR8"))
    assert b'formatCode="0.0"' in after


@pytest.mark.parametrize(
    "formula",
    [
        "Keluhan!$C$5:$C$12",
        "(Ringkasan!$AR$6,Ringkasan!$AR$8)",
        "[1]Ringkasan!$AR$6:$AR$13",
        "Ringkasan!$AR:$AR",
        "Ringkasan!$AQ$6:$AR$13",
        "Ringkasan!Data_Sendiri",
        "#REF!",
    ],
)
def test_a_chart_that_staff_pointed_elsewhere_keeps_what_it_has(formula: str) -> None:
    """A reference that isn't one column or row of an output sheet is not ours to know."""
    data = data_of(first())
    moved = members(data)[CHART].replace(b"Ringkasan!$AR$6:$AR$13", formula.encode())
    moved = re.sub(rb"(?<=%b</f>).*?(?=</numRef>)" % re.escape(formula.encode()),
                   b'<numCache><ptCount val="1"/><pt idx="0"><v>5</v></pt></numCache>', moved)  # fmt: skip
    pointed = _with_parts(data, {CHART: moved})
    assert fill(pointed, LATER).data is None


def test_a_chart_pointed_at_other_figures_of_ours_keeps_those() -> None:
    """A range of an output sheet that staff chose is as well known as our own, names and case aside."""
    data = data_of(first())
    moved = members(data)[CHART].replace(b"Ringkasan!$AR$6:$AR$13", b"'RINGKASAN'!$F$6:$I$6")
    filled = fill(_with_parts(data, {CHART: moved}), LATER)
    found = charts_of(data_of(filled))["IKU Realisasi 1"].references()
    (values,) = (points for f, points, _ in found if f == "'RINGKASAN'!$F$6:$I$6")
    assert [float(values[n]) for n in range(4)] == pytest.approx(
        [float(figure(first(), f"{c}6") or 0) for c in "FGHI"], rel=1e-12
    )


def test_the_staffs_own_chart_on_the_same_sheet_is_not_touched() -> None:
    """A chart under a name of its own keeps even values that lag behind its cells."""
    parts = Parts(data_of(first()))
    drawings.chart(parts, "Ringkasan")
    name = next(n for n in parts.content if n.startswith("xl/charts/") and n not in members(data_of(first())))
    parts.content[name] = parts.content[name].replace(b"78.24", b"12.5")
    data = parts.packed()
    assert fill(data, LATER).data is None
    lagging = Parts(data)
    lagging.content[CHART] = lagging.content[CHART].replace(b"<v>2023</v>", b"<v>1999</v>")
    after = members(data_of(fill(lagging.packed(), LATER)))
    assert after[name] == parts.content[name]
    assert after[CHART] == parts.content[CHART]


def test_moving_and_grouping_a_chart_does_not_lose_it() -> None:
    """A chart of ours inside a group of shapes, with its frame spelled by Excel, still gets its values."""
    parts = Parts(data_of(first()))
    name = next(n for n in parts.content if n.startswith("xl/drawings/drawing"))
    xml = parts.content[name].decode()
    frame = re.search(r"<graphicFrame>.*?</graphicFrame>", xml, re.DOTALL)
    assert frame is not None
    group = (
        '<grpSp><nvGrpSpPr><cNvPr id="90" name="Grup 1"/><cNvGrpSpPr/></nvGrpSpPr><grpSpPr/>' + frame[0] + "</grpSp>"
    )
    parts.content[name] = xml.replace(frame[0], group, 1).encode()
    parts.content[CHART] = parts.content[CHART].replace(b"<v>2023</v>", b"<v>1999</v>")
    assert fill(parts.packed(), LATER).charts == (CHART,)


@pytest.mark.parametrize("spoil", ["drawing", "chart"])
@pytest.mark.broken_on_purpose
def test_a_damaged_drawing_stops_nobody(spoil: str) -> None:
    """A drawing or chart part that is no XML is left as it is; the figures are filled all the same."""
    parts = Parts(build(*example_content("bersih")))
    name = next(n for n in parts.content if n.startswith(f"xl/{spoil}s/{spoil}"))
    parts.content[name] = b"<rusak><"
    filled = fill(parts.packed(), MOMENT)
    assert filled.data is not None
    assert members(filled.data)[name] == b"<rusak><"


def test_a_workbook_without_charts_is_filled_as_ever() -> None:
    """When staff deleted the charts there is nothing to keep up, and nothing to complain of."""
    parts = Parts(data_of(first()))
    name = next(n for n in parts.content if n.startswith("xl/drawings/drawing"))
    parts.content[name] = re.sub(rb"<twoCellAnchor.*</twoCellAnchor>", b"", parts.content[name], flags=re.DOTALL)
    filled = fill(parts.packed(), LATER)
    assert filled.data is None
    assert filled.charts == ()


# --- the writer alone, on parts of any make

CORPUS = Path(__file__).parents[1].parent / "shared" / "corpus"


@pytest.mark.parametrize(
    ("stored", "value", "wanted"),
    [
        ("", 1.5, "<numCache><formatCode>General</formatCode><ptCount val='1'/><pt idx='0'><v>1.5</v></pt></numCache>"),
        ("", None, "<numCache><formatCode>General</formatCode><ptCount val='1'/></numCache>"),
        ("<numCache/>", 2, "<numCache><ptCount val='1'/><pt idx='0'><v>2</v></pt></numCache>"),
        ("<numCache><ptCount val='1'/><pt idx='0'><v>0</v></pt></numCache>", "", None),
        ("<numCache><ptCount val='1'/><pt idx='0'><v>0.30000000000000004</v></pt></numCache>", 0.3, None),
        ("<numCache><ptCount val='1'/><pt idx='0'><v>0.31</v></pt></numCache>", True, None),
        ("<numCache><ptCount val='1'/><pt idx='0'><v>?</v></pt></numCache>", CellError("#N/A"), None),
        ("<numCache><ptCount val='1'/></numCache><!-- catatan -->", 5, None),
        ("<extLst><ext uri='x'/></extLst>", 5, None),
    ],
)
def test_one_number(stored: str, value: Value | bool | CellError, wanted: str | None) -> None:
    """A cache is made, filled or emptied; one that holds the value, or can't be understood, is left."""
    xml = f"<chartSpace><val><numRef><f>S!$A$1</f>{stored}</numRef></val></chartSpace>".replace("'", '"')
    after = refreshed(xml.encode(), KnownCells(["S"], lambda sheet, cell: value))
    new = None if wanted is None else xml.replace(stored.replace("'", '"') + "</numRef>", wanted + "</numRef>")
    assert (after and after.decode()) == (new and new.replace("'", '"'))


@pytest.mark.parametrize(
    ("value", "wanted"),
    [("A & <B>", "A &amp; &lt;B&gt;"), (2025, "2025"), (12.5, None), ("=1+1", "=1+1"), ("_x0041_", "_x005F_x0041_")],
)
def test_one_text(value: Value, wanted: str | None) -> None:
    """A text is escaped as Excel does, a whole number is its digits; a fraction is written as its cell has it: left."""
    xml = b"<c:chartSpace><c:cat><c:strRef><c:f>'S &amp; T'!A1</c:f></c:strRef></c:cat></c:chartSpace>"
    after = refreshed(xml, KnownCells(["s & t"], lambda sheet, cell: value))
    assert (after is None) == (wanted is None)
    if wanted is not None:
        cache = f'<c:strCache><c:ptCount val="1"/><c:pt idx="0"><c:v>{wanted}</c:v></c:pt></c:strCache>'.encode()
        assert after == xml.replace(b"</c:f>", b"</c:f>" + cache)


def test_charts_that_excel_made_change_in_nothing_but_their_values() -> None:
    """Over every chart of the corpus: outside the caches the same bytes, and a second time nothing to do."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of Excel-made workbooks (../shared/corpus) is not there")
    changed = 0
    for path in sorted(CORPUS.glob("*.xls[xm]")):
        try:
            package = Package.open(path.read_bytes())
        except Refusal:
            continue
        cells = KnownCells([sheet.name for sheet in package.sheets], lambda sheet, cell: 1234.5)
        for name in (name for name in package.names if re.fullmatch(r"xl/charts/chart\d+\.xml", name)):
            xml = package.read(name)
            after = refreshed(xml, cells)
            if after is not None:
                changed += 1
                etree.fromstring(after)
                assert cut(after) == cut(xml), (path.name, name)
                assert refreshed(after, cells) is None, (path.name, name)
    assert changed > 50


# --- saving


def test_a_saved_workbook_holds_the_new_values(tmp_path: Path) -> None:
    """The saving protocol lets just the charts' parts through, and the file on the disk has them."""
    path = tmp_path / "buku.xlsx"
    path.write_bytes(build(*example_content("bersih")))
    filled = fill_file(path, MOMENT)
    assert len(filled.charts) == 6
    assert path.read_bytes() == filled.data
    again = path.read_bytes()
    assert fill_file(path, LATER).data is None
    assert path.read_bytes() == again


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<v>2023</v>", b"<v>1999</v>"),
        (b'<ptCount val="8"/><pt idx="1">', b'<ptCount val="8"/><pt idx="9">'),
        (b'<gapWidth val="60"/>', b'<gapWidth val="61"/>'),
        (b"</chartSpace>", b"</chartSpac>"),
    ],
)
@pytest.mark.broken_on_purpose
def test_a_chart_written_wrongly_never_takes_the_files_place(old: bytes, new: bytes) -> None:
    """A wrong value, a value too many, another change in the part, or broken XML: refused before saving."""
    before = Package.open(build(*example_content("bersih")))
    filled = fill(before.data, MOMENT)
    assert filled.data is not None
    verify_edits(before, filled.edits, filled.charts)(filled.data)
    wrong = members(filled.data)[CHART]
    assert old in wrong
    spoiled = Package.open(filled.data).with_parts({CHART: wrong.replace(old, new)})
    with pytest.raises(Refusal):
        verify_edits(before, filled.edits, filled.charts)(spoiled)


def test_a_chart_that_should_not_have_changed_is_refused() -> None:
    """Only the parts that filling names may differ."""
    before = Package.open(data_of(first()))
    edits = first().edits
    changed = before.with_parts({CHART: members(before.data)[CHART].replace(b"<v>2023</v>", b"<v>1999</v>")})
    with pytest.raises(Refusal, match="berubah"):
        verify_edits(before, edits)(changed)


def test_other_programs_still_read_the_workbook() -> None:
    """openpyxl finds six charts, calamine the figures that they draw."""
    from openpyxl import load_workbook
    from python_calamine import CalamineWorkbook

    data = data_of(first())
    assert len(load_workbook(io.BytesIO(data))["Ringkasan"]._charts) == 6
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name("Ringkasan").to_python()
    assert "2023" in {value for row in rows for value in row}


def test_the_template_of_any_year_has_its_charts() -> None:
    """A year whose Renstra is another draws its own three years."""
    from iku_excel.form.template.content import Content

    filled = fill(build(2030, Content()), datetime.datetime(2030, 5, 1))
    assert [figure(filled, f"AN{n}") for n in (6, 7, 8)] == ["2028", "2029", "2030"]
    assert open_workbook(data_of(filled)).findings is not None


def test_frozen_quarters_are_drawn_as_reported() -> None:
    """A quarter locked in tblRealisasi is drawn with its locked figure."""
    filled = with_content(tblRealisasi=frozen((1, "IKU-1", 55.5)))
    assert figure(filled, "AR10") == 55.5
