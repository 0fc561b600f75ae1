"""Callbacks of one's own, the built-in ones, and learning rate schedules."""

import tempfile
from pathlib import Path

import numpy as np

import minikeras as keras
from minikeras import layers
from minikeras.callbacks import Callback, CSVLogger, LambdaCallback, LearningRateScheduler, ModelCheckpoint


class LossHistory(Callback):
    def on_train_begin(self, logs=None):
        self.losses = []
        self.rates = []

    def on_train_batch_end(self, batch, logs=None):
        logs = logs or {}
        self.losses.append(logs["loss"])

    def on_epoch_end(self, epoch, logs=None):
        self.rates.append(float(self.model.optimizer.learning_rate))
        if self.losses[-1] < 1e-9:
            self.model.stop_training = True


class StopAtLoss(Callback):
    """As somebody writes it who annotates everything."""

    def __init__(self, threshold: float):
        super().__init__()
        self.threshold = threshold

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        if logs is not None and logs["loss"] < self.threshold:
            print(f"Stopped in epoch {epoch}: {logs['loss']:.4f}")
            self.model.stop_training = True


def halved(epoch: int, rate: float) -> float:
    return rate if epoch < 1 else rate / 2


rng = np.random.default_rng(0)
x = rng.random((64, 3)).astype("float32")
y = x @ np.array([[1.0], [2.0], [3.0]], "float32")
model = keras.Sequential([keras.Input((3,)), layers.Dense(1)])
model.compile(keras.optimizers.SGD(0.05), loss="mse")

losses = LossHistory()
with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "best.weights.h5"
    callbacks = [
        losses,
        StopAtLoss(1e-6),
        LearningRateScheduler(halved),
        LambdaCallback(on_epoch_begin=lambda epoch, logs: None),
        CSVLogger(Path(folder) / "log.csv"),
        ModelCheckpoint(str(path), save_best_only=True, save_weights_only=True, monitor="loss"),
    ]
    history = model.fit(x, y, epochs=3, callbacks=callbacks, verbose=0)
    model.load_weights(path)
    print((Path(folder) / "log.csv").read_text().splitlines()[0])
print(len(losses.losses), losses.rates, history.epoch)

schedule = keras.optimizers.schedules.ExponentialDecay(0.1, decay_steps=100, decay_rate=0.9, staircase=True)
optimizer = keras.optimizers.Adam(learning_rate=schedule, clipnorm=1.0, weight_decay=1e-4)
model.compile(optimizer=optimizer, loss=keras.losses.Huber(delta=0.5), jit_compile=False)
model.fit(x, y, epochs=1, callbacks=keras.callbacks.TerminateOnNaN(), verbose=0)
print(int(optimizer.iterations), float(schedule(0)), optimizer.get_config()["name"])
