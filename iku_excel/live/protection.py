"""Sheet protection lifted for a write and put back exactly as it was, after an error too."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from iku_excel.findings import Refusal
from iku_excel.live.patience import code_of, is_busy, is_gone, patient

ALLOWED = (
    "AllowFormattingCells",
    "AllowFormattingColumns",
    "AllowFormattingRows",
    "AllowInsertingColumns",
    "AllowInsertingRows",
    "AllowInsertingHyperlinks",
    "AllowDeletingColumns",
    "AllowDeletingRows",
    "AllowSorting",
    "AllowFiltering",
    "AllowUsingPivotTables",
)
"""What a protected sheet may still allow, in the order in which ``Worksheet.Protect`` takes them."""

_NO_PASSWORD = ""
"""Given as a text: a password left out makes Excel ask the user for one."""


@contextmanager
def lifted(sheet: Any, name: str) -> Iterator[None]:
    """Write to a protected sheet within this context. ``sheet`` is the native worksheet, ``name`` its name.

    A sheet that is not protected, or that lets programs write, is left alone. Raises ``Refusal``
    "lembar-bersandi" before anything is written when a password is needed, "perlindungan-belum-kembali" when
    the protection could not be restored.
    """
    if not patient(lambda: sheet.ProtectContents) or patient(lambda: sheet.ProtectionMode):
        yield
        return
    drawings, scenarios = patient(lambda: (bool(sheet.ProtectDrawingObjects), bool(sheet.ProtectScenarios)))
    allowed = patient(lambda: tuple(bool(getattr(sheet.Protection, flag)) for flag in ALLOWED))
    selection = patient(lambda: sheet.EnableSelection)
    try:
        patient(lambda: sheet.Unprotect(_NO_PASSWORD))
    except Exception as error:  # COM's refusal means a password; what is not COM's, or passes, goes on
        if code_of(error) is None or is_busy(error) or is_gone(error):
            raise
        raise _with_password(name) from error
    if patient(lambda: sheet.ProtectContents):
        raise _with_password(name)

    def restore() -> None:
        if not sheet.ProtectContents:
            sheet.Protect(_NO_PASSWORD, drawings, True, scenarios, False, *allowed)
        if sheet.EnableSelection != selection:
            sheet.EnableSelection = selection

    try:
        yield
    except BaseException as error:
        if not is_gone(error):
            _restored(restore, name)
        raise
    _restored(restore, name)


def _restored(restore: Any, name: str) -> None:
    try:
        patient(restore)
    except Exception as error:  # whatever it was, people must know that the sheet is open now
        if is_gone(error):
            raise
        raise Refusal(
            "perlindungan-belum-kembali",
            f"Perlindungan lembar {name} dibuka untuk menulis dan belum dapat dipasang kembali.",
            f"Pilih lembar {name}, lalu menu Tinjau > Proteksi Lembar, tanpa kata sandi.",
            sheet=name,
        ) from error


def _with_password(name: str) -> Refusal:
    return Refusal(
        "lembar-bersandi",
        f"Lembar {name} dikunci dengan kata sandi, sehingga hasil tidak dapat ditulis.",
        f"Buka kunci lembar {name} (menu Tinjau > Buka Proteksi Lembar), lalu klik Hitung Ulang lagi.",
        sheet=name,
    )
