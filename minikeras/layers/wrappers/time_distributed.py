"""The `TimeDistributed` layer."""

from typing import Any, Unpack

from ... import ops
from ...errors import ArgumentError, ShapeError, brief
from ...typing import LayerArguments, Shape, Tensor, TensorLike
from ..arguments import is_tensor, signature_of
from ..base import Layer
from ..core.wrapper import Wrapper
from .independence import computes_examples_alone


class TimeDistributed(Wrapper):
    """Applies a layer to each time step of its input, with the same weights.

    `output[:, t] = layer(input[:, t])`

    All steps are computed in one call, on a batch of `batch * time` examples, unless that could give other numbers:
    those of dropout, of statistics of a batch, or of a layer of the user's own. Then the steps run one after another.

    Args:
        layer: The layer.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If `layer` is no layer.

    Source: https://keras.io/api/layers/recurrent_layers/time_distributed/

    Example:
        >>> from minikeras.layers import Dense
        >>> TimeDistributed(Dense(1, kernel_initializer="ones"))([[[1.0, 2.0], [3.0, 4.0]]])
        array([[[3.],
                [7.]]], dtype=float32)
    """

    def __init__(self, layer: Layer, **kwargs: Unpack[LayerArguments]):
        super().__init__(layer, **kwargs)
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Builds the layer for the shape of one time step."""
        super().build(self._step_shape(input_shape))

    def call(self, inputs: TensorLike, training: bool | None = None, mask: TensorLike | None = None) -> Tensor:
        """Returns the outputs of all time steps, shape (batch, time, ...).

        Args:
            inputs: Shape (batch, time, ...), with at least three axes.
            training: Passed to the layer, if its `call` has this parameter.
            mask: Shape (batch, time, ...); each step of it is passed to the layer, if its `call` has this parameter.

        Raises:
            ShapeError: If the input or the mask has another shape, or there are no time steps.
        """
        self._check_mask(tuple(inputs.shape), mask)
        batch, time = inputs.shape[:2]
        if not time:
            raise ShapeError(f"{self._where()}: expected at least one time step, received shape {tuple(inputs.shape)}.")
        parameters = signature_of(type(self.layer).call).parameters
        options = {"training": training} if "training" in parameters else {}
        given = {"mask": mask} if mask is not None and "mask" in parameters else {}
        if not computes_examples_alone(self.layer, training):
            return self._each_step({"inputs": inputs, **given}, options)
        merged = {name: ops.reshape(each, (batch * time, *each.shape[2:])) for name, each in given.items()}
        outputs = self._output(ops.reshape(inputs, (batch * time, *inputs.shape[2:])), **merged, **options)
        return ops.reshape(outputs, (batch, time, *outputs.shape[1:]))

    def _each_step(self, values: dict, options: dict) -> Tensor:
        steps = range(values["inputs"].shape[1])
        outputs = []
        for step in steps:
            at = {name: each[:, step] for name, each in values.items()}
            outputs.append(self._output(at.pop("inputs"), **at, **options))
        return ops.stack(outputs, axis=1)

    def _output(self, inputs: Tensor, **options: Any) -> Tensor:
        # As in Keras, `call` itself: the layer's own activity regularizer and dtype have no effect.
        outputs = self.layer.call(inputs, **options)
        if not is_tensor(outputs):
            raise ArgumentError(
                f"{self._where()}: the layer must return one tensor. Received from {self.layer._where()}: "
                f"{brief(outputs)}"
            )
        return outputs

    def _step_shape(self, shape: Any) -> Shape:
        if (
            not isinstance(shape, (tuple, list))
            or len(shape) < 3
            or any(isinstance(size, (tuple, list)) for size in shape)
        ):
            raise ShapeError(
                f"{self._where()}: expected one input of at least three axes, (batch, time, ...). "
                f"Received shape {brief(shape)}."
            )
        return (shape[0], *shape[2:])

    def _check_mask(self, shape: Shape, mask: Any) -> None:
        self._step_shape(shape)
        if mask is None:
            return
        given = tuple(mask.shape)
        pairs = zip(shape[:2], given, strict=False)
        if len(given) < 2 or any(None not in pair and pair[0] != pair[1] for pair in pairs):
            raise ShapeError(
                f"{self._where()}: the mask must begin with the first two sizes of the input, {shape[:2]}. "
                f"Received: a mask of shape {given} and an input of shape {shape}."
            )

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """Returns the layer's output shape for one time step, with the time axis inserted."""
        batch, *rest = self.layer.compute_output_shape(self._step_shape(input_shape))
        return (batch, input_shape[1], *rest)

    def compute_output_spec(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        """Returns the symbolic output."""
        self._check_mask(tuple(inputs.shape), mask)
        return super().compute_output_spec(inputs, training=training, mask=mask)
