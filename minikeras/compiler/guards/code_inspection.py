"""What functions read besides their arguments: attributes, globals, and variables of enclosing functions.

The names come from the bytecode; nothing is executed.
"""

import dis
import os
from collections.abc import Iterator
from functools import cache, cached_property, partial
from types import CodeType, FunctionType, MethodType
from typing import Any

_PACKAGE = os.path.abspath(__file__).removesuffix(os.path.join("compiler", "guards", "code_inspection.py"))
_INSTALLED = tuple(f"{os.sep}{name}{os.sep}" for name in ("site-packages", "dist-packages"))
_CachedFunction = type(cache(lambda: None))
# Code that uses one of these may read attributes whose names are not in its bytecode.
_DYNAMIC_READS = frozenset(
    {"getattr", "attrgetter", "asdict", "astuple", "vars", "__dict__", "__getattribute__", "eval", "exec"}
)
_READS_OF_GLOBALS = frozenset({"globals", "vars", "eval", "exec"})  # by names that are not in the bytecode
# Methods that never run in a step.
_NEVER_IN_STEPS = frozenset({"__init__", "__new__", "__init_subclass__", "get_config", "from_config", "__repr__"})


@cache
def is_own_file(name: str) -> bool:
    """Whether a file belongs to minikeras."""
    return name.startswith(_PACKAGE)


@cache
def _libraries() -> tuple[str, ...]:
    """Returns the folders of the standard library."""
    import sysconfig  # slow to import

    return tuple(sorted({sysconfig.get_path(name) + os.sep for name in ("stdlib", "platstdlib")}))


@cache
def is_library_file(name: str) -> bool:
    """Whether a file belongs to the standard library or to an installed package."""
    is_installed = name.startswith(("<frozen ", *_libraries())) or any(folder in name for folder in _INSTALLED)
    return is_installed and not is_own_file(name)


def unwrapped_functions(value: Any) -> Iterator[FunctionType]:
    """Yields the Python function behind a callable, then the functions that its decorators wrapped."""
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
        elif isinstance(value, _CachedFunction):
            value = value.__wrapped__


def functions_of_class(cls: type) -> Iterator[FunctionType]:
    """Yields the functions that a class itself defines and that may run in a step."""
    for name, value in list(vars(cls).items()):
        if name not in _NEVER_IN_STEPS:
            for each in (value.fget, value.fset) if isinstance(value, property) else (value,):
                yield from (found for found in unwrapped_functions(each) if not is_own_file(found.__code__.co_filename))


@cache
def names_in(code: CodeType) -> frozenset[str]:
    """Returns the names and strings in code and in the functions inside it: attributes, globals and keys."""
    found = set(code.co_names) | set(code.co_freevars)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found |= names_in(constant)
        elif isinstance(constant, (str, tuple)):
            found.update(
                part for part in (constant if isinstance(constant, tuple) else (constant,)) if type(part) is str
            )
    return frozenset(found)


@cache
def globals_in(code: CodeType) -> frozenset[str]:
    """Returns the names of globals in code and in the functions inside it, not those of attributes."""
    names = names_in(code)
    if not _READS_OF_GLOBALS.isdisjoint(names):
        return names
    found = {i.argval for i in dis.get_instructions(code) if i.opname.endswith(("_GLOBAL", "_NAME"))}
    return frozenset(found.union(*(globals_in(each) for each in code.co_consts if isinstance(each, CodeType))))


def reads_attributes_dynamically(names: frozenset[str] | set[str]) -> bool:
    """Whether code with these names may read attributes whose names are not among them, as `getattr` does."""
    return not _DYNAMIC_READS.isdisjoint(names)


@cache
def attributes_written_by(cls: type) -> frozenset[str]:
    """Returns the attributes that the methods of a class itself set, and their strings, which may name attributes."""
    found: set[str] = set()
    for value in vars(cls).values():
        for each in (value.fget, value.fset) if isinstance(value, property) else (value,):
            for function in unwrapped_functions(each):
                code = function.__code__
                found.update(i.argval for i in dis.get_instructions(code) if i.opname == "STORE_ATTR")
                found.update(constant for constant in code.co_consts if isinstance(constant, str))
    return frozenset(found)


def first_line_using(codes: list[CodeType], names: set[str]) -> str | None:
    """Returns the file and line where code first reads one of some names; None if it does not."""
    for code in codes:
        for instruction in dis.get_instructions(code):
            if instruction.argval in names and instruction.opname.startswith("LOAD_"):
                line = instruction.positions.lineno if instruction.positions else code.co_firstlineno
                return f"{code.co_filename}:{line}"
        inner = first_line_using([each for each in code.co_consts if isinstance(each, CodeType)], names)
        if inner is not None:
            return inner
    return None
