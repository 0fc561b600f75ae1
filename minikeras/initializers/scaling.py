"""Variance scaling: initializers whose scale depends on the fan-in and fan-out, such as Glorot and He."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from ..argument_checks import check_number
from ..errors import ArgumentError, unknown_name
from ..random import normal, truncated_normal, uniform
from ..random.sampler import size_of
from ..typing import DTypeLike, Seed, ShapeLike
from .initializer import RandomInitializer

Axes = Sequence[int] | None

_MODES = ("fan_in", "fan_out", "fan_avg")
_DISTRIBUTIONS = ("truncated_normal", "uniform", "untruncated_normal")
_TRUNCATED_STDDEV = 0.87962566103423978  # of a standard normal distribution truncated at -2 and 2


class VarianceScaling(RandomInitializer):
    """Draws with variance `scale / n`, where n is the fan-in, the fan-out or their mean.

    `stddev = sqrt(scale / n)`; the uniform distribution has the bounds `+-sqrt(3 scale / n)`.

    Args:
        scale: A positive number.
        mode: `"fan_in"`, `"fan_out"` or `"fan_avg"`: the meaning of n.
        distribution: `"truncated_normal"` (also `"normal"`), `"untruncated_normal"` or `"uniform"`.
        seed: An integer, a `SeedGenerator`, or None for a new seed.
        input_axes: The axes of the weight that count as inputs; given together with `output_axes`.
        output_axes: The axes of the weight that count as outputs.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/initializers/

    Example:
        >>> float(abs(VarianceScaling(scale=3.0, distribution="uniform", seed=1)((9, 99))).max()) <= 1
        True
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Seed = None,
        input_axes: Axes = None,
        output_axes: Axes = None,
    ):
        scale = check_number(type(self).__name__, "scale", scale, above=0, error=ArgumentError)
        if mode not in _MODES:
            raise unknown_name("mode of `VarianceScaling`", mode, _MODES)
        lower = str(distribution).lower()
        lower = "truncated_normal" if lower == "normal" else lower
        if lower not in _DISTRIBUTIONS:
            raise unknown_name("distribution of `VarianceScaling`", distribution, _DISTRIBUTIONS)
        self.scale = scale
        self.mode = mode
        self.distribution = lower
        self.input_axes = input_axes
        self.output_axes = output_axes
        super().__init__(seed)

    def __call__(self, shape: ShapeLike, dtype: DTypeLike | None = None) -> np.ndarray:
        fan_in, fan_out = count_units(shape, self.input_axes, self.output_axes)
        units = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, units)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * variance)
            return uniform(shape, -limit, limit, dtype, self.seed)
        if self.distribution == "untruncated_normal":
            return normal(shape, 0.0, math.sqrt(variance), dtype, self.seed)
        return truncated_normal(shape, 0.0, math.sqrt(variance) / _TRUNCATED_STDDEV, dtype, self.seed)

    def can_wait(self, shape: ShapeLike) -> bool:
        """Returns whether the values do not depend on when it is called, and the call cannot fail."""
        return super().can_wait(shape) and self.input_axes is None

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "scale": self.scale,
            "mode": self.mode,
            "distribution": self.distribution,
            "input_axes": self.input_axes,
            "output_axes": self.output_axes,
        }


class _Preset(VarianceScaling):
    """The base of initializers with a fixed scale, mode and distribution."""

    _scale: float
    _mode: str
    _distribution: str

    def __init__(self, seed: Seed = None, input_axes: Axes = None, output_axes: Axes = None):
        super().__init__(self._scale, self._mode, self._distribution, seed, input_axes, output_axes)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = super().get_config()
        return {name: config[name] for name in ("seed", "input_axes", "output_axes")}


class GlorotUniform(_Preset):
    """Draws from a uniform distribution over `+-sqrt(6 / (fan_in + fan_out))`. Also called Xavier uniform.

    Args:
        seed: An integer, a `SeedGenerator`, or None for a new seed.
        input_axes: The axes of the weight that count as inputs; given together with `output_axes`.
        output_axes: The axes of the weight that count as outputs.

    Source: https://proceedings.mlr.press/v9/glorot10a.html

    Example:
        >>> GlorotUniform(seed=1)((1, 2))
        array([[0.0334366, 1.2741038]], dtype=float32)
    """

    _scale, _mode, _distribution = 1.0, "fan_avg", "uniform"


