"""All output sheets together, and the plan that fills them: one list of edits (DESIGN §1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import count
from math import isclose

from iku_excel.cells import Cell, decimal, is_number
from iku_excel.edits import Edit, Value
from iku_excel.findings import LEVELS, Finding, Refusal
from iku_excel.form.formulas import text_or_blank
from iku_excel.form.layout import FIRST_FINDING, IKU_CODES, PEMERIKSAAN, RIWAYAT, TEMPLATE_VERSION, output_sheets_of
from iku_excel.form.nspk_sheet import nspk_sheet
from iku_excel.form.official_form import official_sheet
from iku_excel.form.secretariat_sheet import secretariat_sheet
from iku_excel.form.sheetmap import Label, OutputCell, Places, SheetMap
from iku_excel.form.summary_sheet import summary_sheet
from iku_excel.form.workings import FINDINGS_END
from iku_excel.indicators.achievement import show
from iku_excel.rules.loader import Rules
from iku_excel.xlsx.reader import SheetCells

FINDING_HEADINGS = ("No", "Tingkat", "Kode", "Lembar", "Sel", "Masalah", "Perbaikan", "Tautan", "IKU")
_FINDING_WIDTHS, _FINDING_WIDTHS_2 = (6, 11, 24, 17, 7, 68, 46, 21, 16), (6, 12, 24, 18, 8, 80, 60, 24, 16)
PER_CODE = 200
"""At most so many rows of one code; the rest is one row "dan N lagi"."""

HISTORY_HEADINGS = ("Waktu", "Tahun", "Triwulan", "IKU-1", "IKU-2", "IKU-3", "Keterangan")
FIRST_HISTORY = 5
SEAL = "A3"
"""The cell of Riwayat that tells whether a workbook is still as its last filling left it (``iku_excel.seal``)."""
SEAL_NOTE = ("B3", "(otomatis)")
"""Stands beside it and keeps the long seal inside its column, on the screen and on paper."""
_MOST_LAST = 64  # descriptions of sheets: eight templates and places of tblTarget


def findings_sheet(version: int = TEMPLATE_VERSION) -> SheetMap:
    """Pemeriksaan: a count of findings by level, then the findings themselves as a plain range. The columns are as
    narrow as two lines of every finding allow; those of the first two versions made the print too small to read."""
    level = f"$B${FIRST_FINDING}:$B${FINDINGS_END}"
    counts = '&" · "&'.join(f'"{name}: "&COUNTIF({level},"{name}")' for name in ("kesalahan", "peringatan", "info"))
    return SheetMap(
        PEMERIKSAAN,
        (
            OutputCell("identitas", "A2", text_or_blank("Perangkat_Daerah"), "subjudul"),
            OutputCell("temuan.jumlah", "A3", counts, "subjudul"),
        ),
        (
            Label("A1", "PEMERIKSAAN DATA", "judul"),
            *(Label(f"{'ABCDEFGHI'[i]}{FIRST_FINDING - 1}", t, "kepala") for i, t in enumerate(FINDING_HEADINGS)),
        ),
        dict(zip("ABCDEFGHI", _FINDING_WIDTHS if version > 2 else _FINDING_WIDTHS_2, strict=True)),
        f"A1:I{FIRST_FINDING}",
        FIRST_FINDING - 1,
        f"A{FIRST_FINDING}",
    )


def history_sheet() -> SheetMap:
    """Riwayat: a line each time a figure changed, as a plain range."""
    return SheetMap(
        RIWAYAT,
        (OutputCell("identitas", "A2", text_or_blank("Perangkat_Daerah"), "subjudul"),),
        (
            Label("A1", "RIWAYAT PERHITUNGAN", "judul"),
            Label(*SEAL_NOTE, "catatan"),
            *(Label(f"{'ABCDEFG'[i]}{FIRST_HISTORY - 1}", t, "kepala") for i, t in enumerate(HISTORY_HEADINGS)),
        ),
        {"A": 20, "B": 9, "C": 10, "D": 10, "E": 10, "F": 10, "G": 60},
        f"A1:G{FIRST_HISTORY}",
        FIRST_HISTORY - 1,
        f"A{FIRST_HISTORY}",
    )


def output_sheets(rules: Rules, places: Places, version: int = TEMPLATE_VERSION) -> tuple[SheetMap, ...]:
    """The output sheets of a workbook of this template version, for the rules of its year and where its
    tblTarget lies."""
    return _output_sheets(tuple(e.name for e in rules.elements), tuple(rules.channels), places, version)


@lru_cache(maxsize=32)  # the workbooks of a folder mostly come from one template
def _output_sheets(
    elements: tuple[str, ...], channels: tuple[str, ...], places: Places, version: int
) -> tuple[SheetMap, ...]:
    wanted = output_sheets_of(version)
    sheets = (
        nspk_sheet(elements),
        secretariat_sheet(),
        summary_sheet(places, channels, version),
        official_sheet(places, version),
        findings_sheet(version),
        history_sheet(),
    )
    return tuple(sheet for sheet in sheets if sheet.sheet in wanted)


def plan(
    sheets: Sequence[SheetMap],
    figures: Mapping[str, Value],
    findings: Sequence[Finding],
    stored: Mapping[str, SheetCells],
    line: HistoryLine,
) -> list[Edit]:
    """All edits that bring a workbook's output sheets up to date. Nothing else writes to them.

    ``stored`` holds the output sheets as they are now: findings of an earlier run beyond today's are emptied,
    and Riwayat gains ``line`` only when a figure differs from its last one. Raises ``Refusal`` where rows or
    columns were inserted into an output sheet, since every formula has its one place.
    """
    edits = []
    for sheet in sheets:
        _require_in_place(sheet, stored[sheet.sheet])
        edits += _figure_edits(sheet, figures)
    edits += _finding_edits(findings, stored[PEMERIKSAAN])
    edits += _history_edits(stored[RIWAYAT], line)
    return edits


_edit = lru_cache(maxsize=1 << 13, typed=True)(Edit)
"""Most of a workbook's 1,600 edits are those of the workbook before it: an Edit made is kept, as it can't change."""

_last: dict[int, tuple[SheetMap, list[Edit]]] = {}
"""The edits of the workbook before, by the identity of their sheet's description: looking there first takes a third of
the time that ``_edit`` takes to hash the values."""


def _figure_edits(sheet: SheetMap, figures: Mapping[str, Value]) -> list[Edit]:
    """The edits of one sheet's computed cells."""
    known, last = _last.get(id(sheet), (None, []))
    values = [figures[cell.key] for cell in sheet.cells]
    if known is not sheet:
        if len(_last) >= _MOST_LAST:
            _last.clear()
        edits = [_edit(sheet.sheet, c.cell, v, c.formula, c.array) for c, v in zip(sheet.cells, values, strict=True)]
    else:
        edits = [
            edit
            if type(edit.value) is type(value) and edit.value == value
            else _edit(sheet.sheet, c.cell, value, c.formula, c.array)
            for c, value, edit in zip(sheet.cells, values, last, strict=True)
        ]
    _last[id(sheet)] = sheet, edits
    return edits


