"""Many workbooks, one after another (``spread``: on any executor): the trouble of one never stops the others.

Whatever goes wrong with a file becomes a ``Refusal``: three lines for the user, never a traceback. Set
IKU_DEBUG=1 to see the traceback of an error in the program itself.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeAlias, TypeVar

from iku_excel.findings import EXIT_DONE, EXIT_FINDINGS, EXIT_MACHINE, Finding, Refusal
from iku_excel.paths import Given, Target, existing

if TYPE_CHECKING:
    import datetime

    from iku_excel.fill import Filled, Opened
    from iku_excel.unchanged import Unchanged

T = TypeVar("T")
Status: TypeAlias = Literal["filled", "unchanged", "checked", "failed"]

IKU_CODES = ("IKU-1", "IKU-2", "IKU-3")
COMPONENTS = ("dokumen", "anggaran", "diklat", "sarpras")
_OBJECTS = 20_000


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What became of one file, or of a ``folder`` without any: the work's own result, or why it was refused.

    ``number`` is the file's place in the order given, from 1; ``seconds`` how long it was worked on.
    """

    shown: str
    result: T | Refusal
    folder: bool = False
    number: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What ``isi`` or ``periksa`` reports of one workbook: one object of ``--json``, one row of the table.

    Figures are unrounded; ``changes`` are the cells that would be written: sheet, cell, value; only of a dry run.
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
    def of_filled(cls, file: str, filled: Filled | Unchanged) -> Outcome:
        """A workbook that was filled, or would be."""
        status: Status = "unchanged" if filled.data is None else "filled"
        return cls(file, status, filled.indices, filled.components, filled.findings)

    @classmethod
    def of_checked(cls, file: str, opened: Opened) -> Outcome:
        """A workbook that was only looked at."""
        return cls(file, "checked", opened.result.indices, opened.result.components, opened.findings)


def worst(statuses: Iterable[int]) -> int:
    """The exit status of many: the highest of 4, 3, 1 wins."""
    return max(statuses, default=EXIT_DONE)


def filled(path: Path, moment: datetime.datetime, *, dry_run: bool = False, anew: bool = False) -> Outcome:
    """The work of ``isi``; it can be sent to another process, as its result can."""
    from iku_excel.unchanged import known

    done: Filled | Unchanged | None = None if anew else known(path)
    if done is None:
        from iku_excel.fill import fill_file  # three times as much to import; not needed where nothing changed

        done = fill_file(path, moment, dry_run=dry_run, anew=True)
    outcome = Outcome.of_filled(str(path), done)
    if not dry_run:
        return outcome
    values = {(edit.sheet, edit.cell): edit.value for edit in done.edits}
    return replace(outcome, changes=tuple((sheet, cell, values[sheet, cell]) for sheet, cell in done.changed))


def checked(path: Path) -> Outcome:
    """The work of ``periksa``, as ``filled``."""
    from iku_excel.fill import check_file

    return Outcome.of_checked(str(path), check_file(path))


@dataclass(frozen=True, slots=True)
class Turn:
    """A file's place in the batch: in the order given, from 1, and in which of the ``groups``."""

    number: int
    group: int
    target: Target


