"""Nothing lost: whatever staff and Excel put into a workbook beside our cells is there after filling, to the byte."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from functools import cache
from pathlib import Path

import pytest

from iku_excel.examples import example_content
from iku_excel.fill import Filled, fill, fill_file
from iku_excel.form.layout import INPUT_SHEETS, OUTPUT_SHEETS
from iku_excel.form.template import build
from tests.grafts import GRAFTS, grafted
from tests.grafts.compare import losses
from tests.grafts.moves import converted
from tests.grafts.parts import TYPES, WORKBOOK, Parts
from tests.judges.excel import assert_excel_accepts
from tests.judges.office import recalculate, render, require_office

MOMENT = datetime.datetime(2026, 1, 15, 9)
LATER = datetime.datetime(2026, 2, 2, 14, 30)
CALC = re.compile(r"<calcPr[^>]*fullCalcOnLoad=\"1\"")


@cache
def filled_book(name: str = "kesalahan-umum") -> bytes:
    """A filled example, as a rule the one with many findings."""
    data = fill(build(*example_content(name)), MOMENT).data
    assert data is not None
    return data


@cache
def full_book(name: str = "kesalahan-umum") -> bytes:
    """The filled workbook with every graft, and a score typed in since."""
    return with_score(grafted(filled_book(name)))


def with_score(data: bytes, score: str = "0.5", row: int = 13) -> bytes:
    """The workbook after somebody typed a score, by hand in the XML."""
    parts = Parts(data)
    part = parts.sheet("NSPK_Pertanyaan")
    xml, count = re.subn(rf'(<c r="E{row}"[^>]*><v>)[^<]*', rf"\g<1>{score}", parts.text(part))
    assert count == 1
    parts.content[part] = xml.encode()
    return parts.packed()


def cells_of(filled: Filled) -> dict[str, set[str]]:
    """The cells that filling says it changed, by sheet; those of its seal too."""
    cells: dict[str, set[str]] = {}
    for sheet, cell in (*filled.changed, *((edit.sheet, edit.cell) for edit in filled.seal)):
        cells.setdefault(sheet, set()).add(cell)
    return cells


def lost(before: bytes, filled: Filled, *, chain: bool = False) -> list[str]:
    """What filling lost."""
    assert filled.data is not None
    return losses(before, filled.data, cells_of(filled), chain=chain)


@pytest.mark.parametrize("name", GRAFTS)
def test_a_foreign_part_survives_filling(name: str) -> None:
    """Each kind alone: accepted before, every foreign byte there after, accepted still."""
    plain = grafted(filled_book(), name)
    assert_excel_accepts(plain)
    before = with_score(plain)

    filled = fill(before, LATER)

    assert lost(before, filled, chain=True) == []
    assert filled.data is not None
    assert_excel_accepts(filled.data, before, deep=False)
    assert "NSPK" in cells_of(filled)


def test_all_foreign_parts_together_survive_a_filling_on_disk(tmp_path: Path) -> None:
    """All grafts in one file, through lock, temporary and replacement: nothing lost, and Excel would open it."""
    before = full_book()
    assert_excel_accepts(before)
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(before)

    filled = fill_file(path, LATER)

    assert path.read_bytes() == filled.data
    assert lost(before, filled, chain=True) == []
    assert_excel_accepts(path, before)
    assert fill_file(path, LATER + datetime.timedelta(days=1)).data is None


def test_every_graft_adds_what_it_says() -> None:
    """The grafted workbook differs from the plain one by a part or an element for each graft."""
    plain = filled_book()
    for name in GRAFTS:
        parts, before = Parts(grafted(plain, name)), Parts(plain)
        assert parts.content != before.content, name
    kinds = " ".join(Parts(full_book()).content)
    for kind in re.findall(
        r"[\w/]+",
        "media/image charts/chart comments vmlDrawing threadedComment persons/person slicerCache slicers/slicer "
        "printerSettings customXml/item docProps/custom pivotTable pivotCache calcChain",
    ):
        assert kind in kinds, kind


def test_input_sheets_are_the_same_to_the_byte() -> None:
    """Filling touches no sheet of the staff's: neither the contract's nor their own."""
    before = full_book()
    filled = fill(before, LATER)
    assert filled.data is not None
    one, two = Parts(before), Parts(filled.data)
    for name in ("Petunjuk", *INPUT_SHEETS, "Rekap Staf", "Pivot Staf"):
        assert one.content[one.sheet(name)] == two.content[two.sheet(name)], name
    assert set(cells_of(filled)) <= set(OUTPUT_SHEETS)


def test_only_cells_of_the_plan_change() -> None:
    """What filling reports as changed is part of its plan, and the rest of the plan was true already."""
    filled = fill(full_book(), LATER)
    planned = {(edit.sheet, edit.cell) for edit in filled.edits}
    assert set(filled.changed) <= planned
    assert len(filled.changed) < len(planned) / 4


def test_formulas_of_the_staff_are_computed_anew_on_opening() -> None:
    """A sheet of the staff's that looks at our figures makes Excel recalculate; without one nothing is asked for."""
    clean = filled_book("bersih")
    alone = fill(with_score(grafted(clean, "own names")), LATER)
    beside = fill(with_score(grafted(clean, "sheet of the staff")), LATER)
    assert alone.data is not None
    assert beside.data is not None
    assert CALC.search(Parts(beside.data).text(WORKBOOK))
    assert not CALC.search(Parts(alone.data).text(WORKBOOK))


