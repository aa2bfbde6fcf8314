"""``kunci`` and ``buka-kunci``: the figures of a quarter as reported, in tblRealisasi, and out of it again.

What was reported stays what Ringkasan shows, whatever is corrected in the data afterwards. Both commands fill the
workbook in the same writing and leave a line on Riwayat, so that it can be told who saw which figure when.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from iku_excel.edits import Edit
from iku_excel.fill import Filled, Opened, fill, open_workbook
from iku_excel.findings import Refusal
from iku_excel.form.layout import IKU_1, IKU_3, IKU_CODES, REPORTED
from iku_excel.form.tidy import DATE_FORMAT
from iku_excel.indicators.achievement import reported_row, show
from iku_excel.indicators.period import serial
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.grid import letters, place
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.tablecells import table_sheet
from iku_excel.xlsx.tables import make_room

_SHOWN = 3  # mistakes named in a refusal


@dataclass(frozen=True, slots=True)
class Figure:
    """One reported figure, unrounded: of which indicator, from which source ("Mandiri", "BKN"), in which row of
    the sheet."""

    code: str
    value: Decimal
    source: str
    row: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """An indicator that was not locked: why, and what to do about it ("" for nothing)."""

    code: str
    why: str
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A workbook with a quarter locked or unlocked, and filled. ``left`` are indicators that stay as they are.

    ``edits`` are those of tblRealisasi; they go into ``room``, the workbook with a table long enough, which makes
    ``between``; that is what was filled.
    """

    year: int
    quarter: int
    sheet: str
    figures: tuple[Figure, ...]
    left: tuple[Left, ...]
    edits: tuple[Edit, ...]
    room: Package
    between: bytes
    filled: Filled

    @property
    def data(self) -> bytes:
        """The new file."""
        return self.filled.data or self.between

    def verify(self, data: bytes) -> None:
        """Read the new file back: both plans are in it, everything else is as it was."""
        from iku_excel.xlsx.verify import verify_edits

        verify_edits(self.room, self.edits)(self.between)
        self.filled.verifier()(data)


@dataclass(frozen=True, slots=True)
class Lock:
    """What is to be locked: the quarter, the words and the day of the rows, and whether mistakes don't matter."""

    quarter: int
    remark: str | None
    day: datetime.date
    despite_errors: bool = False


@dataclass(frozen=True, slots=True)
class Unlock:
    """What is to be unlocked: the quarter, why, and which indicators (none named: all)."""

    quarter: int
    reason: str
    codes: tuple[str, ...] = ()


Request: TypeAlias = Lock | Unlock


def change(content: bytes, request: Request, moment: datetime.datetime, *, is_open: bool = False) -> Change:
    """Lock or unlock a quarter in a workbook given as bytes; the caller saves ``data``.

    ``is_open``: the workbook is open in Excel, where its table can't grow. ``Refusal`` "triwulan-belum-dihitung",
    "triwulan-sudah-terkunci", "triwulan-tidak-terkunci", "tidak-ada-yang-dikunci", "ada-kesalahan-data",
    "tabel-penuh"; those of filling and of a table that can't grow.
    """
    opened = open_workbook(content)
    if isinstance(request, Lock):
        return _lock(opened, request, moment, is_open)
    return _unlock(opened, request, moment)


def change_file(path: Path, request: Request, moment: datetime.datetime, *, dry_run: bool = False) -> Change:
    """The same for the workbook at ``path`` through the one saving protocol; ``dry_run`` leaves the file alone."""
    from iku_excel.xlsx.replace import locked, read_for_update, replace

    try:
        if dry_run:
            return change(read_for_update(path).data, request, moment)
        with locked(path):
            source = read_for_update(path)
            made = change(source.data, request, moment)
            replace(source, made.data, made.verify)
            return made
    except Refusal as refusal:
        raise refusal.at(str(path)) from refusal.__cause__


def change_open(name: str | None, request: Request, moment: datetime.datetime, *, dry_run: bool = False) -> Change:
    """The same for an open workbook, the one of that name or the only one open: only blank rows are used."""
    from iku_excel.live.found import chosen, own_copy, private_folder
    from iku_excel.serve import read_copy

    book = chosen(name)
    try:
        with own_copy(book, private_folder()) as copy:
            content = read_copy(copy)
        made = change(content, request, moment, is_open=True)
        if not dry_run:
            book.apply([*made.edits, *made.filled.edits])
        return made
    except Refusal as refusal:
        raise refusal.at(book.name) from refusal.__cause__


