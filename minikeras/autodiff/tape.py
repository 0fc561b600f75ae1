"""TensorFlow's GradientTape, on the traces of the engine.

Outside of any step a tape opens an eager trace. Inside a step that is being traced, as in a custom `train_step`, it
refers to a range of the running trace, so that the step can still be replayed.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from .. import ops
from ..engine import tree
from ..engine.dispatch import operand, watch
from ..engine.dtypes import dtype_of, is_inexact
from ..engine.gradients import dependents, pull_back, tensors_of
from ..engine.tensor import Tensor as TracedTensor
from ..engine.trace import Trace, current_trace
from ..engine.variable import Variable
from ..errors import (
    ArgumentError,
    ArgumentTypeError,
    NotSupportedError,
    ShapeError,
    StateError,
    TraceError,
    brief,
    unknown_name,
    warn_user,
)
from ..graph.keras_tensor import KerasTensor
from ..tracebacks import Filtered
from ..typing import Nested, Tensor, TensorLike
from .values import delivered

_HINT = (
    "Python operators and numpy functions on plain arrays are computed by numpy, where no tape can record "
    "them. Write `x = tape.watch(x)` and use that tensor, or use functions of `minikeras.ops`."
)


class GradientTape(Filtered):
    """Records operations for automatic differentiation.

    Inside the `with` block, results of operations on variables or watched tensors are traced. They behave like arrays,
    also after the block. Trainable variables are watched automatically.

    Args:
        persistent: Whether gradients can be computed more than once.
        watch_accessed_variables: Whether trainable variables are watched automatically.

    Source: https://www.tensorflow.org/api_docs/python/tf/GradientTape

    Example:
        >>> from minikeras import Variable, ops
        >>> v = Variable([1.0, 2.0])
        >>> with GradientTape() as tape:
        ...     loss = ops.sum(v**3)
        >>> float(loss), tape.gradient(loss, v)
        (9.0, array([ 3., 12.], dtype=float32))

        A gradient of a gradient, with respect to an array:

        >>> x = np.float32([1.0, 2.0])
        >>> with GradientTape() as outer:
        ...     x = outer.watch(x)
        ...     with GradientTape() as inner:
        ...         y = inner.watch(x) ** 3
        ...     slope = inner.gradient(y, x)
        >>> outer.gradient(slope, x)
        array([ 6., 12.], dtype=float32)
    """

    _records_numpy = True

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True):
        self._persistent = bool(persistent)
        self._watches_variables = bool(watch_accessed_variables)
        self._trace: Trace | None = None
        self._recording = self._opened_trace = self._used = False
        self._parts: list[list[int]] = []  # ranges of recorded entries of the trace: start and stop
        self._watched: list[np.ndarray | Tensor | Variable] = []

    # ---------------------------------------------------------------- recording

    def __enter__(self) -> "GradientTape":
        if self._recording:
            raise StateError("The tape is already recording, so it cannot be entered again.")
        running = current_trace()
        if self._trace is None:
            self._trace = Trace(eager=True, records_numpy=self._records_numpy) if running is None else running
            self._trace.tapes += 1
            self._parts, self._watched = [], []  # a used tape starts afresh
        elif running is not self._trace and (running is not None or not self._trace.eager):
            raise TraceError("The tape was entered again in a different step or tape.")
        self._opened_trace = running is None
        if self._opened_trace:
            self._trace.__enter__()
        self._start_part()
        return self

    def __exit__(self, *exception: object) -> None:
        if self._recording:
            self._stop()

    def _start_part(self) -> None:
        self._recording = True
        self._parts.append([len(self._trace.entries)] * 2)

    def _end_part(self) -> None:
        self._parts[-1][1] = len(self._trace.entries)
        self._recording = False

    def _stop(self) -> None:
        self._end_part()
        if self._opened_trace:
            self._trace.__exit__()

    def _indices(self) -> Sequence[int]:
        """Returns the indices of the entries recorded so far."""
        if self._recording:
            self._parts[-1][1] = len(self._trace.entries)
        ranges = [range(*part) for part in self._parts]
        return ranges[0] if len(ranges) == 1 else [index for each in ranges for index in each]

    def watch(self, tensor: Any) -> Any:
        """Watches tensors that are not trainable variables.

        A plain array is traced wherever that very array is passed to a layer or a function of `minikeras.ops`.
        Python operators on it are computed by numpy; on the returned tensor, they are recorded too.

        Args:
            tensor: A floating-point array, variable or tensor, or a nested structure of them.

        Returns:
            The traced tensor of each, in the same structure.

        Raises:
            StateError: If the tape is not recording.
            ArgumentTypeError: If it contains anything else.
        """
        self._require_recording("watch")
        values = tree.flatten(tensor)
        for value in values:
            if not isinstance(value, (np.ndarray, TracedTensor, Variable, KerasTensor)):
                raise ArgumentTypeError(
                    "`watch` expects arrays, variables or tensors. Convert numbers with `ops.convert_to_tensor`. "
                    f"Received: {brief(value)}"
                )
        return tree.pack_like(tensor, [self._watch(value) for value in values])

    def _watch(self, value: "np.ndarray | Tensor | Variable") -> object:
        if not is_inexact(dtype_of(value)):
            warn_user(f"Only floats have gradients: a tensor of dtype {dtype_of(value)} is not watched.", UserWarning)
            return value
        if isinstance(value, KerasTensor):
            return value
        value = self._own(value)
        self._watched.append(value)
        if isinstance(value, np.ndarray):
            return watch(self._trace, value)
        return value.value if isinstance(value, Variable) else value

    def _own(self, value: object) -> object:
        """Returns a tensor of another tape as an array, a constant for this one."""
        return value.current().array if isinstance(value, TracedTensor) and value.trace is not self._trace else value

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Context manager that pauses recording.

        Raises:
            StateError: If the tape is not recording.

        Example:
            >>> from minikeras import Variable
            >>> v = Variable(3.0)
            >>> with GradientTape() as tape:
            ...     y = v * v
            ...     with tape.stop_recording():
            ...         z = v * v
            >>> print(tape.gradient([y, z], v))
            6.0
        """
        self._require_recording("stop_recording")
        self._end_part()
        try:
            yield
        finally:
            self._start_part()

    def reset(self) -> None:
        """Clears everything recorded and watched so far.

        Raises:
            StateError: If the tape is not recording.
        """
        self._require_recording("reset")
        self._parts, self._watched = [], []
        self._start_part()

    def watched_variables(self) -> tuple[Variable, ...]:
        """Returns the variables watched by the tape, including trainable ones that were used."""
        watched = {id(value): value for value in self._watched if isinstance(value, Variable)}
        if self._watches_variables and self._trace is not None:
            inputs = [self._trace.entries[index].inputs for index in self._indices()]
            used = {value for values in inputs for value in values if isinstance(value, TracedTensor)}
            for variable, reads in self._trace.past_reads.items():
                if variable.trainable and not used.isdisjoint(reads):
                    watched.setdefault(id(variable), variable)
        return tuple(watched.values())

    def _require_recording(self, method: str) -> None:
        if not self._recording:
            raise StateError(f"`{method}` needs a recording tape: call it inside the `with` block.")

    def __del__(self) -> None:
        self._release()

    def _release(self) -> None:
        """Releases the trace; its last tape releases the values."""
        trace, self._trace = getattr(self, "_trace", None), None
        if trace is not None:
            trace.tapes -= 1
            if trace.eager and not trace.active and not trace.tapes:
                trace.clear()

    # ---------------------------------------------------------------- gradients

    def gradient(
        self,
        target: Nested[TensorLike],
        sources: Any,
        output_gradients: TensorLike | None = None,
        unconnected_gradients: str = "none",
    ) -> Any:
        """Computes gradients of recorded operations.

        Args:
            target: A tensor, or a nested structure of tensors; their elements are summed.
            sources: Variables, watched or traced tensors, or a nested structure of them.
            output_gradients: Upstream gradient of each target, with its shape; ones by default.
            unconnected_gradients: Gradient of sources that no target depends on: "none" or "zero".

        Returns:
            The gradients, with the structure and shapes of the sources: traced tensors while a step or another tape is
            recording, symbolic ones if the target is symbolic, else numpy arrays.

        Raises:
            TraceError: If a target was not recorded, or a non-persistent tape is used again.
            ArgumentError: If an argument is invalid.
        """
        if any(isinstance(value, KerasTensor) for value in tree.flatten(target)):
            return tree.map_structure(lambda source: KerasTensor(tuple(source.shape), dtype_of(source)), sources)
        targets = self._targets(target)
        seeds: dict[TracedTensor, object] = {}
        for value, seed in zip(targets, _output_gradients(target, targets, output_gradients), strict=True):
            seeds[value] = ops.add(seeds[value], seed) if value in seeds else seed
        check_unconnected(unconnected_gradients)
        (found,) = self._pull([seeds], sources)
        return self._finished(found, sources, unconnected_gradients, lambda shape: shape)

    def jacobian(
        self,
        target: Nested[TensorLike],
        sources: Any,
        unconnected_gradients: str = "none",
        parallel_iterations: None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Computes the Jacobian of a target with respect to the sources.

        It takes one reverse pass for each element of the target.

        Args:
            target: A tensor.
            sources: Variables, watched or traced tensors, or a nested structure of them.
            unconnected_gradients: Jacobian of sources that the target does not depend on: "none" or "zero".
            parallel_iterations: Must be None.
            experimental_use_pfor: Must be True.

        Returns:
            For each source, a tensor of shape `target.shape + source.shape`.

        Raises:
            TraceError: As `gradient`.

        Example:
            >>> from minikeras import Variable
            >>> v = Variable([1.0, 2.0])
            >>> with GradientTape() as tape:
            ...     y = v * v
            >>> tape.jacobian(y, v)
            array([[2., 0.],
                   [0., 4.]], dtype=float32)
        """
        value = self._only_target("jacobian", target, parallel_iterations, experimental_use_pfor)
        check_unconnected(unconnected_gradients)
        seeds = np.eye(value.size, dtype=value.dtype).reshape(-1, *value.shape)
        found = self._pull([{value: seed} for seed in seeds], sources)
        joined = [_stacked(column, 0) for column in zip(*found, strict=True)]
        return self._finished(joined, sources, unconnected_gradients, lambda shape: (*value.shape, *shape))

    def batch_jacobian(
        self,
        target: Nested[TensorLike],
        source: TensorLike,
        unconnected_gradients: str = "none",
        parallel_iterations: None = None,
        experimental_use_pfor: bool = True,
    ) -> Tensor:
        """Computes the Jacobian of each sample of a batch; samples must not depend on each other.

        Args:
            target: A tensor of shape `(batch, ...)`.
            source: A variable, watched or traced tensor of shape `(batch, ...)`.
            unconnected_gradients: The result if the target does not depend on the source: "none" or "zero".
            parallel_iterations: Must be None.
            experimental_use_pfor: Must be True.

        Returns:
            A tensor of shape `(batch, *target.shape[1:], *source.shape[1:])`.

        Raises:
            TraceError: As `gradient`.
            ShapeError: If target and source do not have at least two axes and the same batch size.

        Example:
            >>> x = np.float32([[1.0, 2.0], [3.0, 4.0]])
            >>> with GradientTape() as tape:
            ...     x = tape.watch(x)
            ...     y = x * x
            >>> tape.batch_jacobian(y, x).tolist()
            [[[2.0, 0.0], [0.0, 4.0]], [[6.0, 0.0], [0.0, 8.0]]]
        """
        value = self._only_target("batch_jacobian", target, parallel_iterations, experimental_use_pfor)
        check_unconnected(unconnected_gradients)
        shape = tuple(source.shape)
        if min(value.ndim, len(shape)) < 2 or value.shape[0] != shape[0]:
            raise ShapeError(
                "`batch_jacobian` expects a target and a source of at least two axes, the first one the batch. "
                f"Received shapes: {value.shape} and {shape}"
            )
        seeds = np.eye(value[0].size, dtype=value.dtype).reshape(-1, 1, *value.shape[1:])
        found = self._pull([{value: np.broadcast_to(seed, value.shape)} for seed in seeds], source)
        joined = [_stacked(column, 1) for column in zip(*found, strict=True)]
        return self._finished(joined, source, unconnected_gradients, lambda shape: (*value.shape, *shape[1:]))

    def _only_target(self, method: str, target: object, parallel_iterations: object, use_pfor: object) -> Tensor:
        if parallel_iterations is not None or use_pfor is not True:
            raise NotSupportedError(
                f"`{method}` supports the defaults only. Received: parallel_iterations={brief(parallel_iterations)}, "
                f"experimental_use_pfor={brief(use_pfor)}"
            )
        targets = self._targets(target)
        if len(targets) != 1 or not targets[0].size:
            raise ArgumentError(f"`{method}` expects one target with elements. Received: {brief(target)}")
        return targets[0]

    def _targets(self, target: object) -> list[Tensor]:
        if self._trace is None:
            raise TraceError(
                "A non-persistent tape computes one set of gradients or Jacobians. Create it with `persistent=True`."
                if self._used
                else "The tape has recorded nothing yet: compute the target inside its `with` block."
            )
        if not self._trace.active and not self._trace.eager:
            raise TraceError("The step that the tape recorded is over. Compute the gradients inside the step.")
        return [self._target(value) for value in tree.flatten(target)]

    def _target(self, value: object) -> Tensor:
        found = value
        if isinstance(value, (np.ndarray, Variable)):
            found = (tensors_of(value, self._trace) or [None])[-1]
        if not isinstance(found, TracedTensor) or found.trace is not self._trace:
            raise TraceError(
                f"The target was not recorded on the tape: {brief(value)} does not depend on anything watched. {_HINT}"
            )
        if "float" not in dtype_of(found):
            raise ArgumentTypeError(f"Only floats have gradients. Received: a target of dtype {found.dtype}")
        return found

    def _pull(self, seeds: list[dict[Tensor, object]], sources: object) -> list[list]:
        """Returns the gradients of the sources for each dict of output gradients."""
        values = [self._own(source) for source in tree.flatten(sources)]
        for value in values:
            if not isinstance(value, (np.ndarray, TracedTensor, Variable)):
                raise ArgumentTypeError(f"`sources` must be variables or watched tensors. Received: {brief(value)}")
        if self._recording and not self._persistent:
            self._stop()
        indices = self._indices()
        followed = self._followed(indices)
        wanted = [[each for each in tensors_of(value, self._trace) if each in followed] for value in values]
        with np.errstate(all="ignore"):  # gradient rules on plain arrays emit no warnings, as in a trace
            found = [pull_back(self._trace, each, wanted, indices) for each in seeds]
        for value, tensors, gradient in zip(values, wanted, found[0], strict=True):
            if gradient is None and isinstance(value, np.ndarray) and tensors:
                self._warn_if_unused(tensors, indices)
        return found

    def _followed(self, indices: Sequence[int]) -> set[Tensor]:
        roots = [each for value in self._watched for each in tensors_of(value, self._trace)]
        if self._watches_variables:
            reads = self._trace.past_reads.items()
            roots += [each for variable, tensors in reads if variable.trainable for each in tensors]
        return dependents(self._trace, roots, indices)

    def _warn_if_unused(self, tensors: list[Tensor], indices: Sequence[int]) -> None:
        if len(dependents(self._trace, tensors, indices)) == len(tensors):
            warn_user(f"Nothing that the tape recorded used a watched array. {_HINT}", UserWarning)

    def _finished(self, found: list, sources: object, unconnected: str, shape: Callable[[tuple], tuple]) -> object:
        trace, results = self._trace, []
        for gradient, source in zip(found, tree.flatten(sources), strict=True):
            size = shape(tuple(source.shape))
            if gradient is None and unconnected == "zero":
                gradient = np.zeros(size, dtype_of(source))
            results.append(gradient if gradient is None else delivered(ops.reshape(gradient, size), trace))
        if not self._persistent:
            self._used, self._watched = True, list(self.watched_variables())
            self._release()
        return tree.pack_like(sources, results)


def check_unconnected(value: object) -> None:
    """Checks the argument `unconnected_gradients`.

    Raises:
        UnknownNameError: If it is neither "none" nor "zero".
    """
    if value not in ("none", "zero"):
        raise unknown_name("value of `unconnected_gradients`", value, ("none", "zero"))


def _output_gradients(target: object, targets: list[Tensor], given: object) -> Iterable:
    if given is None:
        return [ops.ones_like(value) for value in targets]
    seeds = tree.flatten(given) if isinstance(target, (list, tuple, dict)) else [given]
    seeds = [operand(seed) for seed in seeds]
    if [tuple(seed.shape) for seed in seeds] != [value.shape for value in targets]:
        raise ShapeError(
            f"`output_gradients` needs a gradient of the shape of each target: {[value.shape for value in targets]}. "
            f"Received shapes: {[tuple(seed.shape) for seed in seeds]}"
        )
    return [ops.cast(seed, value.dtype) for seed, value in zip(seeds, targets, strict=True)]


def _stacked(parts: Sequence, axis: int) -> object:
    return None if any(part is None for part in parts) else ops.stack(parts, axis)
