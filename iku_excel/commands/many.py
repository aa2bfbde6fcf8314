"""How ``isi`` and ``periksa`` go over many workbooks: their options, where the work is done, Ctrl-C, the report."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import partial, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from iku_excel.usage import EXIT_INTERRUPTED, Option, Unfit, WrongUsage

if TYPE_CHECKING:
    from iku_excel.batch import Batch, Done, Outcome
    from iku_excel.brief import Brief
    from iku_excel.paths import Given
    from iku_excel.tally import Tally
    from iku_excel.tell_batch import Progress

    Small = Callable[[Done[Outcome]], Brief]

MOST_PROCESSES = 60
LONGEST = 86_400  # seconds
PROBES = 20
"""So many workbooks, each of another folder, must look the same to a cluster's workers as to us."""
_REPORTS = (".xlsx", ".csv")
_TOLD = b"\nMenyelesaikan berkas yang sedang dikerjakan; Ctrl-C sekali lagi berhenti seketika.\n"


@dataclass(frozen=True, slots=True)
class Settings:
    """What the options of ``over_many`` say. ``processes``: None here in this process, 0 as many as there are cores."""

    as_json: bool = False
    processes: int | None = None
    time_limit: int | None = None
    dask: str | None = None
    report: Path | None = None
    overwrite: bool = False

    @property
    def batch(self) -> bool:
        """Whether an option is given that only a batch knows."""
        return self != Settings(self.as_json)

    @property
    def far(self) -> bool:
        """Whether the work is not done in this process."""
        return self.processes is not None or self.time_limit is not None or self.dask is not None


def over_many(function: Callable[..., int]) -> Callable[..., int]:
    """The options of a command over many workbooks, handed to it as ``settings``."""

    @wraps(function)
    def called(
        as_json: bool,
        processes: int | None,
        time_limit: int | None,
        dask: str | None,
        report: str | None,
        overwrite: bool,
        **others: Any,
    ) -> int:
        if dask is not None and (processes is not None or time_limit is not None):
            raise WrongUsage("--dask tidak dapat dipakai bersama -j atau --batas-waktu.", click.get_current_context())
        target = None if report is None else Path(report)
        settings = Settings(as_json, processes, time_limit, dask, target, overwrite)
        return function(settings=settings, **others)

    for option in reversed(_OPTIONS):
        called = option(called)
    return called


