"""How the members of public classes, and signatures, differ from Keras's: `python -m compat.members` lists them."""

import ast
import inspect
import os
import textwrap
from collections.abc import Iterator
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

import minikeras
from compat import names

_EMPTY = repr(inspect.Parameter.empty)
_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class Pair(NamedTuple):
    """A public object of Keras, and the one of the same name here."""

    path: str
    theirs: Any
    ours: Any


def pairs(keras: ModuleType, library: ModuleType = minikeras) -> list[Pair]:
    """Returns the public classes and functions that both have, each under the first of its names."""
    found: dict[int, Pair] = {}
    for path, module in names.namespaces(keras):
        own = names.find(library, path)
        for name in names.public_names(module):
            theirs, ours = getattr(module, name), getattr(own, name, None)
            if callable(theirs) and ours is not None:
                found.setdefault(id(theirs), Pair(f"{path}.{name}".lstrip("."), theirs, ours))
    return list(found.values())


def members(cls: type) -> set[str]:
    """Returns the public members of a class: attributes and methods, also those that only instances have."""
    found = set(dir(cls))
    for each in cls.__mro__:
        if each.__module__.partition(".")[0] == "minikeras":
            found |= set(vars(each).get("__annotations__", ())) | _attributes(each)
    return {name for name in found if not name.startswith("_")}


@cache
def _attributes(cls: type) -> frozenset[str]:
    """The attributes that methods of a class set: `self.name = ...`, also in tuples and through `vars(self)`."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    stores = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store))
    return frozenset(node.attr for node in stores if isinstance(node.value, ast.Name) and node.value.id == "self")


def missing_members(pair: Pair) -> list[str]:
    """Returns the public members of a class of Keras that the class here has not."""
    if not (inspect.isclass(pair.theirs) and inspect.isclass(pair.ours)):
        return []
    theirs = {name for name in dir(pair.theirs) if not name.startswith("_")}
    return sorted(theirs - members(pair.ours))


def parameters(function: Any) -> list[tuple] | None:
    """Returns the names, defaults and kinds of the parameters of a function; None if it does not say."""
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    return [(each.name, repr(each.default), each.kind) for each in found]


def fits(theirs: list[tuple], ours: list[tuple]) -> bool:
    """Whether a call written for Keras means the same here.

    What Keras requires may have a default here. There may be further parameters with defaults, and a function may take
    anything by `*args` or `**kwargs`, as long as what Keras passes on by these has no fixed meaning.
    """
    own = {name: default for name, default, _ in ours}
    takes = {kind for _, _, kind in ours}
    positional = [name for name, _, kind in ours if kind.value <= 1]
    for index, (name, default, kind) in enumerate(each for each in theirs if each[2] not in _VARIADIC):
        by_position = kind.value <= 1
        if name not in own:
            if not (set(_VARIADIC) if by_position else {inspect.Parameter.VAR_KEYWORD}) <= takes:
                return False
        elif default not in (_EMPTY, own[name]):
            return False
        elif by_position and index < len(positional) and positional[index] != name:
            return False
    known = {name for name, _, _ in theirs}
    passes_on = any(kind in _VARIADIC for _, _, kind in theirs)
    extra = [each for each in ours if each[0] not in known and each[2] not in _VARIADIC]
    return passes_on or all(default != _EMPTY for _, default, _ in extra)


def signature_differences(pair: Pair) -> Iterator[tuple[str, list | None, list | None]]:
    """Yields what cannot be called as in Keras: the function, or the constructor or a method of the class.

    Yields:
        Its name, and its parameters in Keras and here.
    """
    compared = [(pair.path, pair.theirs, pair.ours)]
    if inspect.isclass(pair.theirs) and inspect.isclass(pair.ours):
        for name in dir(pair.theirs):
            kinds = [inspect.getattr_static(each, name, None) for each in (pair.theirs, pair.ours)]
            is_method = not any(each is None or isinstance(each, property) for each in kinds)
            if not name.startswith("_") and is_method and callable(getattr(pair.theirs, name)):
                owner = getattr(pair.theirs, name).__qualname__
                compared.append((owner, getattr(pair.theirs, name), getattr(pair.ours, name)))
    for name, theirs, ours in compared:
        expected, received = parameters(theirs), parameters(ours)
        if expected is not None and received is not None and not fits(expected, received):
            yield name, expected, received


def _text(found: list) -> str:
    marks = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    return ", ".join(f"{marks.get(kind, '')}{name}" + ("" if d == _EMPTY else f"={d}") for name, d, kind in found)


def main() -> None:
    """Prints what is missing, and what has other parameters."""
    import keras

    seen = set()
    for pair in pairs(keras):
        for name in missing_members(pair):
            print(f"{pair.path}.{name} is missing")
        for name, theirs, ours in signature_differences(pair):
            if (name, line := f"({_text(theirs)}) here ({_text(ours)})") not in seen:
                seen.add((name, line))
                print(f"{pair.path}: {name} {line}")


if __name__ == "__main__":
    main()
