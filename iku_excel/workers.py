"""Worker processes as an ``Executor``: one that dies, hangs or eats memory costs the task it was at, nothing else.

``ProcessPoolExecutor`` breaks as a whole when one worker dies, and pebble's pool (5.2.3) when an idle one does: their
workers share a pipe. Here each has its own, with a task at work and one behind it. Only the parent decides: a dead or
slow worker's task fails, the one behind it goes to another, and a new worker comes when there is work for it.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

MOST = 60
"""Workers at most: Windows waits for 63 things at once."""
AT_ONCE = 2
"""Tasks that a worker has: one at work, one behind it, so that it never waits for us."""
START = 60.0
"""Seconds that a new worker has for its imports, beside any time limit of the tasks."""
STILLBORN = 3
"""So many workers that die one after another before their first task mean that none will live."""
LEAST_SHARE = 256 * 2**20
"""Bytes below which no worker's memory is limited: its libraries alone need a good part of that."""
_BEHIND = 32_768  # a larger task waits for an idle worker: a pipe that is full would stop us


class WorkerDied(Exception):
    """The worker ended in the middle of the task; ``exit_code`` as ``multiprocessing`` gives it (-9: killed)."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class TookTooLong(Exception):
    """The task was at work for longer than ``seconds``; its worker was killed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(slots=True)
class _Task:
    call: bytes
    future: Future[Any]


@dataclass(slots=True)
class _Worker:
    """``since``: when its task was begun, or when the worker was started while it is not ``ready``."""

    process: BaseProcess
    pipe: Connection
    since: float
    ready: bool = False
    hand: deque[_Task] = field(default_factory=deque)


