"""The lint of formulas: for every rule a formula that breaks it and one that does not."""

from __future__ import annotations

import pytest
from judges.book_lint import lint_book
from judges.expression import FormulaError, is_name, parse, structured
from judges.formula_lint import lint, lint_names, warnings
from judges.specimen import edited, specimen

TABLES = {
    "tblPegawai": ["NIP", "Aktif"],
    "tblDiklat": ["NIP", "Selesai"],
    "tblAnggaran": ["Kode", "Pagu"],
    "tblKeluhan": ["Tracking ID", "Duplikat Dari", "Status", "Kanal", "Tanggal Masuk"],
    "tblSarpras": ["Kode Barang", "NUP", "Jumlah"],
}
ESC = 'SUBSTITUTE(SUBSTITUTE(SUBSTITUTE({},"~","~~"),"*","~*"),"?","~?")'
ESC_KODE = ESC.format("tblAnggaran[Kode]")
TAIL = '"=?"&' + ESC.format("MID(tblPegawai[NIP],2,99)")
HEAD = '"="&' + ESC.format("LEFT(tblPegawai[NIP],1)") + '&"*"'
WHOLE = '"="&' + ESC.format("tblPegawai[NIP]") + '&"*"'

RULES = [
    ("function", 'TEXTJOIN(",",TRUE,B2)', "SUM(B2)"),
    ("function", "_xlfn.XLOOKUP(1,B2:B3,C2:C3)", "LOOKUP(1,B2:B3,C2:C3)"),
    ("function", "AGGREGATE(4,6,B2:B3)", "_xlfn.AGGREGATE(4,6,B2:B3)"),
    ("function", '_xlfn.MAXIFS(B2:B3,C2:C3,"a")', "MAX(B2:B3)"),
    ("function", 'TEXT(B2,"0,00")', 'B2&""'),
    ("reference", "SUM(tblAnggaran[#All])", "SUM(tblAnggaran[Pagu])"),
    ("reference", "tblAnggaran[[#This Row],[Pagu]]*2", "B2*2"),
    ("reference", "SUM(tblAnggaran[@Pagu])", "SUM(tblAnggaran[Pagu])"),
    ("reference", "SUM([@Pagu])", "SUM(tblAnggaran[Pagu])"),
    ("reference", "COUNTA(tblAnggaran[#Headers])", "COUNTA(A1:D1)"),
    ("reference", "ROWS(tblAnggaran)", "ROWS(tblAnggaran[Pagu])"),
    ("reference", "SUM(tblAngaran[Pagu])", "SUM(tblAnggaran[Pagu])"),
    ("reference", "SUM(tblAnggaran[Pagu Murni])", "SUM(tblAnggaran[Pagu])"),
    ("reference", "Tahum+1", "Tahun+1"),
    ("reference", "'Lembar Lain'!B2", "'Data NSPK'!B2"),
    ("reference", "SUM([1]Data!B2)", "SUM('Data NSPK'!B2)"),
    ("reference", "SUM(B2:B9 A5:C5)", "SUM(B5)"),
    ("reference", "SUM(@B2:B9)", "SUM(B2:B9)"),
    ("reference", "SUM([Pagu])", "SUM(tblAnggaran[Pagu])"),
    ("reference", "SUM(tblAnggaran[])", "SUM(tblAnggaran[Pagu])"),
    ("reference", "B1048577+1", "B1048576+1"),
    ("reference", "R+1", "Tahun+1"),
    ("scalar", "SUM(ISNUMBER(B2:B9))", "SUMPRODUCT(--ISNUMBER(B2:B9))"),
    ("scalar", "tblAnggaran[Pagu]", "SUM(tblAnggaran[Pagu])"),
    ("scalar", "SUM(tblAnggaran[Pagu]*1)", "SUMPRODUCT(tblAnggaran[Pagu]*1)"),
    ("scalar", "ISNUMBER(tblAnggaran[Pagu])", "SUMPRODUCT(--ISNUMBER(tblAnggaran[Pagu]))"),
    ("scalar", "B2:B9+1", "B2+1"),
    ("scalar", "MIN(ROW(tblAnggaran[Pagu]))", "SUMPRODUCT(ROW(tblAnggaran[Pagu])-MIN(ROW(tblAnggaran[Pagu])))"),
    ("array", "SUMPRODUCT(IF(tblAnggaran[Pagu]>1,1,0))", "IF(SUM(tblAnggaran[Pagu])>1,1,0)"),
    ("array", "SUMPRODUCT(IFERROR(tblAnggaran[Pagu]*1,0))", "IFERROR(SUM(tblAnggaran[Pagu])/0,0)"),
    ("array", "SUMPRODUCT(CHOOSE(tblAnggaran[Pagu],1,2))", "CHOOSE(B2,1,2)"),
    ("array", "IF(AND(tblAnggaran[Pagu]>1),1,0)", "IF(AND(B2>1,COUNT(B2:B9)=8),1,0)"),
    ("array", "INDEX(tblAnggaran[Pagu]*2,3)", "INDEX(tblAnggaran[Pagu],3)"),
    ("range", "SUMPRODUCT(NETWORKDAYS(B2:B9,C2))", "SUMPRODUCT(NETWORKDAYS(B2:B9*1,C2,D2:D9))"),
    ("code", 'COUNTIF(tblPegawai[NIP],"="&Sel_Aman)', 'COUNTIF(tblPegawai[Aktif],"="&Sel_Aman)'),
    (
        "code",
        f"SUMPRODUCT(COUNTIFS(tblDiklat[NIP],{WHOLE}))",
        f"SUMPRODUCT(COUNTIFS(tblDiklat[NIP],{TAIL},tblDiklat[NIP],{HEAD}))",
    ),
    (
        "code",
        f"SUMPRODUCT(COUNTIFS(tblDiklat[NIP],{TAIL}))",
        f"SUMPRODUCT(COUNTIFS(tblDiklat[NIP],{TAIL},tblDiklat[NIP],{HEAD}))",
    ),
    (
        "code",
        f'SUMPRODUCT(COUNTIF(tblAnggaran[Kode],"="&{ESC_KODE}))',
        f'SUMPRODUCT(COUNTIF(tblAnggaran[Kode],"="&{ESC_KODE}&".*"))',
    ),
    ("code", "SUMIFS(tblSarpras[Jumlah],tblSarpras[NUP],Sel_Aman)", 'SUMIFS(tblSarpras[Jumlah],tblSarpras[NUP],"")'),
    ("code", "COUNTIFS(tblSarpras[Kode Barang],Sel_Aman)", 'COUNTIFS(tblSarpras[Jumlah],">0")'),
    ("code", 'COUNTIFS(tblKeluhan[Tracking ID],"="&Sel_Aman)', 'COUNTIFS(tblKeluhan[Duplikat Dari],"")'),
    ("criterion", "COUNTIF(tblKeluhan[Kanal],B2)", "COUNTIF(tblKeluhan[Kanal],Sel_Aman)"),
    ("criterion", "COUNTIF(tblKeluhan[Kanal],Judul)", 'COUNTIF(tblKeluhan[Kanal],"Loket")'),
    ("criterion", "SUMPRODUCT(COUNTIF(B2:B9,tblKeluhan[Kanal]))", "COUNTIF(B2:B9,INT(B2))"),
    ("criterion", "COUNTIF(B2:B9,)", 'COUNTIF(B2:B9,"")'),
    ("criterion", 'COUNTIF(B2:B9,"*a")', 'COUNTIF(B2:B9,"=*a")'),
    ("criterion", 'COUNTIF(B2:B9,"12")', 'COUNTIF(B2:B9,">12")'),
    ("criterion", 'COUNTIF(B2:B9,">0.5")', 'COUNTIF(B2:B9,">1")'),
    ("criterion", 'COUNTIF(B2:B9,"<>")', 'COUNTIF(B2:B9,"<>Tidak")'),
    ("criterion", 'SUMPRODUCT(COUNTIF(B2:B9*1,">1"))', 'COUNTIF(B2:B9,">1")'),
    ("wildcard", 'COUNTIF(tblKeluhan[Kanal],"="&B2)', f'COUNTIF(tblKeluhan[Kanal],"="&{ESC.format("B2")})'),
    ("wildcard", "MATCH(Judul,B2:B9,0)", f"MATCH({ESC.format('Judul')},B2:B9,0)"),
    ("wildcard", 'MATCH("Target "&Judul,B2:B9,0)', 'MATCH("Target "&Sel_Aman,B2:B9,0)'),
    ("match", "SUMPRODUCT(MATCH(1,B2:B9*1,0))", "MATCH(1,B2:B9,0)"),
    ("index", "SUM(INDEX(B2:C9,0,1))", "SUM(INDEX(B2:C9,2,1))"),
    ("round", "ROUND(B2,2)", "ROUND(B2,8)"),
    ("round", "ROUND(B2,Tahun)", "ROUND(SUM(B2:B9),6)<>100"),
    ("comparison", 'B2&""="Ya"', 'B2="Ya"'),
    ("comparison", 'B2&""=B3', 'B2&""=""'),
    ("comparison", "Nilai_Tanpa_Keluhan=100", 'Nilai_Tanpa_Keluhan&""="100"'),
    ("name", "TWS1+1", "$TWS$1+1"),
    ("text", f'"{"a" * 256}"', f'"{"a" * 255}"'),
    ("error", "IF(B2>1,#N/A,1)", 'IF(B2>1,"",1)'),
    ("syntax", "SUM(B2", "SUM(B2)"),
    ("syntax", "ABS(" * 65 + "1" + ")" * 65, "ABS(" * 64 + "1" + ")" * 64),
    ("length", "1" + "+1" * 4100, "1" + "+1" * 400),
]


