"""New workbooks: built, filled so that every stored value is there, and written where nothing was."""

from __future__ import annotations

import datetime
import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from iku_excel.findings import Refusal

if TYPE_CHECKING:
    from iku_excel.form.template.content import Content


def new_book(year: int, content: Content, moment: datetime.datetime, *, button: bool = False) -> bytes:
    """A workbook of the template's newest version with this content, filled; an .xlsm with ``button``."""
    from iku_excel.fill import fill
    from iku_excel.form.template import build

    built = build(year, content)
    if button:
        from iku_excel.form.button import with_button

        built = with_button(built)
    return fill(built, moment).data or built


def create_book(path: Path, year: int, content: Content, moment: datetime.datetime) -> None:
    """Make a new workbook at ``path``. ``Refusal`` "berkas-sudah-ada", "folder-tidak-ada", a full disk …"""
    refuse_existing(path)
    write_new(path, new_book(year, content, moment, button=path.suffix.lower() == ".xlsm"))


def create_examples(folder: Path, moment: datetime.datetime) -> tuple[Path, ...]:
    """Make the example workbooks in a folder, itself made if need be; none if one of the names is taken."""
    from iku_excel.examples import EXAMPLES, example_content

    paths = tuple(folder / example.file for example in EXAMPLES)
    for path in paths:
        refuse_existing(path)
    make_folder(folder)
    for path, example in zip(paths, EXAMPLES, strict=True):
        write_new(path, new_book(*example_content(example.name), moment))
    return paths


def make_folder(folder: Path) -> None:
    """The folder, and those above it, unless it is there. ``Refusal`` "bukan-folder", or that it can't be written."""
    from iku_excel.xlsx.lock import unwritable

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise Refusal(
            "bukan-folder", f"{folder.name} adalah berkas, bukan folder.", "Pilih nama folder lain."
        ) from error
    except OSError as error:
        raise unwritable(folder.parent, error) from error


def refuse_existing(path: Path) -> None:
    """Raise ``Refusal`` "berkas-sudah-ada" if anything has this name: new workbooks never overwrite."""
    if os.path.lexists(path):
        raise Refusal(
            "berkas-sudah-ada",
            f"Berkas {path.name} sudah ada dan tidak ditimpa.",
            "Pilih nama lain, atau pindahkan dulu berkas yang lama.",
            file=str(path),
        )


def write_new(path: Path, data: bytes) -> None:
    """Write a new file and make it durable. Never overwrites, not even a file made meanwhile.

    What a failed write left is removed; ``Refusal`` says why it failed.
    """
    from iku_excel.xlsx.lock import unwritable

    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    except FileExistsError:
        refuse_existing(path)
        raise
    except FileNotFoundError as error:
        raise Refusal(
            "folder-tidak-ada",
            f"Folder untuk berkas {path.name} tidak ada.",
            "Buat foldernya dulu, atau pilih folder lain.",
        ) from error
    except OSError as error:
        raise unwritable(path.parent, error) from error
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
    except BaseException as error:
        with suppress(OSError):
            path.unlink()
        if isinstance(error, OSError):
            raise unwritable(path.parent, error) from error
        raise
