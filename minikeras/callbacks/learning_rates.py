"""The learning rates of a model's optimizer, and where it is made of several, of each of them."""

from typing import Any

import numpy as np

from minikeras.errors import StateError, brief


def single_optimizers(optimizer: Any) -> dict[str, Any]:
    """Returns the optimizers that an optimizer is made of, by name; itself, under no name, if it is a single one.

    Args:
        optimizer: An optimizer; one that scales the loss for another stands for that one.

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
    """Returns the present learning rate as a number.

    Raises:
        StateError: If the optimizer has none.

    Example:
        >>> from minikeras.optimizers import SGD
        >>> rate_of(SGD(learning_rate=0.5))
        0.5
    """
    if not hasattr(optimizer, "learning_rate"):
        raise StateError(f"Expected an optimizer with an attribute `learning_rate`. Received: {brief(optimizer)}")
    return float(np.asarray(optimizer.learning_rate))


def rate_logs(optimizer: Any) -> dict[str, float]:
    """Returns the learning rates under the names they have in logs.

    Args:
        optimizer: The optimizer of a model.

    Returns:
        One entry `learning_rate`, or for an optimizer made of several, one `learning_rate_NAME` for each.

    Example:
        >>> from minikeras.optimizers import SGD
        >>> rate_logs(SGD(learning_rate=0.5))
        {'learning_rate': 0.5}
    """
    parts = single_optimizers(optimizer).items()
    return {f"learning_rate_{name}" if name else "learning_rate": rate_of(part) for name, part in parts}
