"""The manual holds everything a user can meet, nothing that isn't there, and its examples answer as told."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from iku_excel.form import layout, settings
from iku_excel.form.checks import CODES
from iku_excel.form.outputs import output_sheets
from iku_excel.form.sheetmap import Places
from iku_excel.rules.loader import rules_for
from tests import docs_manual, docs_refusals, docs_workbook
from tests.docs_manual import DOCS, ENTRY, GENERATED, commands, links, options, pages, run_page, same, transcripts
from tests.pictures import FOLDER, PICTURES

PLAYED = [page for page in pages() if transcripts(page)]
WRITTEN = [page for page in pages() if page not in GENERATED]
"""Pages by hand: what only a generated page tells isn't explained."""

PROSE = {"menjalankan", "ini"}
"""Words that follow the program's name in a sentence."""


@cache
def manual() -> str:
    """Every page of the manual in a row."""
    return "\n".join(page.read_text(encoding="utf-8") for page in pages())


def by_hand() -> str:
    """The pages that are not generated."""
    return "\n".join(page.read_text(encoding="utf-8") for page in WRITTEN)


@pytest.mark.parametrize("page", GENERATED, ids=lambda page: page.name)
def test_generated_pages_are_up_to_date(page: Path) -> None:
    """Each is word for word what the program, its sources and its map say now."""
    assert page.read_text(encoding="utf-8") == GENERATED[page](), "run `python -m tests.docs_manual`"


@pytest.mark.parametrize("page", PLAYED, ids=lambda page: page.name)
def test_the_examples_answer_as_told(page: Path) -> None:
    """Followed line by line in an empty folder, every example gives the answer printed under it."""
    for (line, told), real in zip(transcripts(page), run_page(page), strict=True):
        assert same(told, real), f"$ {line}\n{real}\nrun `python -m tests.docs_manual`"


def test_every_command_is_explained_and_every_option_listed() -> None:
    """A chapter by hand names each command; the reference has its heading and each of its options."""
    reference = docs_manual.COMMANDS_PAGE.read_text(encoding="utf-8")
    for name, command in commands().items():
        assert re.search(rf"`(?:iku-excel )?{name}[ `]|^\$? ?iku-excel {name} ", by_hand(), re.M), name
        assert f"\n## {name}\n" in reference
        part = reference.split(f"\n## {name}\n")[1].split("\n## ")[0]
        assert not [word for word in options(command) if not re.search(rf"{re.escape(word)}\b", part)], name


def test_the_manual_names_no_command_or_option_that_does_not_exist() -> None:
    """Every "iku-excel X --y" of the manual can be typed."""
    known = commands()
    lines = re.findall(r"iku-excel ([a-z][a-z-]*)([^`\n]*)", manual())
    assert len(lines) > 40
    for name, rest in lines:
        if name in known:
            wrong = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", rest)) - options(known[name])
            assert not wrong, f"iku-excel {name}{rest}"
        else:
            assert name in PROSE, name


def test_options_named_alone_exist() -> None:
    """An option between backquotes belongs to some command."""
    every = set().union(*map(options, commands().values())) | {"--version"}
    told = {word.split("=")[0] for word in re.findall(r"`(--[a-z][a-z-]*)", manual())}
    assert told <= every


def test_every_sheet_table_heading_and_name_is_told() -> None:
    """Sheets by hand; tables, headings, settings and names at least in the page about the workbook."""
    text, page = by_hand(), docs_workbook.PAGE.read_text(encoding="utf-8")
    assert not [name for name in layout.SHEETS if not re.search(rf"\b{re.escape(name)}\b", text)]
    for table in settings.TABLES.values():
        assert f"### {table.name}:" in page
        part = page.split(f"### {table.name}:")[1].split("\n#")[0]
        assert not [heading for heading in table.headings if f"\n| {heading} |" not in part], table.name
    sheets = output_sheets(rules_for(2025), Places("A1:B1", "A2:B2", 2026))
    names = {name for sheet in sheets for name in sheet.names} | set(settings.SETTINGS)
    assert len(names) > 30
    assert not [name for name in names if f"`{name}`" not in page]


