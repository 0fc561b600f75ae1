"""The preprocessing layers beside those of real Keras: vocabularies, states, configs, outputs, files both ways."""

import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest
import tensorflow as tf

import minikeras
from compat.mnist import clear_names
from compat.side_by_side import difference
from compat.test_layers import plain_config

RNG = np.random.default_rng(3)
# Empty strings are not the last term of a vocabulary: Keras would not read that line of a file.
WORDS = np.array(
    ["sea", "Deep", "", "", "", "[UNK]", "über", "naïve", "a b", "x" * 9, "y" * 20, "z" * 50, "q" * 130], object
)
MANY = WORDS[RNG.integers(0, len(WORDS), (6, 5))]
ROWS = np.array([["a", "c", "c"], ["z", "b", ""], ["a", "a", "q"]], object)
NUMBERS = RNG.integers(-3, 9, (5, 4))
TEXTS = [
    "The Sea, the deep SEA!",
    "a b-c 'd' über-Maß ÄÖ",
    "",
    "sea\tsea\nÉté  co-op (x)",
    "日本 の 海",
    "a\u2003b\xa0c f",
]
COLUMN = np.array(TEXTS, object)[:, None]
VALUES = RNG.normal(size=(200,)).astype("float32")

VOCABULARY = {"vocabulary": ["a", "b", "c"]}
INTEGERS = {"vocabulary": [3, -2, 7]}
IDF = {"idf_weights": [0.25, 0.75, 0.5], "output_mode": "tf_idf"}

