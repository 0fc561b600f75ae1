"""Image layers beside those of real Keras on its numpy backend, seed by seed; and where Keras is wrong."""

import json
import os
import subprocess
import sys

import keras
import numpy as np
import pytest

import minikeras
from compat.image_layer_results import BOXES, CASES, IMAGES, NAMES, keys, outputs
from compat.side_by_side import compare

IMAGE_LAYERS = {
    name
    for name in dir(keras.layers)
    if getattr(getattr(keras.layers, name), "__module__", "").startswith("keras.src.layers.preprocessing.image_pre")
}
# Of integers, and of masks: values halfway between two may be rounded to either, as float32 has an error.
ROUNDED = {("Resizing", "uint8"): 1}


@pytest.fixture(scope="module")
def theirs(tmp_path_factory):
    path = tmp_path_factory.mktemp("image_layers") / "results.npz"
    environment = {**os.environ, "KERAS_BACKEND": "numpy"}
    subprocess.run([sys.executable, "-m", "compat.image_layer_results", path], check=True, env=environment)
    with np.load(path) as results:
        return dict(results)


def test_every_layer_is_compared():
    assert set(CASES) == IMAGE_LAYERS


@pytest.mark.parametrize(("name", "number", "kind"), keys())
def test_equal(theirs, name, number, kind):
    ours = outputs(minikeras, name, *CASES[name][number][:2], kind)
    for index, value in enumerate(ours):
        expected = theirs[f"{name} {number} {kind} {index}"]
        if (name, kind) == ("CutMix", "masks") and index % 2:
            expected = expected[..., :1]  # Keras repeats the channel of masks for each of the images
        assert (value.shape, value.dtype) == (expected.shape, expected.dtype)
        # Values of up to 300 in float32, over as many operations as `AugMix` has.
        bound = ROUNDED.get((name, kind), 2e-3)
        np.testing.assert_allclose(value.astype("float64"), expected.astype("float64"), rtol=0, atol=bound)


# ---------------------------------------------------------------- configs, shapes, files


def described(k, name, args, options):
    """The config of a layer, what a layer made of it has, and the shapes it tells."""
    layer = getattr(k.layers, name)(*args, **options)
    config = layer.get_config()
    symbol = layer(k.Input((9, 12, 3)))
    found = {"config": config, "shape": layer.compute_output_shape((None, 9, 12, 3)), "symbol": symbol.shape}
    if name != "RandomShear":  # whose config Keras refuses, see below
        found["again"] = type(layer).from_config(config).get_config()
    if config["dtype"].__class__ is not str:
        found["config"] = {**config, "dtype": config["dtype"]["config"]["name"]}
        found.pop("again", None)
    return json.loads(json.dumps(found))  # lists of both are of their own classes


FORGOTTEN = {"MaxNumBoundingBoxes": "fill_value", "RandomGrayscale": "seed"}  # by Keras's `get_config`


@pytest.mark.parametrize("name", CASES)
def test_configs(name):
    for args, options, _ in CASES[name]:
        for more in ({}, {"data_format": "channels_last", "name": "own", "bounding_box_format": "xywh"}):
            given = {key: value for key, value in {**options, **more}.items() if key != FORGOTTEN.get(name)}
            compare(lambda k, args=args[:1], given=given: described(k, name, args, given))


@pytest.mark.parametrize("libraries", [(minikeras, keras), (keras, minikeras)], ids=["ours", "theirs"])
@pytest.mark.parametrize("name", CASES)
def test_saved(name, libraries, tmp_path):
    if name == "Equalization" or (name == "RandomShear" and libraries[1] is keras):
        return  # Keras can make no model of the one, and not load its own of the other, see below
    for args, options, _ in CASES[name]:
        first, second = libraries
        made = getattr(first.layers, name)(*args, **options)
        # After a crop at inference, which Keras leaves out, the size differs.
        model = first.Sequential([first.layers.Input((9, 12, 3)), made])
        model.save(tmp_path / "model.keras")
        opened = second.saving.load_model(tmp_path / "model.keras")
        config, again = (json.loads(json.dumps(each.layers[-1].get_config())) for each in (model, opened))
        forgotten = FORGOTTEN.get(name)
        assert {**config, forgotten: 0} == {**again, forgotten: 0}
        if name != "RandomCrop":
            bound = 1e-3 if name in ("Resizing", "CenterCrop") else 1e-4  # of values of up to 255
            results = [np.asarray(each(IMAGES, training=False)) for each in (model, opened)]
            np.testing.assert_allclose(*results, atol=bound)


# ---------------------------------------------------------------- where Keras is wrong


def test_cropped_boxes():
    """Keras takes the first row of the crop from x, and the first column from y."""
    image = np.zeros((8, 10, 1), "float32")
    image[5, 4:7] = 1
    boxes = {"boxes": np.float32([[4, 5, 7, 6]]), "labels": np.array([1])}
    for k, expected in ((keras, False), (minikeras, True)):
        layer = k.layers.RandomCrop(6, 8, seed=3, bounding_box_format="xyxy")
        found = []
        for _ in range(8):
            result = layer({"images": image, "bounding_boxes": dict(boxes)}, training=True)
            rows, columns = np.nonzero(np.asarray(result["images"])[..., 0])
            pixels = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
            found.append(np.asarray(result["bounding_boxes"]["boxes"])[0].tolist() == pixels)
        assert all(found) is expected


