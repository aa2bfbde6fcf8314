"""Calls into a running Excel: which failures pass by themselves, which don't, and what to tell people.

The codes are those that Microsoft, think-cell (KB0122) and xlwings' source name. COM gives a code as ``hresult``,
or hides it as ``scode`` inside 0x80020009; our engine for LibreOffice raises errors with the same codes.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from iku_excel.findings import EXIT_FINDINGS, EXIT_OPEN, Refusal

CALL_REJECTED = 0x80010001
RETRY_LATER = 0x8001010A
IGNORED = 0x800AC472
"""A cell is being edited, or a dialog is open."""
EXCEPTION = 0x80020009
"""Wraps the application's own code (``scode``)."""
APPLICATION_ERROR = 0x800A03EC
DISCONNECTED = 0x80010108
SERVER_GONE = 0x800706BA
CALL_FAILED = 0x800706BE

BUSY = frozenset({CALL_REJECTED, RETRY_LATER, IGNORED})
GONE = frozenset({DISCONNECTED, SERVER_GONE, CALL_FAILED})

LIMIT = 15.0
"""Seconds of waiting for a busy Excel, over one step; then the user is told."""
_PAUSES = (0.05, 0.1, 0.2, 0.5)

sleep = time.sleep

T = TypeVar("T")


def code_of(error: BaseException) -> int | None:
    """The COM code of an error as an unsigned number, the application's own if it hides one; None for others."""
    if type(error).__name__ == "ExcelBusyError":  # xlwings' word for a rejected look-up of a name
        return CALL_REJECTED
    code = getattr(error, "hresult", None)
    if not isinstance(code, int):
        return None
    inner = getattr(error, "excepinfo", None)
    if code & 0xFFFFFFFF == EXCEPTION and inner and isinstance(inner[5], int) and inner[5]:
        code = inner[5]
    return code & 0xFFFFFFFF


def is_unos(error: BaseException) -> bool:
    """Whether LibreOffice's bridge raised it: its classes are made at run time and named after their interface."""
    return "com.sun.star" in type(error).__name__ or "com.sun.star" in type(error).__module__


def is_busy(error: BaseException) -> bool:
    """Whether the same call may succeed in a moment."""
    return code_of(error) in BUSY


def is_gone(error: BaseException | None) -> bool:
    """Whether the application or the workbook is no longer there, told in words already or not."""
    return error is not None and (code_of(error) in GONE or is_gone(error.__cause__))


def patient(step: Callable[[], T]) -> T:
    """Run a step that may be repeated (a read, a write of a block) until Excel has time for it.

    Only what passes by itself is repeated, with pauses, ``LIMIT`` seconds at most.
    """
    waited, turn = 0.0, 0
    while True:
        try:
            return step()
        except Exception as error:  # of any class: only what passes by itself stays here
            if not is_busy(error) or waited >= LIMIT:
                raise
        pause = _PAUSES[min(turn, len(_PAUSES) - 1)]
        sleep(pause)
        waited, turn = waited + pause, turn + 1


def refusal(error: BaseException, application: str, sheet: str | None = None, cell: str | None = None) -> Refusal:
    """What a failed call means to the user. ``application`` is "Excel" or "LibreOffice"."""
    code = code_of(error)
    if code in BUSY:
        return Refusal(
            "aplikasi-sibuk",
            f"{application} sedang sibuk: ada sel yang sedang diketik atau jendela dialog yang terbuka.",
            "Tekan Esc atau tutup jendela dialog itu, lalu klik Hitung Ulang lagi.",
            sheet=sheet,
            exit_status=EXIT_OPEN,
        )
    if code in GONE:
        return Refusal(
            "buku-ditutup",
            f"Buku kerja atau {application} ditutup sebelum hasil selesai ditulis.",
            "Buka kembali buku kerja, lalu klik Hitung Ulang.",
            exit_status=EXIT_FINDINGS,
        )
    place = f" sel {cell}" if cell else ""
    place += f" di lembar {sheet}" if sheet else ""
    return Refusal(
        "penulisan-ditolak",
        f"{application} menolak permintaan untuk{place or ' buku kerja ini'}.",
        "Periksa apakah lembar itu terkunci atau selnya digabung; bila tidak, tutup buku dan jalankan iku-excel isi.",
        sheet=sheet,
        cell=cell,
    )
