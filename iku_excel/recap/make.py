"""From paths to files: every workbook gathered, each apart from the others' trouble, and the products written.

The workbooks are only read. They may be gathered here, or on any executor: what comes back of each is small.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from iku_excel.batch import Done
from iku_excel.findings import Refusal
from iku_excel.paths import Given
from iku_excel.products import Kind, deliver, require_free
from iku_excel.recap.beside import CSV, PARQUET, as_csv, as_parquet, require_parquet
from iku_excel.recap.book import RECAP, build_recap
from iku_excel.recap.columns import TABLE_NAMES, LongTable, long_tables
from iku_excel.recap.roll import Roll, Unread, roll
from iku_excel.record import Record

_BESIDE: tuple[tuple[Kind, Callable[[LongTable], bytes]], ...] = ((CSV, as_csv), (PARQUET, as_parquet))


@dataclass(frozen=True, slots=True)
class Wish:
    """Where the recap goes, what is written beside it, and whether older products of the same kind may go."""

    target: Path
    csv: bool = False
    parquet: bool = False
    overwrite: bool = False

    @property
    def beside(self) -> Iterator[tuple[Path, Kind, Callable[[LongTable], bytes], str]]:
        """The files beside the recap: "rekap-indikator.csv" and so on, with the name of its table."""
        for (kind, spell), wanted in zip(_BESIDE, (self.csv, self.parquet), strict=True):
            for name in TABLE_NAMES if wanted else ():
                yield self.target.with_name(f"{self.target.stem}-{name}{kind.ending}"), kind, spell, name


def require_possible(wish: Wish) -> None:
    """Raise before any work what would be raised after it: ``Refusal`` as ``products.require_free``, and
    "pustaka-tidak-ada" for Parquet."""
    if wish.parquet:
        require_parquet()
    require_free(wish.target, RECAP, overwrite=wish.overwrite)
    for path, kind, *_ in wish.beside:
        require_free(path, kind, overwrite=wish.overwrite)


def gather_all(groups: Sequence[Given], batch: Iterable[Done[Record]], refused: Callable[[Refusal], None]) -> Roll:
    """What a batch of ``gather`` over the groups found. ``refused`` hears of each workbook that can't be read, and of
    a folder without any.

    Workbooks are named by their way from the folder that was given: a recap that is handed on tells nobody where
    somebody keeps their files.
    """
    names = _names(groups)
    records: list[Record] = []
    unread: list[Unread] = []
    for done in batch:
        if not isinstance(done.result, Refusal):
            records.append(replace(done.result, file=names[done.shown]))
            continue
        refused(done.result)
        if not done.folder:
            unread.append(Unread.of(names[done.shown], done.result))
    unread.sort(key=lambda one: one.file)
    return roll(records, unread)


def write_recap(whole: Roll, wish: Wish) -> tuple[Path, ...]:
    """Write the recap and what is wanted beside it; the files, in order. ``Refusal`` "rekap-kosong" when no workbook
    could be read, and as ``products.deliver``."""
    if not whole.records:
        raise Refusal(
            "rekap-kosong",
            "Tidak ada buku kerja yang dapat dibaca, jadi rekap tidak dibuat.",
            "Perbaiki yang disebut di atas, atau periksa nama foldernya.",
            file=str(wish.target),
        )
    deliver(wish.target, build_recap(whole), RECAP, overwrite=wish.overwrite)
    written = [wish.target]
    if wish.csv or wish.parquet:
        tables = {table.name: table for table in long_tables(whole)}
        for path, kind, spell, name in wish.beside:
            deliver(path, spell(tables[name]), kind, overwrite=wish.overwrite)
            written.append(path)
    return tuple(written)


def _names(groups: Sequence[Given]) -> dict[str, str]:
    """What the recap calls each file."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for group in groups:
        for target in group.targets:
            name = Path(target.shown).name
            if group.is_folder:
                way = Path(os.path.relpath(target.shown, group.shown))
                name = (way if len(groups) == 1 else group.real.name / way).as_posix()
            if name in taken:
                name = target.shown
            taken.add(name)
            names[target.shown] = name
    return names
