"""One workbook tidied from end to end: read, plan the mends, apply, save (``rapikan``)."""

from __future__ import annotations

from pathlib import Path

from iku_excel.findings import Refusal
from iku_excel.form import layout
from iku_excel.form.inputs import WANTED_NAMES, WANTED_TABLES, read_inputs
from iku_excel.form.tidy import Tidied, tidy_workbook
from iku_excel.xlsx.apply import apply_edits
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.reader import read_workbook


def mend(content: bytes) -> tuple[Tidied, bytes | None]:
    """The plan for a workbook given as bytes, and its new bytes (None when nothing changes).

    ``Refusal`` when it is none of ours or not whole. A Tahun or Triwulan that is none is no reason: typed as
    text it may be just what is to be mended.
    """
    tidied, _, data = _mend(content)
    return tidied, data


def mend_file(path: Path, *, dry_run: bool = False) -> Tidied:
    """Tidy the workbook at ``path`` through the one saving protocol; ``dry_run`` leaves the file alone."""
    from iku_excel.xlsx.replace import locked, read_for_update, replace
    from iku_excel.xlsx.verify import verify_edits

    if dry_run:
        return mend(read_for_update(path).data)[0]
    with locked(path):
        source = read_for_update(path)
        tidied, package, data = _mend(source.data)
        if data is not None:
            replace(source, data, verify_edits(package, tidied.edits))
        return tidied


def _mend(content: bytes) -> tuple[Tidied, Package, bytes | None]:
    package = Package.open(content)
    data = read_workbook(package, WANTED_TABLES, WANTED_NAMES, layout.OUTPUT_SHEETS)
    try:
        read_inputs(data)
    except Refusal as refusal:
        if refusal.code not in ("tahun-tidak-sah", "triwulan-tidak-sah"):
            raise
    tidied = tidy_workbook(package, data)
    applied = apply_edits(package, tidied.edits, known_formulas=data.formulas)
    return tidied, package, applied.data
