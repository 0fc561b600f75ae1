"""The `JaxLayer` layer, which is refused."""

from typing import Any, Unpack

from ...typing import LayerArguments
from .framework_layer import FrameworkLayer


class JaxLayer(FrameworkLayer):
    """Would run a function written in JAX; raises an error instead.

    Args:
        call_fn: The function.
        init_fn: Returns its parameters and state.
        params: Its parameters.
        state: Its state.
        seed: The seed of `init_fn`.
        native_serialization_platforms: The platforms to export for.
        **kwargs: Arguments of every layer.

    Raises:
        NotSupportedError: Always: minikeras computes with numpy alone.

    Source: https://keras.io/api/layers/backend_specific_layers/jax_layer/

    Example:
        >>> JaxLayer(abs)
        Traceback (most recent call last):
        minikeras.errors.NotSupportedError: JaxLayer wraps a function of JAX...
    """

    _wraps = "a function of JAX"
    _instead = (
        "Write it with `minikeras.ops`, whose names are those of `jax.numpy`, in the `call` of a layer; "
        "or run the model in Keras with the JAX backend."
    )

    def __init__(
        self,
        call_fn: Any,
        init_fn: Any = None,
        params: Any = None,
        state: Any = None,
        seed: int | None = None,
        native_serialization_platforms: Any = None,
        **kwargs: Unpack[LayerArguments],
    ):
        self._refuse()
