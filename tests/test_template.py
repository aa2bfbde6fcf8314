"""The new workbook against the contract, which is written out here and not taken from the program's own map."""

from __future__ import annotations

import datetime
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from iku_excel.cells import CellError
from iku_excel.examples import example_content
from iku_excel.form.outputs import output_sheets
from iku_excel.form.sheetmap import Places
from iku_excel.form.template import build
from iku_excel.form.template.content import Content, Formula
from iku_excel.form.template.settings_page import public_holidays
from iku_excel.rules import rules_for
from tests.judges.excel import assert_excel_accepts
from tests.judges.office import recalculate, require_office
from tests.support_template import (
    INPUT_NAMES,
    INPUTS,
    OUTPUT_NAMES,
    OUTPUTS,
    TABLES,
    blank,
    column,
    load,
    named,
    opened,
    part,
    tables,
)


def test_sheets_come_in_the_order_of_the_contract() -> None:
    """All sheets are there, in order, visible, and the guide is the one that opens."""
    book = opened()
    assert book.sheetnames == ["Petunjuk", *INPUTS, *OUTPUTS]
    assert {sheet.sheet_state for sheet in book.worksheets} == {"visible"}
    assert book.active.title == "Petunjuk"


def test_tables_and_headings_are_those_of_the_contract() -> None:
    """Every table has exactly its headings, as the table part and as header cells, and a data row at least."""
    found = tables(opened())
    assert TABLES.keys() <= found.keys()
    for name, headings in TABLES.items():
        sheet, table = found[name]
        head, *rows = sheet[table.ref]
        assert [cell.value for cell in head] == headings.split(", "), name
        assert [c.name for c in table.tableColumns] == headings.split(", "), name
        assert rows, name
    assert [r[0].value for r in found["tblTarget"][0][found["tblTarget"][1].ref]][1:] == ["IKU-1", "IKU-2", "IKU-3"]


def test_target_years_follow_the_content() -> None:
    """Another Renstra has its own yearly target columns, and the comparison with the last one follows."""
    book = load(build(2027, Content(years=(2027, 2028, 2029, 2030))))
    sheet, table = tables(book)["tblTarget"]
    assert [c.value for c in sheet[table.ref][0]][7:11] == [f"Target {y}" for y in (2027, 2028, 2029, 2030)]
    assert book["Ringkasan"]["N5"].value == "Terhadap Target 2030"
    assert "Target!$A$4:$T$4" in book["Ringkasan"]["X8"].value


def test_defined_names_mean_one_absolute_cell_each() -> None:
    """All names of the contract exist, for the whole workbook, inputs on Pengaturan, outputs on output sheets."""
    book = opened()
    for name in INPUT_NAMES + OUTPUT_NAMES:
        target = book.defined_names[name].attr_text
        assert re.fullmatch(r"[A-Za-z_]+!\$[A-Z]+\$[0-9]+", target), name
        assert target.startswith("Pengaturan!") == (name in INPUT_NAMES), name
        assert target.split("!")[0] in INPUTS + OUTPUTS


def test_settings_hold_the_rules_values() -> None:
    """Weights, year, quarter and version are filled in, and the scale is the regulation's."""
    book = opened()
    values = {name: named(book, name).value for name in INPUT_NAMES}
    assert [values[f"Bobot_{p}"] for p in ("Dokumen", "Anggaran", "Diklat", "Sarpras")] == [40, 30, 25, 5]
    assert (values["Tahun"], values["Triwulan"], values["IKU_Versi_Templat"]) == (2025, 4, 3)
    assert values["Batas_Capaian"] is None and values["Nama_Pejabat"] is None
    assert [c.value for c in column(book, "tblSkalaCapaian", "Batas Bawah")] == [91, 76, 66, 51, 0]
    assert len(column(book, "tblFungsi", "Huruf")) == 9
    texts = [c.value for row in book["Pengaturan"].iter_rows() for c in row if isinstance(c.value, str)]
    assert "belum diverifikasi" in texts
    assert any("Permendagri Nomor 86 Tahun 2017" in t for t in texts)


