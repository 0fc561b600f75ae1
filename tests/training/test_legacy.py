import numpy as np
import pytest

from minikeras import Sequential
from minikeras.errors import ArgumentTypeError, LegacyWarning
from minikeras.layers import Dense
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
