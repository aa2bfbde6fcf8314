"""What ``rekap`` says: in words, and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from iku_excel.form.layout import IKU_CODES
from iku_excel.indicators.achievement import round2, show
from iku_excel.recap.compare import of_year
from iku_excel.recap.pages import ATTENTION, UNREADABLE, levels
from iku_excel.recap.roll import Roll, position

_MANY = 10
"""So many duplicates are named; the sheet has all."""


def recap_lines(whole: Roll, written: Sequence[Path]) -> Iterator[str]:
    """The recap in a few lines: files, what is in it, averages of the latest year, what to look at."""
    target, *beside = written
    yield f"Rekap: {target}"
    if beside:
        yield f"Di sampingnya: {', '.join(path.name for path in beside)}"
    years = whole.years
    span = "" if not years else f", tahun {years[0]}" if len(years) == 1 else f", tahun {years[0]}–{years[-1]}"
    yield f"{len(whole.records)} buku kerja dari {len(whole.units)} perangkat daerah{span}."
    for code in IKU_CODES if years else ():
        over_all = of_year(whole.of_year(years[-1]), code)
        mean = show(over_all.value.mean) or "–"
        yield f"  {code}: rata-rata {mean} dari {over_all.valued} perangkat daerah tahun {years[-1]}"
    counts = {
        "tidak terbaca": len(whole.unread),
        "ganda": sum(map(len, whole.duplicates)),
        "tanpa nama": sum(not record.unit for record in whole.records),
        **{word: len(whole.having(word)) for word in ("belum diisi", "tidak dapat diisi", "lebih lama dari datanya")},
        "dengan kesalahan data": sum(record.mistakes() > 0 for record in whole.records),
    }
    found = [f"{count} {word}" for word, count in counts.items() if count]
    if found:
        sheets = f"{ATTENTION} dan {UNREADABLE}" if whole.unread else ATTENTION
        yield f"Perlu perhatian: {', '.join(found)} (lembar {sheets})."


def duplicate_lines(whole: Roll) -> Iterator[str]:
    """The workbooks of which two stand for the same agency, year and quarter."""
    for same in whole.duplicates[:_MANY]:
        first = same[0]
        yield f"Ganda: {whole.unit(first)}, {position(first)}: {', '.join(record.file for record in same)}"
    if len(whole.duplicates) > _MANY:
        yield f"… dan {len(whole.duplicates) - _MANY} lagi (lembar {ATTENTION})."


def recap_json(whole: Roll, written: Sequence[Path]) -> str:
    """The same as one line of JSON; averages at two decimals, half up."""
    return json.dumps(
        {
            "file": str(written[0]),
            "files": [str(path) for path in written],
            "workbooks": len(whole.records),
            "compared": len(whole.counted),
            "units": len(whole.units),
            "years": list(whole.years),
            "averages": {
                str(year): {code: _two(of_year(whole.of_year(year), code).value.mean) for code in IKU_CODES}
                for year in whole.years
            },
            "findings": dict(levels(whole)),
            "attention": [
                {
                    "kind": matter.kind,
                    "unit": matter.unit or None,
                    "year": matter.year,
                    "quarter": matter.quarter,
                    "file": matter.file or None,
                    "message": matter.words,
                    "fix": matter.fix,
                }
                for matter in whole.matters
            ],
        },
        ensure_ascii=False,
    )


def _two(value: Decimal | None) -> float | None:
    return None if value is None else float(round2(value))
