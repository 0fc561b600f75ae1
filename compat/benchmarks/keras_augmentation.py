"""The augmentation of images with the layers of Keras, in a data set: minikeras's own, or TensorFlow's."""

import importlib.util
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from .workloads import Augmentation, MissingError

_THREADS = 2


def augmented(k: ModuleType, network: Augmentation, x: np.ndarray) -> Callable[[], list[np.ndarray]]:
    """Returns a function that augments all images and returns the batches.

    Args:
        k: The library with the Keras API.
        network: What is done with the images.
        x: The images.
    """
    layers = (
        k.layers.RandomFlip("horizontal"),
        k.layers.RandomRotation(network.factor),
        k.layers.RandomZoom(network.factor),
        k.layers.RandomContrast(network.factor),
    )

    def changed(images: Any) -> Any:
        for layer in layers:  # a model of them would not run on TensorFlow on other backends of Keras
            images = layer(images, training=True)
        return images

    # On every backend of Keras, image layers in a data set run on TensorFlow.
    dataset = _datasets(k).from_tensor_slices(x).batch(network.batch_size).map(changed, num_parallel_calls=_THREADS)
    return lambda: [np.asarray(batch) for batch in dataset]


def _datasets(k: ModuleType) -> Any:
    if hasattr(k, "data"):
        return k.data.Dataset
    if importlib.util.find_spec("tensorflow") is None:
        raise MissingError("tensorflow")
    import tensorflow as tf

    return tf.data.Dataset
