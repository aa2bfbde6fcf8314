"""Two decimals, half up: Python's against a spreadsheet's own ROUND."""

from __future__ import annotations

import random
from decimal import Decimal
from pathlib import Path

import pytest

from iku_excel.indicators.exact import half_up
from iku_excel.indicators.secretariat import secretariat_index
from tests.judges import office

WEIGHTS = {"dokumen": Decimal(40), "anggaran": Decimal(30), "diklat": Decimal(25), "sarpras": Decimal(5)}


def _components(seed: int) -> tuple[Decimal, ...]:
    rng = random.Random(seed)
    return tuple(Decimal(rng.randrange(0, 10001)) / 100 for _ in WEIGHTS)


def _differences(folder: Path, count: int) -> tuple[int, int]:
    """How often LibreOffice's ROUND differs from ours, and how often float with round() does."""
    from openpyxl import Workbook

    path = folder / "bulat.xlsx"
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Bulat")
    for row in range(1, count + 1):
        values = [float(v) for v in _components(row)]
        sheet.append([*values, f"=ROUND((A{row}*40+B{row}*30+C{row}*25+D{row}*5)/100,2)"])
    book.save(path)
    computed = office.recalculate([path])[path]
    ours = binary = 0
    for row in range(1, count + 1):
        values = _components(row)
        index = secretariat_index(dict(zip(WEIGHTS, values, strict=True)), dict(WEIGHTS)).value
        assert index is not None
        theirs = computed.value("Bulat", f"E{row}")
        ours += float(half_up(index, 2)) != theirs
        plain = sum(float(w) / 100 * float(v) for w, v in zip(WEIGHTS.values(), values, strict=True))
        binary += round(plain, 2) != theirs
    return ours, binary


@pytest.mark.office
def test_weighted_indices_round_as_the_spreadsheet_does(tmp_path: Path) -> None:
    """Of 5,000 random weighted indices none rounds otherwise than LibreOffice's ROUND; binary floats do."""
    office.require_office()
    ours, binary = _differences(tmp_path, 5_000)
    assert ours == 0
    assert binary > 0


@pytest.mark.office
@pytest.mark.trust
def test_100_000_weighted_indices_round_as_the_spreadsheet_does(tmp_path: Path) -> None:
    """The long form: 100,000 random weighted indices, 0 differences."""
    office.require_office()
    ours, binary = _differences(tmp_path, 100_000)
    print(f"\nROUND: {ours} of 100,000 differ; float with round(): {binary}")
    assert ours == 0
