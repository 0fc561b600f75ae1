"""The package scikeras, as it is: a classifier and a regressor, pickled and searched over."""

import pickle

import keras
import numpy as np
from scikeras.wrappers import KerasClassifier, KerasRegressor
from sklearn.model_selection import GridSearchCV

rng = np.random.default_rng(0)
x = rng.normal(size=(60, 3)).astype("float32")
names = np.array(["left", "middle", "right"])[(x[:, 0] > -0.4).astype(int) + (x[:, 0] > 0.4)]


def network(hidden=8, meta=None):
    return keras.Sequential(
        [
            keras.Input((meta["n_features_in_"],)),
            keras.layers.Dense(hidden, activation="relu"),
            keras.layers.Dense(meta["n_classes_"], activation="softmax"),
        ]
    )


classifier = KerasClassifier(
    network,
    loss="sparse_categorical_crossentropy",
    optimizer="rmsprop",
    optimizer__learning_rate=0.02,
    metrics=["accuracy"],
    hidden=8,
    epochs=20,
    batch_size=10,
    verbose=0,
    random_state=0,
)
classifier.fit(x, names)
assert classifier.score(x, names) > 0.8 and classifier.predict_proba(x[:2]).shape == (2, 3)
assert list(classifier.history_) == ["accuracy", "loss"]
assert np.array_equal(pickle.loads(pickle.dumps(classifier)).predict(x), classifier.predict(x))
search = GridSearchCV(classifier.set_params(epochs=1), {"hidden": [2, 4]}, cv=2).fit(x, names)
assert search.best_params_["hidden"] in (2, 4)
line = KerasRegressor(
    lambda: keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)]),
    loss="mse",
    optimizer="adam",
    optimizer__learning_rate=0.1,
    epochs=30,
    verbose=0,
)
assert line.fit(x, x[:, 0] * 2).score(x, x[:, 0] * 2) > 0.95
print("ok")
