"""When a training that no longer gets better ends, and with which weights."""

import types

import pytest

from minikeras.callbacks import Callback, EarlyStopping
from minikeras.errors import ArgumentError, ArgumentTypeError
from tests.callbacks.halving import fit, halving_model, weight_of


class Worse(Callback):
    """From an epoch on, the weight is 3 in the next one."""

    def __init__(self, epoch):
        super().__init__()
        self.epoch = epoch

    def on_epoch_begin(self, epoch, logs=None):
        if epoch >= self.epoch:
            self.model.set_weights([[[3.0]]])


def stopped_after(values, **options):
    """The number of epochs with given losses, and the callback."""
    stopping = EarlyStopping("loss", **options)
    stopping.set_model(types.SimpleNamespace(stop_training=False, get_weights=lambda: [], set_weights=len))
    stopping.on_train_begin()
    for epoch, value in enumerate(values):
        stopping.on_epoch_end(epoch, {"loss": value})
        if stopping.model.stop_training:
            break
    stopping.on_train_end()
    return epoch + 1, stopping


@pytest.mark.parametrize(
    ("values", "options", "epochs"),
    [
        ([4, 3, 2, 1], {}, 4),
        ([4, 3, 3, 1], {}, 3),
        ([4, 3, 3, 3, 1], {"patience": 2}, 4),
        ([4, 3, 3, 2, 2, 2], {"patience": 2}, 6),
        ([4, 3, 3, 3, 1], {"patience": 2, "start_from_epoch": 2}, 5),
        ([4, 3.5, 3, 2], {"min_delta": 0.5}, 2),
        ([4, 3, 2, 1], {"mode": "max"}, 2),
        ([4, 3, 3, 1, 0], {"baseline": 1.5, "patience": 2}, 3),
        ([4, 1, 2, 2, 2], {"baseline": 1.5, "patience": 2}, 4),
        ([float("nan"), 1, 1], {}, 2),
    ],
)
def test_number_of_epochs(values, options, epochs):
    found, stopping = stopped_after(values, **options)
    assert found == epochs
    assert stopping.stopped_epoch == (epochs - 1 if stopping.model.stop_training else 0)


def test_restores_the_best_weights(capsys):
    model = halving_model()
    stopping = EarlyStopping("loss", patience=2, restore_best_weights=True, verbose=1)
    history = fit(model, [Worse(2), stopping], epochs=9)
    assert history["loss"] == [4.0, 1.0, 9.0, 9.0]
    assert weight_of(model) == 0.5  # after the step of the second epoch
    assert capsys.readouterr().out == (
        "Epoch 4: early stopping\nRestoring model weights from the end of the best epoch: 2.\n"
    )
    assert stopping.best == 1.0 and stopping.best_epoch == 1
    # The same object starts anew in another training.
    assert fit(model, [stopping], epochs=2)["loss"][-2:] == [0.25, 0.0625]
    assert weight_of(model) == 0.125


def test_keeps_the_last_weights():
    model = halving_model()
    assert len(fit(model, [Worse(2), EarlyStopping("loss", patience=1)], epochs=9)["loss"]) == 3
    assert weight_of(model) == 1.5


def test_unknown_value_is_warned_of():
    message = "Early stopping conditioned on metric `val_loss` which is not available. Available metrics are: loss"
    with pytest.warns(UserWarning, match=message) as caught:
        assert len(fit(halving_model(), [EarlyStopping()], epochs=2)["loss"]) == 2
    assert len(caught) == 2
    with pytest.raises(ArgumentError, match="more or less"):
        fit(halving_model(), [EarlyStopping("val_f")], epochs=2)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"patience": "3"}, ArgumentTypeError),
        ({"patience": -1}, ArgumentError),
        ({"start_from_epoch": None}, ArgumentTypeError),
        ({"restore_best_weights": "yes"}, ArgumentTypeError),
        ({"verbose": "auto"}, ArgumentTypeError),
    ],
)
def test_bad_arguments(arguments, error):
    with pytest.raises(error, match=f"EarlyStopping: `{next(iter(arguments))}`"):
        EarlyStopping(**arguments)
