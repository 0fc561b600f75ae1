"""Import hooks for `keras` and `tensorflow`: a finder on `sys.meta_path` and a loader.

The modules that they create are empty: attributes are looked up in the modules of minikeras.
"""

import sys
from collections.abc import Sequence
from functools import partial
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from .. import config
from ..errors import warn_legacy
from .missing import Missing, nearest
from .routes import INSIDERS, ROOTS, Route, find_route

_NOTHING = object()


class Finder(MetaPathFinder):
    """Meta path finder that resolves modules of Keras and TensorFlow to minikeras."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Returns the spec of a module; None if it is not one of Keras or TensorFlow.

        Raises:
            ModuleNotFoundError: If minikeras has no equivalent; for `importlib.util.find_spec`, None is returned
                instead, as for any missing module.
        """
        root = fullname.partition(".")[0]
        if root in INSIDERS:
            if _is_only_asked_for():
                return None
            raise ModuleNotFoundError(
                f"`{root}` uses internals of TensorFlow or Keras, which minikeras does not have. For MNIST "
                "use `keras.datasets.mnist`; anything else needs real Keras: run the script with `python` "
                "instead of `minikeras run`.",
                name=fullname,
            )
        if root not in ROOTS:
            return None
        route = find_route(fullname)
        if route is None and _is_only_asked_for():
            return None
        if route is None:
            parent, _, name = fullname.rpartition(".")
            # `from x import y` swallows an error whose `name` is "x.y".
            raise ModuleNotFoundError(_refusal(find_route(parent), parent, name), name=parent)
        return ModuleSpec(fullname, _Loader(route), origin="minikeras", is_package=True)


class _MergeModule(ModuleType):
    """`keras.layers.merge`, in Keras 1 both a function and its module."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return import_module("minikeras.dropin.old_layers").merge(*args, **kwargs)


class _Loader(Loader):
    def __init__(self, route: Route):
        self._route = route
        self._is_old = bool(route.today)  # and has not warned yet

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Returns a callable module for `keras.layers.merge`; None, for a plain module, otherwise."""
        return _MergeModule(spec.name) if self._route.path == "layers.merge" else None

    def exec_module(self, module: ModuleType) -> None:
        """Sets up attribute lookup in the module; a deprecated module warns on first use."""
        if self._route.name == "tensorflow":
            config.set_backend_name("tensorflow")
        module.__getattr__ = self._look_up
        module.__dir__ = partial(_names, self._route)

    def _look_up(self, name: str) -> Any:
        found = _look_up(self._route, name)
        if self._is_old and not name.startswith("_") and not isinstance(found, ModuleType):
            # Not on import: for `keras.engine.topology`, a warning of one of the two modules is enough.
            self._is_old = False
            warn_legacy(f"`{self._route.name}`", " or ".join(f"`{name}`" for name in self._route.today_names))
        return found


def _look_up(route: Route, name: str) -> Any:
    """Returns an attribute of a module.

    Raises:
        AttributeError: If real Keras does not have it either, or if it is a name of TensorFlow that minikeras lacks, so
            that fallback imports in scripts work.
    """
    if name == "__all__":
        return [each for each in _names(route) if not each.startswith("_")]
    if name.startswith("_") and name != "__version__":
        raise _no_attribute(name, f"module {route.name!r} has no attribute {name!r}")
    for module in route.modules:
        value = getattr(import_module(module), name, _NOTHING)
        if value is not _NOTHING and not isinstance(value, ModuleType):
            return value
    full_name = f"{route.name}.{name}"
    if find_route(full_name) is not None:
        return import_module(full_name)
    if name in route.public and not route.today:
        return Missing(full_name, _offered(route))
    raise _no_attribute(name, _refusal(route, route.name, name))


def _no_attribute(name: str, message: str) -> AttributeError:
    # An explicit `obj` keeps Python from adding a suggestion of its own to the message.
    return AttributeError(message, name=name, obj=None)


def _is_only_asked_for() -> bool:
    """Returns whether the caller is `importlib.util.find_spec`, which only checks whether a module exists."""
    frame = sys._getframe(2)
    while frame is not None and frame.f_globals.get("__name__") in ("importlib._bootstrap", "_frozen_importlib"):
        frame = frame.f_back
    return frame is not None and frame.f_globals.get("__name__") == "importlib.util"


def _names(route: Route) -> list[str]:
    return sorted({*_offered(route), *route.public})


def _offered(route: Route) -> list[str]:
    """Returns the public names in the modules of minikeras for a route."""
    modules = [import_module(module) for module in route.modules]
    # Submodules that Keras does not have are excluded.
    return [
        name
        for module in modules
        for name in getattr(module, "__all__", ())
        if name in route.public or not isinstance(getattr(module, name), ModuleType)
    ]


def _refusal(route: Route | None, module: str, name: str) -> str:
    near = "" if route is None else nearest(name, _names(route))
    if route is not None and name in route.public:
        today = " or ".join(f"`{each}`" for each in route.today_names)
        return f"`{module}.{name}` is not in minikeras. Its current location is {today}."
    if route is not None and route.path is not None:
        return f"`{module}.{name}` is neither in minikeras nor among the public names of Keras 3.15.1.{near}"
    return (
        f"`{module}.{name}` is not in minikeras, which has only what Keras scripts use most of TensorFlow.{near} "
        "Anything else needs real TensorFlow: run the script with `python` instead of `minikeras run`."
    )
