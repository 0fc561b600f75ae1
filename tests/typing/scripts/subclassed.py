"""A subclassed model: an encoder and a decoder made of layers, an extra loss, and a call with `training`."""

import numpy as np

import minikeras as keras
from minikeras import layers, ops


class Encoder(keras.Model):
    def __init__(self, units=8, **kwargs):
        super().__init__(**kwargs)
        self.hidden = [layers.Dense(units, activation="relu") for _ in range(2)]
        self.dropout = layers.Dropout(0.1)
        self.normalize = layers.LayerNormalization()

    def call(self, inputs, training=False):
        x = inputs
        for layer in self.hidden:
            x = layer(x)
        x = self.dropout(x, training=training)
        return self.normalize(x)


class Autoencoder(keras.Model):
    def __init__(self, size: int):
        super().__init__(name="autoencoder")
        self.encoder = Encoder(name="encoder")
        self.decoder = keras.Sequential([layers.Dense(16, "relu"), layers.Dense(size)])

    def call(self, inputs, training=None):
        code = self.encoder(inputs, training=training)
        self.add_loss(1e-3 * ops.mean(ops.abs(code)))
        return self.decoder(code)


class TwoHeads(keras.Model):
    def __init__(self):
        super().__init__()
        self.body = layers.Dense(4)
        self.left, self.right = layers.Dense(1), layers.Dense(2)

    def call(self, inputs: np.ndarray):
        x = ops.relu(self.body(inputs)) + 1.0
        return {"left": self.left(x), "right": self.right(x[:, :2])}


data = np.random.default_rng(0).normal(size=(64, 6)).astype("float32")
model = Autoencoder(6)
model.compile(optimizer="adam", loss="mse", metrics=[keras.metrics.MeanAbsoluteError(name="mae"), "mse"])
history = model.fit(data, data, epochs=2, batch_size=16, verbose=0)
print(history.history["mae"][-1] < 10, model.losses)
copies = model(data)
print(copies.shape, float(ops.mean(ops.square(copies - data))) > 0)
print(model.encoder.hidden[0].kernel.shape, model.encoder.predict(data, verbose=0).shape)
model.optimizer.learning_rate = 1e-4
print(float(model.optimizer.learning_rate), len(model.trainable_variables))

heads = TwoHeads()
outputs = heads(data)
print(outputs["left"].shape, outputs["right"].shape)
heads.trainable = False
print(len(heads.trainable_weights), [weight.path for weight in heads.weights][0])
