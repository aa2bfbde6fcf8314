"""Finding the open workbook that the click came from, and the copy of it that is read."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias

from iku_excel.findings import EXIT_MACHINE, Refusal
from iku_excel.live.port import OpenBook

Application: TypeAlias = Literal["excel", "libreoffice"]

PRIVATE_FOLDER = ".iku-excel"
"""The folder in the user's home where the macro puts its copies; only there are forgotten ones swept."""
_FORGOTTEN = 3600.0  # seconds: no run takes an hour
_PATIENCE = 2.0  # seconds that a virus scanner may hold a fresh file


def attach(application: Application, hwnd: int | None, full_name: str, name: str) -> OpenBook:
    """Exactly the workbook that the click came from.

    ``hwnd`` is Excel's ``Application.Hwnd`` (LibreOffice has none), ``full_name`` and ``name`` are what the macro
    read from the workbook itself, unchanged: a path, a cloud address or "Book1". Raises ``Refusal``
    "buku-tidak-ditemukan" when no or more than one open workbook is meant, "xlwings-tidak-ada" or
    "uno-tidak-ada" (exit 4) when this machine lacks the way there.
    """
    if application == "libreoffice":
        from iku_excel.live.office import attach_libreoffice

        return attach_libreoffice(full_name, name)
    if application == "excel":
        from iku_excel.live.excel import attach_excel

        if hwnd is None:
            raise Refusal(
                "buku-tidak-ditemukan",
                "Permintaan tidak menyebut jendela Excel tempat tombol diklik.",
                "Klik Hitung Ulang lagi dari buku kerja yang terbuka.",
                file=name,
            )
        return attach_excel(hwnd, full_name, name)
    raise Refusal(
        "aplikasi-tidak-dikenal",
        f"Aplikasi '{application}' tidak dikenal.",
        "Tombol Hitung Ulang bekerja di Excel untuk Windows dan LibreOffice; di tempat lain pakai iku-excel isi.",
        exit_status=EXIT_MACHINE,
    )


@contextmanager
def private_copy(path: Path) -> Iterator[Path]:
    """The copy that the macro saved for reading. It holds complainants' data: gone when this context ends,
    after an error too. Copies that killed runs left in the private folder over an hour ago go with it."""
    try:
        yield path
    finally:
        _delete(path)
        if path.parent.name == PRIVATE_FOLDER:
            _sweep(path.parent)


def _delete(path: Path) -> None:
    waited = 0.0
    while True:
        try:
            path.unlink(missing_ok=True)
            return
        except PermissionError as error:
            if waited >= _PATIENCE:
                raise Refusal(
                    "salinan-belum-terhapus",
                    f"Salinan sementara {path.name} belum dapat dihapus, padahal berisi data pelapor.",
                    f"Hapus berkas {path.name} di folder {path.parent}.",
                    file=path.name,
                ) from error
        time.sleep(0.1)
        waited += 0.1


def _sweep(folder: Path) -> None:
    before = time.time() - _FORGOTTEN
    for old in folder.glob("*.xls*"):
        with contextlib.suppress(OSError):  # another run's, or gone already
            if old.stat().st_mtime < before:
                old.unlink()
