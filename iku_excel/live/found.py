"""Open workbooks found without a click, and the copies for reading that Python makes itself.

For ``isi --buku-terbuka`` and ``pantau``: nobody told a window, and no macro saved a copy.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from iku_excel.findings import EXIT_MACHINE, Refusal
from iku_excel.live.excel import ExcelBook, import_windows_engine, import_xlwings
from iku_excel.live.patience import code_of, patient, refusal
from iku_excel.live.session import PRIVATE_FOLDER, private_copy

_FILTER = "Calc MS Excel 2007 XML"


def private_folder() -> Path:
    """The folder in the user's home for requests, reports and copies, made if need be; others can't look in."""
    folder = Path.home() / PRIVATE_FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def open_books() -> list[ExcelBook]:
    """Every workbook that the user has open: in Excel on Windows, in LibreOffice elsewhere.

    ``Refusal`` (exit 4) when this machine lacks the way there.
    """
    return list(_in_excel() if sys.platform == "win32" else _in_libreoffice())


def _in_excel() -> Iterator[ExcelBook]:
    engine = import_windows_engine()
    xlwings = import_xlwings()
    for hwnd in list(engine.get_excel_hwnds()):
        try:
            app = xlwings.App(impl=engine.App(xl=hwnd))
            books = patient(partial(_with_names, app))
        except Exception as error:  # pywin32's and xlwings' own classes; whatever is not COM's goes on
            if code_of(error) is None and not isinstance(error, (OSError, engine.pywintypes.error)):
                raise
            continue  # a window that poses as Excel's or is gone, or an Excel without workbooks
        yield from (ExcelBook(book, "Excel", book.name) for book, _ in books)


def _with_names(app: Any) -> list[tuple[Any, str]]:
    return [(book, book.api.FullName) for book in app.books]


def _in_libreoffice() -> Iterator[ExcelBook]:
    from iku_excel.live.office import desktops, office_engine

    xlwings, engine = office_engine()
    for desktop in desktops():
        app = xlwings.App(impl=engine.apps.reach(desktop))
        try:
            books = [ExcelBook(book, "LibreOffice", book.name) for book in app.books]
        except Exception as error:  # UNO's classes are made at run time; whatever is not the office's goes on
            if code_of(error) is None:
                raise
            continue  # that office ended meanwhile
        yield from books


def chosen(name: str | None) -> ExcelBook:
    """The open workbook of that name (a file's name or its whole path); without a name the only one open.

    ``Refusal`` "buku-tidak-ditemukan", or "buku-lebih-dari-satu" that lists their names.
    """
    books = open_books()
    found = [book for book in books if name is None or name.casefold() in _names(book)]
    if len(found) == 1:
        return found[0]
    if not books:
        raise Refusal(
            "buku-tidak-ditemukan",
            "Tidak ada buku kerja yang terbuka.",
            "Buka buku kerja di Excel (di luar Windows: LibreOffice), atau sebut nama berkasnya tanpa --buku-terbuka.",
        )
    names = ", ".join(sorted({book.name for book in books}))
    if not found:
        raise Refusal(
            "buku-tidak-ditemukan",
            "Buku kerja itu tidak ditemukan di antara buku yang terbuka.",
            f"Sebut salah satu: {names}.",
            file=name,
        )
    raise Refusal(
        "buku-lebih-dari-satu",
        "Lebih dari satu buku kerja yang cocok sedang terbuka.",
        f"Sebut nama salah satu sesudah --buku-terbuka, atau tutup yang lain: {names}.",
        file=name,
    )


def _names(book: ExcelBook) -> tuple[str, ...]:
    full = str(patient(lambda: book.book.api.FullName))
    return book.name.casefold(), full.casefold()


@contextmanager
def own_copy(book: ExcelBook, folder: Path) -> Iterator[Path]:
    """A copy of the open workbook for reading, in ``folder``; the workbook itself stays as it is. The copy holds
    complainants' data: gone when this context ends."""
    with private_copy(folder / f"salinan-{secrets.token_hex(8)}.xlsx") as target:
        try:
            if book.application == "Excel":
                patient(lambda: book.book.api.SaveCopyAs(str(target)))
            else:
                _store(book.book.api.document, target)
        except Exception as error:  # COM's and UNO's, told by their code; whatever is neither goes on
            if code_of(error) is None:
                raise
            raise _not_copied(error, book) from error
        yield target


def _store(document: Any, target: Path) -> None:
    from iku_excel.live.office import load_uno
    from iku_excel.live.officeapi import told

    uno = load_uno()
    as_xlsx = uno.createUnoStruct("com.sun.star.beans.PropertyValue", Name="FilterName", Value=_FILTER)
    told(document.storeToURL)(uno.systemPathToFileUrl(str(target)), (as_xlsx,))


def _not_copied(error: Exception, book: ExcelBook) -> Refusal:
    known = refusal(error, book.application)
    if known.code != "penulisan-ditolak":
        return known.at(book.name)
    return Refusal(
        "salinan-gagal",
        f"{book.application} tidak dapat membuat salinan buku kerja untuk dibaca.",
        f"Periksa ruang disk dan izin folder {PRIVATE_FOLDER} di folder pengguna, lalu ulangi.",
        file=book.name,
        exit_status=EXIT_MACHINE,
    )
