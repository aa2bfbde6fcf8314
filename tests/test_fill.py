"""Filling one workbook from end to end: what it finds, what it puts back, what it leaves alone."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from iku_excel.examples import example_content
from iku_excel.fill import fill, fill_file
from iku_excel.findings import Refusal
from iku_excel.form.template import build
from tests.grafts.moves import converted, edited, moved, moved_to, named, put, rearranged, renamed_sheet
from tests.judges.office import recalculate, require_office
from tests.support_fill import (
    HEADINGS,
    LATER,
    MOMENT,
    NAMES,
    REGISTERS,
    STAFF,
    codes,
    data_of,
    figure,
    figures_of,
    first,
    rewritten,
    sheet_of,
    with_content,
)
from tests.support_random import random_content

# --- filling twice


@pytest.mark.parametrize("name", NAMES)
def test_a_second_filling_of_an_example_writes_nothing(name: str) -> None:
    """Filled once, an example holds every figure, whenever it is filled again."""
    again = fill(data_of(first(name), deep=True), LATER)
    assert again.data is None
    assert again.changed == again.repaired == ()
    assert "rumus-dikembalikan" not in codes(first(name))


@pytest.mark.parametrize("seed", range(12))
def test_a_second_filling_of_a_random_workbook_writes_nothing(seed: int) -> None:
    """So does any workbook, spoiled cells included."""
    filled = fill(build(*random_content(seed, 0.25 * (seed % 3))), MOMENT)
    assert fill(data_of(filled), LATER).data is None
    assert "rumus-dikembalikan" not in codes(filled)


def test_a_workbook_saved_by_openpyxl_gets_its_values_back() -> None:
    """openpyxl loses every stored value and keeps the formulas: the same figures return, no formula is repaired."""
    plain = edited(data_of(first()))
    filled = fill(plain, LATER)
    assert figures_of(filled) == figures_of(first())
    assert filled.repaired == ()
    assert len(filled.changed) > 700
    assert fill(data_of(filled, deep=True), LATER).data is None


@pytest.mark.office
@pytest.mark.parametrize("name", NAMES)
def test_a_workbook_saved_by_libreoffice_is_filled(name: str, tmp_path: Path) -> None:
    """LibreOffice writes every part anew; tables, names and headings are found, figures and formulas agree."""
    require_office()
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(data_of(first(name)))
    saved = converted(path, "xlsx", tmp_path / "lo").read_bytes()
    filled = fill(saved, LATER)
    if name != "kesalahan-umum":  # there LibreOffice computes input formulas that had no value yet
        assert figures_of(filled) == figures_of(first(name))
        assert not any(edit.sheet == "Riwayat" and edit.cell > "A2" for edit in filled.edits), "a line without a change"
    assert filled.repaired == (), "a formula in LibreOffice's spelling counts as lost"
    again = fill(filled.data or saved, LATER)
    assert again.data is None


# --- formulas


def test_a_lost_formula_is_put_back_with_a_finding() -> None:
    """A number typed over a formula gives way to the formula; the finding names sheet and cell, quietly next time."""
    data = data_of(first())
    broken = rewritten(data, "NSPK", r'<c r="C25"( s="\d+")[^>]*>.*?</c>', r'<c r="C25"\1><v>99.9</v></c>')
    filled = fill(broken, LATER)
    assert filled.repaired == (("NSPK", "C25"),)
    finding = next(f for f in filled.findings if f.code == "rumus-dikembalikan")
    assert (finding.level, finding.sheet, finding.cell) == ("peringatan", "NSPK", "C25")
    assert data_of(filled) == data or sheet_of(data_of(filled), "NSPK") == sheet_of(data, "NSPK")
    assert "rumus-dikembalikan" not in codes(fill(data_of(filled), LATER))


def test_an_emptied_formula_cell_is_put_back() -> None:
    """A deleted cell, even a whole deleted row of cells, comes back in its place and style."""
    data = data_of(first())
    empty = rewritten(data, "NSPK", r'<c r="E7"( s="\d+")[^>]*>.*?</c>', r'<c r="E7"\1/>')
    empty = rewritten(empty, "NSPK", r'<c r="E9" s="\d+"[^>]*>.*?</c>', "")
    filled = fill(empty, LATER)
    assert set(filled.repaired) == {("NSPK", "E7"), ("NSPK", "E9")}
    assert figures_of(filled) == figures_of(first())
    data_of(filled)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<f>SUM(C5:C22)</f>", "<f>sum( C5:C22 )</f>"),
        ("<f>Ringkasan!$A$3</f>", "<f>'Ringkasan'!$A$3</f>"),
        ("<f>SUM(D5:D22)</f>", '<f ca="1">SUM(D5:D22)</f>'),
    ],
)
def test_a_formula_in_other_spelling_is_left_as_it_is(old: str, new: str) -> None:
    """Case, blanks and quotes that mean nothing are no change."""
    spelled = rewritten(data_of(first()), "NSPK", re.escape(old), new)
    assert fill(spelled, LATER).data is None


def test_another_formula_is_repaired() -> None:
    """A formula that means something else is no other spelling."""
    other = rewritten(data_of(first()), "NSPK", re.escape("<f>SUM(C5:C22)</f>"), "<f>SUM(C5:C21)</f>")
    assert fill(other, LATER).repaired == (("NSPK", "C23"),)


def filled_down(data: bytes, formula: str) -> bytes:
    """The workbook after somebody typed a formula into NSPK!H5 and drew it down: Excel then shares it."""
    shared = rewritten(
        data, "NSPK", r'(<c r="H5"[^>]*>)<f>.*?</f>', rf'\1<f t="shared" ref="H5:H22" si="0">{formula}</f>'
    )
    for row in range(6, 23):
        shared = rewritten(shared, "NSPK", rf'(<c r="H{row}"[^>]*>)<f>.*?</f>', r'\1<f t="shared" si="0"/>')
    return shared


def test_a_formula_that_was_drawn_down_gives_the_same_figures() -> None:
    """Our own formula, shared by Excel among its cells, is understood or replaced, and Excel would open the result."""
    filled = fill(filled_down(data_of(first()), 'IF(F5&gt;0,100-G5,"")'), LATER)
    assert figures_of(filled) == figures_of(first())
    if filled.data is not None:
        assert fill(data_of(filled, deep=True), LATER).data is None


def test_another_formula_that_was_drawn_down_is_refused_by_its_cell() -> None:
    """The first cell of a shared formula carries the text of all: it is named, not guessed."""
    with pytest.raises(Refusal) as caught:
        fill(filled_down(data_of(first()), "1+1"), LATER)
    assert (caught.value.code, caught.value.sheet, caught.value.cell) == ("rumus-bersama", "NSPK", "H5")


# --- what staff do to tables and sheets


def test_tables_moved_on_their_sheets_are_found() -> None:
    """Every register four rows down and two columns to the right: the same figures."""
    filled = fill(edited(data_of(first()), *(moved(name, 4, 2) for name in REGISTERS)), LATER)
    assert figures_of(filled) == figures_of(first())
    data_of(filled)


def test_tables_on_another_sheet_are_found() -> None:
    """All tables, those of Pengaturan too, on one sheet of the staff's own, whose name needs quotes."""
    filled = fill(edited(data_of(first()), *(moved_to(name, STAFF) for name in HEADINGS)), LATER)
    assert figures_of(filled) == figures_of(first())
    assert fill(data_of(filled, deep=True), LATER).data is None


