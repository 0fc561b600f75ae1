"""Serialization in the format of Keras 2."""

from typing import TYPE_CHECKING

from ...lazy import attach

if TYPE_CHECKING:
    from ...serialization.legacy import deserialize_keras_object as deserialize_keras_object
    from ...serialization.legacy import serialize_keras_object as serialize_keras_object
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "deserialize_keras_object": "...serialization.legacy",
            "serialize_keras_object": "...serialization.legacy",
        },
    )
