"""The `Bidirectional` layer."""

from collections.abc import Mapping, Sequence
from typing import Any, Self, Unpack

from ... import ops
from ...engine import tree
from ...engine.dtypes import dtype_of
from ...errors import ArgumentError, NotStatefulError, brief, unknown_name
from ...serialization.configs import deserialize_keras_object, serialize_keras_object
from ...typing import LayerArguments, Shape, Tensor
from ..base import Layer
from .old_calls import split_inputs

_MERGES = {
    "ave": lambda forward, backward: (forward + backward) / 2,
    "concat": lambda forward, backward: ops.concatenate([forward, backward], axis=-1),
    "mul": ops.multiply,
    "sum": ops.add,
    None: lambda forward, backward: (forward, backward),
}
_COMMON = ("stateful", "return_sequences", "return_state")


class Bidirectional(Layer):
    """Runs a recurrent layer forwards, and another one backwards, and merges their outputs.

    Args:
        layer: The layer; a copy of it runs forwards. It needs `go_backwards`, `return_sequences`, `return_state` and
            `stateful`, as `RNN` has them.
        merge_mode: "concat", "sum", "mul", "ave" (the mean), or None for a pair of outputs.
        weights: Initial weights of both layers.
        backward_layer: The layer that runs backwards, with `go_backwards=True`; by default a copy of `layer`.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid, or the layers do not fit together.

    Source: https://keras.io/api/layers/recurrent_layers/bidirectional/,
        Schuster and Paliwal 1997, https://doi.org/10.1109/78.650093

    Example:
        >>> from minikeras.layers import LSTM
        >>> Bidirectional(LSTM(4))([[[0.0, 1.0]] * 3]).shape
        (1, 8)
    """

    def __init__(
        self,
        layer: Any,
        merge_mode: str | None = "concat",
        weights: Sequence[Any] | None = None,
        backward_layer: Any = None,
        **kwargs: Unpack[LayerArguments],
    ):
        for name, given in (("layer", layer), ("backward_layer", backward_layer)):
            if not isinstance(given, Layer) and not (name == "backward_layer" and given is None):
                raise ArgumentError(f"Bidirectional: `{name}` must be a layer. Received: {name}={brief(given)}")
            missing = [each for each in ("go_backwards", *_COMMON) if given is not None and not hasattr(given, each)]
            if missing:
                raise ArgumentError(
                    f"Bidirectional: `{name}` must be a recurrent layer. Received: {brief(given)}, which has no "
                    f"attribute `{missing[0]}`"
                )
        if not isinstance(merge_mode, (str, type(None))) or merge_mode not in _MERGES:
            raise unknown_name("merge_mode of Bidirectional", merge_mode, [name for name in _MERGES if name])
        if weights is not None and not isinstance(weights, (list, tuple)):
            raise ArgumentError(f"Bidirectional: `weights` must be a list. Received: weights={brief(weights)}")
        super().__init__(**kwargs)
        self.merge_mode = merge_mode
        self.forward_layer = _copy(layer, "forward")
        self.backward_layer = _copy(layer, "backward") if backward_layer is None else backward_layer
        self._check_layers()
        self.stateful, self.return_sequences, self.return_state = (getattr(layer, name) for name in _COMMON)
        for each in (self.forward_layer, self.backward_layer):
            if hasattr(each, "zero_output_for_mask"):
                each.zero_output_for_mask = each.return_sequences
        if weights:
            half = len(weights) // 2
            vars(self.forward_layer)["_initial_weights"] = list(weights[:half])
            vars(self.backward_layer)["_initial_weights"] = list(weights[half:])
        self.supports_masking = True
        self.input_spec = layer.input_spec

    def _check_layers(self) -> None:
        forward, backward = self.forward_layer, self.backward_layer
        if forward.go_backwards == backward.go_backwards:
            raise ArgumentError(
                "Bidirectional: one of the layers must run backwards. Received: go_backwards="
                f"{forward.go_backwards} for `layer` and for `backward_layer`"
            )
        for name in _COMMON:
            values = getattr(forward, name), getattr(backward, name)
            if values[0] != values[1]:
                raise ArgumentError(
                    f"Bidirectional: `{name}` must be the same for both layers. Received: {values[0]} for `layer` and "
                    f"{values[1]} for `backward_layer`"
                )

    def build(self, sequences_shape: Shape, initial_state_shape: Any = None) -> None:
        """Builds both layers."""
        for layer in (self.forward_layer, self.backward_layer):
            if not layer.built:
                layer.build(sequences_shape)

    def compute_output_shape(self, sequences_shape: Shape, initial_state_shape: Any = None) -> Any:
        """Returns the shape of the merged output, followed by those of the states if `return_state`."""
        shapes = [each.compute_output_shape(sequences_shape) for each in (self.forward_layer, self.backward_layer)]
        states = tuple(state for each in shapes for state in each[1:]) if self.return_state else ()
        shape, backward = [each[0] for each in shapes] if self.return_state else shapes
        if self.merge_mode == "concat":
            shape = (*shape[:-1], shape[-1] + backward[-1])
        outputs = (shape, backward) if self.merge_mode is None else (shape,)
        return (*outputs, *states) if self.return_state or len(outputs) > 1 else shape

    def compute_mask(self, _: Any, mask: Any) -> Any:
        """Returns the mask of the input for each sequence of outputs; states have none."""
        mask = next(iter(tree.flatten(mask)), None) if self.return_sequences else None
        return (mask, mask) if self.merge_mode is None else mask

    def __call__(self, sequences: Any, *args: Any, **kwargs: Any) -> Any:
        """Calls the layer; `[sequences, *states]` as in Keras 2 is `(sequences, initial_state=states)`."""
        sequences, kwargs = split_inputs(self._where(), sequences, kwargs)
        return super().__call__(sequences, *args, **kwargs)

    def call(
        self, sequences: Tensor, initial_state: Any = None, mask: Tensor | None = None, training: bool | None = None
    ) -> Any:
        """Returns the merged output, followed by the states of both layers if `return_state`."""
        forward_state, backward_state = self._halves(initial_state)
        forward = self.forward_layer(sequences, initial_state=forward_state, mask=mask)
        backward = self.backward_layer(sequences, initial_state=backward_state, mask=mask)
        states = ()
        if self.return_state:
            states = (*forward[1:], *backward[1:])
            forward, backward = forward[0], backward[0]
        forward, backward = (
            each if dtype_of(each) == self.compute_dtype else ops.cast(each, self.compute_dtype)
            for each in (forward, backward)
        )
        if self.return_sequences:
            backward = ops.flip(backward, axis=1)
        merged = _MERGES[self.merge_mode](forward, backward)
        outputs = merged if self.merge_mode is None else (merged,)
        return (*outputs, *states) if self.return_state or self.merge_mode is None else merged

    def _halves(self, initial_state: Any) -> tuple[list | None, list | None]:
        if initial_state is None:
            return None, None
        states = list(initial_state) if isinstance(initial_state, (list, tuple)) else [initial_state]
        if len(states) % 2:
            raise ArgumentError(
                f"{self._where()}: `initial_state` must have as many states for the forward layer as for the backward "
                f"layer. Received: {len(states)} state(s)"
            )
        return states[: len(states) // 2], states[len(states) // 2 :]

    @property
    def states(self) -> tuple | None:
        """The variables of the states of both layers; None unless they are stateful and built."""
        forward, backward = self.forward_layer.states, self.backward_layer.states
        return (*forward, *backward) if forward and backward else None

    def reset_state(self) -> None:
        """Sets the states of both layers to zero.

        Raises:
            NotStatefulError: If the layers are not stateful.
        """
        if not self.stateful:
            raise NotStatefulError(f"{self._where()} has no states to reset. Make its layer with stateful=True.")
        self.forward_layer.reset_state()
        self.backward_layer.reset_state()

    reset_states = reset_state  # its name in Keras 1 and 2

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "merge_mode": self.merge_mode,
            "layer": serialize_keras_object(self.forward_layer),
            "backward_layer": serialize_keras_object(self.backward_layer),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Creates both layers from their configs."""
        layers = {
            name: deserialize_keras_object(config[name], custom_objects)
            for name in ("layer", "backward_layer")
            if config.get(name) is not None
        }
        return cls(**{**config, **layers})


def _copy(layer: Any, direction: str) -> Any:
    """Returns a new layer with the same arguments, named after its direction."""
    config = layer.get_config()
    config["name"] = f"{direction}_{layer.name.removeprefix(f'{direction}_')}"
    if direction == "backward":
        config["go_backwards"] = True
    made = type(layer).from_config(config)
    if layer.built and (build_config := layer.get_build_config()):
        made.build_from_config(build_config)
    if hasattr(layer, "use_cudnn"):  # no part of the config
        made.use_cudnn = layer.use_cudnn
    return made
