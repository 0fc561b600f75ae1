"""Matching of gradients with variables."""

from collections.abc import Sequence

from .. import ops
from ..engine.replicas import reducing
from ..engine.variable import Variable
from ..errors import ArgumentError, NotSupportedError, ShapeError, warn_user
from ..ops.common.allreduce import mean_of_gradients


def present_pairs(optimizer: str, grads: Sequence, variables: Sequence[Variable]) -> list[tuple[object, Variable]]:
    """Returns (gradient, variable) pairs for gradients that are not None, cast to the dtypes of the variables.

    Args:
        optimizer: The name of the optimizer, for messages.
        grads: A gradient or None for each variable.
        variables: The variables.

    Raises:
        ShapeError: If the shapes of a gradient and its variable differ.
        ArgumentError: If all gradients are None.

    Example:
        >>> v = Variable([1.0, 2.0])
        >>> [gradient.dtype.name for gradient, _ in present_pairs("sgd", [[3, 4]], [v])]
        ['float32']
    """
    pairs, missing = [], []
    for gradient, variable in zip(grads, variables, strict=True):
        if gradient is None:
            missing.append(variable.path)
            continue
        gradient = ops.convert_to_tensor(gradient)
        if tuple(gradient.shape) != variable.shape:
            raise ShapeError(
                f"Optimizer '{optimizer}', `apply`: expected a gradient of shape {variable.shape} for variable "
                f"'{variable.path}', received one of shape {tuple(gradient.shape)}."
            )
        pairs.append((ops.cast(gradient, variable.dtype), variable))
    if not pairs:
        raise ArgumentError(
            f"Optimizer '{optimizer}', `apply`: there is no gradient for any of the variables {missing}. "
            "Does the loss depend on them?"
        )
    if missing:
        warn_user(
            f"Optimizer '{optimizer}': there are no gradients for the variables {missing}, which are "
            "therefore not updated. Does the loss depend on them?",
            UserWarning,
        )
    return pairs


def of_all_processes(pairs: list[tuple]) -> list[tuple]:
    """Returns (gradient, variable) pairs with the gradients of the whole batch, in a step that processes share.

    Elsewhere they are returned unchanged.

    Args:
        pairs: The pairs of this process.

    Raises:
        NotSupportedError: If a variable is overwritten with its gradient, as the scales of float8 are.

    Example:
        >>> of_all_processes([])
        []
    """
    replicas = reducing()
    if replicas is None or not pairs:
        return pairs
    overwritten = [variable.path for _, variable in pairs if variable.overwrite_with_gradient]
    if overwritten:
        raise NotSupportedError(
            f"Training in several processes cannot overwrite variables with their gradients: {overwritten}. "
            "Train float8 layers in one process."
        )
    grads = mean_of_gradients([gradient for gradient, _ in pairs], replicas)
    return [(gradient, variable) for gradient, (_, variable) in zip(grads, pairs, strict=True)]
