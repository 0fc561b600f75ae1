import importlib.util
import pathlib
import sys

import numpy as np
import pytest

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "mnist_mlp.py"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("mnist_mlp", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(example, *arguments):
    """Runs the example; its two old spellings, and nothing else, warn."""
    with pytest.warns(DeprecationWarning) as record:
        example.main(list(arguments))
    messages = [str(warning.message) for warning in record]
    assert len(messages) == 2, messages
    assert "input_dim" in messages[0] and "lr" in messages[1]


def test_trains_on_all_of_mnist(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    run(example, "--epochs", "1", "--output", str(output))
    printed = capsys.readouterr().out
    assert "Total params: 24,790" in printed
    assert printed.count("1875/1875") == 1
    accuracy = float(printed.split("Test accuracy: ")[1].split("\n")[0])
    assert accuracy > 0.2  # guessing gives 0.1
    for name in ("curves.png", "digits.png"):
        assert f"Wrote {output / name}" in printed
        assert (output / name).read_bytes().startswith(PNG)


def test_options_reach_the_model_and_the_seed_fixes_the_result(example, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    options = [
        "--epochs",
        "2",
        "--batch-size",
        "600",
        "--hidden",
        "7",
        "--activation",
        "tanh",
        "--output",
        str(tmp_path / "x"),
    ]
    printed = []
    for seed in ("1", "1", "2"):
        run(example, *options, "--seed", seed)
        printed.append(capsys.readouterr().out)
    assert "Epoch 2/2" in printed[0] and "100/100" in printed[0]
    assert "Total params: 5,631" in printed[0]  # 785 * 7 + 8 * 7 + 8 * 10
    assert 'pip install "minikeras[plot]"' in printed[0]
    assert not (tmp_path / "x").exists()
    first, again, other = (text.split("Test accuracy")[1] for text in printed)
    assert first == again
    assert first != other


def test_defaults(example):
    options = vars(example.parse_options([]))
    assert options == {
        "epochs": 5,
        "batch_size": 32,
        "hidden": 30,
        "activation": "relu",
        "seed": 0,
        "output": pathlib.Path("mnist_mlp_output"),
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--batch-size", "-3"], "--batch-size: expected an integer of at least 1, received '-3'"),
        (["--hidden", "many"], "--hidden: expected an integer of at least 1, received 'many'"),
        (["--hidden", "2.5"], "--hidden: expected an integer of at least 1, received '2.5'"),
        (["--seed", "4294967296"], "--seed: expected an integer from 0 to 4294967295"),
        (["--seed", "-1"], "--seed: expected an integer from 0"),
        (["--activation", "relo"], "--activation: invalid choice"),
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


def test_curves(example):
    history = {"loss": [2.0, 1.0], "val_loss": [1.9, 0.9], "accuracy": [0.3, 0.6], "val_accuracy": [0.4, 0.7]}
    figure = example.plot_curves(history)
    assert [axes.get_title() for axes in figure.axes] == ["Loss", "Accuracy"]
    drawn = {line.get_label(): line.get_xydata().tolist() for line in figure.axes[1].lines}
    assert drawn == {"training": [[1, 0.3], [2, 0.6]], "validation": [[1, 0.4], [2, 0.7]]}


def test_digits(example):
    images = np.zeros((40, 784), "float32")
    images[1, 0] = 1
    labels = np.arange(40) % 10
    predictions = labels.copy()
    predictions[3] = 8
    figure = example.plot_digits(images, labels, predictions)
    titles = [axes.title for axes in figure.axes]
    assert len(titles) == 32
    assert titles[3].get_text() == "true 3\npredicted 8"
    # Bold, so that a reader who sees no difference between the colors finds them.
    assert [title.get_fontweight() for title in titles].count("bold") == 1
    assert titles[3].get_fontweight() == "bold" and titles[3].get_color() != titles[2].get_color()
    assert figure.axes[1].images[0].get_array()[0, 0] == 1