def test_every_setting_says_what_it_does_and_whence() -> None:
    """Name, label, kind, default, effect, source: six cells, and the last two never empty."""
    page = docs_workbook.PAGE.read_text(encoding="utf-8")
    for name, setting in settings.SETTINGS.items():
        row = re.search(rf"^\| `{name}` \|(.+)\|$", page, re.M)
        assert row, name
        label, *_, effect, source = (cell.strip() for cell in row[1].split(" | "))
        assert (label, bool(effect), bool(source)) == (setting.label, True, True), name


def test_every_finding_and_refusal_has_its_mend() -> None:
    """Each code stands in its table with words for what happened and what to do."""
    text = manual()
    for code in CODES:
        assert re.search(rf"^\| `{code}` \| \w+ \| .+ \| .+ \| .+ \|$", text, re.M), code
    codes = docs_refusals.codes()
    assert len(codes) > 60
    for code in codes:
        assert re.search(rf"^\| `{code}` \| .{{9,}} \| .+ \| [1-4] \|$", text, re.M), code


def test_codes_named_by_hand_exist() -> None:
    """A kebab-case word between backquotes is a finding, a refusal or a command."""
    known = set(CODES) | docs_refusals.codes() | set(commands()) | {"iku-excel", "python3-uno"}
    told = set(re.findall(r"`([a-z0-9]+(?:-[a-z0-9]+)+)`", by_hand()))
    assert told <= known


def test_no_refusal_code_is_missed() -> None:
    """Every kebab-case word that stands as a refusal's code in the sources is in the page, however it is raised."""
    folder = Path(docs_refusals.ROOT) / "iku_excel"
    raised = set()
    for path in folder.rglob("*.py"):
        raised |= set(re.findall(r'[Rr]efusal\(\s*"([a-z0-9-]+)"', path.read_text(encoding="utf-8")))
    assert len(raised) > 60
    assert raised <= docs_refusals.codes()


def _anchor(heading: str) -> str:
    return re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", heading.casefold().strip()))


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_no_link_or_picture_is_dead(page: Path) -> None:
    """What a page links to or shows exists, down to the heading."""
    for target, heading in links(page):
        assert target.exists(), f"{page.name}: {target.name}"
        if heading:
            found = {_anchor(x) for x in re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.M)}
            assert heading in found, f"{page.name}: {target.name}#{heading}"


def test_every_page_of_the_manual_can_be_reached() -> None:
    """No chapter lies in docs/panduan/ that the entry page leaves out, and every chapter leads back."""
    assert {*(DOCS / "panduan").glob("*.md")} <= set(pages())
    for page in WRITTEN:
        if page.parent.name == "panduan":
            assert ENTRY in {target for target, _ in links(page)}, page.name


def test_pictures_are_those_that_the_command_draws() -> None:
    """`make pictures` draws every picture in docs/gambar/ and no page lacks one."""
    assert {path.stem for path in FOLDER.glob("*.png")} == set(PICTURES)
    shown = {target.stem for page in pages() for target, _ in links(page) if target.suffix == ".png"}
    assert shown == set(PICTURES)


def test_terms_have_a_source() -> None:
    """Every row of the glossary says where its meaning comes from, and the words of the form are in it."""
    text = (DOCS / "panduan" / "istilah.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", text, re.M)[1:]
    assert len(rows) > 40
    assert not [term for term, _, source in rows if term != "---" and not re.search(r"\[[DPKB]\]", source)]
    for word in ("IKU", "NSPK", "BKN", "LKjIP", "Renstra", "Capaian", "Predikat", "GAP", "JP", "NUP", "Pagu", "DPA"):
        assert any(re.search(rf"\b{word}\b", term) for term, _, _ in rows), word


def test_the_manual_says_what_was_not_seen() -> None:
    """Real Excel was never at hand: the entry page and the page about the button say so."""
    assert "belum pernah diuji di Excel" in re.sub(r"\s+", " ", ENTRY.read_text(encoding="utf-8"))
    assert "Belum pernah: Excel yang sesungguhnya" in manual()
