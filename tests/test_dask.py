"""The batch on a real Dask cluster: a scheduler and two workers, each a process of its own on this computer."""

from __future__ import annotations

import datetime
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Executor, Future, wait
from pathlib import Path

import pytest

from iku_excel.cluster import dask_executor, standing
from iku_excel.examples import example_content
from iku_excel.fill import fill_file
from iku_excel.findings import Refusal
from iku_excel.form.template import build
from iku_excel.xlsx.replace import sweep

pytest.importorskip("distributed")

MOMENT = datetime.datetime(2026, 1, 15, 9)
ROOT = Path(__file__).parents[1]
# This project's folder first: the workers import iku_excel and this very file from it.
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])}


class Cluster:
    """A scheduler and its workers."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.log = (folder / "log").open("wb")
        self.scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", self.address.rpartition(":")[2])
        self.workers: list[subprocess.Popen[bytes]] = []

    def _start(self, kind: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", f"distributed.cli.{kind}", *arguments, "--no-dashboard"]
        return subprocess.Popen(command, stdout=self.log, stderr=self.log, env=ENVIRONMENT, cwd=self.folder)

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        """One more worker, of one thread, which nobody starts anew unless "--nanny" is among the options."""
        kept = () if "--nanny" in options else ("--no-nanny",)
        made = self._start("dask_worker", self.address, "--nthreads", "1", "--local-directory", "sini", *kept, *options)
        self.workers.append(made)
        return made

    def gather(self, count: int) -> None:
        """Wait until so many workers have told the scheduler that they are there."""
        from distributed import Client

        with Client(self.address, timeout=30) as client:
            client.wait_for_workers(count, timeout=30)

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End one of them in order."""
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def end(self) -> None:
        """End all of them."""
        for process in (*self.workers, self.scheduler):
            self.stop(process)
        self.log.close()


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A scheduler without workers yet."""
    made = Cluster(tmp_path)
    try:
        yield made
    finally:
        made.end()


def _books(folder: Path, count: int) -> list[Path]:
    content = build(*example_content("bersih"))
    folder.mkdir()
    paths = [folder / f"CONTOH {number:02d}.xlsx" for number in range(count)]
    for path in paths:
        path.write_bytes(content)
    return paths


def slowly_filled(path: str) -> str:
    """Fill one workbook, on a worker: with a pause while its lock is held, so that a kill finds it at work."""
    from iku_excel.xlsx import replace as saving

    saved = saving.replace

    def held(*arguments: object) -> None:
        time.sleep(0.05)
        saved(*arguments)  # type: ignore[arg-type]  # handed on as given

    saving.replace = held
    try:
        fill_file(Path(path), MOMENT)
    finally:
        saving.replace = saved
    return path


def deadly(path: str) -> str:
    """A workbook that costs its worker the life."""
    os._exit(7)


def _on(executor: Executor, work: object, paths: list[Path]) -> list[Future[str]]:
    return [executor.submit(work, str(path)) for path in paths]  # type: ignore[arg-type]  # any function of a path


def test_a_worker_killed_on_the_way_costs_no_workbook(cluster: Cluster, tmp_path: Path) -> None:
    """All forty are filled, to the byte as one after another; what the dead worker left, the run's end sweeps up."""
    paths = _books(tmp_path / "bersama", 40)
    first, _ = cluster.worker(), cluster.worker()
    cluster.gather(2)
    with dask_executor(cluster.address, paths[:1]) as (executor, hands):
        assert hands == 2
        futures = _on(executor, slowly_filled, paths)
        while sum(future.done() for future in futures) < 6:
            time.sleep(0.02)
        first.send_signal(signal.SIGKILL)
        wait(futures, 60)
    assert [future.result(0) for future in futures] == [str(path) for path in paths]
    (alone,) = _books(tmp_path / "sendiri", 1)
    fill_file(alone, MOMENT)
    assert {path.read_bytes() for path in paths} == {alone.read_bytes()}
    # The kill may come while it writes: its temporary then stays, until `isi` sweeps the folder at its end.
    assert len(sweep(tmp_path / "bersama")) <= 1
    assert sorted((tmp_path / "bersama").iterdir()) == paths


