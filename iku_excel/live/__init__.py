"""An open workbook: the same list of edits applied where staff have it open, in Excel or LibreOffice.

One verb wide: everything is read from a private copy by the code for closed files, and only applying goes
through here. Tested live in LibreOffice; over COM with a recorded stand-in only, never yet with real Excel.
"""

from __future__ import annotations

from iku_excel.live.port import LiveApplied, OpenBook
from iku_excel.live.session import attach, private_copy

__all__ = ["LiveApplied", "OpenBook", "attach", "private_copy"]