def test_another_agency_does_not_inherit_the_source_documents_duty() -> None:
    """Tugas, Fungsi and the data sources of BKD Kaltim are left out for any other unit."""
    book = load(build(2025, Content({"Perangkat_Daerah": "CONTOH Dinas"})))
    assert named(book, "Tugas").value is None
    assert {c.value for c in column(book, "tblFungsi", "Uraian")} == {None}
    assert {c.value for c in column(book, "tblTarget", "Sumber Data")} == {None}


def test_holidays_come_in_indonesian_and_within_the_limit() -> None:
    """17 August is among the year's holidays, with an Indonesian name, and 100 rows are never exceeded."""
    days = dict(public_holidays(2025))
    assert days[datetime.date(2025, 8, 17)] == "Hari Kemerdekaan Republik Indonesia"
    assert len(days) <= 100 and {day.year for day in days} == {2025}
    written = [c.value.date() for c in column(opened(), "tblLibur", "Tanggal")]
    assert written == sorted(days)


def test_documents_are_due_in_the_workbooks_year() -> None:
    """The register is filled in with deadlines that say they are not verified."""
    book = opened(2026)
    due = {
        n.value: d.value.date()
        for n, d in zip(*(column(book, "tblDokumen", h) for h in ("Nama Dokumen", "Batas Waktu")), strict=True)
    }
    assert due["Perjanjian Kinerja"] == datetime.date(2026, 1, 31)
    assert due["RKA"] == datetime.date(2025, 9, 30)
    assert {c.value for c in column(book, "tblDokumen", "Keterangan")} == {"Batas waktu belum diverifikasi."}


def test_every_formula_of_the_map_is_in_its_cell() -> None:
    """Array formulas are marked as such on their one cell, all others are plain; nothing is left out."""
    book = opened()
    places = Places("Target!$A$4:$S$4", "Target!$A$5:$S$7", 2026)
    count = 0
    for page in output_sheets(rules_for(2025), places):
        for cell in page.cells:
            value = book[page.sheet][cell.cell].value
            if cell.formula is None:
                continue
            count += 1
            if cell.array:
                assert (value.ref, value.text) == (cell.cell, f"={cell.formula}")
            else:
                assert value == f"={cell.formula}", (page.sheet, cell.cell)
    assert count > 500


def test_the_same_content_gives_the_same_bytes() -> None:
    """No clock gets in: two builds agree byte by byte, and the dates inside are fixed."""
    assert build(2025, Content()) == blank()
    with zipfile.ZipFile(io.BytesIO(blank())) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.infolist()[0].filename == "[Content_Types].xml"
        assert archive.read("docProps/core.xml").count(b"2024-01-01T00:00:00Z") == 2
        assert b"openpyxl" not in archive.read("docProps/core.xml") + archive.read("docProps/app.xml").lower()


def test_the_bytes_do_not_depend_on_lxml() -> None:
    """openpyxl writes with lxml where it finds it (here), else without (at the users'): the same workbook."""
    script = (
        "import sys; from iku_excel.form.template import build; from iku_excel.examples import example_content;"
        "sys.stdout.buffer.write(build(*example_content('kesalahan-umum')))"
    )
    outcome = {}
    for lxml in ("True", "False"):
        environment = os.environ | {"OPENPYXL_LXML": lxml, "PYTHONPATH": str(Path(__file__).parents[1])}
        run = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=True)
        outcome[lxml] = run.stdout
    assert outcome["True"] == outcome["False"]
    assert outcome["True"] == build(*example_content("kesalahan-umum"))


def test_excel_is_not_told_to_recompute() -> None:
    """Forced recalculation makes Excel ask to save on closing; an old engine number does so too."""
    with zipfile.ZipFile(io.BytesIO(blank())) as archive:
        found = re.search(rb"<calcPr[^>]*>", archive.read("xl/workbook.xml"))
    assert found and b'fullCalcOnLoad="1"' not in found[0] and b'calcId="191029"' in found[0]


