"""The example workbooks and the generator of random ones."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from functools import cache
from typing import Any

import pytest

from iku_excel.cells import CellError
from iku_excel.examples import EXAMPLES, example_content
from iku_excel.fill import Filled, fill
from iku_excel.form.template import build
from iku_excel.form.template.content import Content, Formula
from tests.judges.excel import assert_excel_accepts
from tests.support_random import random_content

NAMES = [example.name for example in EXAMPLES]
MOMENT = datetime.datetime(2026, 1, 15, 9)

MISTAKES = re.findall(
    r"[a-z0-9-]+",
    "angka-berupa-teks angka-ambigu tanggal-berupa-teks skor-melebihi-maks elemen-tanpa-pertanyaan "
    "pilihan-berspasi pilihan-tidak-dikenal realisasi-melebihi-pagu nip-tidak-terdaftar "
    "nip-tidak-18-angka kode-berupa-angka nip-ganda tracking-id-ganda tindak-lanjut-sebelum-masuk "
    "target-kosong nilai-galat rumus-belum-dihitung baris-di-luar-tabel tanggal-terlalu-jauh "
    "realisasi-ganda skor-maks-tidak-sah batas-waktu-kosong kode-elemen-tidak-dikenal angka-negatif ",
)


@cache
def content_of(name: str) -> Content:
    """The content of an example."""
    return example_content(name)[1]


@cache
def filled(name: str) -> Filled:
    """An example, built and filled."""
    return fill(build(*example_content(name)), MOMENT)


def words(value: Any) -> str:
    """All values of a content as one text."""
    return json.dumps([value.settings, value.tables, value.below], default=str, ensure_ascii=False)


def test_three_examples_have_their_file_names() -> None:
    """The names that docs and the command `contoh` promise."""
    assert [e.file for e in EXAMPLES] == [
        "CONTOH-1-bersih.xlsx",
        "CONTOH-2-kesalahan-umum.xlsx",
        "CONTOH-3-belum-lengkap.xlsx",
    ]
    with pytest.raises(ValueError, match="lain"):
        example_content("lain")


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_the_same_at_every_call(name: str) -> None:
    """No clock and no chance: content and bytes repeat."""
    assert example_content(name) == example_content(name)
    assert build(*example_content(name)) == build(*example_content(name))


def test_the_clean_example_has_a_realistic_size() -> None:
    """Question, budget, employee and complaint counts of a provincial agency."""
    sizes = {name: len(rows) for name, rows in content_of("bersih").tables.items()}
    assert (
        sizes["tblPertanyaan"] == 90
        and len({r["Kode Elemen"] for r in content_of("bersih").tables["tblPertanyaan"]}) == 18
    )
    assert sizes["tblDokumen"] == 12 and sizes["tblPegawai"] == 120 and sizes["tblKeluhan"] == 300
    assert sizes["tblAnggaran"] == 40 + 8 + 2 and sizes["tblDiklat"] == 100 and sizes["tblSarpras"] == 80


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_marked_and_name_no_one(name: str) -> None:
    """Persons, unit and questions are invented and say so; the source document's signatory is nowhere."""
    content = content_of(name)
    for table, heading in (("tblPegawai", "Nama"), ("tblKeluhan", "Pelapor"), ("tblPertanyaan", "Pertanyaan")):
        assert all(str(row[heading]).startswith("CONTOH") for row in content.tables[table]), (table, heading)
    assert str(content.settings["Perangkat_Daerah"]).startswith("CONTOH")
    assert "Sutrisno" not in words(content) and "196709271988031013" not in words(content)


def test_nip_are_plausible_and_two_share_their_first_fifteen_digits() -> None:
    """18 digits with a real birthday and month of appointment; one pair only the last three tell apart."""
    nips = [str(row["NIP"]) for row in content_of("bersih").tables["tblPegawai"]]
    assert len(set(nips)) == 120 and {len(n) for n in nips} == {18}
    for nip in nips:
        born = datetime.datetime.strptime(nip[:8], "%Y%m%d")
        assert int(nip[8:12]) - born.year >= 18 and 1 <= int(nip[12:14]) <= 12 and nip[14] in "12"
    assert max(Counter(n[:15] for n in nips).values()) == 2


def test_the_clean_example_has_no_mistake() -> None:
    """All three indicators have a value and no finding is a kesalahan."""
    levels = Counter(f.level for f in filled("bersih").findings)
    assert levels["kesalahan"] == 0 and levels["peringatan"] <= 30
    assert {code for code, value in filled("bersih").indices.items() if value is None} == set()


@pytest.mark.parametrize("code", MISTAKES)
def test_the_second_example_shows_each_usual_mistake(code: str) -> None:
    """Every mistake that staff usually make is in it and found."""
    assert code in {f.code for f in filled("kesalahan-umum").findings}


def test_the_third_example_lacks_a_component_and_complaints() -> None:
    """IKU-1 has a value, IKU-2 and IKU-3 have none, and the findings say why."""
    indices = filled("belum-lengkap").indices
    assert indices["IKU-1"] is not None and indices["IKU-2"] is None and indices["IKU-3"] is None
    assert {"iku-belum-lengkap", "iku-tanpa-keluhan"} <= {f.code for f in filled("belum-lengkap").findings}


@pytest.mark.parametrize("name", NAMES)
def test_excel_accepts_the_examples(name: str) -> None:
    """No repair prompt, neither for the built nor for the filled workbook."""
    assert_excel_accepts(build(*example_content(name)), deep=False)
    data = filled(name).data
    assert data is not None
    assert_excel_accepts(data)


def cells(content: Content) -> list[object]:
    """All values in the tables."""
    return [value for rows in content.tables.values() for row in rows for value in row.values()]


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("spoiled", [0.0, 0.2])
def test_random_workbooks_stay_within_parity(seed: int, spoiled: float) -> None:
    """Two to forty rows a table, no booleans, no formula without a value, a valid year and quarter; repeatable."""
    year, content = random_content(seed, spoiled)
    assert random_content(seed, spoiled) == (year, content)
    assert all(2 <= len(rows) <= 40 for rows in content.tables.values())
    assert not any(isinstance(v, bool) or (isinstance(v, Formula) and v.cached is None) for v in cells(content))
    assert content.settings["Tahun"] == year and content.settings["Triwulan"] in (1, 2, 3, 4)


def test_spoiling_shows_in_a_share_of_the_cells() -> None:
    """Clean workbooks hold no error value; spoiled ones hold errors, text numbers, numeric NIP and shared digits."""
    clean = [v for seed in range(20) for v in cells(random_content(seed, 0.0)[1])]
    assert not any(isinstance(v, CellError | Formula) for v in clean)
    spoiled = [v for seed in range(20) for v in cells(random_content(seed, 0.2)[1])]
    errors = sum(isinstance(v, CellError) for v in spoiled)
    assert 0.01 < errors / len(spoiled) < 0.2
    assert {"85,5", "1.234", "*", "-"} <= {v for v in spoiled if isinstance(v, str)}
    assert any(isinstance(v, float) and v > 1e17 for v in spoiled)


@pytest.mark.parametrize("seed", [1, 3])
def test_excel_accepts_random_workbooks(seed: int) -> None:
    """Spoiled contents never spoil the file."""
    assert_excel_accepts(build(*random_content(seed, 0.3)), deep=False)
