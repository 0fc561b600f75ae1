"""Batch renormalization: training that normalizes nearly as inference does."""

from collections.abc import Mapping
from typing import Any, Unpack

from ... import ops
from ...argument_checks import as_bool, bad_argument, check_number
from ...engine.dtypes import dtype_of
from ...engine.replicas import sharing
from ...engine.variable import Variable
from ...errors import ArgumentError, ArgumentTypeError
from ...initializers import Initializer
from ...ops.common.allreduce import has_rows
from ...typing import InitializerLike, LayerArguments, Shape, Tensor
from .affine import Affine

_BOUNDS = ("rmax", "rmin", "dmax")


class Renormalization(Affine):
    """The base of `BatchNormalization` that corrects batch moments towards their moving averages.

    `y = (x_hat * r + d) * gamma + beta`, where `x_hat` is normalized by the batch, and `r = stddev / renorm_stddev` and
    `d = (mean - renorm_mean) / renorm_stddev` are constants for the gradient.

    Args:
        center: Whether to add the offset `beta`.
        scale: Whether to multiply by the scale `gamma`.
        renorm: Whether to renormalize.
        renorm_clipping: Bounds of the corrections: "rmin" and "rmax" of r, "dmax" of the absolute value of d.
        renorm_momentum: Momentum of `renorm_mean` and `renorm_stddev`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If the bounds are invalid.

    Source: https://keras.io/api/layers/normalization_layers/batch_normalization/,
        Ioffe 2017, https://arxiv.org/abs/1702.03275
    """

    moving_mean: Variable
    moving_variance: Variable
    momentum: float
    epsilon: float
    synchronized: bool

    def __init__(
        self,
        center: bool,
        scale: bool,
        renorm: bool,
        renorm_clipping: Mapping[str, float] | None,
        renorm_momentum: float,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(center, scale, **kwargs)
        where = type(self).__name__
        self.renorm = as_bool(where, "renorm", renorm)
        bounds = _checked_bounds(where, renorm_clipping)
        self.renorm_clipping = bounds if bounds or not self.renorm else {}
        self.renorm_momentum = check_number(where, "renorm_momentum", renorm_momentum)
        self.moving_stddev = self.renorm_mean = self.renorm_stddev = None

    def _add_statistics(self, shape: Shape, mean: InitializerLike, variance: InitializerLike) -> None:
        """Creates the moving averages and, if the layer renormalizes, those of standard deviation and corrections."""
        made = {"moving_mean": mean, "moving_variance": variance}
        if self.renorm:
            made |= {"moving_stddev": _root(variance), "renorm_mean": _clone(mean), "renorm_stddev": _root(variance)}
        for name, initializer in made.items():
            setattr(self, name, self.add_weight(shape, initializer, trainable=False, autocast=False, name=name))

    def _corrections(self, mean: Tensor, variance: Tensor) -> tuple[Tensor, Tensor]:
        """Returns r and d, which broadcast as mean and variance of the batch do."""
        shape, dtype = ops.shape(mean), dtype_of(mean)
        old_mean, old_stddev = (
            ops.reshape(ops.cast(each, dtype), shape) for each in (self.renorm_mean, self.renorm_stddev)
        )
        old_stddev = ops.maximum(old_stddev, self.epsilon**0.5)  # it may be 0 early in training
        r, d = self._stddev(variance) / old_stddev, (mean - old_mean) / old_stddev
        bounds = self.renorm_clipping
        if bounds.get("rmin") is not None:
            r = ops.maximum(r, bounds["rmin"])
        if bounds.get("rmax") is not None:
            r = ops.minimum(r, bounds["rmax"])
        if bounds.get("dmax") is not None:
            d = ops.clip(d, -bounds["dmax"], bounds["dmax"])
        return ops.stop_gradient(r), ops.stop_gradient(d)

    def _stddev(self, variance: Tensor) -> Tensor:
        return ops.sqrt(variance + self.epsilon)

    def _update_statistics(self, mean: Tensor, variance: Tensor) -> None:
        """Moves all averages towards the moments of a batch."""
        if not self.renorm:
            self._move("moving_mean", mean, self.momentum)
            self._move("moving_variance", variance, self.momentum)
            return
        stddev = self._stddev(variance)
        self._move("renorm_mean", mean, self.renorm_momentum)
        self._move("renorm_stddev", stddev, self.renorm_momentum)
        self._move("moving_mean", mean, self.momentum)
        moved = self._move("moving_stddev", stddev, self.momentum)
        self.moving_variance.assign(ops.relu(moved * moved - self.epsilon))  # rounded, it may be negative

    def _move(self, name: str, new: Tensor, momentum: float) -> Tensor:
        """Moves an average, and returns its new value."""
        average = getattr(self, name)
        value = ops.cast(average, dtype_of(new)) * momentum + ops.reshape(new, average.shape) * (1.0 - momentum)
        if sharing() is not None and not self.synchronized:
            # A process without rows of the batch has computed a row of another one.
            value = ops.where(has_rows(dtype_of(new)) > 0, value, ops.cast(average, dtype_of(new)))
        average.assign(value)
        return value


def _checked_bounds(where: str, bounds: Any) -> dict[str, float] | None:
    if bounds is None:
        return None
    if not isinstance(bounds, Mapping):
        raise bad_argument(where, "renorm_clipping", bounds, f"None or a dict of {_BOUNDS}", ArgumentTypeError)
    for name, value in bounds.items():
        if name not in _BOUNDS:
            raise bad_argument(where, "renorm_clipping", dict(bounds), f"a dict with the keys {_BOUNDS}")
        if value is not None:
            check_number(
                where, f"renorm_clipping[{name!r}]", value, minimum=0 if name == "dmax" else None, finite=False
            )
    low, high = bounds.get("rmin"), bounds.get("rmax")
    if low is not None and high is not None and low > high:
        raise ArgumentError(
            f"{where}: `rmin` of `renorm_clipping` must not be larger than `rmax`. Received: rmin={low}, rmax={high}"
        )
    return dict(bounds)


def _clone(initializer: Any) -> Any:
    return initializer.clone() if isinstance(initializer, Initializer) else initializer


def _root(initializer: Any) -> Any:
    """Returns an initializer of the square roots of what another one returns."""
    return lambda shape, dtype=None: ops.sqrt(_clone(initializer)(shape, dtype=dtype))