def test_the_calculation_chain_goes_only_when_formulas_come_or_go() -> None:
    """With the same cells as formulas the chain stays as it is; with other ones it goes, whole and everywhere."""
    before = grafted(filled_book("bersih"), "calculation chain")
    as_many, more = fill(with_score(before, "1"), LATER), fill(with_score(before, "99"), LATER)
    assert as_many.data is not None
    assert more.data is not None
    assert len(more.opened.findings) > len(as_many.opened.findings)
    assert "xl/calcChain.xml" in Parts(as_many.data).content
    other = Parts(more.data)
    assert "xl/calcChain.xml" not in other.content
    assert "calcChain" not in other.text(TYPES) + other.text("xl/_rels/workbook.xml.rels")
    assert lost(with_score(before, "99"), more, chain=True) == []
    other.change(TYPES, "</Types>", " </Types>")
    found = losses(with_score(before, "99"), other.packed(), cells_of(more), chain=True)
    assert f"{TYPES}: more than the calculation chain left it" in found
    assert_excel_accepts(more.data)


def test_looks_of_the_staff_stay_on_output_sheets() -> None:
    """Their wider column, number format, note, zoom, selection, filter and hidden rows are there after filling."""
    before = full_book()
    filled = fill(before, LATER)
    assert filled.data is not None
    assert "K6" in cells_of(filled)["Ringkasan"]
    parts = Parts(filled.data)
    sheet = parts.text(parts.sheet("Ringkasan"))
    assert 'width="44.25"' in sheet
    assert "Catatan: dibahas 12 Januari" in sheet
    assert 'zoomScale="85"' in sheet
    style = re.search(r'<c r="K6" s="(\d+)"', Parts(before).text(parts.sheet("Ringkasan")))
    assert style is not None
    assert f'<c r="K6" s="{style[1]}"' in sheet
    found = parts.text(parts.sheet("Pemeriksaan"))
    assert '<filter val="peringatan"/>' in found
    assert re.search(r'<row r="7" [^>]*hidden="1"', found)


# --- the check can fail


def saved_by_openpyxl(data: bytes) -> bytes:
    """The workbook loaded and saved by openpyxl."""
    from openpyxl import load_workbook

    out = io.BytesIO()
    load_workbook(io.BytesIO(data)).save(out)
    return out.getvalue()


@pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")
@pytest.mark.parametrize(
    "name",
    ["slicer", "sparklines", "threaded comment", "printer on Ringkasan", "custom XML and properties", "text box"],
)
def test_a_library_that_loses_parts_is_caught(name: str) -> None:
    """openpyxl drops these; the comparison says so."""
    before = grafted(filled_book(), name)
    found = losses(before, saved_by_openpyxl(before), {})
    grafts = [part for part in Parts(before).content if part not in Parts(filled_book()).content]
    gone = any("is gone" in line and any(part in line for part in grafts) for line in found)
    assert gone or name in ("sparklines", "text box")  # these add no part
    assert any("sheet14.xml" in line for line in found) or name in ("slicer", "custom XML and properties")


