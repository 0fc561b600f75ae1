"""What `tf.distribute` has of what Keras scripts use: there is one device, so a strategy changes nothing."""

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
    """How the values of replicas are merged; there is one."""

    SUM, MEAN = "sum", "mean"


class Strategy:
    """Runs everything on the one device.

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
        """Makes what is inside of the block on the device, as everything."""
        yield self

    def run(self, fn: Callable, args: tuple = (), kwargs: dict | None = None, options: Any = None) -> Any:
        """Returns what a function returns."""
        return fn(*args, **(kwargs or {}))

    def reduce(self, reduce_op: Any, value: Any, axis: None = None) -> Any:
        """Returns the value of the one replica."""
        if axis is not None:
            raise NotSupportedError(f"Strategy.reduce: reduce along the axis yourself. Received: axis={brief(axis)}")
        return value

    def experimental_distribute_dataset(self, dataset: Any, options: Any = None) -> Any:
        """Returns the dataset: the one replica gets all of it."""
        return dataset

    def experimental_local_results(self, value: Any) -> tuple:
        """Returns the value of the one replica in a tuple."""
        return (value,)


class MirroredStrategy(Strategy):
    """Keeps a copy of all variables on each graphics card; as in TensorFlow, without one it is the processor.

    Args:
        devices: The names of processors; None for the one there is.
        cross_device_ops: Not needed.

    Raises:
        ArgumentError: If a graphics card is named.
    """

    def __init__(self, devices: Any = None, cross_device_ops: Any = None):
        names = [devices] if isinstance(devices, str) else devices or []
        if any("CPU" not in str(name).upper() for name in names) or len(names) > 1:
            raise ArgumentError(
                f"minikeras computes on one processor and no other device. Received: devices={brief(devices)}"
            )


class OneDeviceStrategy(MirroredStrategy):
    """Keeps all variables on one device.

    Args:
        device: Its name.
    """

    def __init__(self, device: str):
        super().__init__(device)


def get_strategy() -> Strategy:
    """Returns the strategy of one device."""
    return Strategy()


def has_strategy() -> bool:
    """Returns False: there are no several devices."""
    return False


class cluster_resolver:
    """Where other machines are."""

    @staticmethod
    def TPUClusterResolver(tpu: Any = None, **options: Any) -> None:
        """Raises: there is no TPU. Scripts go on with `get_strategy()` then.

        Raises:
            ArgumentError: Always; as in TensorFlow without one, a `ValueError`.
        """
        raise ArgumentError("There is no TPU: minikeras computes on one processor.")
