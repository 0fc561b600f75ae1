"""A network as it was written for Keras 1 and 2, with the paths and names of that time."""

import numpy as np
from keras import backend as K
from keras.constraints import maxnorm
from keras.engine.topology import Layer
from keras.layers.advanced_activations import LeakyReLU
from keras.layers.core import Activation, Dense, Dropout
from keras.models import Sequential
from keras.optimizers import SGD
from keras.regularizers import l2
from keras.utils import np_utils, set_random_seed

np.random.seed(1337)
set_random_seed(1337)  # which was not there then: the checks below need the same weights each time
X_train = np.random.rand(200, 6).astype("float32")
classes = (X_train[:, 0] > 0.5).astype(int) + (X_train[:, 1] > 0.5)
Y_train = np_utils.to_categorical(classes, 3)


class Shift(Layer):
    def build(self, input_shape):
        self.shift = self.add_weight(name="shift", shape=(input_shape[1],), initializer="zero", trainable=True)
        super(Shift, self).build(input_shape)  # noqa: UP008

    def call(self, x):
        return x + K.tanh(self.shift)

    def compute_output_shape(self, input_shape):
        return input_shape


def mean_pred(y_true, y_pred):
    return K.mean(y_pred)


def squared(y_true, y_pred):
    return K.mean(K.square(y_pred - y_true), axis=-1)


model = Sequential()
model.add(Dense(output_dim=16, input_dim=6, init="he_uniform", W_regularizer=l2(1e-4), W_constraint=maxnorm(3)))
model.add(LeakyReLU(alpha=0.2))
model.add(Dropout(0.1))
model.add(Shift())
model.add(Dense(3, init="glorot_uniform"))
model.add(Activation("softmax"))
model.compile(
    loss="categorical_crossentropy",
    optimizer=SGD(lr=0.05, decay=1e-6, momentum=0.9, nesterov=True),
    metrics=["acc", mean_pred, squared],
)
history = model.fit(X_train, Y_train, nb_epoch=40, batch_size=20, verbose=0, validation_split=0.2)
assert list(history.history) == ["acc", "loss", "mean_pred", "squared"] + [
    f"val_{name}" for name in ("acc", "loss", "mean_pred", "squared")
], list(history.history)
assert history.history["acc"][-1] > 0.8 > history.history["acc"][0]


def batches():
    while True:
        for start in range(0, 200, 40):
            yield X_train[start : start + 40], Y_train[start : start + 40]


model.fit_generator(
    batches(), samples_per_epoch=200, nb_epoch=2, verbose=0, validation_data=batches(), nb_val_samples=80
)
score = model.evaluate_generator(batches(), steps=5)
assert score[1] > 0.8 and len(model.predict_generator(batches(), steps=2)) == 80
assert (model.predict_classes(X_train, verbose=0) == classes).mean() > 0.8
assert model.predict_proba(X_train[:4]).shape == (4, 3)
assert model.layers[0].output_shape == (None, 16) and model.layers[0].input_shape == (None, 6)
model.compile(loss="categorical_crossentropy", optimizer=SGD(lr=0.1))
K.set_value(model.optimizer.lr, 0.01)
assert abs(K.get_value(model.optimizer.lr) - 0.01) < 1e-6
hidden = K.function([model.layers[0].input, K.learning_phase()], [model.layers[3].output])
assert hidden([X_train[:5], 0])[0].shape == (5, 16)
slope = K.function([model.input], K.gradients(model.output[:, 0], model.input))([X_train[:2]])[0]
assert slope.shape == (2, 6) and np.abs(slope).sum() > 0
model.save_weights("weights.h5", overwrite=True)
before = model.predict(X_train[:3], verbose=0)
model.set_weights([weight * 0 for weight in model.get_weights()])
model.load_weights("weights.h5")
assert np.array_equal(model.predict(X_train[:3], verbose=0), before)
print("ok")