class GlorotNormal(_Preset):
    """Draws from a truncated normal distribution of variance `2 / (fan_in + fan_out)`. Also called Xavier normal.

    Args:
        seed: An integer, a `SeedGenerator`, or None for a new seed.
        input_axes: The axes of the weight that count as inputs; given together with `output_axes`.
        output_axes: The axes of the weight that count as outputs.

    Source: https://proceedings.mlr.press/v9/glorot10a.html

    Example:
        >>> GlorotNormal(seed=1)((4, 3)).shape
        (4, 3)
    """

    _scale, _mode, _distribution = 1.0, "fan_avg", "truncated_normal"


class HeUniform(_Preset):
    """Draws from a uniform distribution over `+-sqrt(6 / fan_in)`, for ReLU.

    Args:
        seed: An integer, a `SeedGenerator`, or None for a new seed.
        input_axes: The axes of the weight that count as inputs; given together with `output_axes`.
        output_axes: The axes of the weight that count as outputs.

    Source: https://arxiv.org/abs/1502.01852

    Example:
        >>> float(abs(HeUniform(seed=1)((6, 99))).max()) <= 1
        True
    """

    _scale, _mode, _distribution = 2.0, "fan_in", "uniform"


class HeNormal(_Preset):
    """Draws from a truncated normal distribution of variance `2 / fan_in`, for ReLU.

    Args:
        seed: An integer, a `SeedGenerator`, or None for a new seed.
        input_axes: The axes of the weight that count as inputs; given together with `output_axes`.
        output_axes: The axes of the weight that count as outputs.

    Source: https://arxiv.org/abs/1502.01852

    Example:
        >>> HeNormal(seed=1)((4, 3)).dtype
        dtype('float32')
    """

    _scale, _mode, _distribution = 2.0, "fan_in", "truncated_normal"


class LecunUniform(_Preset):
    """Draws from a uniform distribution over `+-sqrt(3 / fan_in)`.

    Args:
        seed: An integer, a `SeedGenerator`, or None for a new seed.
        input_axes: The axes of the weight that count as inputs; given together with `output_axes`.
        output_axes: The axes of the weight that count as outputs.

    Source: https://arxiv.org/abs/1706.02515

    Example:
        >>> float(abs(LecunUniform(seed=1)((3, 99))).max()) <= 1
        True
    """

    _scale, _mode, _distribution = 1.0, "fan_in", "uniform"


class LecunNormal(_Preset):
    """Draws from a truncated normal distribution of variance `1 / fan_in`, for SELU.

    Args:
        seed: An integer, a `SeedGenerator`, or None for a new seed.
        input_axes: The axes of the weight that count as inputs; given together with `output_axes`.
        output_axes: The axes of the weight that count as outputs.

    Source: https://arxiv.org/abs/1706.02515

    Example:
        >>> LecunNormal(seed=1)((4, 3)).shape
        (4, 3)
    """

    _scale, _mode, _distribution = 1.0, "fan_in", "truncated_normal"


def count_units(shape: ShapeLike, input_axes: Axes = None, output_axes: Axes = None) -> tuple[int, int]:
    """Returns the fan-in and fan-out of a weight.

    Args:
        shape: (inputs, outputs) for a dense layer, (..., inputs, outputs) for a convolution, whose
            receptive field multiplies both.
        input_axes: The axes that count as inputs.
        output_axes: The axes that count as outputs; used if both are given.

    Returns:
        The fan-in and the fan-out.

    Example:
        >>> count_units((784, 30)), count_units((3, 3, 8, 16)), count_units((5,))
        ((784, 30), (72, 144), (5, 5))
    """
    shape = size_of(shape, "VarianceScaling")
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[axis] for axis in input_axes), math.prod(shape[axis] for axis in output_axes)
    if len(shape) < 2:
        units = math.prod(shape)
        return units, units
    receptive_field_size = math.prod(shape[:-2])
    return shape[-2] * receptive_field_size, shape[-1] * receptive_field_size
