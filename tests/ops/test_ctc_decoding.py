import itertools

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor

RNG = np.random.default_rng(0)


def scores_of(path, classes=3):
    """Scores that are 2 at the classes of a path, else 0."""
    return 2 * np.eye(classes, dtype="float32")[path][None]


@pytest.mark.parametrize(
    ("path", "options", "text"),
    [
        ([1, 1, 0, 1, 2], {}, [1, 1, 2]),
        ([1, 1, 0, 1, 2], {"merge_repeated": False}, [1, 1, 1, 2]),
        ([1, 1, 0, 1, 2], {"mask_index": 1}, [0, 2]),
        ([1, 1, 0, 1, 2], {"mask_index": None}, [1, 0, 1]),
        ([1, 1, 0, 1, 2], {"mask_index": -1}, [1, 0, 1]),
        ([0, 0, 0, 0, 0], {}, []),
    ],
)
def test_greedy(path, options, text):
    texts, scores = ops.ctc_decode(scores_of(path), [5], **options)
    assert (texts.dtype, texts.shape, scores.dtype, scores.shape) == ("int32", (1, 1, 5), "float32", (1, 1))
    assert texts[0, 0].tolist() == text + [-1] * (5 - len(text))
    assert scores.tolist() == [[-10]]


def test_greedy_up_to_the_length():
    texts, scores = ops.ctc_decode(np.repeat(scores_of([1, 2, 1]), 3, 0), [3, 1, 0])
    assert texts.tolist() == [[[1, 2, 1], [1, -1, -1], [-1, -1, -1]]]
    assert scores.tolist() == [[-6], [-2], [0]]


def by_all_paths(scores, blank):
    """The probability of every text, from its definition."""
    probabilities = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    texts = {}
    for path in itertools.product(range(scores.shape[1]), repeat=len(scores)):
        text = tuple(letter for letter, _ in itertools.groupby(path) if letter != blank)
        chance = np.prod([probabilities[step, letter] for step, letter in enumerate(path)])
        texts[text] = texts.get(text, 0.0) + chance
    return sorted(texts.items(), key=lambda each: -each[1])


@pytest.mark.parametrize("blank", [0, 1, 2])
@pytest.mark.parametrize("seed", range(5))
def test_a_wide_beam_finds_all_texts(blank, seed):
    scores = np.random.default_rng(seed).normal(size=(1, 4, 3))
    best = by_all_paths(scores[0], blank)[:5]
    texts, logs = ops.ctc_decode(scores, [4], "beam_search", beam_width=100, top_paths=5, mask_index=blank)
    assert (texts.shape, logs.shape, logs.dtype) == ((5, 1, 4), (1, 5), "float64")
    assert [tuple(letter for letter in row[0] if letter >= 0) for row in texts.tolist()] == [text for text, _ in best]
    np.testing.assert_allclose(logs[0], [np.log(chance) for _, chance in best], rtol=1e-12)


def test_a_text_may_be_likelier_than_the_best_path():
    # The blank is likeliest in each step, but "1" has three paths.
    scores = np.log(np.float32([[[0.55, 0.45], [0.55, 0.45]]]))
    assert ops.ctc_decode(scores, [2])[0].tolist() == [[[-1, -1]]]
    texts, logs = ops.ctc_decode(scores, [2], strategy="beam_search", beam_width=2, top_paths=2)
    assert texts.tolist() == [[[1, -1]], [[-1, -1]]]
    np.testing.assert_allclose(np.exp(logs), [[1 - 0.55**2, 0.55**2]], rtol=1e-6)


def test_a_narrow_beam_follows_few_beginnings():
    # With one beginning: the empty text (0.4), then it again or "1", which alone has grown out of it.
    scores = np.log(np.float32([[[0.4, 0.35, 0.25], [0.1, 0.6, 0.3]]]))
    texts, logs = ops.ctc_decode(scores, [2], strategy="beam_search", beam_width=1)
    assert texts.tolist() == [[[1, -1]]]
    np.testing.assert_allclose(np.exp(logs), [[0.4 * 0.6]], rtol=1e-6)


def test_no_time():
    texts, logs = ops.ctc_decode(np.zeros((1, 2, 3)), [0], strategy="beam_search")
    assert (texts.tolist(), logs.tolist()) == ([[[-1, -1]]], [[0.0]])


def test_replayed():
    step = Step(lambda x: ops.ctc_decode(x, [4, 2], "beam_search", beam_width=5, top_paths=2), "decode")
    for _ in range(3):
        x = RNG.normal(size=(2, 4, 3)).astype("float32")
        for ours, eager in zip(step(x), ops.ctc_decode(x, [4, 2], "beam_search", 5, 2), strict=True):
            np.testing.assert_array_equal(ours, eager)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"strategy": "best"}, "strategy 'greedy' or 'beam_search'. Received: 'best'"),
        ({"strategy": "beam_search", "beam_width": 2, "top_paths": 3}, "1 <= top_paths <= beam_width"),
        ({"strategy": "beam_search", "top_paths": 0}, "1 <= top_paths <= beam_width"),
        ({"strategy": "beam_search", "top_paths": 50}, "only .* sequences .* Received: top_paths=50"),
        ({"mask_index": 3}, "`mask_index` must be one of 3 classes"),
        ({"sequence_lengths": [3]}, "`sequence_lengths` from 0 to 2. Received: from 3 to 3"),
        ({"sequence_lengths": [-1]}, "`sequence_lengths` from 0 to 2"),
    ],
)
def test_what_cannot_be_used(options, message):
    with pytest.raises(ArgumentError, match=message):
        ops.ctc_decode(np.zeros((1, 2, 3), "float32"), **{"sequence_lengths": [2], **options})


def test_wrong_shapes():
    for x, lengths in ((2, 3), [2]), ((1, 2, 3), [2, 2]), ((1, 2, 3), [[2]]):
        with pytest.raises(ShapeError, match="`ctc_decode` expects `inputs` of shape"):
            ops.ctc_decode(np.zeros(x), lengths)


def test_symbolic():
    inputs, lengths = KerasTensor((None, None, 3), "float16"), KerasTensor((None,), "int32")
    texts, scores = ops.ctc_decode(inputs, lengths, strategy="beam_search", top_paths=2)
    assert (texts.shape, texts.dtype, scores.shape, scores.dtype) == ((2, None, None), "int32", (None, 2), "float32")


def test_no_path_is_left_by_nan():
    with pytest.raises(ArgumentError, match="only 0 sequences"):
        ops.ctc_decode(np.full((1, 3, 3), np.nan, "float32"), [3], "beam_search", top_paths=2)
