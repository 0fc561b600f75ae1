"""Constructor arguments of Keras 2 that old scripts still use: `lr`, `decay` and `epsilon=None`."""

import inspect
from typing import Any

from .. import config
from ..argument_checks import check_number
from ..errors import ArgumentError, ArgumentTypeError, brief, near_name, warn_legacy
from ..typing import LearningRate
from .arguments import check_learning_rate
from .schedules import InverseTimeDecay


def take_legacy_arguments(cls: type, learning_rate: LearningRate, others: dict) -> Any:
    """Returns the learning rate that results from `learning_rate`, `lr` and `decay`.

    Keras 2 divided the learning rate by `1 + decay * iterations`, which is an `InverseTimeDecay`.

    Args:
        cls: The class of the optimizer, for messages and its parameters.
        learning_rate: The argument `learning_rate`, or its default.
        others: Keyword arguments that are not parameters of the constructor.

    Raises:
        ArgumentTypeError: If an argument is unknown.
        ArgumentError: If both `lr` and `learning_rate` are given, or `decay` is invalid.
    """
    _refuse_unknown(cls, others)
    if "lr" in others:
        learning_rate = _from_lr(cls, learning_rate, others["lr"])
    if others.get("decay") is not None:
        learning_rate = _with_decay(cls, learning_rate, others["decay"])
    return learning_rate


def check_epsilon(where: str, epsilon: object) -> float:
    """Returns an epsilon >= 0; None, the default in Keras 2, becomes `config.epsilon()`.

    Args:
        where: Prefix of messages, such as the class name.
        epsilon: The argument.

    Raises:
        ArgumentTypeError: If it is neither a number nor None.
        ArgumentError: If it is out of range.

    Example:
        >>> check_epsilon("Adam", 1e-7)
        1e-07
    """
    if epsilon is None:
        warn_legacy(f"`{where}(epsilon=None)`", f"`epsilon={config.epsilon()!r}`, or nothing")
        epsilon = config.epsilon()
    return check_number(where, "epsilon", epsilon, minimum=0)


def _refuse_unknown(cls: type, others: dict) -> None:
    allowed = list(_parameters(cls))
    for name in others:
        if name not in ("lr", "decay"):
            close = near_name(name, allowed)
            hint = f" Did you mean `{close}`?" if close else ""
            raise ArgumentTypeError(
                f"{cls.__name__}: unknown argument `{name}`.{hint} "
                f"Allowed: {', '.join(allowed)}. Received: {name}={brief(others[name])}"
            )


def _parameters(cls: type) -> dict[str, inspect.Parameter]:
    """The named parameters of a class, including those it passes on to its base classes."""
    found: dict[str, inspect.Parameter] = {}
    for base in cls.__mro__:
        if "__init__" in vars(base) and base is not object:
            for name, parameter in list(inspect.signature(base.__init__).parameters.items())[1:]:
                if parameter.kind is not parameter.VAR_KEYWORD:
                    found.setdefault(name, parameter)
    return found


def _from_lr(cls: type, learning_rate: object, lr: object) -> object:
    default = _parameters(cls)["learning_rate"].default
    if learning_rate is not default and not (isinstance(learning_rate, float) and learning_rate == default):
        raise ArgumentError(
            f"{cls.__name__}: `lr` is the older name of `learning_rate`; give only one of them. "
            f"Received: learning_rate={brief(learning_rate)}, lr={brief(lr)}"
        )
    # Keras 2 accepted integers too, as in `Adadelta(lr=1)`.
    value = check_learning_rate(cls.__name__, float(lr) if type(lr) is int else lr)
    if isinstance(value, float) and value > 0:
        warn_legacy(f"`lr={lr!r}`", f"`learning_rate={value!r}`")
    else:
        warn_legacy("`lr`", "`learning_rate`")
    return value


def _with_decay(cls: type, learning_rate: object, decay: object) -> object:
    decay = check_number(cls.__name__, "decay", decay, minimum=0)
    if not isinstance(learning_rate, float):
        raise ArgumentError(
            f"{cls.__name__}: `decay` can only be combined with a number as learning rate; "
            f"put the decay into the schedule. Received: learning_rate={brief(learning_rate)}, decay={brief(decay)}"
        )
    if decay == 0:
        warn_legacy(f"`decay={decay!r}`", "no replacement: it has no effect")
        return learning_rate
    schedule = f"InverseTimeDecay({learning_rate!r}, decay_steps=1, decay_rate={decay!r})"
    warn_legacy(f"`decay={decay!r}`", f"`learning_rate=minikeras.optimizers.schedules.{schedule}`")
    return InverseTimeDecay(learning_rate, decay_steps=1, decay_rate=decay)