# By layer: arguments, what it adapts to (None: nothing), and what it is called on.
CASES = {
    "StringLookup": [
        *[
            ({**VOCABULARY, "output_mode": mode}, None, x)
            for mode in ("int", "one_hot", "multi_hot", "count", "binary")
            for x in (ROWS, ROWS[0], ROWS[:, :1])
        ],
        ({**VOCABULARY, "mask_token": ""}, None, ROWS),
        ({**VOCABULARY, "mask_token": "", "output_mode": "count"}, None, ROWS),
        ({"vocabulary": ["", "[UNK]", "a", "b"], "mask_token": ""}, None, ROWS),
        ({**VOCABULARY, "num_oov_indices": 4, "name": "named"}, None, MANY),
        ({**VOCABULARY, "num_oov_indices": 4, "salt": 3, "mask_token": "q"}, None, MANY),
        ({**VOCABULARY, "num_oov_indices": 4, "salt": (3, 2**40)}, None, MANY),
        ({**VOCABULARY, "num_oov_indices": 0}, None, np.array(["a", "c"], object)),
        (
            {
                "vocabulary": np.array(["b", "a"]),
                "max_tokens": 9,
                "output_mode": "multi_hot",
                "pad_to_max_tokens": True,
            },
            None,
            ROWS,
        ),
        ({**VOCABULARY, **IDF}, None, ROWS),
        ({**VOCABULARY, **IDF, "max_tokens": 7, "pad_to_max_tokens": True, "num_oov_indices": 2}, None, ROWS),
        ({"vocabulary": ["[UNK]", "a"], "idf_weights": [0.5, 0.25], "output_mode": "tf-idf"}, None, ROWS),
        ({**VOCABULARY, "invert": True}, None, np.array([[0, 1, 3], [4, 2, -1]])),
        ({**VOCABULARY, "invert": True, "mask_token": "", "oov_token": "?"}, None, np.array([0, 1, 2, 9])),
        ({}, MANY, MANY),
        ({"max_tokens": 4, "mask_token": ""}, MANY, MANY),
        ({"output_mode": "tf_idf"}, MANY, MANY[:, :3]),
        ({"output_mode": "tf_idf", "max_tokens": 5, "mask_token": "", "num_oov_indices": 2}, MANY, MANY),
        ({"output_mode": "tf_idf", "max_tokens": 40, "pad_to_max_tokens": True}, MANY, MANY),
        ({"output_mode": "multi_hot"}, list(WORDS[:2]), MANY),
        ({"invert": True}, ["b", "a", "b"], np.array([0, 1, 2])),
        ({"encoding": "utf-8"}, [word.encode() for word in WORDS], MANY),
        ({}, lambda: iter([MANY[:2], MANY[2:], MANY[0]]), MANY),
    ],
    "IntegerLookup": [
        *[
            ({**INTEGERS, "output_mode": mode}, None, x)
            for mode in ("int", "one_hot", "multi_hot", "count")
            for x in (NUMBERS, NUMBERS[0])
        ],
        ({**INTEGERS, "mask_token": 0, "num_oov_indices": 3}, None, NUMBERS),
        ({**INTEGERS, "num_oov_indices": 3, "oov_method": "farmhash"}, None, NUMBERS),
        ({**INTEGERS, "num_oov_indices": 3, "oov_method": "farmhash", "salt": [1, 2]}, None, NUMBERS),
        ({**INTEGERS, "num_oov_indices": 2, "mask_token": 5, "output_mode": "count"}, None, NUMBERS),
        ({"vocabulary": np.array([5, 2]), "invert": True}, None, NUMBERS),
        ({**INTEGERS, "invert": True, "mask_token": 4, "oov_token": -7}, None, NUMBERS),
        ({**INTEGERS, **IDF}, None, NUMBERS),
        ({}, NUMBERS, NUMBERS),
        ({"max_tokens": 4, "output_mode": "tf_idf", "mask_token": 0}, NUMBERS, NUMBERS),
        ({"max_tokens": 40, "pad_to_max_tokens": True, "output_mode": "multi_hot"}, NUMBERS[0], NUMBERS),
    ],
    "TextVectorization": [
        *[({"standardize": way}, TEXTS, TEXTS) for way in ("lower", "strip_punctuation", None)],
        *[({}, TEXTS, x) for x in (TEXTS, COLUMN, TEXTS[0], [TEXTS[0]], [[["a sea"], ["the"]]])],
        ({"split": "character", "output_sequence_length": 9}, TEXTS, COLUMN),
        ({"ngrams": 2, "max_tokens": 12}, TEXTS, TEXTS),
        ({"ngrams": (3, 1), "output_mode": "count"}, TEXTS, TEXTS),
        ({"output_sequence_length": 2}, TEXTS, TEXTS),
        ({"output_sequence_length": 20, "max_tokens": 5, "name": "named"}, TEXTS, COLUMN),
        *[({"output_mode": mode}, TEXTS, TEXTS) for mode in ("multi_hot", "count", "tf_idf", "binary")],
        ({"output_mode": "tf_idf", "max_tokens": 30, "pad_to_max_tokens": True}, COLUMN, COLUMN),
        ({"output_mode": "tf_idf", "vocabulary": ["sea", "the"], "idf_weights": [0.5, 2.0]}, None, TEXTS),
        ({"vocabulary": ["", "[UNK]", "sea"]}, None, TEXTS),
        ({"vocabulary": ["a", "b c"], "split": None, "output_sequence_length": 4}, None, [["a", "z"], ["B c", ""]]),
        ({"vocabulary": ["a", "a b"], "split": None, "ngrams": 2}, None, [["a", "b"], ["z", ""]]),
        ({"vocabulary": ["a"], "split": None, "output_mode": "one_hot"}, None, [["a", "b"], ["z", ""]]),
        ({}, lambda: iter([COLUMN[:2], COLUMN[2:]]), TEXTS),
    ],
    "HashedCrossing": [
        ({"num_bins": 5}, None, (np.array(["A", "B", "A"]), np.array([101, -102, 7]))),
        ({"num_bins": 10**9, "name": "named"}, None, ([["A"], ["x" * 70]], np.array([[1], [2]]), [["q"], ["r"]])),
        ({"num_bins": 4, "output_mode": "one_hot"}, None, (np.array(["A", "B"]), np.array(["c", "d"]))),
        (
            {"num_bins": 4, "output_mode": "one_hot", "dtype": "int32"},
            None,
            (np.array([["A"], ["B"]]), np.array([[3], [4]])),
        ),
        ({"num_bins": 7, "dtype": "int32"}, None, (np.array("A"), np.array(4))),
    ],
    "Hashing": [
        ({"num_bins": 5}, None, MANY),
        ({"num_bins": 5, "mask_value": "", "salt": 7}, None, MANY),
        ({"num_bins": 1, "mask_value": ""}, None, MANY),
        ({"num_bins": 6, "salt": [2, 2**33], "output_mode": "count", "dtype": "int32"}, None, MANY),
        ({"num_bins": 6, "output_mode": "multi_hot", "name": "named"}, None, MANY),
        ({"num_bins": 6, "output_mode": "one_hot"}, None, MANY[:, :1]),
        ({"num_bins": 6, "mask_value": 2}, None, NUMBERS),
        ({"num_bins": 6, "dtype": "int32"}, None, VALUES * 100),
        ({"num_bins": 6}, None, np.array([[True, False]])),
    ],
    "Discretization": [
        *[
            ({"bin_boundaries": [-0.5, 0.0, 1.5], "output_mode": mode}, None, x)
            for mode in ("int", "one_hot", "multi_hot", "count")
            for x in (VALUES[:12].reshape(4, 3), VALUES[:4], VALUES[:4, None])
        ],
        *[
            ({"num_bins": bins, "epsilon": epsilon}, VALUES, VALUES)
            for bins, epsilon in ((4, 0.01), (7, 0.1), (3, 0.5))
        ],
        ({"num_bins": 5, "epsilon": 0.02}, lambda: iter([VALUES[:70], VALUES[70:90], VALUES[90:]]), VALUES),
        (
            {"num_bins": 3, "name": "named", "dtype": "float64", "output_mode": "count"},
            VALUES[:100].reshape(20, 5),
            VALUES[:6].reshape(2, 3),
        ),
        ({"num_bins": 4}, list(map(float, VALUES[:30])), VALUES),
    ],
    "Normalization": [
        ({}, VALUES.reshape(50, 4), VALUES[:8].reshape(2, 4)),
        ({"axis": None}, VALUES.reshape(50, 4), VALUES[:8].reshape(2, 4)),
        ({"axis": (1, -1)}, VALUES.reshape(10, 5, 4), VALUES[:40].reshape(2, 5, 4)),
        ({"axis": 1, "invert": True}, VALUES.reshape(10, 5, 4), VALUES[:40].reshape(2, 5, 4)),
        ({"dtype": "float64", "name": "named"}, np.arange(12.0).reshape(4, 3) ** 2, np.ones((2, 3))),
        ({}, lambda: [VALUES[:40].reshape(10, 4), VALUES[40:60].reshape(5, 4)], VALUES[:8].reshape(2, 4)),
        (
            {},
            lambda: iter([(VALUES[:40].reshape(10, 4), 3), (VALUES[40:60].reshape(5, 4), 3)]),
            VALUES[:8].reshape(2, 4),
        ),
        ({"mean": 3.0, "variance": 4.0}, None, VALUES[:8].reshape(2, 4)),
        (
            {"mean": [1.0, 2.0], "variance": np.array([4.0, 0.0]), "axis": 1, "invert": True},
            None,
            VALUES[:8].reshape(1, 2, 4),
        ),
        ({"mean": [[1.0], [2.0]], "variance": [[4.0], [9.0]], "axis": (1, 2)}, None, VALUES[:8].reshape(1, 2, 4)),
    ],
}
ALL = [(name, number) for name, cases in CASES.items() for number in range(len(cases))]
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:keras", "ignore:.*__array__.*:DeprecationWarning")


