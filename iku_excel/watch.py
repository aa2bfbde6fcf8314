"""``pantau``: serves the button where Office may not start programs, and fills what lies in watched folders.

Defender's rule against child processes of Office stops the macro from starting Python. Then the macro leaves its
request in the private folder, and this program, which the user starts at log-in, serves it. Folders, if there are any,
are served by the same loop, a workbook at a time: nothing is filled from two sides at once, and no click waits long.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

from iku_excel.findings import EXIT_OPEN, Refusal
from iku_excel.serve import Answer, Request, failed, is_request, read_request, serve
from iku_excel.watch_folder import Event, Folders
from iku_excel.xlsx.lock import locked

FRESH = datetime.timedelta(minutes=5)
"""A click is served up to this long after it; later the user has gone on with other work."""
PAUSE = 1.0
"""Seconds between two looks into the folder."""
_UNFINISHED = 60.0  # seconds after which a request without its last line is no longer being written
_FORGOTTEN = 3600.0  # seconds after which a request with a copy belongs to a click that was killed
_LOCK = "pantau"


def watch(
    folder: Path,
    tell: Callable[[Event], None],
    *,
    once: bool = False,
    pause: float = PAUSE,
    folders: Folders | None = None,
) -> None:
    """Serve the requests in ``folder`` and the workbooks of ``folders``, one after another, until Ctrl-C
    (``KeyboardInterrupt``; a workbook in hand is finished), or ``once``.

    A busy Excel is tried again as long as the click is fresh: the macro's own message is a dialog, in which Excel
    serves nobody. ``Refusal`` "pantau-sudah-berjalan" (exit 3) when another one does so already.
    """
    waiting: list[Request] = []

    def requests() -> None:
        waiting.extend(_taken(folder, tell))
        waiting[:] = [request for request in waiting if not _dealt_with(request, tell, last=once)]

    with _alone(folder), folders.held() if folders is not None else nullcontext():
        while True:
            requests()
            if once:
                if folders is not None:
                    folders.once(requests)
                return
            if folders is None:
                time.sleep(pause)
            elif not folders.work():
                folders.wait()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    try:
        with locked(folder / _LOCK, wait=0.0):
            yield
    except Refusal as refusal:
        if refusal.code != "buku-sedang-diolah":
            raise
        raise Refusal(
            "pantau-sudah-berjalan",
            "`iku-excel pantau` sudah berjalan di komputer ini.",
            "Satu saja sudah cukup; untuk memantau folder lain, hentikan yang itu, lalu sebut semua foldernya.",
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
                tell(_event(path.name, failed(refusal)))
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
    tell(_event(request.name, answer))
    return True


def _event(name: str, answer: Answer) -> Event:
    return Event(name, answer.word, answer.lines)


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
