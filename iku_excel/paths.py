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


def found_at(path: Path, folder: Path) -> Iterator[str]:
    """The workbooks that a walk of ``folder`` finds at ``path`` in or below it: itself, those below it if it is a
    folder, none if it is passed over or not there."""
    way = [part for part in (path, *path.parents) if folder in part.parents]
    if any(map(_hidden, way)) or any(part.is_symlink() for part in way[1:]):
        return
    if path.is_dir():
        if path == folder or not path.is_symlink():
            yield from _walk(str(path))
    elif _is_workbook(path.name) and path.is_file():
        yield str(path)


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
        elif _is_workbook(entry.name) and entry.is_file():
            yield entry.path


def _is_workbook(name: str) -> bool:
    return name.casefold().endswith(ENDINGS) and not _BACKUP.search(name[:-5])


def _hidden(entry: os.DirEntry[str] | Path) -> bool:
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
