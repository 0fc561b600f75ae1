"""Fake quantization: values and gradients, also in models."""

import numpy as np
import pytest

import minikeras
from minikeras import GradientTape, Variable, layers, ops
from minikeras.errors import ArgumentError, ShapeError
from minikeras.quantizers import fake_quant_with_min_max_vars


def test_values():
    x = [-1.0, -0.4, 0.26, 0.74, 3.0]
    # Levels of a quarter from -0.5 to 0.25, as the lower end is moved to one of them.
    assert fake_quant_with_min_max_vars(x, -0.45, 0.3, num_bits=2).tolist() == [-0.5, -0.5, 0.25, 0.25, 0.25]
    assert fake_quant_with_min_max_vars(x, -1.0, 1.0, 2, narrow_range=True).tolist() == [-1, 0, 0, 1, 1]
    assert fake_quant_with_min_max_vars(np.array(x, "float16"), 0.0, 1.0).dtype == "float16"


def test_gradients():
    x, low, high = Variable([-2.0, -0.3, 0.6, 1.5, 4.0]), Variable(-1.0), Variable(2.0)
    with GradientTape() as tape:
        outputs = fake_quant_with_min_max_vars(x, low, high, num_bits=2) * np.array([1.0, 2.0, 4.0, 8.0, 16.0])
        total = ops.sum(outputs)
    found = tape.gradient(total, [x, low, high])
    assert [np.asarray(each).tolist() for each in found] == [[0, 2, 4, 8, 0], 1, 16]


def test_channels():
    x, low, high = Variable([[-2.0, 0.4], [0.6, 9.0]]), Variable([-1.0, 0.0]), Variable([2.0, 3.0])
    for axis in (1, -1):
        with GradientTape() as tape:
            outputs = fake_quant_with_min_max_vars(x, low, high, num_bits=2, axis=axis)
            total = ops.sum(outputs)
        assert np.asarray(outputs).tolist() == [[-1, 0], [1, 3]]
        found = tape.gradient(total, [x, low, high])
        assert [np.asarray(each).tolist() for each in found] == [[[0, 1], [1, 0]], [1, 0], [0, 1]]
    rows = fake_quant_with_min_max_vars(np.asarray(x).T, low, high, num_bits=2, axis=0)
    assert rows.tolist() == [[-1, 1], [0, 3]]


def test_in_a_model(tmp_path):
    inputs = layers.Input((3,))
    model = minikeras.Model(inputs, fake_quant_with_min_max_vars(inputs, -1.0, 1.0, num_bits=3, narrow_range=True))
    x = np.array([[-0.9, 0.2, 5.0]], "float32")
    expected = fake_quant_with_min_max_vars(x, -1.0, 1.0, num_bits=3, narrow_range=True)
    model.save(tmp_path / "model.keras")
    for each in (model, minikeras.saving.load_model(tmp_path / "model.keras")):
        np.testing.assert_array_equal(each.predict(x, verbose=0), expected)


def test_refused():
    with pytest.raises(ShapeError, match="expected an axis of the inputs, which have 1. Received: axis=1"):
        fake_quant_with_min_max_vars([1.0], 0.0, 1.0, axis=1)
    with pytest.raises(ArgumentError, match="`num_bits`"):
        fake_quant_with_min_max_vars([1.0], 0.0, 1.0, num_bits=1)