def _require_in_place(sheet: SheetMap, stored: SheetCells) -> None:
    heads = [label for label in sheet.labels if label.look == "kepala"]
    moved = [label for label in heads if stored.cell(label.cell) not in (label.text, label.text or None)]
    if 2 * len(moved) > len(heads):
        raise Refusal(
            "lembar-keluaran-bergeser",
            f"Judul '{moved[0].text}' tidak lagi di tempatnya di lembar {sheet.sheet}.",
            "Hapus baris atau kolom yang disisipkan di lembar itu, lalu jalankan lagi.",
            sheet=sheet.sheet,
            cell=moved[0].cell,
        )


def capped(findings: Sequence[Finding]) -> list[Finding]:
    """At most PER_CODE findings of one code; the rest becomes one finding "dan N lagi" after the last shown."""
    total = Counter(f.code for f in findings)
    shown: Counter[str] = Counter()
    result = []
    for finding in findings:
        shown[finding.code] += 1
        if shown[finding.code] <= PER_CODE:
            result.append(finding)
        elif shown[finding.code] == PER_CODE + 1:
            rest = total[finding.code] - PER_CODE
            everywhere = tuple(sorted({i for f in findings if f.code == finding.code for i in f.iku}))
            result.append(
                replace(
                    finding,
                    cell=None,
                    message=f"dan {rest} lagi",
                    fix="Daftar lengkap: `iku-excel periksa BUKU --json`.",
                    iku=everywhere,
                )
            )
    return result


