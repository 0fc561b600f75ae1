"""Trains, and fails in one process in a way that is given: `faults.py FOLDER KIND RANK [STATUS]`."""

import os
import signal
import sys
import time

import numpy as np

import minikeras
from minikeras import Sequential, callbacks, layers
from minikeras.distribution import distribution


class Fault(callbacks.Callback):
    def __init__(self, folder, kind, fails, status):
        super().__init__()
        self.folder, self.kind, self.fails, self.status = folder, kind, fails, status

    def on_train_batch_begin(self, batch, logs=None):
        if not self.fails or int(self.model.optimizer.iterations) != 13:
            return
        with open(f"{self.folder}/time", "w") as file:
            file.write(repr(time.time()))
        if self.kind == "error":
            raise RuntimeError("the error of the test")
        if self.kind == "save":
            self.model.save(f"{self.folder}/model.keras")
        if self.kind == "exit":
            sys.exit(self.status)
        if self.kind == "kill":
            os.kill(os.getpid(), signal.SIGKILL)


def main(folder, kind, failing, status="0"):
    rank = distribution().data_shard_id
    fails = rank == int(failing)
    if kind == "less" and fails:
        sys.exit(0)
    if kind in ("kill", "none"):
        minikeras.utils.set_random_seed(3)
    model = Sequential([layers.Input((4,)), layers.Dense(8, "relu"), layers.Dropout(0.5), layers.Dense(1)])
    model.compile("adam", "mse")
    x = np.random.normal(size=(60, 4))  # also without a seed the same in all processes
    given = [Fault(folder, kind, fails and kind != "none", int(status))]
    if kind in ("kill", "none"):
        given.append(callbacks.BackupAndRestore(f"{folder}/backup"))
    if kind == "disk":
        given.append(callbacks.CSVLogger("/dev/full"))
    print("process", rank, "trains")
    model.fit(x, x[:, :1], batch_size=12, epochs=6, verbose=0, callbacks=given)
    model.save_weights(f"{folder}/trained.weights.h5")
    print(f"sum {sum(float(np.abs(weight).sum()) for weight in model.get_weights())!r}")


if __name__ == "__main__":
    main(*sys.argv[1:])
