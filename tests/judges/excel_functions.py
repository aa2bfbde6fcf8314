"""What Excel 2010 knows: its functions, and how each takes its arguments.

Sources: ECMA-376 part 1 §18.17.7 (functions of 2007, openpyxl's ``FORMULAE`` holds the list); Microsoft, "What's
New: Changes made to Excel functions" (2010, written in a file with the prefix ``_xlfn.``).
"""

from __future__ import annotations

from functools import cache


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEW_2010 = _words(
    """AGGREGATE BETA.DIST BETA.INV BINOM.DIST BINOM.INV CHISQ.DIST CHISQ.DIST.RT CHISQ.INV CHISQ.INV.RT CHISQ.TEST
    CONFIDENCE.NORM CONFIDENCE.T COVARIANCE.P COVARIANCE.S ERF.PRECISE ERFC.PRECISE EXPON.DIST F.DIST F.DIST.RT F.INV
    F.INV.RT F.TEST GAMMA.DIST GAMMA.INV GAMMALN.PRECISE HYPGEOM.DIST LOGNORM.DIST LOGNORM.INV MODE.MULT MODE.SNGL
    NEGBINOM.DIST NORM.DIST NORM.INV NORM.S.DIST NORM.S.INV PERCENTILE.EXC PERCENTILE.INC PERCENTRANK.EXC
    PERCENTRANK.INC POISSON.DIST QUARTILE.EXC QUARTILE.INC RANK.AVG RANK.EQ STDEV.P STDEV.S T.DIST T.DIST.2T T.DIST.RT
    T.INV T.INV.2T T.TEST VAR.P VAR.S WEIBULL.DIST Z.TEST CEILING.PRECISE FLOOR.PRECISE"""
)
_UNPREFIXED_2010 = frozenset({"NETWORKDAYS.INTL", "WORKDAY.INTL", "ISO.CEILING", "ECMA.CEILING"})
_MORE_2007 = _words(
    """IFERROR COUNTIFS SUMIFS AVERAGEIF AVERAGEIFS HYPERLINK GETPIVOTDATA BAHTTEXT CUBEKPIMEMBER CUBEMEMBER
    CUBEMEMBERPROPERTY CUBERANKEDMEMBER CUBESET CUBESETCOUNT CUBEVALUE RTD PHONETIC EUROCONVERT CALL REGISTER.ID
    SQL.REQUEST DATEDIF EDATE EOMONTH NETWORKDAYS WORKDAY WEEKNUM YEARFRAC QUOTIENT MROUND RANDBETWEEN GCD LCM
    SERIESSUM SQRTPI DATESTRING NUMBERSTRING INFO ISEVEN ISODD CONVERT MULTINOMIAL FACTDOUBLE YEN"""
)

_LATER = _words(
    """XLOOKUP XMATCH FILTER SORT SORTBY UNIQUE SEQUENCE RANDARRAY LET LAMBDA TEXTJOIN CONCAT IFS SWITCH MAXIFS MINIFS
    IFNA XOR DAYS ISOWEEKNUM NUMBERVALUE SHEET SHEETS FORMULATEXT ISFORMULA UNICHAR UNICODE ARABIC BASE DECIMAL
    CEILING.MATH FLOOR.MATH TEXTBEFORE TEXTAFTER TEXTSPLIT VSTACK HSTACK TOROW TOCOL TAKE DROP CHOOSECOLS CHOOSEROWS
    ENCODEURL WEBSERVICE FILTERXML BYROW BYCOL MAP REDUCE SCAN MAKEARRAY ISOMITTED VALUETOTEXT ARRAYTOTEXT"""
)

AGGREGATES = _words(
    """SUM PRODUCT COUNT COUNTA COUNTBLANK MIN MAX AVERAGE MEDIAN STDEV STDEVP VAR VARP SUMPRODUCT SUMSQ AND OR
    ROWS COLUMNS MODE GEOMEAN HARMEAN SUBTOTAL AGGREGATE NPV IRR AREAS ISREF MMULT MINVERSE
    MDETERM TRANSPOSE FREQUENCY AVEDEV DEVSQ CORREL SLOPE INTERCEPT SUMXMY2 SUMX2MY2 SUMX2PY2"""
)
"""Functions whose arguments are ranges as a whole; one value comes out (of TRANSPOSE and the like, an array)."""

ARRAYS_OUT = frozenset({"MMULT", "MINVERSE", "TRANSPOSE", "FREQUENCY"})

