"""Is a chart part that was written the one it was, but for the values it keeps? By another way than the writer's.

The writer splices references one by one; here all caches are cut out of both parts, which must then be the same to
the byte, and the new part is read as a tree for its values. Used by ``verify``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import isclose

from iku_excel.edits import Value
from iku_excel.xlsx.cellxml import CACHE_TOLERANCE
from iku_excel.xlsx.charts import referred
from iku_excel.xlsx.package import Element, Package, local, unescape

_CACHE = re.compile(rb"<((?:[\w.-]+:)?(?:num|str)Cache)(?=[\s/>])(?:[^>]*/>|.*?</\1\s*>)", re.DOTALL)

_REFERENCE = re.compile(rb"<(?:[\w.-]+:)?(num|str)Ref(?=[\s>])[^>]*(?<!/)>(.*?)</(?:[\w.-]+:)?\1Ref\s*>", re.DOTALL)


def chart_problem(before: Package, after: Package, name: str, values: Mapping[tuple[str, str], Value]) -> str | None:
    """What is wrong with the new part, in words that follow its name; None when nothing is.

    ``values``: those of the edits, by casefolded sheet and cell. ``Refusal`` when the new part is no XML.
    """
    old, new = before.read(name), after.read(name)
    if _CACHE.sub(b"", old) != _CACHE.sub(b"", new):
        return "berubah selain nilai simpanannya"
    root = after.xml(name)
    for kind, text in ((b"num", False), (b"str", True)):
        was, now = ([ref[1] for ref in _REFERENCE.findall(xml) if ref[0] == kind] for xml in (old, new))
        elements = root.iter(f"{root.tag.removesuffix(local(root))}{kind.decode()}Ref")
        for element, one, other in zip(elements, was, now, strict=True):
            problem = _problem(element, text, values) if one != other else None
            if problem is not None:
                return problem
    return None


def _problem(ref: Element, text: bool, values: Mapping[tuple[str, str], Value]) -> str | None:
    space = ref.tag.removesuffix(local(ref))
    cells = referred(ref.findtext(f"{space}f") or "")
    kept = {int(pt.get("idx", "-1")): unescape(pt.findtext(f"{space}v") or "") for pt in ref.iter(f"{space}pt")}
    if cells is None or set(kept) - set(range(len(cells[1]))):
        return "menyimpan nilai sel lain"
    for at, cell in enumerate(cells[1]):
        place = cells[0].casefold(), cell
        if place in values and not _agrees(values[place], kept.get(at), text):
            return f"tidak menyimpan nilai sel {cells[0]}!{cell}"
    return None


def _agrees(wanted: Value, kept: str | None, text: bool) -> bool:
    if wanted is None or wanted == "" or (isinstance(wanted, str) and not text):
        return kept is None
    if kept is None or isinstance(wanted, str):
        return kept == wanted
    return isclose(float(kept), float(wanted), rel_tol=CACHE_TOLERANCE, abs_tol=CACHE_TOLERANCE)
