"""Commands that make workbooks: ``baru``, ``contoh``."""

from __future__ import annotations

import click

from iku_excel.commands.common import FIRST_YEAR, LAST_YEAR, book, command, valid_name, valid_paths
from iku_excel.findings import EXIT_DONE
from iku_excel.usage import Option, WrongUsage


@command("Buat buku kerja baru.")
@book
@click.option(
    "--perangkat-daerah",
    "agency",
    metavar="NAMA",
    required=True,
    callback=valid_name,
    cls=Option,
    help="Nama unit kerja.",
)
@click.option(
    "--tahun", "year", metavar="TAHUN", type=click.IntRange(FIRST_YEAR, LAST_YEAR), required=True, cls=Option,
    help="Tahun yang dihitung, 2000 sampai 2100.",
)  # fmt: skip
@click.option(
    "--triwulan", "quarter", metavar="1-4", type=click.IntRange(1, 4), cls=Option,
    help="Posisi sampai akhir triwulan ini; bawaannya 4.",
)  # fmt: skip
def baru(book: str, agency: str, year: int, quarter: int | None) -> int:
    """Buat buku kerja baru (.xlsx, atau .xlsm dengan tombol). Berkas yang sudah ada tidak pernah ditimpa."""
    if book.rpartition(".")[2].casefold() not in ("xlsx", "xlsm"):
        raise WrongUsage("nama buku kerja harus berakhiran .xlsx, atau .xlsm untuk buku dengan tombol.")
    import datetime
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.create import create_book
    from iku_excel.findings import Refusal
    from iku_excel.form.template.content import Content

    settings: dict[str, object] = {"Perangkat_Daerah": agency}
    if quarter is not None:
        settings["Triwulan"] = quarter
    now = datetime.datetime.now()
    refused = attempt(book, lambda: create_book(Path(book), year, Content(settings=settings), now))
    if isinstance(refused, Refusal):
        talk.complain(refused)
        return refused.exit_status
    talk.say(f"Buku kerja baru: {book}")
    talk.note("Buka di Excel, mulai dari lembar Petunjuk; setelah diisi, jalankan `iku-excel isi` pada berkas itu.")
    return EXIT_DONE


@command("Buat tiga buku kerja contoh.")
@click.argument("folder", metavar="FOLDER", callback=lambda c, p, v: valid_paths(c, p, (v,))[0])
def contoh(folder: str) -> int:
    """Buat tiga buku kerja contoh (data rekaan) di dalam FOLDER. Berkas yang sudah ada tidak ditimpa."""
    import datetime
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.create import create_examples
    from iku_excel.examples import EXAMPLES
    from iku_excel.findings import Refusal

    made = attempt(folder, lambda: create_examples(Path(folder), datetime.datetime.now()))
    if isinstance(made, Refusal):
        talk.complain(made)
        return made.exit_status
    for path, example in zip(made, EXAMPLES, strict=True):
        talk.say(f"{path}: {example.shows}")
    return EXIT_DONE
