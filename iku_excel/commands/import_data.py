"""Commands that bring data in: ``impor``, ``isi-massal``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from iku_excel.commands.common import FIRST_YEAR, LAST_YEAR, command, dry_run, json_lines, valid_paths
from iku_excel.findings import EXIT_DONE
from iku_excel.usage import Option, Unfit, WrongUsage

if TYPE_CHECKING:
    from pathlib import Path

    from iku_excel.imports.mapping import Peta
    from iku_excel.imports.source import Options

_DELIMITERS = {"titik-koma": ";", "koma": ",", "tab": "\t"}
_ENCODINGS = ("utf-8", "utf-16", "windows-1252")


def _path(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    return value if value is None else valid_paths(ctx, param, (value,))[0]


def _valid_word(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    if value is not None and not value.strip():
        raise Unfit("tidak boleh kosong.", ctx, param)
    return value


@command("Masukkan data dari CSV atau Excel ke tabel isian.")
@click.argument("data", metavar="DATA", required=False, callback=_path)
@click.option(
    "--ke", "book", metavar="BUKU", callback=_path, cls=Option, help="Buku kerja yang menerima datanya. Wajib."
)
@click.option(
    "--tabel", "table", metavar="TABEL", callback=_valid_word, cls=Option,
    help="Tabel tujuan, misalnya tblKeluhan. Wajib, kecuali peta menyebutnya.",
)  # fmt: skip
@click.option(
    "--peta", "peta", metavar="PETA", callback=_valid_word, cls=Option,
    help="Peta judul dan kata: lapor, sipd, bkn (belum diverifikasi), atau berkas .toml Anda.",
)  # fmt: skip
@click.option(
    "--tambah", "mode", flag_value="tambah", default="tambah", cls=Option,
    help="Hanya tambahkan baris yang kuncinya belum ada (bawaan); yang sudah ada dibiarkan.",
)  # fmt: skip
@click.option(
    "--ganti", "mode", flag_value="ganti", cls=Option,
    help="Baris berkunci sama ikut memakai nilai data; sel data yang kosong tidak menghapus.",
)  # fmt: skip
@click.option("--lembar", "sheet", metavar="NAMA", callback=_valid_word, cls=Option, help="Lembar data di buku Excel.")
@click.option(
    "--baris-judul", "header_row", metavar="N", type=click.IntRange(1, 1_048_576), cls=Option,
    help="Nomor baris judul kolom di data; bawaannya dicari sendiri.",
)  # fmt: skip
@click.option(
    "--pemisah", "delimiter", metavar="titik-koma|koma|tab", type=click.Choice(tuple(_DELIMITERS)), cls=Option,
    help="Pemisah kolom CSV; bawaannya dicari sendiri.",
)  # fmt: skip
@click.option(
    "--pengodean", "encoding", metavar="utf-8|utf-16|windows-1252", type=click.Choice(_ENCODINGS), cls=Option,
    help="Pengodean huruf CSV; bawaannya dicari sendiri.",
)  # fmt: skip
@dry_run("ditulis")
@click.option("--json", "as_json", is_flag=True, cls=Option, help="Satu objek JSON, termasuk bila gagal.")
@click.option(
    "--contoh", "samples", metavar="FOLDER", callback=_path, cls=Option,
    help="Hanya tulis contoh data (rekaan) dan peta bawaan di FOLDER, untuk diubah.",
)  # fmt: skip
def impor(
    data: str | None,
    book: str | None,
    table: str | None,
    peta: str | None,
    mode: str,
    sheet: str | None,
    header_row: int | None,
    delimiter: str | None,
    encoding: str | None,
    dry_run: bool,
    as_json: bool,
    samples: str | None,
) -> int:
    """Masukkan baris dari CSV atau Excel ke tabel isian BUKU, lalu hitung ulang. Diimpor dua kali pun tidak ganda."""
    if samples is not None:
        return _write_samples(samples)
    for value, name in ((data, "DATA"), (book, "pilihan --ke")):
        if value is None:
            raise WrongUsage(f"{name} belum diisi.", click.get_current_context())
    if table is None and peta is None:
        raise WrongUsage("pilihan --tabel belum diisi.", click.get_current_context())
    import datetime
    from pathlib import Path

    from iku_excel import talk, tell_import
    from iku_excel.batch import attempt
    from iku_excel.findings import Refusal
    from iku_excel.imports.make import Imported, import_file
    from iku_excel.imports.mapping import Peta, load_peta
    from iku_excel.imports.prepare import Request
    from iku_excel.paths import existing

    def work() -> Imported:
        plan = load_peta(peta) if peta is not None else Peta()
        wanted = table or plan.table
        if wanted is None:
            raise Refusal(
                "tabel-belum-disebut", "Peta ini tidak menyebut tabelnya.", "Tambahkan --tabel, misalnya tblKeluhan."
            )
        request = Request(wanted, plan, "ganti" if mode == "ganti" else "tambah")
        options = _options(plan, sheet, header_row, _DELIMITERS.get(delimiter or ""), encoding)
        target, source = existing(Path(book or "")), existing(Path(data or ""))
        return import_file(target, source, request, datetime.datetime.now(), options=options, dry_run=dry_run)

    done = attempt(book or "", work)
    if as_json:
        talk.say(tell_import.as_json(book or "", data or "", done, dry_run=dry_run))
    if isinstance(done, Refusal):
        talk.complain(done)
        return done.exit_status
    if not as_json:
        tell_import.imported(book or "", data or "", done, dry_run=dry_run)
    return tell_import.exit_status(done)


def _options(
    peta: Peta, sheet: str | None, header_row: int | None, delimiter: str | None, encoding: str | None
) -> Options:
    """The command line's words go before the map's."""
    from iku_excel.imports.source import Options

    said = peta.options
    return Options(
        delimiter or said.delimiter, encoding or said.encoding, sheet or said.sheet, header_row or said.header_row
    )


def _write_samples(folder: str) -> int:
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.findings import Refusal
    from iku_excel.imports.samples import write_samples

    made: tuple[Path, ...] | Refusal = attempt(folder, lambda: write_samples(Path(folder)))
    if isinstance(made, Refusal):
        talk.complain(made)
        return made.exit_status
    for path in made:
        talk.say(str(path))
    talk.note("Data di dalamnya rekaan. Peta belum diverifikasi: cocokkan dengan ekspor Anda, ubah seperlunya.")
    return EXIT_DONE


@command("Buat satu buku kerja untuk tiap perangkat daerah.")
@click.argument("data", metavar="DATA.xlsx", required=False, callback=_path)
@click.option(
    "--ke", "folder", metavar="FOLDER", callback=_path, cls=Option, help="Folder untuk buku kerja baru. Wajib."
)
@click.option(
    "--templat", "template", metavar="BUKU", callback=_path, cls=Option,
    help="Salin buku kerja ini (beserta lembar tambahannya) sebagai awal, bukan templat bawaan.",
)  # fmt: skip
@click.option(
    "--tahun", "year", metavar="TAHUN", type=click.IntRange(FIRST_YEAR, LAST_YEAR), cls=Option,
    help="Tahun untuk baris yang kolom Tahun-nya kosong.",
)  # fmt: skip
@json_lines
@click.option(
    "--contoh", "sample", metavar="DATA.xlsx", callback=_path, cls=Option,
    help="Hanya tulis contoh berkas induk (data rekaan), untuk diubah.",
)  # fmt: skip
def isi_massal(
    data: str | None, folder: str | None, template: str | None, year: int | None, as_json: bool, sample: str | None
) -> int:
    """Buat dan isi satu buku kerja untuk tiap perangkat daerah dari satu berkas induk. Yang sudah ada tidak ditimpa."""
    if sample is not None:
        return _write_master(sample)
    for value, name in ((data, "DATA.xlsx"), (folder, "pilihan --ke")):
        if value is None:
            raise WrongUsage(f"{name} belum diisi.", click.get_current_context())
    import datetime
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import Outcome, attempt, worst
    from iku_excel.findings import Refusal
    from iku_excel.mass import Maker, Master, ready
    from iku_excel.paths import existing

    def read() -> tuple[Master, Maker]:
        form = None if template is None else existing(Path(template))
        master = Master(existing(Path(data or "")), year=year, ending=form.suffix if form else ".xlsx")
        return master, ready(Path(folder or ""), datetime.datetime.now(), Path(data or "").name, form)

    opened = attempt(data or "", read)
    if isinstance(opened, Refusal):
        talk.complain(opened)
        return opened.exit_status
    master, maker = opened
    if master.skipped:
        talk.note(f"Kolom dilewati: {talk.clean(', '.join(master.skipped))} (bukan pengaturan yang dikenal).")
    statuses, total = [], len(master.units)
    for made in maker.make(master.units):
        shown, refused = str(made.path), isinstance(made.result, Refusal)
        if isinstance(made.result, Refusal):
            talk.complain(made.result)
            statuses.append(made.result.exit_status)
            outcome = Outcome.failed(shown, made.result)
        else:
            outcome = Outcome.of_filled(shown, made.result)
        if as_json:
            talk.say(talk.as_json(outcome))
        elif not refused:
            talk.say(f"{talk.clean(shown)}: {talk.clean(made.unit)}")
    if not as_json:
        failed = f", {len(statuses)} gagal" if statuses else ""
        talk.say(f"{total - len(statuses)} buku kerja dibuat{failed}.")
    return worst(statuses)


def _write_master(name: str) -> int:
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.findings import Refusal
    from iku_excel.imports.samples import write_master

    if not name.casefold().endswith(".xlsx"):
        raise WrongUsage("nama berkas induk harus berakhiran .xlsx.")
    done = attempt(name, lambda: write_master(Path(name)))
    if isinstance(done, Refusal):
        talk.complain(done)
        return done.exit_status
    talk.say(f"Contoh berkas induk: {name}")
    return EXIT_DONE
