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
        book = (
            ROOT / "workbooks" / ("CONTOH-2-kesalahan-umum.xlsx" if name == "pemeriksaan" else "CONTOH-1-bersih.xlsx")
        )
        with tempfile.TemporaryDirectory() as folder:
            first, *_ = office.render(book, sheet, into=Path(folder), dpi=110)
            shutil.copyfile(first, target / f"{name}.png")


if __name__ == "__main__":
    main()
