"""The namespace of MobileNetV3, which has no model of its own, as in Keras."""

import numpy as np

from minikeras.applications import mobilenet_v3


def test_images_are_left_alone():
    x = np.array([[[0, 128, 255]]])
    assert mobilenet_v3.preprocess_input(x) is x
    assert sorted(mobilenet_v3.__all__) == ["decode_predictions", "preprocess_input"]
