"""The signature block: a long title and a long name stand on several lines, whole, by formulas and by Python alike."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from random import Random

import pytest

from iku_excel.cells import Cell, CellError
from iku_excel.fill import Opened, fill, open_workbook
from iku_excel.form.figures import figures
from iku_excel.form.layout import FORMULIR, RINGKASAN, TEMPLATE_VERSION
from iku_excel.form.official_form import FREE, official_sheet
from iku_excel.form.official_form import SIGNATURE as OFFICIAL
from iku_excel.form.outputs import output_sheets
from iku_excel.form.signature import NAME_LINES, ROOM, TITLE_LINES, rows_of
from iku_excel.form.summary_blocks import ARRANGEMENTS
from iku_excel.form.template import build
from iku_excel.form.template.content import Content
from tests.judges import iron, office
from tests.support_fill import MOMENT

FIRST, SPACE, COLUMN = ARRANGEMENTS[TEMPLATE_VERSION].signature
SUMMARY_ROWS, OFFICIAL_ROWS = rows_of(FIRST, SPACE), rows_of(OFFICIAL, FREE)


@cache
def opened() -> Opened:
    """A new workbook."""
    return open_workbook(build(2025, Content()))


def lines(title: Cell, name: Cell) -> list[list[str | None]]:
    """The lines of title and name on Ringkasan, which Formulir IKU repeats."""
    inputs = opened().inputs
    given = {**inputs.settings, "Jabatan_Pejabat": title, "Nama_Pejabat": name}
    values = figures(replace(inputs, settings=given), opened().result, ())
    here, there = output_sheets(inputs.rules, inputs.places)[2:4]
    assert (here.sheet, there.sheet) == (RINGKASAN, FORMULIR)
    shown = [{cell.cell: values[cell.key] for cell in page} for page in (here, there)]
    found: list[list[str | None]] = []
    for key, count in (("jabatan", TITLE_LINES), ("nama", NAME_LINES)):
        one = [shown[0][f"{COLUMN}{SUMMARY_ROWS[f'{key}.{n}']}"] for n in range(1, count + 1)]
        assert one == [shown[1][f"E{OFFICIAL_ROWS[f'{key}.{n}']}"] for n in range(1, count + 1)]
        found.append([None if text is None else str(text) for text in one])
    return found


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Kepala Badan", ["Kepala Badan", None, None]),
        ("KEPALA BADAN KEPEGAWAIAN DAN PENGEMBANGAN SUMBER DAYA MANUSIA PROVINSI KALIMANTAN TIMUR",
         ["KEPALA BADAN KEPEGAWAIAN DAN PENGEMBANGAN SUMBER", "DAYA MANUSIA PROVINSI KALIMANTAN TIMUR", None]),
        ("Plt. Kepala Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk, dan Keluarga Berencana "
         "Kabupaten Penajam Paser Utara",
         ["Plt. Kepala Dinas Pemberdayaan Perempuan,", "Perlindungan Anak, Pengendalian Penduduk, dan",
          "Keluarga Berencana Kabupaten Penajam Paser Utara"]),
        ("  Kepala\nBadan  ", ["Kepala Badan", None, None]),
        ("x" * (ROOM + 2), ["x" * ROOM, "xx", None]),
        (None, [None, None, None]),
        (CellError("#N/A"), [None, None, None]),
        (5.0, [None, None, None]),
    ],
)  # fmt: skip
def test_a_title_stands_on_up_to_three_lines(title: Cell, shown: list[str | None]) -> None:
    """It begins under the date; a line ends at a blank, and no letter is lost."""
    assert lines(title, None)[0] == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("CONTOH Nama, M.Si", [None, "CONTOH Nama, M.Si"]),
        ("n" * ROOM, [None, "n" * ROOM]),
        ("CONTOH Prof. Dr. Ir. Raden Mas Nama Sangat Panjang, S.Sos., M.Si.",
         ["CONTOH Prof. Dr. Ir. Raden Mas Nama Sangat", "Panjang, S.Sos., M.Si."]),
        (None, [None, None]),
    ],
)  # fmt: skip
def test_a_name_ends_above_the_rank(name: Cell, shown: list[str | None]) -> None:
    """A name of one line stands in the lower of its two."""
    assert lines(None, name)[1] == shown


def test_no_letter_of_a_random_title_is_lost() -> None:
    """The lines of a random text, joined again, are the text; each but the last has room for its letters."""
    rng = Random(5)
    for _ in range(60):
        words = ["x" * rng.choice((1, 3, 7, 12, 20, 70)) for _ in range(rng.randint(1, 25))]
        text = " ".join(words)
        for found, count in zip(lines(text, text), (TITLE_LINES, NAME_LINES), strict=True):
            there = [line for line in found if line]
            assert "".join(there).replace(" ", "") == text.replace(" ", "")
            assert all(len(line) <= max(ROOM, len(text) // count + 8) for line in there[:-1])


def test_the_lines_follow_each_other_on_both_sheets() -> None:
    """Date, title, free rows, name, rank and NIP from top to bottom, as the print area ends."""
    keys = ["tempat", "jabatan.1", "jabatan.2", "jabatan.3", "nama.1", "nama.2", "pangkat", "nip"]
    summary, form = output_sheets(opened().inputs.rules, opened().inputs.places)[2:4]
    for rows, free, page in ((SUMMARY_ROWS, SPACE, summary), (OFFICIAL_ROWS, FREE, form)):
        assert list(rows) == keys
        assert rows["nama.1"] - rows["jabatan.3"] == free + 1
        assert page.print_area.endswith(str(rows["nip"]))
    assert official_sheet(opened().inputs.places) == form


TITLES = (
    "Kepala Badan",
    "KEPALA DINAS PEMBERDAYAAN PEREMPUAN, PERLINDUNGAN ANAK, PENGENDALIAN PENDUDUK, DAN KELUARGA BERENCANA",
    '=1+1 "kutip" & <b> ~*? ' * 9,
    f"{'x' * 120} akhir",
)
NAMES = (
    "CONTOH Nama",
    "CONTOH Prof. Dr. Ir. Raden Mas Nama Yang Sangat Panjang Sekali, S.Sos., M.Si., M.Kom.",
    None,
    "y" * 130,
)


Books = dict[Path, dict[tuple[str, str], tuple[object, str]]]


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Books:
    """Filled workbooks with such titles and names; each cell of the blocks with value and formula."""
    folder, made = tmp_path_factory.mktemp("paraf"), {}
    for n, (title, name) in enumerate(zip(TITLES, NAMES, strict=True)):
        content = Content({"Jabatan_Pejabat": title, "Nama_Pejabat": name, "Kota": "Samarinda"})
        filled = fill(build(2025, content), MOMENT)
        path = folder / f"paraf-{n}.xlsx"
        path.write_bytes(filled.data or b"")
        block = [(RINGKASAN, f"{COLUMN}{row}") for row in SUMMARY_ROWS.values()]
        block += [(FORMULIR, f"E{row}") for row in OFFICIAL_ROWS.values()]
        block += [(RINGKASAN, f"{column}{row}") for row in (38, 39) for column in ("AO", "AP", "AQ", "AR", "AS")]
        cells = {(e.sheet, e.cell): (e.value, e.formula or "") for e in filled.edits}
        made[path] = {at: cells[at] for at in block if at in cells}
    return made


@pytest.mark.trust
@pytest.mark.office
def test_libreoffice_breaks_the_lines_alike(books: Books) -> None:
    """Every cell of both blocks and of their workings comes out of LibreOffice letter by letter."""
    office.require_office()
    for path, result in office.recalculate(books).items():
        for (sheet, cell), (value, formula) in books[path].items():
            found = result.value(sheet, cell)
            assert ("" if found is None else found) == ("" if value is None else value), (path.name, cell, formula)


def test_ironcalc_breaks_the_lines_alike(books: Books) -> None:
    """A second program agrees on every line that it can compute."""
    judged = 0
    for path, cells in books.items():
        theirs = iron.evaluate(path)
        for (sheet, cell), (value, formula) in cells.items():
            if not iron.reasons(formula):
                found = theirs.value(sheet, cell)
                assert ("" if found is None else found) == ("" if value is None else value), (path.name, cell, formula)
                judged += 1
    assert judged > 40
