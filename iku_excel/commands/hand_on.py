"""Commands that hand a workbook's results on: ``cetak`` (PDF), ``laporan`` (Word)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from iku_excel.commands.common import command, open_book, valid_name, valid_paths
from iku_excel.findings import EXIT_DONE
from iku_excel.usage import Option, Unfit, WrongUsage

if TYPE_CHECKING:
    from iku_excel.printing import Printed

_book = click.argument(
    "book", metavar="BUKU", required=False, callback=lambda c, p, v: v and valid_paths(c, p, (v,))[0]
)
_overwrite = click.option(
    "--timpa", "overwrite", is_flag=True, cls=Option, help="Ganti hasil lama dengan nama yang sama."
)


def _ends_in(ending: str) -> Callable[[click.Context, click.Parameter, str | None], str | None]:
    def valid(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
        if value is not None and (not value.casefold().endswith(ending) or len(value.strip()) == len(ending)):
            raise Unfit(f"nama berkas harus berakhiran {ending}.", ctx, param)
        return value

    return valid


def _sheet_names(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(valid_name(ctx, param, name) for name in value)


@command("Jadikan PDF untuk dicetak.")
@_book
@click.option(
    "-o", "--keluaran", "target", metavar="BERKAS.pdf", required=True, cls=Option,
    callback=_ends_in(".pdf"), help="Nama PDF yang dibuat.",
)  # fmt: skip
@click.option(
    "--lembar", "sheets", metavar="NAMA", multiple=True, callback=_sheet_names, cls=Option,
    help="Lembar yang dicetak (boleh diulang); bawaannya Ringkasan.",
)  # fmt: skip
@click.option(
    "--kertas", "paper", metavar="A4|F4", type=click.Choice(("A4", "F4"), case_sensitive=False), cls=Option,
    help="Ukuran kertas; bawaannya seperti pada lembar. F4 = 21 × 33 cm.",
)  # fmt: skip
@open_book("Cetak")
@_overwrite
def cetak(
    book: str | None, target: str, sheets: tuple[str, ...], paper: str | None, is_open: bool, overwrite: bool
) -> int:
    """Jadikan lembar buku kerja PDF, dengan angka terbaru. Buku kerjanya sendiri tidak diubah."""
    if book is None and not is_open:
        raise WrongUsage("BUKU belum diisi.", click.get_current_context())
    import datetime
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.findings import Refusal
    from iku_excel.paths import existing
    from iku_excel.printing import DEFAULT_SHEETS, Wish, print_file, print_open

    now = datetime.datetime.now()
    wish = Wish(Path(target), sheets or DEFAULT_SHEETS, paper and paper.upper(), overwrite)
    shown = book or "buku kerja yang terbuka"
    made = attempt(
        shown, lambda: print_open(book, wish, now) if is_open else print_file(existing(Path(book or "")), wish, now)
    )
    if isinstance(made, Refusal):
        talk.complain(made)
        return made.exit_status
    _tell_printed(target, shown, made, paper)
    return EXIT_DONE


def _tell_printed(target: str, book: str, made: Printed, paper: str | None) -> None:
    from iku_excel import talk

    talk.say(f"{talk.clean(target)}: lembar {', '.join(map(talk.clean, made.sheets))} (dibuat dengan {made.program})")
    if made.stale:
        talk.note(
            f"Angka di {talk.clean(book)} belum sesuai dengan datanya ({made.stale} sel); PDF memuat angka yang baru."
            " Jalankan `iku-excel isi` agar buku kerjanya sama."
        )
    if made.opened_by is not None:
        who = talk.clean(made.opened_by) or "pengguna lain"
        talk.note(f"Buku kerja sedang dibuka oleh {who}: yang dicetak adalah isi yang terakhir disimpan.")
    _tell_mistakes(made.mistakes, "PDF")
    if made.program == "Excel" and paper == "F4":
        talk.note("Excel tidak mengenal F4; dipakai kertas Folio (21,6 × 33 cm), yang paling dekat.")


@command("Buat bab III LKjIP (Word).")
@_book
@click.option(
    "-o", "--keluaran", "target", metavar="BERKAS.docx", cls=Option, callback=_ends_in(".docx"),
    help="Nama dokumen Word yang dibuat.",
)  # fmt: skip
@click.option(
    "--templat", "template", metavar="KAMI.docx", cls=Option, callback=_ends_in(".docx"),
    help="Templat Word sendiri; bawaannya templat dari program.",
)  # fmt: skip
@click.option(
    "--templat-baru", "fresh", metavar="KAMI.docx", cls=Option, callback=_ends_in(".docx"),
    help="Tulis salinan templat bawaan untuk diubah di Word; tanpa BUKU.",
)  # fmt: skip
@_overwrite
def laporan(book: str | None, target: str | None, template: str | None, fresh: str | None, overwrite: bool) -> int:
    """Buat bab III (Akuntabilitas Kinerja) LKjIP sebagai dokumen Word. Buku kerjanya sendiri tidak diubah."""
    if fresh is not None:
        if book or target or template or overwrite:
            raise WrongUsage("--templat-baru dipakai sendirian, tanpa BUKU dan pilihan lain.")
        return _new_template(fresh)
    if book is None or target is None:
        raise WrongUsage(f"{'BUKU' if book is None else 'pilihan -o'} belum diisi.", click.get_current_context())
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.findings import Refusal
    from iku_excel.paths import existing
    from iku_excel.report.make import make_report

    own = Path(template) if template else None
    made = attempt(book, lambda: make_report(existing(Path(book)), Path(target), own, overwrite=overwrite))
    if isinstance(made, Refusal):
        talk.complain(made)
        return made.exit_status
    talk.say(f"Laporan: {talk.clean(target)}")
    _tell_mistakes(sum(finding.level == "kesalahan" for finding in made.findings), "laporan")
    return EXIT_DONE


def _new_template(target: str) -> int:
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.findings import Refusal
    from iku_excel.report.make import new_template

    made = attempt(target, lambda: new_template(Path(target)))
    if isinstance(made, Refusal):
        talk.complain(made)
        return made.exit_status
    talk.say(f"Templat baru: {talk.clean(target)}")
    talk.note(f"Ubah di Word, lalu: iku-excel laporan BUKU -o bab3.docx --templat {talk.clean(target)}")
    return EXIT_DONE


def _tell_mistakes(mistakes: int, product: str) -> None:
    from iku_excel import talk

    if mistakes:
        talk.note(f"Datanya memuat {mistakes} kesalahan; lihat lembar Pemeriksaan sebelum {product} dibagikan.")
