"""What a batch says on the terminal: the line that shows how far it is, the closing table, and what to look at."""

from __future__ import annotations

import sys
import textwrap
import time
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from iku_excel import talk
from iku_excel.batch import IKU_CODES, Batch, Outcome, Status
from iku_excel.brief import Row
from iku_excel.findings import LEVELS, Finding
from iku_excel.talk import clean, say
from iku_excel.tally import FEW, Kind, Tally

FINDINGS_SHOWN = 10
FINDINGS_SHOWN_OF_MANY = 3
MANY = 3
"""More workbooks than this, and each shows fewer findings."""
CHANGES_SHOWN = 20
FAILED_SHOWN = 20

_WORDS: dict[Status, str] = {"filled": "diisi", "unchanged": "tidak berubah", "checked": "diperiksa", "failed": "gagal"}
_NONE = "–"
_BAR = 20  # cells of the bar
_PAUSE = 0.1  # seconds between two drawings: a terminal costs more than an unchanged workbook


class Progress:
    """One line on stderr that rewrites itself, on a terminal only: bar, count, time left, the files at work."""

    def __init__(self) -> None:
        self._drawn = False
        self._begin = self._last = time.monotonic()

    def watch(self, batch: Batch[Any]) -> None:
        """Draw how far the batch is; nothing for a single workbook."""
        now = time.monotonic()
        if batch.total < 2 or not sys.stderr.isatty() or (self._drawn and now - self._last < _PAUSE):
            return
        self._last, self._drawn = now, True
        room = talk.width(sys.stderr) - 1
        sys.stderr.write("\r" + progress_line(batch, now - self._begin, room).ljust(room))
        sys.stderr.flush()

    def over(self) -> None:
        """Clear the line, so that something else can be said."""
        if self._drawn:
            self._drawn = False
            sys.stderr.write("\r" + " " * (talk.width(sys.stderr) - 1) + "\r")
            sys.stderr.flush()


def progress_line(batch: Batch[Any], elapsed: float, room: int) -> str:
    """How far a batch is after so many seconds, in ``room`` columns; the time left is told from the third file on."""
    done, total = batch.finished, batch.total
    full = done * _BAR // total
    line = f"{'█' * full}{'░' * (_BAR - full)} {done}/{total}"
    if batch.stopped:
        line += "  berhenti sesudah berkas ini"
    elif done > 2:
        line += f"  sisa {_clock(elapsed * (total - done) / done)}"
    if batch.in_hand:
        more = f" (+{len(batch.in_hand) - 1})" if len(batch.in_hand) > 1 else ""
        name = clean(batch.in_hand[0])
        free = room - len(line) - len(more) - 2
        line += f"  {name if len(name) <= free else '…' + name[len(name) - max(0, free - 1) :]}{more}"
    return line[:room]


def _clock(seconds: float) -> str:
    minutes, left = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes}:{left:02d}"


def close(tally: Tally, *, dry_run: bool = False) -> None:
    """The closing table; then the findings of each workbook, or of many the findings by code and who failed."""
    if not tally.rows:
        return
    width = talk.width()
    for line in _table(tally, width, dry_run):
        say(line)
    few = tally.whole()
    limit = FINDINGS_SHOWN if len(few) <= MANY else FINDINGS_SHOWN_OF_MANY
    for outcome in few:
        if dry_run and outcome.changes:
            say()
            _changes(outcome)
        if outcome.findings:
            say()
            say(f"Temuan di {clean(outcome.file)}:")
            _findings(outcome.findings, limit, width)
    if len(tally.rows) > FEW:
        _by_code(tally.by_weight(), width)
        _failed([row for row in tally.in_order() if row.error], width)


def _table(tally: Tally, width: int, dry_run: bool) -> list[str]:
    """One row a workbook; the file's name takes the room that is left and breaks into lines where it must."""
    rows = [_cells(row, dry_run) for row in tally.in_order()]
    headings = ("Buku kerja", *IKU_CODES, "Salah", "Ragu", "Info", "Detik", "Status")
    widths = [max(map(len, column)) for column in zip(headings, *rows, strict=True)]
    widths[0] = max(12, min(widths[0], width - sum(widths[1:]) - 2 * (len(widths) - 1)))
    lines = [_row(headings, widths), "─" * (sum(widths) + 2 * (len(widths) - 1))]
    for row in rows:
        first, *rest = textwrap.wrap(row[0], widths[0], break_on_hyphens=False) or [""]
        lines.append(_row((first, *row[1:]), widths))
        lines.extend(rest)
    if len(rows) > 1:
        counts = {word: tally.count(status) for status, word in _WORDS.items()}
        parts = ", ".join(f"{number} {word}" for word, number in counts.items() if number)
        lines.append(f"{len(rows)} buku kerja: {parts}.")
    if tally.kinds:
        lines.append("Salah = kesalahan (tidak dihitung seperti diketik), Ragu = peringatan.")
    return lines


