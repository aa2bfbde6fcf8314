"""``pantau``: serves the button where Office may not start programs.

Defender's rule against child processes of Office stops the macro from starting Python. Then the macro leaves its
request in the private folder, and this program, which the user starts at log-in, serves it.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from iku_excel.findings import EXIT_OPEN, Refusal
from iku_excel.serve import Answer, Request, failed, is_request, read_request, serve
from iku_excel.xlsx.lock import locked

FRESH = datetime.timedelta(minutes=5)
"""A click is served up to this long after it; later the user has gone on with other work."""
PAUSE = 1.0
"""Seconds between two looks into the folder."""
_UNFINISHED = 60.0  # seconds after which a request without its last line is no longer being written
_FORGOTTEN = 3600.0  # seconds after which a request with a copy belongs to a click that was killed
_LOCK = "pantau"


@dataclass(frozen=True, slots=True)
class Event:
    """One request that was dealt with: the workbook's name, and what the user is told."""

    name: str
    answer: Answer

    def lines(self) -> Iterator[str]:
        """The time, the workbook, how it went, and the text below it."""
        yield f"{datetime.datetime.now():%H:%M:%S}  {self.name}: {self.answer.word}"
        yield from (f"  {line}" for line in self.answer.lines)


def watch(folder: Path, tell: Callable[[Event], None], *, once: bool = False, pause: float = PAUSE) -> None:
    """Serve the requests in ``folder``, one after another, until Ctrl-C (``KeyboardInterrupt``), or ``once``.

    A busy Excel is tried again as long as the click is fresh: the macro's own message is a dialog, in which Excel
    serves nobody. ``Refusal`` "pantau-sudah-berjalan" (exit 3) when another one does so already.
    """
    waiting: list[Request] = []
    try:
        with locked(folder / _LOCK, wait=0.0):
            while True:
                waiting += _taken(folder, tell)
                waiting = [request for request in waiting if not _dealt_with(request, tell, last=once)]
                if once:
                    return
                time.sleep(pause)
    except Refusal as refusal:
        if refusal.code != "buku-sedang-diolah":
            raise
        raise Refusal(
            "pantau-sudah-berjalan",
            "`iku-excel pantau` sudah berjalan di komputer ini.",
            "Satu saja sudah cukup; jendela ini boleh ditutup.",
            exit_status=EXIT_OPEN,
        ) from refusal


def _taken(folder: Path, tell: Callable[[Event], None]) -> Iterator[Request]:
    """Every request that waits for us, the oldest first, taken out of the folder: what fails is not tried for ever.
    Requests with a copy have their own Python."""
    for path in sorted(filter(is_request, folder.iterdir())):
        try:
            request = read_request(path)
        except Refusal as refusal:
            if _age(path) > _UNFINISHED and _removed(path):
                tell(Event(path.name, failed(refusal)))
            continue
        if request.copy is not None or request.clicked is None:
            if _age(path) > _FORGOTTEN:
                _removed(path)
        elif _removed(path):
            yield request


def _dealt_with(request: Request, tell: Callable[[Event], None], *, last: bool) -> bool:
    """Serve a request and tell; False when it is to be tried again."""
    now = datetime.datetime.now()
    if request.clicked is not None and abs(now - request.clicked) <= FRESH:
        answer = serve(request, now)
        if answer.busy and not last:
            return False
    else:
        answer = failed(
            Refusal(
                "permintaan-kedaluwarsa",
                f"Permintaan ini lebih tua dari {FRESH.seconds // 60} menit, jadi tidak dikerjakan.",
                "Klik Hitung Ulang lagi selagi `iku-excel pantau` berjalan.",
                file=request.name,
            )
        )
    tell(Event(request.name, answer))
    return True


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except OSError:  # the macro has taken it back
        return 0.0


def _removed(path: Path) -> bool:
    """Whether the request is ours now: whoever removes it serves it."""
    with suppress(OSError):
        path.unlink()
        return True
    return False
