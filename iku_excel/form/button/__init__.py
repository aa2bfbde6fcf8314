"""The button "Hitung Ulang": its macro, its VBA project and the drawing that carries it.

Everything is made from text that can be read (``macro/*.bas``) and comes out the same to the byte every time.
"""

from __future__ import annotations

from iku_excel.form.button.parts import add_button

__all__ = ["with_button"]


def with_button(data: bytes) -> bytes:
    """The .xlsm of a workbook just built (.xlsx bytes, filled or not). ValueError for any other workbook."""
    return add_button(data)
