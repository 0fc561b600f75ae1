"""A model with its own training step, metric and loss as it is written for Keras 3."""

import keras
from keras import layers, ops, random

keras.utils.set_random_seed(7)


@keras.saving.register_keras_serializable(package="own")
class Scale(layers.Layer):
    def __init__(self, factor=2.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def build(self, input_shape):
        self.bias = self.add_weight(shape=(input_shape[-1],), initializer="zeros", name="bias")

    def call(self, inputs):
        return inputs * self.factor + self.bias

    def get_config(self):
        return {**super().get_config(), "factor": self.factor}


class Trained(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden, self.scale, self.out = layers.Dense(8, activation="gelu"), Scale(), layers.Dense(1)
        self.error = keras.metrics.MeanAbsoluteError(name="error")

    def call(self, inputs, training=False):
        return self.out(self.scale(self.hidden(inputs)))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return ops.mean(ops.square(y - y_pred)) + 1e-3 * ops.sum(ops.square(self.scale.bias))


x = random.normal((64, 3))
y = ops.sum(x, axis=1, keepdims=True)
model = Trained()
model.compile(optimizer=keras.optimizers.AdamW(learning_rate=keras.optimizers.schedules.CosineDecay(0.05, 200)))
history = model.fit(x, y, epochs=20, batch_size=16, verbose=0)
assert history.history["loss"][-1] < 0.1 * history.history["loss"][0]
assert keras.__version__ == keras.version() == "3.15.1"
assert model(x).numpy().shape == (64, 1) and ops.convert_to_numpy(y).shape == (64, 1)
functional_in = keras.Input((3,))
functional = keras.Model(functional_in, Scale(factor=3.0)(layers.Dense(2)(functional_in)))
functional.save("scale.keras")
assert keras.saving.load_model("scale.keras").layers[-1].factor == 3.0
try:
    layers.NoSuchLayer  # noqa: B018
except AttributeError as error:
    assert "neither in minikeras" in str(error)
print("ok")