STRANGE = Content(
    tables={
        "tblKeluhan": [
            {
                "Uraian": "=1+1",
                "Pelapor": "+62 800",
                "Layanan": "#N/A",
                "Tracking ID": "0012",
                "No": Formula("1+2", 3.0),
            },
            {"Uraian": CellError("#REF!"), "No": Formula("2+2"), "Tanggal Masuk": datetime.datetime(2025, 3, 1, 12)},
            {"Uraian": 'a < b & "c"', "Layanan": Formula('"x"', "x<y")},
        ],
        "tblPegawai": [{"NIP": 198501012010011001.0}],
    },
    below={"tblKeluhan": [{"Uraian": "di luar tabel"}]},
)


def test_values_arrive_as_what_they_are() -> None:
    """Text that looks like a formula or an error stays text; errors, formulas and stored values are real."""
    data = build(2025, STRANGE)
    xml = part(data, "Keluhan")
    cells = dict(re.findall(r'<c r="([A-Z]+[0-9]+)"([^>]*?(?:/>|>.*?</c>))', xml))
    assert 't="inlineStr"' in cells["I5"] and "<t>=1+1</t>" in cells["I5"] and "<f>" not in cells["I5"]
    assert "<t>#N/A</t>" in cells["G5"] and "<t>+62 800</t>" in cells["H5"] and "<t>0012</t>" in cells["B5"]
    assert 't="e"' in cells["I6"] and "<v>#REF!</v>" in cells["I6"]
    assert cells["A5"].endswith("<f>1+2</f><v>3.0</v></c>")
    assert cells["A6"].endswith("<f>2+2</f></c>")
    assert 't="str"' in cells["G7"] and "<v>x&lt;y</v>" in cells["G7"]
    assert "<v>45717.5</v>" in cells["C6"]
    assert load(data)["Keluhan"]["I5"].quotePrefix
    assert_excel_accepts(data)


def test_rows_below_a_table_stay_outside_it() -> None:
    """The table ends where its rows end; the stray row stands directly under it."""
    book = load(build(2025, STRANGE))
    sheet, table = tables(book)["tblKeluhan"]
    assert table.ref == "A4:Q7" and sheet["I8"].value == "di luar tabel"


def test_an_empty_table_keeps_one_row() -> None:
    """Excel takes no table without a data row."""
    book = load(build(2025, Content(tables={"tblSarpras": []})))
    assert tables(book)["tblSarpras"][1].ref == "A4:L5"


@pytest.mark.parametrize(
    "content", [Content(tables={"tblLain": []}), Content(settings={"Lain": 1}), Content(below={"tblLain": []})]
)
def test_unknown_tables_and_settings_are_errors(content: Content) -> None:
    """A misspelt name is never dropped in silence."""
    with pytest.raises(ValueError, match="Lain"):
        build(2025, content)


def test_a_value_of_another_type_is_an_error() -> None:
    """What no cell can hold is named with its cell."""
    with pytest.raises(ValueError, match="Pegawai!A5: list"):
        build(2025, Content(tables={"tblPegawai": [{"NIP": []}]}))


@pytest.mark.parametrize("year", [2024, 2025, 2026, 2027])
def test_excel_accepts_the_template(year: int) -> None:
    """No repair prompt for any year."""
    assert_excel_accepts(blank(year), deep=year in (2025, 2027))


@pytest.mark.office
def test_libreoffice_finds_no_error_in_any_formula(tmp_path: Any) -> None:
    """An empty workbook shows empty texts and status words, never an error; every formula is computed."""
    require_office()
    path = tmp_path / "iku.xlsx"
    path.write_bytes(blank())
    cells = recalculate([path])[path].cells
    errors = {place: value for place, value in cells.items() if isinstance(value, CellError)}
    assert not errors
    assert cells["Kesekretariatan", "D12"] == "belum lengkap"
    assert cells["Ringkasan", "A3"] == "Tahun 2025 · posisi sampai akhir Triwulan IV"
