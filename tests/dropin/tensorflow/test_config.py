"""`tf.config`: the only device is the CPU."""

import pytest

from minikeras.dropin.tensorflow import config


def test_devices():
    (device,) = config.list_physical_devices()
    assert device.device_type == "CPU" and config.list_physical_devices("CPU") == [device]
    assert config.list_physical_devices("GPU") == [] == config.experimental.list_physical_devices("GPU")
    assert config.get_visible_devices() == config.list_logical_devices("CPU") == [device]


def test_what_has_no_effect():
    assert config.set_visible_devices([], "GPU") is None
    assert config.experimental.set_memory_growth(None, True) is None
    with pytest.warns(UserWarning, match=r"model.compile\(run_eagerly=True\)"):
        config.run_functions_eagerly(True)
