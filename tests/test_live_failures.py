"""What Excel refuses, when it is busy or gone, and the protection of sheets; over the stand-in for COM."""

# ruff: noqa: F401, F811 (fixtures)

from __future__ import annotations

import pytest

pytest.importorskip("xlwings", reason="the extra 'live' is not installed")

from fake_excel import APPLICATION_ERROR, ComError, Excel, failed
from support_excel import REJECTED, WRITES, book, excel, pauses, refused, sheet_of

from iku_excel.edits import Edit
from iku_excel.findings import EXIT_OPEN
from iku_excel.live import OpenBook, patience

FLAGS = (True, False, True, False, True, False, False, True, False, True, False, True, True)

LATER = ComError(-2147417846)
IGNORED = ComError(-2146777998)
IGNORED_INSIDE = failed(-2146777998)


# --- failures


@pytest.mark.parametrize("error", [REJECTED, LATER, IGNORED, IGNORED_INSIDE])
@pytest.mark.parametrize("kind", ["Value=", "Formula", "Formula=", "Unprotect", "Protect"])
def test_a_busy_excel_is_waited_for(
    error: ComError, kind: str, book: OpenBook, excel: Excel, pauses: list[float]
) -> None:
    """In all forms in which it says so, at every step; the result is the same."""
    sheet_of(excel).protection = FLAGS
    excel.fail(kind, error, 3)
    book.apply([Edit("NSPK", "A1", 5), Edit("NSPK", "A2", 6, "A1+1")])
    assert pauses == [0.05, 0.1, 0.2]
    assert sheet_of(excel).cells[1, 1].value == 5.0 and sheet_of(excel).cells[2, 1].formula == "=A1+1"
    assert sheet_of(excel).protection == FLAGS


def test_a_mistake_of_ours_is_not_told_as_a_password(book: OpenBook, excel: Excel) -> None:
    """What COM didn't raise while a sheet is unlocked goes on as it is, instead of sending people for a password."""
    sheet_of(excel).protection = FLAGS
    excel.fail("Unprotect", ZeroDivisionError(), 1)
    with pytest.raises(ZeroDivisionError):
        book.apply([Edit("NSPK", "A1", 5)])


def test_waiting_has_a_limit(book: OpenBook, excel: Excel, pauses: list[float]) -> None:
    """After a quarter of a minute the user is told to leave the cell or the dialog."""
    excel.fail("Value=", IGNORED, 10_000)
    told = refused(book.apply, [Edit("NSPK", "A1", 5)])
    assert (told.code, told.exit_status) == ("aplikasi-sibuk", EXIT_OPEN)
    assert patience.LIMIT <= sum(pauses) < patience.LIMIT + 1


@pytest.mark.parametrize("error", [failed(APPLICATION_ERROR), ComError(-2147024809), ComError(-2147352567)])
def test_what_does_not_pass_is_not_repeated(error: ComError, book: OpenBook, excel: Excel, pauses: list[float]) -> None:
    """A refused write is told at once, with sheet and cells."""
    excel.fail("Value=", error, 10_000)
    told = refused(book.apply, [Edit("NSPK", "A1", 5), Edit("NSPK", "A2", 5)])
    assert (told.code, told.sheet, told.cell) == ("penulisan-ditolak", "NSPK", "A1:A2")
    assert excel.kinds("Value=") == ["NSPK!A1:A2"] and pauses == []


@pytest.mark.parametrize("code", [-2147417848, -2147023174, -2147023170])
def test_a_workbook_closed_meanwhile_is_told(code: int, book: OpenBook, excel: Excel, pauses: list[float]) -> None:
    """Nothing more is tried, protection included: there is nobody to ask."""
    sheet_of(excel).protection = FLAGS
    excel.fail("Value=", ComError(code))
    told = refused(book.apply, [Edit("NSPK", "A1", 5)])
    assert told.code == "buku-ditutup" and told.file == "Buku Ñ=1.xlsm"
    assert excel.calls[-1][0] == "Value=" and pauses == []


