"""Commands about this machine and the open workbook: ``pantau``, ``doktor``, ``tombol``."""

from __future__ import annotations

import click

from iku_excel.commands.common import command, valid_paths
from iku_excel.findings import EXIT_DONE
from iku_excel.usage import Option


@command("Isi buku kerja begitu disimpan dan ditutup; layani tombol.")
@click.argument("folders", metavar="[FOLDER...]", nargs=-1, callback=valid_paths)
@click.option(
    "--jeda",
    "delay",
    type=click.IntRange(1, 3600),
    default=3,
    cls=Option,
    metavar="DETIK",
    help="Tunggu sekian detik tanpa perubahan sebelum mengisi, 1 sampai 3600 (bawaan 3).",
)
@click.option("--polling", is_flag=True, cls=Option, help="Lihat folder secara berkala; untuk drive jaringan.")
@click.option("--sekali", "once", is_flag=True, cls=Option, help="Layani yang menunggu sekarang, lalu selesai.")
def pantau(folders: tuple[str, ...], delay: int, polling: bool, once: bool) -> int:
    """Isi buku kerja di dalam FOLDER (beserta subfoldernya) begitu disimpan dan ditutup. Juga, dan tanpa FOLDER hanya:
    layani tombol Hitung Ulang bila Excel tidak boleh menjalankan Python. Hentikan dengan Ctrl+C."""
    from iku_excel import talk
    from iku_excel.live.found import private_folder
    from iku_excel.watch import watch
    from iku_excel.watch_folder import Event, Folders

    def tell(event: Event) -> None:
        for line in event.lines():
            talk.say_wrapped(line)

    watched = Folders(folders, tell, polling=polling, delay=delay) if folders else None
    if not once:
        if watched is not None:
            talk.note(f"Memantau {', '.join(folders)}: buku kerja diisi begitu disimpan dan ditutup.")
        talk.note("Menunggu klik Hitung Ulang. Biarkan jendela ini terbuka; hentikan dengan Ctrl+C.")
    try:
        watch(private_folder(), tell, once=once, folders=watched)
    except KeyboardInterrupt:
        talk.note("Pantau dihentikan.")
    return EXIT_DONE


@command("Periksa apa yang kurang di komputer ini.")
@click.argument("book", metavar="[BUKU]", required=False)
def doktor(book: str | None) -> int:
    """Periksa apa yang kurang di komputer ini; dengan BUKU juga apakah Windows memblokir makronya."""
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.doctor import examine, lines, status

    notes = examine(Path(book) if book else None)
    for line in lines(notes):
        talk.say_wrapped(line)
    return status(notes)


@command("Layani satu klik.", hidden=True)
@click.argument("request", metavar="PERMINTAAN")
def tombol(request: str) -> int:
    """Layani satu klik pada tombol Hitung Ulang; dipanggil oleh makro."""
    import datetime
    import signal
    import sys
    from pathlib import Path

    from iku_excel.findings import EXIT_FINDINGS
    from iku_excel.serve import answer_button

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_FINDINGS))  # the copy must go
    return EXIT_DONE if answer_button(Path(request), datetime.datetime.now()) else EXIT_FINDINGS
