import numpy as np
import pytest

from minikeras import Model, Sequential
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, NotSupportedError, UnknownNameError
from minikeras.layers import (
    Activation,
    Add,
    AlphaDropout,
    BatchNormalization,
    Cropping2D,
    Cropping3D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    GaussianDropout,
    GaussianNoise,
    Input,
    InputLayer,
    Layer,
    Reshape,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding2D,
    ZeroPadding3D,
)


def test_dense_takes_the_arguments_of_keras_1():
    with pytest.warns(LegacyWarning) as caught:
        layer = Dense(output_dim=3, init="zeros", W_regularizer="l2", b_constraint="non_neg", bias=False)
    names = sorted(str(warning.message).partition("(")[2].partition("=")[0] for warning in caught)
    assert names == ["W_regularizer", "b_constraint", "bias", "init", "output_dim"]
    assert {warning.filename for warning in caught} == {__file__}
    config = layer.get_config()
    assert (config["units"], config["use_bias"]) == (3, False)
    assert config["kernel_initializer"]["class_name"] == "Zeros" and layer.kernel_regularizer is not None
    assert layer.bias_constraint is not None
    with pytest.raises(ArgumentTypeError, match="`Dense`: `output_dim` is the older name of `units`"):
        Dense(units=3, output_dim=3)


def test_shapes_of_layers():
    x = Input((3,))
    dense, add = Dense(2), Add()
    total = add([dense(x), dense(x)])
    with pytest.warns(LegacyWarning, match=r"`layer.output_shape` .* write `layer.output.shape`"):
        assert dense.output_shape == (None, 2)
    with pytest.warns(LegacyWarning):
        assert add.input_shape == [(None, 2), (None, 2)]
        assert dense.get_output_at(1) is not dense.get_output_at(0)
        assert dense.get_input_at(1) is x
        assert (add.get_output_shape_at(0), dense.get_input_shape_at(0)) == ((None, 2), (None, 3))
    assert Model(x, total).output_shape == (None, 2)  # of models it is today's spelling, too
    with pytest.raises(AttributeError, match="has no output"):
        Dense(2).output_shape  # noqa: B018


def test_a_layer_that_was_called_elsewhere_does_not_declare_an_input():
    shared = Dense(2)
    shared(Input((3,)))
    model = Sequential([shared, Dense(1)])
    assert len(model.layers) == 2 and not model.built


def test_models_of_keras_1():
    x = Input((3,))
    with pytest.warns(LegacyWarning, match=r"`Model\((in|out)put=...\)` .*`Model\((in|out)puts=...\)`"):
        model = Model(input=x, output=Dense(1)(x))
    assert model.input_shape == (None, 3)


def one_warning(make, old, new):
    """Returns what is made, having seen that it warns once, with the old spelling and today's."""
    with pytest.warns(LegacyWarning) as caught:
        made = make()
    (message,) = [str(warning.message) for warning in caught]
    assert old in message and new in message, message
    return made


@pytest.mark.parametrize(
    ("arguments", "shape", "new"),
    [
        ({"input_shape": (3,), "batch_size": 4}, (4, 3), "Input(batch_shape=(4, 3))"),
        ({"input_dim": 3, "batch_size": 4}, (4, 3), "Input(batch_shape=(4, 3))"),
        ({"input_dim": 3, "input_length": 5}, (None, 5, 3), "Input((5, 3))"),
        ({"input_dim": 3}, (None, 3), "Input((3,))"),
        ({"batch_input_shape": (2, 3)}, (2, 3), "Input(batch_shape=(2, 3))"),
        ({"input_shape": (3,), "input_dtype": "float64"}, (None, 3), "Input((3,), dtype='float64')"),
    ],
)
def test_the_input_is_declared_by_the_first_layer(arguments, shape, new):
    layer = one_warning(lambda: Activation("relu", **arguments), next(iter(arguments)), new)
    model = Sequential([layer])
    assert model.input_shape == shape
    assert model.inputs[0].dtype == arguments.get("input_dtype", "float32")


def test_a_batch_size_alone_declares_nothing():
    with pytest.raises(ArgumentError, match="Dense: batch_size=4 needs `input_shape` beside it"):
        Dense(2, batch_size=4)


def test_the_length_of_the_input_of_an_embedding():
    layer = one_warning(lambda: Embedding(9, 4, input_length=5), "input_length=5", "Input((5,))")
    model = Sequential([layer, Flatten(), Dense(1)])
    assert model.output_shape == (None, 1) and model.count_params() == 9 * 4 + 5 * 4 + 1
    nested = one_warning(lambda: Embedding(9, 4, input_length=(2, 3)), "input_length=(2, 3)", "Input((2, 3))")
    assert Sequential([nested]).output_shape == (None, 2, 3, 4)
    with pytest.warns(LegacyWarning):
        old = Embedding(9, 4, init="ones", W_constraint="non_neg", dropout=0.0)
    assert old(np.array([[1]])).tolist() == [[[1, 1, 1, 1]]] and old.embeddings_constraint is not None
    with pytest.raises(NotSupportedError, match=r"SpatialDropout1D.*dropout=0.2"):
        Embedding(9, 4, dropout=0.2)


