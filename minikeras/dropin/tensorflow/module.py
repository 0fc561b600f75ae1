"""`tf.Module`: a container that tracks the variables in its attributes."""

from collections.abc import Iterator
from typing import Any

from ...engine.naming import name_scope, to_snake_case
from ...engine.variable import Variable
from ...layers import Layer

__all__ = ["Module"]


class Module:
    """Base class of objects with variables and submodules in attributes, also in lists, tuples and dicts.

    Args:
        name: The name; by default the class name in snake case.

    Source: https://www.tensorflow.org/api_docs/python/tf/Module

    Example:
        >>> class Line(Module):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.b, self.a = Variable([0.0]), Variable([1.0], trainable=False)
        >>> len(Line().variables), len(Line().trainable_variables)
        (2, 1)
    """

    def __init__(self, name: str | None = None):
        self._name = to_snake_case(type(self).__name__) if name is None else name

    @property
    def name(self) -> str:
        """The name."""
        return self._name

    @property
    def name_scope(self) -> name_scope:
        """A name scope in which paths of variables begin with the name."""
        return name_scope(self._name)

    @property
    def variables(self) -> tuple:
        """The variables of the module and of its submodules and layers, sorted by attribute name."""
        return tuple(value for value in _walk(self) if isinstance(value, Variable))

    @property
    def trainable_variables(self) -> tuple:
        """The trainable variables."""
        return tuple(variable for variable in self.variables if variable.trainable)

    @property
    def non_trainable_variables(self) -> tuple:
        """The variables that are not trainable."""
        return tuple(variable for variable in self.variables if not variable.trainable)

    @property
    def submodules(self) -> tuple:
        """The modules in the module, recursively."""
        return tuple(value for value in _walk(self) if isinstance(value, Module) and value is not self)

    @classmethod
    def with_name_scope(cls, method: Any) -> Any:
        """Returns the method unchanged: names of variables do not depend on the caller."""
        return method


def _walk(module: Module) -> Iterator[Any]:
    """Yields the objects in a module once each, breadth first."""
    seen: set[int] = set()
    queue: list[Any] = [module]
    while queue:
        value = queue.pop(0)
        if id(value) in seen:
            continue
        seen.add(id(value))
        yield value
        if isinstance(value, Module):
            queue.extend(_flat([value.__dict__[name] for name in sorted(value.__dict__)]))
        elif isinstance(value, Layer):
            queue.extend(value.variables)


def _flat(values: Any) -> Iterator[Any]:
    """Yields modules, layers and variables in nested lists, tuples and dicts."""
    for value in values:
        if isinstance(value, (Module, Layer, Variable)):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from _flat(value)
        elif isinstance(value, dict):
            yield from _flat([value[key] for key in sorted(value, key=str)])
