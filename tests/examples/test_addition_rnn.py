import importlib.util
import pathlib
import sys

import numpy as np
import pytest

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "addition_rnn.py"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("addition_rnn", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_learns_to_add_digits_and_draws(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    options = ["--digits", "1", "--questions", "55", "--epochs", "60", "--batch-size", "10", "--output", str(output)]
    with pytest.raises(SystemExit):
        example.main(options)
    assert "expected at most 27, received 55" in capsys.readouterr().err
    options[3] = "27"
    example.main(options)
    printed = capsys.readouterr().out
    assert "25 sums to learn from, 2 to test with" in printed
    assert "Epoch 60/60" in printed and "val_sums_right" in printed
    losses = [float(part.split(" ")[0]) for part in printed.split(" - loss: ")[1:]]
    assert losses[-1] < 0.2 * losses[0]
    assert f"Wrote {output / 'addition.png'}" in printed
    assert (output / "addition.png").read_bytes().startswith(PNG)


def test_the_seed_fixes_the_result(example, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    printed = []
    for seed in ("1", "1", "2"):
        example.main(["--digits", "2", "--questions", "50", "--epochs", "1", "--seed", seed])
        text = capsys.readouterr().out
        printed.append([text.split("loss: ")[1].split(" ")[0], text.split("val_sums_right")[1].split("\n", 1)[1]])
    assert 'pip install "minikeras[plot]"' in printed[0][1]
    assert printed[0] == printed[1] != printed[2]


def test_pairs_are_distinct_whatever_their_order(example):
    pairs = example.draw_pairs(27, 1, np.random.default_rng(0))
    assert len({tuple(sorted(pair)) for pair in pairs}) == 27
    assert {number for pair in pairs for number in pair} <= set(range(10))
    lengths = [len(str(a)) for a, _ in example.draw_pairs(2000, 3, np.random.default_rng(0))]
    assert all(500 < lengths.count(digits) < 900 for digits in (1, 2, 3))


def test_questions_and_answers(example):
    assert example.question(12, 345, 3) == "543+21 "
    encoded = example.encode(["1+", " 9"])
    assert encoded.shape == (2, 2, 12) and encoded.dtype == "float32"
    assert encoded.argmax(-1).tolist() == [[1, 10], [11, 9]]


def test_sums_right(example):
    class Model:
        def predict(self, x, **options):
            return example.encode(["10 ", "7  ", "12 "])

    callback = example.SumsRight(np.zeros((3, 7, 12)), example.encode(["10 ", "8  ", "13 "]))
    callback.set_model(Model())
    logs = {}
    callback.on_epoch_end(0, logs)
    assert logs == {"val_sums_right": pytest.approx(1 / 3)}
    np.testing.assert_allclose(callback.by_place, [[2 / 3, 2 / 3, 1]])


def test_printed_sums(example, capsys):
    right = example.print_sums(["5+5"[::-1], "1+7"[::-1]], ["10", "8 "], ["10", "9 "])
    assert right == 0.5
    assert capsys.readouterr().out == "5+5 = 10 right\n1+7 = 9  wrong, it is 8\n"


def test_picture(example):
    history = {name: [1.0, 0.5] for name in ("loss", "val_loss", "val_accuracy", "val_sums_right")}
    figure = example.plot_curves(history, [np.array([0.5, 0.25]), np.array([1.0, 0.75])], digits=1)
    loss, sums, places = figure.axes[:3]
    assert [axes.get_xlabel() for axes in (loss, sums, places)] == ["epoch"] * 3
    assert [line.get_label() for line in sums.lines] == ["characters", "whole sums"]
    assert places.images[0].get_array().tolist() == [[0.5, 1.0], [0.25, 0.75]]


def test_defaults(example):
    options = vars(example.parse_options([]))
    output = pathlib.Path("addition_rnn_output")
    expected = {"questions": 50_000, "digits": 3, "epochs": 12, "batch_size": 128, "seed": 0, "output": output}
    assert options == expected


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--digits", "10"], "--digits: expected an integer from 1 to 9, received '10'"),
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
