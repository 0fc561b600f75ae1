"""Attention block by block of queries, forward and backward, without the logits of all queries at a time.

The backward pass computes the weights of each block again, which takes less memory than to keep them. As in flash
attention (Dao et al. 2022, https://arxiv.org/abs/2205.14135), but all keys of a query are in one block: a row of logits
is no larger than what it is computed from.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from ...compiler.threads.blas_threads import on_one_thread
from ...compiler.threads.parallel_products import allowed_threads
from ...compiler.threads.workers import WORKERS
from ...engine.dispatch import apply
from ...engine.primitive import Primitive, Spec, broadcast_shapes
from ...typing import Tensor
from ..arithmetic import add, multiply, subtract
from ..conversion import cast
from ..products import matmul
from ..reductions import sum
from ..shaping import swapaxes
from .attention_weights import allowed, attention_weights, hidden_keys, logits_gradient, lowest_logit, normalize
from .broadcasting import unbroadcast
from .packing import Packed

_LOGITS = 1 << 18  # of a block


class _Blocks:
    """The weights of blocks of queries, one after the other in the same memory.

    Args:
        query: Shape (batch, queries, heads, depth).
        key: Shape (batch, keys, heads, depth).
        bias: Broadcasts to (batch, heads, queries, keys).
        mask: Likewise.
        scale: What the logits are multiplied by.
        is_causal: Whether query i may only attend to keys 0 to i.
        given: "b" if there is a bias, and "m" if there is a mask.
    """

    def __init__(
        self,
        query: np.ndarray,
        key: np.ndarray,
        bias: np.ndarray,
        mask: np.ndarray,
        *,
        scale: float,
        is_causal: bool,
        given: str,
    ):
        batch, queries, heads, _ = query.shape
        keys = key.shape[1]
        shape = batch, heads, queries, keys
        self._key, self._is_causal = key, is_causal
        self._query = np.multiply(query, query.dtype.type(scale))
        self._bias = np.broadcast_to(bias, shape) if "b" in given else None
        self._mask = np.broadcast_to(mask, shape) if "m" in given else None
        self._rows = max(1, min(queries, _LOGITS // max(1, keys)))
        self._memory = np.empty((self._rows, keys), query.dtype)
        self.shape, self.scratch = shape, np.empty((self._rows, keys), query.dtype)

    def of(
        self, places: Sequence[tuple[int, int]]
    ) -> Iterator[tuple[tuple[int, int], slice, slice, np.ndarray, np.ndarray | None]]:
        """Yields the place, the queries and the keys of each block, its weights, and where no key is allowed.

        Args:
            places: Pairs of an example and a head.
        """
        _, _, queries, keys = self.shape
        for place in places:
            for start in range(0, queries, self._rows):
                stop = min(start + self._rows, queries)
                # Later keys have the weight 0, unless a mask leaves a query no key, which then attends to all of them.
                end = min(stop, keys) if self._is_causal and self._mask is None else keys
                yield place, slice(start, stop), slice(0, end), *self._weights(place, start, stop, end)

    def _weights(self, place: tuple[int, int], start: int, stop: int, end: int) -> tuple[np.ndarray, np.ndarray | None]:
        example, head = place
        logits = self._memory[: stop - start, :end]
        np.matmul(self._query[example, start:stop, head], self._key[example, :end, head].T, logits)
        if self._bias is not None:
            np.add(logits, self._bias[example, head, start:stop, :end], logits)
        hidden = None
        if self._mask is not None:
            hidden = ~self._mask[example, head, start:stop, :end]
        lowest = logits.dtype.type(lowest_logit(logits.dtype))
        if hidden is not None:
            np.copyto(logits, lowest, where=hidden)
        if self._is_causal:
            later = hidden_keys(stop - start, end, start)
            np.copyto(logits, lowest, where=later)
            hidden = hidden if hidden is None else hidden | later
        normalize(logits)
        return logits, hidden

    def scaled_query(self, place: tuple[int, int], rows: slice) -> np.ndarray:
        """Returns queries, multiplied by the scale."""
        return self._query[place[0], rows, place[1]]


def _share_out(compute: Callable[[Sequence[tuple[int, int]]], None], batch: int, heads: int, threads: int) -> None:
    """Computes all examples and heads on several threads, each with one BLAS thread."""
    places = list(np.ndindex(batch, heads))
    threads = max(1, min(threads, len(places)))
    parts = [places[len(places) * i // threads : len(places) * (i + 1) // threads] for i in range(threads)]
    tasks = [partial(compute, part) for part in parts]
    on_one_thread(tasks[0] if threads == 1 else partial(WORKERS.run, tasks))()


def _kernel(
    query: np.ndarray, key: np.ndarray, value: np.ndarray, bias: np.ndarray, mask: np.ndarray, **params: Any
) -> np.ndarray:
    out = np.empty((*query.shape[:3], value.shape[-1]), query.dtype)

    def compute(places: Sequence[tuple[int, int]]) -> None:
        for (example, head), rows, keys, weights, _ in _Blocks(query, key, bias, mask, **params).of(places):
            out[example, rows, head] = weights @ value[example, keys, head]

    _share_out(compute, query.shape[0], query.shape[2], allowed_threads())
    return out


def _gradients_kernel(
    g: np.ndarray,
    query: np.ndarray,
    key: np.ndarray,
    value: np.ndarray,
    bias: np.ndarray,
    mask: np.ndarray,
    *,
    scale: float,
    **params: Any,
) -> list[np.ndarray]:
    found = [np.zeros_like(each) for each in (query, key, value, bias)]
    of_query, of_key, of_value, of_bias = found
    has_bias = "b" in params["given"]

    def compute(places: Sequence[tuple[int, int]]) -> None:
        blocks = _Blocks(query, key, bias, mask, scale=scale, **params)
        for (example, head), rows, keys, weights, hidden in blocks.of(places):
            of_output = g[example, rows, head]
            slope = blocks.scratch[: weights.shape[0], : weights.shape[1]]
            np.matmul(of_output, value[example, keys, head].T, slope)
            of_value[example, keys, head] += weights.T @ of_output
            np.subtract(slope, np.einsum("ij,ij->i", slope, weights)[:, None], slope)
            np.multiply(slope, weights, slope)
            if hidden is not None:
                np.copyto(slope, slope.dtype.type(0), where=hidden)
            if has_bias:
                _add_broadcast(of_bias, slope, example, head, rows, keys)
            of_query[example, rows, head] = slope @ key[example, keys, head]
            of_key[example, keys, head] += slope.T @ blocks.scaled_query((example, head), rows)

    # Heads and examples may share a bias, and one thread adds their gradients in the same order each time.
    _share_out(compute, query.shape[0], query.shape[2], 1 if has_bias else allowed_threads())
    np.multiply(of_query, of_query.dtype.type(scale), of_query)
    return found


def _add_broadcast(total: np.ndarray, term: np.ndarray, example: int, head: int, rows: slice, keys: slice) -> None:
    """Adds the gradients of a block of logits to those of a bias, summed over the axes along which it is broadcast."""
    total = total.reshape((1,) * (4 - total.ndim) + total.shape)
    part = total[example if total.shape[0] > 1 else 0, head if total.shape[1] > 1 else 0]
    axes = tuple(axis for axis in (0, 1) if part.shape[axis] == 1)
    term = term.sum(axes, keepdims=True) if axes else term
    part[rows if part.shape[0] > 1 else slice(None), keys if part.shape[1] > 1 else slice(None)] += term


def _gradient_shapes(g: tuple, query: tuple, key: tuple, value: tuple, bias: tuple, mask: tuple, **_: Any) -> tuple:
    return query, key, value, bias


def _second_gradients(
    grads: Sequence[Tensor],
    _: Sequence[Tensor],
    g: Tensor,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    bias: Tensor,
    mask: Tensor,
    *,
    scale: float,
    **params: Any,
) -> list:
    """The gradients of the gradients, from the weights of all queries and keys.

    With the weights `p`, their gradient `t = g value^T` and that of the logits `s = p (t - sum(p t))`, the gradients
    are `scale s key`, `scale s^T query`, `p^T g` and `s`.
    """
    p = attention_weights(query, key, bias, mask, scale=scale, **params)
    factor, given = cast(scale, p.dtype), params["given"]
    for_logits = partial(allowed, mask=mask, given=given, is_causal=params["is_causal"])
    g, query, key, value = (swapaxes(each, 1, 2) for each in (g, query, key, value))
    for_query, for_key, for_value = (swapaxes(each, 1, 2) for each in grads[:3])
    t = matmul(g, swapaxes(value, 2, 3))
    s = for_logits(logits_gradient(t, p))
    of_s = add(matmul(for_query, swapaxes(key, 2, 3)), matmul(query, swapaxes(for_key, 2, 3)))
    of_s = multiply(of_s, factor)
    of_s = for_logits(add(of_s, grads[3]) if "b" in given else of_s)
    along = sum(multiply(of_s, p), axis=-1, keepdims=True)
    of_t = multiply(p, subtract(of_s, along))
    of_p = subtract(multiply(of_s, subtract(t, sum(multiply(p, t), axis=-1, keepdims=True))), multiply(along, t))
    of_p = add(of_p, matmul(g, swapaxes(for_value, 2, 3)))
    of_logits = for_logits(logits_gradient(of_p, p))
    of_g = add(matmul(of_t, value), matmul(p, for_value))
    of_query = multiply(add(matmul(s, for_key), matmul(of_logits, key)), factor)
    of_key = add(matmul(swapaxes(s, 2, 3), for_query), matmul(swapaxes(of_logits, 2, 3), query))
    found = of_g, of_query, multiply(of_key, factor), matmul(swapaxes(of_t, 2, 3), g)
    of_bias = unbroadcast(of_logits, bias) if "b" in given else None
    return [*(swapaxes(each, 1, 2) for each in found), of_bias, None]


_GRADIENTS = Packed("attention_gradients", _gradients_kernel, _gradient_shapes, _second_gradients)


def _gradients(g: Tensor, y: Tensor, *inputs: Tensor, given: str, **params: Any) -> list:
    of_query, of_key, of_value, of_bias = _GRADIENTS(g, *inputs, given=given, **params)
    return [of_query, of_key, of_value, of_bias if "b" in given else None, None]


def _rule(query: Spec, key: Spec, value: Spec, bias: Spec, mask: Spec, **params: Any) -> tuple:
    shape = query.shape[0], query.shape[2], query.shape[1], key.shape[1]
    batch, heads, queries, _ = broadcast_shapes(shape, bias.shape, mask.shape)
    return (batch, queries, heads, value.shape[-1]), query.dtype


_ATTEND = Primitive("attention", _kernel, shape=_rule, vjps=_gradients)


def attend_in_blocks(query: Tensor, key: Tensor, value: Tensor, bias: Tensor, mask: Tensor, **params: Any) -> Tensor:
    """Returns the weighted means of the values, shape (batch, queries, heads, depth of values).

    Args:
        query: Shape (batch, queries, heads, depth).
        key: Shape (batch, keys, heads, depth).
        value: Shape (batch, keys, heads, depth of values).
        bias: What is added to the logits, see `attention_weights`, as the next.
        mask: True where a query may attend to a key.
        **params: `scale`, `is_causal` and `given`, see there.
    """
    return apply(_ATTEND, query, key, value, bias, mask, **params)
