"""The law as data: what the TOML files hold, where it comes from, and what the loader refuses."""

from __future__ import annotations

import datetime
import re
import time
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

import pytest

from iku_excel.rules import ScaleRow, TimeLimit, loader, rules_for

RULES = rules_for(2025)
SHARED = Path(__file__).parents[1].parent / "shared"
TEXTS = {f.name: f.read_text(encoding="utf-8") for f in files("iku_excel.rules").iterdir() if f.name.endswith(".toml")}

VERSION = """
[[minimum_jp]]
berlaku_sejak = 2027-01-01
dasar_hukum = "Peraturan contoh"
sumber = "contoh untuk pengujian"
diperiksa_pada = 2026-11-24
status = "terverifikasi"
isi = "24"
"""


@pytest.fixture(scope="module")
def seed() -> str:
    """The IKU document that binds, its runs of spaces made one."""
    path = SHARED / "seed" / "iku-2024-2026.txt"
    if not path.exists():
        pytest.skip("the source document (../shared/seed) is not there")
    return re.sub(r"\s+", " ", path.read_text(encoding="utf-8"))


def written(folder: Path, text: str) -> Path:
    """A folder with one more file of rules."""
    (folder / "tambahan.toml").write_text(text, encoding="utf-8")
    return folder


def test_elements_are_those_of_the_document_in_its_order(seed):
    """The 18 names stand in the document in the same order, keyed E01 to E18."""
    block = seed.split("18 elemen yaitu :")[1].split("<p align")[0]
    names = [name.removesuffix("; dan").rstrip(";.") for name in re.findall(r"\d+\. (.+?)(?= \d+\. |\s*$)", block)]
    assert [element.name for element in RULES.elements] == names
    assert [element.code for element in RULES.elements] == [f"E{n:02d}" for n in range(1, 19)]


def test_weights_are_those_of_the_document(seed):
    """40, 30, 25 and 5 percent, in the order of the document's four components."""
    block = seed.split("rincian sebagai berikut")[1].split("</ol>")[0]
    assert [str(weight) for weight in RULES.weights.values()] == re.findall(r"\((\d+) ?%\)", block)
    assert list(RULES.weights) == list(RULES.components) == ["dokumen", "anggaran", "diklat", "sarpras"]
    listed = re.findall(r"\d\. Presentase (.+?) \(", block)
    for ours, theirs in zip(RULES.components.values(), listed, strict=True):
        assert ours.casefold() == f"persentase {theirs}".replace(" yg ", " yang ").casefold()


def test_indicators_are_those_of_the_document(seed):
    """Sasaran, IKU and data sources of all three stand in the document word for word."""
    assert [indicator.code for indicator in RULES.indicators] == ["IKU-1", "IKU-2", "IKU-3"]
    assert [indicator.satuan for indicator in RULES.indicators] == ["Indeks", "Indeks", "Persentase"]
    for indicator in RULES.indicators:
        assert indicator.sasaran in seed
        assert indicator.iku in seed
        for source in indicator.sumber_data.split("\n"):
            assert source in seed
    assert RULES.indicators[1].sasaran == RULES.indicators[2].sasaran


def test_explanations_are_those_of_the_document(seed):
    """Explanation and formula of all three stand in the document's column word for word, its spelling mended."""
    mended = {
        r"\byg\b": "yang",
        "Presentase": "Persentase",
        "(menyatakan bahwa ){2}": r"\1",
        " %": "%",
        r"\$\\frac{\\text{(.+?)}}{\\text{(.+?)}}.*?\$": r"\1 / \2 × 100%",
        "<.+?>": "",
        r"\s+": " ",
    }
    for wrong, right in mended.items():
        seed = re.sub(wrong, right, seed)
    for indicator in RULES.indicators:
        assert indicator.explained.replace("\n", " ") in seed, indicator.code
    listed = RULES.indicators[0].penjelasan.split("\n")[1:]
    elements = [f"{n}. {element.name}" for n, element in enumerate(RULES.elements, 1)]
    assert [line.rstrip(";.").removesuffix("; dan") for line in listed] == elements


def test_agency_duty_and_functions_are_those_of_the_document(seed):
    """Tugas and Fungsi a to i of the BKD stand in the document word for word."""
    assert RULES.agency in seed
    assert RULES.duty in seed
    assert "".join(function.huruf for function in RULES.functions) == "abcdefghi"
    for function in RULES.functions:
        assert f"- {function.huruf}. {function.uraian}" in seed


