import numpy as np
import pytest

from minikeras import Model, Sequential
from minikeras.errors import ArgumentTypeError, LegacyWarning
from minikeras.layers import Add, Dense, Input, Layer


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
