"""How the new workbook looks and what it lets staff type: limits, formats, protection, print, contrast."""

from __future__ import annotations

import re
from typing import Any

import pytest

from iku_excel.form.template.content import lines_of
from iku_excel.form.template.guide import SHEET_PURPOSES
from iku_excel.form.template.styles import DOUBTFUL, GRAVE, HEADER, INPUT, LINKED, LOOKS, NOTE, SECTION, SUBTITLE, TITLE
from tests.support_template import INPUTS, OUTPUTS, blank, column, opened, part

CHOICES = {
    ("tblTarget", "Berlaku"): "Ya,Tidak",
    ("tblPertanyaan", "Berlaku"): "Ya,Tidak",
    ("tblPertanyaan", "Status Bukti"): "Lengkap,Sebagian,Belum",
    ("tblDokumen", "Jenis"): "Perencanaan,Penganggaran",
    ("tblPegawai", "Status"): "PNS,PPPK",
    ("tblPegawai", "Aktif"): "Ya,Tidak",
    ("tblSarpras", "Kondisi"): "Baik,Rusak Ringan,Rusak Berat,Hilang",
    ("tblKeluhan", "Klasifikasi"): "Keluhan,Pengaduan,Permintaan Informasi,Aspirasi",
    ("tblKeluhan", "Kewenangan"): "Ya,Bukan",
    ("tblKeluhan", "Status"): "Baru,Verifikasi,Proses,Selesai,Ditunda,Arsip",
    ("tblRealisasi", "Triwulan"): "1,2,3,4",
    ("tblRealisasi", "Sumber"): "Mandiri,BKN",
    ("tblBatasHari", "Perlu Cek Lapangan"): "Ya,Tidak",
}


def test_only_output_sheets_are_protected_and_without_a_password() -> None:
    """Tables can grow, formulas are locked, and widths, formats, filter and objects stay free."""
    book = opened()
    for sheet in book.worksheets:
        guard = sheet.protection
        assert guard.sheet == (sheet.title in OUTPUTS), sheet.title
        assert guard.password is None
        if guard.sheet:
            free = (
                guard.formatCells,
                guard.formatColumns,
                guard.formatRows,
                guard.autoFilter,
                guard.sort,
                guard.objects,
            )
            assert not any(free), sheet.title
            assert all(c.protection.locked for row in sheet.iter_rows() for c in row)


def validations(sheet: Any) -> dict[str, Any]:
    """Every validation of a sheet by its range."""
    return {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}


def rule_of(book: Any, table: str, heading: str) -> Any:
    """The validation of a table's column, which must reach 1000 rows below the table."""
    cells = column(book, table, heading)
    sheet = cells[0].parent
    area = f"{cells[0].coordinate}:{cells[0].column_letter}{cells[-1].row + 1000}"
    return validations(sheet)[area]


@pytest.mark.parametrize(("table", "heading"), CHOICES)
def test_choices_of_the_contract_are_lists_that_stop_other_words(table: str, heading: str) -> None:
    """Each choice has a drop-down list of exactly its words, and refuses others with an Indonesian text."""
    rule = rule_of(opened(), table, heading)
    assert (rule.type, rule.formula1) == ("list", f'"{CHOICES[table, heading]}"')
    assert rule.showErrorMessage and rule.errorStyle in (None, "stop")
    assert rule.error.startswith("Pilih")


def test_numbers_dates_and_nip_have_limits() -> None:
    """Scores start at 0, dates are dates, a NIP of another length is asked about."""
    book = opened()
    assert (rule_of(book, "tblPertanyaan", "Skor").type, rule_of(book, "tblPertanyaan", "Skor").formula1) == (
        "decimal",
        "0",
    )
    assert rule_of(book, "tblKeluhan", "Tanggal Masuk").type == "date"
    nip = rule_of(book, "tblPegawai", "NIP")
    assert (nip.type, nip.formula1, nip.errorStyle) == ("textLength", "18", "warning")
    channels = rule_of(book, "tblKeluhan", "Kanal")
    assert channels.formula1.startswith('"LAPOR!,') and not channels.showErrorMessage


def test_validation_texts_fit_into_excels_boxes() -> None:
    """Titles ≤ 32, texts ≤ 255 (225 for errors), lists ≤ 255 letters, no structured reference."""
    seen = 0
    for sheet in opened().worksheets:
        for rule in validations(sheet).values():
            seen += 1
            assert len(rule.promptTitle or "") <= 32 and len(rule.errorTitle or "") <= 32
            assert len(rule.prompt or "") <= 255 and len(rule.error or "") <= 225
            assert len((rule.formula1 or "").strip('"')) <= 255
            assert "[" not in f"{rule.formula1}{rule.formula2}"
            assert rule.prompt and (rule.error or not rule.showErrorMessage)
    assert seen > 60


