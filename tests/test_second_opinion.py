"""Every stored figure against what other programs compute from our formulas.

The workbooks are random (seeded), clean and spoiled. Each is filled by Python; then every stored value is
overwritten by a wrong one, LibreOffice computes all formulas anew, and each figure must agree to 12
significant digits. ironcalc judges the formulas that it supports.
"""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from iku_excel.edits import Edit
from iku_excel.fill import fill
from iku_excel.form import settings
from iku_excel.form.outputs import output_sheets
from iku_excel.form.template import build
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from tests.judges import iron, office
from tests.judges.office import WRONG
from tests.support_random import random_content

MOMENT = datetime.datetime(2026, 1, 15, 9, 30)
TOLERANCE = 1e-12


def _expected(edit: Edit) -> float | str:
    value = edit.value
    if value is None:
        return ""
    return float(value) if isinstance(value, Decimal | int | float) else value


def _agree(ours: float | str, theirs: object) -> bool:
    if isinstance(ours, str):
        return ("" if theirs is None else theirs) == ours  # an empty text may come back as no cell; 0 may not
    if not isinstance(theirs, float | int) or isinstance(theirs, bool):
        return False
    # sums of decimals in binary leave a trace near zero; anything visible is far above it
    return math.isclose(ours, float(theirs), rel_tol=TOLERANCE, abs_tol=1e-9)


def _make(folder: Path, seeds: range, spoiled: float) -> dict[Path, tuple[Edit, ...]]:
    made = {}
    for seed in seeds:
        year, content = random_content(seed, spoiled)
        filled = fill(build(year, content), MOMENT)
        assert filled.data is not None
        path = folder / f"acak-{seed}-{round(spoiled * 100)}.xlsx"
        path.write_bytes(filled.data)
        made[path] = tuple(edit for edit in filled.edits if edit.formula is not None)
    return made


def _judge(made: dict[Path, tuple[Edit, ...]], locale: str) -> tuple[int, list[str]]:
    judged, faults = 0, []
    results = office.recalculate(made, locale)
    for path, edits in made.items():
        for edit in edits:
            theirs = results[path].value(edit.sheet, edit.cell)
            assert theirs != WRONG, f"{path.name} {edit.sheet}!{edit.cell} was not computed anew"
            judged += 1
            if not _agree(_expected(edit), theirs):
                faults.append(
                    f"{path.name} {edit.sheet}!{edit.cell}: ours {edit.value!r}, LibreOffice {theirs!r}, {edit.formula}"
                )
    return judged, faults


