import csv
import importlib.util
import pathlib
import sys

import numpy as np
import pytest

from minikeras.saving import load_model

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "tabular.py"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("tabular", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table_of(printed):
    """Numbers of columns, training error and test error by model."""
    lines = printed.split("euros a month\n")[1].splitlines()[:2]
    return {line[:18].strip(): [float(number) for number in line[18:].split()] for line in lines}


def test_trains_saves_and_draws(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    example.main(["--apartments", "2000", "--epochs", "15", "--output", str(output)])
    printed = capsys.readouterr().out
    plain, crossed = table_of(printed).values()
    # 1 area, 6 rooms, 6 bins of years, 5 districts, 128 hashes of streets, 6 heatings; an unknown value has its column
    assert plain[0] == 152 and crossed[0] == 152 + 128
    # The mean of what no column explains is 60 * sqrt(2 / pi) = 48.
    assert 44 < crossed[2] < 65 < 75 < plain[2]
    assert (output / "years.png").read_bytes().startswith(PNG)
    rents = [float(line.split()[-1]) for line in printed.split("predicted rent\n")[1].splitlines()[:4]]
    assert rents[0] - rents[1] > 250 and rents[0] - rents[2] > 350  # old houses in Old Town are sought after
    with (output / "apartments.csv").open() as file:
        row = next(csv.DictReader(file))
    columns = {name: np.array([[type(example.DEFAULTS[name])(row[name])]]) for name in list(row)[:-1]}
    rent = load_model(output / "rents.keras").predict(columns, verbose=0)
    assert rent.shape == (1, 1) and abs(rent[0, 0] - float(row["rent"])) < 250


def test_the_seed_fixes_the_result(example, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    printed = []
    for seed in ("1", "1", "2"):
        example.main(["--apartments", "60", "--epochs", "1", "--seed", seed, "--output", str(tmp_path)])
        printed.append(capsys.readouterr().out)
    assert 'pip install "minikeras[plot]"' in printed[0]
    assert printed[0] == printed[1]
    assert printed[0] != printed[2]


def test_rents(example):
    row = {"area": 50, "rooms": 3, "year": 1939, "district": "Old Town", "heating": "gas"}
    assert example.true_rent(row) == 200 + 450 + 40 + 100 + 30 + 350
    assert example.true_rent(row | {"year": 1940, "rooms": 2}) == 200 + 450 + 100 + 30


def test_table(example, tmp_path):
    rows = example.make_apartments(200, np.random.default_rng(0))
    assert {row["heating"] for row in rows} == {"", *example.HEATINGS}
    example.write_table(tmp_path / "table.csv", rows)
    read = list(example.read_table(tmp_path / "table.csv").as_numpy_iterator())
    assert len(read) == 200
    for row, (columns, rent) in zip(rows, read, strict=True):
        assert rent == np.float32(row["rent"])
        assert columns["area"] == np.float32(row["area"]) and columns["rooms"] == row["rooms"]
        assert columns["heating"] == (row["heating"] or "unknown")


def test_picture(example):
    models = {}
    for name, crosses in example.CROSSES.items():
        space = example.build_feature_space(crosses)
        rows = example.make_apartments(20, np.random.default_rng(0))
        space.adapt({key: np.array([row[key] for row in rows]) for key in list(example.DEFAULTS)[:-1]})
        models[name] = example.Model(space.get_inputs(), example.Dense(1)(space.get_encoded_features()))
    figure = example.plot_years(models)
    assert [axes.get_title() for axes in figure.axes] == list(example.DISTRICTS)
    truth, *drawn = figure.axes[2].lines
    assert [line.get_label() for line in drawn] == list(example.CROSSES)
    assert truth.get_xydata()[[39, 40]].tolist() == [[1939, 1278], [1940, 928]]  # 200 + 9 * 62 + 40 + 100 + 30 (+ 350)
    assert len(drawn[0].get_ydata()) == 121


def test_defaults(example):
    options = vars(example.parse_options([]))
    assert options == {"apartments": 4000, "epochs": 15, "seed": 0, "output": pathlib.Path("tabular_output")}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--apartments", "9"], "--apartments: expected an integer of at least 10, received '9'"),
        (["--seed", "-1"], "--seed: expected an integer from 0 to 4294967295"),
    ],
)
def test_wrong_options(example, capsys, arguments, message):
    with pytest.raises(SystemExit) as error:
        example.main(arguments)
    assert error.value.code == 2
    assert message in capsys.readouterr().err


def test_output_that_cannot_be_a_folder(example, tmp_path, capsys):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit, match="--output: cannot make the folder"):
        example.main(["--output", str(tmp_path / "file")])
    assert capsys.readouterr().out == ""  # before anything was trained
