"""The Python state that a step depends on: attributes, items of containers, globals, variables of enclosing functions.

Such values are constants in a plan, so the plan is valid as long as they do not change. Objects of minikeras report
when an attribute is set (`Watched`); only then is a new `Snapshot` taken and compared. Everything else (arrays, plain
lists and dicts, the user's own objects, globals) gets a guard: a cheap check that runs before each replay.
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

from ...engine.tensor import Tensor
from ...serialization.configs import is_own
from .code_inspection import (
    attributes_written_by,
    functions_of_class,
    globals_in,
    is_library_file,
    is_own_file,
    names_in,
    reads_attributes_dynamically,
    unwrapped_functions,
)

_MAX_ITEMS = 1000  # larger containers are compared by identity and size
_MAX_VALUES = 20_000  # in a snapshot; further objects are compared by identity
_MAX_DEPTH = 20  # of nested containers
_WHOLE_ARRAY = 16 * 2**20  # bytes: larger arrays are compared by a sample
_SAMPLED = 4096  # elements
_COPIED = 4096  # bytes: smaller arrays are compared faster as bytes than with numpy

_PLAIN = (type(None), bool, int, str, bytes, type(...), range, np.dtype)
_PLAIN_KINDS = frozenset(_PLAIN)
_BY_REPR = (float, complex, np.generic, slice)
_CONTAINERS = (list, tuple, dict, set, frozenset, deque, types.MappingProxyType)
_MISSING = object()
_HEAP_TYPE_FLAG = 1 << 9  # Py_TPFLAGS_HEAPTYPE: set for classes that are defined in Python


class Identity:
    """Compares an object by identity, whatever its `__eq__` does."""

    __slots__ = ("value",)

    def __init__(self, value: Any):
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and self.value is other.value

    def __hash__(self) -> int:
        return id(self.value)


class Snapshot:
    """The values that are reachable from some objects, and guards for those that change without notice.

    Args:
        roots: The objects.

    Attributes:
        values: The value at each path. A path is the id of an object, the name of an attribute, then keys.
        generators: The random generators of numpy and Python among the values, with their paths.
        has_iterators: Whether there are iterators among the values; they return a different item each time.
    """

    def __init__(self, roots: Sequence[Any]):
        self.values: dict[tuple, Any] = {}
        self.generators: list[tuple[tuple, Any]] = []
        self.has_iterators = False
        self._owners: dict[int, Any] = {}  # by id; a reference, so that no other object gets the id
        self._functions: dict[int, types.FunctionType] = {}
        self._classes: set[type] = set()
        self._guards: list[tuple] = []
        self._names: set[str] | None = None
        self._pending: list[tuple[tuple, Any]] = [(("root", number), root) for number, root in enumerate(roots)]
        while self._pending:
            self._visit(*self._pending.pop())
        self._guards = [record for record in self._guards if self._is_guarded(*record[:2])]

    # ---------------------------------------------------------------- queries

    @property
    def has_user_code(self) -> bool:
        """Whether code of the user is reachable."""
        return bool(self._functions)

    @property
    def has_guards(self) -> bool:
        """Whether there are values that change without notice."""
        return bool(self._guards)

    @property
    def functions(self) -> list[types.FunctionType]:
        """The functions of the user that are reachable."""
        return list(self._functions.values())

    def guards_hold(self) -> bool:
        """Whether all values that change without notice are still the same."""
        for _, is_same, source, seen in self._guards:
            if not is_same(source, seen):
                return False
        return True

    def differences(self, earlier: "Snapshot", names: set[str] | None = None) -> list[tuple]:
        """Returns the paths at which the values differ from an earlier snapshot, as far as a step can depend on them.

        Args:
            earlier: The earlier snapshot.
            names: The names in the user's code that ran; None: in all code that is reachable.
        """
        if self.values == earlier.values:
            return []
        paths = [path for path, value in self.values.items() if earlier.values.get(path, _MISSING) != value]
        paths += [path for path in earlier.values if path not in self.values]
        return [path for path in paths if self._is_relevant(path, names) or earlier._is_relevant(path, names)]

    def owner(self, path: tuple) -> Any:
        """Returns the object whose attribute, global or variable a path begins with."""
        return self._owners.get(path[0])

    def describe(self, path: tuple) -> str:
        """Describes a path, for messages."""
        owner, name = self._owners.get(path[0]), path[1]
        keys = "".join(f"[{key!r}]" for key in path[2:])
        if isinstance(owner, types.CellType):
            return f"`{name}{keys}`, a variable of an enclosing function,"
        if isinstance(owner, dict):
            return f"the global `{name}{keys}` of module {owner.get('__name__')!r}"
        if isinstance(owner, type):
            return f"`{name}{keys}` of class {owner.__name__}"
        known = getattr(owner, "name", None)
        return f"`{name}{keys}` of {type(owner).__name__}" + (f" '{known}'" if isinstance(known, str) else "")

    # ---------------------------------------------------------------- walk

    def _visit(self, path: tuple, value: Any) -> None:
        kind = type(value)
        if kind in _PLAIN_KINDS:
            self.values[path] = (kind, value)
        elif hasattr(kind, "_python_parts"):
            self.values[path] = Identity(value)
            if id(value) not in self._owners:
                self._owners[id(value)] = value
                self._add(id(value), value._python_parts())
                self._visit_class(kind)
        elif isinstance(value, _PLAIN):
            self.values[path] = (kind, value)
        elif isinstance(value, _BY_REPR):
            self.values[path] = (kind, repr(value))  # NaN does not equal itself
        elif isinstance(value, Tensor):
            self.values[path] = Tensor  # a traced value: different in each step
        elif isinstance(value, np.ndarray):
            self._visit_array(path, value)
        elif isinstance(value, _byte_arrays()):
            self.values[path] = (kind, bytes(value))
            self._guards.append((path, _is_equal_buffer, value, bytes(value)))
        elif isinstance(value, _CONTAINERS):
            self._visit_container(path, value)
        elif isinstance(value, partial):
            self._visit_container(path, (value.func, value.args, value.keywords))
        elif isinstance(value, types.MethodType):
            self._visit_container(path, (value.__func__, value.__self__))
        elif isinstance(value, _generators()) and not isinstance(value, random.SystemRandom):
            self.values[path] = Identity(value)
            self.generators.append((path, value))
        else:
            self.values[path] = Identity(value)
            self.has_iterators = self.has_iterators or isinstance(value, Iterator)
            if id(value) not in self._owners and len(self.values) < _MAX_VALUES:
                self._owners[id(value)] = value
                self._visit_object(value)

    def _visit_array(self, path: tuple, array: np.ndarray) -> None:
        is_objects = array.dtype == object
        is_large = array.size > _MAX_ITEMS or len(self.values) > _MAX_VALUES or len(path) > _MAX_DEPTH
        if isinstance(array, np.memmap) or (is_objects and is_large):
            self.values[path] = Identity(array)
            return
        if is_objects:
            self.values[path] = (array.shape, array.dtype)
            self._guards.append((path, _has_elements, array, list(array.flat)))
            self._pending += [((*path, number), part) for number, part in enumerate(array.flat)]
            return
        from hashlib import blake2b  # needed by traces only, so not imported with minikeras

        sample = _sample(array)
        which = Identity(array) if array.nbytes > _WHOLE_ARRAY else None
        self.values[path] = (array.shape, array.dtype, blake2b(sample, digest_size=16).digest(), which)
        if array.flags.writeable or array.base is not None:
            self._guards.append((path, _is_equal_array, array, sample))

    def _visit_container(self, path: tuple, value: Any) -> None:
        reports = getattr(type(value), "tells_changes", False) and value.tracker is not None
        is_fixed = isinstance(value, (tuple, frozenset))  # it may be temporary
        is_large = not is_fixed and (len(value) > _MAX_ITEMS or len(self.values) > _MAX_VALUES)
        if is_large or len(path) > _MAX_DEPTH:
            which = None if is_fixed else Identity(value)
            self.values[path] = (type(value), len(value), which, value.changed if reports else None)
            return
        self.values[path] = (type(value), len(value))
        if isinstance(value, (dict, types.MappingProxyType)):
            parts, is_same = list(value.items()), _has_values
        elif isinstance(value, (set, frozenset)):
            parts, is_same = [(repr(part), part) for part in value], _has_items
        else:
            parts, is_same = list(enumerate(value)), _has_items
        if not (reports and isinstance(value, (list, dict))) and not is_fixed:
            self._guards.append((path, is_same, value, [part for _, part in parts]))
        self._pending += [((*path, key), part) for key, part in reversed(parts)]
        attributes = None if reports or _is_of_library(type(value)) else getattr(value, "__dict__", None)
        if attributes is not None and attributes is not value:  # they are the same in dicts with attribute access
            self._visit((*path, "attributes"), attributes)

    def _visit_object(self, value: Any) -> None:
        if isinstance(value, type):
            self._visit_class(value)
            return
        functions = list(unwrapped_functions(value))
        for function in functions:
            if not is_library_file(function.__code__.co_filename):
                self._visit_function(function)
        if functions:
            return
        if isinstance(value, _library_holders()) or not _is_of_library(type(value)):
            attributes = _attributes(value)
            self._guards.append(((id(value), ""), _has_attributes, value, [part for _, part in attributes]))
            self._add(id(value), attributes)
            self._visit_class(type(value))

    def _add(self, owner: int, parts: Iterable[tuple[str, Any]]) -> None:
        self._pending += reversed([((owner, name), part) for name, part in parts])

    def _visit_class(self, cls: type) -> None:
        for base in cls.__mro__ if cls not in self._classes else ():
            if base in self._classes:
                continue
            self._classes.add(base)
            if not base.__flags__ & _HEAP_TYPE_FLAG or base.__module__ in ("abc", "typing") or is_own(base):
                continue
            for function in functions_of_class(base):
                self._visit_function(function)
            data = {name: value for name, value in vars(base).items() if _is_data(name, value)}
            self._visit_names(base, vars(base), data)

    def _visit_function(self, function: types.FunctionType) -> None:
        if id(function) in self._functions or is_own_file(function.__code__.co_filename):
            return
        self._functions[id(function)] = function
        code = function.__code__
        for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
            if id(cell) not in self._owners:
                self._owners[id(cell)] = cell
                content = _content(cell)
                self._guards.append(((id(cell), name), _has_content, cell, content))
                self._add(id(cell), [(name, content)])
        own = [("default values", (function.__defaults__, function.__kwdefaults__)), *vars(function).items()]
        self._owners[id(function)] = function
        if vars(function):
            self._guards.append(((id(function), ""), _has_values, vars(function), list(vars(function).values())))
        self._add(id(function), [(name, value) for name, value in own if name != "__wrapped__"])
        if is_library_file(code.co_filename):
            return
        known, names = function.__globals__, names_in(code)
        self._visit_names(
            known, known, {name: known[name] for name in globals_in(code) if _may_be_rebound(known.get(name))}
        )
        for module in _modules(function, names):
            used = {name: value for name, value in vars(module).items() if name in names and _may_be_rebound(value)}
            self._visit_names(vars(module), vars(module), used)

    def _visit_names(self, owner: Any, mapping: Any, found: dict[str, Any]) -> None:
        if found:
            self._owners[id(owner)] = owner
            names = sorted(found)
            self._guards.append(((id(owner), ""), _has_names, mapping.get, [(name, found[name]) for name in names]))
            self._add(id(owner), [(name, found[name]) for name in names])

    # ---------------------------------------------------------------- relevance

    def _is_relevant(self, path: tuple, names: set[str] | None = None) -> bool:
        """Whether a step can depend on the value at a path: whether any of its code has the name."""
        owner, name = self._owners.get(path[0]), path[1]
        if names is None:
            if self._names is None:
                self._names = {name for function in self._functions.values() for name in names_in(function.__code__)}
            names = self._names
        if (
            owner is None
            or isinstance(owner, types.FunctionType)
            or name in names
            or reads_attributes_dynamically(names)
        ):
            return True
        if isinstance(owner, (types.CellType, dict)):
            return False
        if hasattr(type(owner), "_python_parts") and name not in vars(owner):
            return True  # yielded by `_python_parts`, not an attribute
        bases = (owner if isinstance(owner, type) else type(owner)).__mro__
        return any(is_own(base) and name in attributes_written_by(base) for base in bases)

    def _is_guarded(self, path: tuple, is_same: Callable) -> bool:
        """Whether a value needs a guard: lists that minikeras made, and values no code names, do not."""
        owner, name = self._owners.get(path[0]), path[1]
        is_given = len(path) > 2 or (is_same is _is_equal_array and not name.startswith("_"))
        is_users = name == "" or is_given or not is_own(type(owner))
        return is_users and (name == "" or self._is_relevant(path))


def has_user_code(value: Any) -> bool:
    """Whether code of the user is reachable from an object."""
    return Snapshot([value]).has_user_code


@cache
def _generators() -> tuple[type, ...]:
    """Returns the classes of random generators. A function, since `np.random` is imported on first use."""
    return np.random.Generator, np.random.RandomState, random.Random


@cache
def _library_holders() -> tuple[type, ...]:
    """Returns the classes of the standard library whose objects hold values of the user."""
    from argparse import Namespace

    return Namespace, types.SimpleNamespace, UserDict, UserList, ChainMap


@cache
def _byte_arrays() -> tuple[type, ...]:
    """Returns the classes of mutable byte and numeric arrays in the standard library."""
    from array import array

    return bytearray, array


def _is_data(name: str, value: Any) -> bool:
    """Whether an attribute of a class is data, not a method, descriptor or part of the class machinery."""
    is_code = callable(value) or isinstance(value, (property, classmethod, staticmethod, types.MemberDescriptorType))
    return not (is_code or (name.startswith("__") and name.endswith("__")) or type(value).__name__ == "_abc_data")


def _modules(function: types.FunctionType, names: frozenset[str]) -> Iterator[types.ModuleType]:
    """Yields the user's modules that a function may read from: globals, local imports, and modules inside those."""
    known, ordered = function.__globals__, sorted(names)
    package = known.get("__package__")
    # The code of `import a.b` has the name "a.b", that of `from .b import c` has "b".
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


