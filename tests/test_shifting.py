"""Formulas filled down and across, judged by openpyxl's translator; ranges that grow."""

from __future__ import annotations

import re
import zipfile
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.formula.translate import Translator, TranslatorError
from test_corpus_write import CORPUS, workbooks

from iku_excel.xlsx.grid import Area
from iku_excel.xlsx.shifting import moved, stretched


@pytest.mark.parametrize(
    ("formula", "wanted"),
    [
        ("A1+$A1+A$1+$A$1", "C4+$A4+C$1+$A$1"),
        ("SUM(A1:B2,3:4,$5:6,C:D)", "SUM(C4:D5,6:7,$5:9,E:F)"),
        ("\"A1\"&A1&'Q1 A1'!B2&Q!B2", "\"A1\"&C4&'Q1 A1'!D5&Q!D5"),
        ("LOG10(A1)+1E5+ABCD1+XFE1", "LOG10(C4)+1E5+ABCD1+XFE1"),
        ("tblKeluhan[[#This Row],[No A1]]+tblX[A1]+[1]Lain!A1", "tblKeluhan[[#This Row],[No A1]]+tblX[A1]+[1]Lain!C4"),
        ("tblX[a'[b'] C3]+TRUE+Nama_A1", "tblX[a'[b'] C3]+TRUE+Nama_A1"),
    ],
)
def test_only_relative_references_move(formula: str, wanted: str) -> None:
    """Down by three and right by two: texts, names, functions and structured references stay."""
    assert moved(formula, 3, 2) == wanted


def test_what_leaves_the_sheet_is_an_error() -> None:
    """A reference above the first row or below the last one becomes #REF!, as in Excel."""
    assert moved("A1+B5", -1) == "#REF!+B4"
    assert moved("A1048576", 1) == "#REF!"


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 50))
def test_moving_there_and_back_changes_nothing(row: int, column: int, by: int) -> None:
    """Filling down and up again gives the formula that was."""
    formula = f"$A{row}*R{column}+B${row}"
    assert moved(moved(formula, by, by), -by, -by) == formula


def test_formulas_of_excel_move_as_openpyxl_moves_them() -> None:
    """Every formula of the corpus, filled down by seven and right by two, is what openpyxl makes of it."""
    if not CORPUS.is_dir():
        pytest.skip("the corpus of Excel-made workbooks (../shared/corpus) is not there")
    formulas: set[str] = set()
    for path in workbooks()[::2]:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.filename.startswith("xl/worksheets/sheet") and info.file_size < 300_000:
                    text = archive.read(info).decode("utf-8", "replace")
                    formulas.update(map(unescape, re.findall(r"<f(?: [^>]*)?>([^<]+)</f>", text)))
    judged = 0
    for formula in sorted(formulas):
        try:
            wanted = Translator(f"={formula}", "C20").translate_formula("E27")[1:]
        except (TranslatorError, ValueError):
            continue
        if "#REF!" in wanted or re.search(r"\w![A-Z]{4,}", formula, re.IGNORECASE):
            continue  # openpyxl takes the sheet's name away before a sheet's own name
        assert "".join(moved(formula, 7, 2).split()) == "".join(wanted.split())  # openpyxl drops some blanks
        judged += 1
    assert judged > 200


def test_only_absolute_ranges_on_the_sheet_are_stretched() -> None:
    """The last row of the named ranges changes; texts, other sheets and relative ranges don't."""
    wanted = Area(5, 1, 14, 1, "")

    def bottom(found: Area) -> int | None:
        return 20 if (found.top, found.bottom) == (wanted.top, wanted.bottom) else None

    text = (
        "'Data ''A'''!$A$5:$A$14,\"'Data ''A'''!$A$5:$A$14\",B!$A$5:$A$14,'Data ''A'''!A5:A14,'Data ''A'''!$A$5:$A$15"
    )
    assert stretched(text, "Data 'A'", bottom) == text.replace("$A$14", "$A$20", 1)
