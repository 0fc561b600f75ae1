"""The `TFSMLayer` layer, which is refused."""

from typing import Any

from ...typing import DTypePolicyLike
from .framework_layer import FrameworkLayer


class TFSMLayer(FrameworkLayer):
    """Would run a SavedModel of TensorFlow; raises an error instead.

    Args:
        filepath: The folder of the SavedModel.
        call_endpoint: The endpoint to call.
        call_training_endpoint: The endpoint to call in training.
        trainable: Whether training updates its weights.
        name: The name of the layer.
        dtype: The dtype of the layer.

    Raises:
        NotSupportedError: Always: minikeras computes with numpy alone.

    Source: https://keras.io/api/layers/backend_specific_layers/tfsm_layer/

    Example:
        >>> TFSMLayer("folder")
        Traceback (most recent call last):
        minikeras.errors.NotSupportedError: TFSMLayer wraps a SavedModel of TensorFlow...
    """

    _wraps = "a SavedModel of TensorFlow"
    _instead = (
        "Save the original model as `.keras` or `.h5` and load that file; "
        "or run the SavedModel in Keras with the TensorFlow backend."
    )

    def __init__(
        self,
        filepath: Any,
        call_endpoint: str = "serve",
        call_training_endpoint: str | None = None,
        trainable: bool = True,
        name: str | None = None,
        dtype: DTypePolicyLike = None,
    ):
        self._refuse()
