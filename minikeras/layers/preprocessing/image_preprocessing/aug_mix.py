"""The `AugMix` layer."""

import random as python_random
from functools import partial
from typing import Any

import numpy as np

from .... import ops, random
from ....argument_checks import as_bool, check_int, check_number
from ....engine.dispatch import apply
from ....engine.primitive import Primitive
from ....engine.shapes_only import is_shapes_only
from ....errors import ArgumentError
from ....typing import Tensor
from .policies import Policy
from .seed_sequence import SeedSequence, draws_of

_GEOMETRY_AND_TONE = (
    "random_shear",
    "random_translation",
    "random_rotation",
    "random_posterization",
    "solarization",
    "auto_contrast",
    "equalization",
)
_COLOR = ("random_brightness", "random_color_degeneration", "random_contrast", "random_sharpness")


class AugMix(Policy):
    """Mixes images with augmented copies of themselves in training.

    `w x + (1 - w) sum_i w_i chain_i(x)`: each chain applies a few augmentations, drawn for each batch; w is from a beta
    distribution, the w_i from a Dirichlet distribution. As in Keras, bounding boxes stay as they are.

    Args:
        value_range: The least and the greatest value of a pixel.
        num_chains: How many chains are mixed.
        chain_depth: How many augmentations a chain has, of which some may do nothing.
        factor: The strength of the augmentations, in [0, 1]: a number f for one between 0 and f, or two limits.
        alpha: The parameter of both distributions; positive.
        all_ops: Whether there are `RandomBrightness`, `RandomColorDegeneration`, `RandomContrast` and
            `RandomSharpness`, besides `RandomShear`, `RandomTranslation`, `RandomRotation`, `RandomPosterization`,
            `Solarization`, `AutoContrast` and `Equalization`.
        interpolation: "nearest" or "bilinear".
        seed: An integer, for reproducible draws; which augmentations are applied is drawn by Python's `random`, as in
            Keras.
        data_format: "channels_last" or "channels_first"; `config.image_data_format()` by default.
        **kwargs: `bounding_box_format`, and the arguments of every layer, such as `name` and `dtype`.

    Raises:
        ArgumentError: If an argument is invalid.

    Source: https://keras.io/api/layers/preprocessing_layers/image_augmentation/aug_mix/,
        Hendrycks et al. 2019, https://arxiv.org/abs/1912.02781

    Example:
        >>> AugMix(seed=0)(np.ones((4, 6, 6, 3))).shape
        (4, 6, 6, 3)
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_chains: int = 3,
        chain_depth: int = 3,
        factor: Any = 0.3,
        alpha: float = 1.0,
        all_ops: bool = True,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ):
        super().__init__(value_range, factor, interpolation, seed, data_format=data_format, **kwargs)
        self.num_chains = check_int("AugMix", "num_chains", num_chains, minimum=1)
        self.chain_depth = check_int("AugMix", "chain_depth", chain_depth, minimum=1)
        self.alpha = check_number("AugMix", "alpha", alpha, above=0, error=ArgumentError)
        self.all_ops = as_bool("AugMix", "all_ops", all_ops)
        self.augmentations = _GEOMETRY_AND_TONE + (_COLOR if self.all_ops else ())
        self._make(*self.augmentations)

    def get_random_transformation(self, data: Any, training: bool = True, seed: Any = None) -> dict[str, Any] | None:
        """Returns the weights, and of each step of the chains its augmentation and the seed of its draws."""
        if not training:
            return None
        shares = random.gamma((self.num_chains,), self.alpha, dtype="float32", seed=self.generator)
        shares = shares / ops.sum(shares)
        weight = random.beta((), self.alpha, self.alpha, dtype="float32", seed=self.generator)
        # The last choice is to do nothing.
        draws = np.array([[0, draws_of(layer)] for layer in self._layers()] + [[0, 0]], "uint32")
        state, steps = self.generator.state * 1, []
        for _ in range(self.num_chains * self.chain_depth):
            chosen = np.int32(0) if is_shapes_only() else apply(_CHOICE, state, count=len(draws))
            steps.append((chosen, state))
            state = state + ops.take(draws, chosen, axis=0)
        self.generator.state.assign(state)
        return {"chain_mixing_weights": shares, "weight_sample": weight, "steps": steps}

    def _mixed(self, method: str, values: Tensor, transformation: Any) -> Tensor:
        """Returns values mixed with those that a method of the augmentations returns for them."""
        functions = [partial(_augmented, layer, method) for layer in self._layers()] + [_unchanged]
        shares, weight = (ops.cast(transformation[n], values.dtype) for n in ("chain_mixing_weights", "weight_sample"))
        total = 0.0
        for chain in range(self.num_chains):
            copies = values
            for chosen, state in transformation["steps"][chain * self.chain_depth :][: self.chain_depth]:
                copies = ops.switch(chosen, functions, copies, state)
            total = total + copies * shares[chain]
        return weight * values + (1 - weight) * total

    def changed(self, images: Tensor, transformation: Any) -> Tensor:
        """Returns mixed images."""
        return ops.clip(self._mixed("transform_images", self._as_floats(images), transformation), *self.value_range)

    def transform_segmentation_masks(
        self, segmentation_masks: Tensor, transformation: Any = None, training: bool = True
    ) -> Tensor:
        """Returns masks that are mixed like their images."""
        if not training or transformation is None:
            return segmentation_masks
        return self._mixed("transform_segmentation_masks", self._as_floats(segmentation_masks), transformation)

    def get_config(self) -> dict[str, Any]:
        """Returns the arguments of the constructor."""
        names = ("value_range", "num_chains", "chain_depth", "factor", "alpha", "all_ops", "interpolation", "seed")
        return {**super().get_config(), **{name: getattr(self, name) for name in names}}


def _augmented(layer: Any, method: str, values: Tensor, state: Tensor) -> Tensor:
    drawn = layer.get_random_transformation(values, seed=SeedSequence(state))
    return getattr(layer, method)(values, drawn)


def _unchanged(values: Tensor, state: Tensor) -> Tensor:
    return values


_CHOICE = Primitive(
    "python_choice",
    lambda state, count: np.array(python_random.choice(range(count)), "int32"),
    shape=lambda state, count: ((), "int32"),
    effect=True,
)
