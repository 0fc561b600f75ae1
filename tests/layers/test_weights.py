"""`add_weight`, and the three arguments that say how a weight is made."""

import numpy as np
import pytest

import minikeras
from minikeras import constraints, initializers, layers, regularizers
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, UnknownNameError
from minikeras.layers import Layer


class Scale(Layer):
    def __init__(self, scale_initializer="ones", scale_regularizer=None, scale_constraint=None, **kwargs):
        super().__init__(**kwargs)
        self._declare_weight("scale", scale_initializer, scale_regularizer, scale_constraint)

    def build(self, input_shape):
        self.scale = self._add_declared_weight("scale", (input_shape[-1],))

    def call(self, inputs):
        return inputs * self.scale

    def get_config(self):
        return {**super().get_config(), **self._weight_config("scale")}


def test_declared_weights_are_made_with_what_was_given():
    layer = Scale(scale_regularizer="l2", scale_constraint="non_neg")
    assert isinstance(layer.scale_initializer, initializers.Ones)
    assert isinstance(layer.scale_regularizer, regularizers.L2)
    assert isinstance(layer.scale_constraint, constraints.NonNeg)
    layer.build((None, 3))
    assert layer.scale.numpy().tolist() == [1, 1, 1] and layer.scale.path.endswith("/scale")
    assert layer.scale.regularizer is layer.scale_regularizer and layer.scale.constraint is layer.scale_constraint
    np.testing.assert_allclose(layer.losses, [0.03])  # 0.01 times three squares of 1


def test_their_config_makes_the_same_layer_again():
    config = Scale("zeros", scale_constraint="unit_norm").get_config()
    assert [name for name in config if name.startswith("scale")] == [
        "scale_initializer",
        "scale_regularizer",
        "scale_constraint",
    ]
    assert config["scale_regularizer"] is None
    again = Scale.from_config(config)
    assert isinstance(again.scale_initializer, initializers.Zeros)
    assert isinstance(again.scale_constraint, constraints.UnitNorm)


def test_settings_that_a_layer_does_not_have_are_not_in_its_config():
    layer = Layer()
    layer.offset_initializer = initializers.get("zeros")
    assert list(layer._weight_config("offset", "scale")) == ["offset_initializer"]


def test_another_initializer_and_other_options():
    layer = Scale()
    weight = layer._add_declared_weight("scale", (2,), initializers.Constant(3.0), name="other", trainable=False)
    assert weight.numpy().tolist() == [3, 3] and weight.name == "other" and not weight.trainable


@pytest.mark.parametrize("kind", ["initializer", "regularizer", "constraint"])
def test_unknown_names(kind):
    with pytest.raises(UnknownNameError, match=f"Unknown {kind}: 'nothing'"):
        Scale(**{f"scale_{kind}": "nothing"})


def test_shapes():
    layer = Layer()
    assert [layer.add_weight(shape).shape for shape in (None, 3, (2, 3), [0], np.int64(2))] == [
        (),
        (3,),
        (2, 3),
        (0,),
        (2,),
    ]
    for shape in ((None,), (2, -1), (1.5,)):
        with pytest.raises(ArgumentError, match="all sizes of a weight must be known"):
            layer.add_weight(shape)


def test_the_initializer_fits_the_dtype():
    layer = Layer()
    assert layer.add_weight((2, 2)).numpy().any()
    assert not layer.add_weight((2, 2), dtype="int32").numpy().any()


def test_a_frozen_layer_makes_frozen_weights():
    assert not Layer(trainable=False).add_weight((2,)).trainable


def test_the_name_first_as_in_keras_2():
    layer = Layer(name="l")
    with pytest.warns(LegacyWarning, match=r"write `?add_weight\(shape=..., name='scale'\)"):
        weight = layer.add_weight("scale", (2,), initializer="ones")
    assert weight.name == "scale" and weight.numpy().tolist() == [1, 1]
    with pytest.raises(ArgumentTypeError, match="was given 'shape' twice"):
        layer.add_weight("scale", (2,), shape=(2,))
    with pytest.raises(ArgumentTypeError, match="8 arguments by position"):
        layer.add_weight("scale", (2,), None, "ones", None, True, None, None)


def test_a_weight_added_later_has_the_path_of_its_layer():
    layer = layers.Dense(2, name="d")
    minikeras.Sequential([layers.Input((3,)), minikeras.Sequential([layer], name="inner")], name="outer")
    path = layer.kernel.path
    layer.enable_lora(1)
    assert path.endswith("inner/d/kernel") and layer.lora_kernel_a.path == path.replace("kernel", "lora_kernel_a")