def plain(value):
    """A result as an array; strings of TensorFlow are bytes, here they are strings."""
    array = np.asarray(value)
    if array.dtype.kind in "OSU":
        return [text.decode() if isinstance(text, bytes) else str(text) for text in array.ravel()], array.shape
    return array


def adapted(k, name, options, data):
    clear_names(k)
    layer = getattr(k.layers, name)(**options)
    if data is not None:
        layer.adapt(data() if callable(data) else data)
    return layer


def given(k, name, x):
    """The input in a form that both libraries take; Keras has no object arrays in some of its layers."""
    if name == "HashedCrossing":
        return tuple(np.asarray(part) for part in x) if k is minikeras else tuple(tf.constant(part) for part in x)
    x = np.asarray(x, object) if isinstance(x, (str, list)) else x
    return tf.constant(x) if k is keras and x.dtype == object else x


def plain_term(term):
    """Keras returns numpy's integers and strings for some of the terms."""
    return str(term) if isinstance(term, str) else int(term)


def state(layer):
    found = {"config": plain_config(layer.get_config())}
    if hasattr(layer, "get_vocabulary"):
        found["vocabulary"] = [layer.get_vocabulary(), layer.get_vocabulary(include_special_tokens=False)]
        found["vocabulary"] = [[plain_term(term) for term in part] for part in found["vocabulary"]]
        found["size"] = layer.vocabulary_size()
    found["weights"] = [(w.path, tuple(w.shape), w.trainable, np.asarray(w, "float64")) for w in layer.weights]
    return found


