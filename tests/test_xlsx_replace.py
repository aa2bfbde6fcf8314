"""Saving: whatever happens, the file is the old one or the new one, and nobody's change is lost."""

from __future__ import annotations

import errno
import io
import json
import os
import random
import socket
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest

from iku_excel.edits import Edit
from iku_excel.findings import EXIT_FINDINGS, EXIT_OPEN, Refusal
from iku_excel.xlsx import lock, replace
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.verify import verify_edits

ROOT = Path(__file__).parents[1]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX file modes or signals")

# Reads, adds one to a counter on two sheets, and replaces: {count} times, or for ever when it is 0.
WORKER = """
import io, itertools, sys
from pathlib import Path
from python_calamine import CalamineWorkbook
from iku_excel.edits import Edit
from iku_excel.xlsx import replace
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.verify import verify_edits
path, count = Path(sys.argv[1]), int(sys.argv[2])
print("ready", flush=True)
for _ in range(count) if count else itertools.count():
    with replace.locked(path, wait=60):
        source = replace.read_for_update(path)
        book = CalamineWorkbook.from_filelike(io.BytesIO(source.data))
        number = book.get_sheet_by_name("Satu").to_python()[0][0] + 1
        edits = [Edit("Satu", "A1", number), Edit("Dua", "A1", number)]
        package = Package.open(source.data)
        applied = apply_edits(package, edits)
        replace.replace(source, applied.data, verify_edits(package, edits))
"""


def workbook(path: Path, padding: int = 0) -> Path:
    """A two-sheet workbook whose counters stand at 0, with a member of random bytes to make writing slow."""
    book = openpyxl.Workbook()
    book.active.title = "Satu"
    book.active["A1"] = 0
    book.create_sheet("Dua")["A1"] = 0
    book.save(path)
    if padding:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/media/image1.png", random.Random(1).randbytes(padding))
    return path


def counter(path: Path) -> float:
    """The counter by openpyxl, after checking that both sheets agree and every member is whole."""
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
    book = openpyxl.load_workbook(path)
    assert book["Satu"]["A1"].value == book["Dua"]["A1"].value
    return book["Satu"]["A1"].value


