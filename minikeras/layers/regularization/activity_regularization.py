"""The `ActivityRegularization` layer."""

from typing import Any, Unpack

from ... import regularizers
from ...typing import LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


class ActivityRegularization(SameShape):
    """Returns its input and adds a penalty on it to the loss.

    `loss += (l1 * sum |x| + l2 * sum x^2) / batch size`

    Args:
        l1: L1 regularization factor, >= 0.
        l2: L2 regularization factor, >= 0.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If a factor is negative.

    Source: https://keras.io/api/layers/regularization_layers/activity_regularization/

    Example:
        >>> layer = ActivityRegularization(l2=0.5)
        >>> layer([[1.0, 2.0]]), [float(loss) for loss in layer.losses]
        (array([[1., 2.]], dtype=float32), [2.5])
    """

    def __init__(self, l1: float = 0.0, l2: float = 0.0, **kwargs: Unpack[LayerArguments]):
        super().__init__(activity_regularizer=regularizers.L1L2(l1=l1, l2=l2), **kwargs)
        self.l1 = l1
        self.l2 = l2

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the inputs."""
        return inputs

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = {**super().get_config(), "l1": self.l1, "l2": self.l2}
        del config["activity_regularizer"]
        return config
