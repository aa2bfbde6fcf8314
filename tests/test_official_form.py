"""Formulir IKU: the source document's form, by formulas that other programs compute alike, on paper and on screen."""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest

from iku_excel.cells import Cell, CellError
from iku_excel.edits import Edit, Value
from iku_excel.fill import Filled, Opened, fill, open_workbook
from iku_excel.form.figures import figures
from iku_excel.form.layout import FORMULIR
from iku_excel.form.lines import first_line, one_line
from iku_excel.form.official_form import (
    FUNCTION_ROWS,
    HEAD,
    INDENT,
    LEFT_OVER,
    LINES,
    OVER,
    ROOM,
    SECTION,
    SIGNATURE,
    SLOTS,
    official_sheet,
)
from iku_excel.form.template import build, target_rows
from iku_excel.form.template.content import Content, Row
from iku_excel.rules.loader import rules_for
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import TableData
from tests.judges import iron, office
from tests.judges.excel import assert_excel_accepts
from tests.support_fill import MOMENT
from tests.support_random import ERRORS, random_content

SIGNATORY = {
    "Kota": "Samarinda",
    "Tanggal_Laporan": datetime.date(2023, 11, 12),
    "Jabatan_Pejabat": "Kepala BKD Prov. Kaltim",
    "Nama_Pejabat": "CONTOH Nama, M.Si",
    "Pangkat_Pejabat": "Pembina Utama Muda",
    "NIP_Pejabat": "198001012005011001",
}


@cache
def opened() -> Opened:
    """A new workbook of BKD's with a signatory."""
    return open_workbook(build(2025, Content(SIGNATORY)))


def form_of(settings: dict[str, Cell] | None = None, **tables: Sequence[Row]) -> dict[str, Value]:
    """The form of that workbook with other settings and tables: cell → value, but for empty cells and workings."""
    inputs = opened().inputs
    changed = dict(inputs.tables)
    for name, rows in tables.items():
        old = changed[name]
        cells: dict[str, list[Any]] = {h: [row.get(h) for row in rows] for h in old.headings}
        changed[name] = TableData.of(name, old.sheet, cells, first_row=old.first_row, first_col=old.first_col)
    inputs = replace(inputs, tables=changed, settings={**inputs.settings, **(settings or {})})
    values = figures(inputs, opened().result, ())
    return shown((c.cell, values[c.key]) for c in official_sheet(inputs.places))


def printed(filled: Filled) -> dict[str, Value]:
    """The form of a filled workbook."""
    return shown((e.cell, e.value) for e in filled.edits if e.sheet == FORMULIR)