def _report_path(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.casefold().endswith(_REPORTS):
        raise Unfit("nama berkasnya harus berakhir .xlsx atau .csv.", ctx, param)
    return value


_OPTIONS = (
    click.option(
        "--json", "as_json", is_flag=True, cls=Option, help="Satu objek JSON per buku kerja, per baris, begitu selesai."
    ),
    click.option(
        *("-j", "processes"),
        metavar="N",
        type=click.IntRange(0, MOST_PROCESSES),
        cls=Option,
        help="Kerjakan dalam N proses sekaligus; 0 sebanyak inti prosesor. Bawaan: tanpa proses tambahan.",
    ),
    click.option(
        *("--batas-waktu", "time_limit"),
        metavar="DETIK",
        type=click.IntRange(1, LONGEST),
        cls=Option,
        help="Hentikan berkas yang belum selesai sesudah sekian detik; yang lain jalan terus.",
    ),
    click.option(
        *("--dask", "dask"),
        metavar="ALAMAT",
        cls=Option,
        help="Kerjakan di klaster Dask yang sudah berjalan, misalnya tcp://10.0.0.5:8786.",
    ),
    click.option(
        *("--laporan", "report"),
        metavar="HASIL",
        callback=_report_path,
        cls=Option,
        help="Tulis juga hasilnya ke berkas baru, .xlsx atau .csv: satu baris per buku kerja.",
    ),
    click.option(*("--timpa", "overwrite"), is_flag=True, cls=Option, help="Ganti laporan lama dengan nama itu."),
)


def run_many(
    paths: Sequence[str], work: Callable[[Path], Outcome], settings: Settings, *, sweep: bool, dry_run: bool = False
) -> int:
    """Do the work on every workbook that the paths mean, and tell what became of each: JSON as it comes, the table
    and the report at the end. ``sweep``: what killed workers left is removed."""
    from iku_excel import talk, tell_batch
    from iku_excel.batch import sweep_up
    from iku_excel.brief import brief
    from iku_excel.findings import EXIT_MACHINE
    from iku_excel.paths import given
    from iku_excel.tally import FEW, Tally

    if settings.report is not None:
        from iku_excel import batch_report

        batch_report.require_place(settings.report, overwrite=settings.overwrite)
    groups, progress = given(paths), tell_batch.Progress()
    few = sum(len(group.targets) for group in groups) <= FEW
    small = partial(brief, as_json=settings.as_json, whole=few and not settings.as_json)
    tally = Tally(kept=not settings.as_json or settings.report is not None)
    try:
        with ExitStack() as stack:
            batch = stack.enter_context(_batch(groups, work, small, settings, progress))
            stack.enter_context(_patient(batch.stop))
            status = _told(batch, small, progress, tally)
    finally:
        progress.over()
        if sweep:
            sweep_up(groups)
    if not settings.as_json:
        tell_batch.close(tally, dry_run=dry_run)
    if settings.report is not None:
        batch_report.write(settings.report, tally, overwrite=settings.overwrite, dry_run=dry_run)
        talk.note(f"Laporan ditulis ke {settings.report}.")
    if batch.stopped and batch.not_begun:
        talk.note(
            f"Dihentikan: {batch.finished} dari {batch.total} berkas selesai, {batch.not_begun} belum dimulai. "
            "Jalankan lagi perintah yang sama untuk melanjutkan; yang sudah selesai cepat dilewati."
        )
        # Not begun because all workers died is no Ctrl-C.
        return status if status == EXIT_MACHINE else EXIT_INTERRUPTED
    return max(status, tally.status)


def _told(batch: Batch[Brief], small: Small, progress: Progress, tally: Tally) -> int:
    """Go through the batch; the exit status of what is no workbook: folders without any, workers that all died."""
    from iku_excel import talk
    from iku_excel.batch import Done
    from iku_excel.findings import EXIT_DONE, Refusal

    status = EXIT_DONE
    for done in batch:
        if isinstance(done.result, Refusal):
            progress.over()
            talk.complain(done.result)
            if done.folder:
                status = max(status, done.result.exit_status)
                continue
            one = small(Done(done.shown, done.result, number=done.number, seconds=done.seconds))
        else:
            one = done.result
        if one.json is not None:
            progress.over()
            talk.say(one.json)
        tally.add(one)
    return status


@contextmanager
def _batch(
    groups: tuple[Given, ...],
    work: Callable[[Path], Outcome],
    small: Small,
    settings: Settings,
    progress: Progress,
) -> Iterator[Batch[Brief]]:
    """The batch on what the settings ask for: this process, some of this computer, or a cluster's."""
    from iku_excel.batch import Batch

    total = sum(len(group.targets) for group in groups)
    if not settings.far or not total:
        yield Batch(groups, work, progress.watch, small)
        return
    from iku_excel.spread import MODULES, SpreadBatch

    if settings.dask is not None:
        from iku_excel.cluster import dask_executor

        probes = {target.real.parent: target.path for group in groups for target in group.targets}
        with dask_executor(settings.dask, list(probes.values())[:PROBES]) as (executor, hands):
            yield SpreadBatch(groups, work, progress.watch, small, executor=executor, window=2 * hands)
        return
    from iku_excel.workers import AT_ONCE, Workers, cores, memory_share

    wanted = 1 if settings.processes is None else settings.processes or cores()
    count = min(wanted, total)
    with Workers(count, time_limit=settings.time_limit, memory=memory_share(count), modules=MODULES) as workers:
        window = workers.count * AT_ONCE
        yield SpreadBatch(groups, work, progress.watch, small, executor=workers, window=window)


@contextmanager
def _patient(stop: Callable[[], None]) -> Iterator[None]:
    """The first Ctrl-C only asks to ``stop``; the second ends at once (``KeyboardInterrupt``)."""
    # Another handler, or none as under nohup, is somebody's wish; only the main thread may set one.
    usual = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not usual or threading.current_thread() is not threading.main_thread():
        yield
        return

    def asked(number: int, frame: object) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stop()
        with suppress(OSError):
            os.write(2, _TOLD)  # not by the stream: it may be in the middle of a line

    signal.signal(signal.SIGINT, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def alone(done: Done[Outcome], settings: Settings, *, dry_run: bool) -> int:
    """Tell of one workbook that was not worked on by a batch, as if it had been one."""
    from iku_excel import talk, tell_batch
    from iku_excel.brief import brief
    from iku_excel.tally import Tally

    tally = Tally()
    tally.add(one := brief(done, as_json=settings.as_json, whole=True))
    if one.json is not None:
        talk.say(one.json)
    else:
        tell_batch.close(tally, dry_run=dry_run)
    return tally.status
