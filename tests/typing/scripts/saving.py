"""Saving and loading: whole models, weights, configs, and cloning."""

import json
import os
import tempfile
from pathlib import Path

import numpy as np

import minikeras as keras
from minikeras import layers
from minikeras.models import clone_model, load_model, model_from_json


@keras.saving.register_keras_serializable()
def double(x):
    return x * 2


def shifted(x):
    return x + 1


model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation=double), layers.Dense(2)])
model.compile(optimizer="adam", loss="mse")
x = np.ones((2, 3), "float32")
before = model.predict(x, verbose=0)

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "model.keras")
    model.save(path)
    loaded = load_model(path)
    print(np.allclose(loaded.predict(x, verbose=0), before), loaded.name, len(loaded.layers))
    keras.saving.save_model(loaded, Path(folder) / "copy.keras", overwrite=True)
    again = keras.saving.load_model(Path(folder) / "copy.keras", compile=False)
    again.summary()

    model.save_weights(Path(folder) / "w.weights.h5")
    twin = clone_model(model)
    twin.load_weights(Path(folder) / "w.weights.h5")
    print(np.array_equal(twin.get_weights()[0], model.get_weights()[0]))

    own = keras.Sequential([keras.Input((3,)), layers.Dense(1, activation=shifted)])
    own.save(Path(folder) / "own.keras")
    loaded = keras.models.load_model(Path(folder) / "own.keras", custom_objects={"shifted": shifted})
    print(loaded.predict(x, verbose=0).shape)
    with keras.saving.custom_object_scope({"shifted": shifted}):
        print(keras.models.load_model(Path(folder) / "own.keras").output_shape)

text = model.to_json()
print(json.loads(text)["class_name"], model_from_json(text).count_params())
config = model.get_config()
print(keras.Sequential.from_config(config).name, config["name"])
layer = layers.deserialize(layers.serialize(layers.Dense(3)))
print(layer.get_config()["units"])
loss = keras.losses.get("mse")
print(float(loss(np.zeros(2), np.ones(2))))
weights = [np.zeros_like(weight) for weight in model.get_weights()]
model.set_weights(weights)
print(model.layers[-1].get_weights()[0].sum())
