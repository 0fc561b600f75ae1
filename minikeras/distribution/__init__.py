"""Training in several processes, on MPI."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .devices import get_device_count as get_device_count
    from .devices import initialize as initialize
    from .devices import list_devices as list_devices
    from .layouts import LayoutMap as LayoutMap
    from .layouts import distribute_tensor as distribute_tensor
    from .meshes import DeviceMesh as DeviceMesh
    from .meshes import TensorLayout as TensorLayout
    from .parallel import DataParallel as DataParallel
    from .parallel import ModelParallel as ModelParallel
    from .strategy import distribution as distribution
    from .strategy import set_distribution as set_distribution
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "DataParallel": ".parallel",
            "DeviceMesh": ".meshes",
            "LayoutMap": ".layouts",
            "ModelParallel": ".parallel",
            "TensorLayout": ".meshes",
            "distribute_tensor": ".layouts",
            "distribution": ".strategy",
            "get_device_count": ".devices",
            "initialize": ".devices",
            "list_devices": ".devices",
            "set_distribution": ".strategy",
        },
    )
