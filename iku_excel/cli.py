"""The door: the commands, their options and exit statuses. No logic.

Every other room is imported inside the command that needs it, so that ``--help`` costs no more than click.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from iku_excel import __version__
from iku_excel.findings import EXIT_DONE
from iku_excel.usage import Group, Option, Unfit, WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

    from iku_excel.batch import Outcome
    from iku_excel.paths import Given

T = TypeVar("T")
FIRST_YEAR, LAST_YEAR = 2000, 2100
IKU_CODES = ("IKU-1", "IKU-2", "IKU-3")


def _unforeseen(error: Exception) -> int:
    from iku_excel import talk
    from iku_excel.batch import trouble
    from iku_excel.findings import Refusal

    refusal = error if isinstance(error, Refusal) else trouble(error, None)
    talk.complain(refusal)
    return refusal.exit_status


@click.group("iku-excel", cls=Group)
@click.version_option(__version__, message="iku-excel %(version)s", help="Tampilkan versi program, lalu selesai.")
def main() -> None:
    """Menghitung Indikator Kinerja Utama (IKU) di dalam buku kerja Excel.

    Mulailah dengan `iku-excel baru`, isi lembar masukannya di Excel, lalu jalankan `iku-excel isi`.
    """


main.on_error = _unforeseen


def _paths(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """An empty path would mean the current folder: an unset variable in a script must not fill it."""
    if not all(path.strip() for path in value):
        raise Unfit("nama berkas kosong.", ctx, param)
    return value


def _name(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if not value.strip() or not value.isprintable() or len(value) > 200:
        raise Unfit("isi dengan nama biasa, paling panjang 200 huruf.", ctx, param)
    return value.strip()


_several = click.argument("paths", metavar="PATH...", nargs=-1, required=True, callback=_paths)
_several_or_open = click.argument("paths", metavar="PATH...", nargs=-1, callback=_paths)
_json = click.option("--json", "as_json", is_flag=True, cls=Option, help="Satu objek JSON per buku kerja, per baris.")


def _dry_run(does: str) -> Callable[..., Any]:
    return click.option("--dry-run", is_flag=True, cls=Option, help=f"Hanya tampilkan apa yang akan {does}.")


@main.command(short_help="Buat buku kerja baru.")
@click.argument("book", metavar="BUKU", callback=lambda c, p, v: _paths(c, p, (v,))[0])
@click.option(
    "--perangkat-daerah", "agency", metavar="NAMA", required=True, callback=_name, cls=Option, help="Nama unit kerja."
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


@main.command(short_help="Hitung dan isi buku kerja.")
@_several_or_open
@click.option(
    "--buku-terbuka", "is_open", is_flag=True, cls=Option,
    help="Isi buku kerja yang sedang terbuka; PATH lalu berarti namanya, dan boleh dikosongkan bila hanya satu.",
)  # fmt: skip
@_dry_run("diubah; tidak ada berkas yang ditulis")
@_json
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
    status = _report(groups, lambda path: fill_file(path, now, dry_run=dry_run), Outcome.of_filled, as_json, dry_run)
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


@main.command(short_help="Periksa isian tanpa mengubah apa pun.")
@_several
@_json
def periksa(paths: tuple[str, ...], as_json: bool) -> int:
    """Periksa isian buku kerja tanpa mengubah apa pun."""
    from iku_excel.batch import Outcome
    from iku_excel.fill import check_file
    from iku_excel.paths import given

    return _report(given(paths), check_file, Outcome.of_checked, as_json, False)


@main.command(short_help="Ubah teks yang jelas angka atau tanggal.")
@_several
@_dry_run("dirapikan; tidak ada berkas yang ditulis")
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


@main.command(short_help="Jelaskan asal satu angka.")
@click.argument("book", metavar="BUKU", callback=lambda c, p, v: _paths(c, p, (v,))[0])
@click.argument("iku", metavar="IKU-1|IKU-2|IKU-3", type=click.Choice(IKU_CODES, case_sensitive=False))
def jelaskan(book: str, iku: str) -> int:
    """Jelaskan asal satu angka: rumus, sel masukan, baris yang dihitung dan yang tidak, serta dasar hukumnya."""
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.fill import check_file
    from iku_excel.findings import Refusal
    from iku_excel.form.explain import explain
    from iku_excel.paths import existing
    from iku_excel.tell import trace_lines

    opened = attempt(book, lambda: check_file(existing(Path(book))))
    if isinstance(opened, Refusal):
        talk.complain(opened)
        return opened.exit_status
    trace = explain(opened.inputs, opened.result, opened.data.names, iku.upper())
    for line in trace_lines(trace):
        talk.say_wrapped(line)
    return EXIT_DONE


@main.command(short_help="Buat tiga buku kerja contoh.")
@click.argument("folder", metavar="FOLDER", callback=lambda c, p, v: _paths(c, p, (v,))[0])
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


@main.command(short_help="Layani tombol bila Excel tidak boleh menjalankan Python.")
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


@main.command(short_help="Periksa apa yang kurang di komputer ini.")
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


@main.command(hidden=True)
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


def _report(
    groups: tuple[Given, ...],
    work: Callable[[Path], T],
    told: Callable[[str, T], Outcome],
    as_json: bool,
    dry_run: bool,
) -> int:
    """Work on every file, and tell what became of each: JSON as it comes, the table at the end."""
    from iku_excel import talk
    from iku_excel.batch import Outcome, each, worst
    from iku_excel.findings import Refusal

    outcomes, statuses = [], []
    for done in each(groups, work, talk.progress):
        talk.progress_over()
        if isinstance(done.result, Refusal):
            talk.complain(done.result)
            statuses.append(done.result.exit_status)
            if done.folder:
                continue
            outcome = Outcome.failed(done.shown, done.result)
        else:
            outcome = told(done.shown, done.result)
            statuses.append(outcome.exit_status)
        if as_json:
            talk.say(talk.as_json(outcome))
        else:
            outcomes.append(outcome)
    talk.progress_over()
    talk.report(outcomes, dry_run=dry_run)
    return worst(statuses)
