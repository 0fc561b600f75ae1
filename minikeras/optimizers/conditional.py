"""Conditional updates that can be replayed."""

from collections.abc import Callable, Sequence

from .. import ops
from ..engine.trace import current_trace
from ..engine.variable import Variable
from ..typing import TensorLike


def update_if(condition: TensorLike, variables: Sequence[Variable], update: Callable[[], None]) -> None:
    """Updates variables if a condition holds.

    A replayed step cannot branch, so a traced one always runs the update, and restores the old values if the
    condition does not hold.

    Args:
        condition: A boolean, shape `()`.
        variables: All variables that the update changes.
        update: The update.

    Example:
        >>> v = Variable([1.0, 2.0])
        >>> for condition in (False, True):
        ...     update_if(np.array(condition), [v], lambda: v.assign([3.0, 4.0]))
        ...     print(v.numpy())
        [1. 2.]
        [3. 4.]
    """
    if current_trace() is None:
        if condition:
            update()
        return
    before = [variable.value for variable in variables]
    update()
    for variable, old in zip(variables, before, strict=True):
        variable.assign(ops.where(condition, variable, old))
