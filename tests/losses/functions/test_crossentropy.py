"""Values worked by hand, scores behind activations, and the shapes that are refused."""

import numpy as np
import pytest

from minikeras import losses, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError

LN2 = 0.6931472
CASES = [
    (losses.categorical_crossentropy, [[0, 1, 0]], [[0.25, 0.5, 0.25]], {}, [LN2]),
    (losses.categorical_crossentropy, [[0, 1]], [[2.0, 2.0]], {}, [LN2]),
    (losses.categorical_crossentropy, [[0, 1]], [[7.0, 7.0]], {"from_logits": True}, [LN2]),
    # ln 4 and ln (4/3), with labels 0.1 and 0.9
    (losses.categorical_crossentropy, [[0, 1]], [[0.25, 0.75]], {"label_smoothing": 0.2}, [0.3975432]),
    (losses.categorical_crossentropy, [[0, 1], [1, 0]], [[0.5, 0.25], [0.5, 0.75]], {"axis": 0}, [LN2, 1.3862944]),
    (losses.sparse_categorical_crossentropy, [1, 0], [[0.5, 0.5], [0.25, 0.75]], {}, [LN2, 1.3862944]),
    (losses.sparse_categorical_crossentropy, [[1], [0]], [[0.5, 0.5], [0.25, 0.75]], {}, [LN2, 1.3862944]),
    (losses.sparse_categorical_crossentropy, [1, 0], [[3.0, 3.0], [3.0, 3.0]], {"from_logits": True}, [LN2, LN2]),
    (losses.sparse_categorical_crossentropy, [1, -1], [[0.5, 0.5], [0.2, 0.8]], {"ignore_class": -1}, [LN2, 0.0]),
    (losses.sparse_categorical_crossentropy, [[0, 1]], [[[0.5, 0.25], [0.5, 0.75]]], {"axis": 1}, [[LN2, 0.2876821]]),
    (losses.binary_crossentropy, [[1.0, 0.0]], [[0.5, 0.75]], {}, [(LN2 + 1.3862944) / 2]),
    (losses.binary_crossentropy, [[1.0, 0.0]], [[0.0, 0.0]], {"from_logits": True}, [LN2]),
    (losses.binary_crossentropy, [[1.0]], [[0.75]], {"label_smoothing": 0.2}, [0.3975432]),
    (losses.binary_crossentropy, [[1.0], [0.0]], [[0.5], [0.75]], {"axis": 0}, [(LN2 + 1.3862944) / 2]),
    # with the probabilities 1/2 and 1/4 of the label: (1/2)^2 ln 2 and (3/4)^2 ln 4
    (losses.binary_focal_crossentropy, [[1.0, 0.0]], [[0.5, 0.75]], {}, [(LN2 / 4 + 9 / 16 * 2 * LN2) / 2]),
    (losses.binary_focal_crossentropy, [[1.0, 0.0]], [[0.5, 0.75]], {"gamma": 1.0}, [(LN2 / 2 + 3 / 4 * 2 * LN2) / 2]),
    (losses.binary_focal_crossentropy, [[1.0, 0.0]], [[0.5, 0.75]], {"gamma": 0.0}, [(LN2 + 2 * LN2) / 2]),
    (
        losses.binary_focal_crossentropy,
        [[1.0, 0.0]],
        [[0.5, 0.75]],
        {"apply_class_balancing": True, "alpha": 0.25},
        [(LN2 / 4 / 4 + 3 / 4 * 9 / 16 * 2 * LN2) / 2],
    ),
    (losses.binary_focal_crossentropy, [[1.0, 0.0]], [[0.0, 0.0]], {"from_logits": True}, [LN2 / 4]),
    (losses.binary_focal_crossentropy, [[1.0], [0.0]], [[0.5], [0.5]], {"axis": 0}, [LN2 / 4]),
    (losses.categorical_focal_crossentropy, [[0, 1, 0]], [[0.25, 0.5, 0.25]], {}, [LN2 / 4 / 4]),
    (losses.categorical_focal_crossentropy, [[0, 1]], [[3.0, 1.0]], {"alpha": 1.0, "gamma": 1.0}, [3 / 4 * 2 * LN2]),
    (losses.categorical_focal_crossentropy, [[0, 1]], [[0.5, 0.5]], {"alpha": [0.1, 0.8]}, [0.8 * LN2 / 4]),
    (losses.categorical_focal_crossentropy, [[0, 1]], [[5.0, 5.0]], {"from_logits": True}, [LN2 / 4 / 4]),
    (losses.categorical_focal_crossentropy, [[0], [1]], [[0.5], [0.5]], {"axis": 0}, [LN2 / 4 / 4]),
    (losses.categorical_generalized_cross_entropy, [1, 0], [[0.75, 0.25], [1.0, 0.0]], {"q": 0.5}, [1.0, 0.0]),
    (losses.categorical_generalized_cross_entropy, [[1], [0]], [[0.75, 0.25], [1.0, 0.0]], {"q": 0.5}, [1.0, 0.0]),
    (losses.categorical_generalized_cross_entropy, [7], [[0.75, 0.25]], {"q": 0.5}, [2.0]),  # no such class
]

