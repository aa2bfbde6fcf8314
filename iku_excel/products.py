"""Files that we make beside a workbook (a PDF, a Word document): whole or not at all, and never over another file.

An older product of ours goes only when that is asked for, and only if it is of the same kind.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from iku_excel.create import write_new
from iku_excel.findings import EXIT_OPEN, Refusal


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of product: what people call it, how its name ends, and how its content is known."""

    word: str
    ending: str
    recognises: Callable[[bytes], bool]


def is_word(content: bytes) -> bool:
    """Whether these bytes are a Word document (.docx)."""
    import io
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return "word/document.xml" in package.namelist()
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


PDF = Kind("PDF", ".pdf", lambda content: content.startswith(b"%PDF-"))
WORD = Kind("dokumen Word", ".docx", is_word)


def require_free(path: Path, kind: Kind, *, overwrite: bool) -> None:
    """Raise unless the product may be written there: its folder exists, and nothing is in its place but, with
    ``overwrite``, a file of its kind. Asked before the work begins, and again by ``deliver``.

    ``Refusal`` "folder-tidak-ada", "berkas-sudah-ada", "bukan-hasil-lama".
    """
    if not path.parent.is_dir():
        raise Refusal(
            "folder-tidak-ada",
            f"Folder untuk berkas {path.name} tidak ada.",
            "Buat foldernya dulu, atau pilih folder lain.",
            file=str(path),
        )
    if not os.path.lexists(path):
        return
    if not overwrite:
        raise Refusal(
            "berkas-sudah-ada",
            f"Berkas {path.name} sudah ada dan tidak ditimpa.",
            "Pilih nama lain, atau tambahkan --timpa bila yang lama memang boleh diganti.",
            file=str(path),
        )
    try:
        known = path.is_file() and kind.recognises(path.read_bytes())
    except OSError:
        known = False
    if not known:
        raise Refusal(
            "bukan-hasil-lama",
            f"{path.name} bukan {kind.word}, jadi tidak ditimpa.",
            "Pilih nama lain.",
            file=str(path),
        )


def deliver(path: Path, data: bytes, kind: Kind, *, overwrite: bool) -> None:
    """Write the product. ``Refusal`` as ``require_free``, "hasil-sedang-dibuka" (exit 3), a full disk …"""
    require_free(path, kind, overwrite=overwrite)
    if not os.path.lexists(path):
        write_new(path, data)
        return
    from iku_excel.xlsx.lock import PREFIX

    real = path.resolve()
    temporary = real.with_name(f"{PREFIX}{token_hex(8)}.tmp")
    write_new(temporary, data)
    try:
        temporary.replace(real)
    except OSError as error:
        raise Refusal(
            "hasil-sedang-dibuka",
            f"Berkas {path.name} tidak dapat diganti; mungkin sedang dibuka.",
            "Tutup program yang membukanya, lalu ulangi.",
            file=str(path),
            exit_status=EXIT_OPEN,
        ) from error
    finally:
        with suppress(OSError):
            temporary.unlink()
