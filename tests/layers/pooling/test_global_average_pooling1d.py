import numpy as np
import pytest

from minikeras import layers, models
from minikeras.engine.masks import get_mask
from minikeras.errors import ShapeError
from tests.helpers import run_layer_test

X = np.float32([[[1], [3], [8]], [[2], [4], [6]]])
MASK = np.array([[True, True, False], [False, True, False]])


def test_by_hand():
    layer = layers.GlobalAveragePooling1D()
    assert layer(X).tolist() == [[4], [4]]
    assert layer(X, mask=MASK).tolist() == [[2], [4]]
    first = layers.GlobalAveragePooling1D("channels_first", keepdims=True)
    assert first(X.transpose(0, 2, 1), mask=MASK).tolist() == [[[2]], [[4]]]
    assert layers.GlobalAveragePooling1D(keepdims=True)(X, mask=MASK.astype("int32")).tolist() == [[[2]], [[4]]]


def test_masked_steps_may_hold_anything():
    """A NaN there does not spread; no step at all has no mean."""
    x = np.where(MASK[..., None], X, np.nan)
    layer = layers.GlobalAveragePooling1D()
    assert layer(x, mask=MASK).tolist() == [[2], [4]]
    assert np.isnan(layer(X, mask=np.array([[False] * 3, [True] * 3]))).tolist() == [[True], [False]]


def test_the_mask_of_a_layer_before():
    inputs = layers.Input((None, 1))
    outputs = layers.GlobalAveragePooling1D()(layers.Masking(8.0)(inputs))
    assert outputs.shape == (None, 1) and get_mask(outputs) is None
    model = models.Model(inputs, outputs)
    assert model(X).tolist() == [[2], [4]] and model.predict(X, verbose=0).tolist() == [[2], [4]]
    model.compile("sgd", "mse")
    assert model.evaluate(X, np.float32([[2], [2]]), verbose=0) == 2


def test_refused():
    for mask in (MASK[:, 0], MASK[..., None]):
        with pytest.raises(ShapeError, match=r"GlobalAveragePooling1D layer .* a mask of shape \(batch, steps\)"):
            layers.GlobalAveragePooling1D()(X, mask=mask)


@pytest.mark.parametrize(
    ("arguments", "shape", "result"),
    [
        ((), (2, 5, 3), (2, 3)),
        (("channels_first", True), (2, 3, 5), (2, 3, 1)),
    ],
)
def test_the_layer(arguments, shape, result):
    run_layer_test(lambda: layers.GlobalAveragePooling1D(*arguments), shape, result)
