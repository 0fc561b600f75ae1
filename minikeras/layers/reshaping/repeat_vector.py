"""The `RepeatVector` layer."""

from typing import Any, Unpack

from ... import ops
from ...argument_checks import check_int
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from ..input_spec import InputSpec


class RepeatVector(Layer):
    """Repeats the features of each example along a new time axis.

    `y[b, i, f] = x[b, f]` for `i` from 0 to n - 1

    Args:
        n: The number of repetitions, a positive integer.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If it is not a positive integer.

    Source: https://keras.io/api/layers/reshaping_layers/repeat_vector/

    Example:
        >>> RepeatVector(2)([[1.0, 2.0]])
        array([[[1., 2.],
                [1., 2.]]], dtype=float32)
    """

    def __init__(self, n: int, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.n = check_int("RepeatVector", "n", n, minimum=1)
        self.input_spec = InputSpec(ndim=2)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns (batch, n, features)."""
        return (input_shape[0], self.n, input_shape[1])

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the repeated inputs."""
        return ops.broadcast_to(ops.expand_dims(inputs, 1), self.compute_output_shape(inputs.shape))

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {**super().get_config(), "n": self.n}
