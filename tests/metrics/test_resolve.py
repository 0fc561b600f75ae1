import pytest

from minikeras import losses, metrics
from minikeras.errors import ShapeError, UnknownNameError
from minikeras.metrics.resolve import resolve_accuracy

SHAPES = [
    ((32, 1), (32, 1), 0),
    ((32,), (32, 1), 0),
    ((32, 5), (32, 5, 1), 0),
    ((32,), (32, 10), 1),
    ((32, 1), (32, 10), 1),
    ((32, 5), (32, 5, 10), 1),
    ((None, 1), (None, 10), 1),
    ((32, 10), (32, 10), 2),
    ((None, 10), (None, None), 2),
    ((None, 1), (None, None), 2),
]
ACCURACIES = [metrics.BinaryAccuracy, metrics.SparseCategoricalAccuracy, metrics.CategoricalAccuracy]
CROSSENTROPIES = [
    losses.binary_crossentropy,
    losses.sparse_categorical_crossentropy,
    losses.categorical_crossentropy,
]


@pytest.mark.parametrize(("labels", "outputs", "kind"), SHAPES)
def test_kinds(labels, outputs, kind):
    for which in ("accuracy", "acc", "Accuracy"):
        metric = resolve_accuracy(labels, outputs, which)
        assert type(metric) is ACCURACIES[kind]
        assert metric.name == which
    for which in ("crossentropy", "ce", "CE"):
        assert resolve_accuracy(labels, outputs, which) is CROSSENTROPIES[kind]


def test_metrics_are_new():
    first, second = (resolve_accuracy((3,), (3, 2), "acc") for _ in range(2))
    assert first is not second


def test_unknown_name():
    with pytest.raises(UnknownNameError, match="'acuracy'. Did you mean 'accuracy'"):
        resolve_accuracy((3,), (3, 2), "acuracy")


def test_no_axis():
    with pytest.raises(ShapeError, match=r"y_true of shape \(\)"):
        resolve_accuracy((), (3, 2), "acc")
