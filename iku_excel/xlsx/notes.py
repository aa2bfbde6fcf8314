"""Comments and notes that go along with the cells they are about."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from iku_excel.xlsx.draft import Draft
from iku_excel.xlsx.grid import place
from iku_excel.xlsx.merge import Move

_REF = re.compile(rb"(<(?:[\w.-]+:)?(?:comment|threadedComment)(?=\s)[^>]*?\sref\s*=\s*[\"'])([A-Z]{1,3}\d+)")
_DATA = re.compile(rb"<x:ClientData\s[^>]*ObjectType=\"Note\".*?</x:ClientData>", re.DOTALL)
_AT = re.compile(rb"(<x:(Row|Column)>)(\d+)")
_ANCHOR = re.compile(rb"(<x:Anchor>\s*)([-\d,\s]+?)(\s*</x:Anchor>)")
_KINDS = ("comments", "threadedComment", "vmlDrawing")


def follow(draft: Draft, part: str, moves: Sequence[Move]) -> None:
    """Bring the comments on cells of this sheet to where the cells have moved: text, thread and yellow box."""
    places = {move.old: move.new for move in moves}
    if not places:
        return

    def renamed(found: re.Match[bytes]) -> bytes:
        ref = found[2].decode()
        return found[1] + places.get(ref, ref).encode()

    for tie in draft.ties(part):
        if not tie.external and tie.type.rpartition("/")[2] in _KINDS:
            xml = draft.read(tie.target)
            xml = _DATA.sub(lambda found: _box(found[0], moves), xml)
            draft.put(tie.target, _REF.sub(renamed, xml))


def _at(data: bytes, new: Mapping[bytes, int]) -> bytes:
    return _AT.sub(lambda found: found[1] + b"%d" % new[found[2]], data)


def _box(data: bytes, moves: Sequence[Move]) -> bytes:
    """The part of a yellow box that says where it hangs (rows and columns counted from 0)."""
    at = {found[2]: int(found[3]) for found in _AT.finditer(data)}
    for move in moves:
        (row, column), (new_row, new_column) = place(move.old), place(move.new)
        if (at.get(b"Row"), at.get(b"Column")) != (row - 1, column - 1):
            continue
        new = {b"Row": new_row - 1, b"Column": new_column - 1}
        data = _at(data, new)
        down, right = new_row - row, new_column - column

        def shifted(found: re.Match[bytes], down: int = down, right: int = right) -> bytes:
            numbers = [int(number) for number in found[2].split(b",")]
            steps = (right, 0, down, 0, right, 0, down, 0)
            return found[1] + b", ".join(b"%d" % max(0, n + s) for n, s in zip(numbers, steps, strict=True)) + found[3]

        return _ANCHOR.sub(shifted, data)
    return data