def _may_be_rebound(value: Any) -> bool:
    """Whether a global may be rebound later, unlike modules and the parts of libraries."""
    if value is None or isinstance(value, (types.ModuleType, types.BuiltinFunctionType)):
        return False
    if isinstance(value, (type, types.FunctionType)):
        return not _is_of_library(value) and not (getattr(value, "__module__", "") or "").startswith("minikeras.")
    return True


def _is_of_library(value: Any) -> bool:
    """Whether a class, function or module belongs to Python, to minikeras or to an installed package."""
    if isinstance(value, types.FunctionType):
        file = value.__code__.co_filename
        return is_own_file(file) or is_library_file(file)
    if isinstance(value, types.ModuleType):
        file = getattr(value, "__file__", None)
        is_built_in = value.__name__ in sys.builtin_module_names
        return is_built_in or (file is not None and (is_own_file(file) or is_library_file(file)))
    if not value.__flags__ & _HEAP_TYPE_FLAG or is_own(value):
        return True
    file = getattr(sys.modules.get(value.__module__), "__file__", None)
    return file is not None and is_library_file(file)


def _attributes(value: Any) -> list[tuple[str, Any]]:
    """Returns the attributes of an object, those in slots included."""
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
    except ValueError:  # the variable is not assigned yet
        return None


