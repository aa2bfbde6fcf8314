"""``laporan`` from end to end: read and compute a workbook, put its fields into a template, write the document."""

from __future__ import annotations

from pathlib import Path

from iku_excel.fill import Opened, check_file
from iku_excel.findings import Refusal
from iku_excel.products import WORD, deliver, require_free
from iku_excel.report.content import content
from iku_excel.report.render import render, require_docxtpl
from iku_excel.report.word_template import build

LARGEST = 50 << 20
"""Bytes of a template; a letterhead with pictures has a few millions."""


def make_report(book: Path, target: Path, template: Path | None = None, *, overwrite: bool = False) -> Opened:
    """Write chapter III of the workbook to ``target``; the workbook as it was computed. It is only read.

    ``Refusal`` as in checking, of the template (``render``) and of ``products``; nothing is written then.
    """
    require_docxtpl()
    if template is not None and _same(template, target):
        raise Refusal(
            "hasil-menimpa-templat",
            "Laporan tidak boleh ditulis di atas templatnya.",
            "Pilih nama lain untuk hasilnya.",
            file=str(target),
        )
    require_free(target, WORD, overwrite=overwrite)
    opened = check_file(book)
    fields = content(opened.inputs, opened.result, opened.findings)
    try:
        document = render(build() if template is None else _read(template), fields)
    except Refusal as refusal:
        raise refusal.at(str(template or book)) from refusal.__cause__
    deliver(target, document, WORD, overwrite=overwrite)
    return opened


def new_template(target: Path) -> None:
    """Write a copy of the default template, to be restyled; never over anything. ``Refusal`` as ``products``."""
    require_docxtpl()
    deliver(target, build(), WORD, overwrite=False)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:  # one of them isn't there
        return False


def _read(template: Path) -> bytes:
    try:
        if template.stat().st_size > LARGEST:
            raise Refusal("templat-terlalu-besar", "Templat itu terlalu besar.", "Kecilkan gambar di dalamnya.")
        return template.read_bytes()
    except FileNotFoundError as error:
        raise Refusal(
            "berkas-tidak-ada", f"Templat {template.name} tidak ditemukan.", "Periksa nama berkas dan foldernya."
        ) from error
    except OSError as error:
        raise Refusal(
            "berkas-tidak-terbaca", f"Templat {template.name} tidak dapat dibaca.", "Tutup di Word, lalu ulangi."
        ) from error
