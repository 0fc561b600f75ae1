"""The base of the cells `SimpleRNNCell`, `LSTMCell` and `GRUCell`."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Unpack

from ... import activations, ops, random
from ...argument_checks import as_bool, bad_argument, check_int, check_number
from ...engine.variable import Variable
from ...errors import ArgumentError
from ...typing import ActivationLike, LayerArguments, Shape, Tensor, TensorLike
from ..base import Layer
from .dropout_rnn_cell import DropoutRNNCell


class RecurrentCell(DropoutRNNCell, Layer):
    """The base of cells with a kernel, a recurrent kernel and a bias.

    A subclass defines `gates`, the number of gates, and `call`.

    Args:
        units: The number of units, the size of the output and of each state.
        activation: The name of an activation, or a function; None: no activation.
        use_bias: Whether to add a bias.
        declared: Initializer, regularizer and constraint, by prefix: "kernel", "recurrent" and "bias".
        dropout: The fraction of the inputs to drop, in [0, 1]; rates outside are clipped.
        recurrent_dropout: The fraction of the hidden state to drop, likewise.
        seed: An integer, for reproducible dropout.
        implementation: 1: each gate has dropout masks of its own, as with `recurrent_dropout`; 0 and 2: one for all.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/recurrent_layers/
    """

    gates: ClassVar[int] = 1
    _settings: ClassVar[tuple[str, ...]] = ()  # further arguments, which `get_config` lists before `seed`
    _bookkeeping = Layer._bookkeeping | {"_masks"}
    has_flat_states: ClassVar[bool] = True  # of shape (batch, units), as the output
    recurrent_activation: Callable | None = None
    kernel: Variable
    recurrent_kernel: Variable
    bias: Variable | None

    def __init__(
        self,
        units: int,
        activation: ActivationLike,
        use_bias: bool,
        declared: Mapping[str, tuple],
        dropout: float,
        recurrent_dropout: float,
        seed: int | None,
        implementation: int = 2,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(**kwargs)
        where = type(self).__name__
        self.units = check_int(where, "units", units, minimum=1)
        self.activation = activations.get(activation)
        self.use_bias = as_bool(where, "use_bias", use_bias)
        for prefix, settings in declared.items():
            self._declare_weight(prefix, *settings)
        self.dropout, self.recurrent_dropout = (
            min(1.0, max(0.0, check_number(where, name, rate, error=ArgumentError)))
            for name, rate in (("dropout", dropout), ("recurrent_dropout", recurrent_dropout))
        )
        if implementation not in (0, 1, 2):
            raise bad_argument(where, "implementation", implementation, "0, 1 or 2")
        self.implementation = 1 if self.recurrent_dropout and self.gates > 1 else implementation
        self.dropout_mask_count = self.gates if self.implementation == 1 and self.gates > 1 else None
        self.seed = seed
        self.seed_generator = random.SeedGenerator(seed)
        self.state_size: Any = self.units
        self.output_size = self.units

    def _bias_shape(self) -> Shape:
        return (self.gates * self.units,)

    def _bias_initializer(self) -> Any:
        """Returns the initializer of the bias in place of the argument; None for the argument."""
        return None

    def _kernel_shapes(self, input_shape: Shape) -> tuple[Shape, Shape]:
        """Returns the shapes of the kernel and of the recurrent kernel."""
        features, size = input_shape[-1], self.gates * self.units
        if features is None:
            raise ArgumentError(
                f"{self._where()}: the number of features must be known. Received: input_shape={tuple(input_shape)}"
            )
        return (features, size), (self.units, size)

    def build(self, input_shape: Shape) -> None:
        """Creates the kernel, shape (features, gates * units), the recurrent kernel and the bias."""
        shape, recurrent_shape = self._kernel_shapes(input_shape)
        self.kernel = self._add_declared_weight("kernel", shape)
        self.recurrent_kernel = self._add_declared_weight("recurrent", recurrent_shape, name="recurrent_kernel")
        self.bias = (
            self._add_declared_weight("bias", self._bias_shape(), self._bias_initializer()) if self.use_bias else None
        )

    def get_initial_state(self, batch_size: int | None = None) -> list[Tensor]:
        """Returns the initial states: zeros of shape (batch_size, units)."""
        sizes = self.state_size if isinstance(self.state_size, list) else [self.state_size]
        return [ops.zeros((batch_size, size), self.compute_dtype) for size in sizes]

    def _dropped(self, inputs: TensorLike, hidden: TensorLike, training: bool) -> tuple[Any, Any]:
        """Returns the inputs and the hidden state with dropout; lists of them if each gate has a mask of its own."""
        if not training:
            return inputs, hidden
        masks = self.get_dropout_mask(inputs), self.get_recurrent_dropout_mask(hidden)
        rates = self.dropout, self.recurrent_dropout
        return tuple(map(self._times, (inputs, hidden), masks, rates))

    def _times(self, value: TensorLike, mask: Any, rate: float) -> Any:
        # As in Keras, gates ignore a rate of 1.
        if mask is None or (rate == 1 and self.gates > 1):
            return value
        return [value * each for each in mask] if isinstance(mask, list) else value * mask

    def _size_config(self) -> dict[str, Any]:
        """Returns the arguments that determine the shapes of weights and states."""
        return {"units": self.units}

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        gate = self.recurrent_activation
        return {
            **super().get_config(),
            **self._size_config(),
            "activation": activations.serialize(self.activation),
            **({} if gate is None else {"recurrent_activation": activations.serialize(gate)}),
            "use_bias": self.use_bias,
            **self._weight_config("kernel", "recurrent", "bias"),
            "dropout": self.dropout,
            "recurrent_dropout": self.recurrent_dropout,
            **{name: getattr(self, name) for name in self._settings},
            "seed": self.seed,
        }


def product(value: Any, kernel: TensorLike, multiply: Callable = ops.matmul, axis: int = -1) -> Tensor:
    """Returns `value @ kernel`; for a list of values, each multiplied with its own part of the kernel's columns.

    Args:
        value: The value, or a list of values, one for each gate.
        kernel: The kernel, with the units of all gates in the last axis.
        multiply: What is to be done with a value and a kernel, such as a convolution.
        axis: The axis of the units in the result.
    """
    if not isinstance(value, list):
        return multiply(value, kernel)
    parts = ops.split(kernel, len(value), axis=-1)
    return ops.concatenate([multiply(each, part) for each, part in zip(value, parts, strict=True)], axis=axis)


def placed(config: dict, name: str, value: object, after: str) -> dict:
    """Returns a config with one more argument, at the place where Keras lists it."""
    names = list(config)
    place = names.index(after) + 1
    return {each: value if each == name else config[each] for each in (*names[:place], name, *names[place:])}