def _sample(array: np.ndarray) -> bytes:
    """Returns the bytes of an array, or of evenly spaced elements of a large one."""
    if array.nbytes > _WHOLE_ARRAY:
        array = array.reshape(-1)[:: array.size // _SAMPLED] if array.flags.c_contiguous else array.flat[:_SAMPLED]
    return array.tobytes()


# Guards. Objects are compared by identity, which is fast and runs no code of the user. If an object was replaced by an
# equal one, the guard fails, a new snapshot is taken, and that finds no difference.


def _is_equal_array(array: np.ndarray, seen: bytes) -> bool:
    if array.nbytes > _COPIED and array.flags.c_contiguous and array.nbytes == len(seen):
        return np.array_equal(array.reshape(-1).view(np.uint8), np.frombuffer(seen, np.uint8))
    return _sample(array) == seen


def _is_equal_buffer(buffer: Any, seen: bytes) -> bool:
    return bytes(buffer) == seen


def _has_elements(array: np.ndarray, seen: list) -> bool:
    return _are_identical(array.flat, seen)


def _are_identical(values: Iterable, seen: list) -> bool:
    values = list(values)
    return len(values) == len(seen) and all(map(is_, values, seen))


def _has_items(container: Any, seen: list) -> bool:
    return _are_identical(container, seen)


def _has_values(mapping: Any, seen: list) -> bool:
    return _are_identical(mapping.values(), seen)


def _has_attributes(value: Any, seen: list) -> bool:
    return _are_identical((part for _, part in _attributes(value)), seen)


def _has_content(cell: types.CellType, seen: Any) -> bool:
    return _content(cell) is seen


def _has_names(get: Callable, seen: list) -> bool:
    for name, value in seen:  # faster than `all` for a few names
        if get(name) is not value:
            return False
    return True
