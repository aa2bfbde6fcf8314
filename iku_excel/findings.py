"""The second currency of the house: what is wrong with the user's data or file, where, and what to do.

A mistake in the data is a value (``Finding``) and never stops the work. A file that must not be touched is
an exception (``Refusal``), shown in three lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal, TypeAlias

Level: TypeAlias = Literal["kesalahan", "peringatan", "info"]
LEVELS: tuple[Level, ...] = ("kesalahan", "peringatan", "info")
"""The gravest first."""
"""kesalahan: not counted as typed, or an IKU has no value; peringatan: counted but doubtful; info: the rest."""

EXIT_DONE = 0
EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_OPEN = 3
EXIT_MACHINE = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing staff should look at. ``code`` is Indonesian, kebab-case, and never renamed.

    ``message`` says what is wrong, ``fix`` what to do, both in Indonesian. ``cell`` is None when the
    finding is about a whole sheet or about no cell. ``iku`` names the indicators it bears on ("IKU-1" …);
    an indicator that the agency does not carry keeps its registers' findings quiet.
    """

    code: str
    level: Level
    sheet: str
    cell: str | None
    message: str
    fix: str
    iku: tuple[str, ...] = ()


class Refusal(Exception):
    """A file that we leave exactly as it is. Three lines: what; file, sheet, cell; what to do.

    ``code`` is Indonesian, kebab-case. ``exit_status`` is one of the EXIT_ values. ``details`` are further lines for
    a refusal that is about many places at once.
    """

    def __init__(
        self,
        code: str,
        message: str,
        fix: str,
        *,
        file: str | None = None,
        sheet: str | None = None,
        cell: str | None = None,
        exit_status: int = EXIT_FINDINGS,
        details: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fix = fix
        self.file = file
        self.sheet = sheet
        self.cell = cell
        self.exit_status = exit_status
        self.details = details

    def __reduce__(self) -> tuple[partial[Refusal], tuple[()]]:
        """Pickled whole: workbooks are also worked on in other processes. What caused it stays there."""
        again = partial(Refusal, file=self.file, sheet=self.sheet, cell=self.cell, exit_status=self.exit_status)
        return partial(again, self.code, self.message, self.fix, details=self.details), ()

    def at(self, file: str) -> Refusal:
        """The same refusal with the file's name filled in, for callers that know it."""
        if self.file is None:
            self.file = file
        return self

    @property
    def where(self) -> str:
        """The second line: "Berkas: …, lembar …, sel …", as far as known."""
        parts = [f"Berkas: {self.file}"] if self.file else []
        if self.sheet:
            parts.append(f"lembar {self.sheet}")
        if self.cell:
            parts.append(f"sel {self.cell}")
        return ", ".join(parts)

    def lines(self) -> tuple[str, str, str]:
        """What, where, what to do."""
        return self.message, self.where, self.fix
