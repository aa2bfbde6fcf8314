"""Findings about documents and the budget (IKU-2)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from iku_excel.cells import Cell, decimal
from iku_excel.form.checks.common import Register, folded, quote, repeated, show_date, show_number
from iku_excel.form.compute import Result
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import QUARTERS
from iku_excel.indicators.exact import half_up, total
from iku_excel.indicators.secretariat import leaf_rows, subtotal_rows

_YEAR = 366  # days: a document fixed earlier than that before its deadline is another year's, or a slip
_CENTS = 2


def check_documents(register: Register, inputs: Inputs, result: Result) -> None:
    """Late, still missing, fixed too early or after the position; the same document twice."""
    end = inputs.period.cutoff()
    deadlines, fixed = register.column("Batas Waktu"), register.column("Tanggal Penetapan")
    for row, (deadline, day) in enumerate(zip(deadlines, fixed, strict=True)):
        if type(deadline) is not float or deadline <= 1:
            continue
        if day is None and deadline < end:
            what = f"(Tanggal Penetapan) kosong, padahal batas waktunya {show_date(deadline)}; dihitung terlambat"
            fix = "Isi Tanggal Penetapan bila sudah ditetapkan."
            register.say("dokumen-belum-ditetapkan", "Tanggal Penetapan", row, what, fix)
        if type(day) is not float or day <= 1:
            continue
        if day >= end:
            what = f"berisi {show_date(day)}, setelah Triwulan {QUARTERS[inputs.period.quarter - 1]}; belum diakui"
            fix = "Tidak perlu diubah bila tanggalnya benar."
            register.say("penetapan-setelah-posisi", "Tanggal Penetapan", row, what, fix)
        elif day - deadline >= 1:
            what = f"berisi {show_date(day)}, melewati batas waktu {show_date(deadline)}"
            fix = "Tidak perlu diubah bila tanggalnya benar."
            register.say("dokumen-terlambat", "Tanggal Penetapan", row, what, fix)
        elif deadline - day > _YEAR:
            what = f"berisi {show_date(day)}, lebih dari setahun sebelum batas waktu {show_date(deadline)}"
            register.say("penetapan-terlalu-awal", "Tanggal Penetapan", row, what, "Periksa kedua tanggalnya.")
    keys = [
        None if type(name) is not str else (name.casefold(), folded(year))
        for name, year in zip(register.column("Nama Dokumen"), register.column("Tahun"), strict=True)
    ]
    for row, first in repeated(keys):
        what = f"berisi dokumen yang sama dengan baris {register.sheet_row(first)}; keduanya dihitung"
        register.say("dokumen-ganda", "Nama Dokumen", row, what, "Hapus salah satu, atau bedakan namanya.")


def check_budget(register: Register, inputs: Inputs, result: Result) -> None:
    """Subtotals, blank ceilings, and realisasi that is missing, shrinking or above the ceiling."""
    quarter = inputs.period.quarter
    budget = inputs.budget
    for row, first in repeated(map(folded, budget.kode)):
        what = f"berisi Kode yang sama dengan baris {register.sheet_row(first)}; keduanya dihitung"
        register.say("kode-anggaran-ganda", "Kode", row, what, "Hapus salah satu, atau perbaiki kodenya.")
    leaves = [row for row in leaf_rows(budget) if register.exists(row)]
    spent_by = [list(column) for column in budget.realisasi[:quarter]]
    for row in leaves:
        _leaf(register, row, (budget.perubahan[row], budget.murni[row]), [column[row] for column in spent_by])
    subtotals = subtotal_rows(budget)
    for row in subtotals:
        what = f"berisi kode subtotal {quote(str(budget.kode[row]))}; baris ini tidak dijumlah"
        register.say("baris-subtotal", "Kode", row, what, "Tidak perlu diubah.")
    if subtotals:
        _subtotals(register, subtotals, leaves, quarter)


def _leaf(register: Register, row: int, ceilings: tuple[Cell, Cell], spent: list[Cell]) -> None:
    """One row that is summed."""
    heading = f"Realisasi TW {QUARTERS[len(spent) - 1]}"
    ceiling = _first(ceilings)
    if ceilings == (None, None):
        what = "(Pagu Murni) kosong, begitu pula Pagu Perubahan, jadi pagunya dihitung 0"
        register.say("pagu-kosong", "Pagu Murni", row, what, "Isi Pagu Murni atau Pagu Perubahan.")
    elif spent[-1] is None:
        known = next((i for i in range(len(spent) - 2, -1, -1) if type(spent[i]) is float), None)
        used = "0" if known is None else f"realisasi Triwulan {QUARTERS[known]}"
        fix = "Isi realisasi kumulatif sampai triwulan ini (0 bila belum ada)."
        register.say("realisasi-belum-diisi", heading, row, f"({heading}) kosong, jadi dipakai {used}", fix)
    latest: float | None = None
    for number, cell in enumerate(spent):
        if type(cell) is not float:
            continue
        if latest is not None and cell < latest:
            what = f"berisi {show_number(cell)}, lebih kecil daripada triwulan sebelumnya ({show_number(latest)})"
            fix = "Isi realisasi kumulatif dari awal tahun."
            register.say("realisasi-menurun", f"Realisasi TW {QUARTERS[number]}", row, what, fix)
        latest = cell
        last_heading = f"Realisasi TW {QUARTERS[number]}"
    if latest is not None and ceiling is not None and latest > ceiling:
        what = f"berisi realisasi {show_number(latest)}, melebihi pagu {show_number(ceiling)}"
        register.say("realisasi-melebihi-pagu", last_heading, row, what, "Periksa pagu dan realisasi.")


def _first(cells: Sequence[Cell]) -> float | None:
    return next((cell for cell in cells if type(cell) is float), None)


def _sum(cells: Sequence[Cell]) -> Decimal:
    return half_up(total(number for cell in cells if (number := decimal(cell)) is not None), _CENTS)


def _subtotals(register: Register, subtotals: Sequence[int], leaves: Sequence[int], quarter: int) -> None:
    """Typed subtotals beside the sums of their leaves. Blank cells of a subtotal claim nothing.

    A subtotal may add up its own column, or what counts of each leaf (the earlier quarter, the first ceiling):
    staff do either, so only one that agrees with neither is said.
    """
    codes = register.column("Kode")
    wanted = {str(codes[row]).casefold() for row in subtotals}
    below: dict[str, list[int]] = {}
    for row in leaves:
        code = codes[row]
        if type(code) is str:
            parts = code.casefold().split(".")
            for depth in range(1, len(parts)):
                above = ".".join(parts[:depth])
                if above in wanted:
                    below.setdefault(above, []).append(row)
    plans = [("Pagu Perubahan", "Pagu Murni"), ("Pagu Murni",)]
    plans += [tuple(f"Realisasi TW {QUARTERS[i]}" for i in range(q, -1, -1)) for q in range(quarter)]
    for headings in plans:
        columns = [register.column(heading) for heading in headings]
        numbers = [decimal(cell) for cell in columns[0]]
        for row in subtotals:
            claimed = numbers[row]
            rows = below.get(str(codes[row]).casefold(), [])
            if claimed is None or not rows:
                continue
            claimed = half_up(claimed, _CENTS)
            summed = half_up(total(number for leaf in rows if (number := numbers[leaf]) is not None), _CENTS)
            if claimed == summed:
                continue
            if claimed != _sum([_first([column[leaf] for column in columns]) for leaf in rows]):
                what = (
                    f"berisi subtotal {show_number(float(numbers[row] or 0))}, sedangkan jumlah baris di bawahnya "
                    f"{show_number(float(summed))}"
                )
                register.say("subtotal-berbeda", headings[0], row, what, "Periksa subtotal dan baris di bawahnya.")
