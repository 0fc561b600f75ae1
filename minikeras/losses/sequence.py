"""The connectionist temporal classification (CTC) loss as a class."""

from ..typing import DTypeLike
from .functions import ctc
from .wrapper import FunctionLoss


class CTC(FunctionLoss):
    """Connectionist temporal classification (CTC) loss: negative log-likelihood of label sequences; class 0 is blank.

    `-ln sum_paths prod_t softmax(y_pred_t)[path_t]`

    Args:
        reduction: How the losses of the examples are reduced; see `Loss`.
        name: Name of the loss.
        dtype: The dtype of the computation; `floatx` by default.

    Raises:
        UnknownNameError: If the reduction is not known.

    Source: https://keras.io/api/losses/probabilistic_losses/#ctc-class

    Example:
        >>> print(CTC()([[1]], np.log(np.float32([[[0.2, 0.8], [0.5, 0.5]]]))))
        0.10536057
    """

    def __init__(
        self,
        reduction: str | None = "sum_over_batch_size",
        name: str | None = "ctc",
        dtype: DTypeLike | None = None,
    ):
        super().__init__(ctc, reduction=reduction, name=name, dtype=dtype)
