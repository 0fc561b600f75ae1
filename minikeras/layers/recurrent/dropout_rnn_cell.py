"""Dropout in recurrent cells: the masks are drawn once for a sequence, and used in all of its steps."""

from typing import Any

from ... import ops, random
from ...engine.tensor import Tensor as Traced
from ...engine.trace import current_trace
from ...tracebacks import Filtered
from ...typing import Tensor, TensorLike

_INPUTS, _HIDDEN = "inputs", "hidden state"


class DropoutRNNCell(Filtered):
    """The part of a recurrent cell that drops units of its inputs and of its hidden state.

    A subclass has attributes `dropout`, `recurrent_dropout` and `seed_generator`. A mask stays the same until it is
    reset, which recurrent layers do after each sequence.

    Attributes:
        dropout_mask_count: How many masks there are, one for each gate; None: a single one for all gates.
    """

    dropout: float
    recurrent_dropout: float
    seed_generator: random.SeedGenerator
    dropout_mask_count: int | None = None

    def get_dropout_mask(self, step_input: TensorLike) -> Any:
        """Returns the mask, or the list of masks, of the inputs of a step; None if `dropout` is 0."""
        return self._mask(_INPUTS, self.dropout, step_input)

    def get_recurrent_dropout_mask(self, step_input: TensorLike) -> Any:
        """Returns the mask, or the list of masks, of the hidden state; None if `recurrent_dropout` is 0."""
        return self._mask(_HIDDEN, self.recurrent_dropout, step_input)

    def reset_dropout_mask(self) -> None:
        """Makes the next step draw a new mask of the inputs."""
        self._kept_masks().pop(_INPUTS, None)

    def reset_recurrent_dropout_mask(self) -> None:
        """Makes the next step draw a new mask of the hidden state."""
        self._kept_masks().pop(_HIDDEN, None)

    def _kept_masks(self) -> dict[str, list]:
        # Not set as an attribute: that would make plans stale.
        return vars(self).setdefault("_masks", {})

    def _mask(self, kind: str, rate: float, value: TensorLike) -> Any:
        if rate <= 0:
            return None
        masks = self._kept_masks().get(kind)
        if masks is None or not _can_use(masks, value):
            ones = ops.ones(ops.shape(value), value.dtype)
            count = 1 if self.dropout_mask_count is None else self.dropout_mask_count
            masks = [random.dropout(ones, rate, seed=self.seed_generator) for _ in range(count)]
            self._kept_masks()[kind] = masks
        return masks[0] if self.dropout_mask_count is None else masks


def _can_use(masks: list[Tensor], value: TensorLike) -> bool:
    """Tells whether masks have the right shape, and were not drawn in a step that is over, or outside of this one."""
    mask = masks[0]
    is_here = mask.trace.active if isinstance(mask, Traced) else current_trace() is None
    return is_here and tuple(mask.shape) == tuple(value.shape) and mask.dtype == value.dtype
