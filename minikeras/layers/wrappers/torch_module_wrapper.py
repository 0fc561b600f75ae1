"""The `TorchModuleWrapper` layer, which is refused."""

from typing import Any, Unpack

from ...typing import LayerArguments
from .framework_layer import FrameworkLayer


class TorchModuleWrapper(FrameworkLayer):
    """Would run a module of PyTorch; raises an error instead.

    Args:
        module: The module.
        name: The name of the layer.
        output_shape: The shape of its output.
        **kwargs: Arguments of every layer.

    Raises:
        NotSupportedError: Always: minikeras computes with numpy alone.

    Source: https://keras.io/api/layers/backend_specific_layers/torch_module_wrapper/

    Example:
        >>> TorchModuleWrapper(object())
        Traceback (most recent call last):
        minikeras.errors.NotSupportedError: TorchModuleWrapper wraps a module of PyTorch...
    """

    _wraps = "a module of PyTorch"
    _instead = (
        "Rebuild it of layers and set its weights (`Dense` has the transposed `weight` of `Linear`); "
        "or run the model in Keras with the torch backend."
    )

    def __init__(
        self,
        module: Any,
        name: str | None = None,
        output_shape: Any = None,
        **kwargs: Unpack[LayerArguments],
    ):
        self._refuse()
