"""AugMix: real values, traced steps, weights."""

import random

import numpy as np
import pytest

from minikeras import layers
from minikeras.compiler.step import Step
from minikeras.errors import ArgumentError
from tests.layers.preprocessing.image_preprocessing.checks import PIXELS, check, make


def test_in_full():
    check("AugMix")


def test_replayed_as_run_eagerly():
    results = []
    for replay in (False, True):
        layer = layers.AugMix(num_chains=2, chain_depth=2, seed=3)
        random.seed(5)
        step = Step(lambda x, own=layer: own(x, training=True), "augmented", replay=replay)
        results.append([np.array(step(PIXELS)) for _ in range(4)])
    np.testing.assert_array_equal(*results)
    assert not np.array_equal(results[0][0], results[0][1])


def test_masks_are_mixed_like_images():
    masks = (PIXELS[..., :1] > 128).astype("int32")
    mixed = make("AugMix")({"images": PIXELS, "segmentation_masks": masks})["segmentation_masks"]
    assert mixed.dtype == "float32" and mixed.shape == masks.shape and 0 <= mixed.min() and mixed.max() <= 1


def test_bad_arguments():
    for options in ({"num_chains": 0}, {"alpha": 0}, {"factor": -0.1}, {"value_range": "a"}):
        with pytest.raises(ArgumentError, match="AugMix: `"):
            layers.AugMix(**options)
