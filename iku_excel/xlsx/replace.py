"""Put new bytes in the place of a workbook so that nothing is ever lost (DESIGN §6).

Under the lock: read, and remember the digest; write a temporary file in the same folder and make it
durable; read it back and verify; see that nobody changed the original meanwhile; swap. Whatever stops the
run at whatever moment leaves the old file or the new one, never half of either.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import sys
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from iku_excel.findings import EXIT_OPEN, Refusal
from iku_excel.xlsx.lock import PREFIX, alive, host, locked, sweep_lock, unwritable

__all__ = ["Source", "locked", "owner", "read_closed", "read_for_update", "replace", "sweep"]

RETRY = 2.5
"""Seconds to retry the swap on Windows, where a virus scanner may hold a file for a moment."""
ABANDONED = 86_400.0
"""Seconds after which another computer's temporary file is swept: its process can't be seen from here."""
_BUSY = {5, 32, 33}  # winerror: access denied, sharing violation, lock violation
_TEMPORARY = re.compile(re.escape(PREFIX) + r"([0-9a-f]{8})-(\d+)-[0-9a-f]+\.tmp")
_OWNER_NAME = 52  # characters of a name in Excel's owner file, which is 165 bytes long


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook as read for an update: ``path`` is the real file, ``sha256`` the digest of ``data``."""

    path: Path
    data: bytes
    sha256: str


def owner(path: Path) -> str | None:
    """Who has the workbook open in Excel or LibreOffice, by the owner file beside it; None if nobody.

    "" when there is an owner file without a readable name. Excel: a length byte, the name in the local code
    page, at offset 55 the length again and the name in UTF-16. LibreOffice: one line, comma-separated.
    """
    return _owner(path.resolve())


def _owner(path: Path) -> str | None:
    with suppress(OSError):
        return _excel_owner(path.with_name("~$" + path.name).read_bytes())
    with suppress(OSError):
        content = path.with_name(f".~lock.{path.name}#").read_bytes().decode("utf-8", "replace")
        fields = [re.sub(r"\\(.)", r"\1", field) for field in re.split(r"(?<!\\),", content.strip().rstrip(";"))]
        return next((field.strip() for field in fields[:2] if field.strip()), "")
    return None


def _excel_owner(content: bytes) -> str:
    if len(content) >= 57 and 0 < (length := int.from_bytes(content[55:57], "little")) <= _OWNER_NAME:
        name = content[57 : 57 + 2 * length].decode("utf-16-le", "replace").strip("\0 ")
        if name:
            return name
    return content[1 : 1 + min(content[0], _OWNER_NAME)].decode("cp1252", "replace").strip("\0 ") if content else ""


def read_for_update(path: Path) -> Source:
    """Read a workbook that is to be written back; refuses one that is open, read-only or not there.

    A symlink is followed: the file it points at is the one that is read and replaced.
    """
    real, data = read_closed(path)
    return Source(real, data, hashlib.sha256(data).hexdigest())


def read_closed(path: Path) -> tuple[Path, bytes]:
    """The real file and its bytes, of a workbook that may be written back; refuses as ``read_for_update``."""
    real = path.resolve()
    _refuse_open(real)
    data = _bytes(path, real)
    _refuse_read_only(real)
    return real, data


def read_bytes(path: Path) -> bytes:
    """Read a workbook that is only looked at; refuses one that is not there or can't be read."""
    return _bytes(path, path.resolve())


def _bytes(path: Path, real: Path) -> bytes:
    try:
        if not stat.S_ISREG(real.stat().st_mode):
            raise _absent(path)
        return real.read_bytes()
    except FileNotFoundError as error:
        raise _absent(path) from error
    except PermissionError as error:
        # On Windows a file that another program holds fails with errno 13 and no winerror.
        raise _unreadable(path) if sys.platform != "win32" else _open(path, "") from error
    except OSError as error:
        raise _unreadable(path) from error


