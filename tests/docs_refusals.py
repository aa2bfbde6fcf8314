"""docs/penolakan.md from the sources: every refusal that the program can give, in its own words.

A refusal is read where it is raised, ``Refusal(code, message, fix)``, also through a helper of the same module that
takes some of the three as its arguments. What only the run knows (a file's name) stands there as "…".
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "penolakan.md"

_HEAD = """\
# Penolakan

Bila sesuatu tidak dapat dikerjakan dengan aman, program menolak dan **berkas tetap seperti semula**. Pesannya tiga
baris: apa yang terjadi, di mana, dan apa yang harus dilakukan. Di keluaran `--json` pesan itu ada di `error`, lengkap
dengan kodenya. Tanda … menggantikan nama berkas, lembar, atau sel.

Angka di kolom Status adalah status keluar program: 1 gagal, 3 buku kerja sedang dibuka atau dikunci, 4 ada yang belum
terpasang di komputer ini. Halaman ini dibuat dari program (`python -m tests.docs_manual`).

| Kode | Pesan | Yang harus dilakukan | Status |
|---|---|---|---|
"""

_STATUS = {"EXIT_FINDINGS": 1, "EXIT_USAGE": 2, "EXIT_OPEN": 3, "EXIT_MACHINE": 4}

COMPUTED = {
    "tahun-tidak-sah": ("Tahun berisi …, bukan ….", "Isi sel itu dengan ….", 1),
    "triwulan-tidak-sah": ("Triwulan berisi …, bukan ….", "Isi sel itu dengan ….", 1),
    "judul-tabel": ("Sel … di lembar … adalah judul kolom tabel.", "Pindahkan tabel itu, simpan, lalu ulangi.", 1),
    "baris-total": ("Sel … di lembar … adalah baris total tabel.", "Pindahkan tabel itu, simpan, lalu ulangi.", 1),
}
"""Codes that the sources put together or keep in a list."""

Said = tuple[str, str, str, int]
"""Code, message, mend, exit status."""


def refusals() -> list[Said]:
    """Every refusal, each once, by code."""
    found = {said for path in sorted((ROOT / "iku_excel").rglob("*.py")) for said in _of_module(path)}
    found |= {(code, *words) for code, words in COMPUTED.items()}
    return sorted(found)


def codes() -> set[str]:
    """The codes of all refusals."""
    return {code for code, *_ in refusals()}


def _of_module(path: Path) -> Iterator[Said]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    constants = _assigned(tree.body)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    called = {_called(node) for node in ast.walk(tree)}
    helpers = {name: found for function in functions for name, found in _helper(function) if name in called}
    for function in functions:
        known = {**constants, **_assigned(function.body)}
        for node in ast.walk(function):
            name = _called(node)
            if not isinstance(node, ast.Call) or (name != "Refusal" and name not in helpers):
                continue
            if name == "Refusal":
                if function.name not in helpers or helpers[function.name].call is not node:
                    yield from _said(node, known)
                continue
            helper = helpers[name]
            given = dict(zip(helper.names, node.args, strict=False))
            given |= {k.arg: k.value for k in node.keywords if k.arg}
            yield from _said(helper.call, {**constants, **helper.known, **given})


@dataclass(frozen=True, slots=True)
class _Helper:
    """A function that takes parts of a refusal as its arguments."""

    names: list[str]
    known: Mapping[str, ast.expr]
    call: ast.Call


def _helper(function: ast.FunctionDef) -> Iterator[tuple[str, _Helper]]:
    arguments = [a for a in function.args.args if a.arg not in ("self", "cls")]
    texts = {a.arg for a in arguments if isinstance(a.annotation, ast.Name) and a.annotation.id == "str"}
    known = _assigned(function.body)
    if function.args.defaults:
        last = [a.arg for a in arguments][-len(function.args.defaults) :]
        known |= dict(zip(last, function.args.defaults, strict=True))
    for call in ast.walk(function):
        if isinstance(call, ast.Call) and _called(call) == "Refusal":
            used = {n.id for a in call.args[:3] for n in ast.walk(_resolved(a, known)) if isinstance(n, ast.Name)}
            used |= {a.id for a in call.args[:3] if isinstance(a, ast.Name)}
            if used & texts:
                yield function.name, _Helper([a.arg for a in arguments], known, call)


def _resolved(node: ast.expr, known: Mapping[str, ast.expr]) -> ast.expr:
    return known.get(node.id, node) if isinstance(node, ast.Name) else node


def _assigned(body: list[ast.stmt]) -> dict[str, ast.expr]:
    """Texts that are given a name right in this body."""
    return {
        target.id: node.value
        for node in body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant | ast.JoinedStr | ast.IfExp)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def _said(call: ast.Call, known: Mapping[str, ast.expr]) -> Iterator[Said]:
    if len(call.args) < 3:
        return
    code, message, fix = (_text(argument, known) for argument in call.args[:3])
    if "…" in code or " " in code:
        return
    status = next((k.value for k in call.keywords if k.arg == "exit_status"), None)
    number = _STATUS.get(status.id, 1) if isinstance(status, ast.Name) else 1
    yield code, re.sub("…+", "…", message), re.sub("…+", "…", fix), number


def _text(node: ast.expr, known: Mapping[str, ast.expr], depth: int = 0) -> str:
    """A text of the sources; "…" for what only the run knows."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part, known, depth) for part in node.values)
    if isinstance(node, ast.IfExp):
        return _text(node.body, known, depth)
    if isinstance(node, ast.FormattedValue):
        return _text(node.value, known, depth)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _text(node.left, known, depth) + _text(node.right, known, depth)
    if isinstance(node, ast.Name) and node.id in known and depth < 3:
        return _text(known[node.id], known, depth + 1)
    return "…"


def render() -> str:
    """The whole page."""
    rows = []
    for code, message, fix, status in refusals():
        cells = (text.replace("|", "\\|").replace("\n", " ") for text in (message, fix))
        rows.append(f"| `{code}` | {' | '.join(cells)} | {status} |\n")
    return _HEAD + "".join(rows)
