import ml_dtypes
import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.errors import ArgumentError, ShapeError

MAKERS = {
    **{f"Conv{rank}D": (rank, {"filters": 4}) for rank in (1, 2, 3)},
    **{f"Conv{rank}DTranspose": (rank, {"filters": 4}) for rank in (1, 2, 3)},
    **{f"DepthwiseConv{rank}D": (rank, {}) for rank in (1, 2)},
    **{f"SeparableConv{rank}D": (rank, {"filters": 4}) for rank in (1, 2)},
}
each_layer = pytest.mark.parametrize("name", MAKERS)
SIZES = (5, 6, 7)


def made(name, /, **options):
    rank, needed = MAKERS[name]
    return getattr(layers, name)(**{"kernel_size": 3, **needed, **options}), SIZES[:rank]


def test_free_sizes():
    layer = layers.Conv2D(4, 3, strides=2)
    assert layer.compute_output_shape((None, None, 9, 2)) == (None, None, 4, 4)


@each_layer
def test_every_layer_takes_inputs_of_free_sizes(name):
    layer, sizes = made(name, strides=2, padding="same")
    model = minikeras.Sequential([layers.Input((*[None] * len(sizes), 2)), layer])
    assert model.output_shape[:-1] == (None,) * (len(sizes) + 1)
    for count in (1, 3):
        x = np.ones((count, *sizes, 2), "float32")
        assert model.predict(x, verbose=0).shape == layer.compute_output_shape(x.shape)


def test_channels_first():
    layer = layers.Conv2D(4, 3, data_format="channels_first")
    assert layer.compute_output_shape((None, 2, 9, 8)) == (None, 4, 7, 6)


@each_layer
def test_both_layouts_agree(name):
    last, sizes = made(name, activation="tanh")
    try:
        minikeras.config.set_image_data_format("channels_first")
        first, _ = made(name, activation="tanh")
    finally:
        minikeras.config.set_image_data_format("channels_last")
    assert (last.data_format, first.data_format) == ("channels_last", "channels_first")
    x = np.random.default_rng(0).normal(size=(2, *sizes, 3)).astype("float32")
    last(x)
    first.build((2, 3, *sizes))
    weights = [np.random.default_rng(1).normal(size=each.shape) for each in last.get_weights()]
    for layer in (last, first):
        layer.set_weights(weights)
    expected = last(x)
    np.testing.assert_allclose(np.moveaxis(first(np.moveaxis(x, -1, 1)), 1, -1), expected, rtol=1e-6)


@each_layer
def test_what_is_computed_in_half_precision_is_stored_in_full(name):
    for policy, dtype in (("mixed_float16", np.float16), ("mixed_bfloat16", ml_dtypes.bfloat16)):
        layer, sizes = made(name, dtype=policy)
        x = np.random.default_rng(0).normal(size=(2, *sizes, 3)).astype("float32")
        half = layer(x)
        assert half.dtype == dtype and {weight.dtype for weight in layer.weights} == {"float32"}
        full, _ = made(name)
        full.build(x.shape)
        full.set_weights(layer.get_weights())
        np.testing.assert_allclose(half.astype("float32"), full(x), atol=0.1)


@each_layer
def test_masks_are_not_passed_on(name):
    layer, _ = made(name)
    assert layer.supports_masking is False


def test_a_mask_is_lost_with_a_warning():
    x = layers.Masking()(np.ones((1, 4, 2), "float32"))
    with pytest.warns(UserWarning, match="does not support masking"):
        layers.Conv1D(2, 3)(x)


@each_layer
def test_weights_and_penalties(name):
    kernel = {"Conv": "kernel", "Dept": "depthwise", "Sepa": "pointwise"}[name[:4]]
    options = {f"{kernel}_regularizer": "l2", f"{kernel}_initializer": "ones", f"{kernel}_constraint": "non_neg"}
    layer, sizes = made(name, bias_regularizer="l1", bias_initializer="ones", **options)
    layer.build((None, *sizes, 2))
    names = [weight.path.partition("/")[2] for weight in layer.weights]
    kernels = ["depthwise_kernel", "pointwise_kernel"] if "Separable" in name else ["kernel"]
    assert names == [*kernels, "bias"]
    last = getattr(layer, kernels[-1])
    assert last.constraint is not None and layer.bias.constraint is None
    expected = [0.01 * last.numpy().size, 0.01 * layer.bias.numpy().size]
    np.testing.assert_allclose(sorted(layer.losses), sorted(expected), rtol=1e-6)
    alone, _ = made(name, use_bias=False)
    alone.build((None, *sizes, 2))
    assert alone.bias is None and len(alone.weights) == len(names) - 1


