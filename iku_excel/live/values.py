"""A value as it is handed to an application: a float or a text, nothing else."""

from __future__ import annotations

from iku_excel.capacity import number, require_fitting_text
from iku_excel.edits import Edit


def payload(edit: Edit) -> float | str:
    """The edit's value for the application: "" empties a cell.

    Numbers are always floats: COM would make currency of a Decimal, cut to four decimals, and has no integers
    above 32 bits. Refuses what no cell can hold.
    """
    value = edit.value
    if value is None:
        return ""
    if isinstance(value, str):
        require_fitting_text(value, edit)
        return value
    return number(value, edit)
