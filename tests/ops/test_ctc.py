import itertools

import numpy as np
import pytest

from minikeras import ops
from minikeras.compiler.step import Step
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, NotSupportedError, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads

RNG = np.random.default_rng(0)


def text_of(path, blank):
    return [letter for letter, _ in itertools.groupby(path) if letter != blank]


def by_all_paths(target, scores, blank):
    """The loss from its definition."""
    probabilities = np.exp(scores) / np.exp(scores).sum(-1, keepdims=True)
    total = 0.0
    for path in itertools.product(range(scores.shape[1]), repeat=len(scores)):
        if text_of(path, blank) == list(target):
            total += np.prod([probabilities[step, letter] for step, letter in enumerate(path)])
    return -np.log(total)


@pytest.mark.parametrize("text", [[], [1], [2], [1, 2], [1, 1], [2, 1, 2], [1, 1, 2], [2, 2]])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_all_paths(text, dtype):
    scores = RNG.normal(size=(1, 5, 3)).astype(dtype)
    target = np.array([[*text, 0, 7, -1]])  # what comes after the text is not looked at
    result = ops.ctc_loss(target, scores, [len(text)], [5])
    assert result.dtype == dtype and result.shape == (1,)
    np.testing.assert_allclose(result, [by_all_paths(text, scores[0].astype("float64"), 0)], rtol=2e-6)


@pytest.mark.parametrize("mask_index", [1, 2, -1])
def test_other_blanks(mask_index):
    scores = RNG.normal(size=(1, 4, 3))
    text = [letter for letter in (0, 1, 2) if letter != mask_index % 3]
    result = ops.ctc_loss([text], scores, [2], [4], mask_index=mask_index)
    np.testing.assert_allclose(result, [by_all_paths(text, scores[0], mask_index % 3)], rtol=1e-12)


def test_a_batch_of_several_lengths():
    scores = RNG.normal(size=(3, 5, 3))
    target, lengths, steps = [[1, 2], [2, 0], [0, 0]], [2, 1, 0], [5, 3, 4]
    expected = [by_all_paths(target[i][: lengths[i]], scores[i, : steps[i]], 0) for i in range(3)]  # each by itself
    np.testing.assert_allclose(ops.ctc_loss(target, scores, lengths, steps), expected, rtol=1e-12)


def test_no_time():
    scores = np.zeros((2, 3, 2))
    loss = ops.ctc_loss([[0], [1]], scores, [0, 1], [0, 0])
    np.testing.assert_allclose(loss, [0, -np.log(1e-307)])


def test_too_long_a_text_is_finite():
    # 1 1 needs three steps. The one path in two steps that ends too early, 1 and the blank, ... all have 1/4.
    loss = ops.ctc_loss([[1, 1]], np.zeros((1, 2, 2)), [2], [2])
    np.testing.assert_allclose(loss, [-np.log(1e-307)])


def test_an_empty_batch():
    scores = np.zeros((0, 3, 2), "float32")
    assert ops.ctc_loss(np.zeros((0, 1)), scores, np.zeros(0), np.zeros(0)).shape == (0,)
    with Trace() as trace:
        x = Tensor(scores, trace)
        loss = ops.ctc_loss(np.zeros((0, 1)), x, np.zeros(0), np.zeros(0))
        assert gradients(loss, [x])[0].shape == (0, 3, 2)


def test_many_steps_and_sure_scores():
    scores = RNG.normal(size=(1, 400, 3)).astype("float32") * 100
    with Trace() as trace:
        x = Tensor(scores, trace)
        loss = ops.ctc_loss([[1, 2, 2, 1]], x, [4], [400])
        (grad,) = gradients(loss, [x])
    assert np.isfinite(loss.array).all() and np.isfinite(grad.array).all()
    np.testing.assert_allclose(grad.array.sum(-1), np.zeros((1, 400)), atol=1e-5)


def test_scores_of_minus_infinity():
    scores = np.zeros((1, 2, 3), "float32")
    scores[0, :, 2] = -np.inf
    np.testing.assert_allclose(ops.ctc_loss([[1]], scores, [1], [2]), [-np.log(3 / 4)], rtol=1e-6)
    assert ops.ctc_loss([[2]], scores, [1], [2]) > 700


@pytest.mark.parametrize(("text", "steps"), [([1, 2], 4), ([1, 1], 4), ([0, 0], 4), ([1, 0], 2), ([1, 1], 2)])
def test_gradients(text, steps):
    """Also of a text that is too long for its steps."""
    length = sum(letter > 0 for letter in text)
    check_grads(lambda x: ops.ctc_loss([text], x, [length], [steps]), RNG.normal(size=(1, 4, 3)), order=1)


def test_the_gradient_is_replayed():
    def step(data):
        return gradients(ops.ctc_loss(data[0], data[1], [2, 1], [4, 3]), [data[1]])

    replayed, eager = Step(step, "replayed"), Step(step, "eager", replay=False)
    for _ in range(3):
        data = (RNG.integers(1, 3, size=(2, 2)), RNG.normal(size=(2, 4, 3)).astype("float32"))
        np.testing.assert_array_equal(replayed(data)[0], eager(data)[0])


def test_there_is_no_second_gradient():
    with Trace() as trace:
        x = Tensor(np.zeros((1, 3, 2)), trace)
        (grad,) = gradients(ops.ctc_loss([[1]], x, [1], [3]), [x])
        with pytest.raises(NotSupportedError, match="`ctc_loss` has no second derivative"):
            gradients(ops.sum(grad * grad), [x])


@pytest.mark.parametrize(
    ("target", "lengths", "steps", "message"),
    [
        ([[1, 3]], [2], [4], r"class indices in `target` from 0 to 2. Received: from 1 to 3"),
        ([[1, -1]], [2], [4], r"class indices in `target` from 0 to 2. Received: from -1 to 1"),
        ([[1, 2]], [3], [4], r"`target_length` from 0 to 2. Received: from 3 to 3"),
        ([[1, 2]], [-1], [4], r"`target_length` from 0 to 2"),
        ([[1, 2]], [2], [5], r"`output_length` from 0 to 4"),
    ],
)
def test_numbers_out_of_range(target, lengths, steps, message):
    with pytest.raises(ArgumentError, match=message):
        ops.ctc_loss(target, np.zeros((1, 4, 3)), lengths, steps)


@pytest.mark.parametrize("mask_index", [3, -4])
def test_blanks_out_of_range(mask_index):
    with pytest.raises(ArgumentError, match="`mask_index` must be one of 3 classes"):
        ops.ctc_loss([[1]], np.zeros((1, 4, 3)), [1], [4], mask_index=mask_index)


def test_wrong_shapes():
    for target, lengths in ([1], [1]), ([[1], [1]], [1, 1]), ([[1]], [[1]]):
        with pytest.raises(ShapeError, match=r"`ctc_loss` expects `target` of shape \(batch, length\)"):
            ops.ctc_loss(target, np.zeros((1, 4, 3)), lengths, [4])


def test_symbolic():
    target, lengths = KerasTensor((None, None), "int32"), KerasTensor((None,), "int32")
    loss = ops.ctc_loss(target, KerasTensor((None, None, 3), "float16"), lengths, lengths)
    assert (loss.shape, loss.dtype) == ((None,), "float32")