def test_crops_at_inference():
    """The documentation of Keras promises a part of the right size; Keras returns all of the image."""
    assert keras.layers.RandomCrop(4, 4)(IMAGES, training=False).shape == (3, 9, 12, 3)
    assert minikeras.layers.RandomCrop(4, 4)(IMAGES, training=False).shape == (3, 4, 4, 3)


@pytest.mark.parametrize("format", ["xywh", "rel_xyxy"])
def test_rotated_boxes(format):
    """Keras takes boxes of any format for corners, and turns them about a point half a pixel from the center."""
    image = np.float32([[0, 0, 0], [0, 0, 0], [0, 9, 0]])[..., None]
    for k, expected in ((keras, False), (minikeras, True)):
        box = np.float32([[1, 2, 1, 1]]) if format == "xywh" else np.float32([[1, 2, 2, 3]]) / 3
        layer = k.layers.RandomRotation((0.25, 0.25), fill_mode="constant", bounding_box_format=format)
        result = layer({"images": image, "bounding_boxes": {"boxes": box, "labels": np.array([1])}})
        right = np.float32([[2, 1, 1, 1]]) if format == "xywh" else np.float32([[2, 1, 3, 2]]) / 3
        assert np.allclose(result["images"][1, 2, 0], 9, atol=1e-4)
        assert np.allclose(result["bounding_boxes"]["boxes"], right, atol=1e-4) is expected


def test_sheared_boxes():
    """Keras shears fractions of the width and the height, as if all images were squares."""
    image = np.zeros((3, 9, 1), "float32")
    image[2, 4] = 9
    box = {"boxes": np.float32([[4, 2, 5, 3]]), "labels": np.array([1])}
    for k, expected in ((keras, False), (minikeras, True)):
        options = {"fill_mode": "constant", "interpolation": "nearest", "bounding_box_format": "xyxy", "seed": 3}
        layer = k.layers.RandomShear((1.0, 1.0), **options)
        found = []
        for _ in range(6):
            result = layer({"images": image, "bounding_boxes": dict(box)})
            column = np.nonzero(np.asarray(result["images"])[2, :, 0])[0][0]
            left, _, right, _ = np.asarray(result["bounding_boxes"]["boxes"])[0]
            found.append(bool(left <= column and column + 1 <= right))
        assert all(found) is expected


def test_boxes_of_mixed_images():
    """Keras appends the labels of the other images as if they were further images."""
    layer = keras.layers.MixUp(bounding_box_format="xyxy", seed=1)
    boxes = {"boxes": BOXES.copy(), "labels": NAMES.copy()}
    theirs = layer({"images": IMAGES, "bounding_boxes": dict(boxes)})["bounding_boxes"]
    ours = minikeras.layers.MixUp(bounding_box_format="xyxy", seed=1)({"images": IMAGES, "bounding_boxes": boxes})
    assert theirs["boxes"].shape == (3, 4, 4) and theirs["labels"].shape == (6, 2)
    assert ours["bounding_boxes"]["boxes"].shape == (3, 4, 4) and ours["bounding_boxes"]["labels"].shape == (3, 4)


def test_contrast_with_channels_first():
    """Keras's `AutoContrast` stretches rows, not channels, of images with their channels first."""
    first = np.moveaxis(IMAGES, -1, 1)
    right = np.asarray(keras.layers.AutoContrast()(IMAGES))
    theirs, ours = (np.asarray(k.layers.AutoContrast(data_format="channels_first")(first)) for k in (keras, minikeras))
    np.testing.assert_allclose(np.moveaxis(ours, 1, -1), right, atol=1e-3)  # float32, values of up to 255
    assert np.abs(np.moveaxis(theirs, 1, -1) - right).max() > 1


def test_a_sheared_model_can_be_loaded():
    """Keras writes a factor of 0.2 as (-0.2, 0.2), which it refuses itself."""
    config = keras.layers.RandomShear(0.2).get_config()
    with pytest.raises(TypeError, match="should be a number"):
        keras.layers.RandomShear.from_config(config)
    assert minikeras.layers.RandomShear.from_config(config).x_factor == (-0.2, 0.2)


def test_bytes_do_not_wrap_around():
    """Keras adds to bytes in their own dtype: what is too bright becomes dark."""
    white = np.full((1, 2, 2, 3), 250, "uint8")
    options = {"seed": 1}
    ours = minikeras.layers.RandomBrightness((0.2, 0.2), **options)(white)
    assert np.asarray(keras.layers.RandomBrightness((0.2, 0.2), **options)(white)).max() < 250
    assert ours.dtype == "float32" and (ours == 255).all()


def test_equalization_in_a_model():
    """Keras returns the symbolic input as output, so that the graph has a cycle."""
    with pytest.raises(ValueError, match="part of a cycle"):
        keras.Sequential([keras.layers.Input((9, 12, 3)), keras.layers.Equalization()])
    model = minikeras.Sequential([minikeras.layers.Input((9, 12, 3)), minikeras.layers.Equalization()])
    expected = minikeras.layers.Equalization()(IMAGES)
    np.testing.assert_array_equal(model(IMAGES, training=True), expected)
