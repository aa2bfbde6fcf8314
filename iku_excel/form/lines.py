"""A text broken into lines: by formulas, and by Python to the letter the same.

No program makes a row higher when a formula's text grows, so long texts are not wrapped in a cell: formulas break them
into lines, one row each, that run over the empty cells beside them.
"""

from __future__ import annotations

from iku_excel.cells import Cell

LONGEST = 4000
"""Letters of one text that are looked at: more than all its lines hold."""


def one_line(cell: Cell) -> str:
    """The cell's text on one line, without blanks at its ends and doubled ones; "" where it holds none."""
    return " ".join(word for word in cell.replace("\n", " ").split(" ") if word) if type(cell) is str else ""


def one_line_formula(expression: str) -> str:
    """The text of a cell on one line, without blanks at its ends; "" where it holds none, or an error."""
    return f'IFERROR(TRIM(SUBSTITUTE(IF(ISTEXT({expression}),{expression},""),CHAR(10)," ")),"")'


def first_line(text: str, room: int) -> str:
    """As much of a text as a line of ``room`` letters takes: up to the last blank, else cut."""
    if len(text) <= room:
        return text
    head, blank, _ = text[: room + 1].rpartition(" ")
    return head if blank else text[:room]


def first_line_formula(text: str, room: str) -> str:
    """As much of a text as a line of ``room`` letters takes: up to the last blank, else cut.

    Expects one letter more than there is room for, so that it sees a blank after a word that just fits.
    CHAR(1) marks the last blank, since no text of the staff holds it.
    """
    blanks = f'LEN({text})-LEN(SUBSTITUTE({text}," ",""))'
    cut = f'LEFT({text},FIND(CHAR(1),SUBSTITUTE({text}," ",CHAR(1),{blanks}))-1)'
    return f"IF(LEN({text})<={room},{text},IFERROR({cut},LEFT({text},{room})))"
