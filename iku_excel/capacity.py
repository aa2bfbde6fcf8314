"""What one cell can hold: the same limits for the closed file and for the open workbook."""

from __future__ import annotations

import math
from decimal import Decimal

from iku_excel.edits import Edit
from iku_excel.findings import Refusal

MAX_TEXT = 32_767
"""What a cell can hold, in UTF-16 units (Excel's own limit)."""
MAX_NUMBER = 9.99999999999999e307
"""The largest number Excel accepts."""


def number(value: Decimal | float, edit: Edit) -> float:
    """The double that Excel will hold for a number; ``Refusal`` "angka-tidak-sah" for what no cell can hold."""
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


def require_fitting_text(text: str, edit: Edit) -> None:
    """``Refusal`` "teks-terlalu-panjang" for a text longer than a cell can hold; it is never cut."""
    if len(text) <= MAX_TEXT // 2:
        return
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    if units > MAX_TEXT:
        raise Refusal(
            "teks-terlalu-panjang",
            f"Teks untuk sel {edit.cell} di lembar {edit.sheet} terlalu panjang ({units} karakter).",
            f"Persingkat teksnya; satu sel memuat paling banyak {MAX_TEXT} karakter.",
            sheet=edit.sheet,
            cell=edit.cell,
        )
