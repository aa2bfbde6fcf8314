"""What the user reads in the terminal, in Indonesian: the result on stdout, the talk on stderr.

Plain text, laid out here: a table library costs more time than filling a workbook. Cells of the workbook are
quoted in messages, so control characters are taken out of everything printed.
"""

from __future__ import annotations

import os
import shutil
import sys
import textwrap
from typing import TYPE_CHECKING, TextIO

import click

from iku_excel.brief import as_line
from iku_excel.findings import Refusal

if TYPE_CHECKING:
    from iku_excel.batch import Outcome
    from iku_excel.form.tidy import Tidied

COLOURS = {"kesalahan": "yellow", "peringatan": "blue", "info": None}
"""Told apart by the colour-blind too; the word stands beside it."""
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
    for line in textwrap.wrap(text, max(40, width()), subsequent_indent=indent) or [""]:
        say(line)


def note(text: str) -> None:
    """One line of talk, broken at the terminal's width."""
    for line in textwrap.wrap(text, max(40, width(sys.stderr) - 1)) or [""]:
        click.echo(line, err=True)


def complain(refusal: Refusal) -> None:
    """An error in three lines: what, where, what to do."""
    what, where, fix = (clean(line) for line in refusal.lines())
    if refusal.code in ("folder-tanpa-buku-kerja", "bukan-folder"):
        where = "Folder: " + where.removeprefix("Berkas: ")
    click.echo(coloured(f"Gagal: {what}", "kesalahan", sys.stderr), err=True)
    click.echo(f"  {where or 'Program: iku-excel'}", err=True)
    click.echo(f"  Perbaikan: {fix}", err=True)
    for line in refusal.details:
        click.echo(f"    {clean(line)}", err=True)


def as_json(outcome: Outcome) -> str:
    """The workbook as one line of JSON, for commands that are about one."""
    return as_line(outcome)


def width(stream: TextIO | None = None) -> int:
    """The columns that a stream (stdout) has room for; very many when it goes to a file or another program."""
    stream = stream or sys.stdout
    return shutil.get_terminal_size((80, 24)).columns if stream.isatty() else _PIPED_WIDTH


def coloured(text: str, level: str, stream: TextIO) -> str:
    """The text in its level's colour, on a terminal that wants colours."""
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
