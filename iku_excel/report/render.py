"""A Word template and the report's fields to a document: docxtpl, fenced.

Templates come from people, and so do the texts. A template may only look at the fields (Jinja's sandbox), an
unknown field is told by its name, and what staff typed stays text, whatever signs it holds.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from iku_excel.findings import EXIT_MACHINE, Refusal
from iku_excel.report.content import Fields
from iku_excel.xlsx.archive import Archive

INSTALL = 'Pasang dengan: pip install "iku_excel[laporan]".'
_NAMELESS = re.compile(r"'([^']+)' is undefined|has no attribute '([^']+)'|has no element (\S+)")
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})
_SHOWN = 60  # characters of a template told in a message


def require_docxtpl() -> Any:
    """The library, or ``Refusal`` "pustaka-tidak-ada" (exit 4) with how to get it."""
    try:
        import docxtpl
    except ImportError as error:
        raise Refusal(
            "pustaka-tidak-ada",
            "Pustaka docxtpl belum terpasang, sehingga laporan Word tidak dapat dibuat.",
            INSTALL,
            exit_status=EXIT_MACHINE,
        ) from error
    return docxtpl


def render(template: bytes, fields: Fields) -> bytes:
    """The document. ``Refusal`` "templat-rusak" (no Word document), "templat-isian-tidak-dikenal",
    "templat-keliru"; nothing is written by this."""
    docxtpl = require_docxtpl()
    import jinja2
    from lxml import etree

    Archive(template)  # refuses what is no zip, or a bomb
    strict = _strict(docxtpl, etree)
    try:
        document = strict(io.BytesIO(template))
        document.init_docx()
    except Exception as error:  # python-docx has many ways to say that it is no Word document
        raise Refusal(
            "templat-rusak",
            "Templat itu bukan dokumen Word (.docx) yang utuh.",
            "Simpan templat di Word sebagai Dokumen Word (.docx), atau buat yang baru dengan --templat-baru.",
        ) from error
    try:
        document.render({**fields, "nomor_tabel": _numbers()}, _environment(jinja2), autoescape=True)
    except jinja2.UndefinedError as error:
        raise _unknown(error) from error
    except jinja2.TemplateSyntaxError as error:
        raise _wrong(error, "tanda {{ }} atau {% %} yang keliru") from error
    except etree.XMLSyntaxError as error:
        raise _wrong(error, "{%tr %} atau {%p %} yang tidak berpasangan") from error
    except (jinja2.TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError) as error:
        raise _wrong(error, "perintah {{ }} atau {% %} yang tidak dapat dijalankan") from error
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _strict(docxtpl: Any, etree: Any) -> Any:
    """docxtpl mends broken XML by dropping what it can't place, in silence: a report could lose a table."""

    class Strict(docxtpl.DocxTemplate):  # type: ignore[misc]  # docxtpl has no types
        def fix_tables(self, xml: str) -> Any:
            etree.fromstring(xml)
            return super().fix_tables(xml)

    return Strict


def _environment(jinja2: Any) -> Any:
    """A sandbox in which unknown fields are errors. Braces in texts are spelled as references, since docxtpl makes
    Jinja's signs of "{_{"."""
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup, escape

    def safe(value: object) -> object:
        return Markup(str(escape(value)).translate(_BRACES)) if type(value) is str else value  # noqa: S704 - escaped here

    return ImmutableSandboxedEnvironment(autoescape=True, undefined=jinja2.StrictUndefined, finalize=safe)


def _numbers() -> Callable[[], str]:
    """``nomor_tabel()``: 1, 2, 3 … in the order in which the template's tables come."""
    numbers: Iterator[int] = count(1)
    return lambda: str(next(numbers))


def _unknown(error: Exception) -> Refusal:
    found = _NAMELESS.search(str(error))
    name = next((group for group in found.groups() if group), "") if found else ""
    return Refusal(
        "templat-isian-tidak-dikenal",
        f"Templat memakai isian '{name[:_SHOWN]}' yang tidak dikenal.",
        "Perbaiki nama isian itu di templat; daftar isian ada di docs/laporan.md.",
    )


def _wrong(error: Exception, what: str) -> Refusal:
    near = _near(error)
    return Refusal(
        "templat-keliru",
        f"Templat memuat {what}" + (f", di dekat '{near}'." if near else "."),
        "Bandingkan dengan templat bawaan (--templat-baru), perbaiki, lalu ulangi.",
    )


def _near(error: Exception) -> str:
    """The template's own words around the mistake; never a value that was put in."""
    lines = [line.strip() for line in getattr(error, "docx_context", ())]
    told = next((line for line in lines[3:] + lines[:3] if "{" in line), "")
    return told[:_SHOWN]
