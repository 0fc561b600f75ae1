import importlib.util
import pathlib
import re
import sys

import numpy as np
import pytest

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "text_classification.py"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("text_classification", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def predictions_of(printed):
    """The probabilities of the subjects, in percent, by message."""
    lines = printed.split("  message\n")[1].split("\n\n")[0].splitlines()
    return {line.split("%  ")[-1]: [int(number) for number in re.findall(r"(\d+)%", line)] for line in lines}


def test_trains_saves_and_draws(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    example.main(["--messages", "1000", "--epochs", "6", "--output", str(output)])
    printed = capsys.readouterr().out
    assert f"Wrote 1,000 messages to {output / 'messages'}" in printed
    assert float(printed.split("Test accuracy: ")[1].split()[0]) > 0.9
    predictions = predictions_of(printed)
    assert list(predictions) == example.EXAMPLES
    assert [np.argmax(each) for each in list(predictions.values())[:3]] == [1, 3, 0]
    assert max(predictions["Guten Tag"]) < 60  # nothing of it was ever seen
    assert f"Wrote {output / 'messages.keras'}" in printed
    assert (output / "terms.png").read_bytes().startswith(PNG)


def test_own_messages(example, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    message = "WHERE is my parcel?!"
    example.main(["--messages", "400", "--epochs", "3", "--message", message, "ok", "--output", str(tmp_path)])
    printed = capsys.readouterr().out
    predictions = predictions_of(printed)
    assert list(predictions) == [message, "ok"]
    assert np.argmax(predictions[message]) == 1
    assert 'pip install "minikeras[plot]"' in printed


def test_the_seed_fixes_the_result(example, tmp_path, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    printed = []
    for seed in ("1", "1", "2"):
        example.main(["--messages", "60", "--epochs", "1", "--seed", seed, "--output", str(tmp_path)])
        printed.append(re.sub(r"- \d+m?s - \d+[mu]?s/step", "", capsys.readouterr().out))
    assert printed[0] == printed[1]
    assert printed[0] != printed[2]


def test_messages(example, tmp_path, monkeypatch):
    """A quarter is about each subject; those of an earlier run are gone; nothing is left to be filled in."""
    monkeypatch.setattr(example, "TYPOS", 0)
    for count in (402, 401):
        example.write_messages(tmp_path, count, np.random.default_rng(0))
    texts = {name: [path.read_text() for path in (tmp_path / name).iterdir()] for name in example.SUBJECTS}
    assert [len(each) for each in texts.values()] == [101, 100, 100, 100]
    written = "\n".join(text for each in texts.values() for text in each)
    assert not re.search(r"[{}()|]|  ", written)
    assert any("scratch, and I want" in text for text in texts["returns"])
    assert not any("wrong address" in text for text in texts["praise"])
    assert re.search("^[^a-z]+$", written, re.MULTILINE)  # some shout


def test_typing_errors(example, monkeypatch):
    plain, wrong = [], []
    for typos, messages in ((0, plain), (5, wrong)):
        monkeypatch.setattr(example, "TYPOS", typos)
        generators = map(np.random.default_rng, range(50))
        messages += [example.make_message("billing", generator) for generator in generators]
    assert plain != wrong
    letters = [[sorted(message.lower()) for message in messages] for messages in (plain, wrong)]
    assert letters[0] == letters[1]  # in another order


def test_picture(example):
    kernel = np.zeros((10, 4), "float32")
    kernel[7, 2], kernel[3, 2] = 2.0, 1.0
    figure = example.plot_terms([f"term {number}" for number in range(10)], kernel)
    assert [axes.get_title() for axes in figure.axes] == ["billing", "delivery", "praise", "returns"]
    axes = figure.axes[2]
    assert [label.get_text() for label in axes.get_yticklabels()][-2:] == ["term 3", "term 7"]
    assert [bar.get_width() for bar in axes.patches][-2:] == [1, 2]


def test_defaults(example):
    options = vars(example.parse_options([]))
    output = pathlib.Path("text_classification_output")
    assert options == {"messages": 2000, "epochs": 10, "message": None, "seed": 0, "output": output}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--messages", "39"], "--messages: expected an integer of at least 40, received '39'"),
        (["--message"], "--message: expected at least one argument"),
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