@pytest.mark.parametrize(
    ("part", "old", "new", "word"),
    [
        ("xl/worksheets/sheet5.xml", "<sheetData>", "<sheetData >", "sheet5.xml: other content"),
        ("xl/worksheets/sheet14.xml", 'width="44.25"', 'width="44"', "before the cells"),
        ("xl/worksheets/sheet14.xml", "displayEmptyCellsAs", "displayHidden", "after the cells"),
        ("xl/worksheets/sheet14.xml", "12 Januari", "13 Januari", "became"),
        ("xl/worksheets/sheet14.xml", '<row r="3"', '<row r="3" hidden="1"', "became"),
        ("xl/styles.xml", "</cellXfs>", " </cellXfs>", "styles.xml: other content"),
        ("xl/workbook.xml", "Ambang_Kepala", "Ambang_Lain", "workbook.xml"),
        (TYPES, "</Types>", " </Types>", "Types].xml: other content"),
        ("xl/charts/chart101.xml", "78.24", "78.25", "chart101.xml: other content"),
    ],
)
def test_one_changed_byte_is_caught(part: str, old: str, new: str, word: str) -> None:
    """A single change anywhere outside the edited cells is a loss."""
    before = full_book()
    filled = fill(before, LATER)
    assert filled.data is not None
    parts = Parts(filled.data)
    parts.change(part, old, new)
    packed = parts.packed()
    found = losses(before, packed, cells_of(filled), chain=True)
    assert any(word in line for line in found), found


def test_a_lost_or_repacked_member_is_caught() -> None:
    """A part that is missing, added, or only compressed anew is a loss."""
    before = full_book()
    parts = Parts(before)
    parts.content.pop("xl/media/image1.png")
    assert "member xl/media/image1.png is gone" in losses(before, parts.packed(), {})
    parts = Parts(before)
    parts.content["xl/new.xml"] = b"<x/>"
    assert "member xl/new.xml is new" in losses(before, parts.packed(), {})
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(before)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
        for info in source.infolist():
            target.writestr(zipfile.ZipInfo(info.filename, info.date_time), source.read(info))
    assert any("packed anew" in line for line in losses(before, out.getvalue(), {}))


def test_a_changed_style_of_an_edited_cell_is_caught() -> None:
    """An edited cell may change its value, never its looks."""
    before = full_book()
    filled = fill(before, LATER)
    assert filled.data is not None
    parts = Parts(filled.data)
    part = parts.sheet("Ringkasan")
    parts.content[part] = re.sub(rb'(<c r="K6" s=")\d+', rb"\g<1>0", parts.content[part])
    assert any("K6 has the style 0" in line for line in losses(before, parts.packed(), cells_of(filled), chain=True))


# --- another program


@pytest.mark.office
def test_libreoffice_opens_it_with_picture_chart_and_text_box(tmp_path: Path) -> None:
    """LibreOffice computes the same figures from the filled file, and still draws what lies over the cells."""
    require_office()
    before = full_book("bersih")  # the other example holds formulas without a value: outside parity
    filled = fill(before, LATER)
    assert filled.data is not None
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(filled.data)
    computed = recalculate([path])[path]
    for edit in filled.edits:
        if edit.formula is not None and edit.sheet == "NSPK" and isinstance(edit.value, int):
            assert computed.value("NSPK", edit.cell) == edit.value, edit.cell
    assert computed.value("Rekap Staf", "A1") == pytest.approx(2 * computed.value("NSPK", "C25"))

    frames = {}
    for name, data in (("before", before), ("after", filled.data), ("plain", filled_book("bersih"))):
        book = tmp_path / name / "Buku.xlsx"
        book.parent.mkdir()
        book.write_bytes(data)
        frames[name] = drawn(book)
    assert frames["after"] == frames["before"]
    assert frames["plain"] == {"image": 0, "object": 6, "custom-shape": 0}  # our own charts
    assert frames["after"]["object"] > 6
    assert min(frames["after"].values()) >= 1
    assert render(path, "Ringkasan", into=tmp_path / "png")


def drawn(path: Path) -> dict[str, int]:
    """How many pictures, charts and shapes LibreOffice sees."""
    text = converted(path, "fods", path.parent / "fods").read_text("utf-8")
    frames = re.findall(r"<draw:frame .*?</draw:frame>", text, re.DOTALL)
    return {
        "image": sum("<draw:image" in frame and "<draw:object" not in frame for frame in frames),
        "object": len(re.findall(r"<draw:object[ >]", text)),
        "custom-shape": len(re.findall(r"<draw:custom-shape ", text)) + sum("<draw:text-box" in f for f in frames),
    }
