"""A value as it is handed to an application: a float or a text, nothing else."""

from __future__ import annotations

import math

from iku_excel.edits import Edit
from iku_excel.findings import Refusal

MAX_TEXT = 32_767
"""What a cell can hold, in UTF-16 units (Excel's own limit)."""
MAX_NUMBER = 9.99999999999999e307
"""The largest number Excel accepts."""


def payload(edit: Edit) -> float | str:
    """The edit's value for the application: "" empties a cell.

    Numbers are always floats: COM would make currency of a Decimal, cut to four decimals, and has no integers
    above 32 bits. Refuses what no cell can hold.
    """
    value = edit.value
    if value is None:
        return ""
    if isinstance(value, str):
        units = len(value) if len(value) <= MAX_TEXT // 2 else len(value.encode("utf-16-le", "surrogatepass")) // 2
        if units > MAX_TEXT:
            raise Refusal(
                "teks-terlalu-panjang",
                f"Teks untuk sel {edit.cell} di lembar {edit.sheet} terlalu panjang ({units} karakter).",
                f"Persingkat teksnya; satu sel memuat paling banyak {MAX_TEXT} karakter.",
                sheet=edit.sheet,
                cell=edit.cell,
            )
        return value
    if isinstance(value, bool):
        raise ValueError(f"{edit.sheet}!{edit.cell}: a cell takes a number, a text or None, not {value!r}")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not abs(found) <= MAX_NUMBER:
        raise Refusal(
            "angka-tidak-sah",
            f"Sel {edit.cell} di lembar {edit.sheet} tidak dapat memuat angka {value}.",
            "Periksa angka masukan; Excel hanya menerima angka terhingga di bawah 1E+308.",
            sheet=edit.sheet,
            cell=edit.cell,
        )
    return found
