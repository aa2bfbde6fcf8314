"""Commands over many workbooks: ``isi``, ``periksa``, ``rapikan``."""

from __future__ import annotations

import click

from iku_excel.commands.common import command, dry_run, open_book, several, several_or_open
from iku_excel.commands.many import Settings, alone, over_many, run_many
from iku_excel.usage import Option, WrongUsage


@command("Hitung dan isi buku kerja.")
@several_or_open
@open_book("Isi", "PATH")
@dry_run("diubah; tidak ada berkas yang ditulis")
@click.option(
    *("--hitung-semua", "anew"),
    is_flag=True,
    cls=Option,
    help="Hitung juga buku kerja yang tidak berubah sejak terakhir diisi; tanpa ini dilewati.",
)
@over_many
def isi(paths: tuple[str, ...], is_open: bool, dry_run: bool, anew: bool, settings: Settings) -> int:
    """Hitung dan isi buku kerja, juga semua buku kerja di dalam folder (beserta subfoldernya)."""
    if is_open:
        return _isi_open(paths, dry_run, anew, settings)
    if not paths:
        raise WrongUsage("PATH... belum diisi.", click.get_current_context())
    import datetime
    from functools import partial

    from iku_excel.batch import filled

    work = partial(filled, moment=datetime.datetime.now(), dry_run=dry_run, anew=anew)
    return run_many(paths, work, settings, sweep=not dry_run, dry_run=dry_run)


def _isi_open(names: tuple[str, ...], dry_run: bool, anew: bool, settings: Settings) -> int:
    if len(names) > 1:
        raise WrongUsage("sesudah --buku-terbuka sebut satu nama saja.", click.get_current_context())
    if anew or settings.batch:
        raise WrongUsage(
            "--buku-terbuka hanya dapat dipakai bersama --dry-run dan --json.", click.get_current_context()
        )
    import datetime
    import time

    from iku_excel import talk
    from iku_excel.batch import Done, attempt
    from iku_excel.findings import Refusal
    from iku_excel.serve import fill_chosen

    name = names[0] if names else None
    shown = name or "buku kerja yang terbuka"
    begin = time.perf_counter()
    result = attempt(shown, lambda: fill_chosen(name, datetime.datetime.now(), dry_run=dry_run))
    if isinstance(result, Refusal):
        talk.complain(result)
    shown = (result.file or shown) if isinstance(result, Refusal) else result.file
    return alone(Done(shown, result, seconds=time.perf_counter() - begin), settings, dry_run=dry_run)


@command("Periksa isian tanpa mengubah apa pun.")
@several
@over_many
def periksa(paths: tuple[str, ...], settings: Settings) -> int:
    """Periksa isian buku kerja tanpa mengubah apa pun."""
    from iku_excel.batch import checked

    return run_many(paths, checked, settings, sweep=False)


@command("Ubah teks yang jelas angka atau tanggal.")
@several
@dry_run("dirapikan; tidak ada berkas yang ditulis")
def rapikan(paths: tuple[str, ...], dry_run: bool) -> int:
    """Ubah teks yang jelas-jelas angka atau tanggal menjadi angka atau tanggal; setiap perubahan disebutkan."""
    from iku_excel import talk
    from iku_excel.batch import each, sweep_up, worst
    from iku_excel.findings import Refusal
    from iku_excel.mend import mend_file
    from iku_excel.paths import given

    statuses, changed = [], False
    groups = given(paths)
    for done in each(groups, lambda path: mend_file(path, dry_run=dry_run)):
        if isinstance(done.result, Refusal):
            talk.complain(done.result)
            statuses.append(done.result.exit_status)
        else:
            talk.tidied(done.shown, done.result, dry_run=dry_run)
            changed = changed or bool(done.result.mends)
    if not dry_run:
        sweep_up(groups)
    if changed and not dry_run:
        talk.note("Selanjutnya jalankan `iku-excel isi` agar angkanya dihitung ulang.")
    return worst(statuses)
