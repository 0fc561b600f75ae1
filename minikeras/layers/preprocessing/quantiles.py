"""Approximate quantiles of a stream of values, from a summary of bounded size.

A summary has two rows: sorted values, and how many values of the stream each of them stands for.
"""

import numpy as np


def empty_summary() -> np.ndarray:
    """Returns the summary of no values."""
    return np.zeros((2, 0), np.float32)


def summary_of(values: np.ndarray, epsilon: float) -> np.ndarray:
    """Returns the summary of values.

    Args:
        values: Any number of values.
        epsilon: The fraction of the values that an entry of the summary may stand for.

    Example:
        >>> summary_of(np.arange(6.0), 0.5).tolist()
        [[2.0, 5.0], [3.0, 3.0]]
    """
    values = np.sort(np.ravel(values))
    step = max(values.size / (1.0 / epsilon), 1)
    kept = values[int(step - 1) :: int(step)]
    return np.stack([kept, np.full_like(kept, step)])


def merged(first: np.ndarray, second: np.ndarray, epsilon: float) -> np.ndarray:
    """Returns the summary of the values of two summaries."""
    both = np.concatenate([first, second], axis=1)
    return compressed(both[:, np.argsort(both[0])], epsilon)


def compressed(summary: np.ndarray, epsilon: float) -> np.ndarray:
    """Returns a summary with at most about `1 / epsilon` entries, interpolated between those of a larger one."""
    if summary.shape[1] * epsilon < 1:
        return summary
    places = epsilon + np.arange(0.0, 1.0, epsilon)
    weights = summary[1].cumsum()
    parts = weights / weights[-1]
    values, weights = np.interp(places, parts, summary[0]), np.interp(places, parts, weights)
    return np.stack([values, np.diff(weights, prepend=0)]).astype(np.float32)


def boundaries(summary: np.ndarray, count: int) -> list[float]:
    """Returns the boundaries between bins that hold about the same number of values.

    Args:
        summary: The summary of the values.
        count: The number of bins.
    """
    return compressed(summary, 1.0 / count)[0, :-1].tolist()
