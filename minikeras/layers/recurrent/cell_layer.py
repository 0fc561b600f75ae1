"""The base of `SimpleRNN`, `LSTM`, `GRU` and `ConvLSTM`, which have the arguments and attributes of their cell."""

from typing import Any, ClassVar, Self, Unpack

from ...errors import ArgumentError, brief
from ...typing import LayerArguments, Shape, Tensor
from ..input_spec import InputSpec
from .recurrent_cell import RecurrentCell, placed
from .rnn import RNN

_OF_LAYERS = ("name", "trainable", "dtype")  # in the config of a cell, too


def of_cell(name: str) -> property:
    """Returns a property of a layer that is an attribute of its cell."""
    return property(lambda self: getattr(self.cell, name), doc=f"`{name}` of the cell.")


def cell_arguments(name: str, kwargs: dict) -> dict[str, Any]:
    """Returns the arguments that the cell of a layer shares with it.

    Args:
        name: The name of the cell.
        kwargs: The arguments of the layer; `implementation`, which only the cell has, is removed from them.
    """
    implementation = {"implementation": kwargs.pop("implementation")} if "implementation" in kwargs else {}
    return {
        "name": name,
        "dtype": kwargs.get("dtype"),
        "trainable": kwargs.get("trainable", True),
        **implementation,
    }


class CellLayer(RNN):
    """The base of layers that make their cell from their own arguments.

    Args:
        cell: The cell.
        return_sequences: Whether to return the outputs of all steps, or only the last one.
        return_state: Whether to return the final states, too.
        go_backwards: Whether to start with the last step.
        stateful: Whether a batch starts with the final states of the batch before.
        unroll: Whether to trace each step instead of a loop.
        **kwargs: `zero_output_for_mask`, and the arguments of every layer.

    Source: https://keras.io/api/layers/recurrent_layers/
    """

    activation = of_cell("activation")
    use_bias = of_cell("use_bias")
    kernel_initializer = of_cell("kernel_initializer")
    recurrent_initializer = of_cell("recurrent_initializer")
    bias_initializer = of_cell("bias_initializer")
    kernel_regularizer = of_cell("kernel_regularizer")
    recurrent_regularizer = of_cell("recurrent_regularizer")
    bias_regularizer = of_cell("bias_regularizer")
    kernel_constraint = of_cell("kernel_constraint")
    recurrent_constraint = of_cell("recurrent_constraint")
    bias_constraint = of_cell("bias_constraint")
    dropout = of_cell("dropout")
    recurrent_dropout = of_cell("recurrent_dropout")
    use_cudnn: bool | str = "auto"
    _rank: ClassVar[int] = 0  # how many spatial axes a step has

    def __init__(
        self,
        cell: RecurrentCell,
        return_sequences: bool,
        return_state: bool,
        go_backwards: bool,
        stateful: bool,
        unroll: bool,
        **kwargs: Unpack[LayerArguments],
    ):
        super().__init__(cell, return_sequences, return_state, go_backwards, stateful, unroll, **kwargs)
        self.input_spec = InputSpec(ndim=self._rank + 3)

    def build(self, sequences_shape: Shape, initial_state_shape: Any = None) -> None:
        """Builds the cell and, if the layer is stateful, creates the variables of the states."""
        super().build(sequences_shape, initial_state_shape)
        self.input_spec = InputSpec(shape=(None, None, *sequences_shape[2:]))

    def _set_use_cudnn(self, value: object) -> None:
        if not isinstance(value, bool) and not (isinstance(value, str) and value == "auto"):
            raise ArgumentError(
                f'{type(self).__name__}: `use_cudnn` must be "auto", True or False. Received: use_cudnn={brief(value)}'
            )
        self.use_cudnn = value

    def call(
        self,
        sequences: Tensor,
        initial_state: Any = None,
        mask: Tensor | None = None,
        training: bool = False,
    ) -> Any:
        """Returns the output, followed by the final states if `return_state`; see `RNN`."""
        if self.use_cudnn is True:
            raise ArgumentError(
                f'{self._where()}: minikeras runs on the CPU, so there is no cuDNN. Pass use_cudnn="auto". '
                "Received: use_cudnn=True"
            )
        return super().call(sequences, initial_state, mask, training)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        config = super().get_config()
        del config["cell"]
        of_cell = {name: value for name, value in self.cell.get_config().items() if name not in _OF_LAYERS}
        config |= of_cell
        if self.activity_regularizer is not None:  # which `Layer` has listed
            return config
        return placed(config, "activity_regularizer", None, after="bias_regularizer")

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Self:
        """Creates the layer from its config."""
        return cls(**config)
