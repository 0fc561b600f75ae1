"""Lambdas in configs. They have no name to look up, so a config holds their bytecode.

Loading such a config can run arbitrary code, so it is refused unless the user opts in.
"""

import binascii
import builtins
import inspect
import marshal
import threading
import types
from collections.abc import Callable

import numpy as np

from .. import config
from ..errors import ArgumentError, SerializationError, warn_user
from .custom_objects import get_registered_object

_ALWAYS = {"np": np, "numpy": np}  # globals available to every lambda
_scopes = threading.local()


class SafeModeScope:
    """Context manager that sets whether code in configs is refused, in this thread.

    The outermost scope decides, since nested configs are as safe as the whole.

    Args:
        safe_mode: Whether to refuse code.
    """

    def __init__(self, safe_mode: bool):
        self._safe_mode = bool(safe_mode)

    def __enter__(self) -> "SafeModeScope":
        self._outer = getattr(_scopes, "safe_mode", None)
        if self._outer is None:
            _scopes.safe_mode = self._safe_mode
        return self

    def __exit__(self, *exception: object) -> None:
        _scopes.safe_mode = self._outer


def in_safe_mode() -> bool:
    """Returns whether code in configs is refused."""
    return config.is_deserialization_safe() and getattr(_scopes, "safe_mode", None) is not False


def refuse_outside_file(what: str) -> None:
    """Refuses to read a file that is named in a config that is being loaded in safe mode.

    Args:
        what: The object and its file, for the message.

    Raises:
        ArgumentError: If such a config is being loaded.
    """
    if getattr(_scopes, "safe_mode", None) and config.is_deserialization_safe():
        raise ArgumentError(
            f"{what} is outside of the config that is being loaded, and a config may not read arbitrary files. Pass "
            "`safe_mode=False` to the loading function if you trust it."
        )


def is_lambda(value: object) -> bool:
    """Returns whether a value is a lambda.

    Example:
        >>> is_lambda(lambda x: x), is_lambda(is_lambda)
        (True, False)
    """
    return inspect.isfunction(value) and value.__name__ == "<lambda>"


def lambda_config(function: Callable) -> dict:
    """Returns the config of a lambda, which holds its code; warns about it."""
    warn_user(
        "The object being serialized includes a `lambda`, whose code is kept. In order to reload it, you will have to "
        "pass `safe_mode=False` to the loading function. Use a function with a name, decorated with "
        "`@minikeras.saving.register_keras_serializable()`, instead.",
        UserWarning,
    )
    return {"class_name": "__lambda__", "config": {"value": tuple(lambda_parts(function).values())}}


class SavingScope:
    """Context manager that warns, at its end, about globals used by lambdas serialized inside it, in this thread."""

    def __enter__(self) -> "SavingScope":
        self._outer = getattr(_scopes, "used", None)
        _scopes.used = {}
        return self

    def __exit__(self, kind: object, *exception: object) -> None:
        used, _scopes.used = _scopes.used, self._outer
        if used and kind is None:
            objects = ", ".join(f"{name!r}: {name}" for name in used)
            warn_user(
                f"A lambda in the model uses globals of the script, which are not saved. Load the model with "
                f"`load_model(path, custom_objects={{{objects}}}, safe_mode=False)`, which minikeras understands and "
                "Keras does not. For both, use a function with a name that imports what it needs, decorated with "
                "`@minikeras.saving.register_keras_serializable()`.",
                UserWarning,
            )


def _globals_of(code: types.CodeType) -> dict[str, None]:
    """Returns the names of the globals that code and its nested functions read, in order."""
    import dis

    found = {each.argval: None for each in dis.get_instructions(code) if each.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= _globals_of(constant)
    return found


def lambda_parts(function: Callable) -> dict:
    """Returns the parts of a lambda: its code, the defaults of its parameters, and its closure."""
    import base64

    if getattr(_scopes, "used", None) is not None:
        own = {name: value for name, value in function.__globals__.items() if _ALWAYS.get(name) is not value}
        _scopes.used.update((name, None) for name in _globals_of(function.__code__) if name in own)
    code = base64.encodebytes(marshal.dumps(function.__code__)).decode("ascii")
    closure = tuple(cell.cell_contents for cell in function.__closure__ or ()) or None
    return {"code": code, "defaults": function.__defaults__, "closure": closure}


def restore_lambda(settings: object) -> Callable:
    """Recreates a lambda from its config, if that is allowed.

    Args:
        settings: The "config" part: `{"value": [code, defaults, closure]}`, or those three by name.

    Raises:
        SerializationError: In safe mode, or if the code is not of this version of Python.
    """
    if not in_safe_mode():
        return _function(settings)
    raise SerializationError(
        "The config holds the code of a Python lambda, which could do anything, and is not run. If you trust its "
        "source, pass `safe_mode=False` to the loading function, or call "
        "`minikeras.config.enable_unsafe_deserialization()`."
    )


def _function(settings: object) -> Callable:
    try:
        parts = settings["value"] if "value" in settings else [settings[n] for n in ("code", "defaults", "closure")]
        code, defaults, closure = parts[0] if isinstance(parts[0], list) else parts
        import base64

        code = marshal.loads(base64.decodebytes(code.encode("ascii")))
        cells = tuple(types.CellType(each) for each in closure or ())
        names = {"__builtins__": builtins, **_ALWAYS, **_custom_globals(code)}
        return types.FunctionType(code, names, code.co_name, None if defaults is None else tuple(defaults), cells)
    except SerializationError:
        raise
    except (KeyError, TypeError, ValueError, EOFError, AttributeError, binascii.Error) as error:
        raise SerializationError(
            f"The config of a lambda cannot be read ({error}). Expected code of the same version of Python. "
            f"Received: {str(settings)[:200]}"
        ) from error


def _custom_globals(code: types.CodeType) -> dict:
    """Returns the globals that code reads, from the custom objects.

    Raises:
        SerializationError: If some are missing there.
    """
    needed = [name for name in _globals_of(code) if name not in _ALWAYS and not hasattr(builtins, name)]
    found = {name: get_registered_object(name) for name in needed}
    missing = [name for name, value in found.items() if value is None]
    if missing:
        objects = ", ".join(f"{name!r}: {name}" for name in missing)
        raise SerializationError(
            f"A lambda uses the globals {', '.join(missing)} of the script that it is from, which are not in the "
            f"config. Pass `custom_objects={{{objects}}}` to the loading function."
        )
    return found
