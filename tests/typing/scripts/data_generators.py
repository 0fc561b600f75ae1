"""Data that comes batch by batch: generators, a PyDataset, and streams of weights."""

import math

import numpy as np

import minikeras as keras
from minikeras import layers
from minikeras.utils import PyDataset, pad_sequences, to_categorical


def batches(x, y, size):
    while True:
        for start in range(0, len(x), size):
            yield x[start : start + size], y[start : start + size]


class Pairs(PyDataset):
    def __init__(self, x_set, y_set, batch_size, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x_set, y_set
        self.batch_size = batch_size

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        low = idx * self.batch_size
        high = min(low + self.batch_size, len(self.x))
        return self.x[low:high], self.y[low:high]

    def on_epoch_end(self):
        order = np.random.default_rng(0).permutation(len(self.x))
        self.x, self.y = self.x[order], self.y[order]


rng = np.random.default_rng(0)
lengths = rng.integers(2, 8, 40)
x = pad_sequences([list(rng.integers(1, 50, length)) for length in lengths], maxlen=8, padding="post")
y = to_categorical(lengths > 4, 2)
print(x.shape, y.shape, x[0].tolist()[:2])

model = keras.Sequential(
    [
        keras.Input((8,)),
        layers.Embedding(50, 4),
        layers.Flatten(),
        layers.Dense(2, activation="softmax"),
    ]
)
model.compile(optimizer="rmsprop", loss="categorical_crossentropy", metrics=["accuracy"])
history = model.fit(
    batches(x, y, 8), steps_per_epoch=5, epochs=2, validation_data=batches(x, y, 8), validation_steps=2, verbose=0
)
print(history.history["val_accuracy"])
data = Pairs(x, y, batch_size=8, workers=1)
print(len(data), data[0][0].shape)
model.fit(data, epochs=2, verbose=0, shuffle=True, validation_data=data)
print(model.evaluate(data, verbose=0)[1] >= 0)
print(model.predict(data, verbose=0).shape, model.predict((x[i : i + 4] for i in (0, 4)), verbose=0).shape)
print(model.train_on_batch(x[:8], y[:8])[0] > 0, model.predict_on_batch(x[:2]).shape)
print(model.test_on_batch(x[:8], y[:8], return_dict=True)["loss"] > 0)
normalized = keras.utils.normalize(rng.random((3, 4)))
print(normalized.shape, np.linalg.norm(normalized[0]))