def start(path: Path, count: int, **options: object) -> subprocess.Popen[str]:
    """A worker in its own process, past its imports."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), str(count)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment, **options,
    )  # fmt: skip
    assert worker.stdout is not None
    assert worker.stdout.readline().strip() == "ready", worker.stderr and worker.stderr.read()
    return worker


def finish(worker: subprocess.Popen[str]) -> tuple[int, str]:
    """Its exit status and what it said on stderr."""
    _, said = worker.communicate(timeout=120)
    return worker.returncode, said


def update(path: Path, value: object, verify: object = None) -> None:
    """One honest update of A1, in this process."""
    with replace.locked(path, wait=0.2):
        source = replace.read_for_update(path)
        edits = [Edit("Satu", "A1", value), Edit("Dua", "A1", value)]
        package = Package.open(source.data)
        data = apply_edits(package, edits).data
        assert data is not None
        replace.replace(source, data, verify or verify_edits(package, edits))


def ours(folder: Path) -> list[str]:
    """Locks and temporaries of ours that lie in a folder."""
    return sorted(file.name for file in folder.iterdir() if file.name.startswith(lock.PREFIX))


def refusal(action: object) -> Refusal:
    """The refusal that a call ends in."""
    with pytest.raises(Refusal) as caught:
        action()
    assert caught.value.message
    assert caught.value.fix
    return caught.value


def let_time_pass(folder: Path) -> None:
    """Make what lies there older than the two seconds in which a lock may still be unsigned."""
    for name in ours(folder):
        os.utime(folder / name, (time.time() - 5, time.time() - 5))


def kill_and_look(folder: Path, kills: int) -> None:
    """Kill a writing process again and again; after each kill the file must be whole."""
    path = workbook(folder / "Buku.xlsx", padding=1 << 20)
    dice, seen, left = random.Random(20), 0.0, 0
    for _ in range(kills):
        worker = start(path, 0)
        time.sleep(dice.uniform(0, 0.12))
        worker.kill()
        worker.wait()
        worker.communicate()
        left += len(ours(folder))
        now = counter(path)
        assert now >= seen
        seen = now
        if dice.random() < 0.5:
            let_time_pass(folder)
            replace.sweep(folder)
            assert ours(folder) == []
    assert seen > 0
    assert left > 0, "no kill came at a moment that leaves something behind: the test proves nothing"
    let_time_pass(folder)
    replace.sweep(folder)
    assert ours(folder) == []
    update(path, 7)
    assert counter(path) == 7


@POSIX
def test_a_killed_run_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    """Twenty kills at random moments of saving never leave half a file, and the next run sweeps up."""
    kill_and_look(tmp_path, 20)


@POSIX
@pytest.mark.trust
def test_a_hundred_killed_runs_leave_the_old_file_or_the_new(tmp_path: Path) -> None:
    """The same with a hundred kills."""
    kill_and_look(tmp_path, 100)


def test_writers_at_once_lose_no_update(tmp_path: Path) -> None:
    """Four processes that each add one ten times come to forty."""
    path = workbook(tmp_path / "Buku.xlsx")
    workers = [start(path, 10) for _ in range(4)]
    assert [finish(worker) for worker in workers] == [(0, "")] * 4
    assert counter(path) == 40
    assert ours(tmp_path) == []


def test_threads_of_one_process_lose_no_update(tmp_path: Path) -> None:
    """The lock also holds between threads, where the pid is the same."""
    path = workbook(tmp_path / "Buku.xlsx")

    def add() -> None:
        for _ in range(5):
            with replace.locked(path, wait=30):
                source = replace.read_for_update(path)
                number = openpyxl.load_workbook(io.BytesIO(source.data))["Satu"]["A1"].value + 1
                edits = [Edit("Satu", "A1", number), Edit("Dua", "A1", number)]
                package = Package.open(source.data)
                replace.replace(source, apply_edits(package, edits).data, verify_edits(package, edits))

    threads = [threading.Thread(target=add) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter(path) == 15


LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (20000, 20000))\n"


@POSIX
def test_a_full_disk_leaves_the_file_untouched(tmp_path: Path) -> None:
    """When the new bytes don't fit, the old file stays bit by bit, nothing is left, and the reason is said."""
    path = workbook(tmp_path / "Buku.xlsx", padding=100_000)
    before = path.read_bytes()
    code = LIMITED + WORKER.replace("print(", "0 and print(") + "\n"
    guarded = "from iku_excel.findings import Refusal\ntry:\n" + "".join(f"    {line}\n" for line in code.splitlines())
    guarded += "except Refusal as refusal:\n    print(refusal.code)\n"
    done = subprocess.run(
        [sys.executable, "-c", guarded, str(path), "1"],
        capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False,
    )  # fmt: skip
    assert (done.stdout.strip(), done.stderr) == ("disk-penuh", "")
    assert path.read_bytes() == before
    assert ours(tmp_path) == []


@POSIX
def test_a_really_full_file_system_leaves_the_file_untouched(tmp_path: Path) -> None:
    """The same on a small file system of its own, where the kernel says "no space left"."""
    mounted = tmp_path / "kecil"
    mounted.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(mounted)], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("may not mount a small file system here")
    try:
        path = workbook(mounted / "Buku.xlsx", padding=200_000)
        before = path.read_bytes()
        assert refusal(lambda: update(path, 1)).code == "disk-penuh"
        assert path.read_bytes() == before
        assert ours(mounted) == []
    finally:
        subprocess.run(["umount", str(mounted)], check=True)


def test_excels_owner_file_names_the_person(tmp_path: Path) -> None:
    """A workbook open in Excel is refused with exit status 3 by the name in its owner file."""
    path = workbook(tmp_path / "Buku.xlsx")
    name = "Siti Nurbayá"
    ansi = name.encode("cp1252")
    content = bytes([len(ansi)]) + ansi.ljust(54) + len(name).to_bytes(2, "little") + name.encode("utf-16-le")
    (tmp_path / "~$Buku.xlsx").write_bytes(content.ljust(165, b" "))
    assert replace.owner(path) == name
    found = refusal(lambda: replace.read_for_update(path))
    assert (found.code, found.exit_status) == ("buku-sedang-dibuka", EXIT_OPEN)
    assert name in found.message


