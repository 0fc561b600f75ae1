"""Trains, and fails in one process in a way that is given: `faults.py FOLDER KIND RANK`."""

import os
import signal
import sys
import time

import numpy as np

import minikeras
from minikeras import Sequential, callbacks, layers
from minikeras.distribution import distribution

folder, kind, failing = sys.argv[1], sys.argv[2], int(sys.argv[3])
rank = distribution().data_shard_id


class Fault(callbacks.Callback):
    def on_train_batch_begin(self, batch, logs=None):
        if int(self.model.optimizer.iterations) == 13 and rank == failing:
            with open(f"{folder}/time", "w") as file:
                file.write(repr(time.time()))
            if kind == "error":
                raise RuntimeError("the error of the test")
            if kind == "exit":
                sys.exit(int(sys.argv[4]))
            if kind == "kill":
                os.kill(os.getpid(), signal.SIGKILL)


if kind == "less" and rank == failing:
    sys.exit(0)
if kind in ("kill", "none"):
    minikeras.utils.set_random_seed(3)
model = Sequential([layers.Input((4,)), layers.Dense(8, "relu"), layers.Dropout(0.5), layers.Dense(1)])
model.compile("adam", "mse")
x = np.random.normal(size=(60, 4))  # also without a seed the same in all processes
given = [callbacks.BackupAndRestore(f"{folder}/backup"), Fault()] if kind in ("kill", "none") else [Fault()]
if kind == "disk":
    given.append(callbacks.CSVLogger("/dev/full"))
print("process", rank, "trains")
model.fit(x, x[:, :1], batch_size=12, epochs=6, verbose=0, callbacks=given)
model.save_weights(f"{folder}/trained.weights.h5")
print(f"sum {sum(float(np.abs(weight).sum()) for weight in model.get_weights())!r}")
