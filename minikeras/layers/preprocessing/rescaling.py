"""The `Rescaling` layer."""

from typing import Any, Self, Unpack

import numpy as np

from ... import config as settings
from ... import ops
from ...engine.dtypes import is_real
from ...errors import ArgumentTypeError, brief
from ...serialization.configs import deserialize_keras_object, serialize_keras_object
from ...serialization.custom_objects import CustomObjectScope
from ...typing import LayerArguments, Tensor, TensorLike
from ..same_shape import SameShape


class Rescaling(SameShape):
    """Rescales and offsets its input, of any dtype.

    `output = input * scale + offset`

    Args:
        scale: A number, or one for each channel.
        offset: A number, or one for each channel.
        **kwargs: Arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentTypeError: If they are no numbers.

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/rescaling/

    Example:
        >>> Rescaling(scale=1 / 127.5, offset=-1)(np.array([[0, 255]], "uint8"))
        array([[-1.,  1.]], dtype=float32)
    """

    def __init__(self, scale: Any, offset: Any = 0.0, **kwargs: Unpack[LayerArguments]):
        super().__init__(**kwargs)
        self.built = False
        self.scale = _checked("scale", scale)
        self.offset = _checked("offset", offset)

    def call(self, inputs: TensorLike) -> Tensor:
        """Returns the rescaled input, in the compute dtype."""
        scale, offset = (ops.cast(value, self.compute_dtype) for value in (self.scale, self.offset))
        if len(scale.shape) and settings.image_data_format() == "channels_first":
            scale = ops.reshape(scale, (*scale.shape, *(1,) * (3 - len(scale.shape))))
        return ops.cast(inputs, self.compute_dtype) * scale + offset

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        return {
            **super().get_config(),
            "scale": serialize_keras_object(self.scale),
            "offset": serialize_keras_object(self.offset),
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: dict | None = None) -> Self:
        """Creates a layer from its config, in which arrays are configs themselves.

        Args:
            config: What `get_config` returned.
            custom_objects: Custom classes by name, such as that of the dtype policy.
        """
        config = dict(config)
        with CustomObjectScope(custom_objects):
            for name in ("scale", "offset"):
                if name in config:
                    config[name] = deserialize_keras_object(config[name])
            return cls(**config)


def _checked(name: str, value: Any) -> Any:
    try:
        array = np.asarray(value)
    except ValueError:
        array = np.asarray(None)
    if not is_real(array.dtype) or array.dtype == bool:
        raise ArgumentTypeError(f"Rescaling: `{name}` must be a number, or numbers. Received: {name}={brief(value)}")
    return value
