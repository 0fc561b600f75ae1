"""The learning rates of a model's optimizer, or of each optimizer it is composed of."""

from typing import Any

import numpy as np

from minikeras.errors import StateError, brief


def single_optimizers(optimizer: Any) -> dict[str, Any]:
    """Returns the optimizers that an optimizer is composed of, by name; a single one under the name "".

    Args:
        optimizer: An optimizer; a `LossScaleOptimizer` is replaced by its inner optimizer.

    Example:
        >>> from minikeras.optimizers import SGD
        >>> list(single_optimizers(SGD()))
        ['']
    """
    optimizer = getattr(optimizer, "inner_optimizer", optimizer)
    if not hasattr(optimizer, "optimizers"):
        return {"": optimizer}
    return {part.name: part for part in optimizer.optimizers}


def rate_of(optimizer: Any) -> float:
    """Returns the current learning rate as a number.

    Raises:
        StateError: If the optimizer has no learning rate.

    Example:
        >>> from minikeras.optimizers import SGD
        >>> rate_of(SGD(learning_rate=0.5))
        0.5
    """
    if not hasattr(optimizer, "learning_rate"):
        raise StateError(f"Expected an optimizer with an attribute `learning_rate`. Received: {brief(optimizer)}")
    return float(np.asarray(optimizer.learning_rate))


def rate_logs(optimizer: Any) -> dict[str, float]:
    """Returns the learning rates as entries of the logs.

    Args:
        optimizer: The optimizer of a model.

    Returns:
        One entry `learning_rate`, or, for several optimizers, an entry `learning_rate_NAME` for each.

    Example:
        >>> from minikeras.optimizers import SGD
        >>> rate_logs(SGD(learning_rate=0.5))
        {'learning_rate': 0.5}
    """
    parts = single_optimizers(optimizer).items()
    return {f"learning_rate_{name}" if name else "learning_rate": rate_of(part) for name, part in parts}
