"""The connectionist temporal classification (CTC) loss as a function: one value per sequence."""

from ... import ops
from ...errors import ShapeError
from ...tracebacks import filtered
from ...typing import Tensor, TensorLike

_BLANK = 0


@filtered
def ctc(y_true: TensorLike, y_pred: TensorLike) -> Tensor:
    """Returns the CTC loss: the negative log-likelihood of label sequences, summed over all alignments.

    See `ops.ctc_loss`. Class 0 is the blank; the length of a sequence is the number of its labels that are not 0.

    Args:
        y_true: Integer class labels, padded with 0; shape (batch, longest sequence).
        y_pred: Logits, shape (batch, time steps, classes).

    Returns:
        One value per sequence.

    Raises:
        ShapeError: If the shapes do not fit together.
        ArgumentError: If a label is out of range.

    Source: https://keras.io/api/losses/probabilistic_losses/#ctc-class

    Example:
        >>> print(ctc([[1]], np.log(np.float32([[[0.2, 0.8], [0.5, 0.5]]]))))
        [0.10536057]
    """
    y_true, y_pred = ops.convert_to_tensor(y_true), ops.convert_to_tensor(y_pred)
    if len(ops.shape(y_true)) != 2 or len(ops.shape(y_pred)) != 3:
        raise ShapeError(
            "`ctc` expects y_true of shape (batch, longest text) and y_pred of shape (batch, time, classes). "
            f"Received: y_true of shape {ops.shape(y_true)} and y_pred of shape {ops.shape(y_pred)}."
        )
    lengths = ops.sum(ops.cast(ops.not_equal(y_true, _BLANK), "int32"), axis=-1)
    steps = ops.zeros_like(lengths) + ops.shape(y_pred)[1]
    return ops.ctc_loss(y_true, y_pred, lengths, steps, mask_index=_BLANK)