EVALUATES_ARRAYS = frozenset({"SUMPRODUCT", "LOOKUP", "MMULT", "MDETERM", "MINVERSE"})
"""Functions that evaluate their arguments as arrays without Ctrl+Shift+Enter, in Excel 2010 too."""

NOT_LIFTED = frozenset({"IF", "IFERROR", "AND", "OR", "CHOOSE", "INDEX"})
"""Not evaluated over a column by SUMPRODUCT in Excel 2010: array formulas only (FORMULAS, traps of Excel)."""

NO_RANGES = _words(
    """NETWORKDAYS NETWORKDAYS.INTL WORKDAY WORKDAY.INTL EDATE EOMONTH WEEKNUM YEARFRAC QUOTIENT MROUND
    ISEVEN ISODD GCD LCM"""
)
"""The former Analysis ToolPak: takes an array, but not a range, where it wants one value."""

CRITERIA = frozenset({"COUNTIF", "COUNTIFS", "SUMIF", "SUMIFS", "AVERAGEIF", "AVERAGEIFS"})

LOCALE_BOUND = frozenset({"TEXT", "VALUE", "DATEVALUE", "TIMEVALUE", "FIXED", "DOLLAR"})
"""Another machine's language gives another result (date codes, decimal comma)."""

VOLATILE = frozenset({"NOW", "TODAY", "RAND", "RANDBETWEEN", "OFFSET", "INDIRECT", "CELL", "INFO"})

NUMERIC = _words(
    """SUM COUNT COUNTA COUNTIF COUNTIFS SUMIF SUMIFS SUMPRODUCT MIN MAX AVERAGE MEDIAN LARGE SMALL RANK ROUND INT MOD
    DATE YEAR MONTH DAY ROW ROWS COLUMN COLUMNS LEN MATCH ABS WEEKDAY EDATE EOMONTH NETWORKDAYS WORKDAY TRUNC N
    PRODUCT COUNTBLANK"""
)
"""Functions that never give a text."""

_RANGE_PLACES = {
    "COUNTIF": (0,),
    "SUMIF": (0, 2),
    "AVERAGEIF": (0, 2),
    "MATCH": (1,),
    "INDEX": (0,),
    "LOOKUP": (1, 2),
    "VLOOKUP": (1,),
    "HLOOKUP": (1,),
    "LARGE": (0,),
    "SMALL": (0,),
    "PERCENTILE": (0,),
    "QUARTILE": (0,),
    "PERCENTRANK": (0,),
    "RANK": (1,),
    "RANK.EQ": (1,),
    "RANK.AVG": (1,),
    "OFFSET": (0,),
    "ROW": (0,),
    "COLUMN": (0,),
    "NETWORKDAYS": (2,),
    "NETWORKDAYS.INTL": (3,),
    "WORKDAY": (2,),
    "WORKDAY.INTL": (3,),
}


@cache
def functions_2007() -> frozenset[str]:
    """The functions that a file names without a prefix."""
    from openpyxl.utils import FORMULAE

    return frozenset(FORMULAE) | _MORE_2007 | _UNPREFIXED_2010


def is_excel_2010(name: str) -> bool:
    """Whether Excel 2010 reads this function, written in a file as ``name`` (upper case)."""
    if name.startswith("_XLFN."):
        return name.removeprefix("_XLFN.") in _NEW_2010
    return name in functions_2007()


def needs_prefix(name: str) -> bool:
    """Whether a file must write this function with the prefix ``_xlfn.``."""
    return name in _NEW_2010 or name in _LATER


def takes_range(name: str, place: int) -> bool:
    """Whether the argument at ``place`` (from 0) is a range as a whole, not one value."""
    if name in AGGREGATES:
        return True
    if name in {"COUNTIFS"}:
        return place % 2 == 0
    if name in {"SUMIFS", "AVERAGEIFS"}:
        return place == 0 or place % 2 == 1
    return place in _RANGE_PLACES.get(name, ())


def criteria_pairs(name: str, count: int) -> list[tuple[int, int]]:
    """The places of (range, criterion) in a call of one of CRITERIA with ``count`` arguments."""
    if name in {"COUNTIF", "SUMIF", "AVERAGEIF"}:
        return [(0, 1)]
    first = 0 if name == "COUNTIFS" else 1
    return [(place, place + 1) for place in range(first, count - 1, 2)]
