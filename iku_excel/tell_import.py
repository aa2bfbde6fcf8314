"""What ``impor`` says on the terminal and as JSON. A private table's rows are named by number only."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iku_excel import talk
from iku_excel.batch import Outcome
from iku_excel.findings import EXIT_DONE, Refusal
from iku_excel.imports.prepare import FIXED

if TYPE_CHECKING:
    from iku_excel.imports.make import Imported
    from iku_excel.imports.plan import Difference

SHOWN = 10
"""Rows that are named, of each kind."""


def exit_status(made: Imported) -> int:
    """0, or 1 when the filled workbook has findings of level kesalahan."""
    return EXIT_DONE if made.filled is None else Outcome.of_filled("", made.filled).exit_status


def imported(book: str, source: str, made: Imported, *, dry_run: bool) -> None:
    """What an import did, or would do."""
    plan, prepared = made.plan, made.prepared
    talk.say_wrapped(f"{source} ({made.taken}): {_many(prepared.read)} baris dibaca.")
    renamed = [f"{data} → {heading}" for data, heading in prepared.columns if data not in (heading, FIXED)]
    if renamed:
        talk.say_wrapped(f"  Kolom dipetakan: {', '.join(renamed)}.")
    fixed = [heading for data, heading in prepared.columns if data == FIXED]
    if fixed:
        talk.say_wrapped(f"  Nilai tetap dari peta: {', '.join(fixed)}.")
    if prepared.skipped:
        talk.say_wrapped(f"  Kolom dilewati: {'; '.join(f'{name} ({why})' for name, why in prepared.skipped)}.")
    talk.say_wrapped(f"{book}, {made.table.name} (lembar {made.sheet}): {', '.join(_counts(made, dry_run))}.")
    if dry_run:
        _new(made)
    for one in plan.differences[:SHOWN]:
        talk.say_wrapped(f"  {'ubah' if made.mode == 'ganti' else 'beda'}: {_place(made, one)}")
    _more(len(plan.differences))
    if plan.formulas_left:
        talk.note(f"Perhatikan: {plan.formulas_left} sel berumus dibiarkan walau datanya berbeda.")
    if plan.differences and made.mode == "tambah":
        talk.note("Baris yang berbeda hanya diubah bila Anda menambahkan --ganti.")
    if plan.empty:
        talk.say("Tidak ada yang perlu ditulis; buku kerja tidak berubah.")
    elif made.filled is not None:
        _figures(Outcome.of_filled(book, made.filled), dry_run)


def _counts(made: Imported, dry_run: bool) -> list[str]:
    """How many rows of each kind, those of which there are none left out."""
    plan, will = made.plan, "akan " if dry_run else ""
    ganti = made.mode == "ganti"
    counted = (
        (len(plan.added), f"baris baru {will}ditambahkan"),
        (len(plan.changed), f"baris {will}diubah"),
        (0 if ganti else len(plan.differences), "baris sudah ada dengan isi berbeda (dibiarkan)"),
        (plan.same, "baris sudah ada"),
        (plan.repeated, "baris kembar di data dilewati"),
    )
    return [f"{_many(number)} {what}" for number, what in counted if number]


def _new(made: Imported) -> None:
    """The first of the rows to be added."""
    new, total = made.plan.new, len(made.plan.added)
    if made.table.private:
        rows = ", ".join(str(row) for _, row in new[:SHOWN])
        if new:
            talk.say_wrapped(f"  baru: baris data {rows}{' …' if total > SHOWN else ''}")
        return
    for key, row in new[:SHOWN]:
        talk.say_wrapped(f"  baru: baris data {row}, {key}")
    _more(total)


def _figures(outcome: Outcome, dry_run: bool) -> None:
    """The three indices and the number of findings, on one line."""
    from iku_excel.indicators.achievement import show

    figures = ", ".join(f"{code} {show(value) or '–'}" for code, value in outcome.indices.items())
    counts = [(sum(f.level == level for f in outcome.findings), level) for level in ("kesalahan", "peringatan")]
    found = ", ".join(f"{number} {level}" for number, level in counts if number) or "tidak ada kesalahan"
    talk.say(f"{'Angkanya akan menjadi' if dry_run else 'Angka sekarang'}: {figures}. Temuan: {found}.")
    if not dry_run:
        talk.note("Temuannya ada di lembar Pemeriksaan.")


def _place(made: Imported, one: Difference) -> str:
    key = f", {one.key}" if one.key else ""
    return f"baris data {one.data_row}{key} ({made.sheet} baris {one.sheet_row}): {', '.join(one.headings)}"


def _more(total: int) -> None:
    if total > SHOWN:
        talk.say(f"  … dan {_many(total - SHOWN)} baris lagi.")


def _many(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def as_json(book: str, source: str, done: Imported | Refusal, *, dry_run: bool) -> str:
    """One object: what was read, what was (or would be) written, the figures afterwards, or the error."""
    told: dict[str, object] = {"file": book, "source": source}
    if isinstance(done, Refusal):
        error = {"code": done.code, "message": done.message, "fix": done.fix, "details": list(done.details)}
        return json.dumps({**told, "status": "failed", "error": error}, ensure_ascii=False)
    plan = done.plan
    status = "unchanged" if plan.empty else "planned" if dry_run else "imported"
    told |= {
        "status": status,
        "table": done.table.name,
        "mode": done.mode,
        "read": done.prepared.read,
        "taken": done.taken,
        "columns": {heading: data for data, heading in done.prepared.columns},
        "skipped": dict(done.prepared.skipped),
        "added": len(plan.added),
        "changed": len(plan.changed),
        "different": [
            {"key": one.key or None, "data_row": one.data_row, "row": one.sheet_row, "columns": list(one.headings)}
            for one in plan.differences
        ],
        "same": plan.same,
    }
    filled = None
    if done.filled is not None:
        whole = json.loads(talk.as_json(Outcome.of_filled(book, done.filled)))
        filled = {name: whole[name] for name in ("indices", "components", "findings")}
    return json.dumps({**told, "filled": filled, "error": None}, ensure_ascii=False)
