"""``pantau FOLDER``: a workbook is filled shortly after someone saved and closed it.

What the system tells of changes (watchfiles) is a hint; the truth is a file's time and size. So every folder is also
looked through now and then: at the start, where notices get lost (a folder dropped in whole, too many at once), and on
network drives, where nobody tells what others do. watchfiles' own polling is not used: it compares times in whole
seconds (its issue 319) and would miss a workbook saved twice within one.
"""

from __future__ import annotations

import datetime
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TypeAlias

from iku_excel.batch import Outcome, attempt, foreign
from iku_excel.fill import Filled, fill_file
from iku_excel.findings import EXIT_OPEN, Refusal
from iku_excel.form import layout
from iku_excel.indicators.achievement import show
from iku_excel.notices import is_remote, notices, require_watchfiles
from iku_excel.paths import found_at
from iku_excel.serve import counted
from iku_excel.unchanged import Unchanged
from iku_excel.xlsx.lock import lock_path, locked
from iku_excel.xlsx.replace import owner, sweep

if TYPE_CHECKING:
    from watchfiles.main import FileChange

DELAY = 3.0
"""Seconds without a change after which a closed workbook is filled: long enough for Excel and sync clients."""
UNFINISHED = 30.0
"""Seconds without a change after which a file that is no whole workbook is told as broken, not as still arriving."""
PAUSE = 1.0
"""Seconds between two looks at workbooks that are open or not yet quiet."""
LOOK = 60.0
"""Seconds between two looks through a folder whose changes the system tells, in case it missed one."""
LOOK_POLLING = 2.0
"""The same where it tells none. A folder that takes long to look through is looked through less often."""
_SHARE = 10  # a look through a folder may take one part in so many of the time
_LATER = frozenset({"buku-sedang-dibuka", "buku-sedang-diolah", "berkas-berubah"})
_PERHAPS_UNFINISHED = frozenset({"berkas-rusak", "bukan-buku-excel", "berkas-tidak-terbaca", "gagal-baca-tulis"})
_WORDS = {"filled": "diisi", "unchanged": "tidak berubah", "failed": "gagal", "open": "sedang dibuka"}
_LOCK = "pantau"

Signature: TypeAlias = tuple[int, int, int]
"""A file's time of change in nanoseconds, size and mode: another one means that somebody changed it."""

_Handler: TypeAlias = Callable[[int, FrameType | None], object] | int | signal.Handlers | None


@dataclass(frozen=True, slots=True)
class Event:
    """Something that the user is told: of what (a workbook's name, "" for none), how it went, and the text below."""

    name: str
    text: str
    below: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The time, the workbook, how it went, and the text below it."""
        yield f"{datetime.datetime.now():%H:%M:%S}  {self.name}: {self.text}" if self.name else self.text
        yield from (f"  {line}" for line in self.below)


@dataclass(slots=True)
class _Root:
    """One folder that is watched. ``identity`` is None while it can't be reached."""

    real: Path
    shown: str
    polled: bool
    identity: tuple[int, int] | None = None
    next_look: float = 0.0
    told_gone: bool = False


@dataclass(slots=True)
class _Waiting:
    """A workbook that changed: as it is now, since when (``time.monotonic``), and when to try it next."""

    shown: str
    signature: Signature
    since: float
    due: float
    tried: bool = False
    told_open: bool = False

    def changed(self, signature: Signature, due: float) -> None:
        """It was saved again: the quiet begins anew."""
        self.signature, self.since, self.due = signature, time.monotonic(), due


