"""What became of one workbook, made small where it was worked on: its row, its findings counted by code, its JSON.

A workbook can have thousands of findings. Between processes, and in memory until the end, there is only what is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from iku_excel.batch import COMPONENTS, IKU_CODES, Done, Outcome, Status
from iku_excel.findings import LEVELS, Finding, Refusal


@dataclass(frozen=True, slots=True)
class Row:
    """One workbook: figures unrounded, findings counted by level (``counts``, as ``LEVELS``; none of a failed one),
    ``error`` as code, message and mend. ``number`` is its place in the order given."""

    number: int
    file: str
    status: Status
    indices: Mapping[str, Decimal | None]
    components: Mapping[str, Decimal | None]
    counts: tuple[int, ...]
    seconds: float
    error: tuple[str, str, str] | None


@dataclass(frozen=True, slots=True)
class Brief:
    """A workbook's row, how often each code was found with its first finding, its exit status; as asked for its line
    of JSON, and the whole outcome."""

    row: Row
    kinds: tuple[tuple[int, Finding], ...]
    exit_status: int
    json: str | None = None
    whole: Outcome | None = None


def brief(done: Done[Outcome], *, as_json: bool = False, whole: bool = False) -> Brief:
    """The brief of a workbook in a batch, under the name that the user gave it."""
    result = done.result
    # Elsewhere a workbook goes by its whole path.
    outcome = Outcome.failed(done.shown, result) if isinstance(result, Refusal) else replace(result, file=done.shown)
    levels = [finding.level for finding in outcome.findings]
    counts = () if outcome.error else tuple(levels.count(level) for level in LEVELS)
    error = (outcome.error.code, outcome.error.message, outcome.error.fix) if outcome.error else None
    figures = outcome.indices, outcome.components
    row = Row(done.number, done.shown, outcome.status, *figures, counts, done.seconds, error)
    kinds: dict[str, tuple[int, Finding]] = {}
    for finding in outcome.findings:
        count, first = kinds.get(finding.code, (0, finding))
        kinds[finding.code] = count + 1, first
    line = as_line(outcome) if as_json else None
    return Brief(row, tuple(kinds.values()), outcome.exit_status, line, outcome if whole else None)


def as_line(outcome: Outcome) -> str:
    """The workbook as one line of JSON (the contract of ``--json``); figures at two decimals, half up."""
    import json

    error = outcome.error
    return json.dumps(
        {
            "file": outcome.file,
            "status": outcome.status,
            "indices": {code: _two_decimals(outcome.indices[code]) for code in IKU_CODES},
            "components": {key: _two_decimals(outcome.components[key]) for key in COMPONENTS},
            "findings": [
                {
                    "code": f.code,
                    "level": f.level,
                    "sheet": f.sheet,
                    "cell": f.cell,
                    "message": f.message,
                    "fix": f.fix,
                }
                for f in outcome.findings
            ],
            "error": None if error is None else {"code": error.code, "message": error.message, "fix": error.fix},
        },
        ensure_ascii=False,
    )


def _two_decimals(value: Decimal | None) -> float | None:
    from iku_excel.indicators.achievement import round2

    return None if value is None else float(round2(value))