def _lock(opened: Opened, wanted: Lock, moment: datetime.datetime, is_open: bool) -> Change:
    figures, left = choose(opened, wanted.quarter)
    mistakes = _mistakes(opened, {figure.code for figure in figures})
    if mistakes and not wanted.despite_errors:
        raise _mistaken(mistakes)
    table = opened.inputs.tables[REPORTED.name]
    year = opened.inputs.period.year
    package, rows = (_blank if is_open else make_room)(opened.package, REPORTED.name, len(figures), REPORTED.headings)
    despite = f"dikunci meski ada {len(mistakes)} kesalahan data" if mistakes else None
    remark = "; ".join(text for text in (wanted.remark, despite) if text) or None
    figures = [Figure(f.code, f.value, f.source, row) for f, row in zip(figures, rows, strict=True)]
    edits: list[Edit] = []
    for figure in figures:
        values = (year, wanted.quarter, figure.code, figure.value, figure.source, serial(wanted.day), remark)
        for heading, value in zip(REPORTED.headings, values, strict=True):
            column = letters(place(table.address(heading, 0))[1])
            form = DATE_FORMAT if heading == "Tanggal Kunci" else None
            edits.append(Edit(table.sheet, f"{column}{figure.row}", value, number_format=form))
    said = "; ".join(f"{f.code} {show(f.value)}" + (" (BKN)" if f.source == "BKN" else "") for f in figures)
    note = f"Triwulan {wanted.quarter} tahun {year} dikunci: {said}" + (f". {remark}" if remark else "")
    return _changed(opened, package, edits, moment, note, wanted.quarter, figures, left)


def _unlock(opened: Opened, unwanted: Unlock, moment: datetime.datetime) -> Change:
    year, quarter, reported = opened.inputs.period.year, unwanted.quarter, opened.inputs.reported
    table = opened.inputs.tables[REPORTED.name]
    figures, edits = [], []
    for code in unwanted.codes or IKU_CODES:
        counted = reported_row(reported, year, quarter, code)
        if counted is None:
            continue
        source = "BKN" if str(reported.sumber[counted]).casefold() == "bkn" else "Mandiri"
        value = Decimal(repr(reported.nilai[counted]))
        figures.append(Figure(code, value, source, table.first_row + counted))
        cells = zip(reported.tahun, reported.triwulan, reported.kode, strict=True)
        for row, (of_year, of_quarter, of_code) in enumerate(cells):
            # an older row of the same quarter would take the place of the one that goes
            if of_year == year and of_quarter == quarter and str(of_code).casefold() == code.casefold():
                edits += [Edit(table.sheet, table.address(heading, row), None) for heading in REPORTED.headings]
    if not figures:
        which = " dan ".join(unwanted.codes) + " " if unwanted.codes else ""
        raise Refusal(
            "triwulan-tidak-terkunci",
            f"Tidak ada angka {which}Triwulan {quarter} tahun {year} yang terkunci di buku kerja ini.",
            f"Periksa nomor triwulannya; angka yang terkunci ada di lembar {table.sheet}.",
            sheet=table.sheet,
        )
    said = "; ".join(f"{figure.code} {show(figure.value)}" for figure in figures)
    note = f"Kunci Triwulan {quarter} tahun {year} dibuka: {unwanted.reason} (nilai semula {said})"
    return _changed(opened, opened.package, edits, moment, note, quarter, figures, [])


def _changed(
    opened: Opened,
    package: Package,
    edits: Sequence[Edit],
    moment: datetime.datetime,
    note: str,
    quarter: int,
    figures: Sequence[Figure],
    left: Sequence[Left],
) -> Change:
    applied = apply_edits(package, edits, known_formulas=opened.data.formulas)
    between = applied.data or package.data
    sheet = opened.inputs.tables[REPORTED.name].sheet
    filled = fill(between, moment, note)
    year = opened.inputs.period.year
    return Change(year, quarter, sheet, tuple(figures), tuple(left), tuple(edits), package, between, filled)