def test_a_mistake_of_ours_is_not_dressed_up(book: OpenBook) -> None:
    """Two edits of one cell are a bug, not something to tell the user."""
    with pytest.raises(ValueError, match="two edits"):
        book.apply([Edit("NSPK", "A1", 1), Edit("NSPK", "A1", 2)])


def test_a_value_that_did_not_arrive_is_told(book: OpenBook, excel: Excel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every written cell is read back."""
    monkeypatch.setattr("fake_excel.Cell.type_in", lambda self, value: setattr(self, "value", "lain"))
    told = refused(book.apply, [Edit("NSPK", "A1", 1)])
    assert (told.code, told.cell) == ("gagal-diperiksa", "A1")


def test_a_sheet_that_is_gone_is_named(book: OpenBook, excel: Excel) -> None:
    """Before anything is written to the others."""
    told = refused(book.apply, [Edit("NSPK", "A1", 1), Edit("Riwayat", "A1", 1)])
    assert (told.code, told.sheet) == ("lembar-tidak-ada", "Riwayat") and not excel.kinds(*WRITES)


def test_a_workbook_opened_for_reading_is_not_written(book: OpenBook, excel: Excel) -> None:
    """Its figures could not be saved."""
    excel.books[0].ReadOnly = True
    assert refused(book.apply, [Edit("NSPK", "A1", 1)]).code == "berkas-hanya-baca"
    assert not excel.kinds(*WRITES)


# --- protection


@pytest.mark.parametrize("flags", [FLAGS, tuple(not flag for flag in FLAGS)])
@pytest.mark.parametrize("selection", [0, 1, -4142])
@pytest.mark.parametrize("error", [None, failed()])
def test_protection_comes_back_as_it_was(
    flags: tuple[bool, ...], selection: int, error: ComError | None, book: OpenBook, excel: Excel
) -> None:
    """All thirteen flags and what may be selected, after an error too, on every sheet that was opened."""
    for name in ("NSPK", "Pemeriksaan"):
        sheet_of(excel, name).protection, sheet_of(excel, name).EnableSelection = flags, selection
    if error:
        excel.fail("Value=", error)
    edits = [Edit("NSPK", "A1", 1), Edit("Pemeriksaan", "A1", 1)]
    if error:
        refused(book.apply, edits)
    else:
        book.apply(edits)
    for name in ("NSPK", "Pemeriksaan"):
        assert (sheet_of(excel, name).protection, sheet_of(excel, name).EnableSelection) == (flags, selection)
    assert excel.kinds("Unprotect") == ["NSPK", "Pemeriksaan"]


def test_a_sheet_with_a_password_is_refused_whole(book: OpenBook, excel: Excel) -> None:
    """By its name; nothing was written anywhere and the other sheets are as they were."""
    for name in ("NSPK", "Pemeriksaan"):
        sheet_of(excel, name).protection = FLAGS
    sheet_of(excel, "Pemeriksaan").password = "rahasia"  # noqa: S105
    told = refused(book.apply, [Edit("NSPK", "A1", 1), Edit("Pemeriksaan", "A1", 1)])
    assert (told.code, told.sheet) == ("lembar-bersandi", "Pemeriksaan")
    assert not excel.kinds(*WRITES)
    assert [sheet_of(excel, name).protection for name in ("NSPK", "Pemeriksaan")] == [FLAGS, FLAGS]


def test_only_sheets_with_something_to_write_are_opened(book: OpenBook, excel: Excel) -> None:
    """A sheet that lets programs write, or that holds its figures, keeps its lock."""
    for name in ("NSPK", "Pemeriksaan"):
        sheet_of(excel, name).protection = FLAGS
    sheet_of(excel, "Pemeriksaan").ProtectionMode = True
    book.apply([Edit("NSPK", "A1", None), Edit("Pemeriksaan", "A1", 1)])
    assert excel.kinds("Unprotect", "Protect") == []


def test_protection_that_does_not_come_back_is_told(book: OpenBook, excel: Excel) -> None:
    """With the sheet, so that somebody can put it back."""
    sheet_of(excel).protection = FLAGS
    excel.fail("Protect", failed(), 10)
    told = refused(book.apply, [Edit("NSPK", "A1", 1)])
    assert (told.code, told.sheet) == ("perlindungan-belum-kembali", "NSPK")
