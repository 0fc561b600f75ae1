"""`visualization` of real Keras draws the same pixels. (`draw_bounding_boxes` needs OpenCV there, whose rectangles are
written down in `tests/visualization/test_shapes.py`.)
"""

import inspect
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import pytest

import minikeras


@pytest.mark.parametrize("name", [name for name in dir(keras.visualization) if not name.startswith("_")])
def test_arguments(name):
    theirs, ours = (inspect.signature(getattr(k.visualization, name)).parameters for k in (keras, minikeras))
    assert [(own.name, own.default) for own in ours.values()] == [(own.name, own.default) for own in theirs.values()]


SETTINGS = [
    {},
    {"num_classes": 3, "alpha": 0.3},
    {"num_classes": 5, "ignore_index": 2},
    {"num_classes": 4, "color_mapping": {label: [40 * label, 9, 200 - label] for label in range(4)}},
    {"num_classes": 4, "blend": False},
    {"num_classes": 4, "data_format": "channels_first", "ignore_index": 0},
]


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("dtype", ["float32", "uint8"])
def test_segmentation_masks(settings, dtype):
    rng = np.random.default_rng(0)
    images = rng.uniform(0, 255, (2, 9, 7, 3)).astype(dtype)
    masks = rng.integers(-1, 5, (2, 9, 7, 1))
    if "data_format" in settings:
        images, masks = images.transpose(0, 3, 1, 2), masks.transpose(0, 3, 1, 2)
    theirs = np.asarray(keras.visualization.draw_segmentation_masks(images, masks, **settings))
    ours = minikeras.visualization.draw_segmentation_masks(images, masks, **settings)
    assert ours.dtype == theirs.dtype and ours.tolist() == theirs.tolist()
