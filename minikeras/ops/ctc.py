"""Connectionist temporal classification: the probability of a label sequence, summed over its alignments in time.

A path assigns a label or the blank to each time step; merging repeated labels and dropping blanks yields its label
sequence. The states of a path are the labels of the sequence with a blank before, between and after them: `2 n + 1`
for `n` labels. Sums over paths are computed by dynamic programming over states, in the log domain.

Source: Graves et al., 2006, https://www.cs.toronto.edu/~graves/icml_2006.pdf
"""

import math
from dataclasses import dataclass

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive
from ..engine.registry import op
from ..errors import ArgumentError, NotSupportedError, ShapeError
from ..typing import Tensor, TensorLike
from .activations.probabilities import log_softmax
from .arithmetic import multiply, negative
from .common.arguments import as_real, static_shape
from .conversion import cast
from .shaping import expand_dims

# The log probability of a path that ends before its sequence does, as in TensorFlow: a sequence too long for its time
# steps has a large loss, not an infinite one.
_UNFINISHED = math.log(1e-307)


@dataclass
class _Problem:
    """The inputs of the dynamic programs of a batch."""

    letters: np.ndarray  # (batch, states): the class of each state
    observed: np.ndarray  # (batch, time, states): the log probability of that class
    skips: np.ndarray  # (batch, states): 0 where a path may skip the preceding state, else -inf
    final: np.ndarray  # (batch, states): 0 for final states, else `_UNFINISHED`
    steps: np.ndarray  # (batch,): the number of valid time steps


def _problem(log_probs: np.ndarray, target: np.ndarray, lengths: np.ndarray, steps: np.ndarray, blank: int) -> _Problem:
    _check_numbers(log_probs, target, lengths, steps)
    batch, states = len(target), 2 * target.shape[1] + 1
    letters = np.full((batch, states), blank)
    letters[:, 1::2] = np.where(np.arange(target.shape[1]) < lengths[:, None], target, blank)
    dtype = log_probs.dtype
    skips = np.full((batch, states), -np.inf, dtype)
    skips[:, 3::2] = np.where(letters[:, 3::2] == letters[:, 1:-2:2], dtype.type(-np.inf), dtype.type(0))
    positions = np.arange(states)
    ends = (positions == 2 * lengths[:, None]) | (positions == 2 * lengths[:, None] - 1)
    final = np.where(ends, dtype.type(0), dtype.type(_UNFINISHED))
    observed = np.take_along_axis(log_probs, letters[:, None, :], axis=2)
    return _Problem(letters, observed, skips, final, steps)


def _check_numbers(log_probs: np.ndarray, target: np.ndarray, lengths: np.ndarray, steps: np.ndarray) -> None:
    _, time, classes = log_probs.shape
    used = np.where(np.arange(target.shape[1]) < lengths[:, None], target, 0)
    for what, values, most in (
        ("class indices in `target`", used, classes - 1),
        ("`target_length`", lengths, target.shape[1]),
        ("`output_length`", steps, time),
    ):
        if values.size and not (0 <= values.min() and values.max() <= most):
            raise ArgumentError(
                f"`ctc_loss` expects {what} from 0 to {most}. Received: from {values.min()} to {values.max()}"
            )


def _log_sum(x: np.ndarray) -> np.ndarray:
    """Log-sum-exp along the last axis, which is kept; -inf if all elements are."""
    largest = x.max(-1, keepdims=True)
    largest = np.where(np.isfinite(largest), largest, x.dtype.type(0))
    return np.log(np.exp(x - largest).sum(-1, keepdims=True)) + largest


