"""`make pictures`: the pictures of the documentation, drawn by LibreOffice from the shipped examples."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from iku_excel.examples import EXAMPLES
from tests.judges import office

ROOT = Path(__file__).parents[1]
PICTURES = {"ringkasan": "Ringkasan", "pemeriksaan": "Pemeriksaan", "nspk": "NSPK"}


def main() -> None:
    """Draw the first page of each sheet into docs/gambar/."""
    target = ROOT / "docs" / "gambar"
    target.mkdir(parents=True, exist_ok=True)
    for name, sheet in PICTURES.items():
        example = EXAMPLES[1 if name == "pemeriksaan" else 0]
        book = ROOT / "workbooks" / example.file
        with tempfile.TemporaryDirectory() as folder:
            first, *_ = office.render(book, sheet, into=Path(folder), dpi=110)
            shutil.copyfile(first, target / f"{name}.png")


if __name__ == "__main__":
    main()
