"""Activation functions that turn logits into probabilities."""

from .. import ops
from ..tracebacks import filtered
from ..typing import Tensor, TensorLike


@filtered
def softmax(x: TensorLike, axis: int = -1) -> Tensor:
    """Softmax: turns logits along an axis into probabilities.

    `e^x_i / sum_j e^x_j`

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> softmax([0.0, 0.0])
        array([0.5, 0.5], dtype=float32)
    """
    return ops.softmax(x, axis)


@filtered
def log_softmax(x: TensorLike, axis: int = -1) -> Tensor:
    """Log-softmax, which is numerically more stable than the logarithm of `softmax`.

    Source: https://keras.io/api/layers/activations/

    Example:
        >>> log_softmax([0.0, 0.0])
        array([-0.6931472, -0.6931472], dtype=float32)
    """
    return ops.log_softmax(x, axis)


@filtered
def sparsemax(x: TensorLike, axis: int = -1) -> Tensor:
    """Sparsemax: like softmax, but small probabilities are exactly 0.

    See `ops.sparsemax` for the threshold, which is Keras's and not that of the paper.

    Args:
        x: Logits of any shape.
        axis: The axis of the classes.

    Source: https://arxiv.org/abs/1602.02068

    Example:
        >>> sparsemax([3.0, 0.0, -1.0])
        array([1., 0., 0.], dtype=float32)
    """
    return ops.sparsemax(x, axis)