def faults(formula: str, array: bool = False) -> list[str]:
    """The faults in the world of these tests."""
    return lint(
        formula,
        array,
        tables=TABLES,
        names=["Tahun", "Judul", "Sel_Aman", "Nilai_Tanpa_Keluhan"],
        sheets=["Data NSPK"],
        trusted=["Sel_Aman"],
    )


@pytest.mark.parametrize(("rule", "bad", "good"), RULES, ids=[f"{rule[0]}-{at}" for at, rule in enumerate(RULES)])
def test_rule(rule: str, bad: str, good: str) -> None:
    """Each rule names the formula that breaks it and lets its neighbour pass."""
    assert any(fault.startswith(rule + ":") for fault in faults(bad)), faults(bad)
    assert faults(good) == []


@pytest.mark.parametrize(
    "formula",
    [
        "SUM(IF(ISNUMBER(tblAnggaran[Pagu]),tblAnggaran[Pagu],0))",
        "SUM(IFERROR((tblDiklat[Selesai]>1)*(tblDiklat[Selesai]<DATE(Tahun,4,1)),0))",
        "INDEX(tblAnggaran[Pagu],MAX(IFERROR((tblAnggaran[Pagu]>0)*(ROW(tblAnggaran[Pagu])-MIN(ROW(tblAnggaran[Pagu]))+1),0)))",
    ],
)
def test_array_formula(formula: str) -> None:
    """IF and IFERROR over columns are right in an array formula and wrong without its mark."""
    assert faults(formula, array=True) == []
    assert any(fault.startswith("array:") for fault in faults(formula))


