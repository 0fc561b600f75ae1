"""`to_categorical` and `normalize` next to those of Keras."""

import keras
import numpy as np
import pytest

from minikeras.utils import normalize, to_categorical

LABELS = [
    ([0, 1, 2], None),
    ([[0], [1]], None),
    ([[0, 1], [1, 2]], None),
    (2, None),
    ([], 3),
    ([1], 0),
    ([[[1]]], 2),
    ([True, False], None),
    ([1.0, 3.0], 5),
    (np.array([1, 2], "uint8"), None),
    (np.array([[4], [0]], "int32"), np.int64(6)),
]


@pytest.mark.parametrize(("labels", "num_classes"), LABELS)
def test_to_categorical(labels, num_classes):
    ours = to_categorical(labels, num_classes)
    theirs = keras.utils.to_categorical(labels, num_classes)
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "arguments",
    [([], None), ([1], -1), ([1], 3.0), ([1], True), ([float("nan")], 3), ([3], 2)],
)
def test_to_categorical_refuses_what_keras_refuses(arguments):
    with pytest.raises((ValueError, TypeError, IndexError)):
        keras.utils.to_categorical(*arguments)
    with pytest.raises((ValueError, TypeError)):
        to_categorical(*arguments)


def samples():
    rng = np.random.default_rng(0)
    for shape, dtype in [((4,), "float64"), ((3, 4), "float32"), ((2, 3, 4), "float64"), ((3, 4), "int64")]:
        yield (rng.normal(size=shape) * 10).astype(dtype)


# Left out: axis=0 with two and more dimensions, where Keras divides by the norms of the other axis.
@pytest.mark.parametrize(
    "options",
    [{}, {"axis": -1, "order": 1}, {"order": 3}, {"order": np.inf}, {"order": 0}],
    ids=str,
)
@pytest.mark.parametrize("x", list(samples()), ids=lambda x: f"{x.dtype}{x.shape}")
def test_normalize_array(x, options):
    ours, theirs = normalize(x, **options), keras.utils.normalize(x, **options)
    assert isinstance(theirs, np.ndarray)
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    ("shape", "options"),
    [((3, 4), {"axis": None}), ((4,), {"axis": 0}), ((2, 3, 4), {"axis": 1}), ((2, 3, 4), {"axis": (1, 2)})],
    ids=str,
)
def test_normalize_array_on_other_axes(shape, options):
    x = np.random.default_rng(0).normal(size=shape)
    ours, theirs = normalize(x, **options), keras.utils.normalize(x, **options)
    assert ours.shape == theirs.shape
    np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize(
    "options",
    [{}, {"axis": 0}, {"axis": None}, {"order": 1}, {"order": 3}, {"axis": (0, 1)}],
    ids=str,
)
@pytest.mark.parametrize("x", [[[3.0, -4.0], [1.0, 2.0]], [[3.0, 4.0], [0.0, 0.0]], [[1e-13, 0.0], [1.0, 1.0]]])
def test_normalize_list(x, options):
    ours, theirs = normalize(x, **options), keras.ops.convert_to_numpy(keras.utils.normalize(x, **options))
    assert (ours.dtype, ours.shape) == (theirs.dtype, theirs.shape)
    np.testing.assert_allclose(ours, theirs, rtol=1e-6)
