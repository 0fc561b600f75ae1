"""Layers that merge several inputs: values by hand, gradients, masks, shapes, what is refused."""

import numpy as np
import pytest

import minikeras
from minikeras import Model, layers, ops
from minikeras.engine.masks import get_mask
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import check_grads, run_step_test

A, B = np.array([[1, -2], [3, 4]], "float32"), np.array([[5, 6], [7, -8]], "float32")
VALUES = {
    "Add": [[6, 4], [10, -4]],
    "Subtract": [[-4, -8], [-4, 12]],
    "Multiply": [[5, -12], [21, -32]],
    "Average": [[3, 2], [5, -2]],
    "Maximum": [[5, 6], [7, 4]],
    "Minimum": [[1, -2], [3, -8]],
    "Concatenate": [[1, -2, 5, 6], [3, 4, 7, -8]],
    "Dot": [[-7], [-11]],
}


def made(name):
    return getattr(layers, name)(**({"axes": 1} if name == "Dot" else {}))


@pytest.mark.parametrize("name", VALUES)
def test_by_hand(name):
    assert made(name)([A, B]).tolist() == VALUES[name]
    function = getattr(layers, name.lower())
    assert function([A, B]).tolist() == VALUES[name]
    layer = made(name)
    symbolic = layer([layers.Input((2,)), layers.Input((2,))])
    assert symbolic.shape == (None, *np.shape(VALUES[name])[1:])
    again = type(layer).from_config(layer.get_config())
    assert again([A, B]).tolist() == VALUES[name] and again.name == layer.name
    run_step_test(lambda pair: layer(pair), [A, B], [B, A], [A, A + 1])
    double = getattr(layers, name)(dtype="float64", **({"axes": 1} if name == "Dot" else {}))
    check_grads(lambda a, b: double([a, b]), A, B)


@pytest.mark.parametrize("name", VALUES)
def test_in_a_model(name):
    results = []
    for eager in (False, True):
        minikeras.utils.set_random_seed(1)
        a, b = layers.Input((2,)), layers.Input((2,))
        outputs = layers.Dense(1)(made(name)([layers.Dense(3)(a), layers.Dense(3)(b)]))
        model = Model([a, b], outputs)
        model.compile(minikeras.optimizers.SGD(1e-3), "mse", run_eagerly=eager)
        losses = model.fit([A, B], A[:, :1], epochs=3, verbose=0).history["loss"]
        results.append((losses, [weight.tobytes() for weight in model.get_weights()]))
    assert results[0] == results[1] and results[0][0][2] != results[0][0][0]


def test_ranks_and_sizes_that_broadcast():
    steps = np.ones((2, 3, 2), "float32")
    assert layers.Add()([steps, A]).tolist() == (1 + A[:, None] + 0 * steps).tolist()
    assert layers.Multiply()([steps, steps[:, :1] * 3]).tolist() == (3 * steps).tolist()
    assert layers.Average()([A, A, A + 3]).tolist() == (A + 1).tolist()
    assert layers.Dot((2, 1))([steps, A]).tolist() == [[-1, -1, -1], [7, 7, 7]]
    assert layers.Concatenate(1)([steps, steps[:, :1]]).shape == (2, 4, 2)
    np.testing.assert_allclose(layers.Dot(1, normalize=True)([A, A]), [[1], [1]], rtol=1e-6)


def test_masks():
    x = np.array([[[1.0], [0.0], [2.0]]], "float32")
    masked, other = layers.Masking()(x), layers.Masking()(x[:, ::-1] * [[[1.0], [0.0], [0.0]]])
    assert get_mask(masked).tolist() == [[True, False, True]] and get_mask(other).tolist() == [[True, False, False]]
    assert get_mask(layers.Add()([masked, other])).tolist() == [[True, False, True]]
    assert get_mask(layers.Maximum()([masked, x])) is None  # what has no mask counts everywhere
    joined = layers.Concatenate(1)([masked, x])
    assert get_mask(joined).tolist() == [[True, False, True, True, True, True]]
    # Where one of them does not count, the other is taken alone.
    assert layers.Multiply()([masked, other + 0])[0, :, 0].tolist() == [2, 0, 0]


@pytest.mark.parametrize("name", VALUES)
def test_refused(name):
    layer = made(name)
    for one in (A, [A], [A, A, A] if name in ("Dot", "Subtract") else []):
        with pytest.raises(ArgumentError):
            made(name)(one)
            if name not in ("Dot", "Subtract") and isinstance(one, list) and len(one) == 1:
                raise ArgumentError("one in a list is fine for these")
    with pytest.raises(ShapeError, match="merging|shape|fit"):
        layer([A, np.ones((2, 3, 4, 5), "float32")] if name == "Concatenate" else [A, np.ones((2, 3), "float32")])


def test_own_merge():
    class Distance(layers.Layer):
        def call(self, inputs):
            return ops.sqrt(ops.sum(ops.square(inputs[0] - inputs[1]), axis=-1, keepdims=True))

    assert Distance()([A, A + [[3.0, 4.0]]]).tolist() == [[5], [5]]