def test_signatory_is_not_carried(seed):
    """Neither the name nor the NIP of the document's signatory is in any file of rules."""
    name, nip = re.search(r"Drs\. (\w+ \w+)", seed)[1], re.search(r"NIP\. (\d+)", seed)[1]
    for text in TEXTS.values():
        assert name not in text
        assert nip not in text


def test_spelling():
    """ "Persentase" is spelled right everywhere, whatever the document does."""
    assert not [name for name, text in TEXTS.items() if "presentase" in text.casefold()]


def test_scales_and_categories():
    """The bounds of DOMAIN §5 and §2, highest first; the national scale is the default."""
    national = [(91, "Sangat Tinggi"), (76, "Tinggi"), (66, "Sedang"), (51, "Rendah"), (0, "Sangat Rendah")]
    assert RULES.scales["permendagri-86-2017"] == tuple(ScaleRow(Decimal(b), label) for b, label in national)
    assert [row.lower for row in RULES.scales["kaltim-2017"]] == [Decimal("100.00000001"), 100, 0]
    assert RULES.default_scale == "permendagri-86-2017"
    assert [(row.lower, row.label) for row in RULES.categories] == [
        (80, "A"),
        (60, "B"),
        (40, "C"),
        (20, "D"),
        (0, "E"),
    ]


@pytest.mark.parametrize(("value", "category"), [("70.18", "B"), ("21.00", "D")])
def test_categories_agree_with_announced_results(value, category):
    """The two results that were announced in public fall into the categories that were announced with them."""
    assert next(row.label for row in RULES.categories if row.lower <= Decimal(value)) == category


def test_time_limits_and_training_hours():
    """The working days of DOMAIN §4 and the 20 JP of PP 11/2017."""
    assert RULES.time_limits == (
        TimeLimit("Permintaan Informasi", "", 5),
        TimeLimit("Keluhan", "", 5),
        TimeLimit("Pengaduan", "Tidak", 14),
        TimeLimit("Pengaduan", "Ya", 60),
    )
    assert (RULES.verification_days, RULES.minimum_jp) == (3, 20)
    assert "203" in RULES.source_of("minimum_jp").basis


def test_register_of_documents():
    """Every document of DOMAIN §3 is in the register; those of year N-1 are due before the year begins."""
    names = " ".join(document.nama for document in RULES.documents)
    for wanted in ("Renstra", "Renja", "RKA", "DPA", "Perjanjian Kinerja", "Rencana Aksi", "RKA Perubahan",
                   "DPA Perubahan", "Renja Perubahan", "LKjIP"):  # fmt: skip
        assert wanted in names
    due = {d.nama: datetime.date(2025 + d.selisih_tahun, d.bulan, d.hari) for d in RULES.documents}
    assert due["RKA"].year == due["DPA"].year == 2024
    assert due["Renja"] < due["RKA"] < due["DPA"] < due["Perjanjian Kinerja"] < due["RKA Perubahan"]


def test_every_group_tells_its_source():
    """Every group has basis, source, dates and status; what nobody found is "belum diverifikasi"."""
    unverified = {name for name, source in RULES.sources.items() if source.status == "belum diverifikasi"}
    assert unverified == {"kategori", "register"}
    assert {name for name, source in RULES.sources.items() if source.status == "kebijakan"} == {"skala_bawaan"}
    for source in RULES.sources.values():
        assert source.basis
        assert source.source
        assert source.since <= source.checked == datetime.date(2026, 11, 24)
    assert RULES.source_of("elemen").basis == "Peraturan BKN Nomor 12 Tahun 2022"
    with pytest.raises(KeyError):
        RULES.source_of("bobot_lain")


def test_new_value_leaves_earlier_years_alone(tmp_path):
    """A value of 2027 beside ours holds from 2027 on; 2025 and 2026 keep their own."""
    folder = written(tmp_path, VERSION)
    assert [rules_for(year, folder).minimum_jp for year in (2025, 2026, 2027, 2030)] == [20, 20, 24, 24]
    assert rules_for(2027).minimum_jp == 20
    assert rules_for(2027, folder).source_of("minimum_jp").basis == "Peraturan contoh"


def test_value_that_begins_within_the_year_holds_for_it(tmp_path):
    """A rule in force by 31 December holds for that year's workbook."""
    folder = written(tmp_path, VERSION.replace("2027-01-01", "2026-12-31"))
    assert [rules_for(year, folder).minimum_jp for year in (2025, 2026)] == [20, 24]


