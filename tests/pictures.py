"""`make pictures`: the pictures of the documentation, drawn by LibreOffice from the three examples."""

from __future__ import annotations

import datetime
import shutil
import tempfile
from pathlib import Path

from iku_excel.create import new_book
from iku_excel.examples import example_content
from tests.judges import office

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "gambar"
PICTURES = {
    "petunjuk": ("bersih", "Petunjuk"),
    "pengaturan": ("bersih", "Pengaturan"),
    "pertanyaan": ("bersih", "NSPK_Pertanyaan"),
    "ringkasan": ("bersih", "Ringkasan"),
    "nspk": ("bersih", "NSPK"),
    "kesekretariatan": ("bersih", "Kesekretariatan"),
    "formulir": ("bersih", "Formulir IKU"),
    "pemeriksaan": ("kesalahan-umum", "Pemeriksaan"),
}
"""Picture → the example and the sheet whose first page it shows."""

SHOWN = {"formulir": 1}
"""Another page than the first: the form's second holds the table and the signature."""

MOMENT = datetime.datetime(2026, 1, 15, 9)


def main() -> None:
    """Draw a page of each sheet into docs/gambar/."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, (example, sheet) in PICTURES.items():
            book = Path(folder) / f"{example}.xlsx"
            if not book.exists():
                book.write_bytes(new_book(*example_content(example), MOMENT))
            pages = office.render(book, sheet, into=Path(folder) / name, dpi=110)
            shutil.copyfile(pages[SHOWN.get(name, 0)], FOLDER / f"{name}.png")


if __name__ == "__main__":
    main()
