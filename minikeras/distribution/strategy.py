"""How trainings are distributed: the base of distributions, and the current one."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from ..engine.replicas import Replicas, set_current
from ..errors import ArgumentError, NotSupportedError, brief
from ..tracebacks import Filtered, filtered
from .meshes import DeviceMesh, TensorLayout
from .mpi import connect

_current: dict[str, Any] = {"distribution": None}


class Distribution(Filtered):
    """The base of distributions.

    Args:
        device_mesh: The devices.
        batch_dim_name: The name of the axis that batches are divided along.
        auto_shard_dataset: Whether streams of batches are divided; else each process has a stream of its own.
    """

    def __init__(self, device_mesh: DeviceMesh, batch_dim_name: str | None = None, auto_shard_dataset: bool = True):
        self._device_mesh, self._batch_dim_name = device_mesh, batch_dim_name
        self._auto_shard_dataset = auto_shard_dataset
        self._group = connect()

    @property
    def num_processes(self) -> int:
        """The number of processes."""
        return 1 if self._group is None else self._group.size

    @property
    def num_model_replicas(self) -> int:
        """The number of replicas of the model."""
        raise NotSupportedError(f"{type(self).__name__} must define `num_model_replicas`.")

    @property
    def data_shard_id(self) -> int:
        """The number of this process, from 0."""
        return 0 if self._group is None else self._group.rank

    def get_data_layout(self, data_shape: Sequence[int]) -> TensorLayout:
        """Returns the layout of data.

        Args:
            data_shape: Its shape.
        """
        raise NotSupportedError(f"{type(self).__name__} must define `get_data_layout`.")

    def get_variable_layout(self, variable: Any) -> TensorLayout:
        """Returns the layout of a variable.

        Args:
            variable: The variable.
        """
        raise NotSupportedError(f"{type(self).__name__} must define `get_variable_layout`.")

    def get_tensor_layout(self, path: str) -> TensorLayout | None:
        """Returns the layout of a value inside a model.

        Args:
            path: Its path.
        """
        raise NotSupportedError(f"{type(self).__name__} must define `get_tensor_layout`.")

    @contextlib.contextmanager
    def scope(self) -> Iterator[None]:
        """Context manager in which this is the current distribution."""
        outer = distribution()
        set_distribution(self)
        try:
            yield
        finally:
            set_distribution(outer)

    @property
    def device_mesh(self) -> DeviceMesh:
        """The devices."""
        return self._device_mesh

    @property
    def batch_dim_name(self) -> str | None:
        """The name of the axis that batches are divided along."""
        return self._batch_dim_name

    @property
    def auto_shard_dataset(self) -> bool:
        """Whether streams of batches are divided; else each process has a stream of its own."""
        return self._auto_shard_dataset

    @auto_shard_dataset.setter
    def auto_shard_dataset(self, auto_shard_dataset: bool) -> None:
        self._auto_shard_dataset = auto_shard_dataset
        if distribution() is self:
            set_distribution(self)

    def distribute_dataset(self, dataset: Any) -> Any:
        """Returns a dataset that is not to be divided, unchanged. `fit` divides others itself.

        Args:
            dataset: The dataset.

        Raises:
            NotSupportedError: If it is to be divided among several processes.
        """
        if self._group is not None and self.auto_shard_dataset:
            raise NotSupportedError(
                "`distribute_dataset`: `fit`, `evaluate` and `predict` divide the dataset themselves. Pass it to them."
            )
        return dataset

    def distribute_tf_dataset(self, dataset: Any) -> Any:
        """Returns a dataset that is not to be divided, unchanged; as `distribute_dataset`.

        Args:
            dataset: The dataset.
        """
        return self.distribute_dataset(dataset)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} device_mesh={self.device_mesh}>"


def distribution() -> Distribution | None:
    """Returns the current distribution; None if there is none.

    Source: https://keras.io/api/distribution/distribution_utils/

    Example:
        >>> distribution() is None
        True
    """
    return _current["distribution"]


@filtered
def set_distribution(value: Distribution | None) -> None:
    """Sets how models are trained from now on. All processes have to call it.

    Args:
        value: The distribution; None for none.

    Raises:
        ArgumentError: If it is no distribution.

    Source: https://keras.io/api/distribution/distribution_utils/

    Example:
        >>> set_distribution(None)
    """
    if value is not None and not isinstance(value, Distribution):
        raise ArgumentError(
            f"`set_distribution`: expected a distribution, such as DataParallel(), or None. Received: {brief(value)}"
        )
    group = None if value is None else value._group
    set_current(None if group is None else Replicas(group, bool(value.auto_shard_dataset)))
    _current["distribution"] = value
