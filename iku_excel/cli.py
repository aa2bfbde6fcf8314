"""The door: the program and the list of its commands. No logic.

Every other room is imported inside the command that needs it, so that ``--help`` costs no more than click.
"""

from __future__ import annotations

import click

from iku_excel import __version__
from iku_excel.commands import fill, hand_on, import_data, new, quarter, recap, serve, show, simulate, upgrade
from iku_excel.usage import Group


def _unforeseen(error: Exception) -> int:
    from iku_excel import talk
    from iku_excel.batch import trouble
    from iku_excel.findings import Refusal

    refusal = error if isinstance(error, Refusal) else trouble(error, None)
    talk.complain(refusal)
    return refusal.exit_status


@click.group("iku-excel", cls=Group)
@click.version_option(__version__, message="iku-excel %(version)s", help="Tampilkan versi program, lalu selesai.")
def main() -> None:
    """Menghitung Indikator Kinerja Utama (IKU) di dalam buku kerja Excel.

    Mulailah dengan `iku-excel baru`, isi lembar masukannya di Excel, lalu jalankan `iku-excel isi`.
    """


main.on_error = _unforeseen


for _command in (
    new.baru,
    fill.isi,
    fill.periksa,
    fill.rapikan,
    upgrade.perbarui,
    quarter.kunci,
    quarter.buka_kunci,
    show.jelaskan,
    simulate.simulasi,
    hand_on.cetak,
    hand_on.laporan,
    import_data.impor,
    import_data.isi_massal,
    recap.rekap,
    new.contoh,
    serve.pantau,
    serve.doktor,
    serve.tombol,
):
    main.add_command(_command)
