"""Histograms, bin indices and counts of integers, next to numpy's, and what is refused."""

import numpy as np
import pytest

from minikeras import ops
from minikeras.errors import ArgumentError, ArgumentTypeError, NotSupportedError, ReplayWarning, ShapeError
from minikeras.graph.keras_tensor import KerasTensor
from tests.helpers import check_grads, run_step_test

RNG = np.random.default_rng(0)
X = RNG.normal(size=200).astype("float32")
IDS = RNG.integers(0, 6, (3, 8)).astype("int32")


@pytest.mark.parametrize("bins", [1, 7, np.int64(10)])
@pytest.mark.parametrize("limits", [None, (-1.0, 1.5), (0, 0), (5, 9)])
def test_histogram(bins, limits):
    counts, edges = ops.histogram(X, bins, limits)
    expected = np.histogram(X, bins, limits or None)
    np.testing.assert_array_equal(counts, expected[0])
    np.testing.assert_allclose(edges, expected[1], rtol=1e-5, atol=1e-6)
    assert counts.dtype == edges.dtype == "float32"


def test_values_on_edges_are_in_the_upper_bin():
    assert [part.tolist() for part in ops.histogram([1, 2, 2, 3], 2)] == [[1, 3], [1, 2, 3]]
    assert [part.tolist() for part in ops.histogram([2.0, 2.0], 2)] == [[0, 2], [1.5, 2, 2.5]]
    assert ops.histogram(3.0, 1)[0].tolist() == [1] and ops.histogram([3.0, 9.0], 2, [1, 4])[0].tolist() == [0, 1]


def test_histograms_of_nan_and_of_nothing():
    counts, edges = ops.histogram([1.0, np.nan, 3.0], 2)
    assert counts.tolist() == [0, 0] and np.isnan(edges).all()
    assert ops.histogram([1.0, np.nan, 3.0], 2, (0, 4))[0].tolist() == [1, 1]
    assert [part.tolist() for part in ops.histogram(np.zeros(0), 2)] == [[0, 0], [0, 0.5, 1]]
    assert [part.shape for part in ops.histogram(X, 0)] == [(0,), (1,)]


def test_histograms_replay():
    run_step_test(lambda x: ops.histogram(x, 5), X[:50], X[50:100])
    check_grads(lambda x: ops.square(ops.histogram(x, 5)[1]), X[:10])
    assert [each.shape for each in ops.histogram(KerasTensor((None,), "int32"), 4)] == [(4,), (5,)]


def test_digitize():
    for bins in ([-1.0, 0.0, 0.0, 2.0], [2.0, 0.0, -1.0], [0.5], [1.0, 1.0]):
        x = np.append(X, np.float32([-1, 0, 2, np.inf, -np.inf, np.nan])).reshape(2, -1)
        np.testing.assert_array_equal(ops.digitize(x, bins), np.digitize(x, bins))
    assert ops.digitize([3, 1], []).tolist() == [0, 0] and ops.digitize(1.5, [1, 2]).dtype == "int32"
    assert ops.digitize(np.int32([1, 2]), np.float32([0.5, 1.5])).tolist() == [1, 2]
    assert ops.digitize(KerasTensor((None, 2)), [1.0]).shape == (None, 2)
    # As in Keras on JAX, complex numbers are ordered by their real parts, then by their imaginary parts.
    assert ops.digitize(np.complex64([1 + 1j, 1 + 3j, 4]), np.complex64([1 + 2j, 3])).tolist() == [0, 1, 2]
    assert ops.searchsorted(np.complex64([1 + 2j, 3]), np.complex64([1 + 1j, 1 + 3j, 4])).tolist() == [0, 1, 2]


