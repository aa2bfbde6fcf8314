"""Draws the charts of a new workbook from their map (``form.charts``).

openpyxl lays them; names and texts for screen readers, which it can't write, come in ``finish_part``. The values
that a chart keeps of its cells come with filling, as those of the cells do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import canonicalize
from xml.sax.saxutils import quoteattr

from iku_excel.form.charts import ChartMap, Hue, Series
from iku_excel.form.template.styles import BLUE, FONT, INK, MUTED
from iku_excel.xlsx.grid import area, letters

if TYPE_CHECKING:
    from iku_excel.form.template.content import Pen

GRID, EDGE, PALE, RED_ORANGE = "E3E3E3", MUTED, "DCE3EA", "C55A11"
HUES: dict[Hue, tuple[str, str]] = {"pucat": (PALE, EDGE), "biru": (BLUE, BLUE), "jingga": (RED_ORANGE, RED_ORANGE)}
"""Fill and outline. The pale fill is told from white by its outline, 7:1."""

TITLE_SIZE, TEXT_SIZE = 1000, 900
"""In hundredths of a point."""

THIN = 9525
"""Width of a line, in EMU (0.75 pt)."""

SPACE = 4 * THIN
"""Between a chart and what is above or left of it, in EMU."""

GAP = 60
"""Space between two groups of columns, as a percentage of one column's width."""

UNDER_TWO_LINES = (0.105, 0.31, 0.875, 0.45)
"""Where the columns stand, in parts of the chart: from the left, from the top, width, height. A title of two lines
would else lie on the labels of the highest columns, in a chart of a few centimetres."""

_DRAWING, _CHART = re.compile(r"xl/drawings/drawing\d+\.xml"), re.compile(r"xl/charts/chart\d+\.xml")
_FRAME_NAME = re.compile(r'(<(?:\w+:)?cNvPr id="\d+") name="Chart (\d+)"')
_LABEL_FORMAT = re.compile(r'(<(?:\w+:)?numFmt formatCode="[^"]*")(?=/?>)')


def lay_charts(pen: Pen, maps: Sequence[ChartMap]) -> None:
    """Draw these charts on the pen's sheet, the only one with a drawing, and leave their marks for ``finish``."""
    for chart in maps:
        sheet: Any = pen.sheet
        drawn = _drawn(chart)
        drawn.anchor = _anchor(sheet, chart.place)
        sheet.add_chart(drawn)
        pen.marks.charts.append(chart)


def finish_part(name: str, xml: bytes, maps: Sequence[ChartMap]) -> bytes:
    """A part of the new workbook: a drawing gets the names and texts of its charts, a chart its last marks. Others
    are given back as they are. The bytes are the same whatever wrote the XML."""
    if _DRAWING.fullmatch(name):

        def named(found: re.Match[str]) -> str:
            chart = maps[int(found[2]) - 1]
            return f"{found[1]} name={quoteattr(chart.name)} descr={quoteattr(chart.alt)}"

        return _FRAME_NAME.sub(named, canonicalize(xml.decode())).encode()
    if _CHART.fullmatch(name):
        # the format is the chart's own, not that of the cells
        return _LABEL_FORMAT.sub(r'\1 sourceLinked="0"', canonicalize(xml.decode())).encode()
    return xml


def _drawn(chart: ChartMap) -> Any:
    from openpyxl.chart import BarChart
    from openpyxl.chart.axis import ChartLines
    from openpyxl.chart.layout import Layout, ManualLayout
    from openpyxl.chart.shapes import GraphicalProperties

    drawn = BarChart(barDir="bar" if chart.lying else "col", grouping="clustered", varyColors=False, gapWidth=GAP)
    drawn.overlap = 0
    drawn.title = _title(chart.title)
    for number, series in enumerate(chart.series):
        drawn.series.append(_series(number, series, chart.categories))
    for axis in (drawn.x_axis, drawn.y_axis):
        axis.delete = False
        axis.txPr = _text(TEXT_SIZE, level=axis is drawn.x_axis)
        axis.majorTickMark = axis.minorTickMark = "none"
        axis.spPr = GraphicalProperties(ln=_line(GRID))
    drawn.x_axis.spPr = GraphicalProperties(ln=_line(EDGE))
    drawn.x_axis.number_format, drawn.y_axis.number_format = "General", "General"
    drawn.x_axis.tickLblSkip = 1
    drawn.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=_line(GRID)))
    drawn.y_axis.scaling.min = 0
    drawn.y_axis.crossBetween = "between"
    if chart.lying:
        drawn.x_axis.scaling.orientation = "maxMin"  # the first bar on top …
        drawn.y_axis.crosses = "max"  # … and the values' axis still below
    if len(chart.series) > 1:
        drawn.legend.position, drawn.legend.overlay = "b", False
        drawn.legend.txPr = _text(TEXT_SIZE)
    else:
        drawn.legend = None
    drawn.graphical_properties = GraphicalProperties(solidFill="FFFFFF", ln=_line("BFBFBF"))
    drawn.roundedCorners = False
    drawn.visible_cells_only = False  # the charts stay when staff hide the columns of the workings
    if chart.long_title:
        drawn.layout = Layout(manualLayout=ManualLayout("inner", "edge", "edge", "factor", "factor", *UNDER_TWO_LINES))
    return drawn


