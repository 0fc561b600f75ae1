import numpy as np
import pytest

from minikeras import GradientTape, Model, Sequential
from minikeras.errors import ArgumentTypeError, LegacyWarning, NotSupportedError
from minikeras.layers import Dense, Input, Layer
from minikeras.optimizers import SGD
from minikeras.regularizers import L2
from minikeras.training.legacy import _of_today

X, Y = np.arange(12, dtype="float32").reshape(6, 2) / 12, np.float32([[0], [1], [0], [1], [0], [1]])


def made(units=1, activation=None):
    model = Sequential([Dense(units, activation, kernel_initializer="ones")])
    model.compile("sgd", "mse", metrics=["acc"])
    return model


def test_fit_takes_nb_epoch():
    model = made()
    with pytest.warns(LegacyWarning, match=r"`fit\(nb_epoch=...\)` .* `fit\(epochs=...\)`") as caught:
        history = model.fit(X, Y, nb_epoch=2, verbose=0, validation_data=(X, Y))
    assert [warning.filename for warning in caught] == [__file__]
    assert set(history.history) == {"loss", "acc", "val_loss", "val_acc"} and len(history.history["acc"]) == 2
    with pytest.warns(LegacyWarning, match=r"`fit\(workers=4\)` .* `keras.utils.PyDataset\(workers=...\)`"):
        model.fit(X, Y, workers=4, verbose=0)
    with pytest.raises(ArgumentTypeError, match="older name of `epochs`"):
        model.fit(X, Y, epochs=1, nb_epoch=1)
    with pytest.raises(TypeError, match="'nb_epoc'"):
        model.fit(X, Y, nb_epoc=1)


def test_classes_and_probabilities():
    model = made(3, "softmax")
    weights = [np.float32([[1, 0, 0], [0, 0, 2]]), np.zeros(3, "float32")]
    model.build((None, 2))
    model.set_weights(weights)
    with pytest.warns(LegacyWarning, match="`model.predict_classes"):
        assert model.predict_classes(np.float32([[1, 0], [0, 1]])).tolist() == [0, 2]
    with pytest.warns(LegacyWarning, match="`model.predict_proba"):
        np.testing.assert_array_equal(model.predict_proba(X), model.predict(X, verbose=0))
    one = made()
    with pytest.warns(LegacyWarning):
        found = one.predict_classes(np.float32([[0.5, 0.5], [0.25, 0.25]]))
    assert found.tolist() == [[1], [0]] and found.dtype == "int32"


def batches():
    while True:
        yield X[:4], Y[:4]


def test_arguments_of_keras_1_are_put_into_todays():
    with pytest.warns(LegacyWarning) as caught:
        data, given = _of_today(
            "fit_generator",
            batches(),
            {"samples_per_epoch": 12, "nb_epoch": 3, "nb_val_samples": 8, "validation_data": batches(), "nb_worker": 2},
        )
    assert len(caught) == 4
    validation = given.pop("validation_data")
    assert given == {"steps_per_epoch": 3, "epochs": 3, "validation_steps": 2}
    assert [len(next(iter(each))[0]) for each in (data, validation)] == [4, 4]
    assert _of_today("fit", [], {"epochs": 3, "max_queue_size": 2}) == ([], {"epochs": 3})
    with pytest.warns(LegacyWarning), pytest.raises(ArgumentTypeError, match="give only one"):
        _of_today("fit", [], {"epochs": 3, "nb_epoch": 2})