@pytest.mark.trust
def test_a_workbook_that_kills_every_worker_costs_only_itself(cluster: Cluster, tmp_path: Path) -> None:
    """Dask tries it on four workers, then calls it bad; the others are filled."""
    from distributed import KilledWorker

    paths = _books(tmp_path / "bersama", 6)
    cluster.worker("--nanny")
    with dask_executor(cluster.address, paths[:1]) as (executor, _):
        (bad,) = _on(executor, deadly, paths[:1])
        good = _on(executor, slowly_filled, paths[1:])
        wait([bad, *good], 60)
    assert isinstance(bad.exception(0), KilledWorker)
    assert [future.result(0) for future in good] == [str(path) for path in paths[1:]]


ODD_WORKERS = {
    "its.version": ("pekerja-berbeda", "memakai iku_excel 0.0.1", "replace(true(files), version='0.0.1')"),
    "its.python": ("pekerja-berbeda", "memakai Python 2.7", "replace(true(files), python='2.7')"),
    "no file": ("pekerja-tidak-melihat-berkas", "tidak melihat", "true(['/tidak/ada'])"),
    "another file": ("pekerja-tidak-melihat-berkas", "isi lain", "replace(true(files), files=((1, 2),))"),
}


def test_a_worker_that_differs_is_named_before_anything_is_written(cluster: Cluster, tmp_path: Path) -> None:
    """Another version, another Python, other files under the same path, or none: workers that really answer so."""
    (path,) = _books(tmp_path / "bersama", 1)
    before = path.read_bytes()
    for code, words, answer in ODD_WORKERS.values():
        preload = tmp_path / "lain.py"
        preload.write_text(
            "import iku_excel.cluster as cluster\nfrom dataclasses import replace\n"
            # a worker loads this twice
            "true = cluster.true = getattr(cluster, 'true', cluster.standing)\n"
            f"cluster.standing = lambda files: {answer}\n"
        )
        worker = cluster.worker("--preload", str(preload))
        with pytest.raises(Refusal) as refused, dask_executor(cluster.address, [path]):
            pass
        assert (refused.value.code, refused.value.exit_status) == (code, 4)
        assert words in refused.value.message
        assert "tcp://127.0.0.1:" in refused.value.message
        cluster.stop(worker)
    assert path.read_bytes() == before


def test_nobody_at_the_address(cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No scheduler there, an address that is none, a scheduler without workers: each is told in three lines."""
    monkeypatch.setattr("iku_excel.cluster.CONNECT", 0.5)
    monkeypatch.setattr("iku_excel.cluster.GATHER", 0.5)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    for address in (nobody, "surat://kantor"):
        with pytest.raises(Refusal) as refused, dask_executor(address):
            pass
        assert (refused.value.code, refused.value.exit_status) == ("klaster-tidak-terjangkau", 4)
        assert address in refused.value.message
    monkeypatch.setattr("iku_excel.cluster.CONNECT", 10.0)
    with pytest.raises(Refusal) as refused, dask_executor(cluster.address):
        pass
    assert (refused.value.code, refused.value.exit_status) == ("klaster-tanpa-pekerja", 4)


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without dask.distributed the message says what to install."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(Refusal) as refused, dask_executor("tcp://127.0.0.1:1"):
        pass
    assert refused.value.code == "pustaka-tidak-ada"
    assert "iku-excel[dask]" in refused.value.fix


def test_an_older_copy_of_the_same_size_is_another_file(tmp_path: Path) -> None:
    """A worker whose share lags behind must be seen, whatever the length of what it reads; an unread file is none."""
    path = tmp_path / "CONTOH.xlsx"
    path.write_bytes(b"lama")
    old = standing([str(path)])
    path.write_bytes(b"baru")
    assert standing([str(path)]) != old
    path.unlink()
    assert standing([str(path)]).files == (None,)


@pytest.mark.parametrize("error", [ModuleNotFoundError("No module named 'iku_excel'"), AttributeError("cluster")])
def test_a_worker_without_us_is_named(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """What a worker raises that has no iku_excel, or one from before the cluster's room: three lines, no traceback."""

    class Cluster:
        closed = False

        def wait_for_workers(self, *_: object, **__: object) -> None: ...

        def run(self, *_: object, **__: object) -> dict[str, Exception]:
            return {"tcp://contoh:1": error}

        def close(self) -> None:
            self.closed = True

    there = Cluster()
    monkeypatch.setattr("iku_excel.cluster._connected", lambda address: there)
    with pytest.raises(Refusal) as refused, dask_executor("tcp://contoh:8786"):
        pass
    assert (refused.value.code, refused.value.exit_status) == ("pekerja-berbeda", 4)
    assert "tcp://contoh:1 belum memasang iku_excel" in refused.value.message
    assert there.closed
