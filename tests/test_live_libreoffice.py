"""The open workbook in LibreOffice: the code for Excel over our engine, in a real office."""

from __future__ import annotations

import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("xlwings", reason="the extra 'live' is not installed")

from iku_excel.edits import Edit
from iku_excel.fill import fill
from iku_excel.findings import Refusal
from iku_excel.live import LiveApplied, attach, office
from iku_excel.live.office import connect
from tests.support_fill import data_of, first, rewritten
from tests.support_live import LATER, Office, cell, live_office, path_of, properties, saved, sheet_parts, spoil
from tests.support_template import named

pytestmark = pytest.mark.office


@pytest.fixture
def lo(monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office of the tests."""
    return live_office(monkeypatch)


def attached(document: Any) -> Any:
    """The program's way to an open document."""
    path = path_of(document)
    return attach("libreoffice", None, str(path), path.name)


def test_a_filled_workbook_is_left_alone(lo: Office) -> None:
    """LibreOffice spells every formula anew; none counts as lost, no cell as changed, protection is not touched."""
    filled = first()
    with lo.opened(data_of(filled)) as document:
        assert attached(document).apply(filled.edits) == LiveApplied((), ())
        assert not document.isModified()


@pytest.mark.parametrize("name", ["bersih", "belum-lengkap"])
def test_a_spoiled_workbook_is_whole_again(name: str, lo: Office) -> None:
    """Every cell of the plan emptied: afterwards the closed port finds nothing more to write but times."""
    filled = first(name)
    with lo.opened(data_of(filled)) as document:
        spoil(document, filled.edits)
        applied = attached(document).apply(filled.edits)
        assert len(applied.repaired) == sum(edit.formula is not None for edit in filled.edits)
        again = fill(saved(document), LATER)
        assert (again.repaired, again.changed) == ((), ())


def test_a_changed_score_moves_the_index_at_once(lo: Office) -> None:
    """Formulas stay live after applying: type a score, and the index is another without Python."""
    import io

    from openpyxl import load_workbook

    filled = first()
    index = named(load_workbook(io.BytesIO(data_of(filled))), "Indeks_NSPK")
    where = Edit(index.parent.title, index.coordinate, None)
    with lo.opened(data_of(filled)) as document:
        spoil(document, filled.edits)
        attached(document).apply(filled.edits)
        before = cell(document, where)
        scores = document.DatabaseRanges.getByName("tblPertanyaan").getDataArea()
        sheet = document.getSheets().getByIndex(scores.Sheet)
        heads = sheet.getCellRangeByPosition(scores.StartColumn, scores.StartRow, scores.EndColumn, scores.StartRow)
        column = heads.getDataArray()[0].index("Skor") + scores.StartColumn
        score = sheet.getCellByPosition(column, scores.StartRow + 1)
        score.setValue(0 if score.getValue() else 1)
        after = cell(document, where)
    assert before[1] and after[1]
    assert isinstance(before[0], float) and isinstance(after[0], float) and before[0] != after[0]


def test_what_people_see_stays_where_it_was(lo: Office) -> None:
    """Active sheet, selection, zoom, scroll, a filter, hidden rows, and every option of the protection."""
    filled = first()
    odd = 'sheet="1" objects="1" scenarios="1" selectLockedCells="1" formatCells="1" insertRows="0" sort="0"'
    data = rewritten(data_of(filled), "NSPK", "<sheetProtection[^>]*>", f"<sheetProtection {odd}/>")
    with lo.opened(data, Hidden=False) as document:
        view, sheets = document.getCurrentController(), document.getSheets()
        dokumen = sheets.getByName("Dokumen")
        view.setActiveSheet(dokumen)
        view.select(dokumen.getCellRangeByName("B3:C5"))
        view.ZoomValue = 80
        pane = view.getByIndex(view.getCount() - 1)  # below the frozen heading
        pane.setFirstVisibleRow(12)
        for name in ("NSPK", "Pemeriksaan"):
            sheets.getByName(name).getRows().getByIndex(6).IsVisible = False
        parts = ("sheetProtection", "autoFilter", "sheetView", "selection", "protectedRange")
        before = sheet_parts(saved(document), *parts)
        spoil(document, filled.edits)
        undo = document.getUndoManager()
        attached(document).apply(filled.edits)
        assert sheet_parts(saved(document), *parts) == before
        assert view.getActiveSheet().getName() == "Dokumen"
        assert view.getSelection().AbsoluteName == "$Dokumen.$B$3:$C$5"
        assert (view.ZoomValue, pane.getFirstVisibleRow()) == (80, 12)
        assert not sheets.getByName("NSPK").getRows().getByIndex(6).IsVisible
        assert not undo.isUndoPossible(), "undoing would leave a sheet half written, or open"
    assert sum(bool([t for t in of_sheet if "sheetProtection" in t]) for of_sheet in before) == 6
    assert all(
        any(option in "".join(of_sheet) for of_sheet in before)
        for option in ('formatCells="false"', 'insertRows="false"', 'selectLockedCells="true"')
    ), "no option that could get lost"


def test_protection_comes_back_after_an_error(lo: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """With all its options, on every sheet, when writing fails half way."""
    from iku_excel.live import sheetwork

    filled = first()
    with lo.opened(data_of(filled)) as document:
        before = sheet_parts(saved(document), "sheetProtection")
        spoil(document, filled.edits)
        monkeypatch.setattr(sheetwork.SheetWork, "_read_back", lambda self: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            attached(document).apply(filled.edits)
        assert sheet_parts(saved(document), "sheetProtection") == before
        assert not document.getUndoManager().isUndoPossible()


def test_a_sheet_with_a_password_is_refused(lo: Office) -> None:
    """By its name, nothing written anywhere."""
    filled = first()
    with lo.opened(data_of(filled)) as document:
        spoil(document, filled.edits)
        sheet = document.getSheets().getByName("Ringkasan")
        sheet.unprotect("")
        sheet.protect("rahasia")
        with pytest.raises(Refusal) as caught:
            attached(document).apply(filled.edits)
        assert (caught.value.code, caught.value.sheet) == ("lembar-bersandi", "Ringkasan")
        assert all(cell(document, edit) == (None, False) for edit in filled.edits[:300])
        assert all(document.getSheets().getByName(n).isProtected() for n in ("NSPK", "Ringkasan", "Riwayat"))


def test_a_workbook_opened_for_reading_is_not_written(lo: Office) -> None:
    """Its figures could not be saved."""
    with lo.opened(data_of(first()), ReadOnly=True) as document, pytest.raises(Refusal) as caught:
        attached(document).apply(first().edits)
    assert caught.value.code == "berkas-hanya-baca"


def test_a_workbook_closed_meanwhile_is_told(lo: Office) -> None:
    """In words, not as a broken bridge."""
    with lo.opened(data_of(first())) as document:
        book = attached(document)
    with pytest.raises(Refusal) as caught:
        book.apply(first().edits)
    assert caught.value.code == "buku-ditutup"


def test_merged_cells_and_arrays_are_fenced(lo: Office) -> None:
    """Nothing is written under a merged cell or into an array over several cells."""
    with lo.opened(data_of(first())) as document:
        sheet = document.getSheets().getByName("Dokumen")
        sheet.getCellRangeByName("L40:M41").merge(True)
        sheet.getCellRangeByName("L50:M51").setArrayFormula("=ROW(A1:B2)")
        book = attached(document)
        for address, code in (("M41", "sel-gabungan"), ("M51", "rumus-larik")):
            with pytest.raises(Refusal) as caught:
                book.apply([Edit("Dokumen", address, 1)])
            assert caught.value.code == code
        book.apply([Edit("Dokumen", "L40", 1)])


# --- finding the office and the workbook


def test_the_workbook_is_found_by_address_path_and_name(lo: Office) -> None:
    """LibreOffice's VBA gives only the file's name; two of one name are not guessed at."""
    with lo.opened(data_of(first())) as one:
        path = path_of(one)
        for full_name in (str(path), one.getURL(), path.name):
            assert attach("libreoffice", None, full_name, path.name).apply([]) == LiveApplied((), ())
        with pytest.raises(Refusal) as caught:
            attach("libreoffice", None, str(path.parent.parent / path.name), path.name)
        assert caught.value.code == "buku-tidak-ditemukan", "another folder's workbook was taken"
        with lo.opened(data_of(first())) as two:
            assert path_of(two).name == path.name
            book = attach("libreoffice", None, str(path_of(two)), path.name)
            book.apply([Edit("Dokumen", "Z99", "kedua")])
            assert (cell(one, Edit("Dokumen", "Z99", None))[0], cell(two, Edit("Dokumen", "Z99", None))[0]) == (
                None,
                "kedua",
            )
            with pytest.raises(Refusal) as caught:
                attach("libreoffice", None, path.name, path.name)
            assert caught.value.code == "buku-tidak-ditemukan"


def test_a_workbook_never_saved_is_found_by_its_title(lo: Office) -> None:
    """It has no address yet."""
    document = lo.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, properties(Hidden=True))
    try:
        sheet = document.getSheets().getElementNames()[0]
        attach("libreoffice", None, document.getTitle(), document.getTitle()).apply([Edit(sheet, "B2", 5)])
        assert cell(document, Edit(sheet, "B2", None)) == (5.0, False)
    finally:
        document.close(True)


def test_a_program_started_by_a_macro_reaches_the_office_it_came_from(lo: Office, tmp_path: Path) -> None:
    """Without ``--accept`` and without being told where: it has a running office open a pipe, and close it again.

    Other offices may run on this machine (other tests'): each that is asked is told to stop listening too, and
    the workbook is found by its full name in the one that holds it.
    """
    script = tmp_path / "tulis.py"
    script.write_text(
        "import sys; from iku_excel.live import attach, office; from iku_excel.edits import Edit\n"
        "tell = office.Running.tell\n"
        "office.Running.tell = lambda self, option: print(option.partition('=')[2]) or tell(self, option)\n"
        "attach('libreoffice', None, sys.argv[1], sys.argv[2]).apply([Edit('Dokumen', 'Z99', 'dari makro')])\n"
    )
    starter = tmp_path / "mulai.sh"
    root = Path(__file__).parents[1]
    with lo.opened(data_of(first()), MacroExecutionMode=4) as document:
        path = path_of(document)
        starter.write_text(
            f'#!/bin/sh\nunset {office.ACCEPT}\nexport PYTHONPATH="{root}"\n'
            f'"{sys.executable}" "{script}" "{path}" "{path.name}" > "{tmp_path}/keluaran" 2>&1\n'
            f'touch "{tmp_path}/selesai"\n'
        )
        starter.chmod(0o755)
        modules = document.BasicLibraries.createLibrary("Standard")
        modules.insertByName("Uji", f'Sub Mulai\nShell("{starter}", 0)\nEnd Sub\n')
        name = "vnd.sun.star.script:Standard.Uji.Mulai?language=Basic&location=document"
        document.getScriptProvider().getScript(name).invoke((), (), ())
        until = time.monotonic() + 30
        while not (tmp_path / "selesai").exists() and time.monotonic() < until:
            time.sleep(0.05)
        said = (tmp_path / "keluaran").read_text()
        assert cell(document, Edit("Dokumen", "Z99", None))[0] == "dari makro", said
        pipes = Counter(said.replace(";urp;", "").split())
        assert pipes and set(pipes.values()) == {2}, said  # opened once, closed once
    for pipe in pipes:
        assert connect(pipe, timeout=0.2) is None, "an office still listens"


# --- speed


def test_forty_thousand_cells_are_written_again_and_again(lo: Office) -> None:
    """Compared, written and read back, three times over."""
    edits = [
        Edit("Dokumen", f"{c}{r}", Decimal(r) / 7 if c < "V" else f"teks {r}")
        for r in range(201, 4201)
        for c in "QRSTUVWXYZ"
    ]
    with lo.opened(data_of(first())) as document:
        book = attached(document)
        for turn in range(3):
            fresh = [Edit(e.sheet, e.cell, f"{e.value} {turn}" if isinstance(e.value, str) else e.value) for e in edits]
            book.apply(fresh)
        assert cell(document, edits[-1])[0] == "teks 4200 2"
