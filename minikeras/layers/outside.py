"""Layers that others call without tracking them, so that a model neither trains nor saves their weights.

A layer created in `call` is a new one in each call; one that the function of a `Lambda` closes over belongs to no
layer. Calls are recorded here and checked when a model is trained or saved: until then the layer may have become a part
of the model.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from weakref import ref

from ..engine.weak_tables import WeakTable
from ..errors import warn_user

_MOST = 8  # recorded for one caller: there may be a new layer in each call


class _Call(NamedTuple):
    """A layer that was called.

    Attributes:
        layer: A weak reference to it.
        where: Its description for warnings, which says if it is created in each call.
    """

    layer: ref
    where: str


_calls: WeakTable[dict[int, _Call]] = WeakTable()


def note_call(callers: list, layer: Any) -> None:
    """Records the call of a layer with trainable weights that none of its callers tracks.

    Args:
        callers: The layers being called, the innermost last.
        layer: The layer that was called; it is built.
    """
    if callers[-1]._tracker.holds(layer):
        return  # the usual case, without a search
    noted = _calls.get(callers[-1]) or {}
    if id(layer) in noted or len(noted) >= _MOST or not layer.trainable_weights:
        return
    if any(layer is held for caller in reversed(callers) for held in caller._walk()):
        return
    made = ", which it makes anew in each call" if "_made_in_call" in vars(layer) else ""
    _calls.set(callers[-1], {**noted, id(layer): _Call(ref(layer), layer._where() + made)})


def warn_of_outside(model: Any) -> None:
    """Warns about layers with trainable weights that are called inside a model without being a part of it.

    Args:
        model: The model.
    """
    if not _calls:
        return
    inside = {id(layer): layer for layer in model._walk()}
    for caller in inside.values():
        for where in _outside(_calls.get(caller) or {}, inside):
            warn_user(
                f"{caller._where()} calls {where}. It is no part of {model._where()}: its weights are neither "
                "trained nor saved. Make it in `__init__` and set it as an attribute of the layer that calls it, or "
                "call it in the graph of the model; layers that a `Lambda` would call belong in a custom layer. "
                "If it is not to be trained, set its `trainable` to False.",
                UserWarning,
            )


def _outside(noted: dict[int, _Call], inside: dict[int, Any]) -> Iterator[str]:
    for call in noted.values():
        layer = call.layer()
        if layer is None or (id(layer) not in inside and layer.trainable_weights):
            yield call.where