def shown(cells: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    """The filled cells of the print area."""
    return {cell: value for cell, value in cells if cell[0] < "G" and value is not None}


def lines(form: dict[str, Value]) -> list[str]:
    """The lines of page 1 under the title."""
    return [str(form[f"A{row}"]) for row in range(2, SECTION) if f"A{row}" in form]


def table(form: dict[str, Value]) -> list[list[Value]]:
    """The rows of the table."""
    return [[form.get(f"{column}{row}") for column in "ABCDEF"] for row in SLOTS]


def targets(**changes: Row) -> list[Row]:
    """The three rows of tblTarget with other cells: IKU_2={"Sasaran": "…"}."""
    rows = target_rows(rules_for(2025))
    return [dict(row) | dict(changes.get(str(row["Kode IKU"]).replace("-", "_"), {})) for row in rows]


def test_the_form_of_bkd_is_that_of_the_source_document() -> None:
    """Heading, Tugas, the functions a to i, three indicators under two Sasaran, and the signatory, in its words."""
    form, rules = form_of(), rules_for(2025)
    assert form["A1"] == "INDIKATOR KINERJA UTAMA TAHUN 2024 - 2026"
    page = " ".join(line.strip() for line in lines(form))
    functions = " ".join(f"{f.huruf}. {f.uraian}" for f in rules.functions)
    assert page == f"1. Perangkat Daerah : {rules.agency} 2. Tugas : {rules.duty} 3. Fungsi : {functions}"
    one, two, three = rules.indicators
    assert table(form) == [
        [1, one.sasaran, one.iku, one.satuan, one.explained, one.sumber_data],
        [2, two.sasaran, f"1. {two.iku}", two.satuan, two.explained, two.sumber_data],
        [None, None, f"2. {three.iku}", three.satuan, three.explained, None],
    ]
    assert [form[f"E{row}"] for row in range(SIGNATURE, SIGNATURE + 10) if f"E{row}" in form] == [
        "Samarinda, 12 November 2023", "Kepala BKD Prov. Kaltim", "CONTOH Nama, M.Si", "Pembina Utama Muda",
        "NIP. 198001012005011001",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "numbers", "names"),
    [
        ({"IKU_1": {"Berlaku": "Tidak"}}, [1, None, None], ["1. B", "2. C", None]),
        ({"IKU_2": {"Berlaku": "tidak"}}, [1, 2, None], ["A", "C", None]),
        ({"IKU_1": {"Berlaku": "Tidak"}, "IKU_3": {"Berlaku": "Tidak"}}, [1, None, None], ["B", None, None]),
        ({"IKU_3": {"Sasaran": "lain"}}, [1, 2, 3], ["A", "B", "C"]),
        ({"IKU_1": {"Sasaran": "S"}, "IKU_3": {"Sasaran": " s "}}, [1, None, 2], ["1. A", "2. C", "B"]),
        ({f"IKU_{n}": {"Sasaran": "S\nT"} for n in (1, 2, 3)}, [1, None, None], ["1. A", "2. B", "3. C"]),
        ({"IKU_2": {"Sasaran": None}, "IKU_3": {"Sasaran": " "}}, [1, 2, 3], ["A", "B", "C"]),
        ({"IKU_1": {"Kode IKU": "lain"}}, [1, None, None], ["1. B", "2. C", None]),
    ],
)  # fmt: skip
def test_sasaran_are_numbered_and_indicators_within_them(
    changes: dict[str, Row], numbers: list[Value], names: list[Value]
) -> None:
    """Only carried indicators, without gaps; those of one Sasaran stand together under its one number."""
    named = {f"IKU_{n}": {"IKU": name} | dict(changes.get(f"IKU_{n}", {})) for n, name in enumerate("ABC", 1)}
    rows = table(form_of(tblTarget=targets(**named)))
    assert [row[0] for row in rows] == numbers
    assert [row[2] for row in rows] == names


def test_years_follow_the_target_columns() -> None:
    """The heading spans the first and last "Target YYYY" column; a single one stands alone."""
    for years, shown in (((2027, 2029, 2028), "2027 - 2029"), ((2025,), "2025")):
        filled = fill(build(2025, Content(years=years)), MOMENT)
        assert printed(filled)["A1"] == f"INDIKATOR KINERJA UTAMA TAHUN {shown}"


def test_a_new_agency_gets_the_bare_form() -> None:
    """Without Tugas, Fungsi and signatory the form has its headings and nothing that is not so."""
    form = printed(fill(build(2025, Content({"Perangkat_Daerah": "CONTOH Dinas"})), MOMENT))
    assert lines(form) == ["1. Perangkat Daerah : CONTOH Dinas", "2. Tugas :", "3. Fungsi :"]
    assert [cell for cell in form if cell[0] == "E" and int(cell[1:]) > SLOTS[-1]] == []


def test_errors_and_blank_rows_leave_nothing_behind() -> None:
    """An error, a number or blanks in Tugas and tblFungsi count as empty; the other rows close up."""
    rows: list[Row] = [
        {"Huruf": "a", "Uraian": "satu"},
        {"Huruf": "b", "Uraian": CellError("#REF!")},
        {"Huruf": "c", "Uraian": " "},
        {},
        {"Huruf": CellError("#N/A"), "Uraian": "=1+1"},
        {"Huruf": "e.", "Uraian": "dua \n  baris"},
        {"Huruf": "f)", "Uraian": 5.0},
        {"Huruf": "g)", "Uraian": "tujuh"},
    ]
    form = form_of({"Tugas": CellError("#NAME?"), "Kota": CellError("#N/A"), "NIP_Pejabat": 5.0}, tblFungsi=rows)
    points = ("a. satu", "=1+1", "e. dua baris", "g) tujuh")
    assert lines(form)[1:] == ["2. Tugas :", "3. Fungsi :", *(f"{INDENT}{point}" for point in points)]
    assert form[f"E{SIGNATURE}"] == "12 November 2023"
    assert not any(str(value).startswith("NIP") for value in form.values())