@pytest.mark.parametrize("content", [b"", b"\x05", bytes(165), b"\xff" * 165, b"\x04Budi"])
def test_a_strange_owner_file_is_still_an_owner(tmp_path: Path, content: bytes) -> None:
    """An owner file that can't be read in full still means that somebody has the workbook open."""
    path = workbook(tmp_path / "Buku.xlsx")
    (tmp_path / "~$Buku.xlsx").write_bytes(content)
    assert replace.owner(path) is not None
    assert refusal(lambda: replace.read_for_update(path)).code == "buku-sedang-dibuka"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("Budi Santoso,budi,pc-7,24.11.2026 09:00,file:///home/budi/.config;", "Budi Santoso"),
        (",budi,pc-7,24.11.2026 09:00,file:///x;", "budi"),
        ("Santoso\\, Budi,budi,pc-7,24.11.2026 09:00,;", "Santoso, Budi"),
        ("", ""),
    ],
)
def test_libreoffices_owner_file_names_the_person(tmp_path: Path, content: str, name: str) -> None:
    """LibreOffice's lock gives the full name, else the login; escaped commas are part of the name."""
    path = workbook(tmp_path / "Buku.xlsx")
    (tmp_path / ".~lock.Buku.xlsx#").write_text(content, encoding="utf-8")
    assert replace.owner(path) == name


def test_somebody_who_opens_it_meanwhile_stops_the_swap(tmp_path: Path) -> None:
    """An owner file that appears after reading still prevents the replacement."""
    path = workbook(tmp_path / "Buku.xlsx")
    before = path.read_bytes()

    def opens(_: bytes) -> None:
        (tmp_path / "~$Buku.xlsx").write_bytes(b"\x04Budi")

    assert refusal(lambda: update(path, 1, opens)).code == "buku-sedang-dibuka"
    assert path.read_bytes() == before
    assert ours(tmp_path) == []


def test_a_change_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    """A file that changed between reading and swapping stays as the other program left it."""
    path = workbook(tmp_path / "Buku.xlsx")

    def changes(_: bytes) -> None:
        path.write_bytes(b"baru")

    assert refusal(lambda: update(path, 1, changes)).code == "berkas-berubah"
    assert path.read_bytes() == b"baru"
    assert ours(tmp_path) == []


def test_a_file_that_vanishes_meanwhile_is_not_brought_back(tmp_path: Path) -> None:
    """A file deleted or renamed after reading is not created anew under its old name."""
    path = workbook(tmp_path / "Buku.xlsx")
    assert refusal(lambda: update(path, 1, lambda _: path.unlink())).code == "berkas-berubah"
    assert not path.exists()


def test_what_fails_the_check_is_not_saved(tmp_path: Path) -> None:
    """A refusal by the verifier leaves the original and no temporary."""
    path = workbook(tmp_path / "Buku.xlsx")
    before = path.read_bytes()

    def fails(_: bytes) -> None:
        raise Refusal("gagal-diperiksa", "x", "y")

    assert refusal(lambda: update(path, 1, fails)).code == "gagal-diperiksa"
    assert path.read_bytes() == before
    assert ours(tmp_path) == []


@POSIX
def test_a_read_only_file_is_refused_even_to_root(tmp_path: Path) -> None:
    """Mode bits decide, since the system would let root (and a rename) through."""
    path = workbook(tmp_path / "Buku.xlsx")
    path.chmod(0o444)
    found = refusal(lambda: replace.read_for_update(path))
    assert (found.code, found.exit_status) == ("berkas-hanya-baca", EXIT_FINDINGS)


@POSIX
def test_mode_and_symlink_stay(tmp_path: Path) -> None:
    """A symlink still points at the same file, which has the new content and its old mode."""
    (tmp_path / "asli").mkdir()
    path = workbook(tmp_path / "asli" / "Buku.xlsx")
    path.chmod(0o640)
    link = tmp_path / "Pintas.xlsx"
    link.symlink_to(path)
    update(link, 5)
    assert link.is_symlink()
    assert counter(path) == 5
    assert path.stat().st_mode & 0o777 == 0o640
    assert ours(tmp_path) + ours(tmp_path / "asli") == []


