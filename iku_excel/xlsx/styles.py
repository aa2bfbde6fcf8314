"""The styles of a workbook: the same look with another number format, and nothing renumbered.

Cells name their style by its place in ``<cellXfs>``; new ones are therefore appended, never inserted.
"""

from __future__ import annotations

import re
from html import escape

from iku_excel.findings import Refusal
from iku_excel.xlsx.cellxml import ATTRIBUTE, ATTRIBUTES, attributes, text_of
from iku_excel.xlsx.package import refuse_dtd

MAX_STYLES = 64_000
"""Excel calls a workbook with more cell formats corrupt."""
FIRST_CUSTOM = 164
"""Number formats below are built in and have no entry in the file (ECMA-376 part 1, 18.8.30)."""

_BUILT_IN = {
    "General": 0, "0": 1, "0.00": 2, "#,##0": 3, "#,##0.00": 4, "0%": 9, "0.00%": 10, "0.00E+00": 11, "@": 49,
}  # fmt: skip


_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_UNCODED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?![hms]+\])[^\]]*\]', re.IGNORECASE)
"""What a number format code shows as it is, or that is a colour, a condition, a locale."""


def _kind(code: str) -> str:
    """What a number format is for: "" (any value), "text", "date" or "number"."""
    bare = _UNCODED.sub("", code)
    if bare.casefold() in ("", "general"):
        return ""
    if "@" in bare and not re.search("[0#?]", bare):
        return "text"
    return "date" if re.search("[dymhs]", bare, re.IGNORECASE) else "number"