def test_what_finds_no_room_is_told() -> None:
    """More than 20 functions, or more lines than the page has, are never left out in silence."""
    rows = [{"Huruf": "x", "Uraian": f"fungsi {n}"} for n in range(FUNCTION_ROWS + 3)]
    told = lines(form_of(tblFungsi=rows))[-1]
    assert told.strip() == "dan 3 fungsi lagi; selengkapnya di lembar Pengaturan"
    form = form_of({"Tugas": "kata " * 2000}, tblFungsi=rows)
    assert len(lines(form)) == LINES + 1
    assert form[f"A{OVER}"] == LEFT_OVER
    assert f"A{OVER}" not in form_of()


@pytest.mark.parametrize(
    ("text", "room", "line"),
    [
        ("satu dua", 8, "satu dua"),
        ("satu dua tiga", 8, "satu dua"),
        ("satu dua tiga", 7, "satu"),
        ("tanpaspasi", 4, "tanp"),
        ("", 4, ""),
    ],
)
def test_a_line_ends_at_a_blank(text: str, room: int, line: str) -> None:
    """A line holds whole words; only a word longer than the line is cut."""
    assert first_line(text, room) == line


def test_every_month_has_its_indonesian_name() -> None:
    """The date beside the signature, month by month, as written out here."""
    names = "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"
    for month, name in enumerate(names.split(), 1):
        day = float((datetime.date(2025, month, 9) - datetime.date(1899, 12, 30)).days)
        assert form_of({"Kota": "Samarinda", "Tanggal_Laporan": day})[f"E{SIGNATURE}"] == f"Samarinda, 9 {name} 2025"


def test_no_letter_is_lost_between_lines() -> None:
    """The lines of a random text, joined again, are the text."""
    rng = Random(7)
    for _ in range(20):
        words = ["x" * rng.choice((1, 3, 7, 12, 40, ROOM, ROOM + 1, 150)) for _ in range(12)]
        duty = " ".join(words)
        found = [line.removeprefix(INDENT) for line in lines(form_of({"Tugas": duty}))[1:]]
        text = found[: found.index("3. Fungsi :")]
        assert max(map(len, text)) <= ROOM
        assert "".join(text).replace(" ", "") == f"2.Tugas:{duty}".replace(" ", "")


def test_one_line_is_what_excels_trim_leaves() -> None:
    """Line breaks and doubled blanks become one blank, no-break spaces stay, what is no text is empty."""
    assert one_line("  a\n\n b   c\u00a0 ") == "a b c\u00a0"
    assert [one_line(cell) for cell in (None, 5.0, True, CellError("#N/A"))] == [""] * 4


WORDS = ("kebijakan", "teknis", "ASN,", "~*?", '"kutip"', "&", "<b>", "=1+1", "di", "x" * 120, "  ", "\n")


def wild(seed: int) -> tuple[int, Content]:
    """A random workbook whose texts of the form are random too: long, blank, broken, errors, repeated Sasaran."""
    rng = Random(seed)
    year, content = random_content(seed, 0.1 * (seed % 2))

    def text(most: int) -> object:
        words = " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, most)))
        return rng.choice((words, words, words, words, words.upper(), None, rng.choice(ERRORS), 7, " "))

    goals = rng.sample(("Sasaran satu", "sasaran SATU", "Sasaran dua", "Sasaran\ndua ", None, "Sasaran tiga"), 3)
    rows = []
    for row in content.tables["tblTarget"]:
        changes: dict[str, object] = {"Sasaran": rng.choice(goals), "Formulasi": text(60), "IKU": text(9)}
        changes["Sumber Data"] = rng.choice(("Sumber", "SUMBER", None, "Lain"))
        rows.append(dict(row) | changes)
    functions = [
        {"Huruf": rng.choice(("a", "b.", "c)", None, 1, "", CellError("#N/A"))), "Uraian": text(40)}
        for _ in range(rng.choice((2, 9, 20, 24)))
    ]
    settings: dict[str, object] = {name: rng.choice((value, None, text(20))) for name, value in SIGNATORY.items()}
    settings["Tanggal_Laporan"] = rng.choice((datetime.date(2025, 2, 3), datetime.datetime(2025, 12, 31, 23), 60, None))
    settings |= {"Tugas": text(60), "Perangkat_Daerah": text(8)}
    tables = dict(content.tables) | {"tblTarget": rows, "tblFungsi": functions}
    return year, Content(dict(content.settings) | settings, tables)


