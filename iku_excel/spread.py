"""A batch on any ``concurrent.futures.Executor``: our own workers, a process pool, a Dask cluster.

Only a few files are in the executor's hands at a time, however many there are, so that memory stays flat and Ctrl-C
has little to wait for. What befalls a worker becomes its file's ``Refusal``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from iku_excel.batch import Batch, Done, Turn, trouble
from iku_excel.findings import EXIT_MACHINE, Refusal
from iku_excel.paths import Given
from iku_excel.workers import TookTooLong, WorkerDied

T = TypeVar("T")
Attended: TypeAlias = tuple[T | Refusal | None, float]

LOOK = 0.5
"""Seconds after which a batch that waits looks up: to draw its progress, and to hear Ctrl-C on Windows."""
MODULES = tuple(f"iku_excel.{name}" for name in ("cli", "brief", "fill", "xlsx.replace", "xlsx.verify"))
"""What a worker imports before its first workbook; the first because a script of ours is loaded in each worker."""


class SpreadBatch(Batch[T]):
    """A ``Batch`` on an executor, ``window`` files in its hands; they come back in the order they are done.

    ``work``, ``brief`` and what they return must be picklable. ``watch`` is also called every half second.
    """

    def __init__(
        self,
        groups: Sequence[Given],
        work: Callable[[Path], Any],
        watch: Callable[[Batch[Any]], None] | None = None,
        brief: Callable[[Done[Any]], T] | None = None,
        *,
        executor: Executor,
        window: int,
    ) -> None:
        super().__init__(groups, work, watch, brief)
        self._executor, self._window = executor, window

    def _results(self) -> Iterator[tuple[Turn, T | Refusal | None, float]]:
        turns = self._turns()
        hand: dict[Future[Attended[T]], Turn] = {}
        while True:
            while not self.stopped and len(hand) < self._window and (turn := next(turns, None)):
                try:
                    future = self._submit(turn)
                except BrokenExecutor:
                    self._trouble = _nobody()
                    self.stop()
                else:
                    self.begun += 1
                    hand[future] = turn
            if not hand:
                return
            self.in_hand = tuple(turn.target.shown for turn in hand.values())
            self._watch(self)
            done, _ = wait(hand, LOOK, FIRST_COMPLETED)
            for future in sorted(done, key=lambda one: hand[one].number):
                turn = hand.pop(future)
                yield turn, *_attended(future, turn.target.shown)

    def _submit(self, turn: Turn) -> Future[Attended[T]]:
        target = turn.target
        # Absolute: a worker may live in another folder.
        path = target.path.absolute()
        return self._executor.submit(self._attend, turn.number, path, target.shown, named=target.named)


def _attended(future: Future[Attended[T]], shown: str) -> Attended[T]:
    """What the executor gave back, or what befell it: ``attend`` itself lets no exception out."""
    if future.cancelled():
        return _died(None, shown), 0.0
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, TookTooLong):
        return _too_slow(error.seconds, shown), error.seconds
    # Dask's own is known by its name, so that nobody has to have Dask.
    if isinstance(error, WorkerDied | BrokenExecutor) or type(error).__name__ == "KilledWorker":
        return _died(error, shown), 0.0
    return trouble(error, shown), 0.0


def _too_slow(seconds: float, shown: str) -> Refusal:
    return Refusal(
        "batas-waktu",
        f"Berkas ini belum selesai sesudah {seconds:g} detik, jadi dihentikan; isinya tetap utuh.",
        "Periksa jaringan dan ukuran berkasnya, atau beri waktu lebih dengan --batas-waktu, lalu ulangi.",
        file=shown,
    )


def _died(error: BaseException | None, shown: str) -> Refusal:
    code = error.exit_code if isinstance(error, WorkerDied) else None
    why = "" if code is None else f" (sinyal {-code})" if code < 0 else f" (kode {code})"
    return Refusal(
        "proses-mati",
        f"Proses yang mengolah berkas ini mati{why}; isinya tetap utuh.",
        "Ulangi dengan -j yang lebih kecil: mungkin memori komputer tidak cukup untuk proses sebanyak itu.",
        file=shown,
    )


def _nobody() -> Refusal:
    return Refusal(
        "pekerja-habis",
        "Proses pekerja berhenti semuanya, jadi buku kerja berikutnya tidak dikerjakan.",
        "Ulangi perintah yang sama untuk melanjutkan; bila terjadi lagi, jalankan tanpa -j atau --dask.",
        exit_status=EXIT_MACHINE,
    )