def used(k, name, options, data, x):
    layer = adapted(k, name, options, data)
    found = {"output": plain(layer(given(k, name, x))), **state(layer)}
    again = plain_config(type(layer).from_config(layer.get_config()).get_config())
    if data is not None:
        again.pop("vocabulary_size", None)  # Keras forgets it in some layers until the vocabulary is loaded
    return {**found, "again": again}


@pytest.mark.parametrize("name, number", ALL)
def test_uses(name, number):
    theirs, ours = (used(k, name, *CASES[name][number]) for k in (keras, minikeras))
    found = difference(theirs, ours, rtol=1e-5, atol=1e-6)
    assert found is None, found


# ---------------------------------------------------------------- files

# Not saved by Keras: the learned constants of a layer without an `Input`, and what has no model.
SAVED = [(name, number) for name, number in ALL if name not in ("HashedCrossing",)]


def model_of(k, name, options, data, x):
    layer = adapted(k, name, options, data)
    x = np.asarray(x, object) if isinstance(x, (str, list)) else np.asarray(x)
    dtype = "string" if x.dtype == object else str(x.dtype)
    inputs = k.Input(batch_shape=(None, *x.shape[1:]), dtype=dtype)
    return k.Model(inputs, layer(inputs))


def is_savable(name, number):
    options, data, x = CASES[name][number]
    if options.get("pad_to_max_tokens") and options.get("output_mode") == "tf_idf" and data is not None:
        return False  # Keras cannot load its own file: there are more weights than terms
    text = name == "TextVectorization" and np.ndim(np.asarray(x, object)) != 1
    return np.ndim(np.asarray(x, object)) > 0 and not text and not (options.get("invert") and name == "StringLookup")


@pytest.mark.parametrize("first, second", [(minikeras, keras), (keras, minikeras)], ids=["ours", "theirs"])
@pytest.mark.parametrize("name, number", [case for case in SAVED if is_savable(*case)])
def test_files(name, number, first, second, tmp_path):
    case = CASES[name][number]
    model = model_of(first, name, *case)
    model.save(tmp_path / "model.keras")
    loaded = second.saving.load_model(tmp_path / "model.keras")
    expected, got = (plain(m(given(k, name, case[2]))) for k, m in ((first, model), (second, loaded)))
    found = difference(expected, got, rtol=1e-5, atol=1e-6)
    assert found is None, found
    if hasattr(model.layers[-1], "get_vocabulary"):
        assert list(map(str, model.layers[-1].get_vocabulary())) == list(map(str, loaded.layers[-1].get_vocabulary()))


# ---------------------------------------------------------------- what is refused

