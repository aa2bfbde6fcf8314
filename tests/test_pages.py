"""What comes out of the printer: as many pages as there should be, nothing cut off, the signature never alone.

The workbooks: a clean one, one with very long names, one with 250 questions, one with every mistake; the long form has
the other examples and an empty one too. LibreOffice prints them; whether a text has room is computed from Arial's
widths, since a text that is cut off is still whole in a PDF.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from checks_cases import CASES

from iku_excel.form.checks import CODES
from iku_excel.form.layout import OUTPUT_SHEETS, RINGKASAN
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.selection import F4, only
from tests.judges.office import printed_pages, require_office
from tests.support_pages import ALIKE, BOOKS, EXCLUDED, LINE, PADDING, book, cut_off, faint, lines, opened

FORM = "Formulir IKU"
PAGES = {"Petunjuk": 1, "NSPK": 1, "Kesekretariatan": 1, RINGKASAN: 1, "Riwayat": 1, FORM: 2}
"""How many pages a sheet has, whatever is in it."""

FINDING_PAGES = {"semua-temuan": 14}
"""At most so many pages of Pemeriksaan, 12 elsewhere."""

every_book = pytest.mark.parametrize("name", [*BOOKS, *(pytest.param(name, marks=pytest.mark.trust) for name in ALIKE)])


@cache
def pages(name: str, folder: Path) -> tuple[tuple[str, str], ...]:
    """Each printed page of a workbook: its sheet, as the footer says, and its text."""
    path = folder / f"{name}.xlsx"
    path.write_bytes(book(name))
    found = []
    for text in printed_pages(path):
        footer = re.search(r"(\S.*?) {2,}Halaman \d+ dari \d+\s*$", text)
        assert footer, text[-200:]
        found.append((footer[1].strip(), text))
    return tuple(found)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the printed workbooks lie."""
    require_office()
    return tmp_path_factory.mktemp("cetak")


@pytest.mark.office
@every_book
def test_pages_are_as_many_as_they_should_be(name: str, folder: Path) -> None:
    """Ringkasan is exactly one page; every other sheet that doesn't grow has its fixed number; none is missing."""
    sheets = [sheet for sheet, _ in pages(name, folder)]
    assert {sheet: sheets.count(sheet) for sheet in PAGES} == PAGES
    assert set(OUTPUT_SHEETS) <= set(sheets)
    assert sheets.count("Pengaturan") <= 8 and sheets.count("Pemeriksaan") <= FINDING_PAGES.get(name, 12)


@pytest.mark.office
@every_book
def test_the_signature_is_never_alone(name: str, folder: Path) -> None:
    """The last page of the form holds the table of indicators above the signature, Ringkasan its figures."""
    last = {sheet: text for sheet, text in pages(name, folder) if sheet in (FORM, RINGKASAN)}
    assert "Sumber Data" in last[FORM] and "Realisasi" in last[RINGKASAN]
    # without a NIP that is a text, the rank above it
    line = {"kosong": "", "semua-temuan": "Pembina"}.get(name, "NIP")
    assert line in last[FORM] and line in last[RINGKASAN]


@pytest.mark.office
@every_book
def test_no_number_becomes_hashes_and_no_page_is_blank(name: str, folder: Path) -> None:
    """Nothing of the extremes prints as "###", and no page holds its footer alone."""
    for sheet, text in pages(name, folder):
        assert "###" not in text, sheet
        assert len(text.split()) > 12, sheet


@pytest.mark.office
def test_headings_stand_on_every_page_of_a_long_register(folder: Path) -> None:
    """250 questions and 300 complaints: each page begins with the row of headings."""
    for name, sheet, heading in (
        ("250-pertanyaan", "NSPK_Pertanyaan", "Kode"),
        ("250-pertanyaan", "Keluhan", "Tracking"),
        ("semua-temuan", "Pemeriksaan", "Tingkat"),
    ):
        texts = [text for title, text in pages(name, folder) if title == sheet]
        assert len(texts) > 1 and all(heading in text[:4000] for text in texts), sheet


@pytest.mark.office
def test_complainants_are_on_their_own_sheet_only(folder: Path) -> None:
    """Names of complainants are printed with the sheet Keluhan and nowhere else."""
    seen = {sheet for sheet, text in pages("semua-temuan", folder) if "CONTOH Pelapor" in text}
    assert seen == {"Keluhan"}


@pytest.mark.office
@pytest.mark.parametrize("name", ["nama-panjang", pytest.param("bersih", marks=pytest.mark.trust)])
def test_f4_takes_the_same_pages(name: str, folder: Path) -> None:
    """On 21 × 33 cm Ringkasan stays one page and the form two, the signature with its table."""
    package = Package.open(book(name))
    wanted = [part for part in package.sheets if part.name in (RINGKASAN, FORM)]
    path = folder / f"{name}-f4.xlsx"
    path.write_bytes(only(package, wanted, F4))
    texts = printed_pages(path)
    assert len(texts) == 3
    assert "NIP" in texts[-1] and "Sumber Data" in texts[-1]


@pytest.mark.parametrize("sheet", ["Petunjuk", "Pengaturan", *OUTPUT_SHEETS])
@every_book
def test_nothing_is_cut_off(name: str, sheet: str) -> None:
    """Every text has room in its cell or the empty ones beside it, a number in its column, lines in their row."""
    assert list(cut_off(opened(name)[sheet])) == []


@pytest.mark.parametrize("sheet", ["Pengaturan", *OUTPUT_SHEETS])
@pytest.mark.parametrize("name", ["nama-panjang", "semua-temuan"])
def test_every_text_stands_out(name: str, sheet: str) -> None:
    """Contrast of 4.5:1 at least, also where a rule colours what must be mended."""
    assert list(faint(opened(name)[sheet])) == []


def test_what_has_no_room_is_noticed() -> None:
    """The measure is no rubber stamp: unbroken, the same title and name run out of both sheets."""
    for sheet, cells in ((opened("nama-panjang")[RINGKASAN], ("L38", "L45")), (opened("nama-panjang")[FORM], ("E63",))):
        for cell in cells:
            kept, sheet[cell].value = sheet[cell].value, "CONTOH Nama Dan Gelar Yang Tidak Dipotong " * 3
            found = [place.split(":")[0] for place in cut_off(sheet)]
            sheet[cell].value = kept
            assert found == [f"{sheet.title}!{cell}"]


def test_every_finding_fits_its_row() -> None:
    """Message and mend of each code that the tests of findings produce take two lines at most, as high as rows are."""
    sheet = opened("semua-temuan")["Pemeriksaan"]
    rooms = [round(sheet.column_dimensions[column].width * 7) - PADDING for column in "FG"]
    assert sheet.sheet_format.defaultRowHeight >= 2 * LINE
    for code, make, *_ in CASES:
        for finding in make().findings():
            for text, room in zip((finding.message, finding.fix), rooms, strict=True):
                assert lines(text, room, 10, False) <= 2, (code, text)


def test_the_book_of_every_mistake_has_nearly_every_code() -> None:
    """What is looked at above is as bad as can be: no code is missing but those that exclude others."""
    found = {row[2].value for row in opened("semua-temuan")["Pemeriksaan"].iter_rows(min_row=6)}
    assert set(CODES) - found == EXCLUDED
