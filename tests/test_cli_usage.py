"""The command line itself: wrong usage, help, streams, and what loading it costs."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from support_cli import example, good, run, shell

from iku_excel import talk
from iku_excel.cli import main
from iku_excel.findings import Refusal


def _book(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    "args",
    [
        "isi",
        "isi --salah x",
        "isi -j empat x",
        "isi -j 61 x",
        "isi --batas-waktu 0 x",
        "isi --laporan hasil.txt x",
        "isi -j 2 --dask tcp://a:1 x",
        "isi -j 2 --buku-terbuka",
        "isi --hitung-semua --buku-terbuka",
        "hitung x",
        "periksa",
        "rapikan --json x",
        "baru a.xlsx --tahun 2025",
        "baru a.xlsx --perangkat-daerah Dinas",
        "baru a.xlsx --perangkat-daerah Dinas --tahun dua",
        "baru a.xlsx --perangkat-daerah Dinas --tahun 1999",
        "baru a.xlsx --perangkat-daerah Dinas --tahun 2025 --triwulan 5",
        "baru --tahun",
        "jelaskan a.xlsx",
        "jelaskan a.xlsx IKU-4",
        "contoh a b",
        "impor a.csv --ke b.xlsx",
        "impor a.csv --tabel tblKeluhan",
        "impor a.csv --ke b.xlsx --tabel tblKeluhan --pemisah x",
        "isi-massal a.xlsx",
        "isi-massal --ke x",
        "rekap a",
        "rekap a -o rekap.pdf",
    ],
)
def test_wrong_usage_exits_2_in_indonesian(args: str) -> None:
    """A wrong command line is three Indonesian lines on stderr, nothing on stdout, status 2."""
    ran = run(*args.split())

    assert ran.status == 2
    assert ran.out == ""
    assert [line.split()[0] for line in ran.complaint] == ["Gagal:", "Pemakaian:", "Perbaikan:"]
    for english in ("Error", "Usage", "Try", "Missing", "Invalid", "OPTIONS", "No such", "unexpected", "required"):
        assert english not in ran.err


@pytest.mark.parametrize("path", ["", "   "])
def test_an_empty_path_is_wrong_usage(path: str) -> None:
    """An unset variable in a script must never mean the current folder."""
    assert run("isi", path).status == 2
    assert run("contoh", path).status == 2


def test_a_name_with_control_characters_is_wrong_usage(tmp_path: Path) -> None:
    """What Excel could not store as one line is refused before anything is made."""
    for name in ("  ", "Dinas\nLain", "Dinas\x07"):
        assert run("baru", tmp_path / "a.xlsx", "--perangkat-daerah", name, "--tahun", 2025).status == 2
    assert list(tmp_path.iterdir()) == []


def test_help_is_indonesian_and_offers_what_there_is() -> None:
    """Every command's help is Indonesian; commands of later issues are not offered."""
    offered = [name for name, command in sorted(main.commands.items()) if not command.hidden]
    assert offered == [
        *("baru", "buka-kunci", "cetak", "contoh", "doktor", "impor", "isi", "isi-massal", "jelaskan"),
        *("kunci", "laporan", "pantau"),
        *("perbarui", "periksa", "rapikan", "rekap", "simulasi"),
    ]
    assert "\n  tombol" not in run("--help").out, "only the macro calls it"
    for command in ("", *main.commands):
        ran = run(*command.split(), "--help")
        assert ran.status == 0
        assert ran.out.startswith("Pemakaian: iku-excel")
        for english in ("Usage", "Options", "Commands", "required", "Show", "[2000"):
            assert english not in ran.out
    assert run("--version").out.startswith("iku-excel ")
    assert "Perintah:" in run().err


def test_help_imports_nothing_heavy() -> None:
    """--help pays for click alone: no spreadsheet, table or JSON code is loaded by the door."""
    code = "import sys, iku_excel.cli; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()

    heavy = {"openpyxl", "pandas", "rich", "lxml", "holidays", "xlwings", "python_calamine", "tomllib", "decimal"}
    assert not heavy & set(loaded)
    ours = {name for name in loaded if name.startswith("iku_excel")}
    rooms = {name for name in ours if name.startswith("iku_excel.commands")}
    assert ours - rooms == {"iku_excel", "iku_excel.cli", "iku_excel.findings", "iku_excel.usage"}


def test_piped_output_is_utf8_whatever_the_machine_says(tmp_path: Path) -> None:
    """A Windows pipe is cp1252: both streams are UTF-8 all the same, in a process of its own."""
    book = _book(tmp_path / "Buku–Ω.xlsx", good())

    ran = shell("isi", "--json", book, tmp_path / "tiada–Ω.xlsx", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")

    assert ran.status == 1
    assert [json.loads(line)["file"] for line in ran.out.splitlines()] == [str(book), str(tmp_path / "tiada–Ω.xlsx")]
    assert "tiada–Ω.xlsx" in ran.complaint[1]
    assert len(ran.complaint) == 3


def test_json_says_nothing_else_on_stdout(tmp_path: Path) -> None:
    """Stdout holds one object a workbook and nothing more; stderr is silent when all went well."""
    _book(tmp_path / "a.xlsx", example("bersih"))
    _book(tmp_path / "b.xlsx", example("belum-lengkap"))

    ran = shell("isi", "--json", tmp_path)

    assert [json.loads(line)["status"] for line in ran.out.splitlines()] == ["unchanged", "unchanged"]
    assert ran.err == ""
    assert ran.status == 1


def test_what_is_printed_cannot_drive_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Escape sequences and line breaks that came from a workbook or a file name are taken out."""
    talk.complain(Refusal("x", "Sel berisi \x1b[31mmerah\n\nbaris", "Ketik\rulang", file="a\x07\nb.xlsx"))

    err = capsys.readouterr().err
    assert len(err.splitlines()) == 3
    assert not set("\x1b\x07\r") & set(err)


def test_the_module_is_the_program(tmp_path: Path) -> None:
    """python -m iku_excel is the command iku-excel."""
    ran = shell("baru", tmp_path / "a.xlsx", "--perangkat-daerah", "Dinas", "--tahun", "2025")

    assert ran.status == 0
    assert io.BytesIO((tmp_path / "a.xlsx").read_bytes()).read(2) == b"PK"
