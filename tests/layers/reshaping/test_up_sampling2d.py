import numpy as np
import pytest

from minikeras import layers, models
from minikeras.errors import ArgumentError, ShapeError
from tests.helpers import run_layer_test


def test_by_hand():
    layer = layers.UpSampling2D((1, 2))
    x = np.float32([[[[1], [2]]]])
    assert layer(x).tolist() == [[[[1], [1], [2], [2]]]]
    assert layer.compute_output_shape(x.shape) == layer(x).shape
    assert type(layer).from_config(layer.get_config())(x).tolist() == [[[[1], [1], [2], [2]]]]


@pytest.mark.parametrize(
    ("interpolation", "row"),
    [  # of the numbers 0, 0, 4, 4; as real Keras
        ("nearest", [0, 0, 0, 0, 4, 4, 4, 4]),
        ("bilinear", [0, 0, 0, 1, 3, 4, 4, 4]),
        ("bicubic", [0, -0.08759124, -0.27480915, 0.8125, 3.1875, 4.27480936, 4.08759117, 4]),
        (
            "lanczos3",
            [0.15254289, -0.21980077, -0.38906485, 0.84368348, 3.15631676, 4.38906479, 4.21980095, 3.84745693],
        ),
        ("lanczos5", [0.20497133, -0.20362198, -0.33735147, 0.80442935, 3.19557071, 4.3373518, 4.20362186, 3.79502845]),
    ],
)
def test_interpolation(interpolation, row):
    x = np.float32([[0, 0, 4, 4]]).reshape(1, 1, 4, 1)
    layer = layers.UpSampling2D((2, 2), interpolation=interpolation.upper())
    assert layer.get_config()["interpolation"] == interpolation
    np.testing.assert_allclose(layer(x)[0, :, :, 0], [row, row], rtol=1e-5, atol=1e-6)
    first = layers.UpSampling2D((2, 2), "channels_first", interpolation)
    np.testing.assert_allclose(first(x.transpose(0, 3, 1, 2))[0, 0], [row, row], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("interpolation", ["bilinear", "bicubic", "lanczos3", "lanczos5"])
def test_in_full(interpolation):
    run_layer_test(lambda: layers.UpSampling2D((1, 2), None, interpolation), (2, 2, 3, 1), (2, 2, 6, 1), order=1)
    run_layer_test(
        lambda: layers.UpSampling2D((2, 3), "channels_first", interpolation), (1, 2, 2, 1), (1, 2, 4, 3), order=1
    )


def test_free_sizes_and_integers():
    inputs = layers.Input((None, None, 1))
    outputs = layers.UpSampling2D(2, interpolation="bilinear")(inputs)
    assert outputs.shape == (None, None, None, 1)
    model = models.Model(inputs, outputs)
    for size in (2, 3):
        assert model(np.ones((1, size, 4, 1), "float32")).shape == (1, 2 * size, 8, 1)
    integers = layers.UpSampling2D((1, 2), interpolation="bilinear")(np.int32([[[[0], [6]]]]))
    assert (integers.dtype, integers.ravel().tolist()) == ("int32", [0, 2, 4, 6])


def test_refused():
    with pytest.raises(ArgumentError, match="UpSampling2D: `size` must be an integer >="):
        layers.UpSampling2D((0, 0))
    with pytest.raises(ShapeError, match="expected 4 axes"):
        layers.UpSampling2D((1, 2))(np.ones((2, 3)))
