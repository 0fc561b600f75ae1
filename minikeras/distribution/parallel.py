"""The distributions: each process computes a part of the batch, or a part of the model."""

from collections.abc import Sequence
from typing import Any

from ..errors import ArgumentError, NotSupportedError, brief
from .devices import list_devices
from .layouts import LayoutMap
from .meshes import DeviceMesh, TensorLayout
from .strategy import Distribution


class DataParallel(Distribution):
    """Divides each batch among processes, which all have the whole model.

    `batch_size` stays the size of the whole batch, and losses, metrics and weights are those of a single process.
    Processes are started by `mpirun -n 4 minikeras run script.py`, which sets this distribution itself, or by
    `mpirun -n 4 python script.py` for a script that calls `set_distribution(DataParallel())`.

    Each process has all arrays, and computes some rows of each batch. Batches of a `PyDataset` are made by the
    processes in turn, those of other streams by process 0.

    Args:
        device_mesh: The devices: one for each process.
        devices: Their names, instead of a mesh; by default those of `list_devices()`.
        auto_shard_dataset: Whether batches of streams are divided. Otherwise each process has a stream of its own, such
            as a part of the files; a step takes a batch of each, and they end with the shortest.

    Raises:
        ArgumentError: If there are both, or not one device for each process.

    Source: https://keras.io/api/distribution/data_parallel/

    Example:
        >>> DataParallel().num_processes
        1
    """

    def __init__(
        self,
        device_mesh: DeviceMesh | None = None,
        devices: Sequence[str] | None = None,
        auto_shard_dataset: bool = True,
    ):
        if device_mesh is not None and not isinstance(device_mesh, DeviceMesh):
            raise ArgumentError(f"DataParallel: expected a DeviceMesh. Received: device_mesh={brief(device_mesh)}")
        if device_mesh is not None and devices is not None:
            raise ArgumentError("DataParallel: expected `device_mesh` or `devices`. Received: both")
        if device_mesh is None:
            found = list_devices() if devices is None else list(devices)
            device_mesh = DeviceMesh((len(found),), ["batch"], found)
        super().__init__(device_mesh, device_mesh.axis_names[0], auto_shard_dataset)
        if device_mesh.devices.size != self.num_processes:
            raise ArgumentError(
                f"DataParallel: expected one device for each of the {self.num_processes} processes. Received: "
                f"{brief(device_mesh.devices.tolist())}. Start processes with `mpirun -n 4 minikeras run script.py`."
            )

    @property
    def num_model_replicas(self) -> int:
        """The number of replicas of the model: one in each process."""
        return self.num_processes

    def get_data_layout(self, data_shape: Sequence[int]) -> TensorLayout:
        """Returns the layout of data, which is divided along its first axis.

        Args:
            data_shape: Its shape.
        """
        return TensorLayout([self.batch_dim_name, *[None] * (len(data_shape) - 1)], self.device_mesh)

    def get_variable_layout(self, variable: Any) -> TensorLayout:
        """Returns the layout of a variable, which is not divided.

        Args:
            variable: The variable.
        """
        return TensorLayout([None] * len(variable.shape), self.device_mesh)

    def get_tensor_layout(self, path: str) -> TensorLayout | None:
        """Returns None: values inside a model have no layout of their own.

        Args:
            path: The path of a value.
        """
        return None


class ModelParallel(Distribution):
    """Not available: it would divide variables among processes.

    Args:
        layout_map: Layouts of variables.
        batch_dim_name: The axis of the mesh that batches are divided along.
        auto_shard_dataset: Whether streams of batches are divided.
        **kwargs: `device_mesh`, of older versions.

    Raises:
        NotSupportedError: Always.

    Source: https://keras.io/api/distribution/model_parallel/
    """

    def __init__(
        self,
        *,
        layout_map: LayoutMap | None = None,
        batch_dim_name: str | None = None,
        auto_shard_dataset: bool = True,
        **kwargs: Any,
    ):
        raise NotSupportedError(
            "ModelParallel: minikeras divides batches among processes, not the variables of a model. Use DataParallel, "
            "with which each process has the whole model."
        )
