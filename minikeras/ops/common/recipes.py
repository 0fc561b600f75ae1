"""Recipes: the calls that a function recorded, in which values are numbers, so that they can be recorded again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

from ...compiler.control_flow.regions import PROJECT, ControlFlow
from ...engine.dispatch import recorded
from ...engine.naming import path_scope
from ...engine.primitive import Primitive
from ...engine.tensor import Tensor
from ...engine.trace import CustomVJP, Entry, Trace
from ..control_flow.recording import run_recorded


class Slot(NamedTuple):
    """A value, by its number."""

    number: int


class Rule(NamedTuple):
    """A gradient rule of several calls; see `CustomVJP`."""

    inputs: tuple
    outputs: list[int]
    vjp: Callable
    takes_none: bool
    optional: bool


@dataclass(eq=False)
class Call:
    """One call of a primitive, of a loop or of branches.

    Attributes:
        primitive: The primitive.
        inputs: Slots and constants.
        params: Its parameters.
        outputs: The numbers of the results: one, or those of the outputs of a loop or of branches.
        keys: The keys of these outputs; None for a primitive.
        layer: The path of the layer that it belongs to.
        rule: The gradient rule that ends with it.
    """

    primitive: Primitive
    inputs: tuple
    params: dict
    outputs: list[int]
    keys: list | None
    layer: str | None
    rule: Rule | None = None


@dataclass(eq=False)
class Recipe:
    """What a part of a trace computes from values outside of it.

    Calls with side effects, such as assignments, are not in it: what they return is an operand.

    Attributes:
        slots: By tensor, its number.
        operands: The tensors that come from outside.
        operand_numbers: Their numbers.
        calls: The calls, in order.
    """

    slots: dict[Tensor, int] = field(default_factory=dict)
    operands: list[Tensor] = field(default_factory=list)
    operand_numbers: list[int] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)

    @classmethod
    def of(cls, trace: Trace, start: int) -> Self:
        """Returns the recipe of the entries of a trace from an index on."""
        recipe = cls()
        of_loops: dict[int, Call] = {}  # by the number of the handle
        for index, entry in enumerate(trace.entries[start:], start):
            call = recipe._added(entry, of_loops)
            rule = trace.custom_vjps.get(index)
            if call is not None and rule is not None:
                inputs = recipe._refs(rule.inputs)
                outputs = [recipe.slots[each] for each in rule.outputs]
                call.rule = Rule(inputs, outputs, rule.vjp, rule.takes_none, rule.optional)
        return recipe

    def _added(self, entry: Entry, of_loops: dict[int, Call]) -> Call | None:
        """Adds the call of an entry, and returns it; None for a side effect."""
        if entry.output is None:
            return None
        handle = self.slots.get(entry.inputs[0]) if entry.primitive is PROJECT else None
        if entry.primitive.effect or (entry.primitive is PROJECT and handle not in of_loops):
            self._operand(entry.output)
            return None
        if handle is not None:
            call = of_loops[handle]
            call.keys.append(call.params["op"].key(entry.params["number"]))
            call.outputs.append(self._number(entry.output))
            return call
        inputs, number = self._refs(entry.inputs), self._number(entry.output)
        is_loop = isinstance(entry.params.get("op"), ControlFlow)
        outputs, keys = ([], []) if is_loop else ([number], None)
        call = Call(entry.primitive, inputs, entry.params, outputs, keys, entry.layer)
        if is_loop:
            of_loops[number] = call
        self.calls.append(call)
        return call

    def _number(self, tensor: Tensor) -> int:
        return self.slots.setdefault(tensor, len(self.slots))

    def _operand(self, tensor: Tensor) -> int:
        number = self._number(tensor)
        self.operands.append(tensor)
        self.operand_numbers.append(number)
        return number

    def _refs(self, values: Iterable) -> tuple:
        return tuple(self._ref(each) for each in values)

    def _ref(self, value: Any) -> Any:
        if not isinstance(value, Tensor):
            return value
        return Slot(self.slots[value] if value in self.slots else self._operand(value))

    def record(self, trace: Trace, operands: Sequence[Tensor], wanted: Iterable[int]) -> dict[int, Tensor]:
        """Records the calls that values need in a trace.

        Args:
            trace: The open trace.
            operands: Tensors of this trace, in the order of `operands`.
            wanted: The numbers of these values.

        Returns:
            The tensors of values by their numbers.
        """
        values = dict(zip(self.operand_numbers, operands, strict=True))
        for call in self._needed(wanted):
            with path_scope(call.layer):
                _record(trace, call, values)
        return values

    def _needed(self, wanted: Iterable[int]) -> list[Call]:
        needed, found = set(wanted), []
        for call in reversed(self.calls):
            rule_outputs = call.rule.outputs if call.rule is not None else []
            if needed.isdisjoint(call.outputs) and needed.isdisjoint(rule_outputs):
                continue
            found.append(call)
            needed.update(rule_outputs)
            rule_inputs = call.rule.inputs if call.rule is not None else ()
            needed.update(each.number for each in (*call.inputs, *rule_inputs) if isinstance(each, Slot))
        return found[::-1]


def _record(trace: Trace, call: Call, values: dict[int, Tensor]) -> None:
    rule, inputs = call.rule, _filled(call.inputs, values)
    if call.keys is not None:
        results = run_recorded(call.params["op"], inputs, call.keys, _no_gradient if rule is None else rule.vjp)
        values.update(zip(call.outputs, results, strict=True))
        return
    values[call.outputs[0]] = recorded(trace, call.primitive, inputs, call.params)
    if rule is not None:
        outputs = tuple(values[number] for number in rule.outputs)
        trace.custom_vjps[len(trace.entries) - 1] = CustomVJP(
            _filled(rule.inputs, values), outputs, rule.vjp, rule.takes_none, rule.optional
        )


def _filled(inputs: tuple, values: Mapping[int, Tensor]) -> tuple:
    return tuple(values[each.number].current() if isinstance(each, Slot) else each for each in inputs)


def _no_gradient(found: list, outputs: tuple, *operands: Any) -> list:
    return [None] * len(operands)
