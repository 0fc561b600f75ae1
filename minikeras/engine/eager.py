"""The class of the arrays that ops, variables and tapes hand out: numpy's own, unless another one is asked for.

Scripts written for TensorFlow call `.numpy()` on them; a subclass of numpy's arrays can offer it. Nothing that is
recorded in a trace is of that class, so steps are replayed on plain arrays whatever it is.
"""

from typing import Any

import numpy as np

_settings: dict[str, type | None] = {"class": None}


def hand_out_as(cls: type | None) -> None:
    """Says of which class the arrays are that computations outside of any step return.

    Args:
        cls: A subclass of `np.ndarray`; None for numpy's own.
    """
    _settings["class"] = cls


def handed_out(value: Any) -> Any:
    """Returns a plain array as one of the class that is asked for, and anything else as it is."""
    cls = _settings["class"]
    return value if cls is None or type(value) is not np.ndarray else value.view(cls)
