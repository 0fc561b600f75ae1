import importlib.util
import pathlib
import re
import sys

import numpy as np
import pytest

from minikeras import config
from minikeras.from_scratch import nn_parameter_maker

ROOT = pathlib.Path(__file__).parent.parent.parent
SCRIPT = ROOT / "examples" / "from_scratch.py"
PNG = b"\x89PNG\r\n\x1a\n"
PICTURES = [
    "perceptron_table",
    "perceptron_and_sigmoid",
    "network",
    "error_curve_lecture",
    "network_lecture",
    "decision_lecture",
    "error_curve_long",
    "network_long",
    "decision_long",
    "passes",
    "comparison",
]


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("from_scratch_example", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def problem(example):
    return *example.make_points(0), *nn_parameter_maker(example.SIZES, seed=0)


def test_pace(example):
    assert example.pace(1234.56) == "is 1,234.6 times as fast as"
    assert example.pace(0.25) == "takes 4.0 times as long as"


@pytest.fixture
def smaller(example, monkeypatch):
    """Smaller networks in the place of those that only take time."""
    monkeypatch.setattr(example, "MILLION", [20, 30, 10])
    monkeypatch.setattr(example, "TIMED", [([2, 1], 10), ([2, 10, 10, 1], 20)])


@pytest.mark.usefixtures("smaller")
def test_walks_through_it_all(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    example.main(["--epochs", "1500", "--output", str(output)])
    printed = capsys.readouterr().out
    for row in ("1 1 1          3        1", "0 1 0         -7        0", "1 0 1         11        1"):
        assert row in printed
    assert "GD(X, y, w, b, epoch=1000, lr=0.01)" in printed and "1000/1000" in printed
    assert "GD(X, y, w, b, epoch=1500, lr=2.0)" in printed and "1500/1500" in printed
    (start, lecture), (again, long) = re.findall(r"error (\d\.\d+) -> (\d\.\d+)", printed)
    assert start == again
    assert float(start) > float(lecture) > float(long)
    assert "gradient_estimator: 14 passes" in printed
    assert "backpropagation:    2 passes" in printed
    assert "gradient_estimator: 941 passes of" in printed  # 20 * 30 + 30 + 30 * 10 + 10, and 1
    # float32 rounds 5e8 times as coarsely, and where the network learns fastest differences grow.
    for dtype, limits in [("float64", (1e-6, 1e-6, 1e-6)), ("float32", (1e-6, 1e-6, 1e-5))]:
        (row,) = re.findall(rf"{dtype} +(\S+) +(\S+) +(\S+)\n", printed)
        assert all(float(difference) < limit for difference, limit in zip(row, limits, strict=True))
    pace = r"(?:is|takes) [\d,.]+ times as (?:fast|long) as GD with"
    assert len(re.findall(rf"Sequential.fit {pace} the estimator,\n +and {pace} backpropagation", printed)) == 2
    assert sorted(path.stem for path in output.iterdir()) == sorted(PICTURES)
    for name in PICTURES:
        assert f"Wrote {output / name}.png" in printed
        assert (output / f"{name}.png").read_bytes().startswith(PNG)
    assert config.floatx() == "float32"


def test_the_million_is_one(example):
    assert example.parameters(example.MILLION) == 784 * 1000 + 1000 + 1000 * 215 + 215 + 215 * 10 + 10 > 1e6
    assert example.parameters(example.SIZES) == 13


@pytest.mark.usefixtures("smaller")
def test_without_matplotlib(example, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    results = []
    for seed in ("1", "1", "2"):
        example.main(["--epochs", "20", "--seed", seed, "--output", str(tmp_path / "x")])
        printed = capsys.readouterr().out
        assert 'pip install "minikeras[plot]"' in printed and "Wrote" not in printed
        results.append(re.findall(r"error \d.*|\(\d+ with yes.*", printed))
    assert not (tmp_path / "x").exists()
    assert results[0] == results[1] != results[2]


def test_sequential_computes_the_same_in_float64(example, problem):
    X, y, w, b = problem
    outputs = example.sequential_outputs(X, w, b, "float64")
    slopes = example.sequential_gradients(X, y, w, b, "float64")
    curve = example.sequential_errors(X, y, w, b, 300, "float64")
    assert {array.dtype for array in [outputs, *slopes]} == {np.dtype("float64")}
    assert example.largest_difference([outputs], [example.predict(X, w, b)]) < 1e-15
    # A slope is worked out from weights of about 2, which are rounded to about 1e-16.
    assert example.largest_difference(slopes, example.flat(*example.backpropagation(X, y, w, b))) < 1e-15
    errors = example.gradient_descent_errors(X, y, w, b, 300)
    assert len(errors) == len(curve) == 300
    assert example.largest_difference([errors], [curve]) < 1e-14
    assert config.floatx() == "float32"


def test_sequential_computes_the_same_in_float32_within_a_millionth(example, problem):
    X, y, w, b = problem
    outputs = example.sequential_outputs(X, w, b, "float32")
    assert outputs.dtype == np.float32
    assert example.largest_difference([outputs], [example.predict(X, w, b)]) < 1e-6
    curve = example.sequential_errors(X, y, w, b, 300, "float32")
    assert example.largest_difference([curve], [example.gradient_descent_errors(X, y, w, b, 300)]) < 1e-6


def test_the_comparison_sees_a_difference(example, problem):
    X, y, w, b = problem
    other = example.sequential_errors(X, y, [w[0] + 1e-3, w[1]], b, 50, "float64")
    assert example.largest_difference([example.gradient_descent_errors(X, y, w, b, 50)], [other]) > 1e-6


def test_defaults(example):
    assert vars(example.parse_options([])) == {
        "epochs": 5000,
        "seed": 0,
        "output": pathlib.Path("from_scratch_output"),
    }


def test_what_it_writes_is_ignored_by_git(example):
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert f"/{example.parse_options([]).output}/" in ignored


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--epochs", "many"], "--epochs: expected an integer of at least 1, received 'many'"),
        (["--seed", "-1"], "--seed: expected an integer from 0 to 4294967295, received '-1'"),
        (["--lr", "1"], "unrecognized arguments: --lr"),
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


def test_table(example):
    figure = example.plot_table()
    (table,) = figure.axes[0].tables
    cells = {place: cell.get_text().get_text() for place, cell in table.get_celld().items()}
    assert [cells[0, k] for k in range(5)] == [*example.INPUTS, "w·x + b", "attend"]
    assert [cells[6, k] for k in range(5)] == ["1", "0", "1", "11", "1"]


def test_perceptron_and_sigmoid(example):
    axes = example.plot_perceptron_and_sigmoid().axes[0]
    low, high, soft = (line.get_ydata() for line in axes.lines)
    assert set(low) == {0} and set(high) == {1}
    assert soft[800] == 0.5 and (np.diff(soft) > 0).all()


def test_passes(example):
    axes = example.plot_passes().axes[0]
    drawn = {line.get_label(): line.get_xydata().tolist() for line in axes.lines}
    assert drawn["gradient_estimator"][:2] == [[5, 6], [13, 14]]  # 2-1-1 and 2-3-1
    assert drawn["backpropagation"][-1] == [1201, 2]  # 2-300-1
