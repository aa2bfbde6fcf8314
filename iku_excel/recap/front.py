"""Ringkas, the recap's first sheet: what was gathered, the averages, and four charts, on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from iku_excel.form.charts import ONE_DECIMAL, WHOLE, ChartMap, Hue, Series
from iku_excel.form.inputs import quoted
from iku_excel.form.layout import IKU_1, IKU_CODES
from iku_excel.form.secretariat_sheet import COMPONENTS
from iku_excel.form.summary_sheet import MARGIN_NOTE
from iku_excel.form.template.chart_pages import lay_charts
from iku_excel.form.template.content import Pen
from iku_excel.form.template.styles import GRAVE, HEADER, MONEY, NOTE, SECTION, SUBTITLE, TITLE, TWO, Style
from iku_excel.recap.columns import Value, iku_names
from iku_excel.recap.compare import of_year, predicates, weakest
from iku_excel.recap.pages import FIRST_ROW, HEADER_ROW, NONE, PARTS, WEAKEST, levels
from iku_excel.recap.roll import Roll
from iku_excel.recap.rowxml import fitting

SHEET = "Ringkas"
YEARS_SHOWN = 6
"""The latest years in the table of averages; Tren has all."""
WEAKEST_SHOWN = 10

_WIDTHS = {"A": 48.0, "B": 10.5, "C": 10.5, "D": 10.5, **dict.fromkeys("EFGHIJK", 10.5)}
_LABEL = Style(border=True, wrap=True, indent=1, horizontal="left")
_COUNT = Style(border=True, number_format=MONEY)
_FIGURE = Style(border=True, number_format=TWO)
_MIDDLE = Style(border=True, horizontal="center")
_CHART_ROWS = 19


@dataclass(frozen=True, slots=True)
class _Sheet:
    """Where the next block goes."""

    pen: Pen
    whole: Roll

    def row(self, at: int, cells: Sequence[tuple[str, Value, Style]]) -> None:
        """Write cells of a row: column, value, look; no value is a dash."""
        for column, value, style in cells:
            absent = value is None and style is _FIGURE
            look = replace(style, horizontal="right") if absent else style
            self.pen.put(f"{column}{at}", NONE if absent else fitting(value), look)


def lay_front(pen: Pen, whole: Roll) -> None:
    """Write the sheet."""
    sheet = _Sheet(pen, whole)
    pen.sheet_widths(_WIDTHS)
    pen.put("A1", "REKAP INDIKATOR KINERJA UTAMA", TITLE)
    years = whole.years
    span = f"tahun {years[0]}" if len(years) == 1 else f"tahun {years[0]}–{years[-1]}" if years else "belum ada tahun"
    pen.put("A2", f"{len(whole.units)} perangkat daerah · {span} · triwulan terakhir tiap tahun", SUBTITLE)
    pen.put("A3", _source_note(whole), NOTE)
    below = max(_contents(sheet), _averages(sheet)) + 2
    if not years:
        return
    latest = years[-1]
    below = _indicators(sheet, below, latest) + 2
    predicates_at = _predicates(sheet, below, latest)
    lay_charts(pen, _charts(whole, predicates_at, max(predicates_at) + 2))


def _source_note(whole: Roll) -> str:
    official = sum(record.indicator(IKU_1).source == "hasil BKN" for record in whole.counted)
    if not official:
        return f"{MARGIN_NOTE}. Semua angka dihitung dari isian buku kerja."
    return (
        f"Hasil hitung internal, bukan hasil resmi BKN, kecuali IKU-1 di {official} buku kerja yang memakai hasil BKN. "
        "Semua angka dihitung dari isian buku kerja."
    )


def _contents(sheet: _Sheet) -> int:
    """What was gathered; the last row."""
    whole, pen = sheet.whole, sheet.pen
    pen.put("A5", "Isi rekap", SECTION)
    doubled = sum(map(len, whole.duplicates))
    rows: list[tuple[str, int, bool]] = [
        ("Buku kerja terbaca", len(whole.records), False),
        ("Perangkat daerah", len(whole.units), False),
        ("Buku kerja yang diperbandingkan", len(whole.counted), False),
        ("Tidak terbaca", len(whole.unread), True),
        ("Ganda (tidak dijumlah, tidak diperbandingkan)", doubled, True),
        ("Tanpa nama perangkat daerah", sum(not record.unit for record in whole.records), True),
        ("Belum diisi", len(whole.having("belum diisi")), True),
        ("Lebih lama dari datanya", len(whole.having("lebih lama dari datanya")), True),
        ("Mutakhir", len(whole.having("mutakhir")), False),
        *((f"Temuan {level}", count, level == "kesalahan") for level, count in levels(whole)),
    ]
    sheet.row(FIRST_ROW, (("A", "Yang dihitung", HEADER), ("B", "Jumlah", HEADER)))
    for at, (label, count, grave) in enumerate(rows, FIRST_ROW + 1):
        look = replace(GRAVE, number_format=MONEY) if grave and count else _COUNT
        sheet.row(at, (("A", label, _LABEL), ("B", count, look)))
    return FIRST_ROW + len(rows)


def _averages(sheet: _Sheet) -> int:
    """Averages of each year, the earliest first; the last row."""
    whole, pen = sheet.whole, sheet.pen
    years = whole.years[-YEARS_SHOWN:]
    pen.put("D5", "Rata-rata menurut tahun", SECTION)
    heads = ("Tahun", "Perangkat daerah", *(f"Realisasi {c}" for c in IKU_CODES), *(f"Capaian {c}" for c in IKU_CODES))
    sheet.row(FIRST_ROW, [(column, head, HEADER) for column, head in zip("DEFGHIJK", heads, strict=True)])
    for at, year in enumerate(years, FIRST_ROW + 1):
        records = whole.of_year(year)
        over_all = [of_year(records, code) for code in IKU_CODES]
        figures = [*(o.value.mean for o in over_all), *(o.capaian.mean for o in over_all)]
        cells: list[tuple[str, Value, Style]] = [("D", str(year), _MIDDLE), ("E", len(records), _COUNT)]
        sheet.row(at, [*cells, *((c, v, _FIGURE) for c, v in zip("FGHIJK", figures, strict=True))])
    return FIRST_ROW + len(years)


def _indicators(sheet: _Sheet, at: int, year: int) -> int:
    """The latest year, indicator by indicator; the last row."""
    sheet.pen.put(f"A{at}", f"IKU tahun {year}", SECTION)
    heads = ("IKU", "Punya nilai", "Tanpa nilai", "Tidak berlaku", "Rata-rata", "Terendah", "Tertinggi", "Capaian")
    sheet.row(at + 1, [(column, head, HEADER) for column, head in zip("ABCDEFGH", heads, strict=True)])
    names, records = iku_names(year), sheet.whole.of_year(year)
    for row, code in enumerate(IKU_CODES, at + 2):
        o = of_year(records, code)
        counts = (o.valued, o.without, o.not_carried)
        figures = (o.value.mean, o.value.lowest, o.value.highest, o.capaian.mean)
        sheet.row(row, [("A", f"{code} {names[code]}", _LABEL)])
        sheet.row(row, [(c, v, _COUNT) for c, v in zip("BCD", counts, strict=True)])
        sheet.row(row, [(c, v, _FIGURE) for c, v in zip("EFGH", figures, strict=True)])
    return at + 1 + len(IKU_CODES)


def _predicates(sheet: _Sheet, at: int, year: int) -> tuple[int, int]:
    """How many agencies have which predicate; the first and the last row."""
    sheet.pen.put(f"A{at}", f"Predikat capaian tahun {year} (jumlah perangkat daerah)", SECTION)
    sheet.row(at + 1, [(column, head, HEADER) for column, head in zip("ABCD", ("Predikat", *IKU_CODES), strict=True)])
    found = predicates(sheet.whole.of_year(year), IKU_CODES)
    for row, (label, counts) in enumerate(found, at + 2):
        sheet.row(row, [("A", label, _LABEL), *((c, n, _COUNT) for c, n in zip("BCD", counts, strict=True))])
    if not found:
        sheet.row(at + 2, [("A", "Belum ada capaian.", _LABEL), *((c, None, _COUNT) for c in "BCD")])
    return at + 2, at + 1 + len(found)


def _charts(whole: Roll, predicates_at: tuple[int, int], top: int) -> list[ChartMap]:
    """Four charts, two beside each other from row ``top`` on; one without figures is left out."""
    latest = whole.years[-1]
    first, last = FIRST_ROW + 1, FIRST_ROW + min(len(whole.years), YEARS_SHOWN)
    middle = top + _CHART_ROWS
    rows = (f"{top}:{{}}{middle - 1}", f"{middle}:{{}}{middle + _CHART_ROWS - 1}")
    left, right = ("A" + each.format("D") for each in rows), ("E" + each.format("K") for each in rows)
    parts_last = HEADER_ROW + len(COMPONENTS)
    asked = sum(e.units > 0 for e in weakest(whole.of_year(latest), latest))
    made = [
        _chart(
            "tren",
            "Rata-rata realisasi menurut tahun",
            (SHEET, "D", "FGH", first, last),
            ("pucat", "biru", "jingga"),
            ONE_DECIMAL,
            next(left),
        )
    ]
    start, end = predicates_at
    if end >= start:
        made.append(
            _chart(
                "predikat",
                f"Perangkat daerah menurut predikat capaian, {latest}",
                (SHEET, "A", "BCD", start, end),
                ("pucat", "biru", "jingga"),
                WHOLE,
                next(right),
            )
        )
    made.append(
        _chart(
            "komponen",
            f"Rata-rata komponen IKU-2, {latest}",
            (PARTS, "B", "E", FIRST_ROW, parts_last),
            ("biru",),
            ONE_DECIMAL,
            next(left),
            lying=True,
        )
    )
    if asked:
        made.append(
            _chart(
                "elemen",
                f"Elemen NSPK terlemah, rata-rata persen, {latest}",
                (WEAKEST, "D", "F", FIRST_ROW, HEADER_ROW + min(asked, WEAKEST_SHOWN)),
                ("jingga",),
                ONE_DECIMAL,
                next(right),
                lying=True,
            )
        )
    return made


def _chart(
    key: str,
    title: str,
    cells: tuple[str, str, str, int, int],
    hues: Sequence[Hue],
    labels: str,
    at: str,
    *,
    lying: bool = False,
) -> ChartMap:
    """A chart of ``cells``: sheet, column of categories, columns of values, first and last row."""
    sheet, names, values, first, last = cells
    where = quoted(sheet)
    return ChartMap(
        key=key,
        sheet=SHEET,
        name=f"Rekap {key}",
        title=title,
        alt=f"Grafik {'batang' if lying else 'kolom'}: {title}. "
        f"Angkanya di lembar {sheet} sel {values[0]}{first}:{values[-1]}{last}.",
        lying=lying,
        categories=f"{where}!${names}${first}:${names}${last}",
        series=tuple(
            Series(f"{where}!${column}${first}:${column}${last}", hue, labels)
            for column, hue in zip(values, hues, strict=True)
        ),
        place=at,
    )
