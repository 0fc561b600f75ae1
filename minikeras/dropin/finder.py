"""The import of `keras` and `tensorflow`, by Python's own protocol: a finder on `sys.meta_path`, and a loader.

The modules that it makes hold nothing themselves: what they are asked for is looked up in the rooms of minikeras.
"""

from collections.abc import Sequence
from functools import partial
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from ..errors import warn_legacy
from .missing import Missing, nearest
from .routes import INSIDERS, ROOTS, Route, find_route

_NOTHING = object()


class Finder(MetaPathFinder):
    """Finds the modules of Keras and TensorFlow in minikeras."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Returns how a module is made; None if it is none of Keras or TensorFlow.

        Raises:
            ImportError: If Keras or TensorFlow may have it, but minikeras has nothing for it.
        """
        root = fullname.partition(".")[0]
        if root in INSIDERS:
            raise ImportError(
                f"`{root}` stands on the inside of TensorFlow or Keras, and minikeras does not offer that. For MNIST "
                "there is `keras.datasets.mnist`; for all else real Keras is needed: run the script with `python` "
                "instead of `minikeras run`.",
                name=fullname,
            )
        if root not in ROOTS:
            return None
        route = find_route(fullname)
        if route is None:
            parent, _, name = fullname.rpartition(".")
            # `from x import y` would hide an error whose `name` is "x.y".
            raise ModuleNotFoundError(_refusal(find_route(parent), parent, name), name=parent)
        return ModuleSpec(fullname, _Loader(route), origin="minikeras", is_package=True)


class _Loader(Loader):
    def __init__(self, route: Route):
        self._route = route
        self._is_old = bool(route.today)  # and has not said so yet

    def create_module(self, spec: ModuleSpec) -> None:
        """Leaves it to Python to make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Lets the module look up what it is asked for; one of old warns when it is used first."""
        module.__getattr__ = self._look_up
        module.__dir__ = partial(_names, self._route)

    def _look_up(self, name: str) -> Any:
        found = _look_up(self._route, name)
        if self._is_old and not name.startswith("_") and not isinstance(found, ModuleType):
            # Not when it is imported: of `keras.engine.topology`, one of the two is enough.
            self._is_old = False
            keras = self._route.name.removesuffix(f".{self._route.path}")
            today = " or ".join(f"`{keras}.{path}`".replace(".`", "`") for path in self._route.today)
            warn_legacy(f"`{self._route.name}`", today)
        return found


def _look_up(route: Route, name: str) -> Any:
    """Returns what a module has under a name.

    Raises:
        AttributeError: If real Keras has no such name either, or TensorFlow's is not in minikeras.
    """
    if name == "__all__":
        return [each for each in _names(route) if not each.startswith("_")]
    if name.startswith("_") and name != "__version__":
        raise AttributeError(f"module {route.name!r} has no attribute {name!r}")
    for room in route.rooms:
        value = getattr(import_module(room), name, _NOTHING)
        if value is not _NOTHING and not isinstance(value, ModuleType):
            return value
    full_name = f"{route.name}.{name}"
    if find_route(full_name) is not None:
        return import_module(full_name)
    if name in route.public:
        return Missing(full_name, _offered(route))
    raise AttributeError(_refusal(route, route.name, name))


def _names(route: Route) -> list[str]:
    return sorted({*_offered(route), *route.public})


def _offered(route: Route) -> list[str]:
    """Returns the names in the rooms that stand for a module."""
    rooms = [import_module(room) for room in route.rooms]
    # Rooms of minikeras that Keras has not are no names of Keras.
    return [
        name
        for room in rooms
        for name in getattr(room, "__all__", ())
        if name in route.public or not isinstance(getattr(room, name), ModuleType)
    ]


def _refusal(route: Route | None, module: str, name: str) -> str:
    near = "" if route is None else nearest(name, _names(route))
    if route is not None and route.path is not None:
        return f"`{module}.{name}` is neither in minikeras nor among the public names of Keras 3.15.1.{near}"
    return (
        f"`{module}.{name}` is not in minikeras, which has of TensorFlow what Keras scripts use most.{near} "
        "For all else real TensorFlow is needed: run the script with `python` instead of `minikeras run`."
    )
