"""Which workbooks the paths of a command line mean.

A folder means the workbooks below it, sorted. Files that are surely nobody's workbook (backups, temporaries,
owner files, hidden ones) are passed over in silence; a file that is named is always meant.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from iku_excel.findings import Refusal

ENDINGS = (".xlsx", ".xlsm")
_BACKUP = re.compile(r"^backup (of|dari) |[._ -]bak$|[._ -]backup$", re.IGNORECASE)
_HIDDEN = 0x2  # FILE_ATTRIBUTE_HIDDEN on Windows


@dataclass(frozen=True, slots=True)
class Target:
    """One file to work on. ``shown`` is its path as the user gave it, joined; ``named`` if they named it.

    ``real`` is the same path without links, by which it is known.
    """

    path: Path
    shown: str
    real: Path
    named: bool


@dataclass(frozen=True, slots=True)
class Given:
    """One path of the command line and the files it means: itself, or what lies in the folder."""

    shown: str
    real: Path
    is_folder: bool
    targets: tuple[Target, ...]


def given(paths: Sequence[str]) -> tuple[Given, ...]:
    """The files that the paths mean, in the order given; a file met twice is worked on the first time only."""
    seen: set[Path] = set()
    named = {_real(path) for path in paths if not _is_folder(path)}
    groups = []
    for path in paths:
        is_folder = _is_folder(path)
        found = []
        for shown in _walk(path) if is_folder else (path,):
            real = _real(shown)
            if real not in seen:
                seen.add(real)
                found.append(Target(Path(shown), shown, real, real in named))
        groups.append(Given(path, _real(path), is_folder, tuple(found)))
    return tuple(groups)


def _is_folder(path: str) -> bool:
    try:
        return Path(path).is_dir()
    except OSError:  # a name too long, a share that is gone: told when it is opened
        return False


def _real(path: str) -> Path:
    try:
        return Path(path).resolve()
    except (OSError, RuntimeError):  # a ring of links
        return Path(path).absolute()


def _walk(folder: str) -> Iterator[str]:
    """The workbooks below a folder, by name; links to folders are not followed. Unreadable folders hold none."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if _hidden(entry):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path)
        elif entry.name.casefold().endswith(ENDINGS) and not _BACKUP.search(entry.name[:-5]) and entry.is_file():
            yield entry.path


def _hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith((".", "~")):
        return True
    try:
        return bool(getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0) & _HIDDEN)
    except OSError:
        return False


def existing(path: Path) -> Path:
    """The path itself; ``Refusal`` "berkas-tidak-ada" unless there is something of that name."""
    if not path.exists():
        raise Refusal("berkas-tidak-ada", f"Berkas {path.name} tidak ditemukan.", "Periksa nama berkas dan foldernya.")
    return path
