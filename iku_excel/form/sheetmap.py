"""How an output sheet is described: which cell holds which figure, by which formula, beside which labels.

One description serves the template (which lays formulas and labels out), the plan (which puts formula and
value together) and the tests (which ask other programs for the same figures).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Look: TypeAlias = Literal[
    "judul",  # sheet title
    "subjudul",  # line under the title
    "bagian",  # heading of a block
    "catatan",  # small explanatory text
    "kepala",  # header cell of a block
    "label",  # row label
    "teks",  # text in a block, one line
    "bungkus",  # text in a block, wrapped
    "bulat",  # whole number
    "dua",  # two decimals
    "tanggal",  # date
    "indeks",  # an index: bold, two decimals
    "dua-polos",  # two decimals, no border
    "rata-kanan",  # text against the right, no border
    "status",  # a status word, centred
    "paraf",  # signature block, left
    "paraf-nama",  # the signatory's name, bold and underlined
    "paraf-tanggal",
    "bantu",  # workings: grey, no border
    "bantu-tanggal",
]


@dataclass(frozen=True, slots=True)
class OutputCell:
    """One computed cell. ``key`` names its figure; ``formula`` (without "=") is None for a plain value."""

    key: str
    cell: str
    formula: str | None
    look: Look
    array: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """One fixed text that the template writes and filling never touches."""

    cell: str
    text: str | int
    look: Look


@dataclass(frozen=True, slots=True)
class SheetMap:
    """One output sheet: its computed cells, labels, column widths, row heights (points), print area and
    defined names."""

    sheet: str
    cells: tuple[OutputCell, ...]
    labels: tuple[Label, ...]
    widths: Mapping[str, float]
    print_area: str
    header_row: int
    freeze: str
    names: Mapping[str, str] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)

    def __iter__(self) -> Iterator[OutputCell]:
        return iter(self.cells)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the formulas' plain ranges lie in this workbook (tables move; plain ranges must follow).

    ``target_headings``: the header cells of tblTarget, "Target!$A$4:$S$4"; ``target_rows``: its data rows;
    ``last_target_year``: the highest year among its "Target YYYY" headings, None if there is none.
    """

    target_headings: str
    target_rows: str
    last_target_year: int | None
