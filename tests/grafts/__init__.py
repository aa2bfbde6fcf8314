"""Foreign parts that staff and Excel add to a workbook, grafted in at byte level, by none of our own code."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from . import drawings, extras
from .parts import Parts

GRAFTS: Mapping[str, Callable[[Parts], None]] = {
    "picture on Ringkasan": lambda parts: drawings.picture(parts, "Ringkasan"),
    "picture on an input sheet": lambda parts: drawings.picture(parts, "Dokumen"),
    "chart": lambda parts: drawings.chart(parts, "Ringkasan"),
    "text box": lambda parts: drawings.text_box(parts, "Ringkasan"),
    "note": lambda parts: drawings.comments(parts, "Ringkasan", "K6", "CONTOH Staf", "Angka ini sudah dicek"),
    "threaded comment": lambda parts: drawings.threaded_comments(parts, "Kesekretariatan", "B6"),
    "slicer": lambda parts: drawings.slicer(parts, "Dokumen"),
    "sparklines": lambda parts: extras.sparklines(parts, "Ringkasan"),
    "data bar": lambda parts: extras.data_bar(parts, "Ringkasan", "K6:K8"),
    "list from another sheet": lambda parts: extras.list_from_another_sheet(parts, "Dokumen", "H5:H30"),
    "printer on Ringkasan": lambda parts: extras.printer(parts, "Ringkasan"),
    "printer on an input sheet": lambda parts: extras.printer(parts, "Anggaran"),
    "custom XML and properties": extras.custom_xml,
    "sheet of the staff": extras.staff_sheet,
    "pivot table": extras.pivot,
    "looks of the staff": extras.own_looks,
    "views and filters": extras.views,
    "own names": extras.own_name,
    "spelled by Excel": extras.spelled_by_excel,
    "calculation chain": extras.calc_chain,
}
"""What each graft adds. They can be put into one workbook together, in this order."""


def grafted(data: bytes, *names: str) -> bytes:
    """The workbook with these grafts, or with all of them."""
    parts = Parts(data)
    for name in names or GRAFTS:
        GRAFTS[name](parts)
    return parts.packed()
