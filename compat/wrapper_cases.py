"""Arguments and inputs of layers that wrap others, and of those of language models, for the comparisons of layers."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np


class Made:
    """An argument that each library makes itself, such as a layer.

    Args:
        make: Returns it, given the library.
        name: The name to print.
    """

    def __init__(self, make: Callable[[ModuleType], Any], name: str = ""):
        self._make, self._name = make, name

    def __repr__(self) -> str:
        return self._name

    @staticmethod
    def all_in(values: Any, k: ModuleType) -> Any:
        """Returns a list or a dict with what is to be made replaced by what a library makes."""
        if isinstance(values, dict):
            return {name: value._make(k) if isinstance(value, Made) else value for name, value in values.items()}
        return [value._make(k) if isinstance(value, Made) else value for value in values]


def layer(kind: str, /, *args: Any, **options: Any) -> Made:
    """A layer, by name."""
    return Made(lambda k: getattr(k.layers, kind)(*Made.all_in(args, k), **Made.all_in(options, k)), kind)


def data(*shape: int) -> np.ndarray:
    return np.random.default_rng(len(shape)).normal(size=shape).astype("float32")


STEPS, IMAGES, VIDEO = data(3, 5, 4), data(2, 4, 6, 4), data(2, 3, 4, 5, 2)
WORDS = np.random.default_rng(1).integers(0, 4, (3, 5)).astype("int32")
SENTENCES = np.random.default_rng(1).integers(0, 4, (3, 2, 5)).astype("int32")


def _sequence(k: ModuleType) -> Any:
    parts = [k.layers.Conv2D(3, 2, activation="relu"), k.layers.GlobalMaxPooling2D(), k.layers.Dense(2)]
    return k.Sequential(parts, name="parts")


def _graph(k: ModuleType) -> Any:
    x = k.Input((4,), name="entry")
    y = k.layers.Dense(4, activation="tanh", name="first")(x)
    return k.Model(x, k.layers.Dense(2, name="second")(k.layers.Add(name="sum")([x, y])), name="graph")


def _graph_of_ops(k: ModuleType) -> Any:
    x = k.Input((4,), name="entry")
    return k.Model(x, k.ops.softmax(k.layers.Dense(3, name="first")(x) - k.ops.mean(x, axis=0, keepdims=True)[:, :3]))


CASES = {
    "Wrapper": [],  # abstract
    "TimeDistributed": [
        ((layer("Dense", 3, name="d"),), {}, STEPS),
        ((layer("Dense", 3, name="d", activity_regularizer="l2", kernel_regularizer="l2"),), {}, STEPS),
        ((layer("Dense", 3, name="d"),), {"activity_regularizer": "l1", "name": "named"}, IMAGES),
        ((layer("Dense", 3, name="d"),), {"dtype": "float64"}, STEPS),
        ((layer("Dense", 3, name="d", dtype="float64"),), {}, STEPS),
        ((layer("Dense", 3, name="d"),), {"dtype": "mixed_float16", "trainable": False}, STEPS),
        ((layer("Dense", 3, name="d"),), {}, "masked"),
        ((layer("Conv2D", 3, 2, name="c"),), {}, VIDEO),
        ((layer("Conv1D", 3, 2, padding="same", data_format="channels_first", name="c"),), {}, IMAGES),
        ((layer("BatchNormalization", name="b"),), {}, STEPS),
        ((layer("BatchNormalization", name="b"),), {}, "masked"),
        ((layer("Softmax", 0, name="n"),), {}, STEPS),
        ((layer("LayerNormalization", axis=-2, name="n"),), {}, IMAGES),
        ((layer("UnitNormalization", 0, name="n"),), {}, STEPS),
        ((layer("Flatten", name="f"),), {}, VIDEO),
        ((layer("Dropout", 0.5, name="f"),), {}, STEPS),
        ((layer("EinsumDense", "ab,bc->ac", 3, name="e"),), {}, STEPS),
        ((layer("Embedding", 4, 3, mask_zero=True, name="e"),), {}, SENTENCES),
        ((layer("TimeDistributed", layer("Dense", 3, name="d"), name="t"),), {}, IMAGES),
        ((layer("SpectralNormalization", layer("Dense", 3, name="d"), name="t"),), {}, IMAGES),
        ((Made(_sequence),), {}, VIDEO),
        ((Made(_graph),), {}, STEPS),
        ((Made(_graph_of_ops),), {}, STEPS),
    ],
    "SpectralNormalization": [
        ((layer("Dense", 3, name="d"),), {}, STEPS),
        ((layer("Dense", 3, name="d"), 3), {"trainable": False, "name": "named"}, STEPS),
        ((layer("Conv2D", 3, 2, name="c"),), {"power_iterations": 2, "activity_regularizer": "l2"}, IMAGES),
        ((layer("Embedding", 4, 3, name="e"),), {}, WORDS.astype("float32")),
        ((layer("Dense", 3, name="d"),), {"dtype": "float64"}, STEPS),
        ((layer("EinsumDense", "abc,cde->abde", (5, 2, 3), name="e"),), {}, STEPS),
    ],
    "ReversibleEmbedding": [
        ((4, 3), {}, WORDS),
        ((4, 3, False), {}, WORDS),
        ((4, 3, True, "ones", "l2", "non_neg", True), {}, WORDS),
        ((4, 3), {"reverse_dtype": "float64", "logit_soft_cap": 2.0, "name": "named"}, WORDS),
        ((4, 3), {"tie_weights": False, "dtype": "mixed_float16"}, WORDS),
        ((4, 3), {"lora_rank": 2, "trainable": False, "activity_regularizer": "l2"}, WORDS),
    ],
}
