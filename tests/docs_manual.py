"""The manual's generated parts: `python -m tests.docs_manual` writes them, tests/test_panduan.py compares.

Written anew: the reference of commands (from ``--help``), the refusals (from the sources), the findings, the page about
the workbook, and in every page the answers under the lines that begin with "$ " in a block ``console``. Those lines are
run in their order, a folder for each page, so that the manual can be followed as it stands.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import click
from click.testing import CliRunner

from iku_excel.cli import main as program
from iku_excel.form.checks.catalogue import render_docs
from tests import docs_refusals, docs_workbook

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
ENTRY = DOCS / "panduan.md"
COMMANDS_PAGE = DOCS / "panduan" / "perintah.md"
CONSOLE = re.compile(r"(?ms)^```console\n(.*?)^```$")
_LINK = re.compile(r"\]\(([^)\s]+)\)")
WIDTH = 100
_TOOK = re.compile(r"(?m)(?<=  ) *\d+,\d\d(?=  (?:diisi|akan diisi|diperiksa)$)")
"""The seconds that a workbook took, in the closing table: never the same twice."""

CHAPTERS = {
    "baru": "memulai.md", "contoh": "memulai.md", "doktor": "memulai.md",
    "isi": "menghitung.md", "periksa": "menghitung.md", "rapikan": "menghitung.md", "jelaskan": "menghitung.md",
    "pantau": "menghitung.md", "kunci": "setahun.md", "buka-kunci": "setahun.md", "cetak": "setahun.md",
    "laporan": "setahun.md", "perbarui": "setahun.md", "simulasi": "setahun.md", "rekap": "rekap.md",
    "impor": "impor.md", "isi-massal": "impor.md",
}  # fmt: skip
"""The chapter that shows a command at work."""

_HEAD = """\
# Daftar perintah

Semua perintah dan pilihannya, persis seperti jawaban `iku-excel PERINTAH --help`. Cara memakainya ada di bab yang
disebut di bawah tiap judul. `iku-excel --version` menampilkan versi program.

Status keluar: 0 selesai; 1 ada temuan tingkat kesalahan, atau ada buku kerja yang gagal; 2 perintah salah ketik; 3 buku
kerja sedang dibuka atau dikunci; 4 ada yang belum terpasang di komputer ini; 130 dihentikan dengan Ctrl-C. Halaman ini
dibuat dari program (`python -m tests.docs_manual`).
"""


def commands() -> dict[str, click.Command]:
    """Every command that users see."""
    assert isinstance(program, click.Group)
    return {name: command for name, command in sorted(program.commands.items()) if not command.hidden}


def options(command: click.Command) -> set[str]:
    """The options of a command, "--help" included."""
    own = {word for p in command.params if isinstance(p, click.Option) and not p.hidden for word in p.opts}
    return own | {"--help"}


def render_commands() -> str:
    """The whole reference of commands."""
    parts = [_HEAD]
    for name in commands():
        answer = CliRunner().invoke(program, [name, "--help"], env={"COLUMNS": "80"}).stdout.rstrip()
        chapter = CHAPTERS.get(name)
        where = f"Dipakai di bab [{chapter.removesuffix('.md')}]({chapter}).\n\n" if chapter else ""
        parts.append(f"\n## {name}\n\n{where}```text\n{answer}\n```\n")
    return "".join(parts)


@cache
def pages() -> tuple[Path, ...]:
    """The entry page and every page of docs/ that can be reached from it."""
    found, waiting = [], [ENTRY]
    while waiting:
        page = waiting.pop(0)
        found.append(page)
        for target, _ in links(page):
            if target.suffix == ".md" and target.exists() and DOCS in target.parents:
                waiting += [target] if target not in (*found, *waiting) else []
    return tuple(found)


def links(page: Path) -> Iterator[tuple[Path, str]]:
    """Files that a page links to or shows, with the heading within (or "")."""
    for target in _LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith(("http:", "https:", "mailto:")):
            name, _, heading = target.partition("#")
            yield (page.parent / name).resolve() if name else page, heading


def transcripts(page: Path) -> list[tuple[str, str]]:
    """Each "$ " line of the page's console blocks with the answer that stands under it."""
    said = []
    for block in CONSOLE.findall(page.read_text(encoding="utf-8")):
        for part in re.split(r"(?m)^\$ ", block)[1:]:
            line, _, answer = part.partition("\n")
            said.append((line, answer.rstrip("\n")))
    return said


def run_page(page: Path) -> list[str]:
    """What the page's console lines really answer, run one after another in a new folder."""
    with tempfile.TemporaryDirectory(prefix="iku-panduan-") as folder:
        return [_run(line, folder) for line, _ in transcripts(page)]


def _run(line: str, folder: str) -> str:
    name, *words = shlex.split(line)
    assert name == "iku-excel", line
    env = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": str(WIDTH), "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "iku_excel", *words],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    text = _TOOK.sub(lambda found: f"{'0,05':>{len(found[0])}}", done.stdout.decode("utf-8"))
    assert done.returncode in (0, 1, 3), f"{line}: {text}"
    return "\n".join(x.rstrip() for x in text.rstrip("\n").splitlines())


def same(told: str, real: str) -> bool:
    """Whether an answer is as told; a line "…" stands for any lines left out."""
    pattern = r"(?:.*\n)*".join(re.escape(part) for part in f"{told}\n".split("…\n"))
    return re.fullmatch(pattern, f"{real}\n") is not None


def refreshed(page: Path) -> str:
    """The page with today's answers; an answer with a line "…" is kept while it still holds."""
    answers = iter(zip(transcripts(page), run_page(page), strict=True))

    def block(found: re.Match[str]) -> str:
        lines = []
        for _ in re.findall(r"(?m)^\$ ", found[1]):
            (line, told), real = next(answers)
            answer = told if same(told, real) else real
            lines.append(f"$ {line}\n{answer}\n" if answer else f"$ {line}\n")
        return f"```console\n{''.join(lines)}```"

    return CONSOLE.sub(block, page.read_text(encoding="utf-8"))


GENERATED = {
    COMMANDS_PAGE: render_commands,
    docs_refusals.PAGE: docs_refusals.render,
    docs_workbook.PAGE: docs_workbook.render,
    DOCS / "temuan.md": render_docs,
}


def main() -> None:
    """Write everything anew."""
    for page, render in GENERATED.items():
        page.write_text(render(), encoding="utf-8")
    for page in pages():
        if page not in GENERATED and transcripts(page):
            page.write_text(refreshed(page), encoding="utf-8")


if __name__ == "__main__":
    main()