def test_extra_and_reordered_columns_do_not_matter() -> None:
    """Every register's columns backwards, notes of the staff between them: the same figures."""
    changes = []
    for name in REGISTERS:
        order = [*reversed(HEADINGS[name]), "Catatan Staf"]
        order.insert(3, "Paraf")
        changes.append(rearranged(name, order))
    filled = fill(edited(data_of(first()), *changes), LATER)
    places = {("Ringkasan", f"X{row}") for row in (8, 9, 10)}  # which column of tblTarget is the year's …
    places |= {("Ringkasan", f"AP{row}") for row in range(6, 14)}  # … and that of each point of the charts
    differing = {place for place, value in figures_of(filled).items() if value != figures_of(first())[place]}
    assert differing <= places
    data_of(filled)


def test_formulas_follow_a_moved_target_table() -> None:
    """The plain ranges over tblTarget name its new place, and only those formulas change; nobody has to be told."""
    filled = fill(edited(data_of(first()), moved("tblTarget", 4, 2)), LATER)
    formulas = [e.formula for e in filled.edits if e.sheet == "Ringkasan" and e.formula and "Target!$" in e.formula]
    assert formulas
    assert all("Target!$C$8:$U$8" in f or "Target!$C$9:$U$11" in f for f in formulas)
    assert {sheet for sheet, _ in filled.repaired} <= {"Ringkasan", "Formulir IKU"}


