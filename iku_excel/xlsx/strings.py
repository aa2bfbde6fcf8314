"""The workbook's shared strings, in order: text as typed, rich text joined, phonetic guides left out."""

from __future__ import annotations

import re

from iku_excel.xlsx.package import Package, refuse_dtd
from iku_excel.xlsx.values import Strange, damaged, plain, unescaped

_PLAIN = re.compile(rb'<si><t(?: xml:space="preserve")?>([^<]*)</t></si>')
_ITEM = re.compile(rb'<si>(?:<t(?: xml:space="preserve")?>([^<]*)</t></si>|((?:<(?!/?si\b)[^<]*+)*+)</si>)')
_RUN = re.compile(
    rb'<t(?: xml:space="preserve")?>([^<]*)</t>|<t ?/>|<rPh\b[^>]*>.*?</rPh>|<rPr>.*?</rPr>|<rPr ?/>'
    rb"|<phoneticPr\b[^>]*/>|</?r>",
    re.DOTALL,
)
_USUAL = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml[^>]*\?>)?\s*<sst\b", re.IGNORECASE)
_ENCODING = re.compile(rb"""<\?xml[^>]*encoding=["']([^"']*)""")


def shared_strings(package: Package) -> list[str | None]:
    """All shared strings of the workbook by index; the empty one is None, as a blank cell is."""
    part = package.shared_strings_part
    if part is None:
        return []
    xml = package.read(part)
    try:
        try:
            return _usual(xml)
        except Unusual:
            return _careful(xml, part)
    except Strange as strange:
        raise damaged(part, str(strange)) from strange


def excel_strings(xml: bytes) -> list[str | None] | None:
    """The strings of a part in the form that Excel writes, by index; None for any other form. ``Strange``."""
    try:
        return _usual(xml)
    except Unusual:
        return None


def is_utf8(head: bytes) -> bool:
    """Whether the XML declaration names UTF-8 or no encoding, and the bytes are no UTF-16."""
    named = _ENCODING.match(head.removeprefix(b"\xef\xbb\xbf"))
    return b"\0" not in head[:200] and (named is None or named[1].lower() == b"utf-8")


def _usual(xml: bytes) -> list[str | None]:
    """The strings of a part in the form that Excel writes."""
    start = _USUAL.match(xml)
    if start is None or not is_utf8(xml) or b"<!" in xml:
        raise Unusual
    count = xml.count(b"<si")
    found = _PLAIN.findall(xml)
    if len(found) == count:
        if b"&" in xml or b"_x" in xml or xml.find(b"\r", start.end()) >= 0:
            return [plain(text) for text in found]
        try:
            return [text.decode() or None for text in found]
        except UnicodeDecodeError as error:
            raise Strange("ada teks yang bukan UTF-8") from error
    mixed = _ITEM.findall(xml)
    if len(mixed) != count:
        raise Unusual
    return [joined(rich) if rich else plain(text) for text, rich in mixed]


def joined(rich: bytes) -> str | None:
    """The text of an ``<si>`` or ``<is>`` in Excel's usual form: its runs joined."""
    at, runs = 0, list[bytes]()
    while at < len(rich):
        match = _RUN.match(rich, at)
        if match is None:
            raise Unusual
        at = match.end()
        if match[1]:
            runs.append(match[1])
    return "".join(plain(run) or "" for run in runs) or None


class Unusual(Exception):
    """XML in another form than Excel's own: to be read again by the careful reader."""


def _careful(xml: bytes, part: str) -> list[str | None]:
    """The strings of a part in any form of XML."""
    from xml.parsers import expat

    items: list[str | None] = []
    texts = TextRuns()
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "si":
            texts.begin()
        else:
            texts.start(name)

    def end(tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name == "si":
            items.append(texts.result())
        else:
            texts.end(name)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = texts.data
    parser.StartDoctypeDeclHandler = lambda *_: refuse_dtd(b"<!DOCTYPE", part)
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise damaged(part, "XML-nya tidak lengkap") from error
    return items


class TextRuns:
    """Gathers the text of one ``<si>`` or ``<is>`` from parser events."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """A new string starts."""
        self._texts: list[str] = []
        self._phonetic = 0
        self._open = False

    def start(self, name: str) -> None:
        """An element inside the string starts; ``name`` is without prefix."""
        if name == "rPh":
            self._phonetic += 1
        elif name == "t":
            self._open = not self._phonetic

    def end(self, name: str) -> None:
        """An element inside the string ends."""
        if name == "rPh":
            self._phonetic -= 1
        elif name == "t":
            self._open = False

    def data(self, text: str) -> None:
        """Character data; outside a ``<t>`` that counts it is ignored."""
        if self._open:
            self._texts.append(text)

    def result(self) -> str | None:
        """The string so far; None when it is empty."""
        return unescaped("".join(self._texts)) or None
