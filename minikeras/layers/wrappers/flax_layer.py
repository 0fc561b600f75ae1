"""The `FlaxLayer` layer, which is refused."""

from typing import Any, Unpack

from ...typing import LayerArguments
from .framework_layer import FrameworkLayer


class FlaxLayer(FrameworkLayer):
    """Would run a Flax module; raises an error instead.

    Args:
        module: The Flax module.
        method: The method to call.
        variables: Its variables.
        **kwargs: Arguments of every layer.

    Raises:
        NotSupportedError: Always: minikeras computes with numpy alone.

    Source: https://keras.io/api/layers/backend_specific_layers/flax_layer/

    Example:
        >>> FlaxLayer(object())
        Traceback (most recent call last):
        minikeras.errors.NotSupportedError: FlaxLayer wraps a module of Flax...
    """

    _wraps = "a module of Flax, which runs on JAX"
    _instead = (
        "Write its computation with `minikeras.ops` in the `call` of a layer, and set its parameters as weights; "
        "or run the model in Keras with the JAX backend."
    )

    def __init__(
        self,
        module: Any,
        method: Any = None,
        variables: Any = None,
        **kwargs: Unpack[LayerArguments],
    ):
        self._refuse()
