"""The command that brings workbooks of an older template to today's: ``perbarui``."""

from __future__ import annotations

from iku_excel.commands.common import command, dry_run, several


@command("Perbarui buku kerja ke templat terbaru.")
@several
@dry_run("diperbarui; tidak ada berkas yang ditulis")
def perbarui(paths: tuple[str, ...], dry_run: bool) -> int:
    """Perbarui buku kerja dari templat lama ke templat terbaru, lalu hitung; isian, catatan, dan bagan tetap ada."""
    import datetime

    from iku_excel import talk
    from iku_excel.batch import each, sweep_up, worst
    from iku_excel.findings import Refusal
    from iku_excel.paths import given
    from iku_excel.tell_batch import Progress
    from iku_excel.upgrade import upgrade_file

    now = datetime.datetime.now()
    statuses, progress = [], Progress()
    groups = given(paths)
    for done in each(groups, lambda path: upgrade_file(path, now, dry_run=dry_run), progress.watch):
        progress.over()
        if isinstance(done.result, Refusal):
            talk.complain(done.result)
            statuses.append(done.result.exit_status)
            continue
        talk.say(f"{done.shown}:" if not dry_run else f"{done.shown} (belum ditulis):")
        for line in done.result.told:
            talk.say_wrapped(f"  {line}")
    if not dry_run:
        sweep_up(groups)
    return worst(statuses)
