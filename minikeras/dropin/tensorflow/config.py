"""What `tf.config` has of what Keras scripts use: there is one processor, and no other device."""

from collections import namedtuple
from typing import Any

from ...errors import warn_user

__all__ = [
    "PhysicalDevice",
    "experimental",
    "get_visible_devices",
    "list_logical_devices",
    "list_physical_devices",
    "run_functions_eagerly",
    "set_visible_devices",
]

PhysicalDevice = namedtuple("PhysicalDevice", ["name", "device_type"])
_CPU = PhysicalDevice("/physical_device:CPU:0", "CPU")


def list_physical_devices(device_type: str | None = None) -> list:
    """Returns the processor, if that is what is asked for; minikeras uses no graphics card."""
    return [_CPU] if device_type in (None, "CPU") else []


list_logical_devices = get_visible_devices = list_physical_devices


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Says that other devices than the processor are not used, which they never are."""


def run_functions_eagerly(run_eagerly: bool) -> None:
    """Warns: functions always run in Python here; what `fit` does is up to `model.compile(run_eagerly=...)`."""
    warn_user("Functions always run eagerly here. Use `model.compile(run_eagerly=True)` for training.", UserWarning)


class experimental:
    """The older names of the same functions."""

    list_physical_devices = staticmethod(list_physical_devices)
    get_visible_devices = staticmethod(get_visible_devices)

    @staticmethod
    def set_memory_growth(device: Any, enable: bool) -> None:
        """Does nothing: there is no graphics card whose memory could grow."""
