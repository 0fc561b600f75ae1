"""A functional model with two inputs and two outputs, trained on dicts."""

import numpy as np

import minikeras as keras
from minikeras import layers, ops
from minikeras.models import Model
from minikeras.typing import Tensor


def residual(x: Tensor, units: int) -> Tensor:
    shortcut = layers.Dense(units)(x)
    x = layers.Dense(units, activation="relu", kernel_regularizer=keras.regularizers.L2(1e-4))(x)
    return layers.Add()([x, shortcut])


rng = np.random.default_rng(0)
titles = rng.integers(0, 100, (64, 10))
tags = rng.random((64, 4)).astype("float32")
priority = rng.random((64, 1)).astype("float32")
department = rng.integers(0, 3, 64)

title_input = keras.Input(shape=(10,), dtype="int32", name="title")
tags_input = keras.Input(shape=(4,), name="tags")
features = layers.Embedding(100, 8)(title_input)
features = layers.Flatten()(ops.mean(features, axis=1))
x = layers.concatenate([features, tags_input])
x = residual(x, 16)
x = layers.LayerNormalization()(x * 0.5 + ops.tanh(x))
priority_output = layers.Dense(1, activation="sigmoid", name="priority")(x)
department_output = layers.Dense(3, activation="softmax", name="department")(x)

model = Model(
    inputs={"title": title_input, "tags": tags_input},
    outputs={"priority": priority_output, "department": department_output},
    name="tickets",
)
model.summary()
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=1e-3),
    loss={"priority": "binary_crossentropy", "department": keras.losses.SparseCategoricalCrossentropy()},
    loss_weights={"priority": 1.0, "department": 0.2},
    metrics={"department": ["accuracy"]},
)
history = model.fit(
    {"title": titles, "tags": tags},
    {"priority": priority, "department": department},
    epochs=2,
    batch_size=16,
    validation_split=0.25,
    verbose=0,
)
print(sorted(history.history), len(history.history["loss"]))
predictions = model.predict({"title": titles, "tags": tags}, verbose=0)
print(predictions["department"].argmax(axis=-1).shape)

# A part of the model, and the shapes of what is in it.
encoder = Model([title_input, tags_input], x)
print(encoder([titles, tags]).shape, encoder.input_shape, encoder.output_shape)
print(x.shape[-1] * 2, x.dtype, title_input.name)
for layer in model.layers:
    print(layer.name, layer.count_params(), layer.trainable)
kernel, bias = model.get_layer("priority").get_weights()
print(kernel.shape, bias.shape)
