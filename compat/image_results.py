"""What the functions of `keras.ops.image` return for the cases of `CASES`, on JAX: the backend that is the reference.

Run as a script with `KERAS_BACKEND=jax`, it stores the results in the file given as argument.
"""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np


def floats(*shape: int, seed: int = 0) -> np.ndarray:
    """Returns values from 0 to 1."""
    return np.random.default_rng(seed).uniform(0, 1, shape).astype("float32")


def pixels(*shape: int, dtype: str = "uint8", seed: int = 0) -> np.ndarray:
    """Returns integers from 0 to 255."""
    return np.random.default_rng(seed).integers(0, 256, shape).astype(dtype)


IMAGES = floats(2, 7, 5, 3)
CASES: dict[str, Callable[[ModuleType], Any]] = {}
for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
    CASES[f"resize {interpolation}"] = lambda k, i=interpolation: [
        *(k.resize(IMAGES, size, i, antialias) for size in ((4, 9), (7, 2)) for antialias in (False, True)),
        k.resize(IMAGES, (4, 1), i, data_format="channels_first"),
        *(k.resize(pixels(6, 8, 3, dtype=dtype), (7, 5), i) for dtype in ("uint8", "int8")),
        k.resize(np.float16(IMAGES), (9, 3), i),
        k.resize(IMAGES > 0.5, (3, 8), i),
        *(k.resize(pixels(4, 9, 1), size, i, crop_to_aspect_ratio=True) for size in ((3, 3), (2, 8))),
        *(k.resize(pixels(4, 9, 1), size, i, pad_to_aspect_ratio=True) for size in ((3, 3), (2, 8))),
        k.resize(IMAGES, (6, 6), i, pad_to_aspect_ratio=True, fill_value=0.25, data_format="channels_first"),
    ]
