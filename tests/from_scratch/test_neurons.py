import math
import warnings

import numpy as np
import pytest

from minikeras.from_scratch import perceptron, sigmoid, sigmoid_unit

# The lecture's example: quarantine, Alican is presenting, interesting topic.
W, B = (5, -8, 5), 1
TABLE = [
    ([1, 1, 1], 3, 1),
    ([0, 1, 1], -2, 0),
    ([1, 1, 0], -2, 0),
    ([0, 1, 0], -7, 0),
    ([0, 0, 0], 1, 1),
    ([1, 0, 1], 11, 1),
]
LN3 = math.log(3)  # sigmoid(ln 3) = 1 / (1 + 1/3) = 3/4


@pytest.mark.parametrize(("x", "weighted", "attend"), TABLE)
def test_the_lectures_table(x, weighted, attend):
    assert np.dot(x, W) + B == weighted
    assert perceptron(x, W, B) == attend
    assert perceptron(x, W, threshold=-B) == attend
    assert type(perceptron(x, W, B)) is int


def test_all_rows_at_once():
    answers = perceptron([x for x, _, _ in TABLE], W, B)
    assert answers.tolist() == [1, 0, 0, 0, 1, 1]
    assert answers.dtype == int


def test_nothing_is_not_more_than_nothing():
    assert perceptron([1, 1], [1, -1], 0) == 0
    assert perceptron([1, 1], [1, 1], threshold=2) == 0
    assert perceptron([1, 1], [1, 1], threshold=1.999) == 1


def test_nand():
    assert [perceptron([i, j], [-2, -2], 3) for i in (0, 1) for j in (0, 1)] == [1, 1, 1, 0]


def test_inputs_of_other_kinds():
    assert perceptron(np.array([True, False, True]), np.array(W, "float32"), np.int64(1)) == 1
    assert perceptron((1, 0, 1), list(W), 1.0) == 1


@pytest.mark.parametrize(
    ("z", "expected"),
    [(0, 0.5), (LN3, 0.75), (-LN3, 0.25), (math.log(9), 0.9), (1000, 1.0), (-1000, 0.0), (math.inf, 1.0)],
)
def test_sigmoid(z, expected):
    assert sigmoid(z) == pytest.approx(expected, rel=1e-15)
    assert type(sigmoid(z)) is float


def test_sigmoid_does_not_overflow():
    with np.errstate(over="raise", invalid="raise", divide="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sigmoid([-1000.0, 1000.0]).tolist() == [0.0, 1.0]
        assert sigmoid(np.array([-1000, 1000], "float32")).tolist() == [0.0, 1.0]
        assert 0 < sigmoid(-700) < 1e-300  # 1 / (1 + e^700) still has a value


def test_sigmoid_of_arrays():
    z = np.array([[LN3, 0.0], [-LN3, math.log(4)]])
    np.testing.assert_allclose(sigmoid(z), [[0.75, 0.5], [0.25, 0.8]], rtol=1e-15)
    assert sigmoid(z.astype("float32")).dtype == np.float32
    assert sigmoid(np.array([1, 2])).dtype == np.float64
    assert np.isnan(sigmoid(math.nan))
    assert z[0, 1] == 0.0


def test_sigmoid_unit():
    assert sigmoid_unit([1, 2], [LN3, LN3], -2 * LN3) == pytest.approx(0.75, abs=1e-15)
    np.testing.assert_allclose(sigmoid_unit([[1, 2], [0, 0]], [LN3, 0], 0), [0.75, 0.5], rtol=1e-15)
    assert type(sigmoid_unit([0], [1], 0)) is float
    assert sigmoid_unit(np.ones((2, 1), "float32"), np.ones(1, "float32"), 0.5).dtype == np.float32


def test_both_neurons_agree_on_yes_and_no():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(100, 4)), rng.normal(size=4)
    assert ((sigmoid_unit(x, w, 0.3) > 0.5) == perceptron(x, w, 0.3)).all()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: perceptron([1], [1]), TypeError, "perceptron: expected either b or threshold; received b=None"),
        (lambda: perceptron([1], [1], 1, 1), TypeError, "expected either b or threshold; received b=1, threshold=1"),
        (
            lambda: perceptron([1, 2], [1, 2, 3], 0),
            ValueError,
            r"x: expected shape \(3,\) or \(m, 3\).*shape \(2,\)",
        ),
        (lambda: perceptron([], [], 0), ValueError, r"w: expected shape \(n,\).*received shape \(0,\)"),
        (lambda: perceptron([1], [[1]], 0), ValueError, r"w: expected shape \(n,\).*received shape \(1, 1\)"),
        (lambda: perceptron(1, [1], 0), ValueError, r"x: expected shape.*received shape \(\)"),
        (lambda: perceptron([1], [1], [1]), TypeError, r"b: expected a number; received \[1\] \(list\)"),
        (lambda: perceptron([1], [1], math.nan), ValueError, "b: expected a finite number; received nan"),
        (lambda: perceptron([1, math.inf], [1, 1], 0), ValueError, r"x\[1\] is inf; expected finite"),
        (lambda: perceptron(["a"], [1], 0), TypeError, r"x: expected numbers; received \['a'\]"),
        (lambda: perceptron([[1, 2], [1]], [1, 1], 0), ValueError, "x: expected lists of the same length"),
        (lambda: sigmoid("a"), TypeError, r"sigmoid: z: expected numbers; received 'a' \(str\)"),
        (lambda: sigmoid(1j), TypeError, "sigmoid: z: expected numbers"),
        (lambda: sigmoid_unit([1, 2], [1], 0), ValueError, r"sigmoid_unit: x: expected shape \(1,\)"),
        (lambda: sigmoid_unit([1], [1], True), TypeError, "sigmoid_unit: b: expected a number"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
