"""The command about what would be: ``simulasi``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from iku_excel.commands.common import IKU_CODES, book, command
from iku_excel.findings import EXIT_DONE
from iku_excel.usage import Option, Unfit, WrongUsage

if TYPE_CHECKING:
    from decimal import Decimal
    from pathlib import Path

    from iku_excel.form.simulation import Simulation

_TARGET = re.compile(r"\s*([^=]*?)\s*=\s*(.*?)\s*")
_NUMBER = re.compile(r"(\d{1,4}(?:[.,]\d{1,8})?)\s*%?")
"""A target is an index or a percentage: no thousands, so that a comma or a dot is always the decimal sign."""


def _valid_targets(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> dict[str, Decimal]:
    """Each target by its Kode IKU."""
    from decimal import Decimal

    targets: dict[str, Decimal] = {}
    for text in value:
        found = _TARGET.fullmatch(text)
        if found is None:
            raise Unfit(f"'{text}' tidak dikenali; tulislah seperti IKU-1=80.", ctx, param)
        code, number = found[1].upper(), _NUMBER.fullmatch(found[2])
        if code not in IKU_CODES:
            raise Unfit(f"'{found[1]}' bukan kode IKU; pilih {', '.join(IKU_CODES)}.", ctx, param)
        if number is None:
            raise Unfit(f"'{found[2]}' bukan angka target; tulislah seperti {code}=80 atau {code}=80,5.", ctx, param)
        if code in targets:
            raise Unfit(f"{code} disebut dua kali; sebut satu target untuk tiap IKU.", ctx, param)
        targets[code] = Decimal(number[1].replace(",", "."))
        if not targets[code]:
            raise Unfit(f"target {code} harus di atas 0.", ctx, param)
    return targets


def _valid_new(ctx: click.Context, param: click.Parameter, value: str | None) -> Path | None:
    from pathlib import Path

    if value is None:
        return None
    if not value.strip() or not value.lower().endswith(".xlsx"):
        raise Unfit("nama berkasnya berakhiran .xlsx.", ctx, param)
    return Path(value)


@command("Apa yang perlu agar target tercapai.")
@book
@click.option(
    "--target", "targets", metavar="IKU-1=80", multiple=True, callback=_valid_targets, cls=Option,
    help="Target yang dicoba, satu untuk tiap IKU; bawaannya target di lembar Target.",
)  # fmt: skip
@click.option(
    "--lembar", "sheet", is_flag=True, cls=Option,
    help="Tulis hasilnya ke lembar Simulasi di buku kerja itu; lembar lama diperbarui.",
)  # fmt: skip
@click.option(
    "--ke", "new", metavar="HASIL.xlsx", callback=_valid_new, cls=Option,
    help="Tulis hasilnya ke berkas baru; tidak pernah menimpa.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, cls=Option, help="Satu objek JSON.")
def simulasi(book: str, targets: dict[str, Decimal], sheet: bool, new: Path | None, as_json: bool) -> int:
    """Hitung yang paling sedikit diperlukan agar target tercapai: poin, dokumen, rupiah, pegawai, unit, keluhan.

    Hanya hitungan andai-andai dari isian saat ini: tidak ada isian atau angka realisasi yang diubah.
    """
    if sheet and new is not None:
        raise WrongUsage("pilih salah satu: --lembar atau --ke.", click.get_current_context())
    import datetime
    import json
    from pathlib import Path

    from iku_excel import talk
    from iku_excel.batch import attempt
    from iku_excel.findings import Refusal
    from iku_excel.paths import existing
    from iku_excel.simulate import SHEET, simulate_file, simulate_into, simulate_to
    from iku_excel.tell_simulation import failed_json, simulation_json, simulation_lines

    now = datetime.datetime.now()

    def work() -> Simulation:
        path = existing(Path(book))
        if sheet:
            return simulate_into(path, targets, now)
        return simulate_file(path, targets) if new is None else simulate_to(path, new, targets, now)

    made = attempt(book, work)
    if isinstance(made, Refusal):
        talk.complain(made)
        if as_json:
            talk.say(json.dumps(failed_json(book, made), ensure_ascii=False))
        return made.exit_status
    written = book if sheet else None if new is None else str(new)
    if as_json:
        saved = None if written is None else (written, SHEET)
        talk.say(json.dumps(simulation_json(book, made, saved), ensure_ascii=False))
        return EXIT_DONE
    for line in simulation_lines(made, talk.width()):
        talk.say(line)
    if written is not None:
        talk.note(f"Ditulis ke lembar {SHEET} di {talk.clean(written)}.")
    return EXIT_DONE
