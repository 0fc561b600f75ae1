"""What the image layers of Keras return for the cases of `CASES`, on its numpy backend, whose random draws are ours.

Run as a script with `KERAS_BACKEND=numpy`, it stores the results in the file given as argument.
"""

import random
import sys
from types import ModuleType
from typing import Any

import numpy as np

RNG = np.random.default_rng(0)
IMAGES = RNG.uniform(0, 255, (3, 9, 12, 3)).astype("float32")
PIXELS = IMAGES.astype("uint8")
MASKS = RNG.integers(0, 5, (3, 9, 12, 1)).astype("int32")
BOXES = np.float32([[[1, 2, 6, 7], [0, 0, 3, 4]], [[5, 1, 11, 5], [2, 2, 4, 9]], [[0, 3, 12, 6], [8, 6, 10, 8]]])
NAMES = RNG.integers(0, 4, (3, 2)).astype("int32")
LABELS = np.eye(4, dtype="float32")[[0, 2, 3]]

ALL = ("batch", "single", "uint8", "first", "labels", "masks", "boxes", "inference")
WITHOUT_BOXES = tuple(kind for kind in ALL if kind != "boxes")
# Arguments by layer, and what real Keras gets right of it; `test_image_layers.py` says what is wrong with the rest.
CASES: dict[str, list[tuple[tuple, dict, tuple]]] = {
    "AugMix": [
        ((), {"seed": 3}, ("batch", "single", "uint8", "labels", "inference")),
        (((0, 255), 2, 4, 0.5, 0.7, False, "nearest"), {"seed": 4}, ("batch", "uint8")),
        (((0, 300),), {"num_chains": 5, "seed": 5}, ("batch",)),
    ],
    "AutoContrast": [((), {}, tuple(kind for kind in ALL if kind != "first")), (((0, 300),), {}, ("batch", "uint8"))],
    "CenterCrop": [((5, 7), {}, ALL), ((6, 12), {}, ALL), ((4, 9), {}, ALL), ((18, 24), {}, ALL)],
    "ContrastLimitedAdaptiveHistogramEqualization": [
        ((), {}, ("batch", "single", "uint8", "first")),
        (((0, 300), 2.0, (2, 3)), {}, ("batch", "single", "first")),
        ((), {"clip_limit": 0.0, "tile_grid_size": (1, 1)}, ("batch",)),
    ],
    "CutMix": [
        ((), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "inference")),
        (((0.3, 0.9),), {"seed": 4}, ("batch", "labels", "masks")),
    ],
    "Equalization": [
        ((), {}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes")),
        (((0, 300), 16), {}, ("batch",)),
    ],
    "MaxNumBoundingBoxes": [((1,), {}, ("batch", "labels", "masks", "boxes")), ((5, -2), {}, ("boxes",))],
    "MixUp": [
        ((), {"seed": 3}, ("batch", "single", "uint8", "first", "labels")),
        ((0.9,), {"seed": 4}, ("batch", "labels")),
    ],
    "RandAugment": [
        ((), {"seed": 3}, ("batch", "single", "uint8", "labels", "masks", "inference")),
        (((0, 255), 3, 0.3, "nearest"), {"seed": 4}, ("batch", "masks")),
        (((0, 300), 1, (0.2, 0.9)), {"seed": 5}, ("batch", "masks")),
        (((0, 255), 6), {"seed": 6}, ("batch", "masks")),
    ],
    "RandomBrightness": [
        ((0.4,), {"seed": 3}, ("batch", "single", "first", "labels", "masks", "boxes")),
        (((-0.3, 0.9), [10, 200]), {"seed": 4}, ("batch",)),
    ],
    "RandomColorDegeneration": [
        ((0.8,), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes")),
        (((0.3, 0.9), [10, 200]), {"seed": 4}, ("batch",)),
    ],
    "RandomColorJitter": [
        (((0, 255), 0.3, 0.4, 0.6, 0.2), {"seed": 3}, ("batch", "single", "uint8", "labels", "masks", "boxes")),
        (((0, 255), None, 0.4), {"hue_factor": (0.1, 0.9), "seed": 4}, ("batch",)),
    ],
    "RandomContrast": [
        ((0.7,), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes")),
        (((0.5, 0.9), (20, 200)), {"seed": 4}, ("batch",)),
    ],
    "RandomCrop": [((5, 7), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks"))],
    "RandomElasticTransform": [
        ((), {"seed": 3}, ("batch", "uint8", "first", "labels")),
        ((0.5, (0.3, 0.9), "nearest", "constant", 7.0), {"seed": 4}, ("batch",)),
        ((), {"fill_mode": "mirror", "value_range": (50, 200), "seed": 5}, ("batch",)),
    ],
    "RandomErasing": [
        ((), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes")),
        (((0.8, 0.9), (0.1, 0.8), [1.0, 2.0, 300.0]), {"seed": 4}, ("batch",)),
        (((0.8, 0.9), 0.5), {"fill_value": 7, "value_range": (0, 5), "seed": 4}, ("batch",)),
    ],
    "RandomFlip": [
        ((), {"seed": 3}, ALL),
        (("horizontal",), {"seed": 4}, ALL),
        (("vertical",), {"seed": 5}, ALL),
    ],
    "RandomGaussianBlur": [
        ((), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes", "inference")),
        (((0.8, 0.9), (3, 5), (0.5, 0.9), (0, 128)), {"seed": 4}, ("batch", "single")),
    ],
    "RandomGrayscale": [((), {"seed": 3}, ("batch", "single", "uint8", "first"))],
    "RandomHue": [
        ((0.7,), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes")),
        (((0.5, 0.9), (0, 300)), {"seed": 4}, ("batch",)),
    ],
    "RandomInvert": [
        ((), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes")),
        (((0.5, 0.9), (0, 100)), {"seed": 4}, ("batch",)),
    ],
    "RandomPerspective": [
        ((), {"seed": 3}, WITHOUT_BOXES),
        ((0.7, 0.4, "nearest", 9.0), {"seed": 4}, ("batch", "masks")),
    ],
    "RandomPosterization": [
        ((3,), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes")),
        (((2, 7), (0, 300)), {"seed": 4}, ("batch",)),
    ],
    "RandomRotation": [
        ((0.2,), {"seed": 3}, WITHOUT_BOXES),
        (((-0.1, 0.4), "constant", "nearest"), {"seed": 4, "fill_value": 3.0}, ("batch", "masks")),
        ((0.3, "nearest"), {"seed": 5}, ("batch", "masks")),
        ((1.0, "wrap"), {"seed": 6}, ("batch", "masks")),
    ],
    "RandomSaturation": [
        ((0.7,), {"seed": 3}, ("batch", "single", "first", "labels", "masks", "boxes")),
        (((0.5, 0.9), (0, 1)), {"seed": 4}, ("batch",)),
    ],
    "RandomSharpness": [
        ((0.7,), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes", "inference")),
        (((0.5, 0.9), (0, 100)), {"seed": 4}, ("batch",)),
    ],
    "RandomShear": [
        ((0.3, 0.2), {"seed": 3}, WITHOUT_BOXES),
        (((0.1, 0.6), 0.0, "nearest", "wrap"), {"seed": 4}, ("batch", "masks")),
        ((), {"y_factor": 0.7, "fill_mode": "constant", "fill_value": 5.0, "seed": 5}, ("batch", "masks")),
    ],
    "RandomTranslation": [
        ((0.3, 0.2), {"seed": 3}, ALL),
        (((-0.1, 0.6), 0.0, "constant", "nearest"), {"seed": 4, "fill_value": 3.0}, ("batch", "masks", "boxes")),
        ((0.5, (0.1, 0.9), "nearest"), {"seed": 5}, ("batch", "masks")),
    ],
    "RandomZoom": [
        ((0.3,), {"seed": 3}, WITHOUT_BOXES),
        (((-0.5, 0.6), (0.1, 0.4), "constant", "nearest"), {"seed": 4, "fill_value": 3.0}, ("batch", "masks")),
        ((-0.2, 0.9, "wrap"), {"seed": 5}, ("batch", "masks")),
    ],
    "Resizing": [
        ((5, 7), {}, ALL),
        ((20, 6, "nearest"), {}, ALL),
        ((6, 16, "bicubic"), {"antialias": True}, ("batch", "single", "first")),
        ((4, 5, "lanczos3"), {}, ("batch", "single", "first")),
        ((3, 4), {"crop_to_aspect_ratio": True}, ALL),
        ((6, 4), {"crop_to_aspect_ratio": True}, ("batch", "masks")),
        ((18, 12), {"pad_to_aspect_ratio": True, "fill_value": 9.0}, ("batch", "masks", "single", "first")),
        ((12, 12), {"pad_to_aspect_ratio": True, "interpolation": "lanczos5"}, ("batch",)),
    ],
    "Solarization": [
        ((), {"seed": 3}, ("batch", "single", "uint8", "first", "labels", "masks", "boxes", "inference")),
        ((0.3, (0.2, 0.9), [0, 300]), {"seed": 4}, ("batch", "single")),
    ],
}


def layer_of(k: ModuleType, name: str, args: tuple, options: dict, **more: Any) -> Any:
    """Returns a layer; which augmentations `AugMix` applies is drawn by Python's `random`."""
    random.seed(7)
    layer = getattr(k.layers, name)(*args, **options, **more)
    if name == "RandAugment":
        # On its numpy backend Keras adds the brightness in place, to images for which it was not chosen, too: it is 0
        # in this comparison. `RandomBrightness` is compared by itself, and tests of `RandAugment` have it chosen.
        layer.random_brightness.factor = (0.0, 0.0)
    return layer


def outputs(k: ModuleType, name: str, args: tuple, options: dict, kind: str) -> list:
    """Returns what a layer gives for one kind of input, in two calls one after the other."""
    first = {"data_format": "channels_first"} if kind == "first" else {}
    boxes = {"bounding_box_format": "xyxy"} if kind == "boxes" else {}
    layer = layer_of(k, name, args, options, **first, **boxes)
    data = {
        "batch": lambda: IMAGES.copy(),
        "single": lambda: IMAGES[0].copy(),
        "uint8": lambda: PIXELS.copy(),
        "first": lambda: np.moveaxis(IMAGES, -1, 1).copy(),
        "labels": lambda: {"images": IMAGES.copy(), "labels": LABELS.copy()},
        "masks": lambda: {"images": IMAGES.copy(), "segmentation_masks": MASKS.copy()},
        "boxes": lambda: {
            "images": IMAGES.copy(),
            "bounding_boxes": {"boxes": BOXES.copy(), "labels": NAMES.copy()},
        },
        "inference": lambda: IMAGES.copy(),
    }[kind]
    found = []
    for _ in range(2):
        result = layer(data(), training=kind != "inference")
        found += leaves(result)
    return found


def leaves(value: Any) -> list:
    """Returns arrays in dicts, sorted by key."""
    if isinstance(value, dict):
        return [leaf for key in sorted(value) for leaf in leaves(value[key])]
    return [np.asarray(value)]


def keys() -> list[tuple[str, int, str]]:
    """Returns the layer, the number of the case, and the kind of input, of all results."""
    return [(name, n, kind) for name, cases in CASES.items() for n, case in enumerate(cases) for kind in case[2]]


if __name__ == "__main__":
    import keras

    np.savez(
        sys.argv[1],
        **{
            f"{name} {number} {kind} {index}": value
            for name, number, kind in keys()
            for index, value in enumerate(outputs(keras, name, *CASES[name][number][:2], kind))
        },
    )
