"""Arrangements of devices, and of values on them."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..errors import ArgumentError, NotSupportedError, StateError, brief
from ..tracebacks import Filtered
from .devices import list_devices


class DeviceMesh(Filtered):
    """Devices along an axis with a name.

    Args:
        shape: The number of devices, as a tuple of one. Several axes are not supported.
        axis_names: The name of the axis, in a list.
        devices: The devices; those of `list_devices()` by default.

    Raises:
        ArgumentError: If the arguments do not go together.
        NotSupportedError: If there are several axes.

    Source: https://keras.io/api/distribution/layout_map/

    Example:
        >>> DeviceMesh((1,), ["batch"])
        <DeviceMesh shape=(1,), axis_names=['batch']>
    """

    def __init__(self, shape: Sequence[int], axis_names: Sequence[str], devices: Sequence[str] | None = None):
        received = f"Received: shape={brief(shape)}, axis_names={brief(axis_names)}"
        if not shape or not axis_names or len(shape) != len(axis_names):
            raise ArgumentError(f"DeviceMesh: `shape` and `axis_names` must have one entry for each axis. {received}")
        if len(shape) > 1:
            raise NotSupportedError(
                "DeviceMesh: a second axis would divide models, but minikeras only divides batches. Expected one axis, "
                f"such as shape=({math.prod(shape)},), axis_names=['batch']. {received}"
            )
        found = np.array(list_devices() if devices is None else devices)
        if math.prod(shape) != found.size:
            raise ArgumentError(
                f"DeviceMesh: `shape` must hold all of the {found.size} devices. Received: shape={brief(shape)}, "
                f"devices={brief(found.tolist())}"
            )
        self._shape, self._axis_names = shape, axis_names
        self._devices = found.reshape(shape)

    @property
    def shape(self) -> Sequence[int]:
        """The number of devices."""
        return self._shape

    @property
    def axis_names(self) -> Sequence[str]:
        """The name of the axis."""
        return self._axis_names

    @property
    def devices(self) -> np.ndarray:
        """The names of the devices, in an array of the shape."""
        return self._devices

    @property
    def backend_mesh(self) -> Any:
        """Not available: MPI has no meshes.

        Raises:
            NotSupportedError: Always.
        """
        raise NotSupportedError("DeviceMesh: `backend_mesh` is for backends with meshes of their own; MPI has none.")

    def __repr__(self) -> str:
        return f"<{type(self).__name__} shape={self.shape}, axis_names={self.axis_names}>"


class TensorLayout(Filtered):
    """Along which axis of a mesh each axis of a tensor is divided.

    Args:
        axes: For each axis of the tensor the name of an axis of the mesh; None if it is not divided.
        device_mesh: The mesh; it may be set later, once.

    Raises:
        ArgumentError: If the mesh has no axis of a name.

    Source: https://keras.io/api/distribution/layout_map/

    Example:
        >>> TensorLayout(("batch", None), DeviceMesh((1,), ["batch"])).axes
        ('batch', None)
    """

    def __init__(self, axes: Sequence[str | None], device_mesh: DeviceMesh | None = None):
        self._axes = tuple(axes)
        self._check(device_mesh)
        self._device_mesh = device_mesh

    @property
    def axes(self) -> tuple[str | None, ...]:
        """The names of axes of the mesh."""
        return self._axes

    @property
    def device_mesh(self) -> DeviceMesh | None:
        """The mesh; None if it is not set yet."""
        return self._device_mesh

    @device_mesh.setter
    def device_mesh(self, device_mesh: DeviceMesh | None) -> None:
        if self._device_mesh is not None:
            raise StateError(f"TensorLayout: the mesh cannot be replaced. It is {self._device_mesh}.")
        self._check(device_mesh)
        self._device_mesh = device_mesh

    @property
    def backend_layout(self) -> Any:
        """Not available: MPI has no layouts.

        Raises:
            NotSupportedError: Always.
        """
        raise NotSupportedError(
            "TensorLayout: `backend_layout` is for backends with layouts of their own; MPI has none."
        )

    def _check(self, device_mesh: DeviceMesh | None) -> None:
        if device_mesh is None:
            return
        unknown = [axis for axis in self._axes if axis is not None and axis not in device_mesh.axis_names]
        if unknown:
            raise ArgumentError(
                f"TensorLayout: expected axes among {list(device_mesh.axis_names)}, of the mesh. Received: {unknown}"
            )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} axes={self.axes}, device_mesh={self.device_mesh}>"
