"""What lookups share: states, what is refused and leaves them unchanged, models, files."""

import zipfile

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.data import Dataset
from minikeras.errors import ArgumentError, DataError, StateError, VocabularyError
from minikeras.layers.preprocessing.index_lookup import check_salt

WORDS = np.array([["a"], ["b"], ["z"]])


def model_of(layer, size=1, dtype="string"):
    return minikeras.Sequential([minikeras.Input((size,), dtype=dtype), layer])


def test_bad_vocabularies_leave_the_layer_as_it_was():
    layer = layers.StringLookup(vocabulary=["a", "b"], max_tokens=4)
    bad = [
        (["c", "c"], "repeated"),
        ([], "empty"),
        (["c", "d", "e", "f"], "larger than `max_tokens`"),
        ([1], "strings"),
    ]
    for vocabulary, message in bad:
        with pytest.raises((ArgumentError, TypeError), match=message):
            layer.set_vocabulary(vocabulary)
    assert layer.get_vocabulary() == ["[UNK]", "a", "b"] and layer(["b"]).tolist() == [2]


def test_adapting_to_nothing_leaves_the_layer_as_it_was():
    layer = layers.StringLookup()
    layer.adapt(["a", "b", "b"])
    for nothing in ([], iter([]), np.array([], object), ["[UNK]"][:0]):
        with pytest.raises(DataError, match="there is no data"):
            layer.adapt(nothing)
    with pytest.raises(DataError, match="a tuple of 2"):
        layer.adapt(iter([["c", "d"], ("e", "f")]))
    assert layer.get_vocabulary() == ["[UNK]", "b", "a"]
    layer.adapt(["c"])  # nothing of what was refused is counted
    assert layer.get_vocabulary() == ["[UNK]", "c"]


def test_adapting_in_parts():
    layer = layers.StringLookup(output_mode="tf_idf")
    layer.update_state(["a", "a", "b"])  # one document
    layer.update_state(np.array([["b"], ["b"]]))  # two
    layer.finalize_state()
    assert layer.get_vocabulary() == ["[UNK]", "b", "a"]
    expected = np.log(1 + 3 / np.array([1 + 3, 1 + 1]))
    np.testing.assert_allclose(layer.idf_weights, [expected.mean(), *expected], rtol=1e-6)
    layer.update_state(["q"])
    layer.reset_state()
    layer.finalize_state()
    assert layer.get_vocabulary() == ["[UNK]", "b", "a"]


def test_datasets_and_steps():
    layer = layers.StringLookup()
    data = Dataset.from_tensor_slices(["a", "b", "b", "c"]).batch(1)
    layer.adapt(data.repeat(), steps=3)
    assert layer.get_vocabulary() == ["[UNK]", "b", "a"]
    assert [part.tolist() for part in data.map(layer)] == [[2], [1], [1], [0]]


def test_what_is_not_possible_yet_or_any_more():
    with pytest.raises(VocabularyError, match="has no vocabulary yet"):
        layers.StringLookup()(["a"])
    with pytest.raises(StateError, match="after setting a static vocabulary"):
        layers.StringLookup(vocabulary=["a"]).adapt(["b"])
    layer = layers.StringLookup(output_mode="count")
    layer.adapt(["a"])
    with pytest.raises(VocabularyError, match="cannot change once it is set. Expected: 2. Received: 3"):
        layer.adapt(["a", "b"])
    assert layer.get_vocabulary() == ["[UNK]", "a"]


def test_a_new_vocabulary_takes_effect_in_a_model_that_was_used():
    layer = layers.StringLookup()
    layer.adapt(["a", "b", "b"])
    model = model_of(layer)
    assert model.predict(WORDS, verbose=0).tolist() == [[2], [1], [0]]
    layer.adapt(["a", "a", "b"])
    assert model.predict(WORDS, verbose=0).tolist() == [[1], [2], [0]]
    layer.set_vocabulary(["z"])
    assert model.predict(WORDS, verbose=0).tolist() == [[0], [0], [1]]


def test_the_vocabulary_is_in_the_file_and_no_path(tmp_path):
    terms = tmp_path / "terms.txt"
    terms.write_text("a\nb\n", encoding="utf-8")
    model = model_of(layers.StringLookup(vocabulary=str(terms), mask_token=""))
    model.save(tmp_path / "model.keras")
    terms.unlink()
    with zipfile.ZipFile(tmp_path / "model.keras") as file:
        assert file.read("assets/layers/string_lookup/vocabulary.txt").decode() == "\n[UNK]\na\nb"
        assert b"terms.txt" not in file.read("config.json")
    loaded = minikeras.saving.load_model(tmp_path / "model.keras")
    assert loaded.predict(WORDS, verbose=0).tolist() == [[2], [3], [1]]


def test_terms_that_look_like_ends_of_files(tmp_path):
    layer = layers.StringLookup()
    layer.adapt(["x", "x", "\x85", "\u2028", ""])
    model_of(layer).save(tmp_path / "model.keras")
    loaded = minikeras.saving.load_model(tmp_path / "model.keras").layers[0]
    assert loaded.get_vocabulary() == layer.get_vocabulary() == ["[UNK]", "x", "\u2028", "\x85", ""]
    broken = layers.StringLookup()
    broken.adapt(["a\nb"])
    with pytest.raises(DataError, match="terms cannot contain line breaks"):
        model_of(broken).save(tmp_path / "broken.keras")


def test_a_config_reads_no_file(tmp_path):
    terms = tmp_path / "terms.txt"
    terms.write_text("a\n", encoding="utf-8")
    config = {"class_name": "StringLookup", "module": "keras.layers", "config": {"vocabulary": str(terms)}}
    with pytest.raises(ArgumentError, match="outside of the config"):
        minikeras.saving.deserialize_keras_object(config)
    layer = minikeras.saving.deserialize_keras_object(config, safe_mode=False)
    assert layer.get_vocabulary() == ["[UNK]", "a"]


def test_weights_of_padded_vectors_are_saved(tmp_path):
    layer = layers.StringLookup(output_mode="tf_idf", max_tokens=6, pad_to_max_tokens=True)
    layer.adapt(["a", "b", "b"])
    model = model_of(layer)
    model.save(tmp_path / "model.keras")
    loaded = minikeras.saving.load_model(tmp_path / "model.keras")
    expected = model.predict(WORDS, verbose=0)
    assert expected.shape == (3, 6)
    np.testing.assert_array_equal(loaded.predict(WORDS, verbose=0), expected)


def test_salts():
    assert (
        check_salt("x", 3) == [3, 3] and check_salt("x", (1, np.int64(2))) == [1, 2] and check_salt("x", None) is None
    )
    for bad in ("a", (1, 2, 3), 1.5, True, [1, "a"]):
        with pytest.raises(ArgumentError, match="x: `salt` must be an integer, or a tuple of two"):
            check_salt("x", bad)