def test_array_result_is_one_value() -> None:
    """A single-cell array formula that gives a whole column is refused as well."""
    assert any(fault.startswith("scalar:") for fault in faults("tblAnggaran[Pagu]*2", array=True))


def test_trusted_range() -> None:
    """A vouched-for range covers its cells on its own sheet, and no others."""
    trusted = ["B5:B22", "'NSPK'!$A$3:$A$20"]
    for good in ("B7", "$B$22", "'NSPK'!A3"):
        assert lint(f"COUNTIF(C1:C9,{good})", trusted=trusted) == []
    for bad in ("B23", "C7", "'NSPK'!A21", "'NSPK'!B7"):
        assert lint(f"COUNTIF(C1:C9,{bad})", trusted=trusted) != []


def test_trusted_on_its_own_sheet() -> None:
    """A plain cell is vouched for by a range that names the sheet where the formula stands."""
    assert lint("COUNTIF(C1:C9,$A5)", trusted=["'NSPK'!$A$3:$A$20"], sheet="NSPK") == []
    assert lint("COUNTIF(C1:C9,$A5)", trusted=["'NSPK'!$A$3:$A$20"], sheet="Ringkasan") != []
    assert lint("COUNTIF(C1:C9,Data!$A5)", trusted=["'NSPK'!$A$3:$A$20"], sheet="NSPK") != []


