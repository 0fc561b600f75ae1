"""What Python holds and a step depends on: attributes, items of containers, globals, variables of enclosing functions.

A plan has such values in it as constants, so it holds as long as they stay. Objects of minikeras say when one of
their attributes is set (`Watched`): then, and only then, a `Snapshot` is taken again and compared. What cannot say so
(arrays, plain lists and dicts, the user's own objects, globals) is looked at before each replay, if there is any.
"""

import random
import sys
import types
from collections import ChainMap, UserDict, UserList, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial
from operator import is_
from typing import Any

import numpy as np

from ..engine.tensor import Tensor
from ..serialization.configs import is_own
from .code_inspection import (
    attributes_set_by,
    functions_in,
    functions_of_class,
    is_library_file,
    is_own_file,
    names_in,
    reads_any_attribute,
)

_MOST_ITEMS = 1000  # containers with more are known by identity and size
_MOST_VALUES = 20_000  # beyond, objects of the user's own are known by identity
_DEEPEST = 20  # containers in containers
_WHOLE_ARRAY = 16 * 2**20  # bytes: of larger arrays some elements are compared
_SAMPLED = 4096  # elements
_COPIED = 4096  # bytes: it takes less time to copy smaller arrays than to look at them with numpy

_PLAIN = (type(None), bool, int, str, bytes, type(...), range, np.dtype)
_PLAIN_KINDS = frozenset(_PLAIN)
_FLOATS = (float, complex, np.generic, slice)
_CONTAINERS = (list, tuple, dict, set, frozenset, deque, types.MappingProxyType)
_MISSING = object()
_MADE_BY_PYTHON = 1 << 9  # of a class: not one written in C


class Same:
    """Stands for an object itself: equal to nothing but itself, however the object compares."""

    __slots__ = ("value",)

    def __init__(self, value: Any):
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


