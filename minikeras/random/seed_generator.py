"""Where seeds come from: a number, a generator that counts on, or the global generator.

A draw never hides state: it is a function of its seed. What changes from draw to draw is the state of
a `SeedGenerator`, which is a variable, so a replayed training step draws new numbers each time.
"""

from typing import Any, Self

import numpy as np

from ..engine import naming
from ..engine.dispatch import apply
from ..engine.primitive import Primitive
from ..engine.shapes_only import is_shapes_only
from ..engine.variable import Variable
from ..errors import ArgumentError, brief
from ..ops import multiply
from ..tracebacks import Filtered
from ..typing import Tensor

_SEED_LIMIT = 2**32  # seeds are kept as uint32
_STEP = np.array([0, 1], "uint32")
_JUMP_LIMIT = np.array(933199, "uint32")


class SeedGenerator(Filtered):
    """Gives another seed at each draw, always the same ones for the same initial seed.

    Args:
        seed: An integer in [0, 2^32); drawn from Python's `random` if None.
        name: Its name; made automatically if None.

    Raises:
        ArgumentError: If the seed is something else.

    Attributes:
        state: A variable of shape (2,) and dtype uint32: the seed, and how many draws were made.

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
        """Returns the seed of the next draw and moves on.

        Args:
            ordered: True: count the draws. False: jump to a seed below 933199 that looks unrelated.

        Returns:
            A value of shape (2,) and dtype uint32.
        """
        # The product is a copy, taken before the state moves on; then the sum goes right into the state.
        seed = multiply(self.state, 1)
        if ordered:
            self.state.assign_add(_STEP)
        else:
            self.state.assign((self.state + 1) * 5387 % _JUMP_LIMIT)
        return seed

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments that make an equal generator."""
        return {"seed": self._initial_seed, "name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Makes a generator from what `get_config` returned."""
        return cls(**config)


class _GlobalSeedGenerator(SeedGenerator):
    """The generator behind `seed=None`.

    It lives as long as the program, since replayed steps hold on to its state; `set_random_seed` makes
    it take a new seed when it is used next, in a replayed step too.
    """

    def __init__(self):
        super().__init__()
        self.is_stale = False

    def next(self, ordered: bool = True) -> Tensor:
        apply(_RESTART, self.state, generator=self)
        return super().next(ordered)

    def restart(self) -> None:
        """Takes a new seed if `set_random_seed` was called since the last draw."""
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
    """Returns the generator that is used where no seed is given."""
    if "generator" not in _global:
        _global["generator"] = _GlobalSeedGenerator()
    return _global["generator"]


def reset_global_seed_generator() -> None:
    """Lets the global generator take a new seed from Python's `random` when it is used next."""
    if "generator" in _global:
        _global["generator"].is_stale = True


def global_seed_state() -> np.ndarray | None:
    """Returns where the global generator is, for `set_global_seed_state`; None if it was never used."""
    generator = _global.get("generator")
    return None if generator is None else np.append(generator.state.numpy(), np.uint32(generator.is_stale))


def set_global_seed_state(state: np.ndarray) -> None:
    """Puts the global generator where it was.

    Args:
        state: What `global_seed_state` returned.
    """
    generator = global_seed_generator()
    generator.state.assign(state[:2])
    generator.is_stale = bool(state[2])


def make_default_seed() -> int:
    """Draws a seed for what is made without one: from Python's `random`, or as `seed_defaults` said."""
    if "source" in _defaults:
        return _defaults["source"].randint(1, 10**9)
    import random

    return random.randint(1, 10**9)


def seed_defaults(seed: int | None) -> None:
    """Lets the seeds of what is made without one come from a generator of minikeras's own; Python's stays as it is.

    Args:
        seed: The seed of that generator; None: Python's `random` is the generator again.
    """
    import random

    _defaults.pop("source", None)
    if seed is not None:
        _defaults["source"] = random.Random(seed)
    reset_global_seed_generator()


def check_seed(seed: object, where: str) -> int:
    """Returns the seed if it is an integer that can be one.

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
        seed: An integer, which always gives the same draw; a `SeedGenerator`; or None for the global one.
        where: The function that draws, for the error message.

    Returns:
        A value of shape (2,) and dtype uint32.

    Raises:
        ArgumentError: If the seed is something else.
    """
    if is_shapes_only():
        return _as_array(0)  # nothing is drawn
    if seed is None:
        return global_seed_generator().next(ordered=False)
    if isinstance(seed, SeedGenerator):
        return seed.next()
    return _as_array(check_seed(seed, where))


def _as_array(seed: int) -> np.ndarray:
    return np.array([seed, 0], "uint32")