PROBABILITIES = np.random.default_rng(0).uniform(0.1, 0.9, size=(4, 3))
ONE_HOT = np.eye(3)[[0, 2, 1, 1]]
NUMBERS = np.array([0, 2, 1, 1])


@pytest.mark.parametrize(("function", "y_true", "y_pred", "options", "expected"), CASES)
def test_values(function, y_true, y_pred, options, expected):
    result = function(np.array(y_true), np.array(y_pred, "float32"), **options)
    assert result.dtype == np.float32
    np.testing.assert_allclose(result, expected, rtol=2e-6)


@pytest.mark.parametrize(("function", "y_true", "y_pred", "options", "expected"), CASES)
def test_lists(function, y_true, y_pred, options, expected):
    np.testing.assert_allclose(function(y_true, y_pred, **options), expected, rtol=2e-6)


@pytest.mark.parametrize("function", [losses.categorical_crossentropy, losses.binary_crossentropy])
def test_a_sure_and_wrong_prediction_is_finite(function):
    result = function(np.float32([[0.0, 1.0]]), np.float32([[1.0, 0.0]]))
    assert 10 < result[0] < 17  # -ln of epsilon is 16.1


def traced_gradient(function, x):
    with Trace() as trace:
        source = Tensor(x, trace)
        return gradients(function(source), [source])[0].array


def test_scores_behind_an_activation_are_found():
    """From a probability that rounded to 0, only the scores can tell a loss of 200 and its gradient."""
    scores = np.float32([[200.0, 0.0]])
    for function, y_true in [
        (losses.categorical_crossentropy, np.float32([[0, 1]])),
        (losses.sparse_categorical_crossentropy, np.array([1])),
    ]:
        with Trace() as trace:
            source = Tensor(scores, trace)
            value = function(y_true, ops.softmax(source))
            slope = gradients(value, [source])[0]
        np.testing.assert_allclose(value.array, [200.0])
        np.testing.assert_allclose(slope.array, [[1.0, -1.0]])
    with Trace() as trace:
        source = Tensor(np.float32([[200.0]]), trace)
        value = losses.binary_crossentropy(np.float32([[0]]), ops.sigmoid(source))
        slope = gradients(value, [source])[0]
    np.testing.assert_allclose(value.array, [200.0])
    np.testing.assert_allclose(slope.array, [[1.0]])


def test_nothing_of_an_ignored_example_reaches_the_gradient():
    y_pred = np.array([[0.5, 0.5], [np.nan, np.inf]])

    def total(y_pred):
        return ops.sum(losses.sparse_categorical_crossentropy(np.array([1, 9]), y_pred, ignore_class=9))

    np.testing.assert_allclose(traced_gradient(total, y_pred), [[1.0, -1.0], [0.0, 0.0]])