def choose(opened: Opened, quarter: int) -> tuple[list[Figure], list[Left]]:
    """The figures of a quarter that can be locked, and the indicators that can't or already are.

    The value is the shown one at the quarter's cut-off: our own computation, or BKN's where Ringkasan shows that.
    IKU-1 of an earlier quarter can't be computed, as answers carry no date.
    """
    period, result = opened.inputs.period, opened.result
    sheet, cell = opened.inputs.setting_cells["Triwulan"]
    if quarter > period.quarter:
        raise Refusal(
            "triwulan-belum-dihitung",
            f"Triwulan {quarter} belum dihitung: buku kerja ini masih pada Triwulan {period.quarter}.",
            f"Ubah Triwulan menjadi {quarter} di sel itu, periksa angkanya, lalu kunci lagi.",
            sheet=sheet,
            cell=cell,
        )
    figures: list[Figure] = []
    left: list[Left] = []
    locked: list[str] = []
    for code in IKU_CODES:
        shown = result.shown[code]
        frozen, value = shown.frozen[quarter - 1], shown.by_quarter[quarter - 1]
        if not shown.carried:
            continue
        if frozen is not None:
            locked.append(f"{code} {show(frozen)}")
            left.append(Left(code, f"sudah dikunci dengan nilai {show(frozen)}"))
        elif code == IKU_1 and quarter < period.quarter:
            why = f"nilai Triwulan {quarter} tidak dapat dihitung lagi dari jawaban hari ini"
            fix = f"Setel Triwulan menjadi {quarter} di {sheet}!{cell} bila jawabannya masih sama, "
            left.append(Left(code, why, fix + f"atau ketik angka yang dilaporkan di lembar {_sheet(opened)}."))
        elif value is None:
            why = "belum ada nilainya" + (" (tidak ada keluhan yang dihitung)" if code == IKU_3 else "")
            left.append(Left(code, why, "Lengkapi datanya, lalu kunci lagi."))
        else:
            official = code == IKU_1 and shown.source == "hasil BKN"
            figures.append(Figure(code, value, "BKN" if official else "Mandiri"))
    if not figures:
        raise _nothing(opened, quarter, locked, left)
    return figures, left


def _sheet(opened: Opened) -> str:
    return opened.inputs.tables[REPORTED.name].sheet


def _nothing(opened: Opened, quarter: int, locked: Sequence[str], left: Sequence[Left]) -> Refusal:
    year = opened.inputs.period.year
    if locked:
        others = "; ".join(f"{one.code} {one.why}" for one in left if one.fix)
        return Refusal(
            "triwulan-sudah-terkunci",
            f"Triwulan {quarter} tahun {year} sudah dikunci: {'; '.join(locked)}." + (f" {others}." if others else ""),
            f'Bila harus diubah: `iku-excel buka-kunci BUKU --triwulan {quarter} --alasan "…"`, lalu kunci lagi.',
            sheet=_sheet(opened),
        )
    why = "; ".join(f"{one.code} {one.why}" for one in left) or "unit ini tidak mengemban satu IKU pun"
    fix = next((one.fix for one in left), "Isi kolom Berlaku di lembar Target dengan Ya untuk IKU yang diemban.")
    return Refusal("tidak-ada-yang-dikunci", f"Tidak ada angka Triwulan {quarter} yang dapat dikunci: {why}.", fix)


def _mistakes(opened: Opened, codes: set[str]) -> list[str]:
    """The findings of level kesalahan that bear on these indicators, in words."""
    return [
        finding.message
        for finding in opened.findings
        if finding.level == "kesalahan" and not finding.code.startswith("iku-") and codes & set(finding.iku)
    ]


def _mistaken(mistakes: Sequence[str]) -> Refusal:
    more = f" (dan {len(mistakes) - _SHOWN} lagi)" if len(mistakes) > _SHOWN else ""
    return Refusal(
        "ada-kesalahan-data",
        f"Datanya memuat {len(mistakes)} kesalahan, jadi belum layak dikunci: {' '.join(mistakes[:_SHOWN])}{more}",
        "Perbaiki dahulu (lihat lembar Pemeriksaan), atau kunci apa adanya dengan --meski-ada-kesalahan.",
    )


def _blank(package: Package, name: str, rows: int, headings: Collection[str]) -> tuple[Package, list[int]]:
    """Blank rows inside the table, as ``make_room`` would give them; in an open workbook there are no others."""
    work = table_sheet(package, name)
    free = work.free_rows({work.area.left + work.table.headings.index(heading) for heading in headings})
    if len(free) < rows:
        raise Refusal(
            "tabel-penuh",
            f"Tabel {name} tidak punya cukup baris kosong untuk {rows} angka.",
            "Simpan dan tutup buku kerja, lalu jalankan perintah ini pada berkasnya (tanpa --buku-terbuka).",
            sheet=work.sheet,
        )
    return package, free[:rows]
