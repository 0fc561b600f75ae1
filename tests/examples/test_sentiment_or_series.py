import importlib.util
import pathlib
import sys

import numpy as np
import pytest

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "sentiment_or_series.py"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("sentiment_or_series", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table_of(printed):
    """The rows of the first table: accuracy, parameters and seconds by network."""
    lines = printed.split("accuracy parameters  seconds\n")[1].splitlines()[:3]
    return {
        name: (float(accuracy), parameters, float(seconds))
        for name, accuracy, parameters, seconds in map(str.split, lines)
    }


def test_trains_and_draws(example, tmp_path, capsys):
    output = tmp_path / "new" / "folder"
    example.main(["--reviews", "3000", "--epochs", "4", "--output", str(output)])
    printed = capsys.readouterr().out
    table = table_of(printed)
    assert list(table) == ["dense", "lstm", "transformer"]
    # 48 words and 0 with vectors of 32; then 32 * 64 + 64 + 64 * 32 + 32 + 32 + 1
    assert table["dense"][1] == f"{len(example.WORDS) * 32 + 32 + 4225:,}"
    assert table["lstm"][0] > 0.95 > 0.88 > table["dense"][0] > 0.6  # the order of words matters
    assert "2,400 reviews to learn from, 600 to test with" in printed
    assert f"Wrote {output / 'sentiment.png'}" in printed
    assert (output / "sentiment.png").read_bytes().startswith(PNG)


def test_the_seed_fixes_the_result(example, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    printed = []
    for seed in ("1", "1", "2"):
        example.main(["--reviews", "100", "--epochs", "1", "--seed", seed])
        text = capsys.readouterr().out
        printed.append((text.split("\nnetwork")[0], text.split("plain")[1]))
    assert 'pip install "minikeras[plot]"' in printed[0][1]
    assert printed[0] == printed[1]
    assert printed[0][0] != printed[2][0]


def meaning(words):
    """What a review says, worked out from its words by the rules of the grammar."""
    after = words[words.index("but") + 1 :] if "but" in words else words
    statements = " ".join(after).split(" and ")
    friendly = {*GOOD_WORDS}
    verdicts = set()
    for statement in map(str.split, statements):
        positive = not friendly.isdisjoint(statement)
        verdicts.add(positive != (not {"not", "never"}.isdisjoint(statement)))
    (verdict,) = verdicts  # statements joined by "and" agree
    return verdict


GOOD_WORDS = "good great funny clever moving lovely brilliant charming loved liked enjoyed admired".split()


def test_reviews_mean_what_their_labels_say(example):
    reviews = example.make_reviews(501, np.random.default_rng(0))
    assert sum(label for _, label in reviews) == 250
    assert [meaning(words) for words, _ in reviews] == [label for _, label in reviews]
    assert max(len(words) for words, _ in reviews) <= example.LENGTH
    assert {word for words, _ in reviews for word in words} <= set(example.WORDS)
    assert {example.kind_of(words) for words, _ in reviews} == set(example.KINDS)


def test_encoding(example):
    encoded = example.encode([["and"], example.WORDS[:3]])
    assert encoded.shape == (2, 24)
    assert encoded[0, 0] == example.WORDS.index("and") + 1 and not encoded[0, 1:].any()
    assert encoded[1, :4].tolist() == [1, 2, 3, 0]


def test_accuracy_by_kind(example):
    right, kinds = np.array([True, False, True, True]), np.array(["plain", "plain", "but", "not and but"])
    found = example.accuracy_by_kind(right, kinds)
    assert found[0] == 0.5 and np.isnan(found[1]) and found[2:] == [1, 1]


def test_transformer_sees_the_order_of_words(example):
    model = example.build_transformer()
    x = example.encode([["the", "plot", "was", "good"], ["good", "was", "plot", "the"]])
    first, second = model.predict(x, verbose=0)
    assert first != second
    first, second = example.build_dense().predict(x, verbose=0)
    np.testing.assert_allclose(first, second, rtol=1e-6)


def test_picture(example):
    curves = {"dense": [0.6, 0.7], "lstm": [0.8, 0.9], "transformer": [0.7, 1.0]}
    figure = example.plot(curves, {name: [0.5, 0.6, 0.7, 0.8] for name in curves})
    left, right = figure.axes
    assert [line.get_label() for line in left.lines] == list(curves)
    assert left.lines[2].get_xydata().tolist() == [[1, 0.7], [2, 1.0]]
    assert [label.get_text() for label in right.get_xticklabels()] == list(example.KINDS)
    assert len(right.patches) == 12


def test_defaults(example):
    options = vars(example.parse_options([]))
    output = pathlib.Path("sentiment_or_series_output")
    assert options == {"reviews": 12_000, "epochs": 6, "batch_size": 64, "seed": 0, "output": output}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--epochs", "0"], "--epochs: expected an integer of at least 1, received '0'"),
        (["--reviews", "1"], "--reviews: expected an integer of at least 2, received '1'"),
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