class Snapshot:
    """The values that objects hold now, deep.

    Args:
        roots: The objects.

    Attributes:
        values: By place, what was there. A place is the id of an object, the name of an attribute, then keys.
        generators: The random generators of numpy and Python that were found, with their places.
        has_iterators: Whether there are any, which give another value each time.
    """

    def __init__(self, roots: Sequence[Any]):
        self.values: dict[tuple, Any] = {}
        self.generators: list[tuple[tuple, Any]] = []
        self.has_iterators = False
        self._owners: dict[int, Any] = {}  # by id: also keeps the objects, so that their ids stay their own
        self._functions: dict[int, types.FunctionType] = {}
        self._classes: set[type] = set()
        self._loose: list[tuple] = []
        self._names: set[str] | None = None
        self._pending: list[tuple[tuple, Any]] = [(("root", number), root) for number, root in enumerate(roots)]
        while self._pending:
            self._visit(*self._pending.pop())
        self._loose = [record for record in self._loose if self._is_looked_at(*record[:2])]

    # ---------------------------------------------------------------- what is asked of it

    @property
    def has_user_code(self) -> bool:
        """Whether anything that the user wrote is a part of the step."""
        return bool(self._functions)

    @property
    def is_loose(self) -> bool:
        """Whether there is anything that does not say when it changes."""
        return bool(self._loose)

    @property
    def functions(self) -> list[types.FunctionType]:
        """The functions of the user that were found."""
        return list(self._functions.values())

    def still_holds(self) -> bool:
        """Tells whether all is as it was that does not say when it changes."""
        for _, is_same, source, seen in self._loose:
            if not is_same(source, seen):
                return False
        return True

    def differences(self, earlier: "Snapshot", names: set[str] | None = None) -> list[tuple]:
        """Returns the places where something else is than earlier, as far as a step can depend on it.

        Args:
            earlier: What was there before.
            names: The names in the code of the user that ran; None: in all that was found.
        """
        if self.values == earlier.values:
            return []
        places = [place for place, value in self.values.items() if earlier.values.get(place, _MISSING) != value]
        places += [place for place in earlier.values if place not in self.values]
        return [place for place in places if self._counts(place, names) or earlier._counts(place, names)]

    def owner(self, place: tuple) -> Any:
        """Returns the object that a place belongs to."""
        return self._owners.get(place[0])

    def describe(self, place: tuple) -> str:
        """Returns a place in words."""
        owner, name = self._owners.get(place[0]), place[1]
        keys = "".join(f"[{key!r}]" for key in place[2:])
        if isinstance(owner, types.CellType):
            return f"`{name}{keys}`, a variable of an enclosing function,"
        if isinstance(owner, dict):
            return f"the global `{name}{keys}` of module {owner.get('__name__')!r}"
        if isinstance(owner, type):
            return f"`{name}{keys}` of class {owner.__name__}"
        known = getattr(owner, "name", None)
        return f"`{name}{keys}` of {type(owner).__name__}" + (f" '{known}'" if isinstance(known, str) else "")

    # ---------------------------------------------------------------- looking

    def _visit(self, place: tuple, value: Any) -> None:
        kind = type(value)
        if kind in _PLAIN_KINDS:
            self.values[place] = (kind, value)
        elif hasattr(kind, "_python_parts"):
            self.values[place] = Same(value)
            if id(value) not in self._owners:
                self._owners[id(value)] = value
                self._add(id(value), value._python_parts())
                self._look_into_class(kind)
        elif isinstance(value, _PLAIN):
            self.values[place] = (kind, value)
        elif isinstance(value, _FLOATS):
            self.values[place] = (kind, repr(value))  # NaN is not equal to itself
        elif isinstance(value, Tensor):
            self.values[place] = Tensor  # a value of the step: another one each time
        elif isinstance(value, np.ndarray):
            self._visit_array(place, value)
        elif isinstance(value, _buffers()):
            self.values[place] = (kind, bytes(value))
            self._loose.append((place, _is_equal_buffer, value, bytes(value)))
        elif isinstance(value, _CONTAINERS):
            self._visit_container(place, value)
        elif isinstance(value, partial):
            self._visit_container(place, (value.func, value.args, value.keywords))
        elif isinstance(value, types.MethodType):
            self._visit_container(place, (value.__func__, value.__self__))
        elif isinstance(value, _generators()) and not isinstance(value, random.SystemRandom):
            self.values[place] = Same(value)
            self.generators.append((place, value))
        else:
            self.values[place] = Same(value)
            self.has_iterators = self.has_iterators or isinstance(value, Iterator)
            if id(value) not in self._owners and len(self.values) < _MOST_VALUES:
                self._owners[id(value)] = value
                self._look_into(value)

    def _visit_array(self, place: tuple, array: np.ndarray) -> None:
        is_objects = array.dtype == object
        is_large = array.size > _MOST_ITEMS or len(self.values) > _MOST_VALUES or len(place) > _DEEPEST
        if isinstance(array, np.memmap) or (is_objects and is_large):
            self.values[place] = Same(array)
            return
        if is_objects:
            self.values[place] = (array.shape, array.dtype.str)
            self._loose.append((place, _has_elements, array, list(array.flat)))
            self._pending += [((*place, number), part) for number, part in enumerate(array.flat)]
            return
        from hashlib import blake2b  # what only a step that is traced needs is imported then

        sample = _sample(array)
        which = Same(array) if array.nbytes > _WHOLE_ARRAY else None
        self.values[place] = (array.shape, array.dtype.str, blake2b(sample, digest_size=16).digest(), which)
        if array.flags.writeable or array.base is not None:
            self._loose.append((place, _is_equal_array, array, sample))

    def _visit_container(self, place: tuple, value: Any) -> None:
        tells = getattr(type(value), "tells_changes", False) and value.tracker is not None
        is_fixed = isinstance(value, (tuple, frozenset))  # which may be made for this walk alone
        is_large = not is_fixed and (len(value) > _MOST_ITEMS or len(self.values) > _MOST_VALUES)
        if is_large or len(place) > _DEEPEST:
            which = None if is_fixed else Same(value)
            self.values[place] = (type(value), len(value), which, value.changed if tells else None)
            return
        self.values[place] = (type(value), len(value))
        if isinstance(value, (dict, types.MappingProxyType)):
            parts, is_same = list(value.items()), _has_values
        elif isinstance(value, (set, frozenset)):
            parts, is_same = [(repr(part), part) for part in value], _has_items
        else:
            parts, is_same = list(enumerate(value)), _has_items
        if not (tells and isinstance(value, (list, dict))) and not is_fixed:
            self._loose.append((place, is_same, value, [part for _, part in parts]))
        self._pending += [((*place, key), part) for key, part in reversed(parts)]
        attributes = None if tells or _is_of_library(type(value)) else getattr(value, "__dict__", None)
        if attributes is not None and attributes is not value:  # in dicts for settings they are the same
            self._visit((*place, "attributes"), attributes)

    def _look_into(self, value: Any) -> None:
        if isinstance(value, type):
            self._look_into_class(value)
            return
        functions = list(functions_in(value))
        for function in functions:
            if not is_library_file(function.__code__.co_filename):
                self._look_into_function(function)
        if functions:
            return
        if isinstance(value, _holders()) or not _is_of_library(type(value)):
            attributes = _attributes(value)
            self._loose.append(((id(value), ""), _has_attributes, value, [part for _, part in attributes]))
            self._add(id(value), attributes)
            self._look_into_class(type(value))

    def _add(self, owner: int, parts: Iterable[tuple[str, Any]]) -> None:
        self._pending += reversed([((owner, name), part) for name, part in parts])

    def _look_into_class(self, cls: type) -> None:
        for base in cls.__mro__ if cls not in self._classes else ():
            if base in self._classes:
                continue
            self._classes.add(base)
            if not base.__flags__ & _MADE_BY_PYTHON or base.__module__ in ("abc", "typing") or is_own(base):
                continue
            for function in functions_of_class(base):
                self._look_into_function(function)
            data = {name: value for name, value in vars(base).items() if _is_data(name, value)}
            self._look_at_names(base, vars(base), data)

    def _look_into_function(self, function: types.FunctionType) -> None:
        if id(function) in self._functions or is_own_file(function.__code__.co_filename):
            return
        self._functions[id(function)] = function
        code = function.__code__
        for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            if id(cell) not in self._owners:
                self._owners[id(cell)] = cell
                content = _content(cell)
                self._loose.append(((id(cell), name), _has_content, cell, content))
                self._add(id(cell), [(name, content)])
        own = [("default values", (function.__defaults__, function.__kwdefaults__)), *vars(function).items()]
        self._owners[id(function)] = function
        if vars(function):
            self._loose.append(((id(function), ""), _has_values, vars(function), list(vars(function).values())))
        self._add(id(function), [(name, value) for name, value in own if name != "__wrapped__"])
        if is_library_file(code.co_filename):
            return
        known, names = function.__globals__, names_in(code)
        self._look_at_names(known, known, {name: known[name] for name in names if _is_used(known.get(name))})
        for module in _modules(function, names):
            used = {name: value for name, value in vars(module).items() if name in names and _is_used(value)}
            self._look_at_names(vars(module), vars(module), used)

    def _look_at_names(self, owner: Any, mapping: Any, found: dict[str, Any]) -> None:
        if found:
            self._owners[id(owner)] = owner
            names = sorted(found)
            self._loose.append(((id(owner), ""), _has_names, mapping.get, [(name, found[name]) for name in names]))
            self._add(id(owner), [(name, found[name]) for name in names])

    # ---------------------------------------------------------------- what counts

    def _counts(self, place: tuple, names: set[str] | None = None) -> bool:
        """Tells whether a step can depend on what is in a place: whether any code in it names it."""
        owner, name = self._owners.get(place[0]), place[1]
        if names is None:
            if self._names is None:
                self._names = {name for function in self._functions.values() for name in names_in(function.__code__)}
            names = self._names
        if owner is None or isinstance(owner, types.FunctionType) or name in names or reads_any_attribute(names):
            return True
        if isinstance(owner, (types.CellType, dict)):
            return False
        if hasattr(type(owner), "_python_parts") and name not in vars(owner):
            return True  # what the class itself says
        bases = (owner if isinstance(owner, type) else type(owner)).__mro__
        return any(is_own(base) and name in attributes_set_by(base) for base in bases)

    def _is_looked_at(self, place: tuple, is_same: Callable) -> bool:
        """Tells whether to look before each replay at what is in a place: not into lists that minikeras made."""
        owner, name = self._owners.get(place[0]), place[1]
        is_given = len(place) > 2 or (is_same is _is_equal_array and not name.startswith("_"))
        is_users = name == "" or is_given or not is_own(type(owner))
        return is_users and (name == "" or self._counts(place))


