"""Many workbooks on any executor: what befalls one never touches the others, and each is named."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from support_batch import HARM, harmful, motley
from support_cli import MOMENT, foreign, unfilled

from iku_excel.batch import Batch, Done, Outcome, attempt, checked, each, filled, sweep_up
from iku_excel.fill import fill
from iku_excel.findings import Refusal
from iku_excel.paths import given
from iku_excel.spread import MODULES, SpreadBatch
from iku_excel.workers import LEAST_SHARE, STILLBORN, TookTooLong, WorkerDied, Workers, cores, memory_share
from iku_excel.xlsx.lock import alive

FILLED = partial(filled, moment=MOMENT)
LIMIT = 4.0
"""Seconds; enough for a workbook on a computer that is busy with other things."""
MODULES_HERE = (*MODULES, "support_batch")


def _books(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"buku-{number:02d}.xlsx" for number in range(count)]
    for path in paths:
        path.write_bytes(unfilled())
    return paths


def _outcome(one: Done[Outcome]) -> Outcome:
    result = one.result
    return Outcome.failed(one.shown, result) if isinstance(result, Refusal) else replace(result, file=one.shown)


def _codes(done: Sequence[Done[object]]) -> dict[str, str]:
    return {Path(one.shown).name: one.result.code for one in done if isinstance(one.result, Refusal)}


def looked_at(path: Path) -> int:
    """A work that is done at once: the workbook's size."""
    return path.stat().st_size


def pid(seconds: float = 0.0) -> int:
    """The worker that does it, after a while."""
    time.sleep(seconds)
    return os.getpid()


def die(code: int) -> None:
    """End the worker."""
    os._exit(code)


def unpicklable() -> object:
    """A result that can't be sent."""
    return threading.Lock()


class Odd(Exception):
    """An error that can be sent but not read."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(one)


def odd() -> None:
    """Fail with it."""
    raise Odd(1, 2)


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    """Two workers for all tests that don't count them."""
    with Workers(2, time_limit=LIMIT, memory=LEAST_SHARE, modules=MODULES_HERE) as made:
        yield made


def test_bad_workbooks_cost_only_themselves(tmp_path: Path) -> None:
    """22 good ones among foreign, cut, bomb, empty, open, read-only ones and four that kill, hang, eat or leave: the
    good are filled to the byte, each bad one is named, nothing is left lying about."""
    bad = motley(tmp_path)
    before = {name: (tmp_path / name).read_bytes() for name in bad}

    with Workers(2, time_limit=LIMIT, memory=LEAST_SHARE, modules=MODULES_HERE) as executor:
        done = list(SpreadBatch(given([str(tmp_path)]), harmful, executor=executor, window=4))

    assert _codes(done) == bad
    good = {one.shown: one.result for one in done if isinstance(one.result, Outcome)}
    assert len(good) == 22
    alone = fill(unfilled(), MOMENT).data
    assert all(Path(shown).read_bytes() == alone for shown in good)
    assert {name: (tmp_path / name).read_bytes() for name in bad} == before
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".~iku-")]
    assert {one.number for one in done} == set(range(1, 33)) - {1}, "the foreign one is passed over, the rest numbered"
    slow = next(one for one in done if "macet" in one.shown)
    assert slow.seconds == LIMIT
    assert all("utuh" in one.result.message for one in done if _codes([one]).keys() & {"mati.xlsx", "macet.xlsx"})


def test_harm_is_real() -> None:
    """The works that harm do so: run here, two of them raise what the workers must survive."""
    assert set(HARM) == {"mati", "macet", "rakus", "keluar"}
    with pytest.raises(SystemExit):
        harmful(Path("keluar.xlsx"))


