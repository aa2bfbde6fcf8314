"""The recap's long tables as files beside it: CSV for Excel in Indonesian, Parquet for those who compute.

CSV: UTF-8 with a byte order mark, ";" between columns, a decimal comma, dates as 2025-12-31. A text that Excel would
take for a formula (=, +, -, @) gets an apostrophe in front. Figures have up to 8 decimals, as many as predicates
compare. Parquet: the frames of ``frames``.
"""

from __future__ import annotations

import csv
import datetime
import io
from decimal import Decimal

from iku_excel.findings import EXIT_MACHINE, Refusal
from iku_excel.indicators.achievement import show
from iku_excel.products import Kind
from iku_excel.recap.columns import LongTable, Value
from iku_excel.recap.frames import frame

_MARK = "\ufeff"
_DECIMALS = 8
_FORMULA_LIKE = ("=", "+", "-", "@", "\t", "\r")
_FIRST_HEADING = "Perangkat Daerah"

CSV = Kind("CSV rekap", ".csv", lambda content: content.startswith(f"{_MARK}{_FIRST_HEADING};".encode()))
PARQUET = Kind("Parquet", ".parquet", lambda content: content[:4] == content[-4:] == b"PAR1")


def as_csv(table: LongTable) -> bytes:
    """The table as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(column.heading for column in table.columns)
    writer.writerows([_spelled(value) for value in row] for row in table.rows)
    return (_MARK + out.getvalue()).encode("utf-8", "replace")


def _spelled(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA_LIKE) else value
    if isinstance(value, Decimal):
        text = show(value, _DECIMALS)
        return text.rstrip("0").rstrip(",") if "," in text else text
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def as_parquet(table: LongTable) -> bytes:
    """The table as Parquet. ``Refusal`` "pustaka-tidak-ada" (exit 4) without pyarrow."""
    require_parquet()
    out = io.BytesIO()
    frame(table).to_parquet(out, engine="pyarrow", index=False)
    return out.getvalue()


def require_parquet() -> None:
    """``Refusal`` "pustaka-tidak-ada" (exit 4) unless pyarrow is there; asked before the work begins."""
    from importlib.util import find_spec

    if find_spec("pyarrow") is None:
        raise Refusal(
            "pustaka-tidak-ada",
            "Pustaka Python 'pyarrow' belum terpasang di komputer ini.",
            "Pasang dengan `pip install 'iku-excel[parquet]'`, atau pakai --csv.",
            exit_status=EXIT_MACHINE,
        )
