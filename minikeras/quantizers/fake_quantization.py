"""Fake quantization: floats are rounded as if they were quantized, in training that is aware of it."""

from .. import ops
from ..argument_checks import as_bool, check_int
from ..engine.dtypes import dtype_of
from ..engine.registry import op
from ..errors import ShapeError
from ..typing import Tensor, TensorLike


@op("keras.src.quantizers.quantizers.FakeQuantWithMinMaxVars", settings="num_bits narrow_range axis")
def fake_quant_with_min_max_vars(
    inputs: TensorLike,
    min_vals: TensorLike,
    max_vals: TensorLike,
    num_bits: int = 8,
    narrow_range: bool = False,
    axis: int | None = None,
) -> Tensor:
    """Rounds values to the levels of an interval, with a gradient as if they were only clipped.

    The interval is moved a little, so that 0 is one of the levels.
    `scale = (max - min) / (2**num_bits - 1)`, `output = round((clip(input, min, max) - min) / scale) * scale + min`

    Args:
        inputs: The values.
        min_vals: The lower end of the interval; with `axis` one for each index of it, shape (size,).
        max_vals: The upper end, likewise.
        num_bits: The number of bits of a level.
        narrow_range: Whether there are `2**num_bits - 1` levels, instead of `2**num_bits`.
        axis: The axis along which the interval differs; None: there is one interval.

    Returns:
        The rounded values, of the shape and dtype of the inputs. Their gradient passes to the inputs within the
        interval, to its lower end for those below and to its upper end for those above.

    Raises:
        ShapeError: If the inputs have no such axis.

    Source: https://keras.io/api/quantizers/, Jacob et al. 2017, https://arxiv.org/abs/1712.05877

    Example:
        >>> fake_quant_with_min_max_vars([-1.0, 0.3, 0.8], 0.0, 0.75, num_bits=2)
        array([0.  , 0.25, 0.75], dtype=float32)
    """
    where = "fake_quant_with_min_max_vars"
    num_bits = check_int(where, "num_bits", num_bits, minimum=2)
    narrow_range = as_bool(where, "narrow_range", narrow_range)
    inputs, low, high = map(ops.convert_to_tensor, (inputs, min_vals, max_vals))
    rank = len(inputs.shape)
    if axis is not None:
        if not -rank <= axis < rank:
            raise ShapeError(f"{where}: expected an axis of the inputs, which have {rank}. Received: axis={axis}")
        axis %= rank
        along = tuple(inputs.shape[axis] if each == axis else 1 for each in range(rank))
    dtype = dtype_of(inputs)

    @ops.custom_gradient
    def rounded(x: Tensor, low: Tensor, high: Tensor) -> tuple:
        shapes = low.shape, high.shape
        if axis is not None:
            low, high = ops.reshape(low, along), ops.reshape(high, along)
        bottom, top, scale = _nudged(low, high, num_bits, narrow_range)
        wide = ops.cast(x, dtype_of(bottom))
        inside = ops.logical_and(ops.greater_equal(wide, bottom), ops.less_equal(wide, top))
        steps = ops.divide(ops.subtract(ops.clip(wide, bottom, top), bottom), scale)
        # Halves are rounded up, and the bottom is added as a multiple of the scale, as TensorFlow does.
        levels = ops.subtract(ops.floor(ops.add(steps, 0.5)), ops.round(ops.divide(ops.negative(bottom), scale)))

        def gradient(upstream: Tensor) -> tuple:
            others = None if axis is None else tuple(each for each in range(rank) if each != axis)

            def of_end(outside: Tensor, shape: tuple) -> Tensor:
                return ops.reshape(ops.sum(ops.where(outside, upstream, 0), axis=others), shape)

            return (
                ops.where(inside, upstream, 0),
                of_end(ops.less(wide, bottom), shapes[0]),
                of_end(ops.greater(wide, top), shapes[1]),
            )

        return ops.cast(ops.multiply(levels, scale), dtype), gradient

    return rounded(inputs, low, high)


def _nudged(low: Tensor, high: Tensor, num_bits: int, narrow_range: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Returns the ends of the interval, moved so that 0 is a level; and the distance of the levels."""
    low, high = (ops.cast(each, "float64" if dtype_of(each) == "float64" else "float32") for each in (low, high))
    first, last = int(narrow_range), 2**num_bits - 1
    scale = ops.divide(ops.subtract(high, low), last - first)
    zero = ops.round(ops.clip(ops.subtract(first, ops.divide(low, scale)), first, last))
    return ops.multiply(ops.subtract(first, zero), scale), ops.multiply(ops.subtract(last, zero), scale), scale
