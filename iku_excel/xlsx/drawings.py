"""What lies over the cells of a sheet: a donor's charts put beside what people drew there."""

from __future__ import annotations

import re
from collections.abc import Mapping

from iku_excel.xlsx.cellxml import text_of
from iku_excel.xlsx.draft import Draft, ties
from iku_excel.xlsx.elements import RELATIONS, Child, Tree, at_home, namespaces
from iku_excel.xlsx.grid import Area, letters
from iku_excel.xlsx.package import Package
from iku_excel.xlsx.transplant import copied

_NAME = re.compile(rb"<(?:[\w.-]+:)?cNvPr(?=\s)[^>]*?\sname\s*=\s*[\"']([^\"']*)")
_NUMBER = re.compile(rb"(<(?:[\w.-]+:)?cNvPr(?=\s)[^>]*?\sid\s*=\s*[\"'])(\d+)")
_CORNER = re.compile(
    rb"<(?:[\w.-]+:)?(from|to)>.*?col>(\d+)</.*?colOff>(-?\d+)</.*?row>(\d+)</.*?rowOff>(-?\d+)</", re.DOTALL
)
_BOUND_TO = re.compile(rb"xmlns:([\w.-]+)\s*=\s*[\"']%b[\"']" % re.escape(RELATIONS.encode()))


def anchors(tree: Tree) -> list[Child]:
    """The things of a drawing, each with its anchor."""
    return [child for child in tree.children if child.name.endswith("Anchor") or child.name == "AlternateContent"]


def covered(tree: Tree) -> list[Area]:
    """The cells that the things of a drawing lie over, where they hang on two cells."""
    return [block for _, block in placed(tree)]


def placed(tree: Tree) -> list[tuple[str, Area]]:
    """The things of a drawing that hang on two cells: their names, and the cells that they lie over."""
    found = []
    for child in anchors(tree):
        corners = {m[1]: [int(n) for n in m.groups()[1:]] for m in _CORNER.finditer(child.xml)}
        if len(corners) == 2:
            left, _, top, _ = corners[b"from"]
            right, beyond, bottom, below = corners[b"to"]
            right, bottom = right + (beyond > 0), bottom + (below > 0)
            ref = f"{letters(left + 1)}{top + 1}:{letters(max(right, left + 1))}{max(bottom, top + 1)}"
            named = _NAME.search(child.xml)
            block = Area(top + 1, left + 1, max(bottom, top + 1), max(right, left + 1), ref)
            found.append((text_of(named[1]) if named else "", block))
    return found


def add_drawings(draft: Draft, donor: Package, origin: str, part: str, ours: str) -> None:
    """Put the things of the donor's drawing ``origin`` behind those of the drawing ``part``. Charts there whose name
    begins with ``ours`` are of an older layout: they go, with their parts."""
    tree, fresh = Tree.of(draft.read(part), part), Tree.of(donor.read(origin), origin)
    for child in anchors(tree):
        found = _NAME.search(child.xml)
        if found and found[1].decode().startswith(ours) and b"graphicFrame" in child.xml:
            tree.children.remove(child)
            _drop_relations(draft, part, child, tree)
    rids = {}
    known: dict[str, str] = {}
    for tie in ties(donor, origin):
        target = tie.target if tie.external else copied(draft, donor, tie.target, known)
        rids[tie.rid] = draft.relate(part, tie.type, target, external=tie.external)
    last = max((int(m[2]) for m in _NUMBER.finditer(tree.xml)), default=1)
    home = namespaces(tree.opening)
    for child in anchors(fresh):
        xml = at_home(child.xml, namespaces(fresh.opening), home)
        for prefix in set(_BOUND_TO.findall(fresh.opening + xml)):
            pattern = rb"(\s%b:\w+\s*=\s*[\"'])([^\"']*)" % re.escape(prefix)
            xml = re.sub(pattern, lambda m: m[1] + rids.get(m[2].decode(), m[2].decode()).encode(), xml)
        numbers = {m[2] for m in _NUMBER.finditer(xml)}
        shift = {number: last + n for n, number in enumerate(sorted(numbers, key=int), 1)}
        last += len(shift)
        xml = _renumbered(xml, shift)
        tree.children.append(Child(child.name, xml))
    draft.put(part, tree.xml)


def _renumbered(xml: bytes, shift: Mapping[bytes, int]) -> bytes:
    return _NUMBER.sub(lambda found: found[1] + b"%d" % shift[found[2]], xml)


def _drop_relations(draft: Draft, part: str, child: Child, rest: Tree) -> None:
    for tie in draft.ties(part):
        spelled = b'"%b"' % tie.rid.encode()
        if spelled in child.xml and spelled not in rest.xml:
            draft.unrelate(part, tie.rid)
            if not tie.external and all(other.target != tie.target for other in draft.ties(part)):
                _drop(draft, tie.target)


def _drop(draft: Draft, part: str) -> None:
    """Take out a chart and what only charts have below them."""
    for tie in draft.ties(part):
        if not tie.external and draft.has(tie.target) and "/charts/" in tie.target:
            draft.remove(tie.target)
    draft.remove(part)
