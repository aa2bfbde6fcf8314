"""docs/temuan.md lists every code, as the catalogue has it."""

from __future__ import annotations

import re
from pathlib import Path

from iku_excel.form.checks import CODES
from iku_excel.form.checks.catalogue import render_docs
from iku_excel.form.layout import INPUT_SHEETS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "temuan.md"


def test_the_docs_are_the_catalogue() -> None:
    """The page is word for word what the catalogue renders; write ``render_docs()`` there after a change."""
    assert DOCS.read_text(encoding="utf-8") == render_docs()


def test_every_code_stands_in_the_docs_once_with_its_level() -> None:
    """Read independently of the renderer: one table row a code, with five cells."""
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| (kesalahan|peringatan|info) \|(.+)\|$", DOCS.read_text("utf-8"), re.M)
    assert [(code, level) for code, level, _ in rows] == [(code, info.level) for code, info in CODES.items()]
    assert all(rest.count("|") == 2 for _, _, rest in rows)


def test_every_code_in_the_sources_is_in_the_catalogue() -> None:
    """No room of checks names a code that the catalogue lacks, and every code is named in some room."""
    folder = ROOT / "iku_excel" / "form" / "checks"
    rooms = [p for p in folder.glob("*.py") if "code" not in p.name and "cata" not in p.name]
    text = "\n".join(p.read_text(encoding="utf-8") for p in rooms)
    written = set(
        re.findall(r'(?:say|tell|write|Problem)\(\s*(?:pen, inputs, "\w+", )?"([a-z0-9]+(?:-[a-z0-9]+)+)"', text)
    )
    assert len(written) > 60
    assert written <= set(CODES)
    assert not [code for code in CODES if f'"{code}"' not in text]


def test_codes_are_kebab_case_and_words_are_whole() -> None:
    """Codes are Indonesian kebab-case; meaning, example and mend are there, and a mend is a sentence."""
    for code, info in CODES.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", code)
        assert info.meaning.endswith(".")
        assert info.fix.endswith(".")
        assert info.example
        assert "|" not in info.meaning + info.example + info.fix


def test_the_docs_have_a_part_for_each_input_sheet() -> None:
    """Every input sheet has its own table of codes."""
    parts = set(re.findall(r"^## (.+)$", DOCS.read_text("utf-8"), re.M))
    assert set(INPUT_SHEETS) <= parts