class Batch(Generic[T]):
    """``work`` on every file that ``groups`` mean: iterate over what became of them, as each is done.

    ``watch`` is called before each file and after the last; ``brief`` takes the place of a work's result by something
    smaller, where the work is done. Workbooks that a folder happens to hold and that are none of ours don't appear;
    a folder in which nothing of ours was found is itself a refusal.
    """

    def __init__(
        self,
        groups: Sequence[Given],
        work: Callable[[Path], Any],
        watch: Callable[[Batch[Any]], None] | None = None,
        brief: Callable[[Done[Any]], T] | None = None,
    ) -> None:
        self.total = sum(len(group.targets) for group in groups)
        self.begun = self.finished = 0
        self.stopped = False
        self.in_hand: tuple[str, ...] = ()
        self._groups, self._watch = groups, watch or (lambda batch: None)
        self._attend = partial(attend, work, brief)
        self._trouble: Refusal | None = None
        self._left = [len(group.targets) for group in groups]
        self._closed = 0
        self._homes: set[Path] = set()

    def stop(self) -> None:
        """Begin no more files; those in hand are still finished. May be called at any time, by a signal too."""
        self.stopped = True

    @property
    def not_begun(self) -> int:
        """How many files nobody has touched yet."""
        return self.total - self.begun

    def __iter__(self) -> Iterator[Done[T]]:
        yield from self._close()
        for turn, result, seconds in self._results():
            self.finished += 1
            self._left[turn.group] -= 1
            if result is not None:
                self._homes.add(turn.target.real.parent)
                yield Done(turn.target.shown, result, number=turn.number, seconds=seconds)
            yield from self._close()
        if self._trouble is not None:
            yield Done("", self._trouble, folder=True)
        self._watch(self)

    def _results(self) -> Iterator[tuple[Turn, T | Refusal | None, float]]:
        for turn in self._turns():
            if self.stopped:
                return
            self.begun += 1
            self.in_hand = (turn.target.shown,)
            self._watch(self)
            result, seconds = self._attend(turn.number, turn.target.path, turn.target.shown, named=turn.target.named)
            self.in_hand = ()
            yield turn, result, seconds

    def _turns(self) -> Iterator[Turn]:
        targets = ((index, target) for index, group in enumerate(self._groups) for target in group.targets)
        return (Turn(number, index, target) for number, (index, target) in enumerate(targets, 1))

    def _close(self) -> Iterator[Done[T]]:
        """Folders of which every file is done, in order: told when none of it was ours."""
        while self._closed < len(self._groups) and not self._left[self._closed]:
            group = self._groups[self._closed]
            self._closed += 1
            if group.is_folder and not any(group.real in (home, *home.parents) for home in self._homes):
                yield Done(group.shown, _empty(group.shown), folder=True)


def each(
    groups: Sequence[Given], work: Callable[[Path], T], watch: Callable[[Batch[Any]], None] | None = None
) -> Iterator[Done[T]]:
    """Do ``work`` on every file, here and in order; see ``Batch``."""
    batch: Batch[T] = Batch(groups, work, watch)
    return iter(batch)


def attend(
    work: Callable[[Path], Any],
    brief: Callable[[Done[Any]], T] | None,
    number: int,
    path: Path,
    shown: str,
    *,
    named: bool,
) -> tuple[T | Refusal | None, float]:
    """What became of one file, and the seconds it took; None for a workbook that is none of ours and was not named.
    Done wherever the work is done."""
    begin = time.perf_counter()
    with _seldom_collecting():
        result = attempt(shown, partial(_on, work, path), path)
    seconds = time.perf_counter() - begin
    if isinstance(result, Refusal):
        return (result, seconds) if named or not foreign(path) else (None, seconds)
    return result if brief is None else brief(Done(shown, result, number=number, seconds=seconds)), seconds


@contextmanager
def _seldom_collecting() -> Iterator[None]:
    """A workbook makes some 50,000 objects, hardly one of them in a cycle: looking for those every 700 objects, as
    Python does, takes a tenth of the time."""
    was = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *was[1:])
    try:
        yield
    finally:
        gc.set_threshold(*was)


def sweep_up(groups: Sequence[Given]) -> None:
    """Remove what dead runs left beside the workbooks: their temporaries and locks."""
    from iku_excel.xlsx.replace import sweep

    for folder in dict.fromkeys(target.real.parent for group in groups for target in group.targets):
        sweep(folder)


def attempt(shown: str, work: Callable[[], T], path: Path | None = None) -> T | Refusal:
    """The work's result, or a refusal that names the file (``path``, unless that is ``shown``) as the user gave it."""
    try:
        return work()
    except Refusal as refusal:
        if refusal.file is None or Path(refusal.file) == (path or Path(shown)):
            refusal.file = shown
        return refusal
    except Exception as error:
        return trouble(error, shown)


def _on(work: Callable[[Path], T], path: Path) -> T:
    return work(existing(path))


def trouble(error: BaseException, file: str | None) -> Refusal:
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


def foreign(path: Path) -> bool:
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
