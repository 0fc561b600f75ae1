"""Running the callbacks of one call of `fit`, `evaluate` or `predict` at little cost to the loop.

The loop calls two hooks per step, and most callbacks override neither. So the list knows which hooks do something,
skips all others, and evaluates the logs only if a callback reads them.
"""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cache, partial
from typing import Any

from minikeras.callbacks.callback import Callback
from minikeras.callbacks.history import History
from minikeras.callbacks.logs import Logs, python_logs
from minikeras.callbacks.progbar_logger import ProgbarLogger
from minikeras.errors import ArgumentTypeError, StateError, brief

# The batch hooks, with the older name that the empty version of each calls.
_BATCH_HOOKS = {
    "on_batch_begin": None,
    "on_batch_end": None,
    "on_train_batch_begin": "on_batch_begin",
    "on_train_batch_end": "on_batch_end",
    "on_test_batch_begin": None,
    "on_test_batch_end": None,
    "on_predict_batch_begin": None,
    "on_predict_batch_end": None,
}


class CallbackList(Callback):
    """Calls a hook of several callbacks in order.

    `BackupAndRestore` comes first when training begins, and last at the end of batches and epochs: its backups include
    what all others have done.

    Which callbacks override a batch hook is looked up when the list is made and each time an epoch, a training, an
    evaluation or a prediction begins. The hooks take `logs` as a dict, as a function that returns one, or as `None`.
    Those of a batch call the function at most once, and only if a callback looks at the logs; all others give every
    callback a dict.

    Args:
        callbacks: A callback, or a list or tuple of callbacks, which may be nested.
        add_history: Whether to add a `History` if there is none.
        add_progbar: Whether to add a `ProgbarLogger` if there is none.
        model: The model.
        **params: Passed to `set_params` of every callback; `fit` passes `verbose`, `epochs` and `steps`.

    Raises:
        ArgumentTypeError: If something in `callbacks` is not a `Callback`.

    Source:
        https://keras.io/api/callbacks/base_callback/

    Example:
        >>> history = History()
        >>> callbacks = CallbackList([history], verbose=0, epochs=1, steps=2)
        >>> callbacks.on_train_begin()
        >>> callbacks.on_epoch_begin(0)
        >>> callbacks.on_train_batch_end(0, lambda: {"loss": 0.5})  # nobody looks: the function is not called
        >>> callbacks.on_epoch_end(0, {"loss": 0.5})
        >>> callbacks.on_train_end()
        >>> history.history
        {'loss': [0.5]}
    """

    def __init__(
        self,
        callbacks: Any = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        super().__init__()
        self.callbacks: list[Callback] = [] if callbacks is None else _flatten(callbacks)
        if add_history and self._last_of(History) is None:
            self.callbacks.append(History())
        if add_progbar and self._last_of(ProgbarLogger) is None:
            self.callbacks.append(ProgbarLogger())
        self._begun = 0
        self._fixed: list[Callback] | None = None  # those whose batch hooks are those that were found
        try:
            self.set_model(model)
            self.set_params(params)
        except BaseException:
            self.close()  # callbacks may have opened files
            raise
        self._find_batch_hooks()

    def set_params(self, params: Mapping[str, Any]) -> None:
        """Calls `set_params` of every callback, unless the dict is empty.

        Args:
            params: Dict with `verbose`, `epochs` and `steps`.
        """
        super().set_params(params)
        if params:
            for callback in self.callbacks:
                callback.set_params(params)

    def set_model(self, model: Any) -> None:
        """Calls `set_model` of every callback, and sets the `history` of the model.

        Args:
            model: The model; `None` has no effect.
        """
        if model is None:
            return
        super().set_model(model)
        history = self._last_of(History)
        if history is not None:
            model.history = history
        for callback in self.callbacks:
            callback.set_model(model)

    def close(self) -> None:
        """Lets callbacks clean up, such as end the line of a progress bar, however the loop ended.

        Example:
            >>> CallbackList(add_progbar=True).close()
        """
        with ExitStack() as stack:  # all are called, even if one raises an error
            for callback in reversed(self.callbacks):
                stack.callback(callback._close)

    def _close(self) -> None:
        self.close()  # a list may contain another

    def batch_hook(self, name: str) -> Callable[[int, Logs], None] | None:
        """Returns the function to call for a batch hook until the next epoch begins; None if no callback overrides it.

        Args:
            name: The name of the hook, such as "on_train_batch_end".

        Example:
            >>> CallbackList(History()).batch_hook("on_train_batch_end") is None
            True
        """
        if _function(getattr(self, name)) is not getattr(CallbackList, name):
            return getattr(self, name)  # overridden in a subclass
        return self._batch_hooks[name]

    def kinds(self) -> list[str]:
        """Returns the names of the classes of the callbacks, without the progress bar.

        Example:
            >>> CallbackList(History()).kinds()
            ['History']
        """
        return [type(callback).__name__ for callback in self.callbacks if not isinstance(callback, ProgbarLogger)]

    def watches(self, name: str) -> bool:
        """Returns whether callbacks other than the progress bar run around the steps.

        Args:
            name: The kind of steps: "train_batch", "test_batch" or "predict_batch".

        Example:
            >>> CallbackList(History()).watches("train_batch")
            False
        """
        own = (ProgbarLogger, History)
        callbacks = [callback for callback in self.callbacks if not isinstance(callback, own)]
        return any(_overrides(callback, f"on_{name}_{end}") for callback in callbacks for end in ("begin", "end"))

    def on_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Calls `on_batch_begin` of every callback that overrides it."""
        self._call_batch_hook("on_batch_begin", batch, logs)

    def on_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Calls `on_batch_end` of every callback that overrides it."""
        self._call_batch_hook("on_batch_end", batch, logs)

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Calls `on_train_batch_begin` of every callback that overrides it."""
        self._call_batch_hook("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Calls `on_train_batch_end` of every callback that overrides it."""
        self._call_batch_hook("on_train_batch_end", batch, logs)

    def on_test_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Calls `on_test_batch_begin` of every callback that overrides it."""
        self._call_batch_hook("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Calls `on_test_batch_end` of every callback that overrides it."""
        self._call_batch_hook("on_test_batch_end", batch, logs)

    def on_predict_batch_begin(self, batch: int, logs: Logs = None) -> None:
        """Calls `on_predict_batch_begin` of every callback that overrides it."""
        self._call_batch_hook("on_predict_batch_begin", batch, logs)

    def on_predict_batch_end(self, batch: int, logs: Logs = None) -> None:
        """Calls `on_predict_batch_end` of every callback that overrides it."""
        self._call_batch_hook("on_predict_batch_end", batch, logs)

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        """Calls `on_epoch_begin` of every callback."""
        logs = python_logs(logs)
        for callback in self.callbacks:
            callback.on_epoch_begin(epoch, logs)
        self._find_batch_hooks()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Calls `on_epoch_end` of every callback."""
        logs = python_logs(logs)
        for callback in self._inside_out():
            callback.on_epoch_end(epoch, logs)

    def on_train_begin(self, logs: Logs = None) -> None:
        """Calls `on_train_begin` of every callback."""
        surrounding = self._surrounding()
        others = [callback for callback in self.callbacks if not callback._surrounds]
        for callback in surrounding:
            callback._surround(others)
        self._begin("on_train_begin", [*surrounding, *others], logs)
        for callback in surrounding:
            callback._after_train_begin()
        self._find_batch_hooks()

    def on_train_end(self, logs: Logs = None) -> None:
        """Calls `on_train_end` of every callback.

        Raises:
            StateError: If the matching begin hook was not called.
        """
        self._end("on_train_end", self._inside_out(), logs)

    def on_test_begin(self, logs: Logs = None) -> None:
        """Calls `on_test_begin` of every callback."""
        self._begin("on_test_begin", self.callbacks, logs)

    def on_test_end(self, logs: Logs = None) -> None:
        """Calls `on_test_end` of every callback.

        Raises:
            StateError: If the matching begin hook was not called.
        """
        self._end("on_test_end", self.callbacks, logs)

    def on_predict_begin(self, logs: Logs = None) -> None:
        """Calls `on_predict_begin` of every callback."""
        self._begin("on_predict_begin", self.callbacks, logs)

    def on_predict_end(self, logs: Logs = None) -> None:
        """Calls `on_predict_end` of every callback.

        Raises:
            StateError: If the matching begin hook was not called.
        """
        self._end("on_predict_end", self.callbacks, logs)

    def resume(self) -> None:
        """Lets `BackupAndRestore` restore the state in the middle of an epoch, after its begin hooks.

        Example:
            >>> CallbackList().resume()
        """
        for callback in self._surrounding():
            callback._resume()

    def _surrounding(self) -> list[Any]:
        return [callback for callback in self.callbacks if callback._surrounds]

    def _inside_out(self) -> list[Callback]:
        """Returns the callbacks in order, with those last that run after all others."""
        return sorted(self.callbacks, key=lambda callback: callback._surrounds)

    def _last_of(self, kind: type[Callback]) -> Any:
        found = [callback for callback in self.callbacks if isinstance(callback, kind)]
        return found[-1] if found else None

    def _call_batch_hook(self, name: str, batch: int, logs: Logs) -> None:
        hook = self._batch_hooks[name]
        if hook is not None:
            hook(batch, logs)

    def _begin(self, name: str, callbacks: list[Any], logs: Logs) -> None:
        self._begun += 1
        logs = python_logs(logs)
        for callback in callbacks:
            getattr(callback, name)(logs)
        self._find_batch_hooks()

    def _end(self, name: str, callbacks: list[Any], logs: Logs) -> None:
        if self._begun == 0:
            raise StateError(
                f"CallbackList: expected {name.replace('_end', '_begin')} to be called before {name}, "
                f"received {name} without it. Call them in pairs."
            )
        self._begun -= 1
        logs = python_logs(logs)
        for callback in callbacks:
            getattr(callback, name)(logs)

    def _find_batch_hooks(self) -> None:
        callbacks = self._inside_out()
        fixed = [callback for callback in callbacks if _has_fixed_hooks(callback)]
        if len(fixed) == len(callbacks) and fixed == self._fixed:
            return
        self._fixed = fixed
        self._batch_hooks = {name: _batch_hook(name, callbacks) for name in _BATCH_HOOKS}


def _has_fixed_hooks(callback: Callback) -> bool:
    """Tells whether a callback overrides the same batch hooks at any time: none on the object, and no idle ones."""
    kind = type(callback)
    is_plain = kind._idle_hooks is Callback._idle_hooks and kind._late_hooks is Callback._late_hooks
    return is_plain and vars(callback).keys().isdisjoint(_BATCH_HOOKS)


def _batch_hook(name: str, callbacks: list[Callback]) -> Callable[[int, Logs], None] | None:
    """Returns a function that calls a hook of all callbacks that override it; `None` if none does."""
    found = [callback for callback in callbacks if _overrides(callback, name)]
    methods = [getattr(callback, name) for callback in found]
    if not methods:
        return None
    # The progress bar reads its logs only when it redraws; a subclass may read them always.
    if all(_function(getattr(callback, name)) in callback._late_hooks() for callback in found):
        return methods[0] if len(methods) == 1 else partial(_run_late, methods)
    return partial(_run, methods)


def _run(methods: list[Callable], batch: int, logs: Logs) -> None:
    logs = python_logs(logs)
    for method in methods:
        method(batch, logs=logs)


def _run_late(methods: list[Callable], batch: int, logs: Logs) -> None:
    logs = cache(logs) if callable(logs) else logs  # evaluated at most once
    for method in methods:
        method(batch, logs)


def _overrides(callback: Callback, name: str) -> bool:
    """Tells whether the hook is overridden: in a class, on the object, or under its older name."""
    function = _function(getattr(callback, name))
    if function is not getattr(Callback, name):
        return function not in callback._idle_hooks()
    older = _BATCH_HOOKS[name]
    return older is not None and _overrides(callback, older)


def _function(method: Any) -> Any:
    return getattr(method, "__func__", None)


def _flatten(callbacks: Any) -> list[Callback]:
    """Returns the callbacks in nested lists, tuples and dicts (sorted by key) as a flat list."""
    if type(callbacks) is CallbackList:
        callbacks = callbacks.callbacks
    if isinstance(callbacks, Callback):
        return [callbacks]
    if isinstance(callbacks, dict):
        callbacks = [callbacks[key] for key in sorted(callbacks)]
    if isinstance(callbacks, (list, tuple)):
        return [callback for entry in callbacks for callback in _flatten(entry)]
    if isinstance(callbacks, type) and issubclass(callbacks, Callback):
        fix = f"Write {callbacks.__name__}(...) to create an instance."
    else:
        fix = "Derive its class from minikeras.callbacks.Callback."
    raise ArgumentTypeError(
        "CallbackList: expected `callbacks` to be a Callback, or a list of them; "
        f"received {brief(callbacks)} of type {type(callbacks).__name__}. {fix}"
    )
