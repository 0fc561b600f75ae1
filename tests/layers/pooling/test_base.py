import itertools

import numpy as np
import pytest

import minikeras
from minikeras import config, layers
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, ShapeError


def test_refused():
    for arguments in ((0,), ((2, 2, 2),), (2, 0)):
        with pytest.raises(ArgumentError, match="MaxPooling2D"):
            layers.MaxPooling2D(*arguments)
    with pytest.raises(ValueError, match="padding"):
        layers.MaxPooling2D(2, padding="causal")
    with pytest.raises(ShapeError, match="does not fit"):
        layers.MaxPooling2D(9)(np.ones((1, 8, 8, 1), "float32"))


def test_free_sizes():
    assert layers.MaxPooling2D(2).compute_output_shape((None, None, 9, 2)) == (None, None, 4, 2)
    assert layers.AdaptiveMaxPooling2D((3, 2)).compute_output_shape((None, None, 4, None)) == (None, 3, 2, None)
    assert layers.GlobalMaxPooling2D().compute_output_shape((None, None, 9, 2)) == (None, 2)
    with pytest.raises(ShapeError, match="expects inputs with 5 axes: batch, 3 spatial, channels"):
        layers.AveragePooling3D(2).compute_output_shape((None, 8, 8, 1))


@pytest.mark.parametrize("name", ["MaxPooling1D", "AveragePooling2D", "AdaptiveMaxPooling3D", "GlobalAveragePooling2D"])
def test_configs_are_as_real_keras_writes_them(name):
    given = {"output_size": 2} if name.startswith("Adaptive") else {} if name.startswith("Global") else {"pool_size": 2}
    config = getattr(layers, name)(**given, data_format="CHANNELS_FIRST").get_config()
    own = {name: value for name, value in config.items() if name not in ("name", "trainable", "dtype")}
    rank = int(name[-2])
    expected = {
        "MaxPooling1D": {"pool_size": (2,), "padding": "valid", "strides": (2,)},
        "AveragePooling2D": {"pool_size": (2, 2), "padding": "valid", "strides": (2, 2)},
        "AdaptiveMaxPooling3D": {"output_size": (2,) * rank},
        "GlobalAveragePooling2D": {},
    }[name] | {"data_format": "channels_first"}
    if name.startswith("Global"):
        expected["keepdims"] = False
    assert list(own.items()) == list(expected.items())


def test_the_data_format_of_the_config():
    config.set_image_data_format("channels_first")
    try:
        assert layers.GlobalMaxPooling1D().compute_output_shape((None, 4, 9)) == (None, 4)
    finally:
        config.set_image_data_format("channels_last")


def test_half_precision():
    for layer in (layers.AveragePooling1D(2), layers.GlobalAveragePooling1D()):
        same = type(layer).from_config({**layer.get_config(), "dtype": "mixed_float16"})
        y = same(np.full((1, 4, 1), 40000, "float32"))  # the sum of two overflows
        assert y.dtype == "float16" and np.isfinite(y).all()


@pytest.mark.parametrize("name", ["MaxPool", "AvgPool", "GlobalMaxPool", "GlobalAvgPool"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_second_names(name, rank):
    first = f"{name.replace('Avg', 'Average')}ing{rank}D"
    assert getattr(layers, f"{name}{rank}D") is getattr(layers, first)
    restored = layers.deserialize(
        {"class_name": f"{name}{rank}D", "config": {} if "Global" in name else {"pool_size": 3}}
    )
    assert layers.serialize(restored)["class_name"] == first


def test_spellings_of_keras_1():
    with pytest.warns(LegacyWarning) as caught:
        layer = layers.MaxPooling1D(pool_length=3, stride=2, border_mode="same")
    assert "write `MaxPooling1D(strides=...)`" in str(caught[2].message)
    assert (layer.pool_size, layer.strides, layer.padding) == ((3,), (2,), "same")
    with pytest.warns(LegacyWarning, match="dim_ordering"):
        assert layers.AveragePooling2D((2, 3), dim_ordering="th").data_format == "channels_first"
    with pytest.warns(LegacyWarning, match="dim_ordering"):
        assert layers.GlobalMaxPooling3D(dim_ordering="th").data_format == "channels_first"
    with pytest.warns(LegacyWarning, match=r"without `pool_size`.*write `AveragePooling3D\(2\)`"):
        assert layers.AveragePooling3D(strides=1).pool_size == (2, 2, 2)
    with pytest.raises(ArgumentTypeError, match="give only one"):
        layers.MaxPooling1D(pool_size=3, pool_length=3)


@pytest.mark.filterwarnings("ignore:.*input_shape:minikeras.errors.LegacyWarning")
def test_input_shape():
    assert minikeras.Sequential([layers.MaxPooling2D(input_shape=(4, 4, 1))]).output_shape == (None, 2, 2, 1)


def test_gradients_of_ties_flow_to_the_first():
    x = minikeras.Variable(np.ones((1, 2, 2, 1), "float32"))
    for layer, expected in (
        (layers.MaxPooling2D(), [1, 0, 0, 0]),
        (layers.AdaptiveMaxPooling2D(1), [1, 0, 0, 0]),
        (layers.GlobalMaxPooling2D(), [0.25] * 4),  # as `ops.max`
    ):
        with minikeras.GradientTape() as tape:
            y = layer(x)
        assert np.ravel(tape.gradient(y, x)).tolist() == expected


def pooled(x, size, stride, padding, reduce):
    """Every window by itself, along one axis; Keras's "same" pads more behind."""
    length = len(x)
    count = -(-length // stride) if padding == "same" else (length - size) // stride + 1
    before = max((count - 1) * stride + size - length, 0) // 2 if padding == "same" else 0
    starts = [index * stride - before for index in range(count)]
    return [reduce(x[max(start, 0) : start + size]) for start in starts]


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("name", ["MaxPooling1D", "AveragePooling1D"])
def test_every_window(name, padding):
    """Eager, symbolic and replayed calls agree, whatever the length, the size of the window and the stride."""
    reduce = np.max if name == "MaxPooling1D" else np.mean
    for length, size, stride in itertools.product(range(1, 8), range(1, 5), range(1, 5)):
        layer = getattr(layers, name)(size, stride, padding)
        x = -np.random.default_rng(length).uniform(1, 2, (1, length, 1)).astype("float32")  # zeros would be larger
        if size > length and padding == "valid":
            for call in (layer, lambda x, layer=layer: layer(layers.Input(x.shape[1:]))):
                with pytest.raises(ShapeError, match="does not fit"):
                    call(x)
            continue
        expected = pooled(x[0, :, 0], size, stride, padding, reduce)
        np.testing.assert_allclose(layer(x)[0, :, 0], expected, rtol=1e-6)
        inputs = layers.Input((None, 1))
        outputs = layer(inputs)
        assert outputs.shape == (None, None, 1)
        assert layer(layers.Input((length, 1))).shape == (None, len(expected), 1)
        np.testing.assert_allclose(minikeras.Model(inputs, outputs).predict(x, verbose=0)[0, :, 0], expected, rtol=1e-6)


def test_windows_that_do_not_fit_are_refused_when_the_size_is_known():
    inputs = layers.Input((None, None, 1))
    model = minikeras.Model(inputs, layers.MaxPooling2D(9)(inputs))
    assert model.predict(np.ones((1, 9, 9, 1)), verbose=0).shape == (1, 1, 1, 1)
    with pytest.raises(ShapeError, match=r"(?s)does not fit into spatial sizes of \(5, 9\).*MaxPooling2D"):
        model.predict(np.ones((1, 5, 9, 1)), verbose=0)
