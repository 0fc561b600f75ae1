"""Layers of one's own: weights in `build`, state, configs, masks, losses, and one layer in another."""

import numpy as np

import minikeras as keras
from minikeras import ops
from minikeras.layers import Dense, Input, Layer
from minikeras.saving import register_keras_serializable
from minikeras.typing import Shape, Tensor


@register_keras_serializable(package="Scripts")
class Linear(Layer):
    def __init__(self, units=32, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.kernel = self.add_weight(
            shape=(input_shape[-1], self.units),
            initializer="glorot_uniform",
            regularizer=keras.regularizers.L2(1e-3),
            trainable=True,
            name="kernel",
        )
        self.bias = self.add_weight(shape=(self.units,), initializer="zeros", name="bias")

    def call(self, inputs):
        return self.activation(ops.matmul(inputs, self.kernel) + self.bias)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        config = super().get_config()
        config.update({"units": self.units, "activation": keras.activations.serialize(self.activation)})
        return config


class Typed(Layer):
    """As somebody writes it who annotates everything."""

    def __init__(self, factor: float = 2.0, name: str | None = None):
        super().__init__(name=name)
        self.factor = factor
        self.count = self.add_weight(initializer="zeros", trainable=False, name="count")

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        if training:
            self.count.assign_add(1.0)
        scaled = self.factor * inputs
        return scaled / (1 + ops.max(ops.abs(scaled), axis=-1, keepdims=True))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        return input_shape


class Attention(Layer):
    def __init__(self, units: int, **kwargs):
        super().__init__(**kwargs)
        self.query, self.key, self.value = Dense(units), Dense(units), Dense(units)
        self.scale = units**-0.5
        self.supports_masking = True

    def call(self, inputs, mask=None):
        scores = ops.einsum("bqd,bkd->bqk", self.query(inputs), self.key(inputs)) * self.scale
        if mask is not None:
            scores = ops.where(mask[:, None, :], scores, -1e9)
        return ops.softmax(scores) @ self.value(inputs)

    def compute_mask(self, inputs, previous_mask=None):
        return previous_mask


class Stack(Layer):
    def __init__(self, sizes, **kwargs):
        super().__init__(**kwargs)
        self.sizes = list(sizes)
        self.blocks = [Linear(size, "tanh") for size in self.sizes]

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        self.add_loss(ops.sum(x**2) * 1e-4)
        return x


x = np.ones((2, 3), "float32")
layer = Linear(4, "relu")
y = layer(x)
print(y.shape, layer.kernel.numpy().shape, layer.bias.shape, len(layer.losses))
copy = Linear.from_config(layer.get_config())
print(copy.units, layer.compute_output_shape((None, 3)))

typed = Typed()
print(typed(x, training=True).shape, float(typed.count), typed(x) + 1)
print(ops.convert_to_numpy(typed(x)).sum())
print(Attention(4)(np.ones((2, 5, 3), "float32")).shape)

inputs = Input((3,))
outputs = Dense(1)(Stack([4, 4])(inputs))
model = keras.Model(inputs, outputs)
model.compile("sgd", "mse")
model.fit(x, np.zeros((2, 1)), verbose=0)
print([weight.name for weight in layer.trainable_weights], model.count_params())
print(layer.name, layer.dtype, layer.built, layer.input_spec)
