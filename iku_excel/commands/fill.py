"""Commands over many workbooks: ``isi``, ``periksa``, ``rapikan``."""

from __future__ import annotations

import click

from iku_excel.commands.common import command, dry_run, json_lines, open_book, report_each, several, several_or_open
from iku_excel.usage import WrongUsage


@command("Hitung dan isi buku kerja.")
@several_or_open
@open_book("Isi", "PATH")
@dry_run("diubah; tidak ada berkas yang ditulis")
@json_lines
def isi(paths: tuple[str, ...], is_open: bool, dry_run: bool, as_json: bool) -> int:
    """Hitung dan isi buku kerja, juga semua buku kerja di dalam folder (beserta subfoldernya)."""
    if is_open:
        return _isi_open(paths, dry_run, as_json)
    if not paths:
        raise WrongUsage("PATH... belum diisi.", click.get_current_context())
    import datetime

    from iku_excel.batch import Outcome, sweep_up
    from iku_excel.fill import fill_file
    from iku_excel.paths import given

    now = datetime.datetime.now()
    groups = given(paths)
    status = report_each(
        groups, lambda path: fill_file(path, now, dry_run=dry_run), Outcome.of_filled, as_json, dry_run
    )
    if not dry_run:
        sweep_up(groups)
    return status


def _isi_open(names: tuple[str, ...], dry_run: bool, as_json: bool) -> int:
    if len(names) > 1:
        raise WrongUsage("sesudah --buku-terbuka sebut satu nama saja.", click.get_current_context())
    import datetime

    from iku_excel import talk
    from iku_excel.batch import Outcome, attempt
    from iku_excel.findings import Refusal
    from iku_excel.serve import fill_chosen

    name = names[0] if names else None
    shown = name or "buku kerja yang terbuka"
    outcome = attempt(shown, lambda: fill_chosen(name, datetime.datetime.now(), dry_run=dry_run))
    if isinstance(outcome, Refusal):
        talk.complain(outcome)
        outcome = Outcome.failed(outcome.file or shown, outcome)
    if as_json:
        talk.say(talk.as_json(outcome))
    else:
        talk.report([outcome], dry_run=dry_run)
    return outcome.exit_status


@command("Periksa isian tanpa mengubah apa pun.")
@several
@json_lines
def periksa(paths: tuple[str, ...], as_json: bool) -> int:
    """Periksa isian buku kerja tanpa mengubah apa pun."""
    from iku_excel.batch import Outcome
    from iku_excel.fill import check_file
    from iku_excel.paths import given

    return report_each(given(paths), check_file, Outcome.of_checked, as_json, False)


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
