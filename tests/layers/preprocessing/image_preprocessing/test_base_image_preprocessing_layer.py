"""What all image layers do with their input: dicts, single images, dtypes, and what is refused."""

import numpy as np
import pytest

from minikeras import layers
from minikeras.data import Dataset
from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.layers.preprocessing.image_preprocessing.base_image_preprocessing_layer import (
    BaseImagePreprocessingLayer,
)

IMAGES = np.arange(24, dtype="float32").reshape(2, 2, 2, 3)


class Half(BaseImagePreprocessingLayer):
    """Halves the values in training."""

    def get_random_transformation(self, data, training=True, seed=None):
        return self._sizes(data)[0] if training else None

    def changed(self, images, transformation):
        return images / 2


def test_training_and_inference():
    layer = Half()
    np.testing.assert_array_equal(layer(IMAGES), IMAGES / 2)
    np.testing.assert_array_equal(layer(IMAGES, training=False), IMAGES)
    np.testing.assert_array_equal(layer(IMAGES[0].tolist()), IMAGES[0] / 2)


def test_compute_dtype():
    assert Half()(IMAGES.astype("uint8")).dtype == Half()(IMAGES.astype("uint8"), training=False).dtype == "float32"
    assert Half(dtype="float16")(IMAGES).dtype == "float16"
    # Halves are rounded to even numbers.
    assert Half(dtype="uint8")(np.uint8([1, 2, 3]).reshape(1, 1, 3)).ravel().tolist() == [0, 1, 2]


def test_dict():
    given = {"images": IMAGES, "labels": np.int32([3, 4]), "segmentation_masks": IMAGES[..., :1], "more": np.arange(5)}
    result = Half()(given)
    assert list(result) == list(given) and result is not given
    np.testing.assert_array_equal(result["images"], IMAGES / 2)
    for name in ("labels", "segmentation_masks", "more"):
        np.testing.assert_array_equal(result[name], given[name])
        assert result[name].dtype == given[name].dtype


def test_in_a_dataset():
    data = Dataset.from_tensor_slices({"images": IMAGES.astype("uint8"), "labels": np.arange(2)})
    for mapped in (data.batch(2).map(Half()), data.map(Half(), num_parallel_calls=2).batch(2)):
        (found,) = list(mapped.as_numpy_iterator())
        np.testing.assert_array_equal(found["images"], IMAGES / 2)
        assert mapped.element_spec["images"].dtype.name == "float32"
        assert mapped.element_spec["labels"].dtype.name == found["labels"].dtype.name == "int64"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (np.ones((2, 2)), "expects an image, of 3 axes, or a batch of images, of 4. Received: shape .2, 2."),
        (np.ones((1, 1, 2, 2, 3)), "of 3 axes"),
        ({"images": IMAGES, "segmentation_masks": IMAGES[..., 0]}, "masks with the axes of the images"),
    ],
)
def test_bad_shapes(data, message):
    with pytest.raises(ShapeError, match=message):
        Half()(data)


def test_bad_dicts():
    with pytest.raises(ArgumentError, match="expects a dict with 'images'. Received: keys"):
        Half()({"labels": np.ones(2)})
    boxes = {"boxes": np.ones((2, 1, 4)), "labels": np.ones((2, 1))}
    with pytest.raises(ArgumentError, match="their format is unknown. Pass it: Half"):
        Half()({"images": IMAGES, "bounding_boxes": boxes})
    with pytest.raises(ArgumentTypeError, match="expects arrays. Received: a string as 'labels'"):
        Half()({"images": IMAGES, "labels": "a"})


def test_bad_arguments():
    for options in ({"data_format": "no"}, {"bounding_box_format": "xy"}, {"unknown": 3}):
        with pytest.raises(ArgumentError):
            Half(**options)


def test_config():
    config = Half(name="a", bounding_box_format="xyxy", data_format="channels_first").get_config()
    assert list(config) == ["name", "trainable", "dtype", "data_format", "bounding_box_format"]
    assert "bounding_box_format" not in layers.RandomFlip().get_config()


def test_shapes():
    assert Half().compute_output_shape((None, 4, 5, 3)) == (None, 4, 5, 3)
    assert layers.Resizing(2, 3, data_format="channels_first").compute_output_shape((3, None, None)) == (3, 2, 3)
    with pytest.raises(ShapeError, match="expects the shape of an image"):
        layers.Resizing(2, 3).compute_output_shape((3, 4))


def test_single_images():
    layer, drawn = Half(bounding_box_format="xyxy"), Half().get_random_transformation(IMAGES[0])
    np.testing.assert_array_equal(layer.transform_single_image(IMAGES[0], drawn), IMAGES[0] / 2)
    np.testing.assert_array_equal(layer.transform_single_image(IMAGES[0], drawn, training=False), IMAGES[0])
    np.testing.assert_array_equal(layer.transform_single_segmentation_mask([[[1]]], drawn), [[[1]]])
    assert layer.transform_single_label([0.0, 1.0], drawn).tolist() == [0.0, 1.0]
    flip = layers.RandomFlip("horizontal", bounding_box_format="xyxy")
    given = {"boxes": [[0.0, 1.0, 2.0, 3.0]], "labels": [7]}
    boxes = flip.transform_single_bounding_box(given, {"flips": np.ones((1, 1, 1, 1), bool), "size": (4, 6)})
    # From Keras 3.15.1: the box from 0 to 2 is that from 4 to 6 in the mirrored image, 6 pixels wide.
    assert boxes["boxes"].tolist() == [[4.0, 1.0, 6.0, 3.0]] and boxes["labels"].tolist() == [7]
    assert given == {"boxes": [[0.0, 1.0, 2.0, 3.0]], "labels": [7]}
    assert layers.CenterCrop(1, 1).transform_single_image(np.ones((3, 3, 1)), None).shape == (1, 1, 1)


def test_calls_with_a_single_image_use_the_methods_for_it():
    class Own(Half):
        def transform_single_image(self, image, transformation, training=True):
            return image + transformation

        def transform_single_label(self, label, transformation, training=True):
            return label + 10 * training

        def transform_single_segmentation_mask(self, segmentation_mask, transformation, training=True):
            return segmentation_mask * 0

        def transform_single_bounding_box(self, bounding_box, transformation, training=True):
            return {**bounding_box, "more": bounding_box["labels"] + 1}

    data = {
        "images": IMAGES[0],
        "labels": np.int32(3),
        "segmentation_masks": IMAGES[0],
        "bounding_boxes": {"boxes": np.ones((1, 4), "float32"), "labels": np.array([5])},
    }
    layer = Own(bounding_box_format="xyxy")
    result = layer(data)
    np.testing.assert_array_equal(result["images"], IMAGES[0] + 1)
    assert int(result["labels"]) == 13 and not np.any(result["segmentation_masks"])
    assert result["bounding_boxes"]["more"].tolist() == [6]
    np.testing.assert_array_equal(layer(IMAGES[0]), IMAGES[0] + 1)
    np.testing.assert_array_equal(layer(IMAGES), IMAGES / 2)
