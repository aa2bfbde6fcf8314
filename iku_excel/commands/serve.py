"""Commands about this machine and the open workbook: ``pantau``, ``doktor``, ``tombol``."""

from __future__ import annotations

import click

from iku_excel.commands.common import command
from iku_excel.findings import EXIT_DONE
from iku_excel.usage import Option


@command("Layani tombol bila Excel tidak boleh menjalankan Python.")
@click.option("--sekali", "once", is_flag=True, cls=Option, help="Layani yang menunggu sekarang, lalu selesai.")
def pantau(once: bool) -> int:
    """Layani tombol Hitung Ulang bila Excel tidak boleh menjalankan Python. Hentikan dengan Ctrl+C."""
    from iku_excel import talk
    from iku_excel.live.found import private_folder
    from iku_excel.watch import Event, watch

    def tell(event: Event) -> None:
        for line in event.lines():
            talk.say_wrapped(line)

    if not once:
        talk.note("Menunggu klik Hitung Ulang. Biarkan jendela ini terbuka; hentikan dengan Ctrl+C.")
    try:
        watch(private_folder(), tell, once=once)
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