def test_new_scale_stands_beside_the_others(tmp_path):
    """A further scheme is offered from its year on, under its own name."""
    text = VERSION.replace("minimum_jp", "skala.uji-2027").replace('"24"', '[["0", "Cukup"], ["50", "Baik"]]')
    scales = rules_for(2027, written(tmp_path, text)).scales
    assert scales["uji-2027"] == (ScaleRow(Decimal(50), "Baik"), ScaleRow(Decimal(0), "Cukup"))
    assert set(scales) == {"uji-2027", "permendagri-86-2017", "kaltim-2017"}


def test_year_before_the_first_value_says_so():
    """For a year before a group begins its first value is used, and the group is named."""
    assert RULES.premature == ()
    early = rules_for(2021)
    assert set(early.premature) == {"elemen", "kategori", "bobot", "register", "indikator", "perangkat_daerah"}
    assert early.weights == RULES.weights


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("status =", "status", "TOML tidak terbaca"),
        ('dasar_hukum = "Peraturan contoh"\n', "", "kunci 'dasar_hukum' tidak ada"),
        ('"Peraturan contoh"', '" "', "'dasar_hukum' kosong"),
        ('sumber = "contoh untuk pengujian"', "sumber = 5", "'sumber' kosong"),
        ("2027-01-01", '"2027-01-01"', "'berlaku_sejak' bukan tanggal"),
        ("2026-11-24", "2026-11-24T10:00:00", "'diperiksa_pada' bukan tanggal"),
        ("terverifikasi", "pasti", "'status' bukan salah satu"),
        ("status =", 'catatan = "x"\nstatus =', "kunci 'catatan' tidak dikenal"),
        ('"24"', "24", "bukan teks"),
        ('"24"', '"dua puluh"', "bukan angka"),
        ('"24"', '"-1"', "bukan angka dari 0"),
        ('"24"', '"NaN"', "bukan angka dari 0"),
        ("2027-01-01", "2017-01-01", "tanggal berlaku_sejak yang sama"),
        ("[[minimum_jp]]", "[minimum_jp]", "bukan daftar nilai bertanggal"),
    ],
)
def test_faulty_file_is_named(tmp_path, old, new, complaint):
    """A mistake in a file of rules is refused in one sentence that names the file and the group."""
    with pytest.raises(ValueError, match=complaint) as caught:
        rules_for(2027, written(tmp_path, VERSION.replace(old, new)))
    assert re.match(r"(tambahan|sekretariat)\.toml[:,]", str(caught.value))


@pytest.mark.parametrize(
    ("group", "content", "complaint"),
    [
        (
            "bobot",
            '[["dokumen", "40", "x"], ["anggaran", "30", "x"], ["diklat", "25", "x"], ["sarpras", "6", "x"]]',
            "100",
        ),
        ("bobot", '[["dokumen", "100", "x"]]', "komponennya harus"),
        ("elemen", '[["E01", "Satu"], ["E01", "Dua"]]', "dua kali"),
        ("elemen", '[["E01"]]', "2 nilai"),
        ("elemen", "[]", "bukan daftar"),
        ("kategori", '[["80", "A"], ["80.0", "B"]]', "dua kali"),
        ("skala_bawaan", '"tidak-ada"', "tidak ada"),
        ("skala_bawaan", '["x"]', "bukan teks"),
        ("batas_hari", '[["Keluhan", "Mungkin", 5]]', "Ya, Tidak"),
        ("batas_hari", '[["Keluhan", "", 5.5]]', "bilangan bulat"),
        ("batas_hari", '[["Keluhan", "", true]]', "bilangan bulat"),
        ("kanal", '["Surat", "surat"]', "dua kali"),
        ("register", '[["Renja", "Lainnya", 1, 31, 0, ""]]', "Perencanaan"),
        ("register", '[["Renja", "Perencanaan", 2, 29, 0, ""]]', "tanggal 29/2"),
        ("indikator", '[{kode = "IKU-1"}]', "harus berisi kunci"),
        ("perangkat_daerah", '{nama = "BKD", tugas = "", fungsi = [["a", "x"]]}', "bukan teks"),
    ],
)
def test_faulty_content_is_refused(tmp_path, group, content, complaint):
    """Content that a workbook could not use is refused when the year that gets it is asked for."""
    text = VERSION.replace("minimum_jp", group).replace('"24"', content)
    with pytest.raises(ValueError, match=complaint):
        rules_for(2027, written(tmp_path, text))


def test_loading_is_quick():
    """Reading and checking all files takes at most 3 ms, the best of twenty runs."""
    times = []
    for _ in range(20):
        loader._load.cache_clear()
        loader._rules_for.cache_clear()
        begin = time.perf_counter()
        rules_for(2025)
        times.append(time.perf_counter() - begin)
    assert min(times) <= 0.003
    assert rules_for(2025) is rules_for(2025)
