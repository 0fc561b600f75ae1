"""Activation functions that turn scores along an axis into probabilities."""

from .. import ops
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike


@filtered
def softmax(x: TensorLike, axis: int = -1) -> Tensor:
    """Turns scores along an axis into probabilities.

    `e^x_i / sum_j e^x_j`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> softmax([0.0, 0.0])
        array([0.5, 0.5], dtype=float32)
    """
    return ops.softmax(x, axis)


@filtered
def log_softmax(x: TensorLike, axis: int = -1) -> Tensor:
    """Returns the logarithm of `softmax`, without its rounding to 0.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> log_softmax([0.0, 0.0])
        array([-0.6931472, -0.6931472], dtype=float32)
    """
    return ops.log_softmax(x, axis)


@filtered
def sparsemax(x: TensorLike, axis: int = -1) -> Tensor:
    """Subtracts a threshold from scores and cuts them off at 0, so that small ones become exactly 0.

    See `ops.sparsemax` for the threshold, which is Keras's and not that of the paper.

    Args:
        x: Scores of any shape.
        axis: The axis of the scores that belong together.

    Source: https://arxiv.org/abs/1602.02068

    Example:
        >>> sparsemax([3.0, 0.0, -1.0])
        array([1., 0., 0.], dtype=float32)
    """
    return ops.sparsemax(x, axis)
