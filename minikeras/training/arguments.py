"""Checks of the arguments of fit, evaluate and predict, before anything is changed."""

from collections.abc import Callable

import numpy as np

from .. import config
from ..argument_checks import check_number, is_int
from ..callbacks import CallbackList
from ..errors import ArgumentError, DataError, brief, warn_user


def bar_mode(verbose: object) -> int:
    """Returns 0, 1 or 2 for the argument `verbose`, in which "auto" means 1."""
    if isinstance(verbose, (int, str, bool)) and verbose in ("auto", 0, 1, 2):
        return 1 if verbose == "auto" else int(verbose)
    raise ArgumentError(f"`verbose` must be 0, 1, 2 or 'auto'. Received: verbose={brief(verbose)}")


def checked_shuffle(shuffle: object) -> bool | str:
    """Returns True, False or "batch"; raises for anything else."""
    if not isinstance(shuffle, (bool, np.bool_, str)) or shuffle not in (True, False, "batch"):
        raise ArgumentError(f"`shuffle` must be True, False or 'batch'. Received: shuffle={brief(shuffle)}")
    return shuffle if isinstance(shuffle, str) else bool(shuffle)


def checked_split(fraction: object) -> float:
    """Returns a number in [0, 1), for None 0; raises for anything else."""
    if fraction is None:
        return 0.0
    return float(check_number("fit", "validation_split", fraction, minimum=0, below=1, error=ArgumentError))


def check_callbacks(callbacks: object) -> None:
    """Raises if something in `callbacks` is no callback; they hear nothing of it."""
    if callbacks is not None and not isinstance(callbacks, CallbackList):
        CallbackList(callbacks)


def limited_epochs(last: int) -> int:
    """Returns the index of the last epoch, which `config.set_max_epochs` may limit, with a warning."""
    limit = config.max_epochs()
    if not limit or last <= limit:
        return last
    warn_user(f"Limiting epochs to {limit}", UserWarning)
    return limit


def limited_steps(steps: int | None) -> int | None:
    """Returns a number of steps, which `config.set_max_steps_per_epoch` may limit, with a warning."""
    limit = config.max_steps_per_epoch()
    if not limit or (steps is not None and steps <= limit):
        return steps
    warn_user(f"Limiting steps_per_epoch to {limit}", UserWarning)
    return limit


def triple(data: object) -> tuple:
    """Returns `validation_data` as (x, y, sample_weight)."""
    if not isinstance(data, (tuple, list)) or not 2 <= len(data) <= 3:
        length = f" of length {len(data)}" if isinstance(data, (tuple, list)) else ""
        raise DataError(
            "`validation_data` must be a tuple (x, y) or (x, y, sample_weight). "
            f"Received: {type(data).__name__}{length}"
        )
    return (*data, None)[:3]


def checked_jit(jit_compile: object) -> bool:
    """Returns whether steps are to be compiled; "auto" means no. Warns that it makes no difference."""
    if not isinstance(jit_compile, (bool, str)) or jit_compile not in ("auto", True, False):
        raise ArgumentError(f"`jit_compile` must be 'auto', True or False. Received: {brief(jit_compile)}")
    if jit_compile is True:
        warn_user("`jit_compile=True` has no further effect: minikeras always replays a plan.", UserWarning)
    return jit_compile is True


def validation_schedule(freq: object) -> Callable[[int], bool]:
    """Returns the function that tells whether to validate after an epoch, counted from 0.

    Raises:
        ArgumentError: If it is neither a positive integer nor a list of some.
    """
    several = isinstance(freq, (list, tuple, set, frozenset, range, np.ndarray))
    entries = list(freq) if several and getattr(freq, "ndim", 1) else [freq]
    if not entries:
        raise ArgumentError(
            f"`validation_freq` names no epoch: there would be no validation. Received: validation_freq={brief(freq)}. "
            "Leave out `validation_data` to train without validation."
        )
    if not all(is_int(entry, minimum=1) for entry in entries):
        raise ArgumentError(
            "`validation_freq` must be a positive integer or a list of epochs, counted from 1. "
            f"Received: validation_freq={brief(freq)}"
        )
    if several:
        epochs = frozenset(map(int, entries))
        return lambda epoch: epoch + 1 in epochs
    return lambda epoch: (epoch + 1) % freq == 0


def warn_if_never(due: Callable[[int], bool], epochs: range, freq: object) -> None:
    """Warns if there are epochs, and none of them is followed by a validation.

    Args:
        due: What `validation_schedule` returned.
        epochs: The epochs, counted from 0.
        freq: What the user gave, for the message.
    """
    if epochs and not any(map(due, epochs)):
        warn_user(
            f"`validation_freq={freq!r}` names none of the epochs {epochs.start + 1} to {epochs.stop}: "
            "there will be no validation.",
            UserWarning,
        )
