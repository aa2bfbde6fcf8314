"""The law as data: dated, sourced TOML files and their loader."""

from iku_excel.rules.loader import (
    AgencyFunction,
    RegisterDocument,
    RuleElement,
    RuleIndicator,
    Rules,
    ScaleRow,
    Source,
    TimeLimit,
    rules_for,
)

__all__ = [
    "AgencyFunction",
    "RegisterDocument",
    "RuleElement",
    "RuleIndicator",
    "Rules",
    "ScaleRow",
    "Source",
    "TimeLimit",
    "rules_for",
]
