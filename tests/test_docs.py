"""Documentation that fails the build: what exists is documented, and what is documented exists."""

from __future__ import annotations

import re
from pathlib import Path

import click

from iku_excel.cli import main
from tests.docs_workbook import PAGE, render

ROOT = Path(__file__).parents[1]


def test_the_page_about_the_workbook_is_up_to_date() -> None:
    """docs/buku-kerja.md lists exactly the sheets, tables, headings and names of the map."""
    assert PAGE.read_text(encoding="utf-8") == render(), "run `python -m tests.docs_workbook`"


def test_the_readme_names_every_command() -> None:
    """The README's table has each command of the command line and no other; what only the macro calls is hidden."""
    assert isinstance(main, click.Group)
    told = re.findall(r"^\| `iku-excel ([\w-]+)", (ROOT / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(told) == sorted(name for name, command in main.commands.items() if not command.hidden)


def test_the_house_page_names_every_room() -> None:
    """docs/arsitektur.md names every module and folder of the package."""
    page = (ROOT / "docs" / "arsitektur.md").read_text(encoding="utf-8")
    for path in (ROOT / "iku_excel").iterdir():
        if path.name.startswith("__") or path.suffix not in ("", ".py"):
            continue
        assert path.name in page, path.name


def test_every_picture_of_the_readme_exists() -> None:
    """No link of the README to a file of the project is dead."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for target in re.findall(r"\]\(((?!http)[^)]+)\)", text):
        assert (ROOT / target).exists(), target