class StyleBook:
    """The ``styles.xml`` of one workbook, growing as number formats are asked for. ``xml`` is the result."""

    def __init__(self, xml: bytes) -> None:
        self._original = xml
        self._added_formats: list[bytes] = []
        self._added_styles: list[bytes] = []
        self._known: dict[tuple[int, str], int] = {}
        refuse_dtd(xml, "styles.xml")
        root = re.search(rb"<((?:[\w.-]+:)?)styleSheet(?=[\s/>])" + ATTRIBUTES + rb">", xml)
        if root is None or b"<!--" in xml or b"<![CDATA[" in xml or b"\0" in xml[:100]:
            raise self.strange()
        self._prefix, self._first = root[1], root.end()
        p = re.escape(self._prefix)
        self._styles = re.search(rb"<%bcellXfs(?=[\s>])%b>(.*?)</%bcellXfs\s*>" % (p, ATTRIBUTES, p), xml, re.DOTALL)
        if self._styles is None:
            raise self.strange()
        pattern = rb"<%bxf(?=[\s/>])%b(?:/>|>(.*?)</%bxf\s*>)" % (p, ATTRIBUTES, p)
        self._xfs = [(found[1], found[2] or b"") for found in re.finditer(pattern, self._styles[2], re.DOTALL)]
        self._formats = re.search(
            rb"<%bnumFmts(?=[\s/>])%b(?:/>|>(.*?)</%bnumFmts\s*>)" % (p, ATTRIBUTES, p), xml, re.DOTALL
        )
        self._codes: dict[int, str] = {number: code for code, number in _BUILT_IN.items()}
        inside = self._formats.span() if self._formats else (0, 0)
        self._last = FIRST_CUSTOM - 1
        for found in re.finditer(rb"<%bnumFmt(?=\s)%b" % (p, ATTRIBUTES), xml):
            of = attributes(found[1])
            number = self._number(of.get(b"numFmtId", b"0"))
            self._last = max(self._last, number)  # those of conditional formats (dxf) count too
            if inside[0] <= found.start() < inside[1]:
                self._codes[number] = text_of(of.get(b"formatCode", b""))

    @staticmethod
    def strange() -> Refusal:
        """The refusal of a styles part that is missing or not written as Excel writes one."""
        return Refusal(
            "gaya-tidak-lazim",
            "Daftar gaya sel dalam berkas ini tidak dapat diubah dengan aman.",
            "Buka berkas di Excel, simpan kembali sebagai .xlsx, lalu ulangi.",
        )

    def __len__(self) -> int:
        """How many cell styles there are."""
        return len(self._xfs)

    @property
    def changed(self) -> bool:
        """Whether anything was added."""
        return bool(self._added_styles)

    def number_format(self, style: int) -> str | None:
        """The number format code of a style; None for a built-in one that we have no need to name."""
        return self._codes.get(self.format_id(style))

    def format_id(self, style: int) -> int:
        """The number of a style's number format."""
        if not 0 <= style < len(self._xfs):
            raise self.strange()
        return self._number(attributes(self._xfs[style][0]).get(b"numFmtId", b"0"))

    def _number(self, raw: bytes) -> int:
        if not raw.isdigit():
            raise self.strange()
        return int(raw)

    def suits(self, style: int, code: str) -> bool:
        """Whether a style's number format shows the same kind of value as ``code``: a date, a number, a text."""
        number = self.format_id(style)
        own = "date" if number in _BUILT_IN_DATES else _kind(self._codes.get(number, "0" if number else "General"))
        return own == _kind(code)

    def with_number_format(self, style: int, code: str) -> int:
        """The style that looks like ``style`` but shows numbers by ``code``: itself, one there, or a new one."""
        known = self._known.get((style, code))
        if known is None:
            known = self._known[style, code] = self._with(style, code)
        return known

    def _with(self, style: int, code: str) -> int:
        if self.number_format(style) == code:
            return style
        wanted = self._id_of(code)
        old, content = self._xfs[style]
        found = {**attributes(old), b"numFmtId": b"%d" % wanted, b"applyNumberFormat": b"1"}
        for at, (raw, inside) in enumerate(self._xfs):
            if inside == content and attributes(raw) == found:
                return at
        if len(self._xfs) >= MAX_STYLES:
            raise Refusal(
                "terlalu-banyak-gaya",
                f"Buku kerja ini sudah memuat {len(self._xfs)} gaya sel, batas yang diterima Excel.",
                "Hapus gaya sel yang tidak dipakai di Excel, simpan, lalu ulangi.",
            )
        raw = self._renewed(old, wanted)
        p = self._prefix
        tail = b"/>" if not content else b">%b</%bxf>" % (content, p)
        self._added_styles.append(b"<%bxf%b%b" % (p, raw, tail))
        self._xfs.append((raw, content))
        return len(self._xfs) - 1

    @staticmethod
    def _renewed(raw: bytes, number: int) -> bytes:
        kept = [m[0] for m in ATTRIBUTE.finditer(raw) if m[1] not in (b"numFmtId", b"applyNumberFormat")]
        return b"".join([b' numFmtId="%d"' % number, *kept, b' applyNumberFormat="1"'])

    def _id_of(self, code: str) -> int:
        for number, known in self._codes.items():
            if known == code:
                return number
        self._last = number = self._last + 1
        spelled = escape(code, quote=False).replace('"', "&quot;").encode()
        self._added_formats.append(b'<%bnumFmt numFmtId="%d" formatCode="%b"/>' % (self._prefix, number, spelled))
        self._codes[number] = code
        return number

    @property
    def xml(self) -> bytes:
        """The whole part, with what was added; the original bytes when nothing was."""
        if not self.changed or self._styles is None:
            return self._original
        xml, p = self._original, self._prefix
        at = self._styles.end(2)
        tag = _counted(xml[self._styles.start() : self._styles.start(2)], len(self._xfs))
        xml = xml[: self._styles.start()] + tag + self._styles[2] + b"".join(self._added_styles) + xml[at:]
        if not self._added_formats:
            return xml
        added = b"".join(self._added_formats)
        # numFmts is the first child of styleSheet, hence before cellXfs: positions found earlier still hold.
        if self._formats is None or self._formats[2] is None:
            start, end = self._formats.span() if self._formats else (self._first, self._first)
            made = b'<%bnumFmts count="%d">%b</%bnumFmts>' % (p, len(self._added_formats), added, p)
            return xml[:start] + made + xml[end:]
        start, inside, end = self._formats.start(), self._formats.start(2), self._formats.end(2)
        count = len(re.findall(rb"<%bnumFmt\s" % re.escape(p), self._formats[2])) + len(self._added_formats)
        return xml[:start] + _counted(xml[start:inside], count) + xml[inside:end] + added + xml[end:]


def _counted(tag: bytes, count: int) -> bytes:
    """A start tag with its ``count`` renewed, where it has one (it is optional)."""
    return re.sub(rb"(\scount\s*=\s*[\"'])[^\"']*", rb"\g<1>%d" % count, tag, count=1)
