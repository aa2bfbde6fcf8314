"""Apply edits to a workbook that is open in Excel, through xlwings; in LibreOffice through our engine for it.

Everything is read and judged before anything is written. What holds its figure already is not written: where a
formula is in its place, Excel has the figure itself. Afterwards every written cell is read back.
"""

from __future__ import annotations

import atexit
import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from iku_excel.edits import Edit
from iku_excel.findings import EXIT_MACHINE, Refusal
from iku_excel.live.blocks import Block
from iku_excel.live.patience import code_of, patient, refusal
from iku_excel.live.port import LiveApplied
from iku_excel.live.protection import lifted
from iku_excel.live.sheetwork import SheetWork

ARRAY_LIMIT = 255
"""The longest text that ``Range.FormulaArray`` takes in Excel."""

AUTOMATIC = -4105
"""Excel's name for recalculating by itself; where people switched that off, the output sheets are told to."""

_HEAVY = ("pandas", "numpy", "matplotlib", "PIL", "polars", "xlwings.pro")
"""What xlwings would import if it is there, for things that we don't use: 0.06 s without, 0.4 s with."""


def import_xlwings() -> Any:
    """xlwings, without the parts that are slow, or licensed otherwise (``xlwings.pro``)."""
    if "xlwings" in sys.modules:
        return sys.modules["xlwings"]
    hidden = {name: None for name in _HEAVY if name not in sys.modules}
    sys.modules.update(hidden)  # type: ignore[arg-type]  # None there means: not to be imported
    try:
        return importlib.import_module("xlwings")
    except ImportError as error:
        raise Refusal(
            "xlwings-tidak-ada",
            "Pustaka xlwings belum terpasang, sehingga tombol Hitung Ulang tidak dapat bekerja.",
            'Pasang dengan: pip install "iku_excel[live]".',
            exit_status=EXIT_MACHINE,
        ) from error
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


def import_windows_engine() -> Any:
    """xlwings' engine for Excel on Windows, made harmless.

    Left as it is, it would end every Excel whose windows it can't see when Python exits, and repeat a rejected
    call for ever without a pause, or answer it with None.
    """
    import_xlwings()
    try:
        engine: Any = importlib.import_module("xlwings._xlwindows")
    except ImportError as error:  # xlwings itself passes over this in silence
        raise Refusal(
            "pywin32-tidak-ada",
            "Python di komputer ini tidak dapat menghubungi Excel: pywin32 tidak ada atau rusak.",
            'Di Windows, pasang ulang dengan: pip install --force-reinstall pywin32 "iku_excel[live]".',
            exit_status=EXIT_MACHINE,
        ) from error
    atexit.unregister(engine.cleanup)
    engine.N_COM_ATTEMPTS = 1
    return engine


def attach_excel(hwnd: int, full_name: str, name: str) -> ExcelBook:
    """The workbook of that full name in the Excel of that window; see ``attach``."""
    engine = import_windows_engine()
    xlwings = import_xlwings()
    try:
        app = patient(lambda: xlwings.App(impl=engine.App(xl=hwnd)))
        # never by xlwings' own fullname: for a cloud address it searches folders, and fails
        found = patient(lambda: [book for book in app.books if book.api.FullName == full_name])
    except Exception as error:  # COM by its code, a broken gen_py, a window that is gone; the rest goes on
        if code_of(error) is None and not isinstance(error, (AttributeError, OSError, engine.pywintypes.error)):
            raise
        raise _unreachable(error, name) from error
    if not found:
        raise not_found(name)
    return ExcelBook(found[0], "Excel", name)


def _unreachable(error: Exception, name: str) -> Refusal:
    if isinstance(error, AttributeError):
        return Refusal(
            "excel-tidak-terhubung",
            "Excel tidak dapat dihubungi: berkas bantu pywin32 (gen_py) rusak.",
            "Hapus folder gen_py di folder sementara (%TEMP%), lalu klik Hitung Ulang lagi.",
            file=name,
            exit_status=EXIT_MACHINE,
        )
    known = refusal(error, "Excel")
    if known.code != "penulisan-ditolak":
        return known.at(name)
    return Refusal(
        "excel-tidak-terhubung",
        "Excel tidak dapat dihubungi.",
        "Jalankan Excel dan Python dengan cara yang sama (keduanya biasa, tidak sebagai Administrator), lalu ulangi.",
        file=name,
        exit_status=EXIT_MACHINE,
    )


def not_found(name: str) -> Refusal:
    """No open workbook, or more than one, answers to what the click told."""
    return Refusal(
        "buku-tidak-ditemukan",
        f"Buku kerja {name} tidak ditemukan di antara buku yang terbuka.",
        "Biarkan buku kerja terbuka sampai selesai, lalu klik Hitung Ulang lagi.",
        file=name,
    )


class ExcelBook:
    """An open workbook as xlwings sees it (``OpenBook``). ``application`` and ``name`` are for messages."""

    def __init__(self, book: Any, application: str, name: str) -> None:
        self.book = book
        self.application = application
        self.name = name
        # LibreOffice's engine says None: it takes array formulas of any length
        self.array_limit: int | None = getattr(book.impl, "array_limit", ARRAY_LIMIT)

    def apply(self, edits: Sequence[Edit]) -> LiveApplied:
        """Put the edits into the open workbook (``OpenBook.apply``)."""
        of_sheets: dict[str, list[Edit]] = {}
        for edit in edits:
            of_sheets.setdefault(edit.sheet, []).append(edit)
        with self._told():
            if patient(lambda: bool(self.book.api.ReadOnly)):
                raise Refusal(
                    "berkas-hanya-baca",
                    f"Buku kerja {self.name} dibuka hanya untuk dibaca, sehingga hasilnya tidak akan tersimpan.",
                    "Simpan dengan nama lain atau minta izin tulis, buka lagi, lalu klik Hitung Ulang.",
                    file=self.name,
                )
            works = [SheetWork(self, self._sheet(name), name, of_sheet) for name, of_sheet in of_sheets.items()]
            pending = [work for work in works if work.stale]
            with ExitStack() as stack:
                for work in pending:
                    stack.enter_context(lifted(work.sheet.api, work.name))
                for work in pending:
                    work.write()
            if patient(lambda: self.book.api.Application.Calculation) != AUTOMATIC:
                for work in works:  # in the order of the plan, which is that of the figures
                    patient(work.sheet.api.Calculate)
        return LiveApplied(
            tuple((work.name, cell) for work in works for cell in work.changed),
            tuple((work.name, cell) for work in works for cell in work.repaired),
        )

    def _sheet(self, name: str) -> Any:
        names = patient(lambda: [sheet.name for sheet in self.book.sheets])
        if name not in names:
            raise Refusal(
                "lembar-tidak-ada",
                f"Lembar {name} tidak ada di buku kerja yang terbuka.",
                "Kembalikan nama lembar itu, lalu klik Hitung Ulang lagi.",
                sheet=name,
            )
        return self.book.sheets[name]

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Failures of the application, in words."""
        try:
            yield
        except Refusal as known:
            raise known.at(self.name) from known.__cause__
        except Exception as error:  # pywin32's classes exist on Windows alone; whatever is not COM's goes on
            if not hasattr(error, "hresult") and type(error).__name__ != "ExcelBusyError":
                raise
            raise refusal(error, self.application).at(self.name) from error

    @contextmanager
    def at(self, sheet: str, block: Block) -> Iterator[None]:
        """The same, with the cells that were being written."""
        try:
            yield
        except Exception as error:  # likewise
            if not hasattr(error, "hresult"):
                raise
            raise refusal(error, self.application, sheet, block.text) from error
