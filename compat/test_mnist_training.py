"""The whole of MNIST through the lecture's network, step by step beside real Keras on TensorFlow."""

import keras
import numpy as np
import pytest

from compat import mnist


@pytest.fixture(scope="module")
def data():
    return {dtype: mnist.load(dtype=dtype) for dtype in ("float32", "float64")}


# With the other rate, test_report.py trains on a part of the images, and `python -m compat.report` on all of them.
EPOCHS = [each for each in mnist.EPOCHS if 0.1 in each]


@pytest.fixture(scope="module", params=EPOCHS, ids=str)
def rows(request, data):
    activation, rate, dtype = request.param
    theirs, ours = mnist.both(keras, activation, rate, data[dtype])
    assert {weights.dtype for run in (theirs, ours) for weights in run.weights} == {np.dtype(dtype)}
    assert len(ours.step_losses) == 1875
    return {name: (bound, measured, met) for name, bound, measured, met in mnist.comparison(theirs, ours)}


@pytest.mark.parametrize(
    "name",
    [
        "names, output shapes, parameters",
        "summary before training",
        "summary after training",
        "number of steps",
        "loss of every step, relative",
        "history: names and their order",
        "history: values, relative",
        "final weights",
        "outputs for the test images",
        "share of test images in another class",
    ],
)
def test_whole_epoch(rows, name):
    bound, measured, met = rows[name]
    assert met, f"{name}: expected {bound}, measured {measured}"


@pytest.mark.parametrize(("activation", "rate"), mnist.STEPS)
def test_every_step_by_itself(activation, rate, data):
    for name, bound, measured, met in mnist.single_steps(keras, activation, rate, data["float32"]):
        assert met, f"{name}: expected {bound}, measured {measured}"


def test_a_difference_is_found():
    """The comparison must be able to fail: two trainings that differ by a little are told apart."""
    small = mnist.load(train=640, test=100)
    theirs, ours = mnist.both(keras, "sigmoid", 0.1, small)
    ours.weights[0] = ours.weights[0] + 2e-4
    ours.step_losses[3] *= 1 + 2e-5
    failed = [name for name, _, _, met in mnist.comparison(theirs, ours) if not met]
    assert failed == ["loss of every step, relative", "final weights"]
