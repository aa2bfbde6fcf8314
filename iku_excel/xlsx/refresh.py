"""One sheet brought to a newer layout in place: the new frame and cells, and all that people put there.

From the donor come the cells of the new layout, column widths, conditional formats, protection, page and charts.
From the sheet at hand stay what people typed or drew beside the old layout, with every relationship: notes, comments,
drawings, buttons, links, their own conditional formats and validations, merged cells, zoom, printer, extensions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from iku_excel.xlsx.draft import Draft
from iku_excel.xlsx.drawings import add_drawings, covered, placed
from iku_excel.xlsx.elements import (
    RELATIONS,
    SHEET_ORDER,
    Child,
    Tree,
    at_home,
    inside,
    namespaces,
    with_attribute,
)
from iku_excel.xlsx.fences import strange
from iku_excel.xlsx.grid import MAX_COLUMN, area
from iku_excel.xlsx.merge import Change, Move, label_column, merge_rows, refusal
from iku_excel.xlsx.notes import follow
from iku_excel.xlsx.package import Package, unescape
from iku_excel.xlsx.sheetrows import Row, extent, read_rows, sheet_data
from iku_excel.xlsx.stylegraft import StyleGraft
from iku_excel.xlsx.transplant import copied, restyled

_LOCKED_BY = ("password", "hashValue")
_KEPT_IF_THERE = ("printOptions", "pageMargins", "headerFooter")


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What became of a sheet. ``moves``: cells of the staff's that stood in the way. ``split``: merged ranges that
    had to be taken apart. ``covering``: the names of drawings of theirs that lie over the new layout."""

    moves: tuple[Move, ...]
    split: tuple[str, ...]
    covering: tuple[str, ...]


def refresh_sheet(draft: Draft, styles: StyleGraft, donor: Package, name: str, change: Change) -> Refreshed:
    """Bring the sheet of that name to the donor's layout, in a draft. Styles gather in ``styles``.

    ``Refusal`` where something of the staff's stands in the way that can't be moved (a table, an array formula, a
    filter), and for a sheet that isn't written as Excel writes one.
    """
    return _Refresh(draft, styles, donor, name, change).run()


