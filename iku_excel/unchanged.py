"""A workbook that is, to the byte, as its last filling left it: known by its seal, from its bytes alone.

Filling it again would read, compute and check all the same and write nothing; what it would answer stands in the seal
and, the findings, on Pemeriksaan. A room of its own, as a folder in which nothing changed is gone through with hardly
more than this. ``seal`` makes the seal.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import iku_excel
from iku_excel.cells import is_number
from iku_excel.edits import Edit
from iku_excel.findings import LEVELS, Finding, Refusal
from iku_excel.form.layout import FIRST_FINDING, IKU_CODES, PEMERIKSAAN
from iku_excel.rules.loader import COMPONENTS
from iku_excel.xlsx.stamp import DIGITS, part_of, vouched
from iku_excel.xlsx.values import plain

MARK = "Sidik pengisian: "
FIGURES = (*IKU_CODES, *COMPONENTS)
"""The figures in a seal's line, in order."""
LINE = re.compile(
    rf"{MARK}[0-9a-f]{{{DIGITS}}}; "
    + "; ".join(rf"{key}=(-?[0-9.E+-]*)" for key in FIGURES)
    + r"; temuan=(\d+) ([\w./-]+)(?:; rekap=(.*+))?+",
    re.ASCII,
)
"""Groups: the figures, "" for none; how many findings, in which part; the recap's record, as spelled there."""
_LEVEL = {str(level): level for level in LEVELS}
_STRINGS = "xl/sharedStrings.xml"  # where they usually are; elsewhere the reader finds them

_INLINE = r'inlineStr"><is><t(?: xml:space="preserve")?>([^<]*+)</t></is>'


def _rows(kind: str) -> re.Pattern[str]:
    """A pattern for a finding on Pemeriksaan whose texts are stored in this way."""

    def cell(column: str) -> str:
        return rf'(?:<c r="{column}\d++"(?: s="\d++")?(?:/>| t="{kind}</c>))?+'

    number = r'<c r="A\d++"(?: s="\d++")?><v>\d++</v></c>'
    link = r'<c r="H[^>]*+><f>[^<]*+</f><v[^>]*+>[^<]*+</v></c>'
    return re.compile(number + "".join(map(cell, "BCDEFG")) + link + cell("I"), re.ASCII)


_OWN = _rows(_INLINE)
"""As we write it. Reading 40 findings so takes 0.1 ms, the reader 1.5."""
_MIXED = _rows(rf'(?:{_INLINE}|s"><v>(\d++)</v>)')
"""As Excel saves it: texts that haven't changed since are shared. Two groups for each."""


@dataclass(frozen=True, slots=True)
class Unchanged:
    """What filling a workbook comes to that holds every figure already: nothing is written, this is known of it."""

    indices: Mapping[str, Decimal | None]
    components: Mapping[str, Decimal | None]
    findings: tuple[Finding, ...]

    @property
    def data(self) -> None:
        """There are no new bytes."""

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Nothing was planned."""
        return ()

    @property
    def changed(self) -> tuple[tuple[str, str], ...]:
        """No cell differs."""
        return ()


def known(path: Path) -> Unchanged | None:
    """As ``unchanged``, of the workbook at ``path``. Whatever stands in the way is met again, and told, by filling it:
    a file that is missing, read-only, open or locked."""
    from iku_excel.xlsx.lock import lock_path
    from iku_excel.xlsx.replace import read_closed

    try:
        real, data = read_closed(path)
        return None if lock_path(real).exists() else unchanged(data)
    except (Refusal, OSError):
        return None


def unchanged(data: bytes) -> Unchanged | None:
    """What is known of a workbook that is, to the byte, as its last filling left it, by this version of ours and
    these rules; None when it isn't, or when nothing can be said without computing."""
    text = seal_of(data)
    return None if text is None else said(text, data)


def seal_of(data: bytes) -> str | None:
    """The line that vouches for all of the workbook's bytes, our version and the rules; None when none does."""
    return vouched(data, MARK, salt())


def said(text: str, data: bytes) -> Unchanged | None:
    """What a seal's line and the findings in its workbook tell; None when that is no line of ours."""
    found = LINE.fullmatch(text)
    if found is None:
        return None
    try:
        figures = dict(zip(FIGURES, map(_decimal, found.groups()), strict=False))
        findings = _findings(data, int(found[len(FIGURES) + 1]), found[len(FIGURES) + 2])
    except (ArithmeticError, LookupError, ValueError, Refusal):  # no seal of ours, though it agrees with its file
        return None
    return Unchanged(
        {code: figures[code] for code in IKU_CODES}, {key: figures[key] for key in COMPONENTS}, tuple(findings)
    )


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def salt() -> bytes:
    """What besides the file decides on a filling."""
    return f"{iku_excel.__version__} {_rules()} ".encode()


@lru_cache(maxsize=1)
def _rules() -> str:
    """A digest of the rules, all of them: a workbook of any year may be next."""
    taken = hashlib.sha256()
    for entry in sorted(files("iku_excel.rules").iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            content = entry.read_bytes()
            taken.update(f"{entry.name} {len(content)} ".encode() + content)
    return taken.hexdigest()


def _findings(data: bytes, count: int, part: str) -> list[Finding]:
    """The findings on Pemeriksaan, so many in this part."""
    if not count:
        return []
    xml = (part_of(data, part) or b"").decode()
    xml = xml[xml.find(f'<c r="A{FIRST_FINDING}"') : xml.rfind("</sheetData>")]
    rows = _OWN.findall(xml)
    if len(rows) == count:
        return _made(rows if _bare(xml) else [[_meant(text) for text in row] for row in rows])
    rows = _MIXED.findall(xml)
    from iku_excel.xlsx.strings import excel_strings

    shared = excel_strings(part_of(data, _STRINGS) or b"") if len(rows) == count else None
    if shared is None:
        return _read_findings(data)  # saved by another program, which spells rows in its own way
    return _made(
        [shared[int(index)] or "" if index else _meant(text) for text, index in zip(row[::2], row[1::2], strict=True)]
        for row in rows
    )


def _meant(text: str) -> str:
    return text if _bare(text) else plain(text.encode()) or ""


def _bare(text: str) -> bool:
    """Whether text between tags means just its letters."""
    return "&" not in text and "_x" not in text and "\r" not in text


def _read_findings(data: bytes) -> list[Finding]:
    from iku_excel.xlsx.package import Package
    from iku_excel.xlsx.reader import read_workbook

    sheet = read_workbook(Package.open(data), (), (), (PEMERIKSAAN,)).outputs[PEMERIKSAAN]
    rows = (sheet.rows(f"A{row}:I{row}")[0] for row in range(FIRST_FINDING, sheet.last_row + 1))
    found = [[*row[1:7], row[8]] for row in rows if is_number(row[0]) and row[1] in LEVELS]
    return _made([["" if text is None else str(text) for text in row] for row in found])


def _made(rows: Iterable[Sequence[str]]) -> list[Finding]:
    return [
        Finding(code, _LEVEL[level], sheet, cell or None, message, fix, _indicators(iku))
        for level, code, sheet, cell, message, fix, iku in rows
    ]


@lru_cache(maxsize=64)
def _indicators(text: str) -> tuple[str, ...]:
    return tuple(text.split(", ")) if text else ()
