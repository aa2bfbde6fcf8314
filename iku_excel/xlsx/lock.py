"""One writer at a time: a lock file beside the workbook, and taking over the lock of a dead run.

The holder keeps the file open under an advisory lock that ends with the process, and its JSON (pid, host,
time) says who it is where advisory locks don't work, as on some network drives.
"""

from __future__ import annotations

import errno
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from iku_excel.findings import EXIT_OPEN, Refusal

PREFIX = ".~iku-"
"""How every lock and temporary of ours begins: hidden, and passed over when folders are searched."""
WAIT = 10.0
"""Seconds to wait for a living holder. Filling one workbook takes well under one."""
UNSIGNED = 2.0
"""Seconds after which a lock file without readable content belongs to a run that died while writing it."""
FOREIGN_LIMIT = 600.0
"""Seconds after which the lock of another computer is reported as probably left behind. Its process can't
be seen from here, so it is named and never taken over."""
_PAUSE = 0.05
_ENDED = frozenset("ZX")
"""States of a process that has ended and that its parent has not yet asked about: a killed worker, for a while."""
_LOCKED_BYTE = 1 << 30  # far beyond the content: on Windows a locked byte can't be read


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock, as its file says. ``started`` tells a process from a later one of the same pid."""

    pid: int
    host: str
    since: str
    started: str | None


def lock_path(path: Path) -> Path:
    """The lock file of a workbook: in the same folder, named after it."""
    return path.with_name(f"{PREFIX}{path.name}.lock")


@contextmanager
def locked(path: Path, wait: float = WAIT) -> Iterator[None]:
    """Hold the lock of a workbook (its real file, symlinks resolved) for the length of a ``with`` block.

    Waits up to ``wait`` seconds for a living holder, then raises ``Refusal`` "buku-sedang-diolah"; takes over
    from a dead one. The folder must be writable ("folder-tidak-dapat-ditulis").
    """
    file = lock_path(path.resolve())
    if not file.parent.is_dir():
        raise Refusal("berkas-tidak-ada", f"Berkas {path.name} tidak ditemukan.", "Periksa nama berkas dan foldernya.")
    deadline = time.monotonic() + wait
    while (handle := _claim(file)) is None:
        if time.monotonic() >= deadline:
            raise _held(path, file)
        time.sleep(_PAUSE)
    try:
        yield
    finally:
        _release(handle, file)


def sweep_lock(file: Path) -> bool:
    """Remove a lock file whose holder is dead; whether it went."""
    handle = _take_over(file)
    if handle is None:
        return False
    _release(handle, file)
    return True


def alive(pid: int, started: str | None = None) -> bool:
    """Whether a process of this computer still runs. Never ``os.kill`` on Windows: there it ends the process."""
    if sys.platform == "win32":
        return _alive_on_windows(pid)
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass
    state, now = _stat(pid)
    if state in _ENDED:
        return False
    return started is None or now is None or started == now


def host() -> str:
    """This computer's name, as written into locks."""
    return socket.gethostname()


def _alive_on_windows(pid: int) -> bool:
    import ctypes

    query_limited, still_active, access_denied = 0x1000, 259, 5
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)  # type: ignore[attr-defined, unused-ignore]  # Windows
    kernel.OpenProcess.restype = ctypes.c_void_p
    handle = kernel.OpenProcess(query_limited, False, pid)
    if not handle:
        return bool(ctypes.get_last_error() == access_denied)  # type: ignore[attr-defined, unused-ignore]  # Windows
    code = ctypes.c_ulong()
    kernel.GetExitCodeProcess(ctypes.c_void_p(handle), ctypes.byref(code))
    kernel.CloseHandle(ctypes.c_void_p(handle))
    return code.value == still_active


def _stat(pid: int) -> tuple[str, str | None]:
    """A process's state, and when it began in clock ticks since boot, where /proc tells (a container reuses few
    pids)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return "", None
    fields = stat.rpartition(")")[2].split()
    return fields[0], fields[19]


def _claim(file: Path) -> int | None:
    """Create the lock file, or take it over from the dead; the open handle, or None while somebody lives."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    except FileExistsError:
        return _take_over(file)
    except PermissionError as error:
        if sys.platform == "win32" and file.exists():
            return None  # being removed by its holder
        raise unwritable(file.parent, error) from error
    except OSError as error:
        raise unwritable(file.parent, error) from error
    try:
        # An heir may have found the file before it was signed (only if we slept between the two lines).
        if _advise(handle) is False or not _current(handle, file) or os.fstat(handle).st_size:
            os.close(handle)
            return None
        _sign(handle)
    except OSError as error:
        _release(handle, file)
        raise unwritable(file.parent, error) from error
    return handle