def test_the_accuracy_of_keras_0():
    model = Sequential([Dense(1, kernel_initializer="zeros", bias_initializer="ones")])
    model.compile("sgd", "mse")
    with pytest.warns(LegacyWarning, match=r"`fit\(show_accuracy=True\)` .* `compile\(metrics=\['accuracy'\]\)`"):
        history = model.fit(X, np.ones((6, 1)), epochs=2, show_accuracy=True, verbose=0).history
    assert history == {"loss": [0.0, 0.0], "acc": [1.0, 1.0]}
    for _ in range(2):  # the optimizer goes on, and there is one accuracy
        with pytest.warns(LegacyWarning, match="show_accuracy=True"):
            assert model.evaluate(X, np.ones((6, 1)), show_accuracy=True, verbose=0) == [0.0, 1.0]
    assert int(model.optimizer.iterations) == 2
    with pytest.warns(LegacyWarning, match=r"`train_on_batch\(accuracy=True\)`"):
        assert model.train_on_batch(X, np.ones((6, 1)), accuracy=True) == [0.0, 1.0]
    model.compile("sgd", "mse")
    with pytest.warns(LegacyWarning, match="show_accuracy=False"):
        assert set(model.fit(X, Y, show_accuracy=False, verbose=0).history) == {"loss"}


@pytest.mark.parametrize(
    "old",
    [
        {"class_mode": "binary"},
        {"sample_weight_mode": None},
        {"sample_weight_mode": "temporal"},
        {"target_tensors": None},
        {"experimental_run_tf_function": False},
    ],
)
def test_arguments_of_compile_without_effect(old):
    model, ((name, value),) = Sequential([Dense(1)]), old.items()
    with pytest.warns(LegacyWarning) as caught:
        model.compile("sgd", "mse", **old)
    assert f"`compile({name}={value!r})`" in str(caught[0].message) and len(caught) == 1 and model.compiled


def test_old_arguments_that_would_have_an_effect():
    model = made()
    with pytest.raises(NotSupportedError, match="sample_weight_mode='samplewise'"):
        model.compile("sgd", "mse", sample_weight_mode="samplewise")
    with pytest.raises(NotSupportedError, match="reset_metrics=False"):
        model.train_on_batch(X, Y, reset_metrics=False)
    with pytest.warns(LegacyWarning, match="reset_metrics=True"):
        model.train_on_batch(X, Y, reset_metrics=True)
    with pytest.raises(TypeError, match="'class_mod'"):
        model.compile("sgd", "mse", class_mod="binary")


def test_weights_of_single_steps():
    model = Sequential([Dense(1, kernel_initializer="ones")])
    with pytest.warns(LegacyWarning):
        model.compile("sgd", "mse", sample_weight_mode="temporal")
    x, weights = np.float32([[[1], [3]]]), np.float32([[1, 0]])
    # The squares are 1 and 9; the second does not count.
    assert model.evaluate(x, np.zeros((1, 2, 1)), sample_weight=weights, verbose=0) == 0.5


def test_states_of_recurrent_layers():
    class Counts(Layer):
        states = 3

        def reset_state(self):
            self.states = 0

        def call(self, x):
            return x

    inner = Counts()
    with pytest.warns(LegacyWarning, match=r"`model.reset_states\(\)`"):
        Sequential([Sequential([inner])]).reset_states()
    assert inner.states == 0


def test_own_steps_of_keras_2():
    class Old(Model):
        def train_step(self, data):
            x, y = data
            with GradientTape() as tape:
                loss = self.compiled_loss(y, self(x, training=True), regularization_losses=self.losses)
            self.optimizer.apply_gradients(
                zip(tape.gradient(loss, self.trainable_variables), self.trainable_variables, strict=True)
            )
            return {metric.name: metric.result() for metric in self.metrics}

    x = Input((1,))
    model = Old(x, Dense(1, use_bias=False, kernel_initializer="ones", kernel_regularizer=L2(0.5))(x))
    model.compile(SGD(0.0), "mse")
    with pytest.warns(LegacyWarning, match="`model.compiled_loss"):
        history = model.fit(np.float32([[3.0], [1.0]]), np.zeros((2, 1)), batch_size=1, verbose=0).history
    assert history == {"loss": [5.5]}  # the mean of 9 and 1, and 0.5
