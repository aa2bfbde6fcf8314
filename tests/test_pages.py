"""What comes out of the printer: as many pages as there should be, nothing cut off, the signature never alone.

The workbooks: the three examples (one of them with every common mistake), an empty one, one with very long names, one
with 250 questions. LibreOffice prints them; whether a text has room is computed from Arial's widths, since a text that
is cut off is still whole in a PDF.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from iku_excel.form.layout import OUTPUT_SHEETS, RINGKASAN
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.selection import F4, only
from tests.judges.office import printed_pages, require_office
from tests.support_pages import BOOKS, book, cut_off

FORM = "Formulir IKU"
PAGES = {"Petunjuk": 1, "NSPK": 1, "Kesekretariatan": 1, RINGKASAN: 1, "Riwayat": 1, FORM: 2}
"""How many pages a sheet has, whatever is in it."""

TOO_LONG = {f"{RINGKASAN}!L38", f"{RINGKASAN}!L42", f"{FORM}!E61"}
"""Names and titles of more than one line in the signature block of "nama-panjang": the page ends beside them."""


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
@pytest.mark.parametrize("name", BOOKS)
def test_pages_are_as_many_as_they_should_be(name: str, folder: Path) -> None:
    """Ringkasan is exactly one page; every other sheet that doesn't grow has its fixed number; none is missing."""
    sheets = [sheet for sheet, _ in pages(name, folder)]
    assert {sheet: sheets.count(sheet) for sheet in PAGES} == PAGES
    assert set(OUTPUT_SHEETS) <= set(sheets)
    assert sheets.count("Pengaturan") <= 8 and sheets.count("Pemeriksaan") <= 12


@pytest.mark.office
@pytest.mark.parametrize("name", BOOKS)
def test_the_signature_is_never_alone(name: str, folder: Path) -> None:
    """The last page of the form holds the table of indicators above the signature, Ringkasan its figures."""
    last = {sheet: text for sheet, text in pages(name, folder) if sheet in (FORM, RINGKASAN)}
    assert "Sumber Data" in last[FORM] and "Realisasi" in last[RINGKASAN]
    if name != "kosong":
        assert "NIP" in last[FORM] and "NIP" in last[RINGKASAN]


@pytest.mark.office
def test_no_number_becomes_hashes_and_no_page_is_blank(folder: Path) -> None:
    """Nothing of the extremes prints as "###", and no page holds its footer alone."""
    for name in BOOKS:
        for sheet, text in pages(name, folder):
            assert "###" not in text, (name, sheet)
            assert len(text.split()) > 12, (name, sheet)


@pytest.mark.office
def test_headings_stand_on_every_page_of_a_long_register(folder: Path) -> None:
    """250 questions and 300 complaints: each page begins with the row of headings."""
    for name, sheet, heading in (
        ("250-pertanyaan", "NSPK_Pertanyaan", "Kode"),
        ("250-pertanyaan", "Keluhan", "Tracking"),
        ("kesalahan-umum", "Pemeriksaan", "Tingkat"),
    ):
        texts = [text for title, text in pages(name, folder) if title == sheet]
        assert len(texts) > 1 and all(heading in text[:4000] for text in texts), sheet


@pytest.mark.office
def test_complainants_are_on_their_own_sheet_only(folder: Path) -> None:
    """Names of complainants are printed with the sheet Keluhan and nowhere else."""
    seen = {sheet for sheet, text in pages("kesalahan-umum", folder) if "CONTOH Pelapor" in text}
    assert seen == {"Keluhan"}


@pytest.mark.office
@pytest.mark.parametrize("name", ["bersih", "nama-panjang"])
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
@pytest.mark.parametrize("name", BOOKS)
def test_nothing_is_cut_off(name: str, sheet: str) -> None:
    """Every text has room in its cell or the empty ones beside it, a number in its column, lines in their row."""
    wrong = [place for place in cut_off(name, sheet) if name != "nama-panjang" or place.split(":")[0] not in TOO_LONG]
    assert not wrong


def test_what_has_no_room_is_noticed() -> None:
    """The measure is no rubber stamp: a title of 115 letters is too long for the signature block."""
    assert any(place.startswith(f"{RINGKASAN}!L38:") for place in cut_off("nama-panjang", RINGKASAN))
