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
    callback=lambda c, p, v: v if v is None else valid_name(c, p, v),
    cls=Option,
    help="Nama unit kerja. Wajib, kecuali dengan --dari.",
)
@click.option(
    "--tahun", "year", metavar="TAHUN", type=click.IntRange(FIRST_YEAR, LAST_YEAR), cls=Option,
    help="Tahun yang dihitung, 2000 sampai 2100. Wajib; dengan --dari bawaannya tahun berikutnya.",
)  # fmt: skip
@click.option(
    "--triwulan", "quarter", metavar="1-4", type=click.IntRange(1, 4), cls=Option,
    help="Posisi sampai akhir triwulan ini; bawaannya 4, dengan --dari 1.",
)  # fmt: skip
@click.option(
    "--dari", "old", metavar="LAMA", callback=lambda c, p, v: v if v is None else valid_paths(c, p, (v,))[0],
    cls=Option, help="Teruskan buku kerja tahun lalu: pegawai, aset, pengaturan dibawa, data tahun itu dikosongkan.",
)  # fmt: skip
def baru(book: str, agency: str | None, year: int | None, quarter: int | None, old: str | None) -> int:
    """Buat buku kerja baru (.xlsx, atau .xlsm dengan tombol). Berkas yang sudah ada tidak pernah ditimpa."""
    if book.rpartition(".")[2].casefold() not in ("xlsx", "xlsm"):
        raise WrongUsage("nama buku kerja harus berakhiran .xlsx, atau .xlsm untuk buku dengan tombol.")
    if old is not None:
        return _from(book, old, agency, year, quarter)
    if agency is None or year is None:
        missing = "--perangkat-daerah" if agency is None else "--tahun"
        raise WrongUsage(f"pilihan {missing} belum diisi.", click.get_current_context())
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


def _from(book: str, old: str, agency: str | None, year: int | None, quarter: int | None) -> int:
    import datetime
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.findings import Refusal
    from iku_excel.new_year import create_from
    from iku_excel.paths import existing

    now = datetime.datetime.now()
    made = attempt(
        book, lambda: create_from(Path(book), existing(Path(old)), now, agency=agency, year=year, quarter=quarter)
    )
    if isinstance(made, Refusal):
        talk.complain(made)
        return made.exit_status
    talk.say(f"Buku kerja baru tahun {made.year}: {book}, dari {old}")
    for line in made.told:
        talk.say(f"  {talk.clean(line)}")
    for line in made.warnings:
        talk.note(f"Perhatikan: {talk.clean(line)}")
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
