"""What the tests of ``cetak`` share: a home of their own, a workbook on the disk, the refusal that printing ends in."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from iku_excel.findings import Refusal
from iku_excel.printing import print_file

NOW = datetime.datetime(2026, 2, 2, 14, 30)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of the test's own: the private folder lies there."""
    made = tmp_path / "rumah"
    made.mkdir()
    monkeypatch.setenv("HOME", str(made))
    monkeypatch.setenv("USERPROFILE", str(made))
    return made


def left(home: Path) -> list[str]:
    """What lies in the private folder."""
    private = home / ".iku-excel"
    return sorted(path.name for path in private.iterdir()) if private.is_dir() else []


def book_in(folder: Path, data: bytes, name: str = "Buku Ñ & 'arsip'.xlsx") -> Path:
    """A workbook on the disk."""
    path = folder / name
    path.write_bytes(data)
    return path


def refused(*given: Any) -> Refusal:
    """The refusal that printing ends in."""
    with pytest.raises(Refusal) as caught:
        print_file(*given)
    return caught.value