def made(folder: Path, seeds: Sequence[int]) -> dict[Path, dict[str, tuple[Value, str]]]:
    """Filled random workbooks with the form's value and formula by cell."""
    books = {}
    for seed in seeds:
        year, content = wild(seed)
        filled = fill(build(year, content), MOMENT)
        path = folder / f"formulir-{seed}.xlsx"
        path.write_bytes(filled.data or b"")
        books[path] = {e.cell: (e.value, e.formula or "") for e in filled.edits if e.sheet == FORMULIR}
    return books


def differing(cells: dict[str, tuple[Value, str]], theirs: office.Recalculated | iron.Evaluated) -> list[str]:
    """The cells that another program computes otherwise."""
    faults = []
    for cell, (ours, formula) in cells.items():
        found = theirs.value(FORMULIR, cell)
        if ("" if found is None else found) != ("" if ours is None else ours):
            faults.append(f"{cell}: ours {ours!r}, theirs {found!r}, {formula}")
    return faults


def judged_by_libreoffice(folder: Path, seeds: range) -> None:
    """Ask LibreOffice, half under each locale."""
    books = made(folder, seeds)
    half = len(books) // 2
    for locale, part in (("en-US", list(books)[:half]), ("id-ID", list(books)[half:])):
        for path, result in office.recalculate(part, locale).items():
            assert differing(books[path], result) == [], path.name


@pytest.mark.office
def test_libreoffice_computes_the_same_form(tmp_path: Path) -> None:
    """Every cell of the form of six random workbooks comes out of LibreOffice letter by letter."""
    office.require_office()
    judged_by_libreoffice(tmp_path, range(6))


@pytest.mark.office
@pytest.mark.trust
def test_libreoffice_computes_the_same_form_of_120_workbooks(tmp_path: Path) -> None:
    """The long form."""
    office.require_office()
    judged_by_libreoffice(tmp_path, range(100, 220))


def test_ironcalc_computes_the_same_form(tmp_path: Path) -> None:
    """A second program agrees on every cell of the form that it can compute; the others hold our value."""
    judged = 0
    for path, cells in made(tmp_path, range(315, 318)).items():
        known = {cell: found for cell, found in cells.items() if not iron.reasons(found[1])}
        lent = [Edit(FORMULIR, cell, cells[cell][0]) for cell in cells.keys() - known.keys()]
        path.write_bytes(apply_edits(Package.open(path.read_bytes()), lent).data or b"")
        faults = differing(known, iron.evaluate(path))
        assert faults == [], f"{path.name}: {faults[:9]}"
        judged += len(known)
    assert judged > 1000


@pytest.mark.office
def test_it_prints_on_two_upright_pages(tmp_path: Path) -> None:
    """Page 1 ends before the table; the table and the whole signature share page 2, for long and short texts."""
    office.require_office()
    short = targets(IKU_1={"Berlaku": "Tidak"})
    for n, content in enumerate((Content(SIGNATORY), Content(SIGNATORY, {"tblTarget": short}))):
        path = tmp_path / f"cetak-{n}.xlsx"
        path.write_bytes(fill(build(2025, content), MOMENT).data or b"")
        assert len(office.render(path, FORMULIR)) == 2


def test_print_setup_and_looks() -> None:
    """A4 upright at a fixed scale with a break before the table, whose head is repeated; borders by rule only."""
    from openpyxl import load_workbook

    data = build(2025, Content())
    assert_excel_accepts(data)
    sheet = load_workbook(io.BytesIO(data))[FORMULIR]
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("portrait", 9)
    assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert [b.id for b in sheet.row_breaks.brk] == [OVER]
    assert sheet.print_title_rows == f"${HEAD}:${HEAD}"
    assert sheet[f"B{SLOTS[0]}"].border.left.style is None
    sides = [rule.dxf.border for block in sheet.conditional_formatting for rule in block.rules]
    assert len(sides) == 9 and all(side.left.style == side.right.style == "thin" for side in sides)
    # lines run over their neighbours, which must not even hold an empty text
    assert not [f"{c}{row}" for row in range(3, SECTION) for c in "BCDEF" if sheet[f"{c}{row}"].value is not None]
