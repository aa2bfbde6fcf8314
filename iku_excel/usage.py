"""click in Indonesian: the layout of help, and what is said about a wrong command line (exit status 2)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import click

from iku_excel.findings import EXIT_USAGE

EXIT_INTERRUPTED = 130
"""128 + SIGINT, as shells say it."""

_SECTIONS = {"Options": "Pilihan", "Commands": "Perintah"}


class Formatter(click.HelpFormatter):
    """Help with Indonesian headings."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how a command is called."""
        super().write_usage(prog, args, prefix if prefix is not None else "Pemakaian: ")

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        super().write_heading(_SECTIONS.get(heading, heading))


class Context(click.Context):
    """A context whose help is laid out by ``Formatter``."""

    formatter_class = Formatter


class Option(click.Option):
    """An option whose help says "wajib" instead of click's own notes; ranges are told by the help itself."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """The option's line of help."""
        record = super().get_help_record(ctx)
        return record and (record[0], f"{self.help}{' Wajib.' if self.required else ''}")


class Command(click.Command):
    """One command, with Indonesian help."""

    context_class = Context

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help."""
        return _translated(super().get_help_option(ctx))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The words after the command's name."""
        return ["[PILIHAN]" if piece == "[OPTIONS]" else piece for piece in super().collect_usage_pieces(ctx)]


class Group(click.Group):
    """The whole program: Indonesian help and errors, exit status as the command says, never a traceback.

    A command returns its exit status. ``on_error`` gets any other exception and returns the exit status.
    """

    context_class = Context
    command_class = Command
    on_error: Callable[[Exception], int] | None = None

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """The option --help."""
        return _translated(super().get_help_option(ctx))

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """The words after the program's name."""
        return ["PERINTAH", "..."]

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.commands)
            hint = f" Maksudnya {' atau '.join(near)}?" if near else ""
            raise WrongUsage(f"perintah '{args[0]}' tidak dikenal.{hint}", ctx)
        return super().resolve_command(ctx, args)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, *_: Any, **extra: Any) -> Any:
        """Run the program and leave it with the command's exit status."""
        speak_utf8()
        extra["standalone_mode"] = False
        raise SystemExit(self._run(args, prog_name or "iku-excel", extra))

    def _run(self, args: Sequence[str] | None, prog_name: str, extra: dict[str, Any]) -> int:
        try:
            status = super().main(args, prog_name, **extra)
        except click.ClickException as error:
            _explain(error, prog_name)
            return EXIT_USAGE
        except (click.Abort, KeyboardInterrupt):
            click.echo("Dihentikan. Buku kerja yang sudah selesai tetap tersimpan; yang lain tidak berubah.", err=True)
            return EXIT_INTERRUPTED
        except Exception as error:
            if self.on_error is None:
                raise
            return self.on_error(error)
        return status if isinstance(status, int) else 0


def speak_utf8() -> None:
    """Make both streams UTF-8, also where a Windows pipe would be cp1252."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]  # tests replace them


def _translated(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "Tampilkan bantuan ini, lalu selesai."
    return option


def _explain(error: click.ClickException, program: str) -> None:
    """Three lines: what, the command, where to read on; the help itself for a bare program name."""
    ctx = error.ctx if isinstance(error, click.UsageError) else None
    if ctx is not None and type(error).__name__ == "NoArgsIsHelpError":
        click.echo(ctx.get_help(), err=True)
        return
    command = ctx.command_path if ctx is not None else program
    pieces = ctx.command.collect_usage_pieces(ctx) if ctx is not None else ["PERINTAH", "..."]
    click.echo(f"Gagal: {_message(error)}", err=True)
    click.echo(f"  Pemakaian: {command} {' '.join(pieces)}", err=True)
    click.echo(f"  Perbaikan: lihat `{command} --help`.", err=True)


def _message(error: click.ClickException) -> str:
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return f"{_named(error.param)} belum diisi."
    if isinstance(error, click.BadParameter):
        of = _named(error.param) if error.param is not None else "isian"
        return f"{of} tidak sah: {_reason(error)}"
    if isinstance(error, click.NoSuchOption):
        near = f" Maksudnya {' atau '.join(error.possibilities)}?" if error.possibilities else ""
        return f"pilihan {error.option_name} tidak dikenal.{near}"
    if isinstance(error, click.BadOptionUsage):
        return f"pilihan {error.option_name} dipakai dengan cara yang salah: nilainya kurang atau berlebih."
    if isinstance(error, WrongUsage):
        return error.message
    return "ada kata yang berlebih pada perintah ini; nama yang memuat spasi harus diapit tanda kutip."


def _named(param: click.Parameter) -> str:
    return f"pilihan {param.opts[-1]}" if isinstance(param, click.Option) else (param.metavar or param.name or "")


def _reason(error: click.BadParameter) -> str:
    """Our own words, or the ones for a type of click's that the program uses."""
    kind = error.param.type if error.param is not None else None
    if isinstance(error, Unfit) or kind is None:
        return error.message
    if isinstance(kind, click.IntRange):
        return f"isi dengan bilangan bulat {kind.min} sampai {kind.max}."
    if isinstance(kind, click.Choice):
        return f"pilih salah satu dari {', '.join(map(str, kind.choices))}."
    return "nilainya tidak dapat dipakai."


class Unfit(click.BadParameter):
    """A value that doesn't fit, in our own Indonesian words."""


class WrongUsage(click.UsageError):
    """A wrong command line, in our own Indonesian words."""


__all__ = ["Command", "Context", "Formatter", "Group", "Option", "Unfit", "WrongUsage"]
