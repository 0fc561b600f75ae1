"""Seeds of random draws: integers, seed generators, and the global generator.

A draw is a pure function of its seed. The state of a `SeedGenerator`, which advances with every draw, is a variable,
so that a replayed training step draws new values each time.
"""

from typing import Any, Self

import numpy as np

from ..engine import naming
from ..engine.dispatch import apply
from ..engine.primitive import Primitive
from ..engine.replicas import Replicas, sharing
from ..engine.shapes_only import is_shapes_only
from ..engine.trace import current_trace
from ..engine.variable import Variable
from ..errors import ArgumentError, brief
from ..ops import add, multiply
from ..tracebacks import Filtered
from ..typing import Tensor

_SEED_LIMIT = 2**32  # seeds are stored as uint32
_GOLDEN = 2654435769  # 2^32 by the golden ratio: its multiples are far apart
_STEP = np.array([0, 1], "uint32")
_JUMP_LIMIT = np.array(933199, "uint32")


class SeedGenerator(Filtered):
    """Generates a deterministic sequence of seeds from an initial seed.

    Args:
        seed: Initial seed, an integer in [0, 2^32); drawn from Python's `random` if None.
        name: Name of the generator; generated if None.

    Raises:
        ArgumentError: If the seed is something else.

    Attributes:
        state: A variable of shape (2,) and dtype uint32: the seed, and the number of draws.

    Source: https://keras.io/api/random/seed_generator/

    Example:
        >>> generator = SeedGenerator(7)
        >>> generator.next(), generator.next()
        (array([7, 0], dtype=uint32), array([7, 1], dtype=uint32))
    """

    def __init__(self, seed: int | None = None, name: str | None = None):
        value = make_default_seed() if seed is None else check_seed(seed, "SeedGenerator")
        self.name = name or naming.unique_name(naming.to_snake_case(SeedGenerator.__name__))
        self._initial_seed = seed
        with naming.name_scope(self.name):
            self.state = Variable(_as_array(value), dtype="uint32", trainable=False, name="seed_generator_state")

    def next(self, ordered: bool = True) -> Tensor:
        """Returns the next seed and advances the state.

        Args:
            ordered: Whether to count the draws; otherwise the next seed, below 933199, is pseudorandom.

        Returns:
            A tensor of shape (2,) and dtype uint32.
        """
        # The product copies the seed before the state advances; the sum is then written into the state.
        seed = multiply(self.state, 1)
        if ordered:
            self.state.assign_add(_STEP)
        else:
            self.state.assign((self.state + 1) * 5387 % _JUMP_LIMIT)
        return seed

    def get_config(self) -> dict[str, Any]:
        """Returns the constructor arguments."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates a generator from its config."""
        return cls(**config)


class _GlobalSeedGenerator(SeedGenerator):
    """The generator behind `seed=None`.

    It lives as long as the program, since replayed steps refer to its state; after `set_random_seed` it reseeds at its
    next use, in a replayed step too.
    """

    def __init__(self):
        super().__init__()
        self.is_stale = False

    def next(self, ordered: bool = True) -> Tensor:
        apply(_RESTART, self.state, generator=self)
        return super().next(ordered)

    def restart(self) -> None:
        """Reseeds if `set_random_seed` was called since the last draw."""
        if self.is_stale:
            self.is_stale = False
            np.copyto(self.state.buffer, _as_array(make_default_seed()))


def _restart_kernel(state: np.ndarray, generator: _GlobalSeedGenerator) -> np.ndarray:
    generator.restart()
    return state.copy()


_RESTART = Primitive(
    "restart_global_seed",
    _restart_kernel,
    shape=lambda state, generator: (state.shape, state.dtype),
    effect=True,
)

_global: dict[str, _GlobalSeedGenerator] = {}
_defaults: dict = {}


def global_seed_generator() -> SeedGenerator:
    """Returns the generator for draws without a seed."""
    if "generator" not in _global:
        _global["generator"] = _GlobalSeedGenerator()
    return _global["generator"]


def reset_global_seed_generator() -> None:
    """Makes the global generator reseed from Python's `random` at its next use."""
    if "generator" in _global:
        _global["generator"].is_stale = True


def global_seed_state() -> np.ndarray | None:
    """Returns the state of the global generator, or None if it was never used."""
    generator = _global.get("generator")
    return None if generator is None else np.append(generator.state.numpy(), np.uint32(generator.is_stale))


def set_global_seed_state(state: np.ndarray) -> None:
    """Restores the state of the global generator.

    Args:
        state: A state returned by `global_seed_state`.
    """
    generator = global_seed_generator()
    generator.state.assign(state[:2])
    generator.is_stale = bool(state[2])


def share_random(replicas: Replicas) -> None:
    """Gives all processes the global random states of process 0: of numpy, Python and the draws without a seed.

    Args:
        replicas: The processes.
    """
    import random

    own = (np.random.get_state(), random.getstate(), global_seed_state()) if replicas.rank == 0 else None
    numpy_state, python_state, seed = replicas.group.broadcast(own, "the random states")
    np.random.set_state(numpy_state)
    random.setstate(python_state)
    if seed is not None:
        set_global_seed_state(seed)


def make_default_seed() -> int:
    """Draws a default seed: from Python's `random`, or from the generator set by `seed_defaults`."""
    if "source" in _defaults:
        return _defaults["source"].randint(1, 10**9)
    import random

    return random.randint(1, 10**9)


def seed_defaults(seed: int | None) -> None:
    """Draws default seeds from a separate generator instead of Python's `random`.

    Args:
        seed: The seed of that generator; None returns to Python's `random`.
    """
    import random

    _defaults.pop("source", None)
    if seed is not None:
        _defaults["source"] = random.Random(seed)
    reset_global_seed_generator()


def check_seed(seed: object, where: str) -> int:
    """Returns a valid integer seed as a Python integer.

    Raises:
        ArgumentError: If it is not.
    """
    if not isinstance(seed, int):
        raise ArgumentError(
            f"`{where}` expects `seed` to be an integer, a `SeedGenerator` or None. "
            f"Received: seed={brief(seed)} (of type {type(seed).__name__})"
        )
    if not 0 <= seed < _SEED_LIMIT:
        raise ArgumentError(f"`{where}` expects a seed in [0, {_SEED_LIMIT}). Received: seed={brief(seed)}")
    return seed


def draw_seed(seed: object, where: str) -> Tensor:
    """Returns the seed for one draw.

    Args:
        seed: An integer (deterministic), a `SeedGenerator`, or None for the global generator.
        where: The name of the sampler, for error messages.

    Returns:
        A tensor of shape (2,) and dtype uint32.

    Raises:
        ArgumentError: If the seed is something else.
    """
    if is_shapes_only():
        return _as_array(0)  # shape inference draws nothing
    if seed is None:
        return _of_process(global_seed_generator().next(ordered=False))
    if isinstance(seed, SeedGenerator):
        return _of_process(seed.next())
    return _as_array(check_seed(seed, where))


def _of_process(seed: Tensor) -> Tensor:
    """Returns the seed of this process, if several share a training step; process 0 keeps the seed itself.

    So each draws other numbers for its rows, while the states of all generators stay equal. Initial values, which are
    never drawn in a trace, are the same everywhere.
    """
    replicas = sharing("train")
    if replicas is None or not replicas.rank or current_trace() is None:
        return seed
    return add(seed, np.array([replicas.rank * _GOLDEN % _SEED_LIMIT, 0], "uint32"))


def _as_array(seed: int) -> np.ndarray:
    return np.array([seed, 0], "uint32")
