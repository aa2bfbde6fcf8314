"""The cells of a sheet that must not be written: a change there would break something else.

Merged ranges hide all but their top-left cell, arrays and data tables change as a whole, a table's header
must equal its heading. Refused with the cell's address, never guessed (DESIGN §5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from iku_excel.edits import Edit
from iku_excel.findings import Refusal
from iku_excel.xlsx.cellxml import ATTRIBUTES, Stored, attributes
from iku_excel.xlsx.grid import Area, area
from iku_excel.xlsx.package import TablePart


class Fences:
    """What may not be written on one sheet. ``xml`` is its part, ``start`` and ``close`` bound the cells."""

    def __init__(
        self, sheet: str, xml: bytes, start: int, close: int, prefix: bytes, tables: Sequence[TablePart]
    ) -> None:
        self._sheet = sheet
        self._prefix = re.escape(prefix)
        try:
            self._merged = list(self._merges(xml, close))
            self._blocks = list(self._arrays(xml, start, close))
            self._fixed = list(_fixed_rows(tables))
        except ValueError as error:
            raise strange(sheet, "memuat rentang sel yang tidak dapat dibaca") from error
        self.any = bool(self._merged or self._blocks or self._fixed)
        """Whether there is anything on the sheet that a new cell may lie in."""

    def _merges(self, xml: bytes, close: int) -> Iterator[Area]:
        if xml.find(b"mergeCell", close) >= 0:
            pattern = re.compile(rb"<%bmergeCell(?=[\s/>])%b" % (self._prefix, ATTRIBUTES))
            for found in pattern.finditer(xml, close):
                yield area(attributes(found[1]).get(b"ref", b"").decode())

    def _arrays(self, xml: bytes, start: int, close: int) -> Iterator[Area]:
        """Array formulas and data tables over several cells; only their first cell carries an ``<f>``."""
        if xml.find(b"array", start, close) < 0 and xml.find(b"dataTable", start, close) < 0:
            return
        pattern = re.compile(rb"<%bf(?=\s)%b" % (self._prefix, ATTRIBUTES))
        for found in pattern.finditer(xml, start, close):
            of = attributes(found[1])
            if of.get(b"t") in (b"array", b"dataTable") and b"ref" in of:
                covered = area(of[b"ref"].decode())
                if not covered.single or of[b"t"] == b"dataTable":
                    yield covered

    def crossing(self, wanted: Area) -> str | None:
        """A merged range or an array over several cells that reaches into the area, or None."""
        for found in (*self._merged, *self._blocks):
            if found.crosses(wanted):
                return found.ref
        return None

    def check(self, edit: Edit, row: int, column: int, stored: Stored | None, same_formula: bool) -> None:
        """Refuse an edit that would change a fenced cell; ``stored`` is what the cell holds now."""
        for merged in self._merged:
            if merged.has(row, column) and (row, column) != (merged.top, merged.left):
                raise self._refusal(
                    "sel-gabungan",
                    edit,
                    f"tertutup oleh sel gabungan {merged.ref}",
                    f"Pisahkan sel gabungan {merged.ref}, simpan, lalu ulangi.",
                )
        for fixed, word, code in self._fixed:
            if fixed.has(row, column):
                raise self._refusal(code, edit, f"adalah {word} tabel", "Pindahkan tabel itu, simpan, lalu ulangi.")
        for block in self._blocks:
            if block.has(row, column):
                raise self._refusal(
                    "rumus-larik",
                    edit,
                    f"termasuk rumus larik {block.ref}",
                    f"Hapus rumus larik di {block.ref}, simpan, lalu ulangi.",
                )
        # A follower of a shared formula may be replaced (Excel does so too); its master carries the text.
        if stored is not None and stored.rule == "shared" and stored.formula and not same_formula:
            raise self._refusal(
                "rumus-bersama",
                edit,
                "memuat rumus yang dipakai bersama oleh sel lain",
                "Kosongkan sel itu di Excel, simpan, lalu ulangi.",
            )

    def _refusal(self, code: str, edit: Edit, why: str, fix: str) -> Refusal:
        message = f"Sel {edit.cell} di lembar {self._sheet} {why}."
        return Refusal(code, message, fix, sheet=self._sheet, cell=edit.cell)


def strange(sheet: str, why: str) -> Refusal:
    """A sheet that is not written as Excel and its kin write one."""
    return Refusal(
        "lembar-tidak-lazim",
        f"Lembar {sheet} {why}, sehingga tidak dapat diubah dengan aman.",
        "Buka berkas di Excel, simpan kembali sebagai .xlsx, lalu ulangi.",
        sheet=sheet,
    )


def _fixed_rows(tables: Sequence[TablePart]) -> Iterator[tuple[Area, str, str]]:
    for table in tables:
        whole = area(table.ref)
        if count := table.header_row_count:
            rows = Area(whole.top, whole.left, whole.top + count - 1, whole.right, table.ref)
            yield rows, "judul kolom", "judul-tabel"
        if count := table.totals_row_count:
            rows = Area(whole.bottom - count + 1, whole.left, whole.bottom, whole.right, table.ref)
            yield rows, "baris total", "baris-total"
