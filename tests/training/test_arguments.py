"""The arguments of fit, evaluate and predict that are taken."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError
from minikeras.training import arguments
from tests.callbacks.halving import X, Y, halving_model, weight_of


def test_verbose():
    assert [arguments.bar_mode(value) for value in (0, 1, 2, "auto", True, False)] == [0, 1, 2, 1, 1, 0]


def test_shuffle_and_split():
    assert [arguments.checked_shuffle(value) for value in (True, np.bool_(False), "batch")] == [True, False, "batch"]
    assert [arguments.checked_split(value) for value in (None, 0, 0.25, np.float64(0.5))] == [0, 0, 0.25, 0.5]


def test_validation_schedule():
    every_other = arguments.validation_schedule(2)
    assert [every_other(epoch) for epoch in range(4)] == [False, True, False, True]
    listed = arguments.validation_schedule([1, 4])
    assert [listed(epoch) for epoch in range(4)] == [True, False, False, True]
    for freq in ({1, 4}, (4, 1), np.array([1, 4]), range(1, 5, 3), frozenset([np.int64(1), 4])):
        listed = arguments.validation_schedule(freq)
        assert [listed(epoch) for epoch in range(4)] == [True, False, False, True]


@pytest.mark.parametrize(
    "freq",
    [0, -1, True, 1.0, "1", None, [0], [1, -1], [1.5], [True], ["1"], [None], [[1]], {"1": 1}, np.array(2.0), {2.0}],
    ids=str,
)
def test_validation_freq_that_is_none(freq):
    with pytest.raises(ArgumentError, match="`validation_freq` must be a positive integer or a list of epochs"):
        arguments.validation_schedule(freq)


def test_validation_freq_without_epochs():
    for freq in ([], (), set(), range(0), np.array([], "int64")):
        with pytest.raises(ArgumentError, match="names no epoch: there would be no validation. .*Leave out"):
            arguments.validation_schedule(freq)
    model = halving_model()
    with pytest.raises(ArgumentError, match="names no epoch"):
        model.fit(X, Y, verbose=0, validation_data=(X, Y), validation_freq=[])
    with pytest.raises(ArgumentError, match="names no epoch"):
        model.fit(X, Y, verbose=0, validation_freq=[])  # it would be of no use either
    assert weight_of(model) == 2.0


def test_validation_freq_of_other_epochs():
    for freq, first, last in ((3, 0, 2), ([1, 9], 1, 3), ([3], 0, 2)):
        with pytest.warns(UserWarning, match=f"names none of the epochs {first + 1} to {last}: .* no validation"):
            history = halving_model().fit(
                X, Y, initial_epoch=first, epochs=last, verbose=0, validation_data=(X, Y), validation_freq=freq
            )
        assert "val_loss" not in history.history
    history = halving_model().fit(X, Y, epochs=2, verbose=0, validation_data=(X, Y), validation_freq=[2, 9])
    assert len(history.history["val_loss"]) == 1
    halving_model().fit(X, Y, epochs=0, verbose=0, validation_data=(X, Y), validation_freq=[2])
    halving_model().fit(X, Y, epochs=1, verbose=0, validation_freq=[2])


def test_numbers_of_epochs_and_steps():
    for name in ("epochs", "initial_epoch", "steps_per_epoch", "validation_steps", "validation_batch_size"):
        for value in (-1, 1.0, True, "1", [1], float("nan"), np.float32(1), np.bool_(True)):
            model = halving_model()
            with pytest.raises(ArgumentError, match=f"`{name}` must be an? (positive )?integer.*Received: {name}="):
                model.fit(X, Y, verbose=0, validation_data=(X, Y), **{name: value})
            assert weight_of(model) == 2.0
    for name in ("steps_per_epoch", "validation_steps", "validation_batch_size"):
        with pytest.raises(ArgumentError, match=f"`{name}` must be a positive integer"):
            halving_model().fit(X, Y, verbose=0, validation_data=(X, Y), **{name: 0})
    assert halving_model().fit(X, Y, epochs=0, verbose=0).epoch == []
    assert halving_model().fit(X, Y, epochs=np.int32(3), initial_epoch=np.int64(1), verbose=0).epoch == [1, 2]
    assert halving_model().fit(X, Y, epochs=1, initial_epoch=5, verbose=0).epoch == []
