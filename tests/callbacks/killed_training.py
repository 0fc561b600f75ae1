"""A training that kills itself, run as a script; and the same training for a test to finish."""

import os
import signal
import sys

import numpy as np

from minikeras import Input, Sequential, layers, random, utils
from minikeras.callbacks import BackupAndRestore, Callback, CSVLogger, LambdaCallback


class Noise(layers.Layer):
    """Adds numbers of the generator that has no seed of its own."""

    def call(self, x):
        return x + random.normal((8,), stddev=0.1)


def train(callbacks, epochs=4):
    """Trains a model that draws random numbers in every way.

    Returns:
        Weights and optimizer state, the values of the last epoch, and the epochs that were begun.
    """
    utils.set_random_seed(3)
    model = Sequential([Input((4,)), layers.Dense(8, activation="relu"), layers.Dropout(0.5), Noise(), layers.Dense(1)])
    model.compile("adam", "mse", metrics=["mae"])
    x = np.random.normal(size=(50, 4)).astype("float32")
    begun = []
    note = LambdaCallback(on_epoch_begin=lambda epoch, logs: begun.append(epoch))
    history = model.fit(x, x[:, :1], batch_size=5, epochs=epochs, verbose=0, callbacks=[*callbacks, note])
    state = [variable.numpy() for variable in model.optimizer.variables]
    assert history.epoch == begun
    return model.get_weights() + state, {name: values[-1] for name, values in history.history.items()}, begun


class Kill(Callback):
    """Ends the process the way a full memory does, in the middle of the third epoch."""

    def on_train_batch_end(self, batch, logs=None):
        if self.model.optimizer.iterations == 27:
            os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    folder = sys.argv[1]
    log = CSVLogger(sys.argv[2], append=True)
    train([BackupAndRestore(folder, save_freq=4, double_checkpoint=True), log, Kill()])
