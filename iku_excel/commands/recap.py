"""``rekap``: many workbooks into one recap for the leadership."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from iku_excel.commands.common import command, several, valid_paths
from iku_excel.findings import EXIT_DONE, EXIT_FINDINGS, Refusal
from iku_excel.usage import Option, Unfit

if TYPE_CHECKING:
    from iku_excel.batch import Batch
    from iku_excel.paths import Given
    from iku_excel.record import Record

_ENDING = ".xlsx"
_AT_ONCE = 4
"""Workbooks in the hands of each worker."""


def _target(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value.casefold().endswith(_ENDING) or len(value.strip()) == len(_ENDING):
        raise Unfit(f"nama berkas harus berakhiran {_ENDING}.", ctx, param)
    return valid_paths(ctx, param, (value,))[0]


@command("Gabungkan banyak buku kerja menjadi satu rekap.")
@several
@click.option(
    "-o", "--keluaran", "target", metavar="REKAP.xlsx", required=True, cls=Option, callback=_target,
    help="Nama rekap yang dibuat.",
)  # fmt: skip
@click.option("--csv", "csv", is_flag=True, cls=Option, help="Tulis juga tabel panjangnya sebagai CSV di sampingnya.")
@click.option("--parquet", "parquet", is_flag=True, cls=Option, help="Tulis juga sebagai Parquet (perlu pyarrow).")
@click.option("-j", "jobs", metavar="N", type=click.IntRange(0), cls=Option, help="Pakai N proses; 0 = semua inti.")
@click.option("--timpa", "overwrite", is_flag=True, cls=Option, help="Ganti rekap lama dengan nama yang sama.")
@click.option("--json", "as_json", is_flag=True, cls=Option, help="Ringkasannya sebagai satu objek JSON.")
def rekap(
    paths: tuple[str, ...], target: str, csv: bool, parquet: bool, jobs: int | None, overwrite: bool, as_json: bool
) -> int:
    """Gabungkan buku kerja, juga semua yang ada di dalam folder, menjadi satu rekap: tabel, matriks, peringkat, tren.

    Buku kerjanya hanya dibaca. Data pribadi tidak pernah ikut.
    """
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import worst
    from iku_excel.paths import given
    from iku_excel.recap.make import Wish, gather_all, require_possible, write_recap
    from iku_excel.tell_batch import Progress
    from iku_excel.tell_recap import duplicate_lines, recap_json, recap_lines

    wish = Wish(Path(target), csv, parquet, overwrite)
    progress, statuses = Progress(), []

    def refused(refusal: Refusal) -> None:
        progress.over()
        talk.complain(refusal)
        statuses.append(refusal.exit_status)

    try:
        require_possible(wish)
        groups = given(paths)
        with _gathering(groups, jobs, progress.watch) as batch:
            whole = gather_all(groups, batch, refused)
        progress.over()
        written = write_recap(whole, wish)
    except Refusal as refusal:
        refused(refusal)
        return worst(statuses)
    if as_json:
        talk.say(recap_json(whole, written))
    else:
        for line in recap_lines(whole, written):
            talk.say_wrapped(line)
    for line in duplicate_lines(whole):
        talk.note(talk.clean(line))
    return worst((EXIT_FINDINGS if whole.duplicates else EXIT_DONE, *statuses))


@contextmanager
def _gathering(
    groups: Sequence[Given], jobs: int | None, watch: Callable[[Batch[Record]], None]
) -> Iterator[Batch[Record]]:
    """The batch that gathers: here, or with -j in worker processes."""
    from iku_excel.batch import Batch
    from iku_excel.recap.gather import gather

    if jobs is None:
        yield Batch(groups, gather, watch)
        return
    from iku_excel.spread import SpreadBatch
    from iku_excel.workers import Workers, cores, memory_share

    count = jobs or cores()
    with Workers(count, memory=memory_share(count), modules=("iku_excel.cli", "iku_excel.recap.gather")) as workers:
        yield SpreadBatch(groups, gather, watch, executor=workers, window=_AT_ONCE * workers.count)
