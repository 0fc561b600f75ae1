"""Which way is better, and what counts as an improvement."""

import numpy as np
import pytest

from minikeras import metrics
from minikeras.callbacks.monitor_callback import MonitorCallback
from minikeras.errors import ArgumentError, ArgumentTypeError
from tests.callbacks.halving import fit, halving_model


@pytest.mark.parametrize(
    ("monitor", "mode", "operation"),
    [
        ("loss", "auto", np.less),
        ("val_loss", "auto", np.less),
        ("val_mae", "auto", np.less),
        ("binary_accuracy", "auto", np.greater),
        ("val_binary_accuracy", "min", np.less),
        ("anything", "max", np.greater),
    ],
)
def test_directions(monitor, mode, operation):
    callback = MonitorCallback(monitor, mode)
    model = halving_model(metrics=["mae", metrics.BinaryAccuracy()])
    fit(model, [callback], epochs=1)
    callback._set_monitor_op()
    assert callback.monitor_op is operation


@pytest.mark.parametrize(
    ("monitor", "operation"),
    [("acc", np.greater), ("val_acc", np.greater), ("val_mean_absolute_error", np.less), ("val_out_acc", np.greater)],
)
def test_directions_of_names_of_keras_2(monitor, operation):
    callback = MonitorCallback(monitor)
    fit(halving_model(metrics=["mae", "accuracy"]), [callback], epochs=1)
    callback._set_monitor_op()
    assert callback.monitor_op is operation


def test_unknown_direction():
    callback = MonitorCallback("val_f")
    callback.set_model(halving_model())
    with pytest.raises(ArgumentError, match="monitor='val_f' is better. Pass mode='max' or mode='min'"):
        callback._set_monitor_op()


def test_improvements():
    less, more = MonitorCallback("loss", min_delta=0.25), MonitorCallback("f", "max", min_delta=-0.25)
    for callback in (less, more):
        callback._set_monitor_op()
        callback._set_monitor_op()  # a second call changes nothing
        assert callback._is_improvement(5.0, None)
    assert [less._is_improvement(value, 1.0) for value in (0.5, 0.75, 1.0, np.nan)] == [True, False, False, False]
    assert [more._is_improvement(value, 1.0) for value in (1.5, 1.25, 1.0, np.nan)] == [True, False, False, False]


def test_what_differs_by_rounding_alone_is_no_improvement():
    callback = MonitorCallback("loss", min_delta=0.1)
    callback._set_monitor_op()
    # The float32 next to 0.9 is a little less than 0.9.
    assert float(np.float32(0.9)) + 0.1 < 1.0
    assert not callback._is_improvement(float(np.float32(0.9)), 1.0)


def test_unknown_mode_is_warned_of():
    with pytest.warns(UserWarning, match="MonitorCallback mode 'least' is unknown, fallback to auto mode."):
        assert MonitorCallback(mode="least").mode == "auto"


@pytest.mark.parametrize(
    "arguments", [{"monitor": 3}, {"monitor": None}, {"min_delta": "1"}, {"baseline": "good"}, {"min_delta": None}]
)
def test_wrong_types(arguments):
    with pytest.raises(ArgumentTypeError, match=next(iter(arguments))):
        MonitorCallback(**arguments)
