import sys

import numpy as np
import pytest

QUESTION = "Does it work?\n\nIt does."


@pytest.fixture(scope="module")
def experiment(load):
    return load("experiment")


def draw():
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2, 1))
    figure.subplots().plot([1, 2])
    return figure


def test_options(experiment, tmp_path):
    made = experiment.Experiment(
        "folder/name.py", QUESTION, ["--quick", "--seed", "7", "--output", str(tmp_path / "x")]
    )
    assert (made.name, made.quick, made.seed, made.output) == ("name", True, 7, tmp_path / "x")
    assert made.choose(1_000, 10) == 10
    made = experiment.Experiment("name.py", QUESTION, ["--output", str(tmp_path)])
    assert (made.quick, made.seed) == (False, 0)
    assert made.choose(1_000, 10) == 1_000


def test_the_seed_is_set(experiment, tmp_path):
    from minikeras.random import uniform

    drawn = []
    for seed in ("1", "1", "2"):
        experiment.Experiment("name.py", QUESTION, ["--seed", seed, "--output", str(tmp_path)])
        drawn.append(np.asarray(uniform((4,))).tolist())
    assert drawn[0] == drawn[1] != drawn[2]


@pytest.mark.parametrize("seed", ["-1", "4294967296", "x", "1.5"])
def test_wrong_seeds(experiment, capsys, seed):
    with pytest.raises(SystemExit):
        experiment.Experiment("name.py", QUESTION, ["--seed", seed])
    assert f"expected an integer from 0 to 4294967295, received '{seed}'" in capsys.readouterr().err


def test_help_asks_the_question(experiment, capsys):
    with pytest.raises(SystemExit):
        experiment.Experiment("name.py", QUESTION, ["--help"])
    printed = capsys.readouterr().out
    assert "Does it work?" in printed and "It does." not in printed


def test_output_that_cannot_be_a_folder(experiment, tmp_path, capsys):
    (tmp_path / "file").touch()
    with pytest.raises(SystemExit):
        experiment.Experiment("name.py", QUESTION, ["--output", str(tmp_path / "file")])
    assert "--output: cannot make the folder" in capsys.readouterr().err


def test_pictures(experiment, tmp_path, capsys):
    from PIL import Image

    made = experiment.Experiment("name.py", QUESTION, ["--output", str(tmp_path)])
    made.save(draw, "_one")
    made.save_film(lambda time: draw(), range(3))
    assert capsys.readouterr().out == f"Wrote {tmp_path / 'name_one.png'}\nWrote {tmp_path / 'name.gif'}\n"
    with Image.open(tmp_path / "name_one.png") as picture:
        assert picture.size == (300, 150)
    with Image.open(tmp_path / "name.gif") as film:
        assert film.format == "GIF" and film.size == (150, 75)


def test_style_is_that_of_this_folder_alone(experiment):
    import matplotlib

    before = dict(matplotlib.rcParams)
    axes = experiment.drawn(draw).axes[0]
    assert not axes.spines["top"].get_visible()
    assert dict(matplotlib.rcParams) == before


def test_without_matplotlib(experiment, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    made = experiment.Experiment("name.py", QUESTION, ["--output", str(tmp_path / "x")])
    made.save(draw)
    made.save_film(lambda time: draw(), range(3))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2 and all('pip install "minikeras[plot]"' in line for line in lines)
    assert not (tmp_path / "x").exists()


def test_table(experiment, capsys):
    experiment.print_table(["name", "number"], [["a", "1.50"], ["longer", "10"]])
    assert capsys.readouterr().out.splitlines() == [
        "name    number",
        "------  ------",
        "a         1.50",
        "longer      10",
    ]


def test_digits(experiment):
    x_train, y_train, x_test, y_test = experiment.digits(5, 3)
    assert x_train.shape == (5, 28, 28) and x_test.shape == (3, 28, 28) and x_train.dtype == np.float32
    assert x_train.min() == 0 and x_train.max() == 1
    assert y_train.tolist() == [5, 0, 4, 1, 9] and y_test.tolist() == [7, 2, 1]  # as everybody knows them


def test_spirals(experiment):
    x, y = experiment.spirals(400, 1.0, seed=0, noise=0.0)
    assert x.shape == (400, 2) and y.shape == (400, 1) and x.dtype == y.dtype == np.float32
    assert y.sum() == 200
    radius = np.hypot(*x.T)
    assert 0.09 < radius.min() and radius.max() < 1.01
    # where one spiral is after half a turn the other one begins
    angle = np.arctan2(x[:, 1], x[:, 0]) - 2 * np.pi * radius - np.pi * y[:, 0]
    np.testing.assert_allclose(np.cos(angle), 1, atol=1e-4)


def test_regions(experiment):
    from matplotlib.figure import Figure

    from minikeras import Sequential
    from minikeras.layers import Dense, Input

    model = Sequential([Input((2,)), Dense(1, "sigmoid")])
    model.set_weights([np.array([[10.0], [0.0]]), np.zeros(1)])  # right of 0: class 1
    axes = Figure().subplots()
    x = np.array([[-0.5, 0.0], [0.5, 0.0], [0.7, 0.2]])
    experiment.draw_regions(axes, model, x, np.array([[0.0], [1.0], [1.0]]))
    left, right = axes.collections[0].get_paths()
    assert left.get_extents().x1 == pytest.approx(0, abs=0.02)
    assert right.get_extents().x0 == pytest.approx(0, abs=0.02)
    assert [len(each.get_offsets()) for each in axes.collections[1:]] == [1, 2]
