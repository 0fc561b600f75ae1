import importlib.util
import pathlib
import sys

import numpy as np
import pytest

from tests.helpers import plans_of

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "custom_training.py"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("custom_training", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_trains_and_draws(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    example.main(["--images", "1000", "--epochs", "3", "--hidden", "32", "--output", str(output)])
    printed = capsys.readouterr().out
    assert "Epoch 3/3" in printed and "divergence: " in printed
    first, last = (float(text) for text in printed.split("Loss: ")[1].replace("after the ", "").split()[::3][:2])
    assert last < 0.8 * first
    for name in ("losses.png", "copies.png", "plane.png"):
        assert f"Wrote {output / name}" in printed
        assert (output / name).read_bytes().startswith(PNG)


def test_the_step_is_replayed(example):
    model = example.VariationalAutoencoder(hidden=8)
    model.compile("sgd")
    model.fit(np.zeros((20, 784), "float32"), batch_size=10, epochs=2, verbose=0)
    assert len(plans_of(model)) == 1


def test_the_seed_fixes_the_result(example, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    printed = []
    for seed in ("1", "1", "2"):
        example.main(["--images", "200", "--epochs", "1", "--hidden", "8", "--seed", seed])
        printed.append(capsys.readouterr().out)
    assert 'pip install "minikeras[plot]"' in printed[0]
    first, again, other = (text.split("Loss: ")[1] for text in printed)
    assert first == again != other


def test_defaults(example):
    options = vars(example.parse_options([]))
    output = pathlib.Path("custom_training_output")
    assert options == {
        "images": 10_000,
        "epochs": 20,
        "batch_size": 100,
        "hidden": 128,
        "seed": 0,
        "output": output,
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--images", "60001"], "--images: expected an integer from 1 to 60000, received '60001'"),
        (["--hidden", "many"], "--hidden: expected an integer of at least 1, received 'many'"),
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


def test_pictures(example):
    history = {"loss": [3.0, 2.0], "reconstruction": [2.0, 1.5], "divergence": [1.0, 0.5]}
    drawn = {line.get_label(): line.get_xydata().tolist() for line in example.plot_losses(history).axes[0].lines}
    assert drawn["divergence"] == [[1, 1.0], [2, 0.5]] and list(drawn) == list(history)
    images = np.zeros((3, 784), "float32")
    images[1, 0] = 1
    axes = example.plot_copies(images, images * 0.5).axes
    assert [axes[index].images[0].get_array()[0, 0] for index in (0, 1, 4)] == [0, 1, 0.5]

    def decoder(points):  # the first pixel tells the first number, the second pixel the second
        return np.concatenate([points, np.zeros((len(points), 782), "float32")], axis=1)

    picture = example.plot_plane(decoder).axes[0].images[0].get_array()
    side = example.SIDE
    assert picture.shape == (side * example.GRID,) * 2
    assert [picture[0, 0], picture[0, 1], picture[-side, -side], picture[-side, 1 - side]] == [-2, 2, 2, -2]
