"""The loss of learned distances as a class."""

from ..typing import DTypeLike
from .functions import circle
from .wrapper import FunctionLoss


class Circle(FunctionLoss):
    """How much farther examples of the same class are than those of other ones; the farther off, the more.

    `ln(1 + sum_j e^(gamma (1 + m - n_j)+ (1 - m - n_j)) sum_i e^(gamma (m + p_i) (p_i - m)))`,
    with the cosine distances `p_i` to examples of the same class, `n_j` to those of others, and the margin `m`

    Args:
        gamma: The scale of the exponents.
        margin: How near the same class should be, and how far (2 minus it) the others.
        remove_diagonal: Do not compare an example with itself.
        reduction: What happens to the losses of the examples; see `Loss`.
        name: The loss's name.
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