def _normalized(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Normalizes log probabilities; returns them and the log of the normalizing constant."""
    total = _log_sum(x)
    return x - np.where(np.isfinite(total), total, x.dtype.type(0)), total


def _shifted(x: np.ndarray, by: int) -> np.ndarray:
    """Shifts states along the last axis, filling with -inf."""
    result = np.full_like(x, -np.inf)
    if by > 0:
        result[:, by:] = x[:, :-by]
    else:
        result[:, :by] = x[:, -by:]
    return result


def _forward(problem: _Problem) -> tuple[list[np.ndarray], np.ndarray]:
    """The forward variables: the normalized state probabilities at each time step, and the total log probability."""
    batch, time, states = problem.observed.shape
    state = np.full((batch, states), -np.inf, problem.observed.dtype)
    total = np.zeros((batch, 1), problem.observed.dtype)
    found = []
    for step in range(time):
        if step == 0:
            moved = np.full_like(state, -np.inf)
            moved[:, :2] = 0
        else:
            moved = np.logaddexp(state, _shifted(state, 1))
            moved = np.logaddexp(moved, _shifted(state, 2) + problem.skips)
        moved, seen = _normalized(moved + problem.observed[:, step])
        counts = step < problem.steps[:, None]
        state = np.where(counts, moved, state)
        total = total + np.where(counts, seen, total.dtype.type(0))
        found.append(state)
    # Before the first step, only the empty sequence is complete.
    state = np.where(problem.steps[:, None] == 0, np.where(np.arange(states) == 0, total, -np.inf), state)
    return found, (total + _log_sum(state + problem.final))[:, 0]


def _loss_kernel(log_probs: np.ndarray, *integers: np.ndarray, blank: int) -> np.ndarray:
    return -_forward(_problem(log_probs, *integers, blank))[1]


def _occupancy_kernel(log_probs: np.ndarray, *integers: np.ndarray, blank: int) -> np.ndarray:
    """The posterior probability of each class at each time step, given the sequence; 0 after the last step."""
    problem = _problem(log_probs, *integers, blank)
    forward, _ = _forward(problem)
    classes = np.arange(log_probs.shape[2])
    of_class = (problem.letters[:, :, None] == classes).astype(log_probs.dtype)  # (batch, states, classes)
    result = np.zeros_like(log_probs)
    state = problem.final
    skips = _shifted(problem.skips, -2)  # a path may skip to the state after next where that state allows it
    for step in reversed(range(log_probs.shape[1])):
        if step + 1 < log_probs.shape[1]:
            ahead = state + problem.observed[:, step + 1]
            moved = np.logaddexp(ahead, _shifted(ahead, -1))
            moved = np.logaddexp(moved, _shifted(ahead, -2) + skips)
            state = np.where(step + 1 < problem.steps[:, None], _normalized(moved)[0], problem.final)
        probabilities = np.exp(_normalized(forward[step] + state)[0])
        probabilities = np.where(step < problem.steps[:, None], probabilities, log_probs.dtype.type(0))
        result[:, step] = np.matmul(probabilities[:, None, :], of_class)[:, 0]
    return result


def _no_second_gradient(*_: object, **__: object) -> object:
    raise NotSupportedError("`ctc_loss` has no second derivative: its gradient was differentiated.")


_OCCUPANCY = Primitive(
    "ctc_occupancy",
    _occupancy_kernel,
    shape=lambda log_probs, *integers, blank: (log_probs.shape, log_probs.dtype),
    vjps=(_no_second_gradient, None, None, None),
)
_LOSS = Primitive(
    "ctc_loss",
    _loss_kernel,
    shape=lambda log_probs, *integers, blank: (log_probs.shape[:1], log_probs.dtype),
    vjps=(
        lambda g, y, x, *integers, blank: negative(
            multiply(expand_dims(g, (1, 2)), apply(_OCCUPANCY, x, *integers, blank=blank))
        ),
        None,
        None,
        None,
    ),
)


@op("nn.CTCLoss", settings="mask_index")
def ctc_loss(
    target: TensorLike, output: TensorLike, target_length: TensorLike, output_length: TensorLike, mask_index: int = 0
) -> Tensor:
    """Connectionist temporal classification loss: the negative log probability of label sequences.

    `-ln sum_paths prod_t softmax(output_t)[path_t]`, over all alignments of the sequence

    A sequence that is too long to have an alignment gets a loss of about 707 or more. (The gradient is that of this
    value; TensorFlow's counts additional paths.) Second derivatives are not supported.

    Args:
        target: Class indices of the labels, shape (batch, max_length); entries beyond a sequence's length are ignored.
        output: Logits, shape (batch, time, classes).
        target_length: The length of each label sequence, shape (batch,).
        output_length: The number of valid time steps, shape (batch,).
        mask_index: Class index of the blank; negative indices count from the end.

    Returns:
        The loss of each sequence, shape (batch,); float32 for float16 logits.

    Raises:
        ShapeError: If the shapes are incompatible.
        DTypeError: If the logits are complex.
        ArgumentError: If a class index or a length is out of range.

    Source: https://keras.io/api/ops/nn/

    Example:
        >>> scores = np.log(np.float32([[[0.2, 0.8], [0.5, 0.5]]]))
        >>> print(ctc_loss([[1]], scores, [1], [2]))  # -ln(0.8 * 0.5 + 0.8 * 0.5 + 0.2 * 0.5)
        [0.10536057]
    """
    output = as_real(output, "ctc_loss")
    output = cast(output, "float32") if dtype_of(output) == "float16" else output
    integers = [cast(value, "int32") for value in (target, target_length, output_length)]
    _check_shapes(static_shape(output), *map(static_shape, integers))
    classes = static_shape(output)[2]
    if classes is not None and not -classes <= mask_index < classes:
        raise ArgumentError(f"`ctc_loss`: `mask_index` must be one of {classes} classes. Received: {mask_index}")
    blank = int(mask_index) % classes if classes is not None else int(mask_index)
    return apply(_LOSS, log_softmax(output), *integers, blank=blank)


def _check_shapes(output: tuple, target: tuple, target_length: tuple, output_length: tuple) -> None:
    ranks = (len(output), len(target), len(target_length), len(output_length))
    batches = {sizes[0] for sizes in (output, target, target_length, output_length) if sizes and sizes[0] is not None}
    if ranks != (3, 2, 1, 1) or len(batches) > 1:
        raise ShapeError(
            "`ctc_loss` expects `target` of shape (batch, length), `output` of shape (batch, time, classes), "
            "`target_length` and `output_length` of shape (batch,). Received: shapes "
            f"{target}, {output}, {target_length} and {output_length}."
        )
