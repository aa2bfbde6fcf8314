"""Commands about a quarter's reported figures: ``kunci``, ``buka-kunci``."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import click

from iku_excel.commands.common import IKU_CODES, command, dry_run, open_book, valid_paths
from iku_excel.findings import EXIT_DONE, EXIT_FINDINGS
from iku_excel.usage import Option, Unfit, WrongUsage

if TYPE_CHECKING:
    from iku_excel.lock_quarter import Change, Request


def _valid_text(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and (not value.strip() or not value.isprintable() or len(value) > 500):
        raise Unfit("isi dengan kalimat biasa, paling panjang 500 huruf.", ctx, param)
    return None if value is None else value.strip()


def _valid_day(ctx: click.Context, param: click.Parameter, value: str | None) -> datetime.date | None:
    try:
        day = None if value is None else datetime.date.fromisoformat(value)
    except ValueError:
        day = datetime.date.min
    if day is not None and not 2000 <= day.year <= 2100:
        raise Unfit("isi dengan tanggal TTTT-BB-HH, misalnya 2025-07-10.", ctx, param)
    return day


_book = click.argument(
    "book", metavar="BUKU", required=False, callback=lambda c, p, v: v and valid_paths(c, p, (v,))[0]
)
_quarter = click.option(
    "--triwulan", "quarter", metavar="1-4", type=click.IntRange(1, 4), required=True, cls=Option,
    help="Triwulan yang dimaksud, dari tahun di lembar Pengaturan.",
)  # fmt: skip
_is_open = open_book("Kerjakan di")


@command("Kunci angka triwulan yang dilaporkan.")
@_book
@_quarter
@click.option("--keterangan", "remark", metavar="TEKS", callback=_valid_text, cls=Option, help="Catatan pada angkanya.")
@click.option(
    "--tanggal", "day", metavar="TTTT-BB-HH", callback=_valid_day, cls=Option,
    help="Tanggal Kunci; bawaannya hari ini.",
)  # fmt: skip
@click.option(
    "--meski-ada-kesalahan", "despite", is_flag=True, cls=Option,
    help="Kunci juga bila datanya masih memuat kesalahan; jumlahnya ditulis di Keterangan.",
)  # fmt: skip
@_is_open
@dry_run("dikunci; tidak ada yang ditulis")
def kunci(
    book: str | None,
    quarter: int,
    remark: str | None,
    day: datetime.date | None,
    despite: bool,
    is_open: bool,
    dry_run: bool,
) -> int:
    """Catat angka triwulan seperti dilaporkan di lembar Realisasi; koreksi data kemudian tidak mengubahnya."""
    from iku_excel.lock_quarter import Lock

    wanted = Lock(quarter, remark, day or datetime.date.today(), despite)
    return _run(book, wanted, is_open, dry_run, "akan dikunci" if dry_run else "dikunci")


@command("Buka kembali triwulan yang dikunci.")
@_book
@_quarter
@click.option(
    "--alasan", "reason", metavar="TEKS", required=True, callback=_valid_text, cls=Option,
    help="Alasan membuka kunci; dicatat di lembar Riwayat.",
)  # fmt: skip
@click.option(
    "--iku", "codes", metavar="IKU-1|IKU-2|IKU-3", multiple=True, type=click.Choice(IKU_CODES, case_sensitive=False),
    cls=Option, help="Hanya IKU ini (boleh diulang); bawaannya semua.",
)  # fmt: skip
@_is_open
@dry_run("dibuka; tidak ada yang ditulis")
def buka_kunci(
    book: str | None, quarter: int, reason: str, codes: tuple[str, ...], is_open: bool, dry_run: bool
) -> int:
    """Hapus angka triwulan yang dikunci dari lembar Realisasi; alasan dan nilai semula dicatat di Riwayat."""
    from iku_excel.lock_quarter import Unlock

    unwanted = Unlock(quarter, reason, tuple(code for code in IKU_CODES if code in codes))
    return _run(book, unwanted, is_open, dry_run, "akan dibuka" if dry_run else "dibuka")


def _run(book: str | None, request: Request, is_open: bool, dry_run: bool, verb: str) -> int:
    if book is None and not is_open:
        raise WrongUsage("BUKU belum diisi.", click.get_current_context())
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.findings import Refusal
    from iku_excel.lock_quarter import change_file, change_open
    from iku_excel.paths import existing

    now = datetime.datetime.now()
    shown = book or "buku kerja yang terbuka"
    made = attempt(
        shown,
        lambda: (
            change_open(book, request, now, dry_run=dry_run)
            if is_open
            else change_file(existing(Path(book or "")), request, now, dry_run=dry_run)
        ),
    )
    if isinstance(made, Refusal):
        talk.complain(made)
        return made.exit_status
    return _tell(shown, made, verb)


def _tell(book: str, made: Change, verb: str) -> int:
    """What was locked or unlocked, and what was not."""
    from iku_excel import talk
    from iku_excel.indicators.achievement import show

    talk.say(f"{talk.clean(book)}: Triwulan {made.quarter} tahun {made.year} {verb}.")
    for figure in made.figures:
        source = "hasil BKN" if figure.source == "BKN" else "penilaian mandiri"
        talk.say(f"  {figure.code}: {show(figure.value)} ({source}), lembar {made.sheet} baris {figure.row}")
    for one in made.left:
        talk.note(f"  {one.code} tidak dikunci: {one.why}. {one.fix}" if one.fix else f"  {one.code} {one.why}.")
    return EXIT_FINDINGS if any(one.fix for one in made.left) else EXIT_DONE