TWICE = {"vocabulary": ["a", "b", "a"]}
REFUSED = [
    ("StringLookup", {"max_tokens": 1}),
    ("StringLookup", {"num_oov_indices": -1}),
    ("StringLookup", {"output_mode": "two_hot"}),
    ("StringLookup", {"pad_to_max_tokens": True}),
    ("StringLookup", {"invert": True, "output_mode": "count"}),
    ("StringLookup", {"idf_weights": [1.0]}),
    ("StringLookup", {**VOCABULARY, "output_mode": "tf_idf"}),
    ("StringLookup", {**VOCABULARY, "output_mode": "tf_idf", "idf_weights": [1.0]}),
    ("StringLookup", {"salt": (1, 2, 3)}),
    ("StringLookup", {"unknown": 3}),
    ("StringLookup", TWICE),
    ("StringLookup", {"vocabulary": []}),
    ("StringLookup", {"vocabulary": "/no/such/file"}),
    ("StringLookup", {**VOCABULARY, "max_tokens": 2}),
    ("StringLookup", {"vocabulary": ["a", ""], "mask_token": ""}),
    ("StringLookup", {"vocabulary": ["a", "[UNK]"], "invert": True}),
    ("IntegerLookup", {"vocabulary_dtype": "int32"}),
    ("IntegerLookup", {"salt": 3}),
    ("IntegerLookup", {"oov_method": "modulo"}),
    ("TextVectorization", {"standardize": "upper"}),
    ("TextVectorization", {"split": "words"}),
    ("TextVectorization", {"ngrams": "2"}),
    ("TextVectorization", {"output_mode": "count", "output_sequence_length": 3}),
    ("TextVectorization", {"output_sequence_length": "3"}),
    ("Hashing", {"num_bins": 0}),
    ("Hashing", {"num_bins": 3, "dtype": "float32"}),
    ("Hashing", {"num_bins": 3, "output_mode": "tf_idf"}),
    ("Hashing", {"num_bins": 3, "salt": "a"}),
    ("HashedCrossing", {"num_bins": 3, "output_mode": "count"}),
    ("CategoryEncoding", {}),
    ("CategoryEncoding", {"num_tokens": 0}),
    ("CategoryEncoding", {"num_tokens": 2, "output_mode": "int"}),
    ("Discretization", {}),
    ("Discretization", {"num_bins": 2, "bin_boundaries": [1.0]}),
    ("Discretization", {"num_bins": -1}),
    ("Discretization", {"num_bins": 3, "output_mode": "tf_idf"}),
    ("Normalization", {"mean": 1.0}),
    ("Normalization", {"mean": [1.0, 2.0], "variance": 1.0}),
    ("Normalization", {"mean": [[1.0]], "variance": [[1.0]]}),
    ("MelSpectrogram", {"fft_length": 16, "sequence_length": 20}),
    ("STFTSpectrogram", {"mode": "power"}),
    ("STFTSpectrogram", {"frame_length": 8, "frame_step": 9}),
    ("STFTSpectrogram", {"frame_length": 8, "fft_length": 4}),
    ("STFTSpectrogram", {"scaling": "both"}),
    ("STFTSpectrogram", {"padding": "causal"}),
    ("STFTSpectrogram", {"window": "no such window"}),
]


@pytest.mark.parametrize("name, options", REFUSED)
def test_refused(name, options):
    for k in (keras, minikeras):
        with pytest.raises(ValueError):
            getattr(k.layers, name)(**options)


def grows(k):
    layer = k.layers.StringLookup(output_mode="count")
    layer.adapt(["a"])
    layer.adapt(["a", "b"])


CALLS = {
    "adapting to a vocabulary that was given": (ValueError, lambda k: k.layers.StringLookup(**VOCABULARY).adapt(["a"])),
    "a vocabulary that grows": (RuntimeError, grows),
    "vectors without a vocabulary": (RuntimeError, lambda k: k.layers.StringLookup(output_mode="count")(["a"])),
    "weights of counts alone": (
        ValueError,
        lambda k: k.layers.CategoryEncoding(3)(np.array([[0]]), count_weights=np.array([[1.0]])),
    ),
    "texts in several columns": (ValueError, lambda k: k.layers.TextVectorization(**VOCABULARY)([["a", "b"]])),
    "adapting to constant boundaries": (
        ValueError,
        lambda k: k.layers.Discretization(bin_boundaries=[1.0]).adapt(VALUES),
    ),
    "no boundaries": (ValueError, lambda k: k.layers.Discretization(num_bins=3)(VALUES)),
    "an axis that there is not": (ValueError, lambda k: k.layers.Normalization(axis=3)(VALUES.reshape(10, 20))),
    "data of another shape": (
        ValueError,
        lambda k: [each.adapt(VALUES.reshape(-1, n)) for each in [k.layers.Normalization()] for n in (4, 5)],
    ),
    "one feature to cross": (ValueError, lambda k: k.layers.HashedCrossing(3)([np.array(["a"])])),
    "features of different shapes": (
        ValueError,
        lambda k: k.layers.HashedCrossing(3)((np.array(["a"]), np.array([1, 2]))),
    ),
    "features that are floats": (
        ValueError,
        lambda k: k.layers.HashedCrossing(3)((np.array(["a"]), np.array([1.0], "float32"))),
    ),
    "an empty iterable": (ValueError, lambda k: k.layers.Normalization().adapt(iter([]))),
}


@pytest.mark.parametrize("what", CALLS)
def test_refused_calls(what):
    error, call = CALLS[what]
    for k in (keras, minikeras):
        with pytest.raises(error):
            call(k)
