"""The wrappers of Keras 2 for scikit-learn, where there is no scikit-learn."""

import numpy as np
from keras.layers import Dense
from keras.models import Sequential
from keras.utils import set_random_seed
from keras.wrappers.scikit_learn import KerasClassifier, KerasRegressor

set_random_seed(1)
rng = np.random.default_rng(0)
x = rng.normal(size=(120, 3)).astype("float32")
names = np.array(["left", "middle", "right"])[(x[:, 0] > -0.5).astype(int) + (x[:, 0] > 0.5)]


def network(units=8, optimizer="rmsprop"):
    model = Sequential([Dense(units, input_dim=3, activation="relu"), Dense(3, activation="softmax")])
    model.compile(optimizer, "categorical_crossentropy", metrics=["acc"])
    return model


classifier = KerasClassifier(build_fn=network, epochs=60, batch_size=4, verbose=0)
assert classifier.get_params()["epochs"] == 60
classifier.fit(x, names)
assert classifier.score(x, names) > 0.8 and set(classifier.predict(x)) <= set(names)
assert classifier.predict_proba(x[:5]).shape == (5, 3)
assert classifier.set_params(epochs=1, units=4).fit(x, names).history["loss"]
assert classifier.model.layers[0].units == 4


def line():
    model = Sequential([Dense(1, input_dim=3)])
    model.compile("sgd", "mse")
    return model


regressor = KerasRegressor(line, epochs=30, verbose=0)
regressor.fit(x, x[:, 0] * 2)
assert regressor.score(x, x[:, 0] * 2) > -0.05 and regressor.predict(x).shape == (120,)
try:
    KerasClassifier(network, unit=3)
except ValueError as error:
    assert "arguments ['unit']" in str(error)
print("ok")