@pytest.mark.parametrize("minlength", [0, 3, 9])
def test_bincount(minlength):
    weights = RNG.normal(size=IDS.shape).astype("float32")
    size = max(minlength, IDS.max() + 1)
    expected = [np.bincount(row, minlength=size) for row in IDS]
    np.testing.assert_array_equal(ops.bincount(IDS, minlength=minlength), expected)
    np.testing.assert_array_equal(ops.bincount(IDS[1], minlength=size), expected[1])
    expected = [np.bincount(row, row_weights, size) for row, row_weights in zip(IDS, weights, strict=True)]
    np.testing.assert_allclose(ops.bincount(IDS, weights, minlength), expected, rtol=1e-6)
    check_grads(lambda weights: ops.square(ops.bincount(IDS, weights)), weights)


def test_types_of_counts():
    assert ops.bincount(np.int64([1, 1])).dtype == ops.bincount([True, False]).dtype == "int32"
    for dtype, expected in (("float16", "float16"), ("uint8", "int32"), ("int64", "int64"), ("bool", "int32")):
        assert ops.bincount(np.int32([0, 2, 2]), np.ones(3, dtype)).dtype == expected
    assert ops.bincount([2, 0, 2], np.int64([1, 2**60, 2**60])).tolist() == [2**60, 0, 1 + 2**60]


def test_counts_of_nothing():
    nothing = np.zeros(0, "int32")
    assert ops.bincount(nothing).shape == (0,) and ops.bincount(nothing, minlength=2).tolist() == [0, 0]
    assert ops.bincount(nothing, nothing, 2).tolist() == [0, 0] and ops.bincount(np.zeros((2, 0), int)).shape == (2, 0)


def test_counts_of_data_are_not_replayed():
    with pytest.warns(ReplayWarning):
        with pytest.raises(AssertionError, match="not replayed"):
            run_step_test(ops.bincount, IDS[0], IDS[1])


def test_symbolic_counts():
    assert ops.bincount(KerasTensor((None,), "int32"), minlength=4).shape == (None,)
    counts = ops.bincount(KerasTensor((None, 3), "int32"), weights=np.ones((4, 3), "float32"))
    assert (counts.shape, counts.dtype) == ((None, None), "float32")


@pytest.mark.parametrize(
    ("error", "message", "call"),
    [
        (ArgumentTypeError, "`bins` to consist of integers", lambda: ops.histogram(X, 2.5)),
        (ArgumentError, "non-negative number of bins. Received: bins=-1", lambda: ops.histogram(X, -1)),
        (ArgumentError, r"as a pair of the lowest and the highest", lambda: ops.histogram(X, 2, (0, 1, 2))),
        (ArgumentError, r"Received: range=\(1, 0\)", lambda: ops.histogram(KerasTensor((3,)), 2, (1, 0))),
        (ShapeError, "`histogram` expects values along one axis", lambda: ops.histogram(X.reshape(2, -1))),
        (ShapeError, r"`digitize` expects `bins` with one axis", lambda: ops.digitize(X, [[1.0]])),
        (ArgumentTypeError, "`bincount` expects integers. Received: x of dtype float32", lambda: ops.bincount(X)),
        (ArgumentTypeError, "integers. Received: x of dtype string", lambda: ops.bincount(np.array(["a"]))),
        (ArgumentError, "non-negative integers. Received: x down to -1", lambda: ops.bincount([1, -1])),
        (ArgumentError, "non-negative `minlength`", lambda: ops.bincount(IDS, minlength=-1)),
        (ShapeError, r"weights of the shape of `x`. Received: x of shape \(3, 8\)", lambda: ops.bincount(IDS, IDS[0])),
        (ShapeError, "weights of the shape of `x`", lambda: ops.bincount(KerasTensor((None, 2), "int32"), IDS)),
        (ShapeError, "one or two axes", lambda: ops.bincount(3)),
        (NotSupportedError, "sparse tensors are not supported", lambda: ops.bincount(IDS, sparse=True)),
        (ArgumentTypeError, "weights that are known", lambda: ops.bincount(IDS[0], KerasTensor((8,)))),
    ],
)
def test_refused(error, message, call):
    with pytest.raises(error, match=message):
        call()


def test_edges_instead_of_a_number_of_bins_are_refused():
    with pytest.raises(ArgumentTypeError, match="`histogram` expects `bins` to be an integer"):
        ops.histogram([1.0, 2.0], bins=[0, 1, 3])
