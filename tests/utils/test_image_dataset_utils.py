"""Images, written with Pillow. What resizing gives is tested in `test_resampling.py`."""

import numpy as np
import pytest
from PIL import Image

from minikeras import config
from minikeras.data import TensorSpec
from minikeras.errors import ArgumentError, DataError, NotSupportedError
from minikeras.utils import image_dataset_from_directory


@pytest.fixture
def folder(tmp_path):
    """An image of 4 x 6 pixels, whose red value is 10 times the row and whose green value is the column."""
    pixels = np.zeros((4, 6, 3), "uint8")
    pixels[:, :, 0] = 10 * np.arange(4)[:, None]
    pixels[:, :, 1] = np.arange(6)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    return tmp_path


def read(folder, **settings):
    dataset = image_dataset_from_directory(folder, **{"labels": None, "shuffle": False, "verbose": False} | settings)
    (images,) = dataset
    return dataset, np.asarray(images)


def test_pixels(folder):
    dataset, images = read(folder, image_size=(4, 6))
    assert images.dtype == np.float32 and images.shape == (1, 4, 6, 3)
    assert images[0, :, 0, 0].tolist() == [0, 10, 20, 30] and images[0, 0, :, 1].tolist() == [0, 1, 2, 3, 4, 5]
    assert dataset.element_spec == TensorSpec((None, 4, 6, 3), "float32") and dataset.class_names is None
    assert dataset.file_paths == [str(folder / "a.png")]


def test_sizes(folder):
    assert read(folder)[1].shape == (1, 256, 256, 3) and read(folder, image_size=5)[1].shape == (1, 5, 5, 3)
    _, images = read(folder, image_size=(2, 3))
    assert images[0, :, 0, 0].tolist() == [5, 25] and images[0, 0, :, 1].tolist() == [0.5, 2.5, 4.5]
    _, images = read(folder, image_size=[2, 3], interpolation="NEAREST")
    assert images.dtype == np.uint8 and images[0, :, 0, 0].tolist() == [10, 30]


def test_cropping(folder):
    _, images = read(folder, image_size=(4, 4), crop_to_aspect_ratio=True)
    assert images[0, 0, :, 1].tolist() == [1, 2, 3, 4] and images[0, :, 0, 0].tolist() == [0, 10, 20, 30]
    _, images = read(folder, image_size=(2, 6), crop_to_aspect_ratio=True)
    assert images[0, :, 0, 0].tolist() == [10, 20]


def test_padding(folder):
    _, images = read(folder, image_size=(6, 6), pad_to_aspect_ratio=True)
    assert images[0, :, 0, 0].tolist() == [0, 0, 10, 20, 30, 0] and images[0, 1, :, 1].tolist() == [0, 1, 2, 3, 4, 5]
    _, images = read(folder, image_size=(4, 8), pad_to_aspect_ratio=True)
    assert images[0, 0, :, 1].tolist() == [0, 0, 1, 2, 3, 4, 5, 0]
    assert read(folder, image_size=(1, 40), pad_to_aspect_ratio=True)[1].shape == (1, 1, 40, 3)


def test_layouts(folder):
    _, last = read(folder, image_size=(4, 6))
    dataset, first = read(folder, image_size=(4, 6), data_format="channels_first")
    np.testing.assert_array_equal(first, last.transpose(0, 3, 1, 2))
    assert dataset.element_spec == TensorSpec((None, 3, 4, 6), "float32")
    config.set_image_data_format("channels_first")
    assert read(folder)[1].shape == (1, 3, 256, 256)
    assert read(folder, image_size=(2, 5), crop_to_aspect_ratio=True)[1].shape == (1, 3, 2, 5)


@pytest.mark.parametrize(("mode", "channels"), [("grayscale", 1), ("rgb", 3), ("rgba", 4)])
@pytest.mark.parametrize("source", ["RGB", "RGBA", "L", "LA", "P", "1"])
def test_color_modes(tmp_path, mode, channels, source):
    Image.new("RGB", (3, 3), (255, 255, 255)).convert(source).save(tmp_path / "a.png")
    _, images = read(tmp_path, color_mode=mode, image_size=3)
    np.testing.assert_array_equal(images, np.full((1, 3, 3, channels), 255))


def test_sixteen_bits(tmp_path):
    Image.fromarray(np.array([[0x0102, 0xFF00]], "uint16")).save(tmp_path / "a.png")
    for mode in ("grayscale", "rgb"):
        assert read(tmp_path, color_mode=mode, image_size=(1, 2))[1][0, 0, :, 0].tolist() == [1, 255]


@pytest.mark.parametrize("ending", ["bmp", "gif", "jpeg", "JPG", "png"])
def test_formats(tmp_path, ending):
    Image.new("L", (8, 8), 200).save(tmp_path / f"a.{ending}")
    _, images = read(tmp_path, image_size=8)
    assert abs(images - 200).max() <= 1  # JPEG is lossy


def test_the_first_picture_of_an_animation(tmp_path):
    frames = [Image.new("L", (2, 2), value) for value in (10, 200)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    assert read(tmp_path, image_size=2)[1].max() == 10


def test_images_of_several_sizes(folder):
    Image.new("RGB", (9, 3)).save(folder / "b.png")
    assert read(folder, image_size=(4, 4))[1].shape == (2, 4, 4, 3)


@pytest.mark.parametrize("batch_size", [None, 2])
def test_a_broken_image_is_named(folder, batch_size):
    data = (folder / "a.png").read_bytes()
    for name, content in (("b.jpg", b"text"), ("c.png", data[:-30]), ("d.png", b""), ("e.png", data[:20])):
        (folder / name).write_bytes(content)
        dataset = image_dataset_from_directory(
            folder, labels=None, shuffle=False, verbose=False, image_size=2, batch_size=batch_size
        )
        with pytest.raises(DataError, match=rf"image_dataset_from_directory: the file '.*{name}' cannot be read"):
            list(dataset)
        (folder / name).unlink()


def test_files_of_other_formats_are_not_decoded(folder):
    Image.new("RGB", (2, 2)).save(folder / "b.tiff")
    (folder / "b.tiff").rename(folder / "b.png")
    with pytest.raises(DataError, match=r"b.png' cannot be read"):
        read(folder)


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"color_mode": "bgr"}, ArgumentError, "Unknown color_mode"),
        ({"image_size": (1, 2, 3)}, ArgumentError, "`image_size` must be"),
        ({"image_size": 0}, ArgumentError, "`image_size` must be"),
        ({"image_size": None}, ArgumentError, "`image_size` must be"),
        ({"interpolation": "cubic"}, ArgumentError, "Unknown interpolation"),
        ({"interpolation": None}, ArgumentError, "Unknown interpolation"),
        ({"data_format": "last"}, ArgumentError, "data_format"),
        ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, ArgumentError, "exclude each other"),
        ({"crop_to_aspect_ratio": True, "interpolation": "gaussian"}, ArgumentError, "with `crop_to_aspect_ratio`"),
        ({"format": "grain"}, NotSupportedError, "Grain"),
        ({"format": "jax"}, ArgumentError, "`format` must be"),
    ],
    ids=str,
)
def test_bad_arguments(folder, settings, error, text):
    with pytest.raises(error, match=text):
        read(folder, **settings)
