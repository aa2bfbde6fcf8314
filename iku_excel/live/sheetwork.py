"""The edits of one open sheet: which of them are still to be written, writing them in blocks, reading them back."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from typing import Any, Protocol

from iku_excel.edits import Edit, Value
from iku_excel.findings import Refusal
from iku_excel.live.blocks import Block, Place, address, bounds, cover, one, place, rectangles
from iku_excel.live.fences import check_fences
from iku_excel.live.patience import patient
from iku_excel.live.spelling import normal, safe_text, same_text
from iku_excel.live.values import payload

LONG_TEXT = 8_000
"""Longer texts are written alone: an array with one of over 8,203 characters fails in older Excel."""


class Book(Protocol):
    """What a sheet must know of its workbook."""

    array_limit: int | None
    """The longest array formula that ``FormulaArray`` takes, None when any."""

    def at(self, sheet: str, block: Block) -> AbstractContextManager[None]:
        """Failures within are told with the cells that were being written."""
        ...


class SheetWork:
    """The edits of one sheet: which of them are still to be written, and writing them."""

    def __init__(self, book: Book, sheet: Any, name: str, edits: Sequence[Edit]) -> None:
        self.book, self.sheet, self.name = book, sheet, name
        self.edits: dict[Place, Edit] = {}
        for edit in edits:
            at = place(edit.cell)
            if at in self.edits:
                raise ValueError(f"two edits for {edit.sheet}!{edit.cell}")
            self.edits[at] = edit
        self.payloads = {at: payload(edit) for at, edit in self.edits.items() if edit.formula is None}
        self.stale: set[Place] = set()
        self._lost: set[Place] = set()
        self._compare()
        check_fences(self, sorted(self.stale))
        self._check_arrays()

    @property
    def changed(self) -> list[str]:
        """The cells that were stale, in the order of the edits."""
        return [edit.cell for at, edit in self.edits.items() if at in self.stale]

    @property
    def repaired(self) -> list[str]:
        """Those of them whose formula was missing or another."""
        return [edit.cell for at, edit in self.edits.items() if at in self._lost]

    def range(self, block: Block) -> Any:
        """xlwings' range of a block."""
        return self.sheet.range(block.first, (block.bottom, block.right))

    def ask(self, block: Block, what: str) -> Any:
        """One property of a block, asked of the application itself."""
        return patient(lambda: getattr(self.range(block).api, what))

    def grid(self, block: Block, what: str) -> Sequence[Sequence[Any]]:
        """A property that every cell has, as rows."""
        found = self.ask(block, what)
        return ((found,),) if block.size == 1 and not isinstance(found, tuple) else found

    def _compare(self) -> None:
        for (at, formula), (_, value) in zip(
            self._found(self.edits.keys(), "Formula"), self._found(self.edits.keys(), "Value2"), strict=True
        ):
            edit = self.edits[at]
            # a text that looks like a formula is its own value
            has_formula = isinstance(formula, str) and formula[:1] == "=" and formula != value
            if edit.formula is None:
                if has_formula or not _same(value, self.payloads[at]):
                    self.stale.add(at)
            elif not has_formula or normal(formula) != normal(edit.formula):
                self._lost.add(at)
        self._lost |= self._plain_arrays()
        self.stale |= self._lost
        for at, edit in self.edits.items():
            if edit.number_format is not None:
                found = str(self.ask(one(at), "NumberFormat"))
                if found.casefold() != edit.number_format.casefold():
                    self.stale.add(at)

    def _plain_arrays(self) -> set[Place]:
        """Cells that hold the text of an array formula but not as one."""
        wanted = [at for at, edit in self.edits.items() if edit.array and at not in self._lost]
        found: set[Place] = set()
        for block in rectangles(wanted):
            if self.ask(block, "HasArray") is not True:
                found |= {at for at in block.cells() if not self._is_array(at)}
        return found

    def _is_array(self, at: Place) -> bool:
        if self.ask(one(at), "HasArray"):
            return True
        # in newer Excel an array formula too long for FormulaArray is one by its spelling
        dynamic = self.formula2(at)
        return dynamic is not None and normal(dynamic) == normal(self.edits[at].formula or "")

    def formula2(self, at: Place) -> str | None:
        """``Range.Formula2``, None where Excel is older than that."""
        try:
            return str(self.ask(one(at), "Formula2"))
        except Exception:  # AttributeError or a COM error, by the way pywin32 found the object
            return None

    def _check_arrays(self) -> None:
        limit = self.book.array_limit
        for at in sorted(self._lost):
            edit = self.edits[at]
            if limit is None or not edit.array or len(edit.formula or "") < limit or self.formula2(at) is not None:
                continue
            raise Refusal(
                "rumus-terlalu-panjang",
                f"Rumus di sel {edit.cell} lembar {self.name} hilang dan terlalu panjang untuk Excel yang terbuka ini.",
                "Simpan dan tutup buku kerja, lalu jalankan iku-excel isi; rumus itu akan dikembalikan.",
                sheet=self.name,
                cell=edit.cell,
            )

    def write(self) -> None:
        """Write what is stale, read it back."""
        for at in sorted(self.stale):
            if (number_format := self.edits[at].number_format) is not None:
                self._put(one(at), "NumberFormat", number_format)
        for block in rectangles(self.payloads.keys()):
            stale = [at for at in block.cells() if at in self.stale]
            if stale:
                self._write_values(bounds(stale))
        formulas = [at for at in self._lost if not self.edits[at].array]
        for block in rectangles(formulas):
            rows = tuple(tuple("=" + self._formula((r, c)) for c in _columns(block)) for r in _rows(block))
            self._put_general(block, "Formula", rows if block.size > 1 else rows[0][0])
        for at in sorted(self._lost.difference(formulas)):
            text, limit = "=" + self._formula(at), self.book.array_limit
            what = "FormulaArray" if limit is None or len(text) <= limit else "Formula2"
            self._put_general(one(at), what, text)
        self._read_back()

    def _formula(self, at: Place) -> str:
        return (self.edits[at].formula or "").removeprefix("=")

    def _put(self, block: Block, what: str, value: object) -> None:
        with self.book.at(self.name, block):
            patient(lambda: setattr(self.range(block).api, what, value))

    def _write_values(self, block: Block) -> None:
        as_text = self._text_cells(block)
        apart: dict[Place, float | str] = {}
        rows: list[list[float | str]] = []
        for row in _rows(block):
            rows.append([])
            for column in _columns(block):
                at = (row, column)
                value = self.payloads[at]
                if isinstance(value, str):
                    if value and at not in as_text and not safe_text(value):
                        value = "'" + value
                    if len(value) > LONG_TEXT:
                        apart[at], value = value, ""
                elif at in as_text:
                    apart[at], value = value, ""
                rows[-1].append(value)
        with self.book.at(self.name, block):
            patient(lambda: setattr(self.range(block), "raw_value", rows))
        for at, value in apart.items():
            put = self._put if isinstance(value, str) else self._put_general
            put(one(at), "Value", value)

    def _text_cells(self, block: Block) -> set[Place]:
        """The cells of the block whose format is "@": there a text stays one, and a number would become one."""
        found = self.ask(block, "NumberFormat")
        if found == "@":
            return set(block.cells())
        if found is not None or block.size == 1:
            return set()
        parts = list(block.columns())
        if len(parts) == 1:
            parts = [one(at) for at in block.cells()]
        return set().union(*(self._text_cells(part) for part in parts))

    def _put_general(self, block: Block, what: str, value: object) -> None:
        """Write formulas or numbers as such into cells of format "@", which keep that format."""
        as_text = sorted(self._text_cells(block))
        for at in as_text:
            self._put(one(at), "NumberFormat", "General")
        try:
            self._put(block, what, value)
        finally:
            for at in as_text:
                self._put(one(at), "NumberFormat", "@")

    def _read_back(self) -> None:
        values = self.stale & self.payloads.keys()
        for at, found in self._found(values, "Value2"):
            if not _same(found, self.payloads[at]):
                self._once_more(at)
        for at, found in self._found(self._lost, "Formula"):
            if normal(str(found)) != normal(self._formula(at)):
                raise self._failed(at)

    def _found(self, cells: AbstractSet[Place], what: str) -> Iterator[tuple[Place, Any]]:
        """These cells with a property of each, read in as few calls as may be."""
        for block in cover(cells) if cells else ():
            rows = self.grid(block, what)
            for at in cells if block.size >= len(cells) else block.cells():
                yield at, rows[at[0] - block.top][at[1] - block.left]

    def _once_more(self, at: Place) -> None:
        """A text that Excel took for something else, or shortened, is written again behind an apostrophe."""
        value = self.payloads[at]
        if isinstance(value, str) and value:
            self._put(one(at), "Value", "'" + value)
        if not _same(self.ask(one(at), "Value2"), value):
            raise self._failed(at)

    def _failed(self, at: Place) -> Refusal:
        return Refusal(
            "gagal-diperiksa",
            f"Sel {address(at)} di lembar {self.name} tidak berisi nilai yang ditulis.",
            "Tutup buku kerja tanpa menyimpan, buka lagi, lalu ulangi; bila tetap gagal, jalankan iku-excel isi.",
            sheet=self.name,
            cell=address(at),
        )


def _rows(block: Block) -> range:
    return range(block.top, block.bottom + 1)


def _columns(block: Block) -> range:
    return range(block.left, block.right + 1)


def _same(found: object, wanted: Value) -> bool:
    """Whether a cell's value is the wanted one; a number in currency format came as Value2, a double."""
    if wanted is None or wanted == "":
        return found is None or found == ""
    if isinstance(wanted, str):
        return same_text(found, wanted)
    # Excel keeps no denormal numbers
    return type(found) is float and math.isclose(found, float(wanted), rel_tol=0.0, abs_tol=1e-300)
