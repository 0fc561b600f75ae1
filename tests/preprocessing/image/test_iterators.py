"""Iterators over images in arrays and in folders."""

import numpy as np
import pytest
from PIL import Image

from minikeras.errors import ArgumentError, DataError, NotSupportedError, ShapeError, UnknownNameError
from minikeras.preprocessing.image import DirectoryIterator, ImageDataGenerator, Iterator

PLAIN = ImageDataGenerator()
IMAGES = np.arange(10.0, dtype="float32").reshape(10, 1, 1, 1)


@pytest.fixture
def folder(tmp_path):
    """Two classes of gray images of 2 x 3 pixels; the value of an image is its number times 10."""
    for number, path in enumerate(["cats/1.png", "cats/2.png", "cats/more/3.png", "dogs/1.png", "dogs/2.bmp"]):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        Image.new("L", (3, 2), number * 10).save(tmp_path / path)
    (tmp_path / "dogs" / "notes.txt").write_text("no image")
    return tmp_path


def test_passes_in_order():
    flow = PLAIN.flow(IMAGES, np.arange(10), batch_size=4, shuffle=False)
    assert [len(flow[index][1]) for index in range(len(flow))] == [4, 4, 2]
    assert [next(flow)[1].tolist() for _ in range(4)] == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9], [0, 1, 2, 3]]
    flow.reset()
    assert next(flow)[1].tolist() == [0, 1, 2, 3]


def test_passes_are_shuffled_by_their_seed():
    first, second = (PLAIN.flow(IMAGES, np.arange(10), batch_size=10, seed=3) for _ in range(2))
    passes = [next(first)[1].tolist() for _ in range(3)]
    assert passes == [next(second)[1].tolist() for _ in range(3)]
    assert sorted(passes[0]) == list(range(10)) and passes[0] != passes[1]


def test_other_inputs_labels_and_weights():
    more = np.arange(10) * 2
    batch = PLAIN.flow((IMAGES, more), np.arange(10), batch_size=3, shuffle=False, sample_weight=np.ones(10))[1]
    (images, others), labels, weights = batch
    assert images.ravel().tolist() == labels.tolist() == [3, 4, 5] and others.tolist() == [6, 8, 10]
    assert weights.tolist() == [1, 1, 1]
    assert PLAIN.flow(IMAGES, batch_size=3, shuffle=False)[0].ravel().tolist() == [0, 1, 2]


def test_subsets():
    generator, labels = ImageDataGenerator(validation_split=0.3), np.arange(10) % 2
    parts = {
        subset: generator.flow(IMAGES, labels, batch_size=10, shuffle=False, subset=subset)[0][0].ravel().tolist()
        for subset in ("training", "validation")
    }
    assert parts == {"training": [3, 4, 5, 6, 7, 8, 9], "validation": [0, 1, 2]}
    with pytest.raises(DataError, match="different classes"):
        generator.flow(IMAGES, np.arange(10), subset="training")
    assert len(generator.flow(IMAGES, np.arange(10), subset="training", ignore_class_split=True)) == 1
    with pytest.raises(UnknownNameError, match="subset"):
        generator.flow(IMAGES, labels, subset="test")


def test_augmented_images_are_saved(tmp_path):
    flow = PLAIN.flow(np.ones((2, 2, 2, 1)), batch_size=2, save_to_dir=str(tmp_path), save_prefix="new")
    flow[0]
    assert len(list(tmp_path.glob("new_*.png"))) == 2


def test_refused_arrays():
    with pytest.raises(DataError, match="the same length"):
        PLAIN.flow(np.ones((2, 2, 2, 1)), [1])
    with pytest.raises(ShapeError, match="4 axes"):
        PLAIN.flow(np.ones((2, 2, 1)))
    with pytest.warns(UserWarning, match="Expected 1, 3 or 4 channels"):
        PLAIN.flow(np.ones((2, 2, 2, 2)))
    with pytest.raises(NotSupportedError, match="_get_batches_of_transformed_samples"):
        next(Iterator(3, 1, False, None))


@pytest.mark.parametrize(
    ("mode", "labels"),
    [
        ("categorical", [[1, 0], [1, 0], [1, 0], [0, 1], [0, 1]]),
        ("binary", [0, 0, 0, 1, 1]),
        ("sparse", [0, 0, 0, 1, 1]),
    ],
)
def test_folders_are_classes(folder, mode, labels, capsys):
    flow = PLAIN.flow_from_directory(str(folder), (2, 3), "grayscale", class_mode=mode, shuffle=False)
    assert capsys.readouterr().out == "Found 5 images belonging to 2 classes.\n"
    images, found = flow[0]
    assert images.shape == (5, 2, 3, 1) and images[:, 0, 0, 0].tolist() == [0, 10, 20, 30, 40]
    assert found.tolist() == labels and found.dtype == np.float32
    assert flow.class_indices == {"cats": 0, "dogs": 1} and flow.labels.tolist() == [0, 0, 0, 1, 1]


def test_other_kinds_of_labels(folder):
    options = {"target_size": (4, 4), "shuffle": False}
    x, y = DirectoryIterator(str(folder), PLAIN, class_mode="input", **options)[0]
    assert x.shape == y.shape == (5, 4, 4, 3) and (x == y).all() and not np.shares_memory(x, y)
    assert DirectoryIterator(str(folder), PLAIN, class_mode=None, **options)[0].shape == (5, 4, 4, 3)
    first = DirectoryIterator(str(folder), PLAIN, class_mode=None, data_format="channels_first", **options)
    assert first[0].shape == (5, 3, 4, 4) and first.image_shape == (3, 4, 4)


def test_chosen_classes_and_subsets(folder):
    flow = DirectoryIterator(str(folder), PLAIN, classes=["dogs"])
    assert flow.class_indices == {"dogs": 0} and flow.samples == 2
    split = ImageDataGenerator(validation_split=0.5)
    names = {
        subset: DirectoryIterator(str(folder), split, subset=subset).filenames for subset in ("training", "validation")
    }
    assert [name.replace("\\", "/") for name in names["validation"]] == ["cats/1.png", "dogs/1.png"]
    assert [name.replace("\\", "/") for name in names["training"]] == ["cats/2.png", "cats/more/3.png", "dogs/2.bmp"]


def test_refused_folders(folder):
    with pytest.raises(UnknownNameError, match="Did you mean 'rgb'"):
        DirectoryIterator(str(folder), PLAIN, color_mode="rgbb")
    with pytest.raises(ArgumentError, match="Expected a class_mode of"):
        DirectoryIterator(str(folder), PLAIN, class_mode="one_hot")
