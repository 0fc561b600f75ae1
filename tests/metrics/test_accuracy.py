import numpy as np
import pytest

from minikeras import metrics
from minikeras.compiler.step import Step, signature
from minikeras.engine import tree
from minikeras.errors import ShapeError
from minikeras.metrics.accuracy import accuracy

SCORES = np.float32([[0.1, 0.9, 0.0], [0.5, 0.2, 0.3], [0.3, 0.3, 0.4]])  # classes 1, 0, 2


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float32", "float64"])
@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_sparse(dtype, shape):
    labels = np.array([1, 2, 2], dtype).reshape(shape)
    result = metrics.sparse_categorical_accuracy(labels, SCORES)
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, [1, 0, 1])


def test_sparse_sequences():
    labels, scores = np.array([[1, 0], [2, 2]]), np.stack([SCORES[:2], SCORES[1:]])
    np.testing.assert_array_equal(metrics.sparse_categorical_accuracy(labels, scores), [[1, 1], [0, 1]])
    np.testing.assert_array_equal(metrics.sparse_categorical_accuracy(labels[..., None], scores), [[1, 1], [0, 1]])
    assert metrics.sparse_categorical_accuracy(labels[:, :1], scores[:, :1]).shape == (2,)
    assert metrics.sparse_categorical_accuracy(labels[:, :1, None], scores[:, :1]).shape == (2, 1)


def test_categorical():
    labels = np.eye(3)[[1, 2, 2]]
    np.testing.assert_array_equal(metrics.categorical_accuracy(labels, SCORES), [1, 0, 1])
    np.testing.assert_array_equal(metrics.categorical_accuracy(labels[:, None], SCORES), [[1], [0], [1]])


def test_binary():
    y_pred = np.float32([[0.5], [0.6], [0.2]])
    np.testing.assert_array_equal(metrics.binary_accuracy(np.array([0, 1, 1]), y_pred), [[1], [1], [0]])
    np.testing.assert_array_equal(metrics.binary_accuracy([[0], [1], [1]], y_pred, threshold=0.1), [[0], [1], [1]])


def test_equality():
    result = accuracy(np.array([1, 2, 3]), np.float32([[1], [2], [4]]))
    assert result.dtype == np.float32
    np.testing.assert_array_equal(result, [[1], [1], [0]])


def test_one_hot_labels_for_class_numbers():
    with pytest.raises(ShapeError, match=r"y_true of shape \(3,\).*\(3, 3\).*`categorical_accuracy`"):
        metrics.sparse_categorical_accuracy(np.eye(3), SCORES)


@pytest.mark.parametrize("labels", [np.array([1, 2, 2]), np.array([[1], [2], [2]])])
def test_class_numbers_for_one_hot_labels(labels):
    with pytest.raises(ShapeError, match=r"one-hot labels of shape \(3, 3\).*`sparse_categorical_accuracy`"):
        metrics.categorical_accuracy(labels, SCORES)


@pytest.mark.parametrize(
    ("function", "labels"),
    [
        (metrics.sparse_categorical_accuracy, (4,)),
        (metrics.categorical_accuracy, (4, 3)),
        (metrics.binary_accuracy, (3, 2)),
        (accuracy, (4, 3)),
    ],
)
def test_wrong_shapes(function, labels):
    with pytest.raises(ShapeError, match=function.__name__):
        function(np.zeros(labels), SCORES)


LABELS = np.array([1, 2, 2])
METRICS = [
    (metrics.Accuracy, {}, np.float32([1, 2, 3]), np.float32([1, 2, 4]), 2 / 3, 3 / 6),
    (metrics.BinaryAccuracy, {}, np.float32([1, 0, 1]), np.float32([[0.9], [0.2], [0.1]]), 2 / 3, 3 / 6),
    (metrics.BinaryAccuracy, {"threshold": 0.05}, np.float32([1, 0, 1]), np.float32([0.9, 0.2, 0.1]), 2 / 3, 4 / 6),
    (metrics.CategoricalAccuracy, {}, np.eye(3)[LABELS], SCORES, 2 / 3, 4 / 6),
    (metrics.SparseCategoricalAccuracy, {}, LABELS, SCORES, 2 / 3, 4 / 6),
]


@pytest.mark.parametrize(("cls", "options", "y_true", "y_pred", "plain", "weighted"), METRICS)
def test_metrics(cls, options, y_true, y_pred, plain, weighted):
    metric = cls(**options)
    np.testing.assert_allclose(metric(y_true, y_pred), plain, rtol=1e-6)
    metric.reset_state()
    np.testing.assert_allclose(metric(y_true, y_pred, sample_weight=[1, 2, 3]), weighted, rtol=1e-6)
    again = cls.from_config(metric.get_config())
    assert (
        again.get_config()
        == metric.get_config()
        == {"name": again.name, "dtype": "float32", **options}
        | ({"threshold": 0.5} if cls is metrics.BinaryAccuracy and not options else {})
    )


@pytest.mark.parametrize(("cls", "options", "y_true", "y_pred", "plain", "weighted"), METRICS)
def test_eager_traced_and_replayed(cls, options, y_true, y_pred, plain, weighted):
    eager, stepped = cls(**options), cls(**options)

    def update(data):
        stepped.update_state(*data)
        return stepped.result()

    step = Step(update, name="step")
    for shift in range(3):
        data = np.roll(y_true, shift, axis=0), y_pred
        eager.update_state(*data)
        np.testing.assert_allclose(step(data), eager.result(), rtol=1e-6)


def test_nothing_needless_is_replayed():
    metric = metrics.CategoricalAccuracy()
    data = np.eye(3, dtype="float32")[LABELS], SCORES
    step = Step(lambda data: metric.update_state(*data), name="step")
    step(data)
    names = step.plan(signature(tree.flatten(data), data)).names
    assert names == ["argmax", "argmax", "equal", "cast", "sum", "add x 2"]