@pytest.mark.parametrize(
    ("table", "heading"),
    [
        ("tblPegawai", "NIP"), ("tblDiklat", "NIP"), ("tblAnggaran", "Kode"), ("tblSarpras", "Kode Barang"),
        ("tblSarpras", "NUP"), ("tblKeluhan", "Tracking ID"), ("tblDokumen", "Nomor"),
    ],
)  # fmt: skip
def test_codes_are_text_and_excel_does_not_offer_to_change_them(table: str, heading: str) -> None:
    """Code columns have the format "@", also below the table, and their numbers as text are not flagged."""
    cells = column(opened(), table, heading)
    assert {c.number_format for c in cells} == {"@"}
    sheet = cells[0].parent
    assert sheet.column_dimensions[cells[0].column_letter].number_format == "@"
    ignored = re.search(r'<ignoredError sqref="([^"]*)" numberStoredAsText="1"/>', part(blank(), sheet.title))
    assert ignored and f"{cells[0].coordinate}:{cells[0].column_letter}{cells[-1].row + 1000}" in ignored[1].split()


def test_dates_and_money_are_formatted() -> None:
    """Dates are shown as dd/mm/yyyy, money with thousands separators."""
    assert {c.number_format for c in column(opened(), "tblKeluhan", "Tanggal Masuk")} == {"dd/mm/yyyy"}
    assert {c.number_format for c in column(opened(), "tblAnggaran", "Pagu Murni")} == {"#,##0"}


def test_nothing_is_merged_and_fonts_are_legible() -> None:
    """No merged cells; every font is Arial of at least 10 points."""
    book = opened()
    assert not any(sheet.merged_cells.ranges for sheet in book.worksheets)
    fonts = {(c.font.name, c.font.sz) for sheet in book.worksheets for row in sheet.iter_rows() for c in row}
    assert {name for name, _ in fonts} == {"Arial"}
    assert min(size for _, size in fonts) >= 10


def luminance(colour: str) -> float:
    """Relative luminance of a colour (WCAG 2)."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_every_text_stands_out_from_its_fill() -> None:
    """Contrast of every style is at least 4.5:1."""
    for style in (HEADER, TITLE, SUBTITLE, SECTION, NOTE, LINKED, INPUT, GRAVE, DOUBTFUL, *LOOKS.values()):
        pair = sorted((luminance(style.ink), luminance(style.fill or "FFFFFF")), reverse=True)
        assert (pair[0] + 0.05) / (pair[1] + 0.05) >= 4.5, style


def test_print_setup_holds_on_every_sheet() -> None:
    """A4, fitted to the width, margins of 1 cm at least, page n of m, header rows on each page."""
    for sheet in opened().worksheets:
        assert sheet.page_setup.paperSize == 9
        # Formulir IKU breaks by hand before its table, which Excel may pass over on a fitted sheet
        fitted = sheet.title != "Formulir IKU"
        assert bool(sheet.sheet_properties.pageSetUpPr.fitToPage) is fitted
        margins = sheet.page_margins
        assert min(margins.left, margins.right, margins.top, margins.bottom) * 2.54 >= 1
        assert sheet.oddFooter.center.text == "Halaman &P dari &N" and sheet.oddFooter.left.text == "&A"
        assert sheet.page_setup.fitToWidth in (None, 1) or sheet.title == "Target"
        if sheet.title not in ("Petunjuk", "Pengaturan", "Ringkasan"):
            header = int(sheet.print_title_rows.strip("$").split(":")[0])
            assert sheet.cell(row=header, column=1).font.b, sheet.title
    assert opened()["Ringkasan"].page_setup.fitToHeight in (None, 1)
    assert opened()["Keluhan"].page_setup.fitToHeight == 0


def test_the_guide_links_to_every_sheet() -> None:
    """Petunjuk names each sheet with its purpose and a link that leads there."""
    sheet = opened()["Petunjuk"]
    links = {c.value: c.hyperlink.location for row in sheet.iter_rows() for c in row if c.hyperlink}
    assert links == {name: f"'{name}'!A1" if " " in name else f"{name}!A1" for name in INPUTS + OUTPUTS}
    assert [name for name, _, _ in SHEET_PURPOSES] == INPUTS + OUTPUTS
    text = " ".join(str(c.value) for row in sheet.iter_rows() for c in row if c.value)
    assert "bukan hasil resmi BKN" in text


def test_heights_follow_the_texts_and_stay_free() -> None:
    """A long text gets a higher row, which Excel may still change: no height is fixed."""
    assert lines_of("satu dua tiga", 100) == 1
    assert lines_of("satu dua tiga", 8) == 2
    assert lines_of("x" * 30, 10) == 3
    xml = part(blank(), "Target")
    assert re.search(r'<row r="6" ht="[0-9.]+">', xml) and 'customHeight="1"' not in xml.split("<sheetData>")[1]