CASES["nearest, many sizes"] = lambda k: [
    k.resize(np.arange(size, dtype="int32").reshape(1, size, 1), (1, new), "nearest")
    for size in (3, 13, 31)  # odd ones: a sample between two pixels of even ones depends on how XLA rounds
    for new in (1, 4, 10, 17, 40)
]
CASES["scale_and_translate"] = lambda k: [
    *(
        k.scale_and_translate(IMAGES, (2, 9, 4, 3), np.float32(scale), np.float32([0.5, -1.25]), (1, 2), method, smooth)
        for scale in ([1.7, 0.6],)
        for method in ("linear", "tricubic", "lanczos3", "lanczos5")
        for smooth in (True, False)
    ),
    k.scale_and_translate(pixels(6), (8,), np.float32([1.5]), np.float32([1]), (-1,), "bilinear"),
    k.scale_and_translate(pixels(6), (8,), np.int32([2]), np.int32([1]), (0,), "bilinear"),
]
CASES["colors"] = lambda k: [
    *(f(IMAGES) for f in (k.rgb_to_grayscale, k.rgb_to_hsv, k.hsv_to_rgb)),
    *(f(floats(3, 4, 4), "channels_first") for f in (k.rgb_to_grayscale, k.rgb_to_hsv, k.hsv_to_rgb)),
    *(f(np.float16(IMAGES)) for f in (k.rgb_to_grayscale, k.rgb_to_hsv, k.hsv_to_rgb)),
    k.rgb_to_hsv(np.float32(pixels(2, 9, 9, 3) // 128)),
    k.hsv_to_rgb(3 * IMAGES - 1),
    k.rgb_to_grayscale(pixels(2, 40, 40, 3)),
    k.rgb_to_grayscale(pixels(40, 40, 3, dtype="int32")),
    k.rgb_to_grayscale(pixels(4, 4, 1)),
]
CASES["borders"] = lambda k: [
    k.crop_images(IMAGES, 1, 2, target_height=3, target_width=2),
    k.crop_images(IMAGES, bottom_cropping=1, right_cropping=0, target_height=3, target_width=2),
    k.crop_images(pixels(4, 5, 6), 1, 0, 1, 2, data_format="channels_first"),
    k.pad_images(IMAGES, 1, 2, target_height=9, target_width=7),
    k.pad_images(IMAGES, bottom_padding=1, right_padding=0, target_height=9, target_width=8),
    k.pad_images(pixels(4, 5, 6), 1, 0, 1, 2, data_format="channels_first"),
]
CASES["patches"] = lambda k: [
    *(
        k.extract_patches(IMAGES, size, strides, dilation, padding)
        for size, strides, dilation in ((2, None, 1), ((3, 2), 1, 1), ((2, 1), (2, 3), 1), (2, 1, (2, 3)))
        for padding in ("valid", "same")
    ),
    k.extract_patches(IMAGES[0], (3, 2), 2, padding="same"),
    k.extract_patches(floats(3, 5, 6), (3, 2), 2, padding="same", data_format="channels_first"),
    k.extract_patches(floats(4, 5, 6, 2), (3, 2, 2)),
    k.extract_patches_3d(floats(2, 4, 5, 6, 2), 2, padding="same"),
    k.extract_patches_3d(floats(2, 4, 5, 6), (3, 1, 2), (1, 2, 1), data_format="channels_first"),
]
PLACES = 20 * floats(2, 3, 30) - 8
EDGES = np.float32([[-1.5, -1, -0.5, 0, 0.5, 1.5, 2.5, 3, 3.5, 4, 4.5, 9.5, -9.5]])
CASES["map_coordinates"] = lambda k: [
    *(
        k.map_coordinates(x, places, order, mode, 3.25)
        for mode in ("constant", "nearest", "wrap", "mirror", "reflect")
        for order in (0, 1)
        for x, places in (
            (IMAGES[0, :, :, 0], PLACES),
            (pixels(7, 5), PLACES),
            (floats(4), EDGES),
            (pixels(4, dtype="int32"), EDGES),
            (floats(1, 3), PLACES),
        )
    ),
    k.map_coordinates(floats(3, 4, 5), 6 * floats(3, 20), 1),
    k.map_coordinates(floats(3, 4), np.int32([[0, 1, 4], [1, -1, 3]]), 1, "wrap"),
    k.map_coordinates(floats(3, 4) > 0.5, PLACES, 1, "wrap"),
    k.map_coordinates(np.float16(floats(3, 4)), PLACES, 1, "wrap"),
]

AFFINE = np.float32([[1.1, 0.2, -0.7, -0.3, 0.9, 0.4, 0, 0], [1, 0, 1.4, 0.1, 1, -2, 0, 0]])
CASES["affine_transform"] = lambda k: [
    *(
        k.affine_transform(images, AFFINE, interpolation, mode, 0.25)
        for mode in ("constant", "mirror")
        for interpolation in ("nearest", "bilinear")
        for images in (IMAGES, pixels(2, 7, 5, 3))
    ),
    k.affine_transform(IMAGES[0], AFFINE[0]),
    k.affine_transform(IMAGES, AFFINE, data_format="channels_first"),
]
CORNERS = np.float32([[0, 0], [4, 0], [0, 6], [4, 6]])
START, END = CORNERS + floats(2, 4, 2), CORNERS - floats(2, 4, 2, seed=1)
CASES["perspective_transform"] = lambda k: [
    *(
        k.perspective_transform(images, START, END, interpolation, 0.25)
        for interpolation in ("nearest", "bilinear")
        for images in (IMAGES, pixels(2, 7, 5, 3))
    ),
    k.perspective_transform(IMAGES[0], START[0], END[0]),
    k.perspective_transform(IMAGES, START, END, data_format="channels_first"),
]
CASES["gaussian_blur"] = lambda k: [
    *(k.gaussian_blur(IMAGES, (5, 2), (1.5, 0.5), layout) for layout in ("channels_last", "channels_first")),
    k.gaussian_blur(IMAGES[0], data_format="channels_last"),
    k.gaussian_blur(np.float16(IMAGES), (3, 9), (1, 2), "channels_last"),
]
CASES["sobel_edges"] = lambda k: [
    k.sobel_edges(IMAGES),
    k.sobel_edges(IMAGES, "channels_first"),
    k.sobel_edges(pixels(2, 7, 5, 3, dtype="int32")),
]
OTHERS = IMAGES + 0.1 * floats(2, 7, 5, 3, seed=1)
CASES["ssim"] = lambda k: [
    k.ssim(IMAGES, OTHERS, filter_size=5),
    k.ssim(IMAGES, OTHERS, 2.0, 2, 0.7, 0.1, 0.3),
    k.ssim(IMAGES[0], OTHERS[0], filter_size=4),
    k.ssim(IMAGES, OTHERS, filter_size=3, data_format="channels_first"),
    k.ssim(pixels(20, 20, 3), pixels(20, 20, 3), 255.0),
]


def results(k: ModuleType) -> dict[str, np.ndarray]:
    """Returns the results of all cases, by name and number, computed with a namespace."""
    found = {name: function(k) for name, function in CASES.items() if hasattr(k, "resize")}
    return {f"{name} {number}": np.asarray(each) for name in found for number, each in enumerate(found[name])}


if __name__ == "__main__":
    import keras

    np.savez(sys.argv[1], **results(keras.ops.image))
