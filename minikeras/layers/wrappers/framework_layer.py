"""What the layers share that wrap models of other frameworks: minikeras computes with numpy, so they are refused."""

from collections.abc import Mapping
from typing import Any, Never

from ...errors import NotSupportedError
from ..base import Layer


class FrameworkLayer(Layer):
    """The base of layers that run a model of another framework, which minikeras cannot do.

    Source: https://keras.io/api/layers/backend_specific_layers/
    """

    _wraps: str  # the framework, and what of it
    _instead: str

    @classmethod
    def _refuse(cls) -> Never:
        raise NotSupportedError(
            f"{cls.__name__} wraps {cls._wraps}, and minikeras computes with numpy alone. {cls._instead}"
        )

    @classmethod
    def from_config(
        cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None, safe_mode: bool | None = None
    ) -> Never:
        """Raises an error, as the constructor does."""
        cls._refuse()