def target_2027(book: Any) -> None:
    """Add a yearly target column to tblTarget, after 2026."""
    headings = HEADINGS["tblTarget"]
    at = headings.index("Target 2026") + 1
    rearranged("tblTarget", [*headings[:at], "Target 2027", *headings[at:]])(book)
    for row in (5, 6, 7):
        book["Target"].cell(row, at + 1).value = 96


def test_a_further_target_year_becomes_the_last_of_the_renstra() -> None:
    """Target 2027 added: heading and figures of Ringkasan's column follow."""
    filled = fill(edited(data_of(first()), target_2027), LATER)
    assert figure(filled, "N5") == "Terhadap Target 2027"
    shown = figure(filled, "I6")
    assert not isinstance(shown, str | None)
    assert float(figure(filled, "N6") or 0) == pytest.approx(float(shown) / 96 * 100)
    assert "Terhadap Target 2027" in sheet_of(data_of(filled, deep=True), "Ringkasan")


@pytest.mark.parametrize("new", ["Dok 2025", "Dok \"A\" & 'B' c", "Dok<1>=x"])
def test_a_renamed_input_sheet_is_found(new: str) -> None:
    """Tables are found by name; findings and their links bear the new name."""
    change = put(new, "E7", "besok")
    filled = fill(edited(data_of(first()), renamed_sheet("Dokumen", new), change), LATER)
    finding = next(f for f in filled.findings if f.cell == "E7")
    assert finding.sheet == new
    link = "#'" + new.replace("'", "''").replace('"', '""') + f"'!{finding.cell}"
    assert any(e.formula and link in e.formula for e in filled.edits if e.sheet == "Pemeriksaan")
    assert fill(data_of(filled), LATER).data is None


@pytest.mark.parametrize(
    ("sheet", "change"),
    [
        ("Ringkasan", lambda book: book["Ringkasan"].insert_rows(4, 2)),
        ("NSPK", lambda book: book["NSPK"].insert_rows(1)),
        ("Kesekretariatan", lambda book: book["Kesekretariatan"].insert_cols(1)),
        ("Pemeriksaan", lambda book: book["Pemeriksaan"].insert_rows(2)),
        ("Riwayat", lambda book: book["Riwayat"].insert_rows(2)),
    ],
)
def test_rows_inserted_into_an_output_sheet_are_refused(sheet: str, change: Callable[[Any], None]) -> None:
    """Every figure has its one place: a shifted output sheet is refused by name, not overwritten."""
    with pytest.raises(Refusal) as caught:
        fill(edited(data_of(first()), change), LATER)
    assert caught.value.code == "lembar-keluaran-bergeser"
    assert caught.value.sheet == sheet
    assert caught.value.cell


@pytest.mark.office
def test_libreoffice_computes_the_same_from_a_rearranged_workbook(tmp_path: Path) -> None:
    """Moved, reordered, renamed, with a further year: the formulas that filling wrote give its own figures."""
    require_office()
    backwards = [*reversed(HEADINGS["tblKeluhan"]), "Catatan Staf"]
    changes = (
        target_2027,
        moved("tblTarget", 5, 3),
        rearranged("tblKeluhan", backwards),
        moved_to("tblPegawai", STAFF),
        moved_to("tblLibur", STAFF),
        renamed_sheet("Target", "Target & Analisis"),
    )
    filled = fill(edited(data_of(first()), *changes), LATER)
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(data_of(filled, deep=True))
    computed = recalculate([path])[path]
    checked = 0
    for edit in filled.edits:
        if edit.formula is None or edit.sheet in ("Pemeriksaan", "Riwayat"):
            continue
        got = computed.value(edit.sheet, edit.cell)
        if isinstance(edit.value, str | None):
            assert (got or "") == (edit.value or ""), edit
        else:
            assert got == pytest.approx(float(edit.value), rel=1e-12), edit
        checked += 1
    assert checked > 700


# --- Riwayat and Pemeriksaan


def history(data: bytes) -> list[list[Any]]:
    """The lines of Riwayat."""
    from io import BytesIO

    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(data))["Riwayat"]
    return [list(row) for row in sheet.iter_rows(min_row=5, max_col=7, values_only=True) if any(row)]