def test_weights_given_to_the_constructor():
    weights = [np.float32([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), np.float32([1.0, -1.0])]
    layer = one_warning(lambda: Dense(2, weights=weights), "Dense(weights=...)", "`layer.set_weights(weights)`")
    assert layer(np.ones((1, 3))).tolist() == [[10, 11]]  # 1 + 3 + 5 + 1, 2 + 4 + 6 - 1
    weights[0][:] = 0
    assert layer(np.ones((1, 3))).tolist() == [[10, 11]]
    with pytest.warns(LegacyWarning):
        again = Dense.from_config({**layer.get_config(), "weights": weights})
    assert again(np.ones((1, 3))).tolist() == [[1, -1]]
    with pytest.warns(LegacyWarning):
        alone = Dense(2, weights=weights[:1])
    with pytest.raises(ArgumentError, match="expects 2 arrays, received 1"):
        alone(np.ones((1, 3)))
    assert not alone.built and alone.weights == []


@pytest.mark.parametrize(
    ("make", "old", "attribute", "value"),
    [
        (lambda: Dropout(p=0.25), "p", "rate", 0.25),
        (lambda: GaussianDropout(p=0.25), "p", "rate", 0.25),
        (lambda: AlphaDropout(p=0.25), "p", "rate", 0.25),
        (lambda: SpatialDropout1D(p=0.25), "p", "rate", 0.25),
        (lambda: GaussianNoise(sigma=0.25), "sigma", "stddev", 0.25),
        (lambda: UpSampling1D(length=3), "length", "size", 3),
        (lambda: ZeroPadding2D(1, dim_ordering="th"), "dim_ordering", "data_format", "channels_first"),
        (lambda: ZeroPadding3D(1, dim_ordering="tf"), "dim_ordering", "data_format", "channels_last"),
        (lambda: Cropping2D(1, dim_ordering="th"), "dim_ordering", "data_format", "channels_first"),
        (lambda: Cropping3D(1, dim_ordering="default"), "dim_ordering", "data_format", "channels_last"),
        (lambda: UpSampling2D(2, dim_ordering="th"), "dim_ordering", "data_format", "channels_first"),
        (lambda: UpSampling3D(2, dim_ordering="th"), "dim_ordering", "data_format", "channels_first"),
        (lambda: SpatialDropout2D(0.5, dim_ordering="th"), "dim_ordering", "data_format", "channels_first"),
        (lambda: SpatialDropout3D(0.5, dim_ordering="tf"), "dim_ordering", "data_format", "channels_last"),
    ],
)
def test_arguments_that_have_other_names_today(make, old, attribute, value):
    layer = one_warning(make, f"({old}=", f"({attribute}=")
    assert getattr(layer, attribute) == value


def test_orderings_that_nobody_has():
    with pytest.raises(UnknownNameError, match="Unknown dim_ordering of UpSampling2D: 'x'"):
        UpSampling2D(2, dim_ordering="x")
    with pytest.raises(ArgumentTypeError, match="give only one of them"):
        UpSampling2D(2, dim_ordering="tf", data_format="channels_last")


def test_batch_normalization_of_keras_1():
    with pytest.warns(LegacyWarning) as caught:
        layer = BatchNormalization(mode=0, axis=1, beta_init="ones", gamma_init="ones", fused=True)
    assert len(caught) == 4
    assert layer(np.zeros((1, 3))).tolist() == [[1, 1, 1]] and layer.axis == 1
    for mode in (1, 2):
        with pytest.raises(NotSupportedError, match=f"only mode=0 of older Keras.*mode={mode}"):
            BatchNormalization(mode=mode)


def test_an_input_of_one_size():
    tensor = one_warning(lambda: Input(shape=3), "`Input(shape=3)`", "`Input(shape=(3,))`")
    assert tensor.shape == (None, 3)
    with pytest.raises(ArgumentError, match="tuple of integers"):
        Input(shape=True)


def test_input_layers_of_keras_2():
    layer = one_warning(
        lambda: InputLayer(input_shape=(3,)), "`InputLayer(input_shape=...)`", "`InputLayer(shape=...)`"
    )
    assert layer.batch_shape == (None, 3)
    layer = one_warning(lambda: InputLayer(batch_input_shape=(2, 3)), "batch_input_shape", "`InputLayer(batch_shape=")
    assert layer.batch_shape == (2, 3)
    with pytest.raises(ArgumentTypeError, match="InputLayer: unknown arguments. Received: shap"):
        InputLayer(shap=(3,))
    reshape = one_warning(lambda: Reshape(dims=(3, 1)), "`Reshape(dims=...)`", "`Reshape(target_shape=...)`")
    assert reshape.target_shape == (3, 1)


def test_the_name_of_a_weight_may_come_first():
    class Own(Layer):
        def __init__(self, *args, **kwargs):
            super().__init__()
            self.given = args, kwargs

        def build(self, input_shape):
            args, kwargs = self.given
            self.w = self.add_weight(*args, **kwargs)

        def call(self, inputs):
            return inputs

    x = np.ones((1, 3))
    for args, kwargs in (
        (("kernel",), {"shape": (3, 2)}),
        (("kernel", (3, 2)), {"initializer": "ones", "trainable": False}),
        (("kernel", [3, 2], "float32", "ones", None, False), {}),
        (("kernel", (3, 2), None, "zeros"), {"regularizer": "l2"}),
    ):
        layer = Own(*args, **kwargs)
        with pytest.warns(LegacyWarning, match=r"add_weight\('kernel', .*write .*name='kernel'\)"):
            layer(x)
        assert (layer.w.name, layer.w.shape) == ("kernel", (3, 2))
    assert Own((3, 2), "zeros", name="kernel")(x) is not None
    with pytest.raises(TypeError, match="'shape' twice"):
        Own("kernel", (3, 2), shape=(3, 2))(x)
    with pytest.raises(TypeError, match="'name' twice"):
        Own("kernel", name="other", shape=(3,))(x)
