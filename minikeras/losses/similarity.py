"""Metric learning: the circle loss as a class."""

from ..typing import DTypeLike
from .functions import circle
from .wrapper import FunctionLoss


class Circle(FunctionLoss):
    """Circle loss: pulls embeddings of the same class together and pushes those of different classes apart.

    `ln(1 + sum_j e^(gamma (1 + m - n_j)+ (1 - m - n_j)) sum_i e^(gamma (m + p_i) (p_i - m)))`,
    with the cosine distances `p_i` to examples of the same class, `n_j` to those of others, and the margin `m`

    Args:
        gamma: Scale factor of the exponents.
        margin: Relaxation factor: distances within a class should be below it, others above 2 minus it.
        remove_diagonal: Whether an example is not compared with itself.
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://arxiv.org/abs/2002.10857

    Example:
        >>> vectors = np.float32([[1, 0], [0.6, 0.8], [0, 1]])
        >>> print(round(float(Circle(reduction="sum")([0, 0, 1], vectors)), 3))
        38.4
    """

    def __init__(
        self,
        gamma: float = 80.0,
        margin: float = 0.4,
        remove_diagonal: bool = True,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "circle",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(
            circle,
            reduction=reduction,
            name=name,
            dtype=dtype,
            gamma=gamma,
            margin=margin,
            remove_diagonal=remove_diagonal,
        )
        self.gamma = gamma
        self.margin = margin
        self.remove_diagonal = remove_diagonal