def _series(number: int, series: Series, categories: str) -> Any:
    from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
    from openpyxl.chart.label import DataLabelList
    from openpyxl.chart.series import Series as Drawn
    from openpyxl.chart.series import SeriesLabel
    from openpyxl.chart.shapes import GraphicalProperties

    fill, edge = HUES[series.hue]
    labels = DataLabelList(
        numFmt=series.labels,
        txPr=_text(TEXT_SIZE),
        dLblPos="outEnd",
        showVal=True,
        showLegendKey=False,
        showCatName=False,
        showSerName=False,
        showPercent=False,
        showBubbleSize=False,
    )
    drawn = Drawn(
        idx=number,
        order=number,
        tx=SeriesLabel(strRef=StrRef(f=series.name)),
        spPr=GraphicalProperties(solidFill=fill, ln=_line(edge)),
        invertIfNegative=False,
        dLbls=labels if series.labels else None,
        cat=AxDataSource(strRef=StrRef(f=categories)),
        val=NumDataSource(numRef=NumRef(f=series.values)),
    )
    drawn.marker = None  # columns have none
    return drawn


def _anchor(sheet: Any, place: str) -> Any:
    """Where a chart lies: on all the cells of ``place``, or between two parts of a hundred of their width."""
    from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, TwoCellAnchor

    cells, _, part = place.partition(" ")
    over = area(cells)
    start, end = map(int, (part or "0-100").split("-"))
    widths = [_width(sheet, column) for column in range(over.left, over.right + 1)]
    left, left_off = _column_at(widths, sum(widths) * start // 100 + SPACE)
    right, right_off = _column_at(widths, sum(widths) * end // 100)
    return TwoCellAnchor(
        editAs="twoCell",
        _from=AnchorMarker(col=over.left - 1 + left, colOff=left_off, row=over.top - 1, rowOff=SPACE),
        to=AnchorMarker(col=over.left - 1 + right, colOff=right_off, row=over.bottom, rowOff=0),
    )


def _width(sheet: Any, column: int) -> int:
    """The width of a column in EMU: 7 pixels a digit of the standard font, 9525 EMU a pixel."""
    return int(sheet.column_dimensions[letters(column)].width * 7 + 0.5) * 9525


def _column_at(widths: Sequence[int], side: int) -> tuple[int, int]:
    """In which column this distance from the left ends, from 0, and how far inside."""
    for number, width in enumerate(widths):
        if side <= width:
            return number, side
        side -= width
    return len(widths), 0


def _line(colour: str) -> Any:
    from openpyxl.drawing.line import LineProperties

    return LineProperties(solidFill=colour, w=THIN)


def _letters(size: int, bold: bool = False, ink: str = INK) -> Any:
    from openpyxl.drawing.text import CharacterProperties, Font

    return CharacterProperties(sz=size, b=bold, solidFill=ink, latin=Font(typeface=FONT))


def _text(size: int, *, level: bool = False) -> Any:
    """``level``: never turned, however narrow; LibreOffice then draws every label too."""
    from openpyxl.chart.text import RichText
    from openpyxl.drawing.text import Paragraph, ParagraphProperties, RichTextProperties

    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=_letters(size)))
    paragraph.r = []  # a style, no text
    return RichText(RichTextProperties(rot=0, vert="horz") if level else None, p=[paragraph])


def _title(text: str) -> Any:
    from openpyxl.chart.title import title_maker

    title: Any = title_maker(text)
    paragraph = title.tx.rich.paragraphs[0]
    paragraph.pPr.defRPr = _letters(TITLE_SIZE, True, BLUE)
    paragraph.r[0].rPr = _letters(TITLE_SIZE, True, BLUE)
    title.overlay = False
    return title
