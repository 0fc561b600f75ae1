"""The table of the first contact: what is counted, and that it is measured from start to end."""

import pathlib
import re

import numpy
import pytest

from compat import first_contact
from compat.benchmarks.contenders import CONTENDERS
from compat.benchmarks.processes import Result

ROOT = pathlib.Path(__file__).parent.parent


def test_what_is_required():
    assert first_contact.requirements(["minikeras"]) >= {"minikeras", "numpy", "h5py", "tabulate"}
    assert "tensorflow" not in first_contact.requirements(["minikeras"])  # of an extra
    assert "tensorflow" in first_contact.requirements(["minikeras[compat]"])
    assert first_contact.requirements(["keras", "tensorflow"]) >= {"keras", "tensorflow", "protobuf", "numpy", "six"}
    assert "jaxlib" in first_contact.requirements(CONTENDERS["keras-jax"].packages.values())


def test_sizes():
    folder = pathlib.Path(numpy.__file__).parent
    package = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and file.suffix != ".pyc")
    # Beside the package: libraries, which are about as large, and metadata.
    assert package < first_contact.size_of("numpy") < 4 * package
    # The data of MNIST alone are 11 MB.
    assert 11e6 < first_contact.size_of("minikeras") < 30e6
    ours = first_contact.installed_size(CONTENDERS["minikeras"])
    assert ours > first_contact.size_of("minikeras") + first_contact.size_of("numpy")
    assert first_contact.installed_size(CONTENDERS["keras-jax"]) > 3 * ours


@pytest.mark.parametrize(
    ("value", "expected"), [(0.0612, "0.061 s"), (0.25, "0.25 s"), (3.21, "3.2 s"), (12.6, "13 s")]
)
def test_seconds(value, expected):
    assert first_contact.seconds(value) == expected


def test_a_failure_is_no_row():
    results = {name: {"minikeras": Result([1.0])} for name in first_contact.COLUMNS}
    ((name, size, *times),) = first_contact.rows([CONTENDERS["minikeras"]], results)
    assert (name, times) == ("minikeras", ["0.001 s", "1 s", "1 s"]) and re.fullmatch(r"\d+ MB", size)
    results["epoch"]["minikeras"] = Result(failed="out of memory")
    with pytest.raises(RuntimeError, match="minikeras failed at epoch: out of memory"):
        first_contact.rows([CONTENDERS["minikeras"]], results)


def test_end_to_end(capsys):
    assert first_contact.main(["--repeats", "1", "--images", "320", "--contender", "minikeras"]) == 0
    header, _, row, _, versions = capsys.readouterr().out.splitlines()
    assert [cell.strip() for cell in header.strip("|").split("|")] == [
        "",
        "installed",
        "import",
        "first epoch",
        "epoch",
    ]
    assert re.fullmatch(r"\| minikeras \| \d+ MB +(\| [\d.e-]+ s +){3}\|", row)
    assert versions.startswith("minikeras: minikeras 0.2.0, numpy ")


def test_the_table_of_readme_names_all():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"<!-- first contact: table -->\n((?:\|.*\n)+)", readme)
    names = [line.split("|")[1].strip() for line in table.splitlines()[2:]]
    assert names == [CONTENDERS[name].what for name in first_contact.COMPARED]
