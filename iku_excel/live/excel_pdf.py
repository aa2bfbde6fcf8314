"""An Excel of our own that makes one PDF: no window, no macros, and gone afterwards.

Never seen in a real Excel. The workbooks that staff have open are in another Excel and are not touched.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

from iku_excel.findings import EXIT_MACHINE, Refusal
from iku_excel.live.excel import import_windows_engine
from iku_excel.live.patience import code_of, patient

_PDF, _STANDARD = 0, 0
"""xlTypePDF, xlQualityStandard."""
_NO_MACROS = 3
"""msoAutomationSecurityForceDisable."""
_NOT_INSTALLED = frozenset({0x80040154, 0x800401F3})
"""REGDB_E_CLASSNOTREG, CO_E_CLASSSTRING."""


def to_pdf(document: Path, folder: Path) -> Path:
    """Every visible sheet of the workbook as one PDF in ``folder``.

    ``Refusal`` "pywin32-tidak-ada", "xlwings-tidak-ada", "excel-tidak-ada" (exit 4), "pdf-gagal".
    """
    engine = import_windows_engine()
    made = folder / f"{document.stem}.pdf"
    try:
        excel = engine.App(add_book=False).api
    except Exception as error:  # pywin32's classes exist on Windows alone: COM's errors are told by their code
        if code_of(error) is None:
            raise
        raise _failed(error) from error
    try:
        excel.DisplayAlerts = excel.EnableEvents = excel.AskToUpdateLinks = False
        excel.AutomationSecurity = _NO_MACROS
        book: Any = patient(lambda: excel.Workbooks.Open(str(document), 0, True))  # links as they are, read only
        try:
            patient(lambda: book.ExportAsFixedFormat(_PDF, str(made), _STANDARD, True, False))
        finally:
            with suppress(Exception):  # on the way out: what failed before is what counts
                book.Close(False)
    except Exception as error:  # as above
        if code_of(error) is None:
            raise
        raise _failed(error) from error
    finally:
        with suppress(Exception):  # likewise
            excel.Quit()
    return made


def _failed(error: Exception) -> Refusal:
    if code_of(error) in _NOT_INSTALLED:
        return Refusal(
            "excel-tidak-ada",
            "Excel tidak terpasang di komputer ini.",
            "Pasang Microsoft Excel atau LibreOffice, lalu ulangi.",
            exit_status=EXIT_MACHINE,
        )
    return Refusal(
        "pdf-gagal",
        "Excel tidak menghasilkan PDF; mungkin tidak ada yang dapat dicetak di lembar itu.",
        "Periksa isi lembar, area cetak, dan printer bawaan Windows, lalu ulangi; atau pasang LibreOffice.",
    )
