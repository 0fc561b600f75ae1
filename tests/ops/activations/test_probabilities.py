"""Softmax and its relatives, also where exponentials overflow."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError
from tests.helpers import check_grads

X = np.random.default_rng(0).uniform(-2, 2, (4, 3))


def gradient(function, value, dtype="float32"):
    with Trace() as trace:
        x = Tensor(np.asarray(value, dtype), trace)
        (found,) = gradients(function(x), [x])
        return np.asarray(getattr(found, "array", found))


def test_softmax():
    np.testing.assert_allclose(ops.softmax([[0.0, np.log(3)]]), [[0.25, 0.75]], rtol=1e-6)
    np.testing.assert_allclose(ops.softmax(X, axis=0).sum(0), 1, rtol=1e-12)
    assert ops.softmax([1, 2]).dtype == "float32"


def test_softmax_far_out():
    far = np.float32([[1e4, 0, -1e4], [-1e4, -1e4, -1e4]])
    np.testing.assert_allclose(ops.softmax(far), [[1, 0, 0], [1 / 3] * 3], rtol=1e-6)
    np.testing.assert_allclose(ops.log_softmax(far), [[0, -1e4, -2e4], [-np.log(3)] * 3], rtol=1e-6)
    assert np.isfinite(gradient(lambda x: ops.softmax(x) ** 2, far)).all()
    np.testing.assert_allclose(gradient(lambda x: ops.log_softmax(x)[:, 1], far)[0], [-1, 1, 0])


@pytest.mark.parametrize("axis", [0, 1, -1, -2])
def test_softmax_gradients(axis):
    check_grads(lambda x: ops.softmax(x, axis=axis), X)
    check_grads(lambda x: ops.log_softmax(x, axis=axis), X)


def test_axes_that_do_not_exist():
    for function in (ops.softmax, ops.log_softmax):
        with pytest.raises(ArgumentError, match="2 axes"):
            function(X, axis=2)


def test_softmax_over_one_score_is_warned_about():
    with pytest.warns(UserWarning, match=r"`softmax` over an axis of size 1.*\(2, 1\), axis=-1.*`sigmoid`") as caught:
        assert ops.softmax(np.zeros((2, 1))).tolist() == [[1], [1]]
    assert caught[0].filename == __file__


@pytest.mark.parametrize("function", [ops.softmax, ops.log_softmax])
def test_softmax_of_nothing(function):
    for axis in (0, 1, None):
        assert function(np.zeros((0, 4), "float32"), axis=axis).shape == (0, 4)
    assert gradient(lambda x: function(x, axis=0), np.zeros((0, 4))).shape == (0, 4)


def test_sparsemax():
    # One score in the support: the threshold is 3 - 1.
    assert ops.sparsemax([3.0, 0.0, -1.0]).tolist() == [1, 0, 0]
    # Two in it: (0.75 + (0.75 + 0.5) - 1) / 2 = 0.5
    assert ops.sparsemax([0.5, -1.0, 0.75]).tolist() == [0, 0, 0.25]
    # All of them: (0 + 0 + 0 - 1) / 4
    assert ops.sparsemax(np.zeros(4)).tolist() == [0.25] * 4
    assert ops.sparsemax([1e4, 0.0, -1e4]).tolist() == [1, 0, 0]


def test_sparsemax_along_an_axis():
    x = np.random.default_rng(0).normal(size=(2, 3, 4)).astype("float32")
    result = ops.sparsemax(x, axis=1)
    for i in range(2):
        for j in range(4):
            np.testing.assert_array_equal(result[i, :, j], ops.sparsemax(x[i, :, j]))


@pytest.mark.parametrize("x", [[3.0, 0.0, -1.0], [0.4, -1.0, 0.75], [0.1, 0.2, 0.3], [[0.6, 0.5], [2.0, -2.0]]])
def test_sparsemax_gradients(x):
    check_grads(ops.sparsemax, x)


def test_sparsemax_gradient_of_ties():
    # The first of equal scores comes first in the order; all three results are 0 at their corner, where they count.
    with Trace() as trace:
        x = Tensor(np.float32([1, 1]), trace)
        y = ops.sparsemax(x)
        (grad,) = gradients(ops.sum(y * np.float32([1, 0])), [x])
    assert y.array.tolist() == [0, 0]
    np.testing.assert_allclose(grad.array, [1 - 2 / 2, -1 / 2])


def test_softmax_of_what_is_not_finite_does_not_warn():
    assert np.isnan(ops.softmax(np.complex64([[np.inf, 1.0]]))).all()
