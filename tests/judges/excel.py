"""Would Excel open this workbook without offering to repair it?

Two judges: openxml-audit (a port of the Open XML SDK's validator) and our own structural checks for what it misses.
Our checks were calibrated on files that Excel made: tests/test_judges.py holds the names of those that still fail.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from .book import Book
from .drawing_checks import check_drawings
from .package_checks import check_package, check_workbook
from .rule_checks import check_rules
from .sheet_checks import check_sheets
from .table_checks import check_tables

_CHECKS = (check_package, check_workbook, check_sheets, check_tables, check_rules, check_drawings)


def problems(source: Path | str | bytes, *, deep: bool = True) -> list[str]:
    """All that Excel would mind in this workbook, empty when nothing.

    ``deep`` asks openxml-audit too (0.5 s a workbook).
    """
    try:
        book = Book(source)
    except zipfile.BadZipFile as error:
        return [f"no workbook: {error}"]
    found = [problem for check in _CHECKS for problem in check(book)]
    return found + (list(_audit(source)) if deep else [])


def assert_excel_accepts(
    source: Path | str | bytes, original: Path | str | bytes | None = None, *, deep: bool = True
) -> None:
    """Fail with the list of problems. With ``original``, only those that it did not have count."""
    found = Counter(problems(source, deep=deep))
    if found and original is not None:
        found -= Counter(problems(original, deep=deep))
    name = "these bytes" if isinstance(source, bytes) else Path(source).name
    listed = "\n".join(f"  - {problem}" for problem in list(found.elements())[:20])
    assert not found, f"Excel would repair {name} ({found.total()} problems):\n{listed}"


def _audit(source: Path | str | bytes) -> Iterator[str]:
    from openxml_audit import OpenXmlValidator, ValidationSeverity

    if isinstance(source, bytes):
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
            file.write(source)
            file.flush()
            yield from _audit(file.name)
        return
    for error in OpenXmlValidator().validate(str(source)).errors:
        if error.severity == ValidationSeverity.ERROR and not _forgiven(error.part_uri, error.path):
            yield f"openxml-audit: {error.part_uri}: {error.description}"


def _forgiven(part: str, path: str) -> bool:
    """The order of a font's children: openpyxl's own, in every workbook it writes; the standard leaves it free."""
    return part == "/xl/styles.xml" and "/font[" in path
