"""Convolution layers in the spelling of Keras 1."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.errors import ArgumentTypeError, LegacyWarning


def of_keras_1(make):
    with pytest.warns(LegacyWarning):
        return make()


def test_names_of_keras_1():
    layer = of_keras_1(
        lambda: layers.Conv2D(
            nb_filter=4,
            nb_row=3,
            nb_col=2,
            init="he_normal",
            border_mode="same",
            subsample=(2, 1),
            dim_ordering="th",
            W_regularizer="l2",
            b_regularizer="l1",
            W_constraint="non_neg",
            b_constraint="max_norm",
            bias=True,
        )
    )
    today = layers.Conv2D(
        4,
        (3, 2),
        (2, 1),
        "same",
        "channels_first",
        kernel_initializer="he_normal",
        kernel_regularizer="l2",
        bias_regularizer="l1",
        kernel_constraint="non_neg",
        bias_constraint="max_norm",
        name=layer.name,
    )
    assert layer.get_config() == today.get_config()


def test_each_name_warns_with_the_current_one():
    with pytest.warns(LegacyWarning) as caught:
        layers.Conv1D(nb_filter=4, filter_length=2, subsample_length=2, init="zeros")
    pairs = [str(each.message).replace("`", "").split(" is the spelling of an older Keras; write ") for each in caught]
    assert sorted(pairs) == [
        ["Conv1D(filter_length=...)", "Conv1D(kernel_size=...)."],
        ["Conv1D(init=...)", "Conv1D(kernel_initializer=...)."],
        ["Conv1D(nb_filter=...)", "Conv1D(filters=...)."],
        ["Conv1D(subsample_length=...)", "Conv1D(strides=...)."],
    ]
    assert {each.filename for each in caught} == {__file__}


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (lambda: layers.Conv1D(4, filter_length=3, atrous_rate=2), (3,)),
        (lambda: layers.Convolution1D(4, 3, border_mode="causal"), (3,)),
        (lambda: layers.Conv2D(4, 3, 2, border_mode="same"), (3, 2)),
        (lambda: layers.Conv2DTranspose(4, 3, 2, subsample=(2, 2)), (3, 2)),
        (lambda: layers.SeparableConv2D(4, 3, 2, init="ones"), (3, 2)),
        (lambda: layers.Conv3D(4, 3, 2, 1), (3, 2, 1)),
        (lambda: layers.Convolution3D(4, 3, 2, 1, border_mode="same"), (3, 2, 1)),
        (lambda: layers.Conv3D(4, kernel_dim1=3, kernel_dim2=2, kernel_dim3=1), (3, 2, 1)),
        (lambda: layers.DepthwiseConv2D((3, 2), border_mode="same", bias=False), (3, 2)),
    ],
)
def test_sizes(make, size):
    assert of_keras_1(make).kernel_size == size


def test_weights_given_to_the_constructor():
    kernel, bias = np.ones((1, 1, 2, 3), "float32"), np.float32([1, 2, 3])
    layer = of_keras_1(lambda: layers.Convolution2D(3, 1, weights=[kernel, bias]))
    assert layer(np.ones((1, 1, 1, 2))).tolist() == [[[[3, 4, 5]]]]


def test_the_initializer_of_both_kernels():
    layer = of_keras_1(lambda: layers.SeparableConv2D(4, 3, init="ones"))
    config = layer.get_config()
    names = [config[f"{name}_initializer"]["class_name"] for name in ("depthwise", "pointwise", "bias")]
    assert names == ["Ones", "Ones", "Zeros"]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: layers.Conv2D(4, nb_row=3), "Conv2D: `nb_row` needs `nb_col` beside it"),
        (
            lambda: layers.Conv1D(4, kernel_size=3, filter_length=3),
            "`filter_length` is the older name of `kernel_size`",
        ),
        (lambda: layers.Conv1D(4, 3, init="ones", kernel_initializer="ones"), "`init` is the older name"),
        (lambda: layers.Conv3D(4, 3, 2, 1, "same"), "all others must be given by name"),
    ],
)
def test_refused(make, text):
    with pytest.raises(ArgumentTypeError, match=text):
        make()


def test_weights_that_other_layers_lack():
    with pytest.raises(ValueError, match="Unrecognized keyword arguments.*W_regularizer"):
        layers.DepthwiseConv2D(3, W_regularizer="l2")