def has_user_code(thing: Any) -> bool:
    """Tells whether anything that the user wrote is a part of an object, or reached from it."""
    return Snapshot([thing]).has_user_code


@cache
def _generators() -> tuple[type, ...]:
    """Returns the classes of random generators; numpy imports its own when they are first asked for."""
    return np.random.Generator, np.random.RandomState, random.Random


@cache
def _holders() -> tuple[type, ...]:
    """Returns the classes of Python's library whose objects hold values of the user's."""
    from argparse import Namespace

    return Namespace, types.SimpleNamespace, UserDict, UserList, ChainMap


@cache
def _buffers() -> tuple[type, ...]:
    """Returns the classes of Python's library whose objects are arrays of bytes or numbers."""
    from array import array

    return bytearray, array


def _is_data(name: str, value: Any) -> bool:
    """Tells whether an attribute of a class is a value, and no method or part of the machinery of classes."""
    is_code = callable(value) or isinstance(value, (property, classmethod, staticmethod, types.MemberDescriptorType))
    return not (is_code or (name.startswith("__") and name.endswith("__")) or type(value).__name__ == "_abc_data")


def _modules(function: types.FunctionType, names: frozenset[str]) -> Iterator[types.ModuleType]:
    """Yields the user's modules that a function reads from: globals, what it imports itself, and modules in these."""
    known, ordered = function.__globals__, sorted(names)
    package = known.get("__package__")
    # Of `import a.b`, the name in the code is "a.b"; of `from .b import c`, it is "b".
    pending = [known.get(name) for name in ordered] + [sys.modules.get(name) for name in ordered]
    if package:
        pending += [sys.modules.get(f"{package}.{name}") for name in ordered]
    seen: set[int] = set()
    while pending:
        module = pending.pop()
        if isinstance(module, types.ModuleType) and id(module) not in seen and not _is_of_library(module):
            seen.add(id(module))
            pending += [vars(module).get(name) for name in ordered]
            yield module


