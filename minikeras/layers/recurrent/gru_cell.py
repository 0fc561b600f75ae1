"""The `GRUCell` layer."""

from typing import Any, Unpack

from ... import activations, ops
from ...argument_checks import as_bool
from ...typing import (
    ActivationLike,
    CellArguments,
    ConstraintLike,
    InitializerLike,
    RegularizerLike,
    Shape,
    Tensor,
    TensorLike,
)
from .old_arguments import takes_old_arguments
from .recurrent_cell import RecurrentCell, product


class GRUCell(RecurrentCell):
    """One step of a GRU.

    `x @ kernel + bias` has three parts `z, r, g`; with `s`, the recurrent activation, and `a`, the activation:
    `z = s(z + h @ U_z)`, `r = s(r + h @ U_r)`, `h' = z h + (1 - z) a(g + r (h @ U_g))`, or, unless `reset_after`,
    `a(g + (r h) @ U_g)`

    Args:
        units: The number of units, the size of the output and of each state.
        activation: The name of an activation, or a function; None: no activation.
        recurrent_activation: The activation of the gates, likewise.
        use_bias: Whether to add a bias.
        kernel_initializer: Initializer of the kernel, shape (features, 3 * units).
        recurrent_initializer: Initializer of the recurrent kernel, shape (units, 3 * units).
        bias_initializer: Initializer of the bias, shape (2, 3 * units) or (3 * units,).
        kernel_regularizer: Regularizer of the kernel; its penalty is added to the loss.
        recurrent_regularizer: Regularizer of the recurrent kernel.
        bias_regularizer: Regularizer of the bias.
        kernel_constraint: Constraint applied to the kernel after each update.
        recurrent_constraint: Constraint applied to the recurrent kernel after each update.
        bias_constraint: Constraint applied to the bias after each update.
        dropout: The fraction of the inputs to drop in training.
        recurrent_dropout: The fraction of the hidden state to drop in training.
        reset_after: Whether the reset gate is applied after the product with the recurrent kernel, as in cuDNN, or
            before it.
        seed: An integer, for reproducible dropout.
        **kwargs: `implementation`, 1 for dropout masks that differ between gates, and the arguments of every layer.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/recurrent_layers/gru/,
        Cho et al. 2014, https://arxiv.org/abs/1406.1078

    Example:
        >>> cell = GRUCell(2, kernel_initializer="ones", recurrent_initializer="zeros")
        >>> output, states = cell([[0.5]], cell.get_initial_state(1))
        >>> output.round(3)
        array([[0.174, 0.174]], dtype=float32)
    """

    gates = 3
    _settings = ("reset_after",)

    @takes_old_arguments
    def __init__(
        self,
        units: int,
        activation: ActivationLike = "tanh",
        recurrent_activation: ActivationLike = "sigmoid",
        use_bias: bool = True,
        kernel_initializer: InitializerLike = "glorot_uniform",
        recurrent_initializer: InitializerLike = "orthogonal",
        bias_initializer: InitializerLike = "zeros",
        kernel_regularizer: RegularizerLike = None,
        recurrent_regularizer: RegularizerLike = None,
        bias_regularizer: RegularizerLike = None,
        kernel_constraint: ConstraintLike = None,
        recurrent_constraint: ConstraintLike = None,
        bias_constraint: ConstraintLike = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        reset_after: bool = True,
        seed: int | None = None,
        **kwargs: Unpack[CellArguments],
    ):
        declared = {
            "kernel": (kernel_initializer, kernel_regularizer, kernel_constraint),
            "recurrent": (recurrent_initializer, recurrent_regularizer, recurrent_constraint),
            "bias": (bias_initializer, bias_regularizer, bias_constraint),
        }
        loop = (dropout, recurrent_dropout, seed)
        super().__init__(units, activation, use_bias, declared, *loop, **kwargs)
        self.recurrent_activation = activations.get(recurrent_activation)
        self.reset_after = as_bool(type(self).__name__, "reset_after", reset_after)

    def _bias_shape(self) -> Shape:
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

    def _biases(self) -> tuple[Any, Any]:
        """Returns what is added to the input's part of all gates, and to the hidden state's part of the new state."""
        if self.bias is None or not self.reset_after:
            return self.bias, None
        outer, inner = ops.unstack(self.bias)
        gates, new = ops.split(inner, [2 * self.units])
        return outer + ops.concatenate([gates, ops.zeros_like(new)]), new

    def call(self, inputs: TensorLike, states: Any, training: bool = False) -> tuple[Tensor, Any]:
        """Returns the output, and the new state, which is the same."""
        old = states[0] if isinstance(states, (list, tuple)) else states
        inputs, hidden = self._dropped(inputs, old, training)
        bias, new_bias = self._biases()
        x = product(inputs, self.kernel)
        x_gates, x_new = ops.split(x if bias is None else x + bias, [2 * self.units], axis=-1)
        if self.reset_after:
            inner, inner_new = ops.split(product(hidden, self.recurrent_kernel), [2 * self.units], axis=-1)
            inner_new = inner_new if new_bias is None else inner_new + new_bias
        else:
            kernel, kernel_new = ops.split(self.recurrent_kernel, [2 * self.units], axis=-1)
            inner = product(hidden[:2] if isinstance(hidden, list) else hidden, kernel)
        z, r = (self.recurrent_activation(part) for part in ops.split(x_gates + inner, 2, axis=-1))
        if not self.reset_after:
            inner_new = ops.matmul(r * (hidden[2] if isinstance(hidden, list) else hidden), kernel_new)
        new = self.activation(x_new + (r * inner_new if self.reset_after else inner_new))
        h = new + z * (old - new)
        return h, [h] if isinstance(states, (list, tuple)) else h
