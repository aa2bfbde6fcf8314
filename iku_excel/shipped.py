"""The workbooks and the Word template that ship with the project: `python -m iku_excel.shipped ROOT` rebuilds them.

Never made by hand. Their moment is fixed, so that the same code gives the same workbooks.
"""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterator
from pathlib import Path

from iku_excel.create import new_book
from iku_excel.examples import EXAMPLES, example_content
from iku_excel.form.template.content import Content
from iku_excel.report.word_template import build as report_template
from iku_excel.rules.loader import rules_for

MOMENT = datetime.datetime(2026, 1, 15, 9, 30)
TEMPLATE_YEAR = 2026


def shipped() -> Iterator[tuple[str, bytes]]:
    """Path (from the project's root) and bytes of each: the template of the source document's agency, with
    and without the button; the examples; the Word template of the report.
    """
    content = Content({"Perangkat_Daerah": rules_for(TEMPLATE_YEAR).agency}, {})
    yield "templates/iku.xlsx", new_book(TEMPLATE_YEAR, content, MOMENT)
    yield "templates/iku.xlsm", new_book(TEMPLATE_YEAR, content, MOMENT, button=True)
    for example in EXAMPLES:
        yield f"workbooks/{example.file}", new_book(*example_content(example.name), MOMENT)
    yield "templates/laporan-bab3.docx", report_template()


def main(root: Path) -> None:
    """Write them all below ``root``."""
    for name, data in shipped():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
