"""The seal: by it a workbook that hasn't changed since its last filling is known from its bytes alone.

A filling that writes leaves a line on Riwayat (``SEAL``): a digest over the whole file, our version and the rules,
the indices and components, exact, and last the recap's record. While it holds, a further filling would read, compute
and check all the same and write nothing; what it would answer stands in the line and, the findings, on Pemeriksaan. A
seal is only given to a file that answers by it exactly as the full computing did, and only along with another change:
a workbook that Excel merely saved anew is computed and not written.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files

import iku_excel
from iku_excel.capacity import MAX_TEXT
from iku_excel.cells import is_number
from iku_excel.edits import Edit
from iku_excel.findings import LEVELS, Finding, Refusal
from iku_excel.form.layout import IKU_CODES, PEMERIKSAAN, RIWAYAT
from iku_excel.form.outputs import FIRST_FINDING, SEAL, SEAL_NOTE, capped
from iku_excel.record import Record, meant, spelled
from iku_excel.rules.loader import COMPONENTS
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import SheetCells, read_workbook
from iku_excel.xlsx.stamp import DIGITS, UNSTAMPED, part_of, stamp, vouched
from iku_excel.xlsx.strings import excel_strings
from iku_excel.xlsx.values import plain

MARK = "Sidik pengisian: "
_FIGURES = (*IKU_CODES, *COMPONENTS)
_LEVEL = {str(level): level for level in LEVELS}
_STRINGS = "xl/sharedStrings.xml"  # where they usually are; elsewhere the reader finds them
_LINE = re.compile(
    rf"{MARK}[0-9a-f]{{{DIGITS}}}; "
    + "; ".join(rf"{key}=(-?[0-9.E+-]*)" for key in _FIGURES)
    + r"; temuan=(\d+) ([\w./-]+)(?:; rekap=(.*+))?+",
    re.ASCII,
)
_RECORD = _LINE.groups
_OURS = re.compile(rf"{MARK}[0-9a-f]{{{DIGITS}}}; IKU-1=.*", re.ASCII)


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


def edits(answer: Unchanged, record: Record, history: SheetCells, findings_part: str) -> Iterator[tuple[Edit, ...]]:
    """What may be done about the seal, the best first: one not yet stamped, its removal, nothing.

    Without a seal stay: a workbook whose staff wrote something into that cell, and one whose findings don't all
    stand on Pemeriksaan (``sealed`` would see it too, after the work).
    """
    now = history.cell(SEAL)
    stale = isinstance(now, str) and _OURS.fullmatch(now) is not None
    if now is None or stale:
        if capped(answer.findings) == [*answer.findings]:
            beside = [Edit(RIWAYAT, *SEAL_NOTE)] if history.cell(SEAL_NOTE[0]) is None else []
            line = _line(answer, findings_part)
            whole = f"{line}; rekap={spelled(record)}"
            yield Edit(RIWAYAT, SEAL, whole if len(whole) <= MAX_TEXT else line), *beside
        if stale:
            yield (Edit(RIWAYAT, SEAL, None),)
    yield ()


def sealed(data: bytes, part: str, answer: Unchanged, record: Record) -> tuple[bytes, str] | None:
    """A filled workbook with the unstamped seal in ``part`` (Riwayat's) stamped, and the seal's text. None when it
    would not answer exactly so."""
    made = stamp(data, part, MARK, _salt())
    text = None if made is None else vouched(made, MARK, _salt())
    if made is None or text is None or _said(text, made) != answer or _record(text) not in (record, None):
        return None
    return made, text


def unchanged(data: bytes) -> Unchanged | None:
    """What is known of a workbook that is, to the byte, as its last filling left it, by this version of ours and
    these rules; None when it isn't, or when nothing can be said without computing."""
    text = vouched(data, MARK, _salt())
    return None if text is None else _said(text, data)


def recorded(data: bytes) -> Record | None:
    """The recap's record of such a workbook, without its file; None when it isn't, or the seal has no record."""
    text = vouched(data, MARK, _salt())
    return None if text is None else _record(text)


def _record(text: str) -> Record | None:
    found = _LINE.fullmatch(text)
    return None if found is None or found[_RECORD] is None else meant(found[_RECORD])


def _said(text: str, data: bytes) -> Unchanged | None:
    found = _LINE.fullmatch(text)
    if found is None:
        return None
    try:
        figures = dict(zip(_FIGURES, map(_decimal, found.groups()), strict=False))
        findings = _findings(data, int(found[len(_FIGURES) + 1]), found[len(_FIGURES) + 2])
    except (ArithmeticError, LookupError, ValueError, Refusal):  # no seal of ours, though it agrees with its file
        return None
    return Unchanged(
        {code: figures[code] for code in IKU_CODES}, {key: figures[key] for key in COMPONENTS}, tuple(findings)
    )


def _line(answer: Unchanged, findings_part: str) -> str:
    figures = {**answer.indices, **answer.components}
    shown = (f"{key}={'' if figures[key] is None else figures[key]}" for key in _FIGURES)
    return f"{MARK}{UNSTAMPED}; {'; '.join(shown)}; temuan={len(answer.findings)} {findings_part}"


def _decimal(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _salt() -> bytes:
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
