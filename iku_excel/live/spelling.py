"""How formulas and texts are spelled in an open workbook.

Excel and LibreOffice spell a formula anew when they store it; ``normal`` takes away the differences that mean
nothing. LibreOffice's own spelling (``;`` between arguments, ``$Lembar.A1``) is turned into Excel's and back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

# Texts, quoted sheet names and structured references are kept to the letter.
_KEPT = re.compile(r"(\"(?:[^\"]|\"\")*\"|\[(?:[^\[\]]|\[[^\[\]]*\])*\]|\$?'(?:[^']|'')*')")
_CELL = r"(?=\$?[A-Za-z]{1,3}\$?[0-9]|\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}(?![\w(])|\$?[0-9]+:\$?[0-9])"
_SHEET = re.compile(rf"([^\W\d]\w*)!{_CELL}")
_OFFICE_SHEET = re.compile(rf"\$?([^\W\d]\w*)\.{_CELL}")
_LOGICAL = re.compile(r"\b(TRUE|FALSE)\(\)")
_BARE_LOGICAL = re.compile(r"\b(TRUE|FALSE)\b(?!\()", re.IGNORECASE)
_PLAIN_SHEET = re.compile(r"\$?'([A-Za-z_]\w*)'")

_RISKY = re.compile(r"[^\W\d_]+[\s\-/.,:]*\d")  # "Mei 2025", "DEC12": a date to Excel
_LOGICALS = frozenset({"true", "false", "benar", "salah"})


@lru_cache(maxsize=1 << 13)
def normal(formula: str) -> str:
    """A formula as compared: no "=", no braces, no blanks or "$" outside quotes, no prefixes, one case.

    "$" says only what happens when a cell is copied.
    """
    formula = formula.strip()
    if formula.startswith("{=") and formula.endswith("}"):
        formula = formula[1:-1]
    pieces = _KEPT.split(formula.removeprefix("="))
    for at, piece in enumerate(pieces):
        if at % 2 == 0:
            bare = "".join(piece.split()).upper().replace("$", "")
            pieces[at] = _LOGICAL.sub(r"\1", bare.replace("_XLFN.", "").replace("_XLWS.", ""))
        elif piece[0] != '"':
            pieces[at] = _PLAIN_SHEET.sub(r"\1", piece).upper().removeprefix("$")
    return "".join(pieces)


def excel_spelling(formula: str) -> str:
    """A formula of LibreOffice's own spelling as Excel spells it; the braces of an array formula are gone."""
    if formula.startswith("{=") and formula.endswith("}"):
        formula = formula[1:-1]
    return _respelled(formula, _to_excel)


def office_spelling(formula: str) -> str:
    """A formula of Excel's spelling as LibreOffice's interface takes it."""
    return _respelled(formula, _to_office)


def _respelled(formula: str, change: Callable[[str, bool], str]) -> str:
    pieces = _KEPT.split(formula)
    depth = 0
    for at, piece in enumerate(pieces):
        if at % 2:
            if piece[0] in "$'" and at + 1 < len(pieces):
                pieces[at], pieces[at + 1] = _quoted_sheet(piece, pieces[at + 1], change)
            continue
        parts = re.split(r"([{}])", piece)
        for n, part in enumerate(parts):
            if part in ("{", "}"):
                depth += 1 if part == "{" else -1
            else:
                parts[n] = change(part, depth > 0)
        pieces[at] = "".join(parts)
    return "".join(pieces)


def _quoted_sheet(name: str, rest: str, change: Callable[[str, bool], str]) -> tuple[str, str]:
    if change is _to_office and rest.startswith("!"):
        return "$" + name, "." + rest[1:]
    if change is _to_excel and rest.startswith("."):
        return name.removeprefix("$"), "!" + rest[1:]
    return name, rest


def _to_excel(piece: str, constant: bool) -> str:
    if constant:
        return piece.replace(";", ",").replace("|", ";")
    return _OFFICE_SHEET.sub(r"\1!", piece).replace(";", ",")


def _to_office(piece: str, constant: bool) -> str:
    if constant:
        return piece.replace(";", "|").replace(",", ";")
    # without parentheses LibreOffice keeps a bare 1 or 0
    return _BARE_LOGICAL.sub(r"\1()", _SHEET.sub(r"$\1.", piece).replace(",", ";"))


def safe_text(text: str) -> bool:
    """Whether Excel surely keeps this text as text when it is written into a cell of format General.

    Only what begins with a letter and has no digit after its first word: all else may become a number, a
    date, a logical value or, worse, a formula.
    """
    return text[:1].isalpha() and _RISKY.match(text) is None and text.casefold() not in _LOGICALS


def same_text(found: object, wanted: str) -> bool:
    """Whether a cell shows this text; line ends and control characters, which applications change, aside."""
    return isinstance(found, str) and (found == wanted or _shown(found) == _shown(wanted))


def _shown(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c >= " " or c in "\n\t")
