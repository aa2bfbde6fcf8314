"""Many workbooks, one after another: the trouble of one never stops the others.

Whatever goes wrong with a file becomes a ``Refusal``: three lines for the user, never a traceback. Set
IKU_DEBUG=1 to see the traceback of an error in the program itself.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Literal, TypeAlias, TypeVar

from iku_excel.findings import EXIT_DONE, EXIT_FINDINGS, EXIT_MACHINE, Finding, Refusal
from iku_excel.paths import Given, existing

if TYPE_CHECKING:
    from iku_excel.fill import Filled, Opened

T = TypeVar("T")
Status: TypeAlias = Literal["filled", "unchanged", "checked", "failed"]

IKU_CODES = ("IKU-1", "IKU-2", "IKU-3")
COMPONENTS = ("dokumen", "anggaran", "diklat", "sarpras")


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What became of one file, or of a ``folder`` without any: the work's own result, or why it was refused."""

    shown: str
    result: T | Refusal
    folder: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``isi`` or ``periksa`` reports of one workbook: one object of ``--json``, one row of the table.

    Figures are unrounded; ``changes`` are the cells that were (or would be) written: sheet, cell, value.
    """

    file: str
    status: Status
    indices: Mapping[str, Decimal | None]
    components: Mapping[str, Decimal | None]
    findings: tuple[Finding, ...] = ()
    error: Refusal | None = None
    changes: tuple[tuple[str, str, object], ...] = ()

    @classmethod
    def failed(cls, file: str, error: Refusal) -> Outcome:
        """A workbook that was left as it is: all keys, no values, no findings."""
        return cls(file, "failed", dict.fromkeys(IKU_CODES), dict.fromkeys(COMPONENTS), error=error)

    @property
    def exit_status(self) -> int:
        """0, 1 with findings of level kesalahan, or the refusal's own status."""
        if self.error is not None:
            return self.error.exit_status
        return EXIT_FINDINGS if any(f.level == "kesalahan" for f in self.findings) else EXIT_DONE

    @classmethod
    def of_filled(cls, file: str, filled: Filled) -> Outcome:
        """A workbook that was filled, or would be."""
        values = {(edit.sheet, edit.cell): edit.value for edit in filled.edits}
        return cls(
            file,
            "unchanged" if filled.data is None else "filled",
            filled.indices,
            filled.opened.result.components,
            filled.findings,
            changes=tuple((sheet, cell, values[sheet, cell]) for sheet, cell in filled.changed),
        )

    @classmethod
    def of_checked(cls, file: str, opened: Opened) -> Outcome:
        """A workbook that was only looked at."""
        return cls(file, "checked", opened.result.indices, opened.result.components, opened.findings)


def worst(statuses: Iterable[int]) -> int:
    """The exit status of many: the highest of 4, 3, 1 wins."""
    return max(statuses, default=EXIT_DONE)


def each(
    groups: Sequence[Given], work: Callable[[Path], T], started: Callable[[int, int, str], None] | None = None
) -> Iterator[Done[T]]:
    """Do ``work`` on every file, in order. ``started`` is told the number, the total and the file.

    Workbooks that a folder happens to hold and that are none of ours don't appear. A folder in which nothing of
    ours was found is itself a refusal.
    """
    total = sum(len(group.targets) for group in groups)
    number = 0
    ours: set[Path] = set()
    for group in groups:
        for target in group.targets:
            number += 1
            if started is not None:
                started(number, total, target.shown)
            result = attempt(target.shown, partial(_on, work, target.path))
            if isinstance(result, Refusal) and not target.named and _foreign(target.path):
                continue
            ours.add(target.real)
            yield Done(target.shown, result)
        if group.is_folder and not any(group.real in path.parents for path in ours):
            yield Done(group.shown, _empty(group.shown), folder=True)


def sweep_up(groups: Sequence[Given]) -> None:
    """Remove what dead runs left beside the workbooks: their temporaries and locks."""
    from iku_excel.xlsx.replace import sweep

    for folder in dict.fromkeys(target.real.parent for group in groups for target in group.targets):
        sweep(folder)


def attempt(shown: str, work: Callable[[], T]) -> T | Refusal:
    """The work's result, or a refusal that names the file as the user gave it."""
    try:
        return work()
    except Refusal as refusal:
        if refusal.file is None or Path(refusal.file) == Path(shown):
            refusal.file = shown
        return refusal
    except Exception as error:
        return trouble(error, shown)


def _on(work: Callable[[Path], T], path: Path) -> T:
    return work(existing(path))


def trouble(error: Exception, file: str | None) -> Refusal:
    """What an exception that nobody foresaw means for the user. Its text may hold data: only its kind is told."""
    if os.environ.get("IKU_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    kind = type(error).__name__
    if isinstance(error, ModuleNotFoundError) and error.name and not error.name.startswith("iku_excel"):
        return Refusal(
            "pustaka-tidak-ada",
            f"Pustaka Python '{error.name}' belum terpasang di komputer ini.",
            f"Pasang dengan `pip install {error.name}`, atau pasang ulang iku_excel.",
            file=file,
            exit_status=EXIT_MACHINE,
        )
    if isinstance(error, MemoryError):
        return Refusal(
            "memori-kurang",
            "Memori komputer ini tidak cukup untuk mengolah berkas itu.",
            "Tutup program lain, lalu ulangi.",
            file=file,
            exit_status=EXIT_MACHINE,
        )
    if isinstance(error, OSError):
        return Refusal(
            "gagal-baca-tulis",
            f"Berkas tidak dapat dibaca atau ditulis ({error.strerror or kind}).",
            "Periksa disk, jaringan, dan izin berkas, lalu ulangi.",
            file=file,
        )
    return Refusal(
        "kesalahan-program",
        f"Terjadi kesalahan di dalam program ({kind}). Berkas tetap utuh.",
        "Laporkan kepada pengelola iku_excel; rinciannya tampil bila IKU_DEBUG=1 dipasang sebelum dijalankan.",
        file=file,
    )


def _foreign(path: Path) -> bool:
    """Whether the file is a sound workbook that is none of ours. Asked only after it was refused."""
    from iku_excel.xlsx.package import Package

    try:
        names = Package.open(path.read_bytes()).defined_names
    except (Refusal, OSError):
        return False
    except Exception:  # whatever it is, the refusal already tells the user
        return False
    return not any(name.casefold() == "iku_versi_templat" for name in names)


def _empty(folder: str) -> Refusal:
    return Refusal(
        "folder-tanpa-buku-kerja",
        "Tidak ada buku kerja IKU di folder ini.",
        "Periksa nama foldernya, atau buat buku kerja dengan `iku-excel baru`.",
        file=folder,
    )
