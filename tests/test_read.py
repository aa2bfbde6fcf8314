"""``iku_excel.read``: the figures of filling, exact; frames with the types that the docs promise; nobody in them."""

from __future__ import annotations

import contextlib
import datetime
import io
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from support_cli import MOMENT, good, small_content

import iku_excel
from iku_excel.create import new_book
from iku_excel.findings import Refusal
from iku_excel.form import settings
from iku_excel.form.fields import Kind
from iku_excel.form.layout import IKU_CODES
from iku_excel.form.template import build
from iku_excel.recap.frames import PRIVATE
from tests.support_fill import NAMES, first

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> iku_excel.analysis.Book:
    """A small workbook with sums that can be done by hand."""
    path = tmp_path_factory.mktemp("read") / "buku.xlsx"
    path.write_bytes(new_book(2025, small_content(), MOMENT))
    return iku_excel.read(path)


@pytest.mark.parametrize("name", NAMES)
def test_read_gives_what_filling_computes(name: str, tmp_path: Path) -> None:
    """Indices, shown figures and findings are those of ``fill``, to the last digit."""
    filled = first(name)
    path = tmp_path / "buku.xlsx"
    path.write_bytes(filled.data or b"")
    read = iku_excel.read(path)

    assert {code: index.value for code, index in read.indices.items()} == filled.indices
    assert {code: index.shown for code, index in read.indices.items()} == filled.opened.result.shown
    assert read.components == filled.opened.result.components
    assert read.findings == filled.opened.findings
    assert read.summary.freshness == "mutakhir"
    assert (read.year, read.quarter, read.unit) == (2025, read.inputs.period.quarter, "CONTOH Badan Kepegawaian Daerah")


def test_an_index_carries_its_trace(book: iku_excel.analysis.Book) -> None:
    """(3 + 5) / (4 + 4 + 8) = 50, and the trace says from which cells."""
    index = book.indices["IKU-1"]

    assert index.value == Decimal(50)
    assert index.trace.value == index.value
    assert (index.trace.parts[-1].numerator, index.trace.parts[-1].denominator) == (8, 16)
    assert "NSPK_Pertanyaan!" in index.trace.parts[-1].inputs[1].place
    assert "IKU-1=50.00" in repr(book)
    assert len(repr(index)) < 2000, "what was read is no part of it"


def test_frames_have_the_types_that_the_docs_promise(book: iku_excel.analysis.Book) -> None:
    """Text string, whole Int64, decimals float64, days datetime64: also where nothing is."""
    frames = book.frames(registers=True)
    indicators = frames["indikator"]

    assert indicators.dtypes.astype(str).to_dict()["perangkat_daerah"] == "string"
    assert str(indicators["tahun"].dtype) == "Int64"
    assert str(indicators["target"].dtype) == "float64"
    assert indicators["target"].isna().all(), "no target was typed"
    assert list(indicators["batas_periode"]) == [pd.Timestamp(2025, 12, 31)] * 3
    assert indicators.set_index("kode_iku")["realisasi"]["IKU-1"] == 50.0
    assert indicators.set_index("kode_iku")["predikat"].isna().all()
    dates = frames["tblDokumen"]
    assert str(dates["Batas Waktu"].dtype).startswith("datetime64[")
    assert list(dates["Batas Waktu"][:2]) == [pd.Timestamp(2025, 7, 31), pd.Timestamp(2025, 9, 30)]
    assert pd.isna(dates["Batas Waktu"][4]), "a date typed as text counts nowhere"
    amounts = frames["tblSarpras"]["Jumlah"]
    assert str(amounts.dtype) == "float64"
    assert (amounts[0], amounts[1], pd.isna(amounts[2])) == (6.0, 2.0, True)


def test_times_of_day_come_through_to_the_second(tmp_path: Path) -> None:
    """A date with a time of day is that moment; a serial beyond Excel's calendar is none."""
    content = small_content()
    moment = datetime.datetime(2025, 2, 3, 14, 30, 15)
    content.tables["tblKeluhan"][0]["Tanggal Masuk"] = moment  # type: ignore[index]  # a dict in fact
    content.tables["tblKeluhan"][1]["Tanggal Masuk"] = 9_999_999  # type: ignore[index]  # the same
    path = tmp_path / "buku.xlsx"
    path.write_bytes(build(2025, content))

    came = iku_excel.read(path).frames(registers=True)["tblKeluhan"]["Tanggal Masuk"]

    assert came[0] == pd.Timestamp(moment)
    assert pd.isna(came[1])


def test_registers_come_without_people_unless_asked_for(book: iku_excel.analysis.Book) -> None:
    """By default no column about people and nobody's text; with ``private`` all columns of the contract."""
    public, private = book.frames(registers=True), book.frames(registers=True, private=True)

    for name, table in settings.TABLES.items():
        assert not PRIVATE.get(name, frozenset()) & set(public[name].columns), name
        assert set(private[name].columns) == set(table.headings), name
        assert len(public[name]) == len(private[name]) == book.inputs.tables[name].length
    everything = "\n".join(frame.to_csv() for frame in public.values())
    assert "RAHASIA" not in everything and "19700101199503100" not in everything
    assert "RAHASIA Budi" in private["tblKeluhan"].to_csv()
    assert "pesan" not in public["temuan_sel"] and "pesan" in private["temuan_sel"]


