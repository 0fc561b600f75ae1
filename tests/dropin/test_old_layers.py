"""`merge` and `Merge` of Keras 1: numbers by hand."""

import warnings

import numpy as np
import pytest

from minikeras import Model, Sequential, layers
from minikeras.dropin.old_layers import AtrousConvolution1D, AtrousConvolution2D, Merge, ThresholdedReLU, merge
from minikeras.errors import ArgumentError, LegacyWarning, UnknownNameError

A, B = np.float32([[1.0, 2.0]]), np.float32([[3.0, 4.0]])
MODES = {
    "sum": [[4, 6]],
    "mul": [[3, 8]],
    "concat": [[1, 2, 3, 4]],
    "ave": [[2, 3]],
    "dot": [[11]],
    "cos": [[11 / 125**0.5]],
    "max": [[3, 4]],
}


@pytest.mark.parametrize("mode", MODES)
def test_modes(mode):
    inputs = [layers.Input((2,)), layers.Input((2,))]
    with pytest.warns(LegacyWarning, match=f"`merge\\(..., mode='{mode}'\\)`") as caught:
        output = merge(inputs, mode=mode)
    assert len(caught) == 1 and caught[0].filename == __file__
    np.testing.assert_allclose(Model(inputs, output)([A, B]), MODES[mode], rtol=1e-6)
    with pytest.warns(LegacyWarning, match="on the outputs of the layers"):
        layer = Merge(mode=mode)
    np.testing.assert_allclose(layer([A, B]), MODES[mode], rtol=1e-6)


@pytest.mark.filterwarnings("ignore::minikeras.errors.LegacyWarning")
def test_axes_functions_and_names():
    assert merge([A, B], mode="concat", concat_axis=0).tolist() == [[1, 2], [3, 4]]
    assert merge([A, B], mode="dot", dot_axes=[[1], [1]]).tolist() == [[11]]
    own = merge([A, B], mode=lambda pair, k: pair[1] - k * pair[0], arguments={"k": 2}, output_shape=(2,))
    assert own.tolist() == [[1, 0]]
    assert merge([layers.Input((2,)), layers.Input((2,))], name="both")._keras_history.operation.name == "both"
    with pytest.raises(UnknownNameError, match="Unknown mode of `merge`: 'summ'. Did you mean 'sum'"):
        merge([A, B], mode="summ")
    with pytest.raises(ArgumentError, match="output_mask"):
        merge([A, B], output_mask=lambda mask: mask)
    with pytest.raises(ArgumentError, match="node_indices"):
        Merge(node_indices=[0, 1])
    with pytest.raises(ArgumentError, match="at least two layers"):
        Merge([Sequential([layers.Input((2,)), layers.Dense(1)])])


@pytest.mark.filterwarnings("ignore::minikeras.errors.LegacyWarning")
def test_branches_at_the_start_of_a_sequential():
    left = Sequential([layers.Input((2,)), layers.Dense(1, use_bias=False, kernel_initializer="ones")])
    right = Sequential([layers.Input((2,)), layers.Dense(2, use_bias=False, kernel_initializer="ones")])
    model = Sequential()
    model.add(Merge([left, right], mode="concat"))
    model.add(layers.Dense(1, use_bias=False, kernel_initializer="ones"))
    model.compile("sgd", "mse")
    assert model.predict([A, B], verbose=0).tolist() == [[3 + 7 + 7]]
    model.fit([A, B], np.zeros((1, 1)), verbose=0)
    assert len(model.trainable_weights) == 3 and model.predict([A, B], verbose=0)[0, 0] < 17


def test_a_module_that_is_a_function(installed):
    keras = installed("keras")
    from keras.layers import Merge as Again
    from keras.layers import merge as function

    assert Again is Merge and function is merge
    installed("keras.layers.merge")  # after this, the name is that of the module
    with pytest.warns(LegacyWarning, match="mode='sum'"):
        assert keras.layers.merge([A, B]).tolist() == [[4, 6]]
    with warnings.catch_warnings():  # `from keras.layers import *` does not warn
        warnings.simplefilter("error")
        assert {"merge", "Merge", "Dense"} <= set(keras.layers.__all__)
        assert all(hasattr(keras.layers, name) for name in keras.layers.__all__)


def test_thresholded_relu():
    with pytest.warns(LegacyWarning, match=r"`ReLU\(threshold=1.0\)`"):
        layer = ThresholdedReLU(theta=1.0)
    assert layer([-2.0, 0.5, 1.0, 3.0]).tolist() == [0, 0, 0, 3] and layer.get_config()["theta"] == 1.0
    assert layer(layers.Input((3,))).shape == (None, 3)
    with pytest.raises(ArgumentError, match="theta=-1"):
        ThresholdedReLU(-1)


def test_dilated_convolutions():
    with pytest.warns(LegacyWarning) as caught:
        layer = AtrousConvolution2D(4, 3, 2, atrous_rate=(2, 1), border_mode="same")
    assert "write `Conv2D(..., dilation_rate=(2, 1))`" in str(caught[0].message)
    assert (layer.kernel_size, layer.dilation_rate, layer.padding) == ((3, 2), (2, 1), "same")
    with pytest.warns(LegacyWarning, match="`AtrousConvolution1D"):
        layer = AtrousConvolution1D(1, 2, atrous_rate=2, kernel_initializer="ones")
    assert layer(np.float32([[[1], [2], [3], [4]]])).tolist() == [[[4], [6]]]
