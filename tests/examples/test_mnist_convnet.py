import importlib.util
import pathlib
import sys

import numpy as np
import pytest

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "mnist_convnet.py"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("mnist_convnet", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_trains_and_draws(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    example.main(["--images", "1000", "--epochs", "2", "--batch-size", "50", "--output", str(output)])
    printed = capsys.readouterr().out
    assert "Total params: 34,826" in printed  # as in Keras's example
    assert "Epoch 2/2" in printed and "true  predicted  digits" in printed
    accuracy = float(printed.split("Test accuracy: ")[1].split("\n")[0])
    assert accuracy > 0.7  # guessing gives 0.1
    for name in ("filters.png", "feature_maps.png", "curves.png", "confusions.png"):
        assert f"Wrote {output / name}" in printed
        assert (output / name).read_bytes().startswith(PNG)


def test_the_seed_fixes_the_result(example, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    train, (x_test, y_test) = example.mnist.load_data()
    monkeypatch.setattr(example.mnist, "load_data", lambda: (train, (x_test[:300], y_test[:300])))
    printed = []
    for seed in ("1", "1", "2"):
        example.main(["--images", "64", "--epochs", "1", "--seed", seed])
        printed.append(capsys.readouterr().out)
    assert 'pip install "minikeras[plot]"' in printed[0]
    first, again, other = (text.split("digits\n")[1] for text in printed)
    assert first == again != other


def test_defaults(example):
    options = vars(example.parse_options([]))
    output = pathlib.Path("mnist_convnet_output")
    assert options == {"images": 60_000, "epochs": 3, "batch_size": 64, "seed": 0, "output": output}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--images", "60001"], "--images: expected an integer from 1 to 60000, received '60001'"),
        (["--batch-size", "many"], "--batch-size: expected an integer of at least 1, received 'many'"),
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


def test_confusions(example, capsys):
    labels = np.uint8([7, 7, 7, 2, 2, 0])
    counts = example.confusion_matrix(labels, np.array([7, 2, 2, 7, 2, 0]))
    assert counts.sum() == 6 and counts[7, 2] == 2 and counts[2, 7] == 1 and counts[7, 7] == 1
    example.print_confusions(counts)
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["7", "2", "2"] and lines[2].split() == ["2", "7", "1"]
    axes = example.plot_confusions(counts).axes[0]
    assert axes.get_title() == "Test digits: 3 right, 3 wrong"
    drawn = {text.get_position(): text.get_text() for text in axes.texts if text.get_text()}
    assert drawn == {(7, 7): "1", (2, 7): "2", (7, 2): "1", (2, 2): "1", (0, 0): "1"}
    image = axes.images[0].get_array()
    assert image[7, 2] == 2 and image.mask.diagonal().all()


def test_filters_and_feature_maps(example):
    model = example.build_model()
    kernels = np.zeros((3, 3, 1, 32), "float32")
    kernels[1, 1, 0, :4] = [1.0, 2.0, -1.0, 3.0]
    model.layers[0].set_weights([kernels, np.zeros(32, "float32")])
    drawn = [axes.images[0].get_array() for axes in example.plot_filters(model).axes[:32]]
    assert [image[1, 1] for image in drawn[:5]] == [1, 2, -1, 3, 0]

    image = np.zeros((28, 28, 1), "float32")
    image[5, 6] = 1
    axes = example.plot_feature_maps(model, image).axes
    assert axes[0].images[0].get_array()[5, 6] == 1
    titles = [each.get_title() for each in axes[1:9]]
    assert {"filter 0", "filter 1", "filter 3"} <= set(titles) and titles == sorted(titles, key=lambda x: int(x[7:]))
    assert axes[1 + titles.index("filter 3")].images[0].get_array()[4, 5] == 3  # without the border
    assert axes[9].get_ylabel() == "MaxPooling2D\n13 x 13"
    assert axes[9 + titles.index("filter 3")].images[0].get_array()[2, 2] == 3


def test_curves(example):
    history = {"loss": [2.0, 1.0], "val_loss": [1.9, 0.9], "accuracy": [0.3, 0.6], "val_accuracy": [0.4, 0.7]}
    figure = example.plot_curves(history)
    assert [axes.get_title() for axes in figure.axes] == ["Loss", "Accuracy"]
    drawn = [line.get_xydata().tolist() for line in figure.axes[1].lines]
    assert drawn == [[[1, 0.3], [2, 0.6]], [[1, 0.4], [2, 0.7]]]