def test_one_hot_labels_for_a_sparse_loss():
    with pytest.raises(ShapeError, match=r"y_true of shape \(4,\).*\(4, 3\).*`categorical_crossentropy`"):
        losses.sparse_categorical_crossentropy(ONE_HOT, PROBABILITIES)
    with pytest.raises(ShapeError, match="`categorical_crossentropy`"):
        losses.sparse_categorical_crossentropy(np.eye(3), np.full((3, 3), 1 / 3), ignore_class=0)


@pytest.mark.parametrize("labels", [NUMBERS, NUMBERS[:, None]])
def test_class_numbers_for_a_loss_of_one_hot_labels(labels):
    with pytest.raises(ShapeError, match=r"\(4, 3\).*`sparse_categorical_crossentropy`.*to_categorical"):
        losses.categorical_crossentropy(labels, PROBABILITIES)


@pytest.mark.parametrize(
    ("function", "labels"),
    [
        (losses.categorical_crossentropy, (4, 2)),
        (losses.binary_crossentropy, (4, 1)),
        (losses.sparse_categorical_crossentropy, (3,)),
        (losses.sparse_categorical_crossentropy, (4, 2)),
    ],
)
def test_wrong_shapes(function, labels):
    with pytest.raises(ShapeError) as caught:
        function(np.zeros(labels), PROBABILITIES)
    assert function.__name__ in str(caught.value)
    assert str(labels) in str(caught.value) and "(4," in str(caught.value)
    assert "One-hot" not in str(caught.value) and "to_categorical" not in str(caught.value)


def test_one_class_is_warned_about():
    with pytest.warns(SyntaxWarning, match="binary_crossentropy"):
        losses.categorical_crossentropy(np.ones((2, 1)), np.ones((2, 1)))


@pytest.mark.parametrize("name", ["categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_axis_is_not_a_boolean(name):
    with pytest.raises(ArgumentTypeError, match=f"`{name}`.*axis=True"):
        getattr(losses, name)(ONE_HOT, PROBABILITIES, axis=True)


@pytest.mark.parametrize("name", ["categorical_crossentropy", "sparse_categorical_crossentropy"])
def test_axis_that_does_not_exist(name):
    y_true = ONE_HOT if name == "categorical_crossentropy" else NUMBERS
    with pytest.raises(ArgumentError, match="Axis 2 does not exist"):
        getattr(losses, name)(y_true, PROBABILITIES, axis=2)


def test_focal_scores_behind_a_sigmoid_are_found():
    """The crossentropy goes by the scores: from a probability that rounded to 0, none could tell a loss of 200."""

    def loss(scores):
        return losses.binary_focal_crossentropy(np.float32([[0]]), ops.sigmoid(scores))

    scores = np.float32([[200.0]])
    np.testing.assert_allclose(traced_gradient(loss, scores), [[1.0]])
    given = losses.binary_focal_crossentropy(np.float32([[0]]), scores, from_logits=True)
    np.testing.assert_allclose(given, [200.0])


def test_only_the_class_of_the_label_has_a_slope():
    """The root has an infinite one at 0, which must not make NaN of the zeros of the other classes."""

    def loss(y_pred):
        return losses.categorical_generalized_cross_entropy(np.array([0, 1]), y_pred, q=0.5)

    slopes = traced_gradient(loss, np.float32([[0, 1], [0.75, 0.25]]))
    assert slopes.tolist() == [[-np.inf, 0], [0, -2]]


@pytest.mark.parametrize("name", ["categorical_focal_crossentropy", "categorical_crossentropy"])
def test_one_hot_labels_are_not_class_numbers(name):
    with pytest.raises(ShapeError, match=rf"`{name}`.*`to_categorical`"):
        getattr(losses, name)(NUMBERS, PROBABILITIES)
