"""What processes that share a training agree on before it, between its steps, and at the end of an epoch."""

import zlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ..engine import tree
from ..engine.replica_values import MESSAGE, average, share_values
from ..engine.replicas import Replicas, current
from ..errors import NotSupportedError, StateError
from ..losses import Loss
from ..metrics import Metric
from ..random.seed_generator import share_random
from .data import ArrayData, Outputs
from .nested_calls import is_nested
from .shared_data import SharedArrays
from .shared_logs import metric_variables
from .sparse import SparseRows
from .stream import StreamData

_SAMPLE = 64  # rows by which data is compared


def begin(model: Any, method: str, datasets: Iterable[ArrayData | StreamData], **facts: Any) -> None:
    """Sees to it that all processes begin the same training with the same weights: those of process 0.

    Nothing happens in a single process.

    Args:
        model: The model, built as far as it can be.
        method: "fit", "evaluate" or "predict".
        datasets: The data.
        **facts: What else must be the same in all processes.

    Raises:
        StateError: If something is not; in every process.
    """
    replicas = current()
    if replicas is None:
        return
    described = {"the method": method, **{f"`{name}`": value for name, value in facts.items()}}
    for number, data in enumerate(datasets):
        described[f"dataset {number + 1}"] = _described(data)
    trained = set(map(id, model.trainable_variables))
    described["the weights"] = [(each.shape, each.buffer.dtype.name, id(each) in trained) for each in model.variables]
    optimizer = model.optimizer
    if optimizer is not None:
        described["the optimizer"] = type(optimizer).__name__, [each.shape for each in optimizer.variables]
    check_same(replicas, {**described, **_compiled(model)}, f"the start of `{method}`")
    if is_nested():
        return  # the weights are the same, and moving averages those of each process until the epoch ends
    share_state(model, replicas)
    replicas.begun.set(model, True)


def check_compiled(model: Any) -> None:
    """Compares how processes have compiled a model, after a callback has done it during a training.

    Args:
        model: The model.

    Raises:
        StateError: If they differ; in every process.
    """
    replicas = current()
    if replicas is not None:
        check_same(replicas, _compiled(model), "a model that is compiled during a training")


def _compiled(model: Any) -> dict[str, Any]:
    """Returns descriptions of the arguments of `compile`; those of the optimizer are values that it may change."""
    arguments = model._compile_arguments if model.compiled else {}
    shown = {name: value for name, value in arguments.items() if name not in ("optimizer", "jit_compile")}
    return {f"`{name}` of `compile`": tree.map_structure(_named, value) for name, value in shown.items()}


