"""Filling one workbook from end to end: what it finds, what it puts back, what it leaves alone."""

from __future__ import annotations

import datetime
import re
import stat
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from iku_excel.cells import CellError
from iku_excel.edits import Value
from iku_excel.examples import EXAMPLES, example_content
from iku_excel.fill import Filled, fill, fill_file
from iku_excel.findings import Refusal
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from tests.grafts.moves import converted, edited, moved, moved_to, named, put, rearranged, renamed_sheet
from tests.grafts.parts import Parts
from tests.judges.excel import assert_excel_accepts
from tests.judges.office import recalculate, require_office
from tests.support_random import random_content
from tests.support_template import TABLES

MOMENT = datetime.datetime(2026, 1, 15, 9)
LATER = datetime.datetime(2026, 2, 2, 14, 30)
NAMES = [example.name for example in EXAMPLES]
HEADINGS = {name: text.split(", ") for name, text in TABLES.items()}
STAFF = "Data 'Staf' & lain"
REGISTERS = [name for name in HEADINGS if len(HEADINGS[name]) > 3]


@cache
def first(name: str = "bersih") -> Filled:
    """An example, built and filled."""
    return fill(build(*example_content(name)), MOMENT)


def data_of(filled: Filled, *, deep: bool = False) -> bytes:
    """The new file, which Excel would open."""
    assert filled.data is not None
    assert_excel_accepts(filled.data, deep=deep)
    return filled.data


def with_content(name: str = "bersih", **changes: Any) -> Filled:
    """An example filled with other settings (names) and rows changed in place (a function for each table)."""
    year, content = example_content(name)
    settings = dict(content.settings)
    tables = {table: [dict(row) for row in rows] for table, rows in content.tables.items()}
    for key, change in changes.items():
        if key.startswith("tbl"):
            change(tables[key])
        else:
            settings[key] = change
    return fill(build(year, Content(settings, tables, content.years, content.below)), MOMENT)


def figures_of(filled: Filled) -> dict[tuple[str, str], Value]:
    """Every figure of the plan by its cell, but for the lists of findings and runs."""
    return {(e.sheet, e.cell): e.value for e in filled.edits if e.sheet not in ("Pemeriksaan", "Riwayat")}


def figure(filled: Filled, cell: str, sheet: str = "Ringkasan") -> Value:
    """One figure of the plan."""
    return figures_of(filled)[sheet, cell]


def codes(filled: Filled) -> list[str]:
    """The codes of all findings."""
    return [finding.code for finding in filled.findings]


def sheet_of(data: bytes, name: str) -> str:
    """The XML of a sheet."""
    parts = Parts(data)
    return parts.text(parts.sheet(name))


def rewritten(data: bytes, sheet: str, old: str, new: str) -> bytes:
    """The workbook with one text of a sheet's XML replaced (a regular expression, once)."""
    parts = Parts(data)
    part = parts.sheet(sheet)
    text, count = re.subn(old, new, parts.text(part), count=1, flags=re.DOTALL)
    assert count == 1, old
    parts.content[part] = text.encode()
    return parts.packed()


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
    places = {("Ringkasan", f"X{row}") for row in (8, 9, 10)}  # which column of tblTarget is the year's
    differing = {place for place, value in figures_of(filled).items() if value != figures_of(first())[place]}
    assert differing <= places
    data_of(filled)


def test_formulas_follow_a_moved_target_table() -> None:
    """The plain ranges over tblTarget name its new place, and only those formulas change; nobody has to be told."""
    filled = fill(edited(data_of(first()), moved("tblTarget", 4, 2)), LATER)
    formulas = [e.formula for e in filled.edits if e.sheet == "Ringkasan" and e.formula and "Target!$" in e.formula]
    assert formulas
    assert all("Target!$C$8:$U$8" in f or "Target!$C$9:$U$11" in f for f in formulas)
    assert {sheet for sheet, _ in filled.repaired} <= {"Ringkasan"}


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