def test_a_missing_file_or_a_folder_is_refused(tmp_path: Path) -> None:
    """Neither a missing file nor a folder of that name is an error of ours; both are said plainly."""
    assert refusal(lambda: replace.read_for_update(tmp_path / "Tiada.xlsx")).code == "berkas-tidak-ada"
    assert refusal(lambda: replace.read_for_update(tmp_path)).code == "berkas-tidak-ada"

    def lock_it() -> None:
        with replace.locked(tmp_path / "tiada" / "Buku.xlsx"):
            pass

    assert refusal(lock_it).code == "berkas-tidak-ada"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.EACCES, "folder-tidak-dapat-ditulis"),
        (errno.EROFS, "folder-tidak-dapat-ditulis"),
        (errno.ENOSPC, "disk-penuh"),
        (errno.EIO, "gagal-menyimpan"),
    ],
)
def test_errors_of_the_disk_are_said_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, code: str
) -> None:
    """A folder that takes no new file, for whatever reason, ends in a refusal and never in a traceback."""
    path = workbook(tmp_path / "Buku.xlsx")

    def fail(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(lock.os, "open", fail)
    assert refusal(lambda: update(path, 1)).code == code


def test_a_living_holder_is_waited_for_then_named(tmp_path: Path) -> None:
    """A second run waits for the first, then gives up with exit status 3 and leaves the lock alone."""
    path = workbook(tmp_path / "Buku.xlsx")
    with replace.locked(path):
        began = time.monotonic()
        found = refusal(lambda: update(path, 1))
        assert time.monotonic() - began >= 0.2
        assert (found.code, found.exit_status) == ("buku-sedang-diolah", EXIT_OPEN)
        assert socket.gethostname() in found.message
        assert replace.sweep(tmp_path) == ()
        assert ours(tmp_path) == [".~iku-Buku.xlsx.lock"]
    assert ours(tmp_path) == []


def leave_lock(path: Path, **fields: object) -> Path:
    """A lock file as some run left it."""
    file = lock.lock_path(path)
    record = {"pid": 1, "host": socket.gethostname(), "since": "2026-11-24T00:00:00+00:00", "started": None}
    file.write_text(json.dumps({**record, **fields}), encoding="utf-8")
    return file


def dead_pid() -> int:
    """The pid of a process that has just ended."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


def test_a_dead_holders_lock_is_taken_over(tmp_path: Path) -> None:
    """The lock of a process that is gone, or of an earlier one with the same pid, does not stop us."""
    path = workbook(tmp_path / "Buku.xlsx")
    leave_lock(path, pid=dead_pid())
    update(path, 1)
    if Path("/proc/self/stat").exists():
        leave_lock(path, pid=os.getpid(), started="1")
        update(path, 2)
        assert counter(path) == 2
    assert ours(tmp_path) == []


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="needs /proc")
def test_a_killed_holder_is_dead_before_its_parent_has_asked(tmp_path: Path) -> None:
    """A worker killed at work stays a zombie until its pool notices; its lock must not stop the next one."""
    path = workbook(tmp_path / "Buku.xlsx")
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    leave_lock(path, pid=child.pid)
    assert refusal(lambda: update(path, 1)).code == "buku-sedang-diolah"
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # dead, and still there
    update(path, 1)
    assert counter(path) == 1
    child.communicate()


def test_a_lock_without_content_is_respected_only_briefly(tmp_path: Path) -> None:
    """A holder may be about to sign; one that died before signing is taken over after two seconds."""
    path = workbook(tmp_path / "Buku.xlsx")
    file = lock.lock_path(path)
    file.write_bytes(b"")
    assert refusal(lambda: update(path, 1)).code == "buku-sedang-diolah"
    os.utime(file, (time.time() - 5, time.time() - 5))
    update(path, 1)
    assert counter(path) == 1


def test_another_computers_lock_is_never_taken_over(tmp_path: Path) -> None:
    """Its process can't be seen from here; when old, the file to delete is named instead."""
    path = workbook(tmp_path / "Buku.xlsx")
    file = leave_lock(path, host="komputer-lain", pid=dead_pid())
    found = refusal(lambda: update(path, 1))
    assert "komputer-lain" in found.message
    assert file.name not in found.fix
    old = time.time() - 2 * lock.FOREIGN_LIMIT
    os.utime(file, (old, old))
    assert file.name in refusal(lambda: update(path, 1)).fix
    assert replace.sweep(tmp_path) == ()
    assert file.exists()


@POSIX
def test_an_heir_at_work_is_not_disturbed(tmp_path: Path) -> None:
    """A dead lock that another heir has just opened and holds is left to it."""
    import fcntl

    path = workbook(tmp_path / "Buku.xlsx")
    with leave_lock(path, pid=dead_pid()).open("r+b") as heir:
        fcntl.flock(heir, fcntl.LOCK_EX)
        assert refusal(lambda: update(path, 1)).code == "buku-sedang-diolah"
    update(path, 1)


@POSIX
def test_heirs_at_once_do_not_delete_each_others_lock(tmp_path: Path) -> None:
    """Many processes that find the same dead lock still work one after the other."""
    path = workbook(tmp_path / "Buku.xlsx")
    leave_lock(path, pid=dead_pid())
    workers = [start(path, 5) for _ in range(6)]
    assert [finish(worker) for worker in workers] == [(0, "")] * 6
    assert counter(path) == 30


def test_sweeping_leaves_the_living_and_the_foreign(tmp_path: Path) -> None:
    """Only temporaries of dead runs go; a living run's, another computer's fresh one and others' files stay."""
    import zlib

    here = f"{zlib.crc32(socket.gethostname().encode()):08x}"
    names = {
        f".~iku-{here}-{dead_pid()}-00ff.tmp": True,
        f".~iku-{here}-{os.getpid()}-00ff.tmp": False,
        ".~iku-00000000-1-00ff.tmp": False,
        ".~iku-catatan.txt": False,
        "Buku.xlsx": False,
    }
    for name in names:
        (tmp_path / name).write_bytes(b"")
    assert set(replace.sweep(tmp_path)) == {name for name, goes in names.items() if goes}
    old = time.time() - 2 * replace.ABANDONED
    os.utime(tmp_path / ".~iku-00000000-1-00ff.tmp", (old, old))
    assert replace.sweep(tmp_path) == (".~iku-00000000-1-00ff.tmp",)
    assert replace.sweep(tmp_path / "tiada") == ()


def test_windows_busy_errors_are_retried_and_then_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Errors 5, 32 and 33 of the swap are tried again for a while; the others are not."""
    path = workbook(tmp_path / "Buku.xlsx")
    tries: list[int] = []

    def busy(code: int, until: int) -> object:
        def swap(self: Path, target: Path) -> Path:
            tries.append(code)
            if len(tries) <= until:
                error = PermissionError(errno.EACCES, "busy")
                error.winerror = code
                raise error
            os.rename(self, target)  # noqa: PTH104 - Path.replace is what is faked here
            return target

        return swap

    for code in (5, 32, 33):
        tries.clear()
        monkeypatch.setattr(replace.Path, "replace", busy(code, 2))
        update(path, code)
        assert len(tries) == 3
        assert counter(path) == code
    monkeypatch.setattr(replace, "RETRY", 0.15)
    monkeypatch.setattr(replace.Path, "replace", busy(32, 10**6))
    assert refusal(lambda: update(path, 99)).code == "buku-sedang-dibuka"
    tries.clear()
    monkeypatch.setattr(replace.Path, "replace", busy(17, 10**6))
    assert refusal(lambda: update(path, 99)).code == "folder-tidak-dapat-ditulis"
    assert len(tries) == 1
    assert ours(tmp_path) == []


def test_liveness_on_windows_never_signals(monkeypatch: pytest.MonkeyPatch) -> None:
    """There ``os.kill(pid, 0)`` would end the process: it is asked by OpenProcess and its exit code."""
    import ctypes

    class Kernel:
        def __init__(self, code: int | None) -> None:
            self.code = code
            self.OpenProcess = lambda *_: None if code is None else 7
            self.CloseHandle = lambda *_: True

        def GetExitCodeProcess(self, _: object, into: object) -> bool:
            into._obj.value = self.code
            return True

    monkeypatch.setattr(lock, "sys", SimpleNamespace(platform="win32"))
    monkeypatch.setattr(lock.os, "kill", lambda *_: pytest.fail("os.kill on Windows"))
    for code, error, expected in [(259, 0, True), (0, 0, False), (None, 87, False), (None, 5, True)]:
        kernel = Kernel(code)
        monkeypatch.setattr(ctypes, "WinDLL", lambda *_, kernel=kernel, **__: kernel, raising=False)
        monkeypatch.setattr(ctypes, "get_last_error", lambda error=error: error, raising=False)
        assert lock.alive(4321) is expected