class Folders:
    """The folders that one ``pantau`` watches; ``tell`` gets what the user sees. Used by one thread.

    Workbooks that changed wait with their signature until nobody has them open and they have been quiet for ``delay``
    seconds; then they count as seen with that signature. Quiet is measured by this process's own clock: the times of a
    share may be anything.
    """

    def __init__(
        self,
        given: Sequence[str],
        tell: Callable[[Event], None],
        *,
        polling: bool = False,
        delay: float = DELAY,
        pause: float = PAUSE,
        unfinished: float = UNFINISHED,
    ) -> None:
        """The folders of a command line. ``polling`` looks through all of them instead of being told, as is done by
        itself on network drives. ``Refusal`` "bukan-folder", or "pustaka-tidak-ada" (exit 4) when watchfiles is
        needed."""
        self.tell, self.delay, self.pause, self.unfinished = tell, delay, pause, unfinished
        self._seen: dict[str, Signature] = {}
        self._waiting: dict[str, _Waiting] = {}
        self._notices: Iterator[set[FileChange]] | None = None
        self._first: Counter[str] | None = Counter()
        roots: dict[Path, _Root] = {}
        for shown in given:
            real = Path(shown).resolve()
            if not real.is_dir():
                raise Refusal(
                    "bukan-folder",
                    f"{Path(shown).name} bukan folder, atau tidak ada.",
                    "Sebut folder yang berisi buku kerja.",
                    file=shown,
                )
            roots.setdefault(real, _Root(real, shown, polling or is_remote(real), _identity(real)))
        self._roots = list(roots.values())
        if not all(root.polled for root in self._roots):
            require_watchfiles()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else watches these folders meanwhile, and what dead runs left in them is gone. ``Refusal``
        "folder-sudah-dipantau" (exit 3)."""
        with ExitStack() as locks:
            for root in self._roots:
                locks.enter_context(_held(root))
            yield

    def work(self) -> bool:
        """Try the first workbook whose time has come; False when there is none."""
        now = time.monotonic()
        for path, waiting in self._waiting.items():
            if waiting.due <= now:
                self._try(path, waiting)
                return True
        return False

    def wait(self) -> None:
        """Until something changes, at most ``pause`` seconds; then note what did."""
        for change, path in self._heard():
            self._changed(change.name, Path(path))
        now = time.monotonic()
        for root in self._roots:
            if _identity(root.real) != root.identity:
                root.next_look = now
                self._notices = None  # what told of the old one is deaf to the new one
            if root.next_look <= now:
                self._look(root)
        self._tell_first()

    def once(self, between: Callable[[], None]) -> None:
        """Fill every workbook now, an open one is told; ``between`` is called after each."""
        for root in self._roots:
            self._look(root)
        for path, waiting in list(self._waiting.items()):
            self._try(path, waiting, last=True)
            between()
        self._waiting.clear()
        self._tell_first()

    def _heard(self) -> set[FileChange]:
        told = [root for root in self._roots if not root.polled and root.identity is not None]
        if self._notices is None and told:
            self._notices = notices([root.real for root in told], self.pause)
            for root in told:
                root.next_look = 0.0  # once more when we hear: what changed before was told to nobody
        if self._notices is not None:
            try:
                return next(self._notices)
            except (OSError, RuntimeError):  # no more watches to be had; watchfiles' own error
                for root in self._roots:
                    root.polled = True
                self._notices = None
                text = "Sistem tidak memberi tahu perubahan; folder dilihat sendiri setiap beberapa detik."
                self.tell(Event("", text))
        time.sleep(self.pause)
        return set()

    def _changed(self, change: str, path: Path) -> None:
        if change != "added" and path.is_dir():
            return  # what changed in it is told by itself
        for root in self._roots:
            if path.is_relative_to(root.real):
                for found in found_at(path, root.real):
                    self._note(found, root)
                return

    def _look(self, root: _Root) -> None:
        """Look through a whole folder and note what is new."""
        began = time.monotonic()
        root.identity = _identity(root.real)
        if root.identity is None:
            root.next_look = began + self.pause
            if not root.told_gone:
                root.told_gone = True
                text = "folder ini tidak dapat dibaca; dipantau lagi begitu dapat dibaca."
                self.tell(Event(root.shown, text))
            return
        root.told_gone = False
        for path in found_at(root.real, root.real):
            self._note(path, root)
        now = time.monotonic()
        root.next_look = now + max(LOOK_POLLING if root.polled else LOOK, _SHARE * (now - began))

    def _note(self, path: str, root: _Root) -> None:
        signature, now = _signature(path), time.monotonic()
        waiting = self._waiting.get(path)
        if signature is None or signature == (waiting.signature if waiting else self._seen.get(path)):
            return
        if waiting is not None:
            waiting.changed(signature, now + self.delay)
        else:
            shown = str(Path(root.shown) / Path(path).relative_to(root.real))
            self._waiting[path] = _Waiting(shown, signature, now, now + self.delay)

    def _try(self, path: str, waiting: _Waiting, *, last: bool = False) -> None:
        now = time.monotonic()
        signature = _signature(path)
        if signature is None:  # renamed or deleted meanwhile
            del self._waiting[path]
            return
        if signature != waiting.signature:
            waiting.changed(signature, now + self.delay)
            if not last:
                return
        if not last and (who := owner(Path(path))) is not None:
            self._is_open(waiting, who)
            return
        with undisturbed():  # the user is told of it, too
            self._fill(path, waiting, signature, last)

    def _fill(self, path: str, waiting: _Waiting, signature: Signature, last: bool) -> None:
        result = attempt(waiting.shown, partial(fill_file, Path(path), datetime.datetime.now()))
        if isinstance(result, Refusal):
            if not last and self._again(result, waiting):
                return
            self._refused(result, path, waiting.shown)
        else:
            signature = self._filled(result, path, waiting) or signature
        self._seen[path] = signature
        del self._waiting[path]

    def _is_open(self, waiting: _Waiting, who: str) -> None:
        waiting.due = time.monotonic() + self.pause
        waiting.tried = True
        if not waiting.told_open:
            waiting.told_open = True
            by = f" oleh {who}" if who else ""
            self.tell(Event(waiting.shown, f"sedang dibuka{by}; diisi sesudah ditutup."))

    def _again(self, refusal: Refusal, waiting: _Waiting) -> bool:
        """Whether to try once more before it is told: somebody has it now, or its rest is still to come."""
        now = time.monotonic()
        if refusal.code in _LATER:
            waiting.due = now + self.delay
        elif refusal.code in _PERHAPS_UNFINISHED and now < waiting.since + self.unfinished:
            waiting.due = waiting.since + self.unfinished
        else:
            return False
        waiting.tried = True
        return True

    def _refused(self, refusal: Refusal, path: str, shown: str) -> None:
        if refusal.code == "berkas-tidak-ada" or foreign(Path(path)):
            return
        refusal.file = shown
        self._count("open" if refusal.code in _LATER else "failed")
        self.tell(Event(shown, "GAGAL", tuple(line for line in refusal.lines() if line)))

    def _filled(self, filled: Filled | Unchanged, path: str, waiting: _Waiting) -> Signature | None:
        """Tell, and give the signature of what we wrote, so that our own saving starts nothing; None if somebody
        was faster."""
        outcome = Outcome.of_filled(waiting.shown, filled)
        self._count(outcome.status)
        if filled.data is None:
            return None
        figures = "; ".join(f"{code} {show(outcome.indices[code]) or '–'}" for code in layout.IKU_CODES)
        found = counted(outcome.findings)
        found = f"Temuan: {found}." if found else "Tidak ada temuan."
        self.tell(Event(waiting.shown, f"diisi. {figures}. {found}"))
        signature = _signature(path)
        try:
            ours = Path(path).read_bytes() == filled.data
        except OSError:
            ours = False
        return signature if ours and _signature(path) == signature else None

    def _count(self, status: str) -> None:
        if self._first is not None:
            self._first[status] += 1

    def _tell_first(self) -> None:
        """Once everything that was there at the start has been looked at: how many, and what became of them."""
        if self._first is None or not all(waiting.tried for waiting in self._waiting.values()):
            return
        self._first["open"] += sum(waiting.told_open for waiting in self._waiting.values())
        parts = [f"{self._first[status]} {word}" for status, word in _WORDS.items() if self._first[status]]
        total = self._first.total()
        self._first = None
        if parts:
            self.tell(Event("", f"{total} buku kerja sudah dilihat: {', '.join(parts)}."))
        else:
            self.tell(Event("", "Belum ada buku kerja IKU di sana."))


@contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the block is done; the second one doesn't. Only the main thread gets signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before: dict[int, _Handler] = {}

    def hold(number: int, _: FrameType | None) -> None:
        came.append(number)
        signal.signal(number, before[number])

    for held in (signal.SIGINT, signal.SIGTERM):
        before[held] = signal.signal(held, hold) or signal.SIG_DFL
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for number in came[:1]:
        signal.raise_signal(number)


@contextmanager
def _held(root: _Root) -> Iterator[None]:
    path = root.real / _LOCK
    try:
        with locked(path, wait=0.0):
            for folder in {root.real, *(Path(found).parent for found in found_at(root.real, root.real))}:
                sweep(folder)
            yield
    except Refusal as refusal:
        if refusal.code != "buku-sedang-diolah":
            raise
        raise Refusal(
            "folder-sudah-dipantau",
            "Folder ini sudah dipantau, dari jendela atau komputer lain.",
            f"Satu saja sudah cukup. Bila ternyata tidak ada, hapus berkas {lock_path(path).name} di folder itu.",
            file=root.shown,
            exit_status=EXIT_OPEN,
        ) from refusal


def _signature(path: str) -> Signature | None:
    try:
        found = Path(path).stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_mode


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