def replace(source: Source, data: bytes, verify: Callable[[bytes], None]) -> None:
    """Put ``data`` in the place of the file that ``source`` was read from. To be called under ``locked``.

    ``verify`` gets the bytes read back from the disk and raises ``Refusal`` if they are not right. The file's
    mode and, where allowed, its owner stay. Any ``Refusal`` leaves the original untouched and no temporary.
    """
    path = source.path
    tag = f"{zlib.crc32(host().encode()):08x}-{os.getpid()}-{token_hex(4)}"
    temporary = path.with_name(f"{PREFIX}{tag}.tmp")
    try:
        try:
            _write(temporary, data, path)
            written = temporary.read_bytes()
        except OSError as error:
            raise unwritable(path.parent, error) from error
        if written != data:
            raise unwritable(path.parent, OSError("isi berbeda setelah ditulis"))
        verify(written)
        _refuse_open(path)
        _refuse_read_only(path)
        try:
            now = hashlib.sha256(path.read_bytes()).hexdigest()
        except OSError:
            now = ""
        if now != source.sha256:
            raise Refusal(
                "berkas-berubah",
                f"Berkas {path.name} diubah orang atau program lain selagi diolah; perubahan itu tidak ditimpa.",
                "Ulangi; pengolahan akan memakai isi yang terbaru.",
            )
        _swap(temporary, path)
    finally:
        with suppress(OSError):
            temporary.unlink()
    _sync_folder(path.parent)


def sweep(folder: Path) -> tuple[str, ...]:
    """Remove temporaries and locks that dead runs left in a folder; the names of those removed."""
    gone = []
    try:
        left = sorted(file for file in folder.iterdir() if file.name.startswith(PREFIX))
    except OSError:
        return ()
    for file in left:
        if file.name.endswith(".lock"):
            if sweep_lock(file):
                gone.append(file.name)
        elif (found := _TEMPORARY.fullmatch(file.name)) and _abandoned(file, found[1], int(found[2])):
            with suppress(OSError):
                file.unlink()
                gone.append(file.name)
    return tuple(gone)


def _abandoned(file: Path, tag: str, pid: int) -> bool:
    if tag == f"{zlib.crc32(host().encode()):08x}":
        return not alive(pid)
    try:
        return time.time() - file.stat().st_mtime > ABANDONED
    except OSError:
        return False


def _write(temporary: Path, data: bytes, like: Path) -> None:
    """Write and make durable, with the mode (and if we may, the owner) of the file to be replaced."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    handle = os.open(temporary, flags, 0o600)  # it holds personal data: nobody else's until it has its mode
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        if sys.platform != "win32":
            was = like.stat()
            with suppress(OSError):
                os.fchown(out.fileno(), was.st_uid, was.st_gid)
            os.fchmod(out.fileno(), stat.S_IMODE(was.st_mode))
        os.fsync(out.fileno())


def _swap(temporary: Path, path: Path) -> None:
    deadline = time.monotonic() + RETRY
    while True:
        try:
            temporary.replace(path)
        except OSError as error:
            if getattr(error, "winerror", None) not in _BUSY:
                raise unwritable(path.parent, error) from error
            if time.monotonic() >= deadline:
                raise _open(path, owner(path) or "") from error
            time.sleep(0.1)
        else:
            return


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # it can't
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _refuse_open(path: Path) -> None:
    name = _owner(path)
    if name is not None:
        raise _open(path, name)


def _open(path: Path, name: str) -> Refusal:
    who = name or "pengguna lain"
    return Refusal(
        "buku-sedang-dibuka",
        f"Buku kerja {path.name} sedang dibuka oleh {who}.",
        f"Minta {who} menutupnya, lalu ulangi. Bila ternyata tidak dibuka, hapus berkas '~${path.name}' atau "
        f"'.~lock.{path.name}#' di folder yang sama.",
        exit_status=EXIT_OPEN,
    )


def _refuse_read_only(path: Path) -> None:
    """By the mode bits, since ``os.access`` says yes to root; on Windows they mirror the attribute."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return  # gone meanwhile: the digest will tell
    if not mode & 0o222 or not os.access(path, os.W_OK):
        raise Refusal(
            "berkas-hanya-baca",
            f"Berkas {path.name} hanya boleh dibaca.",
            "Hapus tanda 'Hanya baca' pada properti berkas, atau olah salinannya.",
        )


def _absent(path: Path) -> Refusal:
    return Refusal("berkas-tidak-ada", f"Berkas {path.name} tidak ditemukan.", "Periksa nama berkas dan foldernya.")


def _unreadable(path: Path) -> Refusal:
    return Refusal(
        "berkas-tidak-terbaca", f"Berkas {path.name} tidak dapat dibaca.", "Minta izin baca kepada pemilik berkas."
    )