def test_here_and_spread_agree(tmp_path: Path, workers: Workers) -> None:
    """The same folder, in this process, on our workers and on threads: the same outcomes but for the seconds."""
    results = []
    for name in ("satu", "dua", "tiga"):
        folder = tmp_path / name
        folder.mkdir()
        _books(folder, 1)
        (folder / "rusak.xlsx").write_bytes(b"PK")
        (folder / "asing.xlsx").write_bytes(foreign())
    with ThreadPoolExecutor(2) as threads:
        for name, executor in (("satu", None), ("dua", workers), ("tiga", threads)):
            groups = given([str(tmp_path / name)])
            made = SpreadBatch(groups, FILLED, executor=executor, window=3) if executor else Batch(groups, FILLED)
            done = sorted(made, key=lambda one: one.number)
            outcomes = [_outcome(one) for one in done]
            assert [outcome.file for outcome in outcomes] == [one.shown for one in done]
            told = [(Path(o.file).name, o.status, o.indices, o.components, o.findings, o.changes) for o in outcomes]
            results.append((told, [one.number for one in done], _codes(done)))
    assert results[0] == results[1] == results[2]
    assert results[0][1] == [2, 3]
    assert results[0][2] == {"rusak.xlsx": "bukan-buku-excel"}


def test_only_a_window_is_in_hand(tmp_path: Path) -> None:
    """However many files there are, no more than the window are handed out at a time."""
    _books(tmp_path, 12)
    most, hand = 0, []

    class Counting(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            nonlocal most
            future: Future[object] = Future()
            hand.append(future)
            most = max(most, sum(not one.done() for one in hand))
            if len(hand) % 3 == 0 or len(hand) == 12:
                for one in hand:
                    if not one.done():
                        one.set_result((0, 0.0))
            return future

    done = list(SpreadBatch(given([str(tmp_path)]), looked_at, executor=Counting(), window=3))
    assert len(done) == 12
    assert most == 3


def test_a_broken_pool_of_others_ends_in_words(tmp_path: Path) -> None:
    """ProcessPoolExecutor breaks when a worker dies: the files in its hands are named, the rest is not begun."""
    _books(tmp_path, 6)
    (tmp_path / "a-mati.xlsx").write_bytes(unfilled())
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        batch = SpreadBatch(given([str(tmp_path)]), harmful, executor=executor, window=2)
        done = list(batch)

    codes = _codes(done)
    assert codes.pop("") == "pekerja-habis"
    assert set(codes.values()) == {"proses-mati"}
    assert "a-mati.xlsx" in codes
    assert len(codes) <= 2
    assert batch.not_begun == 7 - len(done) + 1
    assert done[-1].folder


def test_what_dask_and_others_say_of_lost_tasks(tmp_path: Path) -> None:
    """A cancelled future, Dask's KilledWorker by its name, and an error nobody foresaw: each is its file's refusal."""

    class KilledWorker(Exception):
        pass

    class Failing(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            future: Future[object] = Future()
            name = Path(str(args[2])).name
            if name == "buku-00.xlsx":
                future.cancel()
                future.set_running_or_notify_cancel()
            else:
                future.set_exception(KilledWorker("x") if name == "buku-01.xlsx" else ZeroDivisionError("rahasia"))
            return future

    _books(tmp_path, 3)
    done = list(SpreadBatch(given([str(tmp_path)]), FILLED, executor=Failing(), window=2))
    assert list(_codes(done).values()) == ["proses-mati", "proses-mati", "kesalahan-program"]
    assert not any("rahasia" in line for one in done if isinstance(one.result, Refusal) for line in one.result.lines())


def test_a_stopped_batch_finishes_what_it_has(tmp_path: Path, workers: Workers) -> None:
    """After ``stop`` nothing new is begun, what is in hand comes back, and the rest is counted; here and spread."""
    _books(tmp_path, 9)
    groups = given([str(tmp_path), str(tmp_path / "tiada")])
    for batch in (Batch(groups, looked_at), SpreadBatch(groups, looked_at, executor=workers, window=2)):
        done = []
        for one in batch:
            done.append(one)
            batch.stop()
        assert 1 <= len(done) <= 2
        assert {one.result for one in done} == {len(unfilled())}
        assert batch.not_begun == 10 - len(done)
        assert batch.finished == len(done)


def test_folders_are_told_when_all_is_done(tmp_path: Path, workers: Workers) -> None:
    """A folder of foreign workbooks and an empty one are refusals, one whose workbook was met before is not."""
    for name in ("ada/dalam", "asing", "hampa"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "ada" / "dalam" / "a.xlsx").write_bytes(unfilled())
    (tmp_path / "asing" / "b.xlsx").write_bytes(foreign())
    groups = given([str(tmp_path / name) for name in ("ada", "ada/dalam", "asing", "hampa")])
    for batch in (Batch(groups, checked), SpreadBatch(groups, checked, executor=workers, window=4)):
        done = list(batch)
        assert [Path(one.shown).name for one in done if one.folder] == ["asing", "hampa"]
        assert len(done) == 3


def test_a_relative_path_is_found_elsewhere(tmp_path: Path, workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers may live in another folder: they get the whole path, the user sees what they typed."""
    monkeypatch.chdir(tmp_path)
    Path("a.xlsx").write_bytes(unfilled())
    Path("b.xlsx").write_bytes(b"")
    done = list(SpreadBatch(given(["a.xlsx", "b.xlsx"]), FILLED, executor=workers, window=2))
    assert {one.shown for one in done} == {"a.xlsx", "b.xlsx"}
    assert {one.result.file for one in done if isinstance(one.result, Refusal)} == {"b.xlsx"}


def test_a_refusal_and_an_outcome_can_be_sent() -> None:
    """Pickled and back, both say the same."""
    refusal = Refusal("a", "b", "c", file="d", sheet="e", cell="f", exit_status=3, details=("g",))
    again = pickle.loads(pickle.dumps(refusal))  # noqa: S301  # our own
    assert vars(again) == vars(refusal)
    assert str(again) == "b"


def test_workers_go_on_after_death_delay_and_greed(workers: Workers) -> None:
    """Each task that ends its worker fails by its own name, the tasks behind it are done, in any mixture."""
    ends = {die: WorkerDied, time.sleep: TookTooLong}
    futures = [
        (None, workers.submit(pid)),
        (die, workers.submit(die, 7)),
        (None, workers.submit(pid)),
        (time.sleep, workers.submit(time.sleep, 30)),
        *((None, workers.submit(pid)) for _ in range(4)),
        (die, workers.submit(die, 9)),
        (None, workers.submit(pid)),
    ]
    for end, future in futures:
        error = future.exception(20)
        assert isinstance(error, ends[end]) if end else error is None
    died = [future.exception() for end, future in futures if end is die]
    assert [error.exit_code for error in died if isinstance(error, WorkerDied)] == [7, 9]


def test_a_worker_killed_while_idle_is_replaced(workers: Workers) -> None:
    """Nobody is at work, all are killed: the next task finds a new one."""
    for worker in {future.result(20) for future in [workers.submit(pid, 0.1) for _ in range(4)]}:
        os.kill(worker, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while alive(worker) and time.monotonic() < deadline:
            time.sleep(0.01)
    assert [future.result(20) for future in [workers.submit(pid) for _ in range(3)]]


def test_a_worker_killed_at_work_says_by_what(workers: Workers) -> None:
    """The signal is in the refusal's reason."""
    found = workers.submit(pid).result(20)
    futures = [workers.submit(pid, 1.0) for _ in range(2)]
    time.sleep(0.2)
    os.kill(found, signal.SIGKILL)
    ends = [future.exception(20) for future in futures]
    codes = [error.exit_code for error in ends if isinstance(error, WorkerDied)]
    assert codes in ([-9], [])
    if not codes:  # the other worker had both tasks
        assert found not in {future.result() for future in futures}


def test_answers_that_cannot_travel_fail_alone(workers: Workers) -> None:
    """A result that can't be pickled, an error that can't be read, a large answer, a large task."""
    assert isinstance(workers.submit(unpicklable).exception(20), TypeError)
    assert isinstance(workers.submit(odd).exception(20), TypeError)
    assert len(workers.submit(bytes, 3_000_000).result(20)) == 3_000_000
    assert [future.result(20) for future in [workers.submit(len, b"x" * 3_000_000) for _ in range(5)]] == [
        3_000_000
    ] * 5


def test_workers_end_in_order_or_at_once() -> None:
    """Left in order, all tasks are done; left by an exception, what is at work dies and what waits is cancelled."""
    with Workers(1) as executor:
        futures = [executor.submit(pid) for _ in range(5)]
    assert len({future.result(0) for future in futures}) == 1
    with pytest.raises(RuntimeError):
        executor.submit(pid)

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Workers(1) as executor:
        executor.submit(pid).result(20)
        futures = [executor.submit(time.sleep, 60) for _ in range(4)]
        time.sleep(0.2)
        raise KeyboardInterrupt
    assert time.monotonic() - begin < 30
    assert all(future.done() for future in futures)
    assert isinstance(futures[0].exception(0), WorkerDied)
    assert futures[3].cancelled()


def test_workers_that_cannot_start_end_the_batch(tmp_path: Path) -> None:
    """A worker that dies at its imports, again and again: the batch says so and doesn't try for ever."""
    _books(tmp_path, 5)
    with Workers(1, modules=("os", "tidak_ada_modul_ini")) as executor:
        batch = SpreadBatch(given([str(tmp_path)]), FILLED, executor=executor, window=2)
        codes = _codes(list(batch))
        with pytest.raises(BrokenExecutor):
            executor.submit(pid)
    assert codes == {"buku-00.xlsx": "proses-mati", "buku-01.xlsx": "proses-mati", "": "pekerja-habis"}
    assert batch.not_begun == 3


def test_memory_is_shared_out() -> None:
    """Each worker's share is what is free by their number, and never too little to live on."""
    one, ten = memory_share(1), memory_share(10)
    if one is None or ten is None:
        pytest.skip("this system doesn't say what is free")
    assert LEAST_SHARE <= ten < one
    assert memory_share(10_000_000) == LEAST_SHARE
    assert cores() >= 1


def test_a_containers_memory_is_what_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control group's limit counts where it is lower, "max" or none is none; 90 % are shared out."""
    files = {"/proc/meminfo": "MemTotal: 9 kB\nMemAvailable: 8388608 kB\n"}

    def read(path: Path, **_: str) -> str:
        if str(path) not in files:
            raise FileNotFoundError
        return files[str(path)]

    monkeypatch.setattr(Path, "read_text", read)
    for limit, free in ((None, 8 << 30), ("max\n", 8 << 30), (f"{4 << 30}\n", 4 << 30), (f"{16 << 30}\n", 8 << 30)):
        if limit is not None:
            files["/sys/fs/cgroup/memory.max"] = limit
        assert memory_share(2) == free * 9 // 10 // 2
    del files["/proc/meminfo"]
    assert memory_share(2) is None


def test_only_processors_that_we_may_use_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Linux a container or `taskset` gives three of many; elsewhere a process can't be kept to some."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {1, 5, 9}, raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    for platform, count in (("linux", 3), ("darwin", 64)):
        with monkeypatch.context() as elsewhere:
            elsewhere.setattr(sys, "platform", platform)
            assert cores() == count


class Clock:
    """A clock that can be put forward."""

    ahead = 0.0

    def monotonic(self) -> float:
        """The real one's time and what it was put forward."""
        return time.monotonic() + self.ahead


def test_only_the_time_at_work_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the time that a worker was idle nor the time that a task waited behind another is taken for slowness."""
    clock = Clock()
    monkeypatch.setattr("iku_excel.workers.time", clock)
    with Workers(1, time_limit=1000) as executor:
        executor.submit(pid).result(20)
        clock.ahead += 5000
        first, second = (executor.submit(pid, 0.5) for _ in range(2))
        time.sleep(0.2)
        clock.ahead += 700
        assert first.result(20)
        clock.ahead += 700
        third = executor.submit(pid)  # the workers look at the clock
        assert second.result(20) == third.result(20)


def test_a_large_task_does_not_wait_in_a_full_pipe() -> None:
    """Behind one that hangs: we would hang with it, handing out, and nobody would end it."""
    with Workers(1, time_limit=1.0) as executor:
        slow = executor.submit(time.sleep, 15)
        large = executor.submit(len, b"x" * 3_000_000)
        assert isinstance(slow.exception(20), TookTooLong)
        assert large.result(20) == 3_000_000


def test_a_worker_that_hangs_at_its_imports_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library on a share that doesn't answer: after some such workers nothing more is waited for."""
    source = "import multiprocessing, time\nassert multiprocessing.parent_process(), 'not here'\ntime.sleep(60)\n"
    (tmp_path / "modul_yang_macet.py").write_text(source)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("iku_excel.workers.START", 0.3)
    begin = time.monotonic()
    with Workers(1, modules=("modul_yang_macet",)) as executor:
        assert isinstance(executor.submit(pid).exception(30), BrokenExecutor)
    assert time.monotonic() - begin >= STILLBORN * 0.3


def test_who_watches_is_told_while_all_are_at_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The progress goes on, and Ctrl-C is heard on Windows, though no file is done for a long time."""
    _books(tmp_path, 1)
    future: Future[object] = Future()
    looks = 0

    class Slow(Executor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            return future

    def watch(batch: Batch[object]) -> None:
        nonlocal looks
        looks += 1
        if looks == 3:
            give_up.cancel()
            future.set_result((0, 0.0))

    monkeypatch.setattr("iku_excel.spread.LOOK", 0.01)
    give_up = threading.Timer(10, future.set_exception, [TimeoutError("nobody looked")])
    give_up.start()
    (done,) = SpreadBatch(given([str(tmp_path)]), looked_at, watch, executor=Slow(), window=1)
    assert (done.result, looks) == (0, 4)


def test_the_systems_own_words_name_no_path() -> None:
    """What the disk says is told, the path in it is not: the file is named as the user gave it."""

    def work() -> None:
        raise PermissionError(13, "Permission denied", "/rahasia/rekap.xlsx")

    refusal = attempt("rekap.xlsx", work)
    assert isinstance(refusal, Refusal)
    assert "(Permission denied)" in refusal.message
    assert "/rahasia" not in "".join(refusal.lines())


def test_what_dead_runs_left_is_swept_up_where_the_workbook_is(tmp_path: Path) -> None:
    """Temporaries lie beside the workbook, not beside a link to it."""
    (tmp_path / "bersama").mkdir()
    (book,) = _books(tmp_path / "bersama", 1)
    left = book.with_name(f".~iku-{zlib.crc32(socket.gethostname().encode()):08x}-{2**22 + 1}-0badcafe.tmp")
    left.write_bytes(b"data pribadi")  # its process is above every pid
    (tmp_path / "tautan.xlsx").symlink_to(book)
    sweep_up(given([str(tmp_path / "tautan.xlsx")]))
    assert list(book.parent.iterdir()) == [book]


def test_each_tells_who_watches(tmp_path: Path) -> None:
    """``watch`` sees every file before it is worked on, and the end."""
    paths = _books(tmp_path, 3)
    seen: list[tuple[int, tuple[str, ...]]] = []
    list(each(given([str(tmp_path)]), looked_at, lambda batch: seen.append((batch.finished, batch.in_hand))))
    assert seen == [*((number, (str(path),)) for number, path in enumerate(paths)), (3, ())]