# --- texts from people

TEXTS = ("=1+1", "+62 812", "-x", "@cmd", '=HYPERLINK("http://contoh.test","klik")', "=cmd|' /C calc'!A0", "\t=1+1")


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_from_people_never_becomes_a_formula(text: str) -> None:
    """Whatever begins a text, on output sheets it is a text; every formula of the file is one of the plan's."""

    def spoil(rows: list[dict[str, object]]) -> None:
        for row in rows:
            row.update({key: text for key, value in row.items() if isinstance(value, str) and key != "Kode IKU"})
            row.update(dict.fromkeys(("Analisis", "Kendala", "Rencana Tindak Lanjut", "Satuan") & row.keys(), text))

    people = ("Perangkat_Daerah", "Nama_Pejabat", "Jabatan_Pejabat", "Pangkat_Pejabat", "NIP_Pejabat", "Kota", "Tugas")
    filled = with_content(
        tblTarget=spoil, tblPertanyaan=spoil, tblDokumen=spoil, tblKeluhan=spoil, **dict.fromkeys(people, text)
    )
    data = data_of(filled)
    parts = Parts(data)
    found = {}
    for element in re.findall(r"<sheet [^>]*>", parts.text("xl/workbook.xml")):
        name = re.search(r'name="([^"]+)"', element)
        assert name is not None
        for cell, formula in re.findall(r'<c r="([A-Z]+\d+)"[^>]*><f[^>]*>(.*?)</f>', sheet_of(data, name[1])):
            found[name[1], cell] = _unescaped(formula)
    assert found == {(e.sheet, e.cell): e.formula for e in filled.edits if e.formula is not None}
    assert figure(filled, "Q6") == text
    assert figure(filled, "A2") == text
    assert fill(data, LATER).data is None


def _unescaped(text: str) -> str:
    from xml.sax.saxutils import unescape

    return unescape(text, {"&quot;": '"', "&apos;": "'"})


def test_what_complainants_wrote_stays_on_their_sheet() -> None:
    """Names, phone numbers and texts of complaints, even in wrong columns, are on no other sheet and in no finding."""
    mark = "RAHASIA"

    def spoil(rows: list[dict[str, object]]) -> None:
        for row in rows:
            row.update({"Pelapor": f"{mark} Siti", "Uraian": f"{mark} 0812-3333-4444", "Layanan": f"{mark} L"})
            row["Uraian Tindak Lanjut"] = f"{mark} ditelepon"
        headings = HEADINGS["tblKeluhan"]
        for n, heading in enumerate(headings * 2):
            rows[n][heading] = f"{mark} Budi {n // len(headings)}"

    filled = with_content("kesalahan-umum", tblKeluhan=spoil)
    assert sum(f.sheet == "Keluhan" for f in filled.findings) > 20
    told = [f for f in filled.findings if mark in f.message + f.fix + (f.cell or "")]
    assert told == []
    assert not any(mark in str(edit.value) + str(edit.formula) for edit in filled.edits)
    parts = Parts(data_of(filled))
    holding = {name for name, content in parts.content.items() if mark.encode() in content}
    assert holding == {parts.sheet("Keluhan")}


HUGE: dict[str, Callable[[], Filled]] = {
    "scores": lambda: with_content(tblPertanyaan=each(Skor=1.7e308)),
    "scores of tiny maxima": lambda: with_content(tblPertanyaan=each(**{"Skor": 1e300, "Skor Maks": 1e-300})),
    "tiny targets": lambda: with_content(tblTarget=each(**{"Target 2025": 5e-324})),
    "budget": lambda: with_content(tblAnggaran=each(**{"Pagu Murni": 1.7e308, "Realisasi TW IV": 1.7e308})),
    "dates": lambda: with_content(tblKeluhan=each(**{"Tanggal Masuk": 1e300, "Tanggal Tindak Lanjut": 1e15})),
    "weights": lambda: with_content(Bobot_Dokumen=1.7e308, Bobot_Anggaran=-1e308),
    "reported": lambda: with_content(tblRealisasi=frozen((4, "IKU-1", 1.7e308), (4, "IKU-2", 5e-324))),
}