def _finding_edits(findings: Sequence[Finding], stored: SheetCells) -> list[Edit]:
    """Today's findings from the first row on. Rows that hold somebody's note are passed over, never written."""
    edits: list[Edit] = []
    old, foreign = set(), set()
    for row in range(FIRST_FINDING, stored.last_row + 1):
        cells = stored.rows(f"A{row}:I{row}")[0]
        if is_number(cells[0]) and cells[1] in LEVELS:
            old.add(row)
        elif any(cell is not None for cell in cells):
            foreign.add(row)
    rows = (row for row in count(FIRST_FINDING) if row not in foreign)
    for n, f, row in zip(count(1), capped(findings), rows):
        old.discard(row)
        target = f"{f.sheet}!{f.cell}" if f.cell else f.sheet
        link = "#'" + f.sheet.replace("'", "''") + f"'!{f.cell or 'A1'}"
        texts = (f.level, f.code, f.sheet, f.cell, f.message, f.fix)
        edits.append(Edit(PEMERIKSAAN, f"A{row}", n))
        edits += [Edit(PEMERIKSAAN, f"{c}{row}", text) for c, text in zip("BCDEFG", texts, strict=True)]
        quoted_link, quoted_target = (text.replace('"', '""') for text in (link, target))
        edits.append(Edit(PEMERIKSAAN, f"H{row}", target, f'HYPERLINK("{quoted_link}","{quoted_target}")'))
        edits.append(Edit(PEMERIKSAAN, f"I{row}", ", ".join(f.iku) or None))
    edits += [Edit(PEMERIKSAAN, f"{c}{row}", None) for row in sorted(old) for c in "ABCDEFGHI"]
    return edits


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """What Riwayat would say of this run: when (a serial number), for which quarter, which indices.

    A ``note`` is something that people did (a quarter locked): the line is then written in any case.
    """

    moment: float
    year: int
    quarter: int
    indices: tuple[Decimal | None, Decimal | None, Decimal | None]
    note: str | None = None


def _history_edits(stored: SheetCells, line: HistoryLine) -> list[Edit]:
    """The next line of Riwayat, if a figure differs from the last line (the digits decide, not the time) or the
    line has a note."""
    last, before = FIRST_HISTORY - 1, None
    for row in range(stored.last_row, FIRST_HISTORY - 1, -1):
        cells = stored.rows(f"A{row}:G{row}")[0]
        if any(cell is not None for cell in cells):
            last = max(last, row)
            if is_number(cells[1]) and is_number(cells[2]):
                before = cells
                break
    now = (Decimal(line.year), Decimal(line.quarter), *line.indices)
    same = before is not None and all(map(_unchanged, before[1:6], now))
    if same and line.note is None:
        return []
    said = "; ".join(text for text in (line.note, None if same else _what_changed(before, line)) if text)
    values: tuple[Value, ...] = (line.moment, line.year, line.quarter, *line.indices, said)
    return [Edit(RIWAYAT, f"{c}{last + 1}", value) for c, value in zip("ABCDEFG", values, strict=True)]


def _what_changed(before: Sequence[Cell] | None, line: HistoryLine) -> str:
    if before is None:
        return "Perhitungan pertama"
    if before[1:3] != [line.year, line.quarter]:
        return f"Posisi Triwulan {line.quarter} Tahun {line.year}"
    changes = []
    for code, old, new in zip(IKU_CODES, before[3:6], line.indices, strict=True):
        if not _unchanged(old, new):
            was = decimal(old)
            places = 2 if show(was) != show(new) else 8
            changes.append(f"{code}: {show(was, places) or 'kosong'} menjadi {show(new, places) or 'kosong'}")
    return "; ".join(changes)


def _unchanged(old: Cell, new: Decimal | None) -> bool:
    """Whether a stored figure is still this one; LibreOffice stores 15 digits where Excel and we store 17."""
    was = decimal(old)
    if was is None or new is None:
        return old is None and new is None
    return isclose(was, new, rel_tol=1e-12, abs_tol=1e-12)
