"""Layouts of tensors, by the paths of variables."""

import re
from collections.abc import Iterator, MutableMapping

from ..errors import ArgumentError, NotSupportedError, brief
from ..graph.keras_tensor import KerasTensor
from ..ops import convert_to_tensor
from ..tracebacks import Filtered, filtered
from ..typing import Tensor, TensorLike
from .meshes import DeviceMesh, TensorLayout


class LayoutMap(Filtered, MutableMapping):
    """A dict of layouts, whose keys are paths or regular expressions that match whole paths.

    Args:
        device_mesh: The mesh of layouts that have none.

    Source: https://keras.io/api/distribution/layout_map/

    Example:
        >>> layouts = LayoutMap(DeviceMesh((1,), ["batch"]))
        >>> layouts[".*kernel"] = (None, None)
        >>> layouts["dense/kernel"].axes, layouts["dense/bias"]
        ((None, None), None)
    """

    def __init__(self, device_mesh: DeviceMesh | None):
        self._layouts: dict[str, TensorLayout] = {}
        self._device_mesh = device_mesh

    def __getitem__(self, key: str) -> TensorLayout | None:
        """Returns the layout of an equal key, else of a matching one; None if there is none.

        Raises:
            ArgumentError: If several keys match.
        """
        if key in self._layouts:
            return self._layouts[key]
        matching = [pattern for pattern in self._layouts if re.fullmatch(pattern, key)]
        if len(matching) > 1:
            raise ArgumentError(f"LayoutMap: expected one key to match the path '{key}'. Received: {matching}")
        return self._layouts[matching[0]] if matching else None

    def __setitem__(self, key: str, layout: TensorLayout | tuple) -> None:
        """Adds a layout; a tuple of its axes becomes one.

        Raises:
            ArgumentError: If the key exists already, or it is no layout.
        """
        if key in self._layouts:
            raise ArgumentError(f"LayoutMap: the key {key!r} exists already, with {self._layouts[key]}.")
        if isinstance(layout, tuple):
            layout = TensorLayout(layout)
        if not isinstance(layout, TensorLayout):
            raise ArgumentError(f"LayoutMap: expected a TensorLayout, or a tuple of axes. Received: {brief(layout)}")
        if layout.device_mesh is None and self._device_mesh is not None:
            layout.device_mesh = self._device_mesh
        self._layouts[key] = layout

    def __delitem__(self, key: str) -> None:
        del self._layouts[key]

    def __len__(self) -> int:
        return len(self._layouts)

    def __iter__(self) -> Iterator[str]:
        return iter(self._layouts)

    @property
    def device_mesh(self) -> DeviceMesh | None:
        """The mesh of layouts that have none."""
        return self._device_mesh


@filtered
def distribute_tensor(tensor: TensorLike, layout: TensorLayout) -> Tensor:
    """Returns a tensor in a layout that does not divide it, which is the tensor itself.

    Args:
        tensor: The tensor.
        layout: The layout.

    Raises:
        NotSupportedError: If the layout divides it among several devices.
        ArgumentError: If it is no layout.

    Source: https://keras.io/api/distribution/distribution_utils/

    Example:
        >>> distribute_tensor([1.0, 2.0], TensorLayout([None]))
        array([1., 2.], dtype=float32)
    """
    if isinstance(tensor, KerasTensor):
        return tensor
    if not isinstance(layout, TensorLayout):
        raise ArgumentError(f"`distribute_tensor`: expected a TensorLayout. Received: layout={brief(layout)}")
    divided = [axis for axis in layout.axes if axis is not None]
    if divided and (layout.device_mesh is None or layout.device_mesh.devices.size > 1):
        raise NotSupportedError(
            "`distribute_tensor`: minikeras divides batches of data among processes, not single tensors. Expected a "
            f"layout with None for each axis. Received: {layout}"
        )
    return convert_to_tensor(tensor)
