"""Parts taken from one package into another: sheets in the looks of their new home, drawings and all below them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from iku_excel.xlsx.cellxml import ATTRIBUTES, attributes
from iku_excel.xlsx.draft import Draft, content_type, ties
from iku_excel.xlsx.elements import with_attribute
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.stylegraft import StyleGraft

_STYLED = re.compile(rb"<(c|row|col)(?=[\s/>])%b/?>" % ATTRIBUTES)
_SHARED = re.compile(rb"<c(?=\s)%b>(?:(?!</c>).)*?<v>(\d+)</v>\s*</c>" % ATTRIBUTES, re.DOTALL)
_RULE = re.compile(rb"<(?:cfRule|colorFilter|sortCondition)(?=\s)%b/?>" % ATTRIBUTES)
_ITEM = re.compile(rb"<si>(.*?)</si>|<si/>", re.DOTALL)
_NUMBERED = re.compile(r"\d+(?=\.[^.]*$)")

BOUND = ("table", "pivotTable", "slicer", "timeline", "queryTable", "control", "ctrlProp", "customProperty")
"""Kinds of parts that the workbook knows of elsewhere too: a donor's sheet has none."""


def restyled(xml: bytes, styles: StyleGraft, donor: Package) -> bytes:
    """The XML of a donor's sheet with the styles of its new home, and its shared strings inline.

    ``ValueError`` for a sheet that spells its names with a prefix: donors are built by us.
    """
    if re.match(rb"(?:<\?[^>]*>\s*)?<worksheet[\s>]", xml) is None:
        raise ValueError("a donor's sheet is spelled without prefixes")
    xml = _SHARED.sub(_inlining(donor), xml)
    xml = _STYLED.sub(lambda found: _restyled_tag(found[0], found[1], styles), xml)
    return _RULE.sub(lambda found: _remapped(found[0], "dxfId", styles.dxf), xml)


def _inlining(donor: Package) -> Callable[[re.Match[bytes]], bytes]:
    part = donor.shared_strings_part
    items = [found[1] or b"<t/>" for found in _ITEM.finditer(donor.read(part))] if part else []

    def inline(found: re.Match[bytes]) -> bytes:
        if attributes(found[1]).get(b"t") != b"s":
            return found[0]
        tag = with_attribute(b"<c%b>" % found[1], "t", "inlineStr")
        return tag + b"<is>%b</is></c>" % items[int(found[2])]

    return inline


def _restyled_tag(tag: bytes, name: bytes, styles: StyleGraft) -> bytes:
    key = "style" if name == b"col" else "s"
    raw = attributes(tag).get(key.encode())
    if raw is not None:
        return with_attribute(tag, key, str(styles.style(int(raw))))
    if name == b"c" and (default := styles.style(0)):
        return with_attribute(tag, key, str(default))
    return tag


def _remapped(tag: bytes, key: str, here: Callable[[int], int]) -> bytes:
    raw = attributes(tag).get(key.encode())
    return tag if raw is None else with_attribute(tag, key, str(here(int(raw))))


def copied(draft: Draft, donor: Package, part: str, known: dict[str, str]) -> str:
    """Copy a donor's part, and all that it relates to, under free names; the part's new name.

    ``known`` holds the parts that have been copied, so that two may share one. Relationships keep their ids.
    """
    if part in known:
        return known[part]
    pattern = _NUMBERED.sub("{}", part, count=1)
    name = draft.free(pattern if "{}" in pattern else pattern.replace(".", "{}.", 1))
    known[part] = name
    draft.add(name, donor.read(part), content_type(donor, part))
    relate_alike(draft, donor, part, name, known)
    return name


def relate_alike(draft: Draft, donor: Package, part: str, name: str, known: dict[str, str]) -> None:
    """Give a new part the relationships of the donor's part that it was copied from, their targets copied too."""
    for tie in ties(donor, part):
        kind = posixpath.basename(tie.type)
        if kind in BOUND:
            raise ValueError(f"{part}: a {kind} is not taken over")
        target = tie.target if tie.external else copied(draft, donor, tie.target, known)
        draft.relate(name, tie.type, target, external=tie.external, rid=tie.rid)
