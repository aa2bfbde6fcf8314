"""What the user reads in the terminal, in Indonesian: the result on stdout, the talk on stderr.

Plain text, laid out here: a table library costs more time than filling a workbook. Cells of the workbook are
quoted in messages, so control characters are taken out of everything printed.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, TextIO

import click

from iku_excel.batch import COMPONENTS, IKU_CODES, Outcome
from iku_excel.findings import Finding, Refusal

if TYPE_CHECKING:
    from iku_excel.form.tidy import Tidied

LEVELS = ("kesalahan", "peringatan", "info")
COLOURS = {"kesalahan": "yellow", "peringatan": "blue", "info": None}
"""Told apart by the colour-blind too; the word stands beside it."""
FINDINGS_SHOWN = 10
FINDINGS_SHOWN_OF_MANY = 3
MANY = 3
"""More workbooks than this, and each shows fewer findings."""
CHANGES_SHOWN = 20

_WORDS = {"filled": "diisi", "unchanged": "tidak berubah", "checked": "diperiksa", "failed": "gagal"}
_NONE = "–"
_PIPED_WIDTH = 1_000_000


def clean(text: str) -> str:
    """The text on one line and without anything that could drive a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def say(text: str = "") -> None:
    """One line of the result."""
    click.echo(text)


def say_wrapped(text: str) -> None:
    """A line of the result, broken at the terminal's width under its own beginning."""
    text = clean(text)
    indent = " " * (len(text) - len(text.lstrip()) + 4)
    for line in textwrap.wrap(text, max(40, _width(sys.stdout)), subsequent_indent=indent) or [""]:
        say(line)


def note(text: str) -> None:
    """One line of talk."""
    click.echo(text, err=True)


def complain(refusal: Refusal) -> None:
    """An error in three lines: what, where, what to do."""
    what, where, fix = (clean(line) for line in refusal.lines())
    if refusal.code in ("folder-tanpa-buku-kerja", "bukan-folder"):
        where = "Folder: " + where.removeprefix("Berkas: ")
    click.echo(_coloured(f"Gagal: {what}", "kesalahan", sys.stderr), err=True)
    click.echo(f"  {where or 'Program: iku-excel'}", err=True)
    click.echo(f"  Perbaikan: {fix}", err=True)


def progress(number: int, total: int, file: str) -> None:
    """Tell which file is being worked on: one line that rewrites itself, on a terminal only."""
    if total > 1 and sys.stderr.isatty():
        width = _width(sys.stderr) - 1
        sys.stderr.write("\r" + f"[{number}/{total}] {clean(file)}"[:width].ljust(width))
        sys.stderr.flush()


def progress_over() -> None:
    """Clear the line that ``progress`` wrote."""
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * (_width(sys.stderr) - 1) + "\r")
        sys.stderr.flush()


def as_json(outcome: Outcome) -> str:
    """The workbook as one line of JSON (the contract of ``--json``); figures at two decimals, half up."""
    error = outcome.error
    return json.dumps(
        {
            "file": outcome.file,
            "status": outcome.status,
            "indices": {code: _two_decimals(outcome.indices[code]) for code in IKU_CODES},
            "components": {key: _two_decimals(outcome.components[key]) for key in COMPONENTS},
            "findings": [
                {
                    "code": f.code,
                    "level": f.level,
                    "sheet": f.sheet,
                    "cell": f.cell,
                    "message": f.message,
                    "fix": f.fix,
                }
                for f in outcome.findings
            ],
            "error": None if error is None else {"code": error.code, "message": error.message, "fix": error.fix},
        },
        ensure_ascii=False,
    )


def _two_decimals(value: Decimal | None) -> float | None:
    from iku_excel.indicators.achievement import round2

    return None if value is None else float(round2(value))


def report(outcomes: Sequence[Outcome], *, dry_run: bool = False) -> None:
    """The table of all workbooks, then what staff should look at in each."""
    if not outcomes:
        return
    for line in _table(outcomes, _width(sys.stdout), dry_run):
        say(line)
    limit = FINDINGS_SHOWN if len(outcomes) <= MANY else FINDINGS_SHOWN_OF_MANY
    for outcome in outcomes:
        if dry_run and outcome.changes:
            say()
            _changes(outcome)
        if outcome.findings:
            say()
            say(f"Temuan di {clean(outcome.file)}:")
            _findings(outcome.findings, limit, _width(sys.stdout))