def _named(value: object) -> object:
    """Returns what describes a loss, a metric or another argument alike in all processes."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    kind = getattr(value, "__qualname__", type(value).__name__)
    if not isinstance(value, (Loss, Metric)):
        return kind
    try:
        config = value.get_config()
    except Exception:
        return kind  # a class of the user need not be serializable
    return kind, tree.map_structure(_named, {key: setting for key, setting in config.items() if key != "name"})


def check_same(replicas: Replicas, described: dict[str, Any], purpose: str) -> None:
    """Compares descriptions of what must be the same in all processes.

    Args:
        replicas: The processes.
        described: The descriptions, by what they describe.
        purpose: What they are needed for.

    Raises:
        StateError: If some differ; in every process.
    """
    found = replicas.group.gather({name: repr(value) for name, value in described.items()}, purpose)
    for rank, other in enumerate(found):
        for name in {**found[0], **other}:
            mine, yours = found[0].get(name), other.get(name)
            if mine != yours:
                raise StateError(
                    f"The processes of a training must do the same, but they differ in {name}: {_brief(mine, yours)} "
                    f"in process 0, {_brief(yours, mine)} in process {rank}. Run the same script with the same data "
                    "in all of them."
                )


def _brief(text: str | None, other: str | None) -> str:
    """Returns the part of a long description in which it differs from another one."""
    if text is None or other is None or len(text) <= 200:
        return str(text)
    start = next((i for i, pair in enumerate(zip(text, other, strict=False)) if len(set(pair)) > 1), 0)
    return f"...{text[max(0, start - 40) : start + 120]}..."


def _described(data: ArrayData | StreamData) -> tuple:
    if isinstance(data, StreamData):
        # Streams of their own may have other lengths in each process.
        steps = data.steps if current().shares_streams else None
        return "stream", steps, [(array.shape[1:], array.dtype.name) for array in tree.flatten(data.structure)]
    return data.batch_size, [(array.shape, array.dtype.name, _sampled(array)) for array in data.arrays]


def _sampled(array: np.ndarray | SparseRows) -> int | None:
    """Returns a checksum of some rows."""
    if isinstance(array, SparseRows) or array.dtype.hasobject:
        return None
    return zlib.crc32(np.ascontiguousarray(array[:: max(1, len(array) // _SAMPLE)][:_SAMPLE]).tobytes())


def share_state(model: Any, replicas: Replicas) -> None:
    """Gives all processes the weights, the optimizer state, the seeds and the global random states of process 0.

    Args:
        model: The model.
        replicas: The processes.
    """
    optimizer = model.optimizer
    variables = [*model.variables, *([] if optimizer is None else optimizer.variables)]
    share_values(variables, replicas)
    share_random(replicas)


def sharing_run(model: Any, run: Callable, replicas: Replicas) -> Callable:
    """Returns a function that runs a step; in a process without rows of the batch it leaves the metrics unchanged.

    Args:
        model: The model.
        run: Runs a step of a kind on a batch.
        replicas: The processes.
    """

    def shared(kind: str, batch: Any) -> None:
        if replicas.rows:
            run(kind, batch)
            return
        before = [(variable, variable.buffer.copy()) for variable in metric_variables(model)]
        run(kind, batch)
        known = {id(variable) for variable, _ in before}
        for variable, value in before:
            np.copyto(variable.buffer, value)
        for variable in metric_variables(model):
            if id(variable) not in known:
                variable.buffer[...] = 0

    return shared


def stops(model: Any, name: str, watched: bool) -> Callable[[], bool]:
    """Returns a function that tells after each step whether to stop.

    Processes that share the training agree on it, after each step if callbacks run there, else after the epoch.

    Args:
        model: The model.
        name: The attribute that says so.
        watched: Whether callbacks of the user run between the steps.
    """
    replicas = current()
    if replicas is None:
        return lambda: getattr(model, name)

    def agreed() -> bool:
        if not watched or not replicas.any(getattr(model, name)):
            return False
        setattr(model, name, True)
        return True

    return agreed


def end_epoch(model: Any) -> None:
    """Stops the training in all processes if one of them stops, and waits for all.

    Args:
        model: The model.
    """
    replicas = current()
    if replicas is None:
        return
    if replicas.any(model.stop_training):
        model.stop_training = True
    share_random(replicas)


def resume_alike(model: Any) -> None:
    """Sees to it that all processes begin with the same epoch and batch.

    Args:
        model: The model, after callbacks may have restored it.

    Raises:
        StateError: If they do not, as where only some of them see a backup; in every process.
    """
    replicas = current()
    if replicas is not None:
        position = model._initial_epoch, model._initial_batch, bool(model.stop_training)
        described = {"the epoch and batch to begin with (do all see the backup?)": position}
        check_same(replicas, described, "the first epoch")
        share_random(replicas)


def run_whole(model: Any, kind: str, whole: ArrayData) -> None:
    """Runs a step on a single batch; on the rows of this process if several share it.

    Args:
        model: The model.
        kind: "train" or "test".
        whole: The batch.
    """
    replicas = current()
    if replicas is None:
        model._runner.run(kind, whole.first())
        return
    if not replicas.begun.get(model):
        begin(model, f"{kind}_on_batch", [whole])
    run = sharing_run(model, model._runner.run, replicas)
    for batch in SharedArrays(whole, replicas).batches():
        run(kind, batch)


def end_steps(model: Any) -> None:
    """Averages what processes have accumulated on their own rows, after the steps of an epoch, and checks the weights.

    Args:
        model: The model.

    Raises:
        StateError: If the weights of the processes have become different; in every process.
    """
    replicas = current()
    if replicas is None:
        return
    average(model.non_trainable_weights, replicas)
    share_random(replicas)  # functions of the user may have drawn numbers for the rows of each process
    sums = [(each.path, zlib.crc32(np.ascontiguousarray(each.buffer).tobytes())) for each in model.trainable_variables]
    found = replicas.group.gather(sums, "the weights after an epoch")
    for rank, other in enumerate(found):
        different = [path for (path, mine), (_, yours) in zip(found[0], other, strict=True) if mine != yours]
        if different:
            raise StateError(
                f"The weights {different} of process {rank} are no longer those of process 0, although all update them "
                "with the same gradients. Does a step, or a callback, change weights by what differs between processes?"
            )


def joined(outputs: Outputs, counts: list[int], limit: int = MESSAGE) -> Any:
    """Returns the outputs of `predict` of all processes, in the order of the data.

    Args:
        outputs: Those of this process.
        counts: The rows of this process in each batch.
        limit: The size of what is exchanged at once, in bytes.

    Raises:
        NotSupportedError: If the outputs do not have the examples along their first axis.
    """
    replicas = current()
    if replicas is None:
        return outputs.joined()
    if replicas.any(outputs.has_pieces):
        raise NotSupportedError(
            "`predict`: several processes share the examples of a batch, so outputs need them along their first axis. "
            "Call `predict_on_batch`, which each process computes alone."
        )
    own = outputs.joined() if sum(counts) else None
    size = sum(array.nbytes for array in tree.flatten(own)) if own is not None else 0
    found = replicas.group.gather((counts, size), "the numbers of outputs")
    rounds = max(1, -(-replicas.size * max(size for _, size in found) // limit))
    parts = []
    for part in range(rounds):
        piece = tree.map_structure(lambda array, part=part: np.array_split(array, rounds)[part], own)
        parts.append(replicas.group.gather(None if own is None else piece, "the outputs of `predict`"))
    structure = next(value for value in parts[0] if value is not None)
    leaves = [_concatenated([values[rank] for values in parts]) for rank in range(replicas.size)]
    joint = []
    for index in range(len(tree.flatten(structure))):
        pieces, starts = [], [0] * replicas.size
        for step in range(len(counts)):
            for rank, (own, _) in enumerate(found):
                if own[step]:
                    pieces.append(leaves[rank][index][starts[rank] : starts[rank] + own[step]])
                    starts[rank] += own[step]
        joint.append(np.concatenate(pieces))
    return tree.pack_like(structure, joint)


def _concatenated(parts: list) -> list | None:
    """Returns the arrays of a process whose rows come in parts; None if it has none."""
    if parts[0] is None:
        return None
    columns = zip(*map(tree.flatten, parts), strict=True)
    return [column[0] if len(column) == 1 else np.concatenate(column) for column in columns]
