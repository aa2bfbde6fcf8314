"""Cells of an open sheet that must not be written: hidden under a merged cell, or part of an array formula."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from iku_excel.findings import Refusal
from iku_excel.live.blocks import Block, Place, address, one, rectangles


class Asked(Protocol):
    """A sheet that can be asked about its cells."""

    name: str

    def ask(self, block: Block, what: str) -> object:
        """One property of a block of cells."""
        ...


def check_fences(sheet: Asked, cells: Sequence[Place]) -> None:
    """Refuse, before anything is written, where a write would be lost or break something else.

    Excel drops a value under a merged cell without a word; part of an array can't be changed at all.
    """
    for block in rectangles(cells):
        if sheet.ask(block, "MergeCells") is not False:
            for at in block.cells():
                _merged(sheet, at)
        if sheet.ask(block, "HasArray") is not False:
            for at in block.cells():
                _array(sheet, at)


def _merged(sheet: Asked, at: Place) -> None:
    if sheet.ask(one(at), "MergeCells") is False:
        return
    area = str(getattr(sheet.ask(one(at), "MergeArea"), "Address", "")).replace("$", "")
    if area.partition(":")[0] != address(at):
        raise Refusal(
            "sel-gabungan",
            f"Sel {address(at)} di lembar {sheet.name} tertutup oleh sel gabungan {area}.",
            f"Pisahkan sel gabungan {area}, lalu klik Hitung Ulang lagi.",
            sheet=sheet.name,
            cell=address(at),
        )


def _array(sheet: Asked, at: Place) -> None:
    if sheet.ask(one(at), "HasArray") is False:
        return
    area = str(getattr(sheet.ask(one(at), "CurrentArray"), "Address", "")).replace("$", "")
    if ":" in area:
        raise Refusal(
            "rumus-larik",
            f"Sel {address(at)} di lembar {sheet.name} termasuk rumus larik {area}.",
            f"Hapus rumus larik di {area}, lalu klik Hitung Ulang lagi.",
            sheet=sheet.name,
            cell=address(at),
        )