class Workers(Executor):
    """``count`` worker processes at most, started when there are tasks for them.

    A future fails with ``WorkerDied``, with ``TookTooLong`` after ``time_limit`` seconds at work, with ``MemoryError``
    where a worker may hold ``memory`` bytes (not on Windows and macOS), with ``BrokenExecutor`` if no worker starts.
    Functions, arguments and results must be picklable. Workers import ``modules`` first and don't hear Ctrl-C. Left by
    an exception, the ``with`` block kills what is at work; else it waits for it.
    """

    def __init__(
        self, count: int, *, time_limit: float | None = None, memory: int | None = None, modules: Sequence[str] = ()
    ) -> None:
        self.count = max(1, min(count, MOST))
        self._time_limit, self._memory, self._modules = time_limit, memory, tuple(modules)
        self._context = _context(self._modules)
        self._lock = threading.Lock()
        self._waiting: deque[_Task] = deque()
        self._workers: dict[Connection, _Worker] = {}
        self._stillborn = 0
        self._closing = self._killed = self._broken = self._woken = False
        self._bell, self._ring = self._context.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._run, name="workers", daemon=True)
        self._thread.start()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Have a worker do ``fn(*args, **kwargs)``. ``RuntimeError`` after the end, ``BrokenExecutor`` as above."""
        task = _Task(pickle.dumps((fn, args, kwargs), -1), Future())
        with self._lock:
            if self._broken:
                raise BrokenExecutor("no worker lives")
            if self._closing:
                raise RuntimeError("the workers have been sent home")
            self._waiting.append(task)
        self._wake()
        return task.future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more tasks; the workers go when all is done."""
        with self._lock:
            self._closing = True
            if cancel_futures:
                for task in self._waiting:
                    task.future.cancel()
        self._wake()
        if wait:
            self._thread.join()

    def kill(self) -> None:
        """End at once; tasks at work fail with ``WorkerDied``, the others are cancelled."""
        with self._lock:
            self._killed = True
        self.shutdown(cancel_futures=True)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait for what is at work, or kill it when the block ends by an exception."""
        if kind is None:
            self.shutdown()
        else:
            self.kill()

    def _wake(self) -> None:
        with self._lock:
            if not self._woken and self._thread.is_alive():
                self._woken = True
                self._ring.send_bytes(b"!")

    # Everything below runs in the one thread that owns the workers.

    def _run(self) -> None:
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # inherited, until a worker can ignore it itself
        try:
            while not self._over():
                self._staff()
                self._hand_out()
                for pipe in connection.wait([self._bell, *self._workers], self._patience()):
                    if pipe is self._bell:
                        with self._lock:
                            self._bell.recv_bytes()
                            self._woken = False
                    elif pipe in self._workers:
                        self._hear(self._workers[pipe])
                self._end_the_slow()
        finally:
            for worker in tuple(self._workers.values()):  # idle, but after ``kill``
                self._bury(worker)
            self._break()

    def _over(self) -> bool:
        at_work = any(worker.hand for worker in self._workers.values())
        with self._lock:
            return self._killed or (self._closing and not self._waiting and not at_work)

    def _staff(self) -> None:
        """As many workers as there are tasks; fewer where the system gives no more."""
        tasks = len(self._waiting) + sum(len(worker.hand) for worker in self._workers.values())
        while len(self._workers) < min(self.count, tasks) and not self._broken:
            ours, its = self._context.Pipe()
            try:
                process = self._context.Process(  # type: ignore[attr-defined]  # typeshed leaves it to the subclasses
                    target=_serve, args=(its, self._memory, self._modules), daemon=True
                )
                process.start()
            except (OSError, EOFError):
                ours.close()
                self._stillborn += 1
                if not self._workers and self._stillborn >= STILLBORN:
                    self._break()
                return
            finally:
                its.close()
            self._workers[ours] = _Worker(process, ours, time.monotonic())

    def _hand_out(self) -> None:
        """Every ready worker its task, then each one behind it."""
        for depth in range(AT_ONCE):
            for worker in tuple(self._workers.values()):
                if worker.ready and len(worker.hand) == depth and (task := self._next(behind=depth > 0)):
                    try:
                        worker.pipe.send_bytes(task.call)
                    except OSError:  # dead, unnoticed so far: the task was not begun
                        with self._lock:
                            self._waiting.appendleft(task)
                        self._bury(worker)
                        continue
                    if not depth:
                        worker.since = time.monotonic()
                    worker.hand.append(task)

    def _next(self, *, behind: bool) -> _Task | None:
        with self._lock:
            while self._waiting:
                task = self._waiting[0]
                if behind and len(task.call) > _BEHIND:
                    return None
                self._waiting.popleft()
                if task.future.running() or task.future.set_running_or_notify_cancel():
                    return task
        return None

    def _hear(self, worker: _Worker) -> None:
        try:
            said = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            self._bury(worker)
            return
        if not worker.ready:
            worker.ready, self._stillborn = True, 0
            return
        task = worker.hand.popleft()
        worker.since = time.monotonic()
        try:
            done, value = pickle.loads(said)  # noqa: S301  # from our own worker
        except Exception as error:  # whatever a strange class of exception or result does when it is loaded
            done, value = False, error
        if done:
            task.future.set_result(value)
        else:
            task.future.set_exception(value)

    def _patience(self) -> float | None:
        """Seconds until the next worker is too slow; None when nothing is due."""
        due = [deadline for worker in self._workers.values() if (deadline := self._deadline(worker))]
        if self._stillborn and self._waiting:
            due.append(time.monotonic() + 0.1)  # then another try to start one
        return max(0.0, min(due) - time.monotonic()) if due else None

    def _deadline(self, worker: _Worker) -> float | None:
        limit = (self._time_limit if worker.hand else None) if worker.ready else START
        return None if limit is None else worker.since + limit

    def _end_the_slow(self) -> None:
        now = time.monotonic()
        for worker in tuple(self._workers.values()):
            deadline = self._deadline(worker)
            # One that answered meanwhile is heard first.
            if deadline is not None and deadline <= now and not worker.pipe.poll():
                self._bury(worker, TookTooLong(self._time_limit) if worker.ready and self._time_limit else None)

    def _bury(self, worker: _Worker, why: Exception | None = None) -> None:
        """A worker is gone, or goes now: its task fails, the one behind it waits for another."""
        del self._workers[worker.pipe]
        worker.pipe.close()
        worker.process.join(0 if why else 0.5)  # one that ends by itself keeps its own exit code
        worker.process.kill()
        worker.process.join()
        exit_code = worker.process.exitcode
        worker.process.close()
        if worker.hand:
            worker.hand.popleft().future.set_exception(why or WorkerDied(exit_code))
        with self._lock:
            self._waiting.extendleft(reversed(worker.hand))
        if not worker.ready:
            self._stillborn += 1
            if self._stillborn >= STILLBORN:
                self._break()

    def _break(self) -> None:
        """No worker lives: whatever waits fails, and nothing more is taken."""
        with self._lock:
            self._broken = True
            left, self._waiting = self._waiting, deque()
        for task in left:
            if task.future.running() or task.future.set_running_or_notify_cancel():
                task.future.set_exception(BrokenExecutor("no worker lives"))


def cores() -> int:
    """The processors that this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def memory_share(count: int) -> int | None:
    """The bytes that each of ``count`` workers may hold of what is free now; None where that can't be said."""
    free = None
    with suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))
        with suppress(OSError, ValueError):  # "max", or no control group
            free = min(free, int(Path("/sys/fs/cgroup/memory.max").read_text(encoding="ascii")))
    return None if free is None else max(LEAST_SHARE, free * 9 // 10 // count)


def _context(modules: tuple[str, ...]) -> BaseContext:
    """A server that has the modules and forks itself in 15 ms; where there is none, workers that start from nothing.
    Never a fork of ourselves: a thread may hold any lock just then."""
    if "forkserver" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(modules))
        return context
    return multiprocessing.get_context("spawn")


def _serve(pipe: Connection, memory: int | None, modules: tuple[str, ...]) -> None:
    """A worker's life: imports, a word that it is ready, then one task after another until the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C ends
    for module in modules:
        import_module(module)
    if memory is not None and sys.platform == "linux":
        import resource

        # Not RLIMIT_AS: reserved addresses are no memory. A hog gets MemoryError instead of the OOM killer.
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    gc.freeze()
    pipe.send_bytes(b"ready")
    while True:
        try:
            call = pipe.recv_bytes()
        except (EOFError, OSError):
            return
        answer: tuple[bool, object]
        try:
            function, args, kwargs = pickle.loads(call)  # noqa: S301  # from our own parent
            answer = True, function(*args, **kwargs)
        except BaseException as error:  # handed over as it is, SystemExit too: the worker has other tasks to do
            answer = False, error
        with suppress(OSError):  # the parent is gone: the next look at the pipe ends the worker
            pipe.send_bytes(_packed(answer))


def _packed(answer: tuple[bool, object]) -> bytes:
    try:
        return pickle.dumps(answer, -1)
    except Exception as error:  # what refuses to be pickled says so in many ways
        return pickle.dumps((False, TypeError(f"{type(answer[1]).__name__}: {type(error).__name__}")), -1)
