import importlib.util
import math
import pathlib
import sys

import numpy as np
import pytest

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "text_generation.py"
PNG = b"\x89PNG\r\n\x1a\n"
TEXT = "the while statement is used for repeated execution.\n" * 200


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("text_generation", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def models(example):
    return example.build_model(5)


def test_trains_writes_and_draws(example, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(example, "read_text", lambda: TEXT)
    output = tmp_path / "new" / "folder"
    options = ["--epochs", "2", "--steps", "10", "--batch-size", "4", "--length", "5", "--prompt", "the while "]
    example.main([*options, "--output", str(output)])
    printed = capsys.readouterr().out
    characters = len(set(TEXT))
    assert f"{len(TEXT):,} characters, {characters} different ones" in printed
    perplexity = float(printed.split("Perplexity: ")[1].split(" ")[0])
    assert perplexity < characters / 1.5  # a guess among all characters
    parts = printed.split("--- temperature ")
    assert [part.split(" ---\n")[0] for part in parts[1:]] == ["0.0", "0.7"]
    for part in parts[1:]:
        written = part.split(" ---\n", 1)[1].split("\n---" if part is parts[-1] else "\n\n")[0]
        assert written.startswith("the while ") and len(written) <= 15
    for name in ("perplexity.png", "attention.png"):
        assert f"Wrote {output / name}" in printed
        assert (output / name).read_bytes().startswith(PNG)


def test_the_seed_fixes_the_result(example, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    monkeypatch.setattr(example, "read_text", lambda: TEXT)
    printed = []
    for seed in ("1", "1", "2"):
        example.main(["--epochs", "1", "--steps", "2", "--batch-size", "2", "--length", "8", "--seed", seed])
        printed.append(capsys.readouterr().out.split("Perplexity")[1])
    assert 'pip install "minikeras[plot]"' in printed[0]
    assert printed[0] == printed[1] != printed[2]


def test_the_text_ships_with_python(example):
    text = example.read_text()
    assert 'The "while" statement' in text and len(text) > 300_000


def test_no_text(example, monkeypatch):
    monkeypatch.setitem(sys.modules, "pydoc_data.topics", None)
    with pytest.raises(SystemExit, match="without `pydoc_data`"):
        example.read_text()


def test_windows(example):
    tokens = np.arange(1000, dtype="int32")
    windows = example.Windows(tokens, batch_size=3, steps=7, seed=0)
    assert len(windows) == 7
    x, y = windows[0]
    assert x.shape == y.shape == (3, 128) and x.dtype == "int32"
    assert (y == x + 1).all() and (np.diff(x) == 1).all()
    assert (example.Windows(tokens, 3, 7, 0)[0][0] == x).all()


def test_cut(example):
    x, y = example.cut(np.arange(300))
    assert x.shape == y.shape == (2, 128)
    assert x[1, 0] == 128 and y[1, -1] == 256


def test_no_place_sees_what_comes_later(example, models):
    model, attention = models
    x = np.zeros((1, 128), "int32")
    changed = x.copy()
    changed[0, 60:] = 3
    first, second = model.predict_on_batch(x), model.predict_on_batch(changed)
    np.testing.assert_allclose(first[:, :60], second[:, :60], rtol=1e-5, atol=1e-6)
    assert not np.allclose(first[:, 60:], second[:, 60:])
    scores = attention.predict_on_batch(changed)
    assert len(scores) == example.BLOCKS
    for each in scores:
        assert each.shape == (1, example.HEADS, 128, 128)
        np.testing.assert_allclose(each.sum(-1), 1, rtol=1e-5)
        assert not np.triu(each[0, 0], 1).any()


class Counter:
    """A model that is sure of the next character of the vocabulary."""

    def predict_on_batch(self, window):
        assert window.shape == (1, 128) and window.dtype == "int32"
        return 10 * np.eye(4, dtype="float32")[(window + 1) % 4]


def test_generation(example):
    def generate(prompt, length, temperature):
        return example.generate(Counter(), prompt, length, temperature, list("abcd"), np.random.default_rng(0))

    assert generate("ab", 5, 0.0) == "abcdabc"
    assert generate("a?b", 3, 0.0) == "abcda"  # characters out of the vocabulary are left out
    assert generate("ab", 300, 0.0) == ("abcd" * 76)[:302]  # longer than what the network sees
    assert generate("ab", 5, 0.1) == "abcdabc"
    assert generate("ab", 50, 20.0) != generate("ab", 50, 0.0)


def test_pictures(example, models):
    history = {"loss": [math.log(8), math.log(4)], "val_loss": [math.log(5), math.log(3)]}
    (axes,) = example.plot_perplexity(history).axes
    np.testing.assert_allclose(axes.lines[0].get_ydata(), [8, 4])
    np.testing.assert_allclose(axes.lines[1].get_ydata(), [5, 3])
    axes.figure.draw_without_rendering()
    numbers = [label.get_text() for label in axes.get_yticklabels(which="both") if label.get_text()]
    assert numbers and all(number.isdigit() for number in numbers)  # rather than 4 × 10⁰
    figure = example.plot_attention(models[1], "ab\n" * 42 + "ab", ["a", "b", "\n"])
    maps = [axes for axes in figure.axes if axes.get_title()]
    assert [axes.get_title() for axes in maps[:2]] == ["block 1, head 1", "block 1, head 2"]
    assert len(maps) == 2 * example.HEADS
    assert [label.get_text() for label in maps[0].get_xticklabels()][:3] == ["a", "b", "\\n"]
    assert maps[0].images[0].get_array()[0, 0] == pytest.approx(1)  # the first character sees itself alone


def test_defaults(example):
    options = vars(example.parse_options([]))
    assert options == {
        "epochs": 10,
        "steps": 100,
        "batch_size": 16,
        "prompt": "The while statement",
        "length": 400,
        "temperature": 0.7,
        "seed": 0,
        "output": pathlib.Path("text_generation_output"),
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--length", "-1"], "--length: expected an integer of at least 0, received '-1'"),
        (["--temperature", "-0.5"], "--temperature: expected a number of at least 0, received '-0.5'"),
        (["--temperature", "nan"], "--temperature: expected a number of at least 0, received 'nan'"),
        (["--temperature", "hot"], "--temperature: expected a number of at least 0, received 'hot'"),
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
