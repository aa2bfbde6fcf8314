"""The batch on a Dask cluster that is there already (``isi --dask ALAMAT``): its executor, after a look at its workers.

Workbooks stay where they are: every worker reads and writes them through storage that all computers share. A worker
that dies costs nothing but time, as Dask gives its workbook to another one and the saving protocol leaves the old
file or the new one.
"""

from __future__ import annotations

import platform
import zlib
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import iku_excel
from iku_excel.findings import EXIT_MACHINE, Refusal

if TYPE_CHECKING:
    from distributed import Client

CONNECT = 10.0
"""Seconds to wait for the scheduler."""
GATHER = 30.0
"""Seconds to wait for the first worker."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a computer has: our version, its Python ("3.11"), and the size and CRC of some files, None where unread."""

    version: str
    python: str
    files: tuple[tuple[int, int] | None, ...]


def standing(files: Sequence[str]) -> Standing:
    """The same of this computer; run on every worker too."""
    return Standing(iku_excel.__version__, ".".join(platform.python_version_tuple()[:2]), tuple(map(_seen, files)))


def _seen(file: str) -> tuple[int, int] | None:
    with suppress(OSError):
        content = Path(file).read_bytes()
        return len(content), zlib.crc32(content)
    return None


@contextmanager
def dask_executor(address: str, probes: Sequence[Path] = ()) -> Iterator[tuple[Executor, int]]:
    """An executor over the workers of the scheduler at ``address`` ("tcp://host:8786"); closed at the end. With
    it how many workbooks they work on at once, by their threads now.

    ``probes`` are some of the workbooks, one of each folder: every worker must see the very same bytes. ``Refusal``
    "pustaka-tidak-ada", "klaster-tidak-terjangkau", "klaster-tanpa-pekerja", "pekerja-berbeda",
    "pekerja-tidak-melihat-berkas"; all exit 4.
    """
    client = _connected(address)
    try:
        _same_everywhere(client, address, [str(path.resolve()) for path in probes])
        # Not pure: the same workbook may be filled twice, and must be. Lost workers are retried by the scheduler.
        threads: Mapping[str, int] = client.nthreads()
        yield client.get_executor(pure=False), max(1, sum(threads.values()))
    finally:
        client.close()


def _connected(address: str) -> Client:
    try:
        from distributed import Client
    except ModuleNotFoundError as error:
        raise Refusal(
            "pustaka-tidak-ada",
            f"Pustaka Python '{error.name}' belum terpasang di komputer ini.",
            "Pasang dengan `pip install 'iku-excel[dask]'`.",
            exit_status=EXIT_MACHINE,
        ) from error
    try:
        # None else takes it for its own, as a default client would be.
        return Client(address, timeout=CONNECT, set_as_default=False)
    except (OSError, ValueError) as error:  # nobody answers (TimeoutError is an OSError); no such kind of address
        raise Refusal(
            "klaster-tidak-terjangkau",
            f"Penjadwal Dask di {address} tidak menjawab.",
            "Periksa alamatnya (misalnya tcp://10.0.0.5:8786) dan apakah `dask scheduler` sedang berjalan.",
            exit_status=EXIT_MACHINE,
        ) from error


def _same_everywhere(client: Client, address: str, files: Sequence[str]) -> None:
    """Every worker runs what we run and sees the files that we see, else a figure would depend on who computed it."""
    try:
        client.wait_for_workers(1, timeout=GATHER)
    except TimeoutError as error:
        raise Refusal(
            "klaster-tanpa-pekerja",
            f"Penjadwal Dask di {address} belum punya pekerja.",
            f"Jalankan `dask worker {address}` di komputer yang akan membantu, lalu ulangi.",
            exit_status=EXIT_MACHINE,
        ) from error
    mine = standing(files)
    answers: Mapping[str, Standing | BaseException] = client.run(standing, files, on_error="return")
    for worker, its in sorted(answers.items()):
        if isinstance(its, BaseException):
            if not isinstance(its, ModuleNotFoundError | AttributeError):
                raise its
            raise _other(worker, "belum memasang iku_excel")  # or one from before this room was built
        if its.version != mine.version:
            raise _other(worker, f"memakai iku_excel {its.version}, sedangkan komputer ini {mine.version}")
        if its.python != mine.python:
            raise _other(worker, f"memakai Python {its.python}, sedangkan komputer ini {mine.python}")
        for file, here, there in zip(files, mine.files, its.files, strict=True):
            if here != there:
                how = "tidak melihat" if there is None else "melihat isi lain dari"
                raise Refusal(
                    "pekerja-tidak-melihat-berkas",
                    f"Pekerja Dask {worker} {how} berkas ini.",
                    "Taruh buku kerja di penyimpanan bersama yang jalurnya sama di semua komputer, lalu ulangi.",
                    file=file,
                    exit_status=EXIT_MACHINE,
                )


def _other(worker: str, how: str) -> Refusal:
    return Refusal(
        "pekerja-berbeda",
        f"Pekerja Dask {worker} {how}.",
        "Pasang versi yang sama di semua komputer, jalankan ulang pekerjanya, lalu ulangi.",
        exit_status=EXIT_MACHINE,
    )
