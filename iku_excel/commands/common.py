"""What several commands share: their arguments and their common options."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from iku_excel.usage import Command, Option, Unfit

FIRST_YEAR, LAST_YEAR = 2000, 2100
IKU_CODES = ("IKU-1", "IKU-2", "IKU-3")


def command(short_help: str, *, hidden: bool = False) -> Callable[[Callable[..., int]], click.Command]:
    """A command of ours: Indonesian help, and a function that returns the exit status."""
    return click.command(cls=Command, short_help=short_help, hidden=hidden)


def valid_paths(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """An empty path would mean the current folder: an unset variable in a script must not fill it."""
    if not all(path.strip() for path in value):
        raise Unfit("nama berkas kosong.", ctx, param)
    return value


def valid_name(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """A name as people write it: printable, not empty, not endless."""
    if not value.strip() or not value.isprintable() or len(value) > 200:
        raise Unfit("isi dengan nama biasa, paling panjang 200 huruf.", ctx, param)
    return value.strip()


several = click.argument("paths", metavar="PATH...", nargs=-1, required=True, callback=valid_paths)
several_or_open = click.argument("paths", metavar="PATH...", nargs=-1, callback=valid_paths)
json_lines = click.option(
    "--json", "as_json", is_flag=True, cls=Option, help="Satu objek JSON per buku kerja, per baris."
)


def open_book(does: str, name: str = "BUKU") -> Callable[..., Any]:
    """The option --buku-terbuka; ``does`` is what is done, ``name`` the argument that then names an open workbook."""
    words = f"{does} buku kerja yang sedang terbuka; {name} lalu berarti namanya, "
    words += "dan boleh dikosongkan bila hanya satu."
    return click.option("--buku-terbuka", "is_open", is_flag=True, cls=Option, help=words)


def dry_run(does: str) -> Callable[..., Any]:
    """The option --dry-run; ``does`` completes "what would be"."""
    return click.option("--dry-run", is_flag=True, cls=Option, help=f"Hanya tampilkan apa yang akan {does}.")


book = click.argument("book", metavar="BUKU", callback=lambda c, p, v: valid_paths(c, p, (v,))[0])
"""The one workbook that a command is about."""