def _cells(row: Row, dry_run: bool) -> tuple[str, ...]:
    from iku_excel.indicators.achievement import show

    seconds = show(Decimal(row.seconds))
    quick = row.status == "unchanged" or seconds == "0,00"
    return (
        clean(row.file),
        *(show(row.indices[code]) or _NONE for code in IKU_CODES),
        *(map(str, row.counts) if row.counts else [_NONE] * len(LEVELS)),
        _NONE if quick else seconds,
        "akan diisi" if dry_run and row.status == "filled" else _WORDS[row.status],
    )


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    last = len(cells) - 1
    return "  ".join(
        cell.ljust(size) if i in (0, last) else cell.rjust(size)
        for i, (cell, size) in enumerate(zip(cells, widths, strict=True))
    ).rstrip()


def _findings(findings: Iterable[Finding], limit: int, width: int) -> None:
    """Findings by level, those of one kind on one sheet taken together."""
    alike: dict[tuple[str, str], list[Finding]] = {}
    ordered = sorted(findings, key=lambda f: LEVELS.index(f.level))
    for finding in ordered:
        alike.setdefault((finding.code, finding.sheet), []).append(finding)
    groups = list(alike.values())
    for group in groups[:limit]:
        first = group[0]
        more = f" (dan {len(group) - 1} serupa)" if len(group) > 1 else ""
        _labelled(first.level, f"{first.message} {first.fix}{more}", width)
    left = sum(len(group) for group in groups[limit:])
    if left:
        say(f"  … dan {left} temuan lagi: lihat lembar Pemeriksaan, atau pakai --json.")


def _labelled(level: str, text: str, width: int) -> None:
    label = f"  {level:<12}"
    lines = textwrap.wrap(clean(text), max(30, width - len(label) - 1)) or [""]
    say(talk.coloured(label, level, sys.stdout) + lines[0])
    for line in lines[1:]:
        say(" " * len(label) + line)


def _by_code(kinds: Sequence[Kind], width: int) -> None:
    """Many workbooks: how often each code was found, in how many of them, and where first."""
    if not kinds:
        return
    say()
    say("Temuan menurut kode:")
    for kind in kinds:
        first = kind.first
        place = f"{first.sheet}!{first.cell}" if first.cell else first.sheet
        where = f"{_many(kind.count)} temuan di {_many(kind.books)} buku kerja"
        _labelled(first.level, f"{first.code}: {where}, misalnya {place} di {kind.row.file}.", width)
    talk.say_wrapped("Arti dan perbaikan tiap kode: panduan, bab Temuan. Rinciannya: lembar Pemeriksaan tiap buku.")


def _many(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _failed(rows: Sequence[Row], width: int) -> None:
    """Many workbooks: those that failed, once more and together."""
    if not rows:
        return
    say()
    say("Gagal:")
    for row in rows[:FAILED_SHOWN]:
        if row.error is not None:
            talk.say_wrapped(f"  {row.file}: {row.error[1]} {row.error[2]}")
    if len(rows) > FAILED_SHOWN:
        say(f"  … dan {len(rows) - FAILED_SHOWN} lagi: pakai --laporan untuk daftar lengkapnya.")


def _changes(outcome: Outcome) -> None:
    """What filling would write."""
    per_sheet: dict[str, int] = {}
    for sheet, _, _ in outcome.changes:
        per_sheet[sheet] = per_sheet.get(sheet, 0) + 1
    parts = ", ".join(f"{sheet} {count} sel" for sheet, count in per_sheet.items())
    talk.say_wrapped(f"Yang akan berubah di {outcome.file}: {parts}.")
    for sheet, cell, value in outcome.changes[:CHANGES_SHOWN]:
        say(f"  {sheet}!{cell} = {_value(value)}")
    if len(outcome.changes) > CHANGES_SHOWN:
        say(f"  … dan {len(outcome.changes) - CHANGES_SHOWN} sel lagi.")


def _value(value: object) -> str:
    if value is None:
        return "(kosong)"
    if isinstance(value, Decimal):
        from iku_excel.indicators.achievement import show

        return show(value)
    if isinstance(value, int | float):
        return f"{value:g}".replace(".", ",")
    text = clean(str(value))
    return text if len(text) <= 60 else text[:59] + "…"
