"""What the user's own functions read besides their arguments: attributes, globals, variables of enclosing functions.

It is read off their code, which is quick, and never run.
"""

import dis
import os
from collections.abc import Iterator
from functools import cache, cached_property, partial
from types import CodeType, FunctionType, MethodType
from typing import Any

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_INSTALLED = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_Cached = type(cache(lambda: None))
# These read attributes whose names cannot be read off the code.
_READS_ANY = frozenset(
    {"getattr", "attrgetter", "asdict", "astuple", "vars", "__dict__", "__getattribute__", "eval", "exec"}
)
# What is read there does not count in a step.
_NOT_IN_STEPS = frozenset({"__init__", "__new__", "__init_subclass__", "get_config", "from_config", "__repr__"})


@cache
def is_own_file(name: str) -> bool:
    """Tells whether a file is one of minikeras's."""
    return name.startswith(_PACKAGE)


@cache
def _libraries() -> tuple[str, ...]:
    """Returns the folders of Python's library."""
    import sysconfig  # reads how Python was built, which takes a while

    return tuple(sorted({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib")}))


@cache
def is_library_file(name: str) -> bool:
    """Tells whether a file belongs to Python or to an installed package."""
    is_installed = name.startswith(("<frozen ", *_libraries())) or any(folder in name for folder in _INSTALLED)
    return is_installed and not is_own_file(name)


def functions_in(value: Any) -> Iterator[FunctionType]:
    """Yields the function written in Python that a callable stands for, and those that decorators wrapped."""
    seen: set[int] = set()
    while id(value) not in seen:
        seen.add(id(value))
        if isinstance(value, (partial, cached_property)):
            value = value.func
        elif isinstance(value, (MethodType, staticmethod, classmethod)):
            value = value.__func__
        elif isinstance(value, FunctionType):
            yield value
            value = getattr(value, "__wrapped__", None)
        elif isinstance(value, _Cached):
            value = value.__wrapped__


def functions_of_class(cls: type) -> Iterator[FunctionType]:
    """Yields the functions that a class defines and that may run in a step."""
    for name, value in list(vars(cls).items()):
        if name not in _NOT_IN_STEPS:
            for each in (value.fget, value.fset) if isinstance(value, property) else (value,):
                yield from (found for found in functions_in(each) if not is_own_file(found.__code__.co_filename))


@cache
def names_in(code: CodeType) -> frozenset[str]:
    """Returns the names and the strings in code, with those of the functions inside: attributes, globals, keys."""
    found = set(code.co_names) | set(code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= names_in(constant)
        elif isinstance(constant, (str, tuple)):
            found.update(
                part for part in (constant if isinstance(constant, tuple) else (constant,)) if type(part) is str
            )
    return frozenset(found)


def reads_any_attribute(names: frozenset[str] | set[str]) -> bool:
    """Tells whether code with these names may read attributes whose names are not among them."""
    return not _READS_ANY.isdisjoint(names)


@cache
def attributes_set_by(cls: type) -> frozenset[str]:
    """Returns the attributes that the functions of a class itself set, and their strings, which may name some."""
    found: set[str] = set()
    for value in vars(cls).values():
        for each in (value.fget, value.fset) if isinstance(value, property) else (value,):
            for function in functions_in(each):
                code = function.__code__
                found.update(i.argval for i in dis.get_instructions(code) if i.opname == "STORE_ATTR")
                found.update(constant for constant in code.co_consts if isinstance(constant, str))
    return frozenset(found)


def line_that_names(codes: list[CodeType], names: set[str]) -> str | None:
    """Returns file and line of the first place in code where one of some names is read; None if there is none."""
    for code in codes:
        for instruction in dis.get_instructions(code):
            if instruction.argval in names and instruction.opname.startswith("LOAD_"):
                line = instruction.positions.lineno if instruction.positions else code.co_firstlineno
                return f"{code.co_filename}:{line}"
        inner = line_that_names([each for each in code.co_consts if isinstance(each, CodeType)], names)
        if inner is not None:
            return inner
    return None
