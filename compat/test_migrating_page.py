"""The block of docs/migrating.md for real Keras on JAX: a model of minikeras trains on there, and comes back."""

import subprocess
import sys

import numpy as np

import minikeras
from tests.test_migrating_page import blocks


def test_on_and_back(tmp_path):
    (code,) = [content for elsewhere, _, content in blocks() if elsewhere]
    layers = minikeras.layers
    model = minikeras.Sequential(
        [layers.Input((8,)), layers.Dense(16, activation="relu"), layers.Dense(1, activation="sigmoid")]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    x = np.random.default_rng(0).normal(size=(256, 8)).astype("float32")
    y = (x.sum(axis=1) > 0).astype("int32")
    model.fit(x, y, epochs=1, verbose=0)
    model.save(tmp_path / "model.keras")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    back = minikeras.saving.load_model(tmp_path / "trained.keras")
    assert int(back.optimizer.iterations) == 2 * int(model.optimizer.iterations) == 16  # 8 steps an epoch
    assert back.evaluate(x, y, verbose=0)[0] < model.evaluate(x, y, verbose=0)[0]