def test_book() -> None:
    """A whole workbook is linted: cells with their array mark, validations, formats, names, each by its place."""
    sheet = "xl/worksheets/sheet1.xml"
    assert lint_book(specimen()) == {}
    broken = edited(specimen(), sheet, "SUM(B2:B3)</f>", "SUM(tblData[Skor])</f>")
    broken = edited(broken, sheet, ' t="array" ref="A11"', "")
    broken = edited(broken, sheet, '"Ya,Tidak"', "tblData[Kode]")
    broken = edited(broken, sheet, "<formula>1</formula>", "<formula>Entah</formula>")
    broken = edited(broken, "xl/workbook.xml", 'name="Huruf"', 'name="TW1"')
    assert lint_book(broken).keys() == {"Data!A10", "Data!A11", "Data validation C2:C9", "Data format B2:B3", "names"}
    assert lint_book(broken, allowed=["Data"]).keys() == {"names"}


def test_ranges_by_name() -> None:
    """A name that means several cells is a column wherever it stands."""
    assert lint("Bobot_Semua+1", ranges=["Bobot_Semua"]) != []
    assert lint("SUM(Bobot_Semua)", ranges=["Bobot_Semua"]) == []


def test_rule_place() -> None:
    """A validation or conditional format holds no structured reference."""
    assert any(
        fault.startswith("rule:") for fault in lint("COUNTIF(tblKeluhan[Status],$B2)>1", trusted=["B2"], place="rule")
    )
    assert lint("AND(ISNUMBER($B2),$B2>1)", place="rule") == []


def test_names() -> None:
    """Names that are cell addresses, hold blanks, or differ in case only are refused."""
    assert lint_names(["Tahun", "Target_TW_1", "Indeks_NSPK"]) == []
    for bad in (["TW1"], ["IKU1"], ["R"], ["RC"], ["R1C1"], ["Dua Kata"], ["1Tahun"], ["Tahun", "TAHUN"]):
        assert lint_names(bad) != [], bad
    assert is_name("IKU_1")
    assert not is_name("iku3")


def test_warnings() -> None:
    """Long live array formulas and volatile functions are warned of, nothing else is."""
    assert warnings("SUM(B2:B9)", array=True) == []
    assert [text.split(":")[0] for text in warnings("TODAY()+" + "1+" * 200 + "1", array=True)] == [
        "live array",
        "volatile",
    ]
    assert warnings("1+" * 200 + "1") == []


@pytest.mark.parametrize(
    ("text", "table", "columns", "items"),
    [
        ("T[a b]", "T", ("a b",), ()),
        ("T[[a]:[b]]", "T", ("a", "b"), ()),
        ("T[#All]", "T", (), ("#All",)),
        ("T[[#This Row],[a b]]", "T", ("a b",), ("#This Row",)),
        ("T[@[a b]]", "T", ("a b",), ("@",)),
        ("T['[x'] y]", "T", ("[x] y",), ()),
    ],
)
def test_structured(text: str, table: str, columns: tuple[str, ...], items: tuple[str, ...]) -> None:
    """A structured reference falls into table, columns and items, escapes undone."""
    parts = structured(text)
    assert parts is not None
    assert (parts.table, parts.columns, parts.items) == (table, columns, items)


def test_not_structured() -> None:
    """References to other sheets and workbooks are no structured references."""
    assert [structured(text) for text in ("A1", "'a[b]'!A1", "[1]Data!A1", "Tahun")] == [None] * 4


@pytest.mark.parametrize("text", ["((A1)", "A1)", "SUM(A1", "1+", "A1 & ", "{1,2", '"a', "*2", "A1 B1)", "SUM(1;2"])
def test_no_formula(text: str) -> None:
    """Texts that are no formula are refused, never a crash."""
    with pytest.raises(FormulaError):
        parse(text)
