"""`tf.config`, as far as Keras scripts use it: the only device is the CPU."""

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
    """Returns the CPU for the device type "CPU"; minikeras does not use GPUs."""
    return [_CPU] if device_type in (None, "CPU") else []


list_logical_devices = get_visible_devices = list_physical_devices


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Has no effect: only the CPU is used anyway."""


def run_functions_eagerly(run_eagerly: bool) -> None:
    """Warns that functions always run eagerly; for `fit`, use `model.compile(run_eagerly=...)`."""
    warn_user("Functions always run eagerly here. Use `model.compile(run_eagerly=True)` for training.", UserWarning)


class experimental:
    """`tf.config.experimental`: older names of the same functions."""

    list_physical_devices = staticmethod(list_physical_devices)
    get_visible_devices = staticmethod(get_visible_devices)

    @staticmethod
    def set_memory_growth(device: Any, enable: bool) -> None:
        """Has no effect: there is no GPU memory."""
