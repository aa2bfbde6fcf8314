"""The seal: a line on Riwayat by which a workbook that hasn't changed since its last filling is known (``unchanged``).

It holds a digest over the whole file, our version and the rules, the indices and components, exact, and last the
recap's record. A seal is only given to a file that answers by it exactly as the full computing did, and only along
with another change: a workbook that Excel merely saved anew is computed and not written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from iku_excel.capacity import MAX_TEXT
from iku_excel.edits import Edit
from iku_excel.form.layout import RIWAYAT
from iku_excel.form.outputs import SEAL, SEAL_NOTE, capped
from iku_excel.record import Record, meant, spelled
from iku_excel.unchanged import FIGURES, LINE, MARK, Unchanged, said, salt, seal_of
from iku_excel.xlsx.reader import SheetCells
from iku_excel.xlsx.stamp import DIGITS, UNSTAMPED, stamp

_RECORD = LINE.groups
_OURS = re.compile(rf"{MARK}[0-9a-f]{{{DIGITS}}}; IKU-1=.*", re.ASCII)


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
    made = stamp(data, part, MARK, salt())
    text = None if made is None else seal_of(made)
    if made is None or text is None or said(text, made) != answer or _record(text) not in (record, None):
        return None
    return made, text


def recorded(data: bytes) -> Record | None:
    """The recap's record of such a workbook, without its file; None when it isn't, or the seal has no record."""
    text = seal_of(data)
    return None if text is None else _record(text)


def _record(text: str) -> Record | None:
    found = LINE.fullmatch(text)
    return None if found is None or found[_RECORD] is None else meant(found[_RECORD])


def _line(answer: Unchanged, findings_part: str) -> str:
    figures = {**answer.indices, **answer.components}
    shown = (f"{key}={'' if figures[key] is None else figures[key]}" for key in FIGURES)
    return f"{MARK}{UNSTAMPED}; {'; '.join(shown)}; temuan={len(answer.findings)} {findings_part}"
