"""Values worked by hand, gradients against differences, and the shapes that are refused."""

import numpy as np
import pytest

from minikeras import losses, ops
from minikeras.engine.gradients import gradients
from minikeras.engine.tensor import Tensor
from minikeras.engine.trace import Trace
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.losses.functions import class_numbers, examples_that_count
from tests.helpers import check_grads

LN2 = 0.6931472
CASES = [
    (losses.mean_squared_error, [[1.0, 2.0], [0.0, 0.0]], [[1.0, 4.0], [3.0, 1.0]], {}, [2.0, 5.0]),
    (losses.mean_absolute_error, [[1.0, 2.0], [0.0, 0.0]], [[1.0, 4.0], [-3.0, 1.0]], {}, [1.0, 2.0]),
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
]


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


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
@pytest.mark.parametrize("function", losses.lookup.FUNCTIONS)
def test_the_predictions_decide_the_dtype(function, dtype):
    y_pred = np.array([[0.5, 0.5]], dtype)
    sparse = function is losses.sparse_categorical_crossentropy
    y_true = np.array([1], "int64") if sparse else np.array([[0, 1]], "float64")
    assert function(y_true, y_pred).dtype == dtype


@pytest.mark.parametrize("name", ["mean_squared_error", "mean_absolute_error"])
def test_regression_gives_both_the_same_rank(name):
    function = getattr(losses, name)
    y_true, y_pred = np.float32([1, 2, 4]), np.float32([[1], [0], [3]])
    assert function(y_true, y_pred).shape == (3,)
    np.testing.assert_allclose(function(y_true, y_pred), function(y_true[:, None], y_pred))


def traced_gradient(function, x):
    with Trace() as trace:
        source = Tensor(x, trace)
        return gradients(function(source), [source])[0].array


rng = np.random.default_rng(0)
SCORES = rng.normal(size=(4, 3))
PROBABILITIES = rng.uniform(0.1, 0.9, size=(4, 3))
ONE_HOT = np.eye(3)[[0, 2, 1, 1]]
NUMBERS = np.array([0, 2, 1, 1])
YES_NO = rng.integers(0, 2, size=(4, 3)).astype("float64")
GRADIENTS = {
    "mse": (losses.mean_squared_error, rng.normal(size=(4, 3)), SCORES, {}),
    "mae": (losses.mean_absolute_error, rng.normal(size=(4, 3)), SCORES, {}),
    "categorical": (losses.categorical_crossentropy, ONE_HOT, PROBABILITIES, {}),
    "categorical logits": (losses.categorical_crossentropy, ONE_HOT, SCORES, {"from_logits": True}),
    "categorical smooth": (losses.categorical_crossentropy, ONE_HOT, PROBABILITIES, {"label_smoothing": 0.1}),
    "sparse": (losses.sparse_categorical_crossentropy, NUMBERS, PROBABILITIES, {}),
    "sparse logits": (losses.sparse_categorical_crossentropy, NUMBERS, SCORES, {"from_logits": True}),
    "sparse ignore": (losses.sparse_categorical_crossentropy, NUMBERS, PROBABILITIES, {"ignore_class": 1}),
    "binary": (losses.binary_crossentropy, YES_NO, PROBABILITIES, {}),
    "binary logits": (losses.binary_crossentropy, YES_NO, SCORES, {"from_logits": True}),
    "binary smooth": (losses.binary_crossentropy, YES_NO, PROBABILITIES, {"label_smoothing": 0.1}),
}


@pytest.mark.parametrize("case", GRADIENTS)
def test_gradients(case):
    function, y_true, y_pred, options = GRADIENTS[case]
    check_grads(lambda y_pred: function(y_true, y_pred, **options), y_pred)


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
        (losses.mean_squared_error, (4, 2)),
        (losses.mean_absolute_error, (3, 3)),
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


def test_class_numbers_lose_the_last_axis():
    y_true, y_pred = class_numbers(np.zeros((2, 5, 1)), np.zeros((2, 5, 3)))
    assert y_true.shape == (2, 5) and y_pred.shape == (2, 5, 3)


def test_examples_that_count():
    labels = np.array([[0], [255]], "uint8")
    function = losses.sparse_categorical_crossentropy
    y_pred = np.zeros((2, 3), "float32")
    np.testing.assert_array_equal(examples_that_count(function, {"ignore_class": 255}, labels, y_pred), [True, False])
    np.testing.assert_array_equal(examples_that_count(function, {"ignore_class": -1}, labels, y_pred), [True, True])
    assert examples_that_count(function, {"ignore_class": None}, labels, y_pred) is None
    assert examples_that_count(losses.mean_squared_error, {}, labels, y_pred) is None
