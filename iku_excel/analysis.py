"""A workbook for those who compute: ``iku_excel.read(path)`` gives its inputs, indices with traces, and findings.

Read anew, computed from its inputs on exact decimals, never written. ``frames()`` gives pandas frames: the same long
tables as a recap, and the input registers on request, without personal data unless that is asked for in so many words.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from iku_excel.fill import Opened, open_workbook
from iku_excel.findings import Finding, Refusal
from iku_excel.form.compute import Shown
from iku_excel.form.explain import Trace, explain
from iku_excel.form.inputs import Inputs
from iku_excel.form.layout import IKU_CODES
from iku_excel.recap.columns import iku_names
from iku_excel.recap.gather import record_of
from iku_excel.record import Record

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Index:
    """One indicator. ``value`` is today's own computation, exact, None for none; ``shown`` what Ringkasan makes of
    it: target, the figure shown (reported, BKN's or own), capaian, predicate."""

    code: str
    name: str
    value: Decimal | None
    shown: Shown
    _opened: Opened = field(repr=False)

    @cached_property
    def trace(self) -> Trace:
        """Where the value comes from: formula, inputs with their cells, rule, source (what ``jelaskan`` prints)."""
        opened = self._opened
        return explain(opened.inputs, opened.result, opened.data.names, self.code)


class Book:
    """One workbook, read and computed. Nothing in it changes, and it holds no file open."""

    def __init__(self, path: Path, opened: Opened) -> None:
        self.path = path
        self._opened = opened

    def __repr__(self) -> str:
        figures = ", ".join(
            f"{code}={index.value:.2f}" for code, index in self.indices.items() if index.value is not None
        )
        return f"<{self.path.name}: {self.unit}, TW {self.quarter} {self.year}; {figures or 'belum ada nilai'}>"

    @property
    def unit(self) -> str:
        """The agency's name."""
        return self.summary.unit

    @property
    def year(self) -> int:
        """The year that is computed."""
        return self.inputs.period.year

    @property
    def quarter(self) -> int:
        """The quarter, 1-4, to whose end everything is counted."""
        return self.inputs.period.quarter

    @property
    def inputs(self) -> Inputs:
        """What staff typed: tables, settings, as raw cells."""
        return self._opened.inputs

    @cached_property
    def indices(self) -> Mapping[str, Index]:
        """IKU-1, IKU-2, IKU-3."""
        result, names = self._opened.result, iku_names(self.year)
        return {
            code: Index(code, names[code], result.indices[code], result.shown[code], self._opened) for code in IKU_CODES
        }

    @property
    def components(self) -> Mapping[str, Decimal | None]:
        """The four components of IKU-2: dokumen, anggaran, diklat, sarpras; exact, None for no data."""
        return self._opened.result.components

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that staff should look at, by sheet, row and column."""
        return self._opened.findings

    @cached_property
    def summary(self) -> Record:
        """What a recap keeps of the workbook; ``freshness`` says whether its sheets hold today's figures."""
        return record_of(self.path.name, self._opened)

    def frames(self, *, registers: bool = False, private: bool = False) -> dict[str, pd.DataFrame]:
        """pandas frames by name: the long tables of a recap, and "temuan_sel" with each finding and its cell.

        ``registers`` adds the input tables by their names ("tblAnggaran" …), typed by their columns. What names people
        or was written by them is left out, also the findings' own words, which may quote a NIP, unless ``private``.
        """
        from iku_excel.recap.frames import finding_frame, frames, register_frames
        from iku_excel.recap.roll import roll

        found = frames(roll([self.summary]))
        found["temuan_sel"] = finding_frame(self.findings, private=private)
        if registers:
            found |= register_frames(self.inputs, private=private)
        return found


def read(path: str | os.PathLike[str]) -> Book:
    """The workbook at ``path``. ``iku_excel.findings.Refusal`` when it is none of ours, damaged or not there."""
    from iku_excel.paths import existing
    from iku_excel.xlsx.replace import read_bytes

    where = Path(path)
    try:
        return Book(where, open_workbook(read_bytes(existing(where))))
    except Refusal as refusal:
        raise refusal.at(str(where)) from refusal.__cause__