def each(**values: object) -> Callable[[list[dict[str, object]]], None]:
    """Every row of a table with these values."""

    def change(rows: list[dict[str, object]]) -> None:
        for row in rows:
            row.update(values)

    return change


@pytest.mark.parametrize("name", HUGE)
def test_numbers_at_the_end_of_what_a_cell_holds_are_no_accident(name: str) -> None:
    """They are computed or refused with a message; never an exception of ours, never a file that Excel minds."""
    try:
        filled = HUGE[name]()
    except Refusal as refusal:
        assert refusal.code == "angka-tidak-sah"
        assert refusal.cell
    else:
        data_of(filled)


@pytest.mark.parametrize(
    "text", ["8_x0001_5", "_x005F_x0041_", "_xD83D_", "_xFFFE_", "a\nb \t", "a\"b'c<&>]]>", "\U0001f600 x"]
)
def test_strange_letters_pass_through_unharmed(text: str) -> None:
    """What XML can't hold or Excel escapes is stored so that it is read again as it was."""
    change = each(Analisis=text, Sasaran=text)
    filled = with_content(tblTarget=change, tblDokumen=each(**{"Batas Waktu": text}), Perangkat_Daerah=text)
    assert fill(data_of(filled, deep=True), LATER).data is None


# --- which figure is shown


def frozen(*figures: tuple[int, str, float]) -> Callable[[list[dict[str, object]]], None]:
    """tblRealisasi with just these figures of 2025: quarter, indicator, value."""

    def change(rows: list[dict[str, object]]) -> None:
        rows[:] = [{"Tahun": 2025, "Triwulan": q, "Kode IKU": code, "Nilai": value} for q, code, value in figures]

    return change


def test_a_frozen_quarter_is_shown_as_reported() -> None:
    """A figure in tblRealisasi is what Ringkasan shows; the index's own cell holds today's computation."""
    filled = with_content(tblRealisasi=frozen((2, "IKU-2", 12.5), (4, "IKU-3", 34.25), (1, "IKU-1", 56)))
    assert float(figure(filled, "G7") or 0) == 12.5
    assert float(figure(filled, "I8") or 0) == 34.25
    assert float(figure(filled, "F6") or 0) == 56
    assert figure(filled, "G6") in (None, "")
    assert figure(filled, "O8") == "dilaporkan"
    assert figure(filled, "O7") == "penilaian mandiri"
    assert filled.indices == first().indices
    assert figure(filled, "D17") == first().indices["IKU-3"]


@pytest.mark.parametrize(
    ("source", "typed", "shown", "word"),
    [
        ("BKN", 70.18, 70.18, "hasil BKN"),
        ("bkn", 70.18, 70.18, "hasil BKN"),
        ("Mandiri", 70.18, 64.5, "dilaporkan"),
        ("BKN", None, 64.5, "dilaporkan"),
        ("BKN", "70,18", 64.5, "dilaporkan"),
        ("BKN", CellError("#N/A"), 64.5, "dilaporkan"),
    ],
)
def test_the_bkn_value_comes_first_when_the_switch_says_so(source: str, typed: object, shown: float, word: str) -> None:
    """A typed number with the switch on BKN replaces even a frozen figure; anything else does not."""
    filled = with_content(tblRealisasi=frozen((4, "IKU-1", 64.5)), Sumber_IKU1=source, Indeks_NSPK_BKN=typed)
    assert float(figure(filled, "I6") or 0) == shown
    assert figure(filled, "O6") == word
    assert filled.indices["IKU-1"] == first().indices["IKU-1"]
    data_of(filled)


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