def _take_over(file: Path) -> int | None:
    """The handle of a lock file whose holder is dead, signed anew; None if it lives or is gone.

    In place, under the advisory lock: deleting and creating again would let two heirs delete each other's.
    """
    try:
        handle = os.open(file, os.O_RDWR | getattr(os, "O_BINARY", 0))
    except OSError:
        return None
    try:
        if _advise(handle) and _current(handle, file) and _dead(handle):
            _sign(handle)
            return handle
    except OSError:
        pass  # a disk that fails here fails louder later; the lock stays whose it was
    os.close(handle)
    return None


def _advise(handle: int) -> bool | None:
    """Take the advisory lock without waiting; False if somebody has it, None where there are none."""
    try:
        if sys.platform == "win32":
            import msvcrt

            os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return False if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK) else None
    return True


def _current(handle: int, file: Path) -> bool:
    """Whether the open file is still the one of that name (its holder may have removed it meanwhile)."""
    try:
        return os.path.samestat(os.fstat(handle), file.stat())
    except OSError:
        return False


def _sign(handle: int) -> None:
    me = os.getpid()
    since = datetime.now(UTC).isoformat(timespec="seconds")
    text = json.dumps({"pid": me, "host": host(), "since": since, "started": _stat(me)[1]})
    os.lseek(handle, 0, os.SEEK_SET)
    os.ftruncate(handle, 0)
    os.write(handle, text.encode())


def _parse(content: bytes) -> Holder | None:
    try:
        found = json.loads(content)
        started = found.get("started")
        return Holder(int(found["pid"]), str(found["host"]), str(found["since"]), started and str(started))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _dead(handle: int) -> bool:
    os.lseek(handle, 0, os.SEEK_SET)
    holder = _parse(os.read(handle, 4096))
    if holder is None:
        return time.time() - os.fstat(handle).st_mtime > UNSIGNED
    return holder.host == host() and not alive(holder.pid, holder.started)


def _release(handle: int, file: Path) -> None:
    """Remove the lock file while it is still held, so that nobody's later one is removed instead."""
    if sys.platform != "win32":
        with suppress(OSError):
            if _current(handle, file):
                file.unlink()
        os.close(handle)
        return
    os.close(handle)  # Windows can't unlink an open file; who opens it now sees a living pid and waits
    for _ in range(50):
        try:
            file.unlink()
        except FileNotFoundError:
            return
        except OSError:
            time.sleep(_PAUSE)
        else:
            return


def _held(path: Path, file: Path) -> Refusal:
    try:
        holder, age = _parse(file.read_bytes()), time.time() - file.stat().st_mtime
    except OSError:
        holder, age = None, 0.0
    who = f" di komputer {holder.host} sejak {holder.since}" if holder else ""
    fix = "Tunggu sampai selesai, lalu ulangi."
    if age > FOREIGN_LIMIT:
        fix = f"Bila tidak ada yang sedang mengolahnya, hapus berkas {file.name} di folder yang sama, lalu ulangi."
    return Refusal(
        "buku-sedang-diolah",
        f"Buku kerja {path.name} sedang diolah oleh proses lain{who}.",
        fix,
        exit_status=EXIT_OPEN,
    )


def unwritable(folder: Path, error: OSError) -> Refusal:
    """What a failed write into a folder means, in words."""
    if error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return Refusal(
            "disk-penuh",
            "Ruang penyimpanan penuh. Berkas asli tidak diubah.",
            "Kosongkan ruang di disk, lalu ulangi.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return Refusal(
            "folder-tidak-dapat-ditulis",
            f"Folder {folder.name or folder} tidak dapat ditulisi. Berkas asli tidak diubah.",
            "Pindahkan berkas ke folder Anda sendiri, atau minta izin tulis kepada pemilik folder.",
        )
    return Refusal(
        "gagal-menyimpan",
        f"Berkas tidak dapat disimpan ({error.strerror or type(error).__name__}). Berkas asli tidak diubah.",
        "Periksa disk atau jaringan, lalu ulangi.",
    )