def _is_used(value: Any) -> bool:
    """Tells whether a global is something that may be another one later: no module, and no part of minikeras."""
    if value is None or isinstance(value, (types.ModuleType, types.BuiltinFunctionType)):
        return False
    if isinstance(value, (type, types.FunctionType)):
        return not _is_of_library(value) and not (getattr(value, "__module__", "") or "").startswith("minikeras.")
    return True


def _is_of_library(value: Any) -> bool:
    """Tells whether a class, a function or a module belongs to Python, to minikeras or to an installed package."""
    if isinstance(value, types.FunctionType):
        file = value.__code__.co_filename
        return is_own_file(file) or is_library_file(file)
    if isinstance(value, types.ModuleType):
        file = getattr(value, "__file__", None)
        is_built_in = value.__name__ in sys.builtin_module_names
        return is_built_in or (file is not None and (is_own_file(file) or is_library_file(file)))
    if not value.__flags__ & _MADE_BY_PYTHON or is_own(value):
        return True
    file = getattr(sys.modules.get(value.__module__), "__file__", None)
    return file is not None and is_library_file(file)


def _attributes(value: Any) -> list[tuple[str, Any]]:
    """Returns the attributes of an object of any class, also those in slots."""
    slots = [name for cls in type(value).__mro__ for name in _slots(cls)]
    found = [(name, getattr(value, name)) for name in slots if hasattr(value, name)]
    return found + list(getattr(value, "__dict__", {}).items())


def _slots(cls: type) -> tuple[str, ...]:
    slots = vars(cls).get("__slots__", ())
    names = (slots,) if isinstance(slots, str) else tuple(slots)
    return tuple(name for name in names if name not in ("__dict__", "__weakref__"))


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # nothing was assigned to the variable yet
        return None


def _sample(array: np.ndarray) -> bytes:
    """Returns the bytes of an array, or those of some elements all over it if there are too many."""
    if array.nbytes > _WHOLE_ARRAY:
        array = array.reshape(-1)[:: array.size // _SAMPLED] if array.flags.c_contiguous else array.flat[:_SAMPLED]
    return array.tobytes()


# Each of these tells whether something still is what was seen. Objects are compared by identity, which is quick and
# asks nothing of them: an equal one in the same place has the snapshot taken again, and that finds no difference.


def _is_equal_array(array: np.ndarray, seen: bytes) -> bool:
    if array.nbytes > _COPIED and array.flags.c_contiguous and array.nbytes == len(seen):
        return np.array_equal(array.reshape(-1).view(np.uint8), np.frombuffer(seen, np.uint8))
    return _sample(array) == seen


def _is_equal_buffer(buffer: Any, seen: bytes) -> bool:
    return bytes(buffer) == seen


def _has_elements(array: np.ndarray, seen: list) -> bool:
    return _are(array.flat, seen)


def _are(values: Iterable, seen: list) -> bool:
    values = list(values)
    return len(values) == len(seen) and all(map(is_, values, seen))


def _has_items(container: Any, seen: list) -> bool:
    return _are(container, seen)


def _has_values(mapping: Any, seen: list) -> bool:
    return _are(mapping.values(), seen)


def _has_attributes(value: Any, seen: list) -> bool:
    return _are((part for _, part in _attributes(value)), seen)


def _has_content(cell: types.CellType, seen: Any) -> bool:
    return _content(cell) is seen


def _has_names(get: Callable, seen: list) -> bool:
    for name, value in seen:  # quicker than `all` for the few there are
        if get(name) is not value:
            return False
    return True