def _table(outcomes: Sequence[Outcome], width: int, dry_run: bool) -> list[str]:
    """One row a workbook; the file's name takes the room that is left and breaks into lines where it must."""
    from iku_excel.indicators.achievement import show

    rows = []
    for outcome in outcomes:
        counts = [sum(f.level == level for f in outcome.findings) for level in LEVELS]
        status = _WORDS[outcome.status]
        if dry_run and outcome.status == "filled":
            status = "akan diisi"
        rows.append(
            (
                clean(outcome.file),
                *(show(outcome.indices[code]) or _NONE for code in IKU_CODES),
                *([_NONE] * len(LEVELS) if outcome.error else map(str, counts)),
                status,
            )
        )
    headings = ("Buku kerja", *IKU_CODES, "Salah", "Ragu", "Info", "Status")
    widths = [max(len(row[i]) for row in (headings, *rows)) for i in range(len(headings))]
    widths[0] = max(12, min(widths[0], width - sum(widths[1:]) - 2 * (len(widths) - 1)))
    lines = [_row(headings, widths), "─" * (sum(widths) + 2 * (len(widths) - 1))]
    for row in rows:
        first, *rest = textwrap.wrap(row[0], widths[0], break_on_hyphens=False) or [""]
        lines.append(_row((first, *row[1:]), widths))
        lines.extend(rest)
    tally = {status: sum(o.status == status for o in outcomes) for status in _WORDS}
    if len(outcomes) > 1:
        parts = ", ".join(f"{n} {_WORDS[status]}" for status, n in tally.items() if n)
        lines.append(f"{len(outcomes)} buku kerja: {parts}.")
    if any(outcome.findings for outcome in outcomes):
        lines.append("Salah = kesalahan (tidak dihitung seperti diketik), Ragu = peringatan.")
    return lines


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
        label = f"  {first.level:<12}"
        lines = textwrap.wrap(clean(f"{first.message} {first.fix}{more}"), max(30, width - len(label) - 1)) or [""]
        say(_coloured(label, first.level, sys.stdout) + lines[0])
        for line in lines[1:]:
            say(" " * len(label) + line)
    left = sum(len(group) for group in groups[limit:])
    if left:
        say(f"  … dan {left} temuan lagi: lihat lembar Pemeriksaan, atau pakai --json.")


def _changes(outcome: Outcome) -> None:
    """What filling would write."""
    per_sheet: dict[str, int] = {}
    for sheet, _, _ in outcome.changes:
        per_sheet[sheet] = per_sheet.get(sheet, 0) + 1
    parts = ", ".join(f"{sheet} {count} sel" for sheet, count in per_sheet.items())
    say(f"Yang akan berubah di {clean(outcome.file)}: {parts}.")
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


def width() -> int:
    """The columns that a result has room for; very many when it goes to a file or another program."""
    return _width(sys.stdout)


def _width(stream: TextIO) -> int:
    """The terminal's width; none when the output goes to a file or another program."""
    return shutil.get_terminal_size((80, 24)).columns if stream.isatty() else _PIPED_WIDTH


def _coloured(text: str, level: str, stream: TextIO) -> str:
    colour = COLOURS.get(level)
    if colour is None or not stream.isatty() or "NO_COLOR" in os.environ:
        return text
    return click.style(text, fg=colour, bold=True)


def tidied(file: str, plan: Tidied, *, dry_run: bool = False) -> None:
    """What was (or would be) mended in a workbook, cell by cell, and what was left alone."""
    from iku_excel.form.tidy import describe, explain

    verb = "akan dirapikan" if dry_run else "dirapikan"
    say(f"{clean(file)}: {len(plan.mends)} sel {verb}, {len(plan.left)} sel dibiarkan.")
    for mend in plan.mends:
        say(f"  {clean(describe(mend))}")
    for left in plan.left:
        say(f"  {clean(explain(left))}")
