"""The package keras-tuner, as it is: two searches, and the best model of one of them."""

import keras
import keras_tuner
import numpy as np

rng = np.random.default_rng(0)
x = rng.normal(size=(60, 3)).astype("float32")
y = (x[:, 0] > 0).astype("float32")[:, None]


def build(hp):
    units, activation = hp.Int("units", 2, 8, step=2), hp.Choice("activation", ["relu", "tanh"])
    model = keras.Sequential(
        [
            keras.Input((3,)),
            keras.layers.Dense(units, activation=activation),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    rate = hp.Float("rate", 1e-2, 1e-1, sampling="log")
    model.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=["accuracy"])
    return model


settings = {"objective": "val_accuracy", "directory": "search", "seed": 1, "overwrite": True}
tuner = keras_tuner.RandomSearch(build, max_trials=3, project_name="random", **settings)
tuner.search(x, y, epochs=4, validation_data=(x, y), verbose=0)
best = tuner.get_best_hyperparameters()[0].values
assert set(best) == {"units", "activation", "rate"} and best["units"] in (2, 4, 6, 8)
model = tuner.hypermodel.build(tuner.get_best_hyperparameters()[0])
model.fit(x, y, epochs=20, verbose=0)
assert model.evaluate(x, y, verbose=0)[1] > 0.8
scores = [trial.score for trial in tuner.oracle.trials.values()]
assert len(scores) == 3 and tuner.oracle.get_best_trials()[0].score == max(scores)
tuner = keras_tuner.Hyperband(build, max_epochs=2, factor=2, project_name="band", **settings)
tuner.search(x, y, validation_data=(x, y), verbose=0)
assert tuner.get_best_hyperparameters()[0].values["tuner/epochs"] in (1, 2)
print("ok")