class _Refresh:
    def __init__(self, draft: Draft, styles: StyleGraft, donor: Package, name: str, change: Change) -> None:
        self.draft, self.donor, self.name, self.change = draft, donor, name, change
        self.part, self.origin = draft.package.sheet(name).part, donor.sheet(name).part
        try:
            self.tree = Tree.of(draft.read(self.part), self.part)
        except ValueError as error:
            raise strange(name, "memuat komentar XML atau pengodean lain") from error
        if self.tree.prefix or self.tree.first("sheetData") is None:
            raise strange(name, "ditulis dengan cara yang tidak kami kenal")
        self.fresh = Tree.of(restyled(donor.read(self.origin), styles, donor), self.origin)
        self.home, self.away = namespaces(self.tree.opening), namespaces(self.fresh.opening)

    def run(self) -> Refreshed:
        """Rows first, then every other child of the sheet in its turn."""
        drawing = self._target(self.fresh, "drawing")
        self.covered = covered(Tree.of(self.donor.read(drawing), drawing)) if drawing else []
        self._refuse_blocks()
        rows, moves = self._rows()
        self._set("dimension", [b'<dimension ref="%b"/>' % extent(rows).encode()])
        self._properties()
        self._views()
        self._format()
        self._set("cols", self._columns())
        self._protection()
        split = self._merged()
        self._rules()
        self._appended("dataValidations", counted=True)
        self._links(moves)
        for name in _KEPT_IF_THERE:
            if self.tree.first(name) is None:
                self._set(name, [self._taken(child) for child in self.fresh.all(name)])
        self._page()
        self._appended("ignoredErrors", counted=False)
        covering = self._covering()
        if drawing:
            self._drawing(drawing)
        self.draft.put(self.part, self.tree.xml)
        follow(self.draft, self.part, moves)
        return Refreshed(moves, split, covering)

    def _taken(self, child: Child) -> bytes:
        return at_home(child.xml, self.away, self.home)

    def _set(self, name: str, xml: list[bytes]) -> None:
        """These in the place of all children of that name."""
        self.tree.children = [child for child in self.tree.children if child.name != name]
        for one in xml:
            self.tree.insert(name, one, SHEET_ORDER)

    def _target(self, tree: Tree, name: str) -> str | None:
        """The part that a child of the sheet (``<drawing r:id>``) means."""
        child = tree.first(name)
        if child is None:
            return None
        rid = _rid(child)
        if tree is self.fresh:
            return self.donor.rels(self.origin)[rid].target
        return next(tie.target for tie in self.draft.ties(self.part) if tie.rid == rid)

    def _refuse_blocks(self) -> None:
        """A table or a filter is one thing: its cells can't move one by one."""
        for table in self.draft.package.tables(self.name):
            if self._in_the_way(table.ref):
                raise refusal(self.name, table.ref.partition(":")[0], f"Tabel {table.display_name}")
        mine, new = self.tree.first("autoFilter"), self.fresh.first("autoFilter")
        if mine is not None and (new is None or new.attributes.get("ref") != mine.attributes.get("ref")):
            ref = mine.attributes.get("ref", "A1")
            if new is not None or self._in_the_way(ref):
                raise refusal(self.name, ref.partition(":")[0], f"Filter {ref}")
        elif mine is None and new is not None:
            self._set("autoFilter", [self._taken(new)])

    def _in_the_way(self, ref: str) -> bool:
        block = area(ref)
        return any(block.has(*at) for at in self.change.written) or any(block.crosses(a) for a in self.covered)

    def _rows(self) -> tuple[dict[int, Row], tuple[Move, ...]]:
        data, fresh = self.tree.first("sheetData"), self.fresh.first("sheetData")
        if data is None or fresh is None:
            raise strange(self.name, "tidak punya tempat untuk sel")
        widths = {n: float(of.get("width", "0")) for n, of in _each_column(self.fresh).items()}
        rows, moves = merge_rows(
            self.name,
            read_rows(data, self.name),
            read_rows(Child("sheetData", self._taken(fresh)), self.name),
            self.change,
            self.covered,
            label_column({n: width for n, width in widths.items() if n <= self.change.page.right}),
        )
        self.tree.replace(data, sheet_data(rows))
        return rows, moves

    def _properties(self) -> None:
        """The new sheet's, but the code name (the macro project knows it) and the colour of the tab."""
        old, new = self.tree.first("sheetPr"), self.fresh.first("sheetPr")
        if new is None:
            return
        made = inside(Child("sheetPr", self._taken(new)))
        made.opening = with_attribute(made.opening, "codeName", None)
        if old is not None:
            for key in ("codeName", "filterMode"):
                if key in old.attributes:
                    made.opening = with_attribute(made.opening, key, old.attributes[key])
            colour = inside(old).first("tabColor")
            if colour is not None:
                made.children = [colour, *(child for child in made.children if child.name != "tabColor")]
        self._set("sheetPr", [made.xml])

    def _views(self) -> None:
        """Zoom and selection stay; frozen panes follow the new layout where it froze others."""
        old, new = self.tree.first("sheetViews"), self.fresh.first("sheetViews")
        if new is None:
            return
        view = inside(new).children[0]
        if old is None:
            alone = with_attribute(view.tag, "tabSelected", None) + view.xml[len(view.tag) :]
            self._set("sheetViews", [b"<sheetViews>%b</sheetViews>" % alone])
            return
        listed = inside(old)
        for mine in listed.all("sheetView"):
            if _frozen(mine) == _frozen(view):
                continue
            frame = inside(mine)
            frame.opening = with_attribute(frame.opening, "topLeftCell", None)
            frame.children = inside(view).children
            listed.replace(mine, frame.xml)
        self.tree.replace(old, listed.xml)

    def _format(self) -> None:
        old, new = self.tree.first("sheetFormatPr"), self.fresh.first("sheetFormatPr")
        if new is None:
            return
        tag = self._taken(new)
        for key in ("outlineLevelRow", "outlineLevelCol"):
            if old is not None and key in old.attributes:
                tag = with_attribute(tag, key, old.attributes[key])
        self._set("sheetFormatPr", [tag])

    def _columns(self) -> list[bytes]:
        """The new layout's widths; where both layouts have the same one, and beyond both, the staff's."""
        old, new = _each_column(self.tree), _each_column(self.fresh)
        tags: dict[int, dict[str, str]] = {}
        for number in sorted({*old, *new}):
            keep = number in old and (number not in new or number in self.change.columns)
            tags[number] = old[number] if keep else new[number]
        made, last = [], 0
        for first, of in tags.items():
            if first <= last:
                continue
            last = first
            while tags.get(last + 1) == of:
                last += 1
            tag = with_attribute(with_attribute(b"<col/>", "min", str(first)), "max", str(last))
            for key, value in of.items():
                tag = with_attribute(tag, key, value)
            made.append(tag)
        return [b"<cols>%b</cols>" % b"".join(made)] if made else []

    def _protection(self) -> None:
        """The new layout's; a password that somebody set stays."""
        old = self.tree.first("sheetProtection")
        if old is None or not any(key in old.attributes for key in _LOCKED_BY):
            self._set("sheetProtection", [self._taken(child) for child in self.fresh.all("sheetProtection")])

    def _merged(self) -> tuple[str, ...]:
        """Merged ranges stay unless the new layout writes into them."""
        old = self.tree.first("mergeCells")
        if old is None:
            return ()
        split = [c.attributes["ref"] for c in inside(old).children if self._in_the_way(c.attributes["ref"])]
        kept = [c.xml for c in inside(old).children if c.attributes["ref"] not in split]
        count = b'<mergeCells count="%d">' % len(kept)
        self._set("mergeCells", [count + b"".join(kept) + b"</mergeCells>"] if kept else [])
        return tuple(split)

    def _rules(self) -> None:
        """Conditional formats: the staff's first, then the new layout's; what both layouts have stands once."""
        kept, last = [], 0
        blocks = [inside(Child(child.name, self._taken(child))) for child in self.fresh.all("conditionalFormatting")]
        ours = {text.text for block in blocks for rule in block.all("cfRule") for text in inside(rule).all("formula")}
        for child in self.tree.all("conditionalFormatting"):
            block = inside(child)
            block.children = [rule for rule in block.children if not _says(rule, ours)]
            if any(rule.name == "cfRule" for rule in block.children):
                kept.append(block.xml)
                priorities = (rule.attributes.get("priority", "0") for rule in block.all("cfRule"))
                last = max([last, *(int(number) for number in priorities if number.isdigit())])
        for block in blocks:
            for rule in block.all("cfRule"):
                number = str(int(rule.attributes.get("priority", "1")) + last)
                block.replace(rule, with_attribute(rule.tag, "priority", number) + rule.xml[len(rule.tag) :])
            kept.append(block.xml)
        self._set("conditionalFormatting", kept)

    def _appended(self, name: str, *, counted: bool) -> None:
        """The staff's members of a list, then the new layout's."""
        old, new = self.tree.first(name), self.fresh.first(name)
        if new is None:
            return
        taken = Child(name, self._taken(new))
        if old is None:
            self._set(name, [taken.xml])
            return
        listed = inside(old)
        known = {child.xml for child in listed.children}
        listed.children += [child for child in inside(taken).children if child.xml not in known]
        if counted and b"count" in listed.opening:
            listed.opening = with_attribute(listed.opening, "count", str(len(listed.children)))
        self.tree.replace(old, listed.xml)

    def _links(self, moves: tuple[Move, ...]) -> None:
        """The staff's links, those on cells that moved along with them; then the new layout's."""
        places = {move.old: move.new for move in moves}
        links = []
        old = self.tree.first("hyperlinks")
        for child in inside(old).children if old is not None else ():
            ref = child.attributes.get("ref", "A1")
            first = area(ref)
            if (first.top, first.left) in self.change.owned and first.single:
                continue
            tag = with_attribute(child.tag, "ref", places[ref]) if ref in places else child.tag
            links.append(tag + child.xml[len(child.tag) :])
        new = self.fresh.first("hyperlinks")
        ties = self.donor.rels(self.origin)
        for child in inside(Child("hyperlinks", self._taken(new))).children if new is not None else ():
            if _rid(child):
                raise ValueError(f"{self.name}: a link to {ties[_rid(child)].target} is not taken over")
            links.append(child.xml)
        self._set("hyperlinks", [b"<hyperlinks>%b</hyperlinks>" % b"".join(links)] if links else [])

    def _page(self) -> None:
        """Direction and fitting are the new layout's; paper and printer the staff's."""
        old, new = self.tree.first("pageSetup"), self.fresh.first("pageSetup")
        if new is None or old is None:
            self._set("pageSetup", [self._taken(new)] if new is not None else [])
            return
        tag = old.tag
        mine, its = old.attributes, new.attributes
        for key in ("orientation", "fitToHeight", "fitToWidth", "scale"):
            if mine.get(key) != its.get(key):
                tag = with_attribute(tag, key, its.get(key))
        self.tree.replace(old, tag + old.xml[len(old.tag) :])

    def _covering(self) -> tuple[str, ...]:
        """The staff's drawings that lie over cells which the new layout writes and the old one didn't, or charts."""
        part = self._target(self.tree, "drawing")
        if part is None:
            return ()
        fresh = self.change.written - self.change.owned
        found: dict[str, None] = {}
        for name, block in placed(Tree.of(self.draft.read(part), part)):
            over = any(block.has(*at) for at in fresh) or any(block.crosses(chart) for chart in self.covered)
            if over and not name.startswith(self.change.charts):
                found[name] = None
        return tuple(found)

    def _drawing(self, origin: str) -> None:
        part = self._target(self.tree, "drawing")
        if part is not None:
            add_drawings(self.draft, self.donor, origin, part, self.change.charts)
            return
        name = copied(self.draft, self.donor, origin, {})
        rid = self.draft.relate(self.part, RELATIONS + "/drawing", name)
        self._set("drawing", [f'<drawing xmlns:r="{RELATIONS}" r:id="{rid}"/>'.encode()])


def _rid(child: Child) -> str:
    found = re.search(rb"\s[\w.-]+:id\s*=\s*[\"']([^\"']*)", child.tag)
    return unescape(found[1].decode()) if found else ""


def _says(rule: Child, formulas: set[str]) -> bool:
    """Whether a conditional rule goes by these formulas alone."""
    found = [child.text for child in inside(rule).all("formula")] if rule.name == "cfRule" else []
    return bool(found) and all(text in formulas for text in found)


def _frozen(view: Child) -> tuple[str | None, ...]:
    pane = inside(view).first("pane")
    return tuple(pane.attributes.get(key) for key in ("xSplit", "ySplit", "state")) if pane is not None else ()


def _each_column(tree: Tree) -> dict[int, dict[str, str]]:
    """The attributes of each column that is described, but for its numbers."""
    found = {}
    listed = tree.first("cols")
    for child in inside(listed).children if listed is not None else ():
        of = child.attributes
        first, last = int(of.pop("min")), int(of.pop("max"))
        for number in range(first, min(last, MAX_COLUMN) + 1):
            found[number] = of
    return found
