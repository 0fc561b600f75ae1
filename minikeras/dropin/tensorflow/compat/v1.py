"""`tf.compat.v1`, as far as Keras scripts use it: settings, seeds and logging, but no sessions and graphs."""

import logging as _logging
from typing import Any

from ....errors import NotSupportedError, warn_legacy
from ..random import set_seed

__all__ = [
    "ConfigProto",
    "GPUOptions",
    "InteractiveSession",
    "Session",
    "disable_eager_execution",
    "disable_v2_behavior",
    "enable_eager_execution",
    "enable_v2_behavior",
    "executing_eagerly",
    "logging",
    "reset_default_graph",
    "set_random_seed",
]


def set_random_seed(seed: int) -> None:
    """Sets the global seed; now `tf.random.set_seed`."""
    warn_legacy("`tf.compat.v1.set_random_seed`", "`tf.random.set_seed`")
    set_seed(seed)


def executing_eagerly() -> Any:
    """Returns True: outside `fit`, everything runs eagerly."""
    return True


def enable_eager_execution(*args: Any, **kwargs: Any) -> None:
    """Does nothing: everything runs eagerly anyway."""


enable_v2_behavior = enable_eager_execution


def disable_eager_execution() -> None:
    """Warns that functions run eagerly all the same; `fit` replays its steps."""
    warn_legacy("`tf.compat.v1.disable_eager_execution()`", "no replacement: minikeras has no other execution mode")


disable_v2_behavior = disable_eager_execution


def reset_default_graph() -> None:
    """Does nothing: there is no default graph."""


class GPUOptions:
    """Accepts any option without effect: there is no GPU.

    Args:
        **options: Such as `allow_growth`.
    """

    def __init__(self, **options: Any):
        vars(self).update(options)


class ConfigProto:
    """Accepts any option without effect: there are no sessions to configure.

    Args:
        **options: Such as `allow_soft_placement`.
    """

    def __init__(self, **options: Any):
        self.gpu_options = GPUOptions()
        vars(self).update(options)


class Session:
    """A session that can only be created and closed, as scripts do to configure GPU memory.

    Args:
        target: Ignored.
        graph: Ignored.
        config: A `ConfigProto`.
    """

    def __init__(self, target: str = "", graph: Any = None, config: Any = None):
        warn_legacy("`tf.compat.v1.Session(...)`", "no replacement: it has no effect")

    def run(self, *args: Any, **kwargs: Any) -> None:
        """Raises an error: there are no graphs to run.

        Raises:
            NotSupportedError: Always.
        """
        raise NotSupportedError(
            "minikeras has no graphs that a session would run. Call functions and models, or use "
            "`keras.backend.function`."
        )

    def close(self) -> None:
        """Does nothing."""

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *details: object) -> None:
        self.close()


InteractiveSession = Session


class logging:
    """`tf.compat.v1.logging`: functions of the logger of TensorFlow."""

    DEBUG, INFO, WARN, WARNING, ERROR, FATAL = 10, 20, 30, 30, 40, 50

    @staticmethod
    def set_verbosity(v: Any) -> None:
        """Sets the threshold of the logger."""
        _logging.getLogger("tensorflow").setLevel(v)

    @staticmethod
    def get_verbosity() -> int:
        """Returns the threshold of the logger."""
        return _logging.getLogger("tensorflow").getEffectiveLevel()

    @staticmethod
    def info(msg: str, *args: Any) -> None:
        """Logs a message."""
        _logging.getLogger("tensorflow").info(msg, *args)

    @staticmethod
    def warning(msg: str, *args: Any) -> None:
        """Logs a warning."""
        _logging.getLogger("tensorflow").warning(msg, *args)

    warn = warning

    @staticmethod
    def error(msg: str, *args: Any) -> None:
        """Logs an error."""
        _logging.getLogger("tensorflow").error(msg, *args)