FANS = {  # of kernels of 3 for 2 channels, 4 filters: the elements of a window times the last two sizes
    "Conv1D": [(3, 2, 4)],
    "Conv3D": [(27, 2, 4)],
    "Conv2DTranspose": [(9, 4, 2)],
    "DepthwiseConv2D": [(9, 2, 1)],
    "SeparableConv2D": [(9, 2, 1), (1, 2, 4)],
}


@pytest.mark.parametrize("name", FANS)
def test_initial_weights(name):
    largest = np.zeros(len(FANS[name]))
    for seed in range(40):
        minikeras.utils.set_random_seed(seed)
        layer, sizes = made(name)
        layer.build((None, *sizes, 2))
        *kernels, bias = layer.get_weights()
        assert not bias.any()
        largest = np.maximum(largest, [np.abs(kernel).max() for kernel in kernels])
    limits = np.array([np.sqrt(6 / (window * (fan_in + fan_out))) for window, fan_in, fan_out in FANS[name]])
    assert (largest < limits).all() and (largest > 0.95 * limits).all()


def test_the_convolution_can_be_replaced():
    class Centered(layers.Conv2D):
        def convolution_op(self, inputs, kernel):
            return super().convolution_op(inputs, kernel - minikeras.ops.mean(kernel, axis=(0, 1, 2), keepdims=True))

    layer = Centered(3, 2, padding="same", bias_initializer="ones")
    model = minikeras.Sequential([layers.Input((4, 4, 2)), layer])
    assert model.output_shape == (None, 4, 4, 3)
    np.testing.assert_allclose(layer(np.ones((1, 4, 4, 2), "float32"))[:, :3, :3], 1, atol=1e-6)


def test_refused():
    for options, name in (({"kernel_size": 0}, "kernel_size"), ({"strides": (1, 2, 3)}, "strides")):
        with pytest.raises(ArgumentError, match=f"`{name}`"):
            layers.Conv2D(**{"filters": 4, "kernel_size": 3, **options})
    with pytest.raises(ValueError, match="padding"):
        layers.Conv2D(4, 3, padding="causal")
    with pytest.raises(ShapeError, match="expects inputs with 4 axes"):
        layers.Conv2D(4, 3).compute_output_shape((None, 8, 2))


@each_layer
def test_bad_arguments_and_inputs(name):
    for option, value in {"dilation_rate": 0, "padding": "full", "data_format": "last", "strides": -1}.items():
        with pytest.raises(ValueError, match=option) as caught:
            made(name, **{option: value})
        assert name in str(caught.value) and repr(value) in str(caught.value)
    layer, sizes = made(name, name="it")
    with pytest.raises(ArgumentError, match=rf"{name} layer 'it': the number of input channels must be known.*None"):
        layer.build((None, *sizes, None))
    assert not layer.built and layer.weights == []
    layer.build((None, *sizes, 2))
    with pytest.raises(ShapeError, match=rf"{name} layer 'it': expected last input dimension 2"):
        layer(np.ones((1, *sizes, 3), "float32"))
    with pytest.raises(ShapeError, match=f"{name} layer 'it': expected {len(sizes) + 2} axes"):
        layer(np.ones((1, *sizes), "float32"))


@pytest.mark.parametrize("name", [name for name in MAKERS if "Transpose" not in name])
def test_windows_larger_than_the_inputs(name):
    layer, sizes = made(name, kernel_size=6, name="it")
    shape = (None, *sizes, 2)
    for call in (layer.compute_output_shape, layer.build, lambda shape: layer(layers.Input(shape[1:]))):
        with pytest.raises(ShapeError, match=r"(?s)does not fit into spatial sizes of \(5,.*'it'"):
            call(shape)
    with pytest.raises(ShapeError, match=r"(?s)does not fit into spatial sizes of \(5,.*'it'"):
        layer(np.ones((1, *shape[1:]), "float32"))
    assert not layer.built and layer.weights == []