def test_a_number_stands_for_the_nip(book: iku_excel.analysis.Book) -> None:
    """The same person has the same number in Pegawai and Diklat, so that the two can be joined."""
    frames = book.frames(registers=True)

    assert list(frames["tblPegawai"]["pegawai_ke"]) == [1, 2, 3, 1]
    assert list(frames["tblDiklat"]["pegawai_ke"]) == [1, 2, 3]


def test_every_column_of_text_was_judged() -> None:
    """A new free text in the contract must be looked at: may it name somebody? Then it belongs to PRIVATE."""
    harmless = {
        "tblTarget": "Kode IKU, Sasaran, IKU, Satuan, Formulasi, Sumber Data, Dasar, Analisis, Kendala, "
        "Rencana Tindak Lanjut",
        "tblPertanyaan": "Kode Pertanyaan, Pertanyaan, Bukti Diminta, Bukti, Tindak Lanjut",
        "tblDokumen": "Nama Dokumen, Dasar Hukum, Nomor, Keterangan",
        "tblAnggaran": "Kode, Program, Kegiatan, Sub Kegiatan, Keterangan",
        "tblPegawai": "Unit",
        "tblDiklat": "Nama Diklat, Jenis, Penyelenggara",
        "tblSarpras": "Kode Barang, NUP, Nama Barang, KIB, Merk, Ruang, Keterangan",
        "tblKeluhan": "Kanal, Layanan, Unit Disposisi",
        "tblRealisasi": "Keterangan",
        "tblSkalaCapaian": "Sebutan",
        "tblKategoriNSPK": "Sebutan",
        "tblBatasHari": "Klasifikasi",
        "tblLibur": "Nama",
        "tblFungsi": "Huruf, Uraian",
    }
    for name, table in settings.TABLES.items():
        texts = {f.heading for f in table.fields if f.kind in (Kind.TEXT, Kind.CODE)}
        assert texts == PRIVATE.get(name, frozenset()) | set(harmless[name].split(", ")), name


def test_what_cannot_be_read_is_a_refusal_that_names_the_file(tmp_path: Path) -> None:
    """A missing and a foreign file: the same refusals as on the command line."""
    foreign = tmp_path / "asing.xlsx"
    foreign.write_bytes(b"bukan buku kerja")
    for path, code in ((tmp_path / "tiada.xlsx", "berkas-tidak-ada"), (foreign, "bukan-buku-excel")):
        with pytest.raises(Refusal) as caught:
            iku_excel.read(path)
        assert (caught.value.code, caught.value.file) == (code, str(path))


def test_reading_leaves_the_file_alone(tmp_path: Path) -> None:
    """Not a byte and not the time of the file changes, and nothing is left beside it."""
    path = tmp_path / "buku.xlsx"
    path.write_bytes(good())
    before = path.stat().st_mtime_ns, path.read_bytes()

    iku_excel.read(str(path)).frames(registers=True)

    assert (path.stat().st_mtime_ns, path.read_bytes()) == before
    assert list(tmp_path.iterdir()) == [path]


def test_importing_the_package_loads_nothing_else() -> None:
    """``import iku_excel`` costs what it did: no module of ours, no pandas, not even typing."""
    code = "import sys; before = set(sys.modules); import iku_excel; print(*sorted(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {code}"],
                            capture_output=True, text=True, check=True)  # fmt: skip

    assert set(loaded.stdout.split()) <= {"iku_excel", "__future__"}


def test_reading_needs_no_pandas_until_frames(tmp_path: Path) -> None:
    """Indices and findings come without pandas, numpy and openpyxl."""
    path = tmp_path / "buku.xlsx"
    path.write_bytes(good())
    code = f"import sys, iku_excel; b = iku_excel.read({str(path)!r}); b.indices['IKU-1'].trace; b.summary; "
    code += "print({'pandas', 'numpy', 'openpyxl'} & set(sys.modules))"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)

    assert done.stdout.strip() == "set()"


def test_the_examples_of_the_page_answer_as_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """docs/analisis.md, block by block in one session as in a notebook: what is printed stands in its comments."""
    from support_cli import run

    monkeypatch.chdir(tmp_path)
    assert run("contoh", "latihan").status == 0
    run("rekap", "latihan/CONTOH-1-bersih.xlsx", "-o", "rekap.xlsx", "--parquet")
    page = (ROOT / "docs" / "analisis.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?ms)^```python\n(.*?)^```$", page)
    assert len(blocks) > 4
    session: dict[str, object] = {}
    for block in blocks:
        said = io.StringIO()
        with contextlib.redirect_stdout(said):
            exec(block, session)  # noqa: S102  # the page's own code
        told = [line[2:].rstrip() for line in block.splitlines() if line.startswith("# ")]
        assert [line.rstrip() for line in said.getvalue().splitlines()] == told


def test_every_indicator_has_its_name() -> None:
    """The names are those of the IKU document."""
    read = first("bersih").opened
    from iku_excel.analysis import Book

    names = {code: index.name for code, index in Book(Path("x.xlsx"), read).indices.items()}
    assert set(names) == set(IKU_CODES)
    assert names["IKU-1"] == "Indeks NSPK Manajemen ASN"