def test_history_gains_a_line_only_when_a_figure_changes() -> None:
    """A changed score gives a line that says so, another quarter too; a changed remark gives none."""
    data = data_of(first())
    assert [line[6] for line in history(data)] == ["Perhitungan pertama"]
    remark = data_of(fill(edited(data, put("Dokumen", "I6", "CONTOH: diarsipkan")), LATER))
    assert len(history(remark)) == 1
    score = data_of(fill(edited(remark, put("NSPK_Pertanyaan", "E5", 0)), LATER))
    assert [line[:3] for line in history(score)][1] == [LATER, 2025, 4]
    assert re.fullmatch(r"IKU-1: \d+,\d\d menjadi \d+,\d\d", history(score)[1][6])
    quarter = data_of(fill(edited(score, named("Triwulan", 3)), LATER))
    assert history(quarter)[2][6] == "Posisi Triwulan 3 Tahun 2025"
    assert fill(quarter, LATER).data is None


def test_a_note_of_the_staff_under_the_history_is_kept() -> None:
    """The next line goes below what somebody wrote there."""
    noted = edited(data_of(first()), put("Riwayat", "G8", "catatan kami"), put("NSPK_Pertanyaan", "E5", 0))
    lines = history(data_of(fill(noted, LATER)))
    assert [line[6] for line in lines][1] == "catatan kami"
    assert lines[2][6].startswith("IKU-1: ")


def findings_rows(data: bytes) -> list[list[Any]]:
    """The rows of Pemeriksaan, as stored."""
    from io import BytesIO

    from openpyxl import load_workbook

    sheet = load_workbook(BytesIO(data), data_only=True)["Pemeriksaan"]
    return [list(row) for row in sheet.iter_rows(min_row=6, max_col=9, values_only=True)]


def test_rows_of_old_findings_are_emptied() -> None:
    """When mistakes are mended the list gets shorter, and no cell of the old rows holds anything."""
    data = data_of(first("kesalahan-umum"))
    before = [row for row in findings_rows(data) if any(row)]
    mended = edited(data, *(put("NSPK_Pertanyaan", cell, 1) for cell in ("E5", "E7", "E10", "E14", "E65")))
    filled = fill(mended, LATER)
    rows = findings_rows(data_of(filled))
    shown = [row for row in rows if any(cell is not None for cell in row)]
    assert len(shown) < len(before)
    assert [row[0] for row in shown] == list(range(1, len(shown) + 1))
    assert rows[: len(shown)] == shown
    assert [row[2] for row in shown] == [f.code for f in filled.opened.findings]
    old = re.findall(rf'<c r="[A-I]{len(shown) + 6}"[^>]*>', sheet_of(data_of(filled), "Pemeriksaan"))
    assert len(old) > 5
    assert all(cell.endswith("/>") for cell in old)


def test_more_than_200_findings_of_a_code_end_in_a_count() -> None:
    """The sheet shows 200 of a code and how many more there are; the findings themselves hold all."""

    def spoil(rows: list[dict[str, object]]) -> None:
        rows += [{**rows[0], "Kode Pertanyaan": f"X{n}", "Skor": f"{n},5"} for n in range(437)]

    filled = with_content(tblPertanyaan=spoil)
    code = "angka-berupa-teks"
    assert codes(filled).count(code) == 437
    rows = [row for row in findings_rows(data_of(filled)) if row[2] == code]
    assert len(rows) == 201
    assert rows[-1][5] == "dan 237 lagi"
    assert rows[-1][4] is None
    assert fill(data_of(filled), LATER).data is None


# --- on disk


def test_a_saved_file_keeps_its_mode(tmp_path: Path) -> None:
    """Who may read the workbook is not changed by filling it, and no other file stays behind."""
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(build(*example_content("bersih")))
    path.chmod(0o640)
    filled = fill_file(path, MOMENT)
    assert path.read_bytes() == filled.data
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert [file.name for file in tmp_path.iterdir()] == ["Buku.xlsx"]


def test_a_dry_run_leaves_the_file_alone(tmp_path: Path) -> None:
    """The plan is the same, the bytes and the time of the file stay."""
    path = tmp_path / "Buku.xlsx"
    path.write_bytes(build(*example_content("bersih")))
    before, moment = path.read_bytes(), path.stat().st_mtime_ns
    filled = fill_file(path, MOMENT, dry_run=True)
    assert filled.data == first().data
    assert path.read_bytes() == before
    assert path.stat().st_mtime_ns == moment
    assert [file.name for file in tmp_path.iterdir()] == ["Buku.xlsx"]