def _batches(count: int) -> Iterator[tuple[range, float, str]]:
    """Which seeds, how spoiled, under which locale: a part under id-ID, where the comma is decimal."""
    quarter = max(count // 4, 1)
    yield range(quarter), 0.0, "en-US"
    yield range(quarter, 3 * quarter), 0.15, "en-US"
    yield range(3 * quarter, count), 0.2, "id-ID"


def _run(folder: Path, count: int) -> None:
    total, books, faults = 0, 0, []
    for seeds, spoiled, locale in _batches(count):
        made = _make(folder, seeds, spoiled)
        judged, found = _judge(made, locale)
        total, books = total + judged, books + len(made)
        faults += found
    print(f"\nLibreOffice: {books} workbooks, {total} figures, {len(faults)} differ")
    assert faults == [], "\n".join(faults[:40])


@pytest.mark.office
def test_libreoffice_computes_the_same_figures(tmp_path: Path) -> None:
    """LibreOffice computes every figure of 8 random workbooks as Python does, a part under id-ID."""
    office.require_office()
    _run(tmp_path, 8)


@pytest.mark.office
@pytest.mark.trust
def test_libreoffice_computes_the_same_figures_of_300_workbooks(tmp_path: Path) -> None:
    """The long form: 300 random workbooks, clean and spoiled, under en-US and id-ID."""
    office.require_office()
    _run(tmp_path, 300)


def _ironcalc(folder: Path, seeds: range, spoiled: float) -> tuple[Counter[str], Counter[str], list[str]]:
    """Judge what ironcalc supports. Formulas that it doesn't are replaced by our values, so that it builds on them."""
    judged: Counter[str] = Counter()
    passed_over: Counter[str] = Counter()
    faults = []
    for path, edits in _make(folder, seeds, spoiled).items():
        reasons = {(e.sheet, e.cell): iron.reasons(e.formula or "", text_numbers=spoiled > 0) for e in edits}
        passed_over.update(found[0] for found in reasons.values() if found)
        plain = [  # an empty text must stay one: a blank cell would count as 0
            Edit(e.sheet, e.cell, e.value, '""' if e.value is None else None) for e in edits if reasons[e.sheet, e.cell]
        ]
        path.write_bytes(apply_edits(Package.open(path.read_bytes()), plain).data or b"")
        evaluated = iron.evaluate(path)
        for edit in edits:
            if reasons[edit.sheet, edit.cell]:
                continue
            theirs = evaluated.value(edit.sheet, edit.cell)
            judged[edit.sheet] += 1
            if not _agree(_expected(edit), theirs):
                faults.append(
                    f"{path.name} {edit.sheet}!{edit.cell}: ours {edit.value!r}, ironcalc {theirs!r}, {edit.formula}"
                )
    return judged, passed_over, faults


def _run_ironcalc(folder: Path, count: int) -> int:
    total, unsupported, faults = Counter[str](), Counter[str](), []
    for seeds, spoiled in ((range(1000, 1000 + count), 0.0), (range(1000 + count, 1000 + 2 * count), 0.15)):
        judged, passed_over, found = _ironcalc(folder, seeds, spoiled)
        total, unsupported, faults = total + judged, unsupported + passed_over, faults + found
    print(f"\nironcalc: {total.total()} figures of {2 * count} workbooks, {len(faults)} differ; not supported:")
    for reason, times in unsupported.most_common():
        print(f"  {times:6d}  {reason}")
    assert faults == [], "\n".join(faults[:40])
    return total.total()


def test_ironcalc_computes_the_same_figures(tmp_path: Path) -> None:
    """ironcalc, a program by other people, agrees on every formula that it supports; the others are listed."""
    assert _run_ironcalc(tmp_path, 2) > 1000


@pytest.mark.trust
def test_ironcalc_computes_the_same_figures_of_100_workbooks(tmp_path: Path) -> None:
    """The long form: 50 clean and 50 spoiled workbooks."""
    assert _run_ironcalc(tmp_path, 50) > 10_000


@pytest.mark.office
def test_the_judge_would_see_a_wrong_formula(tmp_path: Path) -> None:
    """A wrong value of ours does not survive: LibreOffice's figure differs from it, and the test says so."""
    office.require_office()
    made = _make(tmp_path, range(1), 0.0)
    (path, edits), *_ = made.items()
    wrong = tuple(
        Edit(e.sheet, e.cell, float(e.value) + max(1e-6, abs(float(e.value)) * 1e-9), e.formula, e.array)
        if isinstance(e.value, Decimal) and e.value
        else e
        for e in edits
    )
    assert wrong != edits
    _, faults = _judge({path: wrong}, "en-US")
    assert len(faults) == sum(a != b for a, b in zip(edits, wrong, strict=True))


def test_the_names_of_the_contract_are_among_the_judged_figures() -> None:
    """Every output name's cell is a computed cell of the plan, so the tests above judge it."""
    year, content = random_content(1, 0.0)
    filled = fill(build(year, content), MOMENT)
    judged = {(edit.sheet, edit.cell) for edit in filled.edits if edit.formula is not None}
    inputs = filled.opened.inputs
    for sheet in output_sheets(inputs.rules, inputs.places):
        for name, cell in sheet.names.items():
            assert (sheet.sheet, cell) in judged, name
    assert set(settings.OUTPUT_NAMES) <= {n for s in output_sheets(inputs.rules, inputs.places) for n in s.names}
