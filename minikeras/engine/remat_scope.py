"""`RematScope`: which layers and operations recompute their values in the backward pass instead of keeping them."""

import threading
from collections.abc import Sequence
from typing import NamedTuple

from ..errors import unknown_name
from ..tracebacks import Filtered

_MODES = ("full", "activations", "larger_than", "list_of_layers")


class RematMode(NamedTuple):
    """The arguments of a `RematScope`."""

    mode: str | None
    output_size_threshold: int
    layer_names: Sequence[str]


class _Local(threading.local):
    def __init__(self) -> None:
        self.scopes: list[RematScope] = []


_local = _Local()


class RematScope(Filtered):
    """Context manager; layers created in it recompute their values in the backward pass; see `remat`.

    So do other operations, such as the ops of a functional model. Models do not recompute all at once, but layer by
    layer and op by op.

    Args:
        mode: Which of them: "full": all; "activations": of layers with an activation function, this function alone;
            "larger_than": those whose outputs for a batch have more elements than `output_size_threshold`;
            "list_of_layers": those layers in `layer_names`; None: none, also in an outer scope.
        output_size_threshold: For the mode "larger_than".
        layer_names: For the mode "list_of_layers".

    Raises:
        UnknownNameError: If there is no such mode.

    Source: https://keras.io/api/, Chen et al. 2016, https://arxiv.org/abs/1604.06174

    Example:
        >>> from minikeras import layers
        >>> with RematScope("larger_than", output_size_threshold=10_000):
        ...     layer = layers.Dense(512)
        >>> layer(np.ones((2, 3))).shape
        (2, 512)
    """

    def __init__(
        self, mode: str | None = "full", output_size_threshold: int = 1024, layer_names: Sequence[str] | None = None
    ):
        if mode is not None and mode not in _MODES:
            raise unknown_name("mode of RematScope", mode, _MODES)
        self.mode = mode
        self.output_size_threshold = output_size_threshold
        self.layer_names = layer_names or []

    def __enter__(self) -> "RematScope":
        _local.scopes.append(self)
        return self

    def __exit__(self, *exception: object) -> None:
        _local.scopes.pop()


def current_remat_mode() -> RematMode | None:
    """Returns the mode of the innermost open scope; None if there is none, or its mode is None."""
    if not _local.scopes or _local.scopes[-1].mode is None:
        return None
    scope = _local.scopes[-1]
    return RematMode(scope.mode, scope.output_size_threshold, tuple(scope.layer_names))
