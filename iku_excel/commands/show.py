"""Commands that show something of one workbook: ``jelaskan``."""

from __future__ import annotations

import click

from iku_excel.commands.common import IKU_CODES, book, command
from iku_excel.findings import EXIT_DONE


@command("Jelaskan asal satu angka.")
@book
@click.argument("iku", metavar="IKU-1|IKU-2|IKU-3", type=click.Choice(IKU_CODES, case_sensitive=False))
def jelaskan(book: str, iku: str) -> int:
    """Jelaskan asal satu angka: rumus, sel masukan, baris yang dihitung dan yang tidak, serta dasar hukumnya."""
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.fill import check_file
    from iku_excel.findings import Refusal
    from iku_excel.form.explain import explain
    from iku_excel.paths import existing
    from iku_excel.tell import trace_lines

    opened = attempt(book, lambda: check_file(existing(Path(book))))
    if isinstance(opened, Refusal):
        talk.complain(opened)
        return opened.exit_status
    trace = explain(opened.inputs, opened.result, opened.data.names, iku.upper())
    for line in trace_lines(trace):
        talk.say_wrapped(line)
    return EXIT_DONE
