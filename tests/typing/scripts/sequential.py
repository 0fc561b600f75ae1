"""A Sequential network on images, as in a first tutorial."""

import numpy as np

from minikeras import Input, Sequential, layers
from minikeras.callbacks import EarlyStopping, ReduceLROnPlateau
from minikeras.datasets import mnist
from minikeras.layers import Dense, Dropout, Flatten
from minikeras.optimizers import SGD
from minikeras.utils import set_random_seed, to_categorical

set_random_seed(1)
(x_train, y_train), (x_test, y_test) = mnist.load_data()
x_train, y_train = x_train[:256], y_train[:256]
x_test, y_test = x_test[:64], y_test[:64]
x_train = x_train.reshape(-1, 784).astype("float32") / 255
x_test = x_test.reshape(-1, 784).astype("float32") / 255
y_train = to_categorical(y_train, 10)
y_test = to_categorical(y_test, 10)
print(y_train.shape[1], y_train[0].argmax())

model = Sequential(
    [
        Input((784,)),
        Dense(32, activation="relu"),
        layers.Reshape((4, 8)),
        Flatten(),
        Dropout(0.2),
    ]
)
model.add(layers.BatchNormalization())
model.add(Dense(10, activation="softmax", kernel_initializer="he_normal"))
model.compile(optimizer=SGD(0.1, momentum=0.9), loss="categorical_crossentropy", metrics=["accuracy"])

stop = EarlyStopping(monitor="val_loss", patience=2, restore_best_weights=True)
history = model.fit(
    x_train,
    y_train,
    epochs=3,
    batch_size=64,
    validation_data=(x_test, y_test),
    callbacks=[stop, ReduceLROnPlateau(patience=1)],
    verbose=0,
)
for epoch, loss in enumerate(history.history["loss"]):
    print(f"epoch {epoch}: {loss:.3f}")
best = max(history.history["val_accuracy"])
print(f"best {best:.2%}", history.epoch[-1], history.params["epochs"])

loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", round(loss, 3), "accuracy:", accuracy * 100)
results = model.evaluate(x_test, y_test, verbose=0, return_dict=True)
print(results["accuracy"])

probabilities = model.predict(x_test, verbose=0)
print(probabilities.shape, probabilities[0, :3], probabilities[:5].sum(axis=1))
labels = np.argmax(probabilities, axis=1)
print((labels == y_test.argmax(axis=1)).mean())
print(model.predict(x_test[:1])[0].max())

weights, biases = model.layers[0].get_weights()
print(weights.shape, biases.mean())
model.pop()
print(len(model.layers), model.output_shape)

simple = Sequential([Input((4,)), Dense(1)], name="simple")
simple.compile("adam", "mse")
print(simple.predict(np.ones((2, 4)), verbose=0).shape)
stack = [Input((4,)), Dense(8, "relu"), layers.Lambda(lambda x: x / 2), Dense(1)]
print(Sequential(stack).output_shape)
lazy = Sequential()
lazy.add(Dense(3))
lazy.build((None, 2))
print(lazy.count_params(), lazy.weights[0].shape)
