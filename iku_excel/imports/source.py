"""Data from outside, read as headings and columns of raw values. What the columns mean is asked elsewhere.

A file is a CSV (``text_file``) or a workbook (``sheet_file``); from Python a pandas frame will do. Values are as the
source holds them: text as spelled, numbers and dates as serial numbers.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from iku_excel.cells import CellError
from iku_excel.findings import Refusal

if TYPE_CHECKING:
    import pandas as pd

Raw: TypeAlias = str | float | int | bool | datetime.date | CellError | None
"""One value of the source; ``None`` blank. A ``datetime.datetime`` is a date too."""

Known: TypeAlias = Callable[[Sequence[str]], int]
"""How many of these texts are headings that somebody waits for."""

TEXT_ENDINGS = (".csv", ".txt", ".tsv")
BOOK_ENDINGS = (".xlsx", ".xlsm")
HEAD = 30
"""Rows at the top among which the headings are looked for: exports have titles above them."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is to be read; None: to be found out. ``header_row`` counts from 1, as Excel numbers the rows."""

    delimiter: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    header_row: int | None = None


class Look(Protocol):
    """What a cell shows beyond its value (a percent sign, leading zeros, a date)."""

    def shown(self, column: int, rows: Sequence[int], cells: Sequence[Raw], *, text: bool) -> Sequence[Raw]:
        """The cells of a column, numbers as text where their format makes another value of them for the reader."""


@dataclass(frozen=True, slots=True)
class Data:
    """A source as read: its columns by place. ``numbers`` are the source's own row numbers, as people see them.

    ``taken`` says in Indonesian how the file was read. ``ragged`` are rows that have more or fewer fields than there
    are headings, as (row, fields).
    """

    name: str
    headings: tuple[str, ...]
    columns: Sequence[Sequence[Raw]]
    numbers: Sequence[int]
    taken: str
    ragged: tuple[tuple[int, int], ...] = ()
    look: Look | None = field(default=None, repr=False)

    def column(self, place: int, *, text: bool) -> Sequence[Raw]:
        """The values of a column; ``text``: they are wanted as text, hence as their cells show them."""
        cells = self.columns[place]
        return cells if self.look is None else self.look.shown(place, self.numbers, cells, text=text)


def read_data(path: Path, options: Options, known: Known, table: str) -> Data:
    """Read a file; the headings are in the row that holds most of the ``known`` ones.

    ``table`` is where the rows go: a workbook that has a table of that name is read there. ``Refusal``
    "jenis-data-tidak-dikenal", "data-kosong", "judul-data-tidak-ditemukan"; those of the two kinds.
    """
    ending = path.suffix.casefold()
    try:
        if ending in TEXT_ENDINGS:
            from iku_excel.imports.text_file import read_text

            return read_text(path, options, known)
        if ending in BOOK_ENDINGS:
            from iku_excel.imports.sheet_file import read_sheet

            return read_sheet(path, options, known, table)
    except Refusal as refusal:
        raise refusal.at(str(path)) from refusal.__cause__
    raise Refusal(
        "jenis-data-tidak-dikenal",
        f"Data {path.name} bukan .csv, .txt, .tsv, .xlsx, atau .xlsm.",
        "Buka datanya di Excel, simpan sebagai .xlsx atau CSV, lalu ulangi.",
        file=str(path),
    )


def frame_data(frame: object, name: str = "bingkai data") -> Data:
    """A pandas frame as a source: its columns by name, its rows counted from 1. Missing values are blanks."""
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"a pandas DataFrame is wanted, not {type(frame).__name__}")
    columns = [_plain(frame.iloc[:, place]) for place in range(frame.shape[1])]
    headings = tuple(str(label) for label in frame.columns)
    return Data(name, headings, columns, range(1, len(frame) + 1), "bingkai pandas")


def _plain(series: pd.Series[Any]) -> list[Raw]:
    """The values of one column of a frame as Python knows them."""
    missing = series.isna()
    values = series.astype(object).tolist()
    if missing.any():
        values = [None if gone else value for value, gone in zip(values, missing.tolist(), strict=True)]
    kinds = set(map(type, values)) - {str, float, int, bool, type(None)}
    return [_python(value) for value in values] if kinds else values


def _python(value: object) -> Raw:
    if value is None or isinstance(value, str | float | int | bool | datetime.date):
        # a pandas Timestamp is a datetime; wall clock time is what people mean
        return value.replace(tzinfo=None) if isinstance(value, datetime.datetime) else value
    item = getattr(value, "item", None)  # a number of numpy's
    return item() if callable(item) else str(value)


def find_headings(rows: Sequence[Sequence[str]], known: Known, given: int | None) -> int:
    """Which of the first rows (from 0) holds the headings. ``given``: the place that somebody named.

    ``Refusal`` "judul-data-tidak-ditemukan". Nothing is quoted: a row taken for headings may hold people's data.
    """
    if given is not None:
        best = known(rows[given]) if 0 <= given < len(rows) else 0
        at = given
    else:
        scores = [known(row) for row in rows[:HEAD]]
        best = max(scores, default=0)
        at = scores.index(best) if scores else 0
    if best:
        return at
    where = "di baris yang disebut" if given is not None else f"di {HEAD} baris pertama"
    raise Refusal(
        "judul-data-tidak-ditemukan",
        f"Tidak ada judul kolom yang cocok dengan tabel {where}.",
        "Periksa --tabel, --baris-judul, dan pemisah kolomnya, atau cocokkan judulnya dengan --peta.",
    )


def empty(what: str) -> Refusal:
    """The refusal of a source without a row of data."""
    return Refusal("data-kosong", f"Data ini tidak berisi satu baris pun: {what}.", "Periksa berkas datanya.")


def too_long(limit: int) -> Refusal:
    """The refusal of more rows than a sheet has."""
    most = f"{limit:,}".replace(",", ".")
    return Refusal(
        "data-terlalu-panjang",
        f"Data ini melebihi {most} baris, batas satu lembar Excel.",
        "Bagi datanya, misalnya per tahun, dan impor ke buku kerja tahun masing-masing.",
    )
