"""Readers of folders, time series and datasets beside Keras: the same files, batches, classes, parts and refusals."""

import contextlib
import hashlib
import inspect
import io
import json
import os
import tarfile
import wave

import keras
import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

import minikeras
from minikeras import datasets, preprocessing, utils
from minikeras.utils.resampling import INTERPOLATIONS

IMAGES = {"cat/1.png": (5, 8), "cat/2.png": (9, 4), "dog/10.png": (6, 6), "dog/9.gif": (3, 7), "dog/in/1.bmp": (4, 4)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Images, texts and sounds in three classes."""
    root, draw = tmp_path_factory.mktemp("files"), np.random.RandomState(0)
    for name, size in IMAGES.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        gray = draw.randint(0, 256, (*size, 1)).astype("uint8")  # GIF has few colors
        pixels = np.repeat(gray, 3, 2) if name.endswith("gif") else draw.randint(0, 256, (*size, 3)).astype("uint8")
        Image.fromarray(pixels).save(path)
        path.with_suffix(".txt").write_text(f"{name} ä\r\n", newline="")
        with wave.open(str(path.with_suffix(".wav")), "wb") as file:
            file.setparams((2, 2, 16000, 0, "NONE", ""))
            file.writeframes(draw.randint(-(2**15), 2**15, (size[0], 2)).astype("<i2").tobytes())
    (root / "empty").mkdir()
    (root / "cat" / "note.md").write_text("no")
    return root


def run(library, name, folder, **settings):
    """Returns what a reader prints, the class names, and the elements; or the base class of what it raises."""
    printed = io.StringIO()
    try:
        with contextlib.redirect_stdout(printed):
            made = getattr(library.utils, name)(str(folder), **settings)
            parts = list(made) if isinstance(made, (list, tuple)) else [made]
            elements = [[tf.nest.map_structure(plain, each) for each in part] for part in parts]
    except (ValueError, TypeError, tf.errors.InvalidArgumentError) as error:
        return TypeError if isinstance(error, TypeError) else ValueError
    kind = type(made) if isinstance(made, (list, tuple)) else None
    return kind, printed.getvalue(), [part.class_names for part in parts], elements


def plain(part):
    array = np.asarray(part)
    if array.dtype.kind in "OSU":
        return np.vectorize(lambda text: text.decode() if isinstance(text, bytes) else str(text), [object])(array)
    return array


def assert_same(found, expected, atol=0.0):
    if isinstance(expected, type):
        assert found is expected
        return
    assert found[:3] == expected[:3]
    for part, wanted in zip(found[3], expected[3], strict=True):
        assert len(part) == len(wanted)
        for element, other in zip(part, wanted, strict=True):
            pairs = list(zip(tf.nest.flatten(element), tf.nest.flatten(other), strict=True))
            for array, array2 in pairs:
                assert array.dtype == array2.dtype and array.shape == array2.shape
                if array.dtype == object:
                    assert array.tolist() == array2.tolist()
                else:
                    np.testing.assert_allclose(array, array2, rtol=1e-5, atol=atol)


COMMON = {
    "default": {},
    "modes": {"label_mode": "categorical", "batch_size": 2},
    "two classes": {"label_mode": "binary", "class_names": ["dog", "cat"]},
    "three classes": {"label_mode": "binary"},
    "no labels": {"labels": None},
    "no label mode": {"label_mode": None, "verbose": False},
    "no batches": {"batch_size": None},
    "own labels": {"labels": [4, 4, 7, 7, 9]},
    "class names": {"class_names": ["dog"]},
    "unknown class": {"class_names": ["cow"]},
    "class names and labels": {"labels": [1] * 5, "class_names": ["cat"]},
    "class names without labels": {"labels": None, "class_names": ["cat"]},
    "other label mode": {"label_mode": "float"},
    "other labels": {"labels": "none"},
    "training": {"validation_split": 0.4, "subset": "training"},
    "validation": {"validation_split": 0.4, "subset": "validation", "verbose": False},
    "both": {"validation_split": 0.4, "subset": "both"},
    "no validation": {"validation_split": 0.1, "subset": "both"},
    "no part": {"validation_split": 0.4},
    "no split": {"subset": "both"},
    "other split": {"validation_split": 1.5, "subset": "both"},
    "other part": {"validation_split": 0.5, "subset": "test"},
    "links": {"follow_links": True},
}
READERS = {
    "text_dataset_from_directory": {},
    "audio_dataset_from_directory": {},
    "image_dataset_from_directory": {"image_size": (4, 6)},
}


@pytest.mark.parametrize("case", COMMON)
@pytest.mark.parametrize("name", READERS)
def test_what_readers_have_in_common(folder, name, case):
    settings = {"shuffle": False} | READERS[name] | COMMON[case]
    # sums are in another order than TensorFlow's
    assert_same(run(minikeras, name, folder, **settings), run(keras, name, folder, **settings), atol=1e-3)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        *((getattr(utils, name), getattr(keras.utils, name)) for name in READERS),
        (utils.get_file, keras.utils.get_file),
        (utils.split_dataset, keras.utils.split_dataset),
        (utils.timeseries_dataset_from_array, keras.utils.timeseries_dataset_from_array),
        (preprocessing.image.smart_resize, keras.preprocessing.image.smart_resize),
        *(
            (getattr(getattr(datasets, module), name), getattr(getattr(keras.datasets, module), name))
            for module in datasets.__all__
            for name in ("load_data", "get_word_index", "get_label_names")
            if hasattr(getattr(keras.datasets, module), name)
        ),
    ],
)
def test_signatures(found, expected):
    pair = [[(p.name, p.default, p.kind) for p in inspect.signature(f).parameters.values()] for f in (found, expected)]
    assert pair[0] == pair[1]


@pytest.mark.parametrize("subset", [None, "training", "validation", "both"])
def test_orders_of_a_seed(folder, subset):
    """The files and their parts; the second shuffle, in each pass, is that of `tf.data`."""
    settings = {"seed": 7, "batch_size": None, "verbose": False, "image_size": (2, 2)}
    settings |= {"validation_split": 0.4, "subset": subset} if subset else {}
    pair = [library.utils.image_dataset_from_directory(str(folder), **settings) for library in (minikeras, keras)]
    parts = [made if subset == "both" else [made] for made in pair]
    assert [part.file_paths for part in parts[0]] == [part.file_paths for part in parts[1]]
    for ours, theirs in zip(*parts, strict=True):
        sums = [sorted((int(y), round(float(np.sum(x)), 1)) for x, y in each) for each in (ours, theirs)]
        np.testing.assert_allclose(sums[0], sums[1], atol=0.11)  # of rounding


@pytest.mark.parametrize("settings", [{}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True}], ids=str)
@pytest.mark.parametrize("size", [(4, 6), (3, 3), (20, 11)])
@pytest.mark.parametrize("name", INTERPOLATIONS)
def test_images(folder, name, size, settings):
    settings = {"interpolation": name, "image_size": size, "labels": None, "shuffle": False, "batch_size": 1} | settings
    found = run(minikeras, "image_dataset_from_directory", folder, **settings)
    # of 255; TensorFlow computes weights in float32
    assert_same(found, run(keras, "image_dataset_from_directory", folder, **settings), atol=2e-3)


@pytest.mark.parametrize("mode", ["grayscale", "rgba"])
def test_color_modes(folder, mode, tmp_path):
    for name in ("cat/1.png", "cat/2.png"):
        (tmp_path / os.path.basename(name)).write_bytes((folder / name).read_bytes())
    settings = {"color_mode": mode, "image_size": (5, 8), "labels": None, "shuffle": False}
    found = run(minikeras, "image_dataset_from_directory", tmp_path, **settings)
    # libpng rounds gray values down, Pillow to the nearest
    expected = run(keras, "image_dataset_from_directory", tmp_path, **settings)
    assert_same(found, expected, atol=1.01 if mode == "grayscale" else 1e-3)


def test_layouts(folder):
    for more in ({}, {"crop_to_aspect_ratio": True}, {"pad_to_aspect_ratio": True}):
        settings = {"data_format": "channels_first", "shuffle": False, "image_size": (4, 6)} | more
        found = run(minikeras, "image_dataset_from_directory", folder, **settings)
        assert_same(found, run(keras, "image_dataset_from_directory", folder, **settings), atol=1e-3)


def test_jpeg(tmp_path):
    draw = np.random.RandomState(0).randint(0, 256, (6, 8, 3)).astype("uint8")
    Image.fromarray(draw).resize((60, 50), Image.Resampling.BICUBIC).save(tmp_path / "a.jpg", quality=90)
    for mode in ("rgb", "grayscale"):
        settings = {"labels": None, "image_size": (50, 60), "color_mode": mode, "shuffle": False}
        found = run(minikeras, "image_dataset_from_directory", tmp_path, **settings)
        # TensorFlow decodes with a faster, less exact cosine transform than Pillow
        assert_same(found, run(keras, "image_dataset_from_directory", tmp_path, **settings), atol=6)


@pytest.mark.parametrize(
    "settings",
    [
        {"image_size": (1, 2, 3)},
        {"image_size": "4"},
        {"color_mode": "bgr"},
        {"interpolation": "cubic"},
        {"format": "csv"},
        {"data_format": "first"},
        {"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
        {"crop_to_aspect_ratio": True, "interpolation": "gaussian"},
    ],
    ids=str,
)
def test_refused_images(folder, settings):
    results = [run(library, "image_dataset_from_directory", folder, **settings) for library in (minikeras, keras)]
    assert results == [ValueError, ValueError]


@pytest.mark.parametrize(
    "settings",
    [{"output_sequence_length": 4}, {"output_sequence_length": 20, "batch_size": 2}, {"labels": None, "batch_size": 1}],
    ids=str,
)
def test_sounds(folder, settings):
    settings = {"shuffle": False} | settings
    found = run(minikeras, "audio_dataset_from_directory", folder, **settings)
    assert_same(found, run(keras, "audio_dataset_from_directory", folder, **settings))


def test_texts_are_cut(folder):
    settings = {"shuffle": False, "max_length": 5}
    found = run(minikeras, "text_dataset_from_directory", folder, **settings)
    assert_same(found, run(keras, "text_dataset_from_directory", folder, **settings))


WINDOWS = {
    "default": {"sequence_length": 3},
    "strides": {"sequence_length": 3, "sequence_stride": 2, "sampling_rate": 3, "batch_size": 2},
    "no batches": {"sequence_length": 5, "batch_size": None},
    "a part": {"sequence_length": 2, "start_index": 3, "end_index": 11},
    "none": {"sequence_length": 30},
    "a start": {"sequence_length": 2, "start_index": 3},
    "start too high": {"sequence_length": 2, "start_index": 20},
    "end too high": {"sequence_length": 2, "end_index": 20},
    "end before start": {"sequence_length": 2, "start_index": 5, "end_index": 4},
    "rate": {"sequence_length": 2, "sampling_rate": 0},
    "stride": {"sequence_length": 2, "sequence_stride": 20},
    "format": {"sequence_length": 2, "format": "x"},
}


@pytest.mark.parametrize("has_targets", [False, True])
@pytest.mark.parametrize("case", WINDOWS)
def test_windows(case, has_targets):
    data = np.arange(30, dtype="float64").reshape(15, 2)

    def windows(library):
        try:
            dataset = library.utils.timeseries_dataset_from_array(
                data, np.arange(15) if has_targets else None, **WINDOWS[case]
            )
        except ValueError:
            return ValueError
        return None, "", [], [[tf.nest.map_structure(plain, each) for each in dataset]]

    assert_same(windows(minikeras), windows(keras))


@pytest.mark.parametrize(
    "settings", [{"left_size": 0.6}, {"right_size": 3}, {"left_size": 2, "right_size": 0.5}], ids=str
)
@pytest.mark.parametrize("more", [{}, {"shuffle": True, "seed": 3}], ids=str)
def test_splits(settings, more):
    x, y = np.arange(20, dtype="float32").reshape(10, 2), np.arange(10)
    pairs = [
        (x, x),
        ((x, y), (x, y)),
        ([x, y], [x, y]),
        (
            minikeras.data.Dataset.from_tensor_slices((x, y)).batch(3),
            tf.data.Dataset.from_tensor_slices((x, y)).batch(3),
        ),
    ]
    for ours, theirs in pairs:
        results = []
        for library, dataset in ((minikeras, ours), (keras, theirs)):
            parts = library.utils.split_dataset(dataset, **settings, **more)
            results.append((None, "", [], [[tf.nest.map_structure(plain, each) for each in part] for part in parts]))
        assert_same(*results)


@pytest.mark.parametrize(
    "settings", [{}, {"left_size": 0}, {"left_size": 1.5}, {"left_size": 9, "right_size": 9}], ids=str
)
def test_refused_splits(settings):
    for library in (minikeras, keras):
        with pytest.raises(ValueError):
            library.utils.split_dataset(np.arange(10), **settings)


@pytest.mark.parametrize("name", ["bilinear", "nearest", "bicubic", "lanczos3", "lanczos5"])
@pytest.mark.parametrize("shape", [(7, 11, 3), (2, 7, 11, 3)])
def test_smart_resize(name, shape):
    x = np.random.RandomState(0).uniform(0, 255, shape).astype("float32")
    for size in ((3, 3), (4, 9), (20, 5)):
        found, expected = (
            library.preprocessing.image.smart_resize(x, size, interpolation=name) for library in (minikeras, keras)
        )
        assert type(expected) is np.ndarray and isinstance(found, np.ndarray) and found.dtype == expected.dtype
        # of 255; TensorFlow rounds the distances of bicubic weights to 1/1024 of a pixel
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=0.2 if name == "bicubic" else 2e-3)


def test_configs():
    results = []
    for library in (minikeras, keras):
        config = library.utils.Config(b=1, a=[2])
        config.c, config["d"] = 3, "x"
        results.append((config.to_json(), list(config), list(config.items()), repr(config), len(config), config.frozen))
        config.freeze()
        with pytest.raises(ValueError):
            config.e = 1
        with pytest.raises(AttributeError, match="Did you mean 'value'"):
            _ = library.utils.Config(value=1).valu
    assert results[0] == results[1]


# ---------------------------------------------------------------- get_file


FILES = {
    "a file": {"fname": "b.txt"},
    "its own name": {},
    "an absolute folder": {"cache_subdir": "abs"},
    "a folder": {"cache_subdir": "one/two"},
    "a hash": {"file_hash": "md5"},
    "an old hash": {"md5_hash": "md5"},
    "a long hash": {"file_hash": "sha256"},
    "a wrong hash": {"file_hash": "wrong"},
    "another algorithm": {"file_hash": "md5", "hash_algorithm": "sha256"},
    "an archive": {"extract": True},
    "a named archive": {"fname": "c.tar.gz", "extract": True},
    "a named folder": {"fname": "c", "untar": True},
    "another format": {"fname": "c", "extract": True, "archive_format": ["zip", "tar"]},
    "an unknown format": {"fname": "c", "extract": True, "archive_format": "rar"},
    "no folders": {"fname": "c/d"},
    "no origin": {"origin": None},
    "no name": {"origin": "http://127.0.0.1/"},
}


@pytest.mark.parametrize("case", FILES)
def test_get_file(case, tmp_path):
    with tarfile.open(tmp_path / "a.tar.gz", "w:gz") as tar:
        info = tarfile.TarInfo("in/x.txt")
        info.size = 3
        tar.addfile(info, io.BytesIO(b"abc"))
    data = (tmp_path / "a.tar.gz").read_bytes()
    hashes = {"md5": hashlib.md5(data).hexdigest(), "sha256": hashlib.sha256(data).hexdigest(), "wrong": "0" * 64}
    results = []
    for library in (minikeras, keras):
        cache = tmp_path / library.__name__
        cache.mkdir()
        settings = {"origin": (tmp_path / "a.tar.gz").as_uri(), "cache_dir": str(cache)} | FILES[case]
        settings |= {name: hashes[settings[name]] for name in ("file_hash", "md5_hash") if name in settings}
        if settings.get("cache_subdir") == "abs":
            settings["cache_subdir"] = str(cache / "abs")
        try:
            path = library.utils.get_file(**settings)
        except Exception as error:
            base = next(cls for cls in (NotImplementedError, ValueError, Exception) if isinstance(error, cls))
            results.append(base)
            continue
        found = {each.relative_to(cache): each.read_bytes() for each in cache.rglob("*") if each.is_file()}
        results.append((os.path.relpath(path, cache), found))
    assert results[0] == results[1]


# ---------------------------------------------------------------- datasets


@pytest.fixture
def words(tmp_path, monkeypatch):
    """Files of IMDB and Reuters, which Keras takes for the ones that it would download."""
    draw = np.random.RandomState(0)

    def sequences(count):
        array = np.empty(count, object)
        array[:] = [draw.randint(1, 50, draw.randint(1, 12)).tolist() for _ in range(count)]
        return array

    (tmp_path / "datasets").mkdir()
    places = {name: str(tmp_path / "datasets" / name) for name in ("imdb.npz", "reuters.npz", "imdb_word_index.json")}
    np.savez(places["imdb.npz"], x_train=sequences(20), y_train=np.arange(20), x_test=sequences(9), y_test=np.arange(9))
    np.savez(places["reuters.npz"], x=sequences(30), y=np.arange(30))
    with open(places["imdb_word_index.json"], "w") as file:
        json.dump({"the": 1}, file)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    for module in (keras.src.datasets.imdb, keras.src.datasets.reuters):
        monkeypatch.setattr(module, "get_file", lambda fname, **settings: places[fname])


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"num_words": 20, "skip_top": 5},
        {"maxlen": 6, "seed": 1},
        {"start_char": None, "oov_char": None, "num_words": 30},
        {"start_char": None, "index_from": 0},
        {"index_from": 7, "start_char": 3, "oov_char": 4},
    ],
    ids=str,
)
@pytest.mark.parametrize("name", ["imdb", "reuters"])
def test_words(words, name, settings):
    found, expected = (getattr(library.datasets, name).load_data(**settings) for library in (minikeras, keras))
    for (x, y), (other, labels) in zip(found, expected, strict=True):
        assert x.tolist() == other.tolist() and y.tolist() == labels.tolist()
        assert (x.dtype, x.shape, y.dtype) == (other.dtype, other.shape, labels.dtype)


def test_word_indices_and_topics(words):
    assert datasets.imdb.get_word_index() == keras.datasets.imdb.get_word_index() == {"the": 1}
    assert datasets.reuters.get_label_names() == keras.datasets.reuters.get_label_names()


@pytest.mark.parametrize("name", ["boston_housing", "california_housing"])
def test_houses(tmp_path, monkeypatch, name):
    (tmp_path / "datasets").mkdir()
    path = str(tmp_path / "datasets" / f"{name}.npz")
    np.savez(path, x=np.arange(1300.0).reshape(650, 2), y=np.arange(650.0))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(getattr(keras.src.datasets, name), "get_file", lambda *args, **settings: path)
    for settings in ({}, {"test_split": 0.33, "seed": 5}, *([{"version": "small"}] if name[0] == "c" else [])):
        found, expected = (getattr(library.datasets, name).load_data(**settings) for library in (minikeras, keras))
        for part, other in zip(found, expected, strict=True):
            for array, array2 in zip(part, other, strict=True):
                np.testing.assert_array_equal(array, array2, strict=True)


@pytest.mark.parametrize(
    "name", ["boston_housing", "california_housing", "cifar10", "cifar100", "fashion_mnist", "imdb", "reuters"]
)
def test_urls_and_hashes(tmp_path, monkeypatch, name):
    """What is asked for when nothing is in the cache: what Keras asks for."""

    class AskedError(Exception):
        pass

    asked = []

    def ask(fname=None, origin=None, **settings):
        asked.append(
            (fname, origin, {key: value for key, value in settings.items() if value not in (None, "datasets")})
        )
        raise AskedError

    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.setattr(datasets.sources, "get_file", ask)
    monkeypatch.setattr(getattr(keras.src.datasets, name), "get_file", ask)
    for function in ("load_data", "get_word_index"):
        for library in (minikeras, keras):
            if call := getattr(getattr(library.datasets, name), function, None):
                with pytest.raises(AskedError):
                    call()
    assert asked[::2] == asked[1::2] and len(asked) in (2, 4)
