"""`tf.distribute`, as far as Keras scripts use it: with a single device, a strategy has no effect."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

from ...errors import ArgumentError, NotSupportedError, brief

__all__ = [
    "MirroredStrategy",
    "OneDeviceStrategy",
    "ReduceOp",
    "Strategy",
    "cluster_resolver",
    "get_strategy",
    "has_strategy",
]


class ReduceOp:
    """Reductions over replicas, of which there is one."""

    SUM, MEAN = "sum", "mean"


class Strategy:
    """Strategy of a single device.

    Source: https://www.tensorflow.org/api_docs/python/tf/distribute/Strategy

    Example:
        >>> strategy = MirroredStrategy()
        >>> with strategy.scope():
        ...     strategy.num_replicas_in_sync
        1
    """

    num_replicas_in_sync = 1

    @contextlib.contextmanager
    def scope(self) -> Iterator["Strategy"]:
        """Context manager in which variables are created on the device."""
        yield self

    def run(self, fn: Callable, args: tuple = (), kwargs: dict | None = None, options: Any = None) -> Any:
        """Calls a function on the single replica."""
        return fn(*args, **(kwargs or {}))

    def reduce(self, reduce_op: Any, value: Any, axis: None = None) -> Any:
        """Returns the value of the single replica."""
        if axis is not None:
            raise NotSupportedError(f"Strategy.reduce: reduce along the axis yourself. Received: axis={brief(axis)}")
        return value

    def experimental_distribute_dataset(self, dataset: Any, options: Any = None) -> Any:
        """Returns the dataset, all of which goes to the single replica."""
        return dataset

    def experimental_local_results(self, value: Any) -> tuple:
        """Returns the values of the local replicas, of which there is one."""
        return (value,)


class MirroredStrategy(Strategy):
    """Mirrors variables across GPUs; without any, as in TensorFlow, runs on the CPU.

    Args:
        devices: Name of the CPU, or a list of it; None for the default.
        cross_device_ops: Ignored: there are no cross-device operations.

    Raises:
        ArgumentError: If a GPU or several devices are named.
    """

    def __init__(self, devices: Any = None, cross_device_ops: Any = None):
        names = [devices] if isinstance(devices, str) else devices or []
        if any("CPU" not in str(name).upper() for name in names) or len(names) > 1:
            raise ArgumentError(f"minikeras only uses the CPU. Received: devices={brief(devices)}")


class OneDeviceStrategy(MirroredStrategy):
    """Places all variables on one device.

    Args:
        device: Its name.
    """

    def __init__(self, device: str):
        super().__init__(device)


def get_strategy() -> Strategy:
    """Returns the default strategy."""
    return Strategy()


def has_strategy() -> bool:
    """Returns False: there is a single device."""
    return False


class cluster_resolver:
    """`tf.distribute.cluster_resolver`."""

    @staticmethod
    def TPUClusterResolver(tpu: Any = None, **options: Any) -> None:
        """Raises an error: there is no TPU. Scripts fall back to `get_strategy()` then.

        Raises:
            ArgumentError: Always; a `ValueError`, as TensorFlow raises without a TPU.
        """
        raise ArgumentError("There is no TPU: minikeras only uses the CPU.")
