"""IKU of Indonesian regional agencies: read a workbook, compute the indices, write them back without loss."""

from __future__ import annotations

__version__ = "0.3.0"

TYPE_CHECKING = False  # typing's own would have to be imported, and the door imports nothing
if TYPE_CHECKING:
    import os

    from iku_excel.analysis import Book


def read(path: str | os.PathLike[str]) -> Book:
    """A workbook for analysis: inputs, indices with traces, findings, pandas frames. See ``iku_excel.analysis``."""
    from iku_excel.analysis import read as read_book

    return read_book(path)
