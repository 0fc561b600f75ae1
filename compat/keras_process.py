"""Real Keras in a process of its own: saves models into a folder; then, told to go on, reads those saved there.

Run by `test_saving.py`, as `python -m compat.keras_process FOLDER`.
"""

import os
import sys

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"

import keras
import numpy as np
import tensorflow

from compat.saved_models import IN_OLD_FILES, MODELS, classes, made, report


def save(folder):
    for name in MODELS:
        model, x = made(keras, name)
        model.save(f"{folder}/{name}.keras")
        model.save_weights(f"{folder}/{name}.weights.h5")
        if name in IN_OLD_FILES:
            model.save(f"{folder}/{name}.h5")
        np.savez(f"{folder}/{name}.npz", *report(model, x))


def load(folder):
    for name in MODELS:
        _, x = MODELS[name](keras, *classes(keras))
        model = keras.saving.load_model(f"{folder}/{name}.keras")
        results = report(model, x)
        model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
        model.load_weights(f"{folder}/{name}.weights.h5")
        results.append(model.predict(x, verbose=0))
        if name in IN_OLD_FILES:
            results.append(keras.saving.load_model(f"{folder}/{name}.h5", compile=False).predict(x, verbose=0))
        np.savez(f"{folder}/{name}.npz", *results)


if __name__ == "__main__":
    tensorflow.config.run_functions_eagerly(True)  # compiling takes seconds, and there are few steps to run
    save(sys.argv[1])
    print("saved", flush=True)
    load(sys.stdin.readline().strip())
    print("loaded", flush=True)
