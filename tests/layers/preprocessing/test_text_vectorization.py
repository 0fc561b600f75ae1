"""TextVectorization: in models, in training, in files."""

import numpy as np
import pytest

import minikeras
from minikeras import layers
from minikeras.data import Dataset
from minikeras.errors import DataError, NotSupportedError, ReplayWarning, StateError, UnknownNameError

TEXTS = np.array([["The sea is deep."], ["Blue sky!"], ["deep BLUE sea"], ["sky"]])
LABELS = np.array([1, 0, 1, 0])


def layer(**options):
    made = layers.TextVectorization(**options)
    made.adapt(TEXTS)
    return made


def model_of(first):
    parts = [layers.Embedding(20, 3), layers.GlobalAveragePooling1D(), layers.Dense(1)]
    model = minikeras.Sequential([minikeras.Input((1,), dtype="string"), first, *parts])
    model.compile("sgd", "mse")
    return model


def test_vocabulary():
    assert layer().get_vocabulary() == ["", "[UNK]", "sky", "sea", "deep", "blue", "the", "is"]
    assert layer(max_tokens=4).get_vocabulary() == ["", "[UNK]", "sky", "sea"]
    assert layer().get_vocabulary(include_special_tokens=False)[0] == "sky" and layer().vocabulary_size() == 8


def test_calls_by_hand():
    own = layer()
    assert own(["deep blue what"]).tolist() == [[4, 5, 1]]
    assert own(TEXTS[:2]).tolist() == [[6, 3, 7, 4], [5, 2, 0, 0]]
    assert layer(output_mode="count", max_tokens=4)(["sky? sky, sea lake"]).tolist() == [[1, 2, 1, 0]]


def test_ways_to_adapt():
    expected = layer().get_vocabulary()
    for data in (TEXTS[:, 0], TEXTS.tolist(), Dataset.from_tensor_slices(TEXTS).batch(3), (row for row in TEXTS)):
        other = layers.TextVectorization()
        other.adapt(data)
        assert other.get_vocabulary() == expected
    by_parts = layers.TextVectorization(output_mode="tf_idf")
    by_parts.adapt(TEXTS, batch_size=3)
    whole = layer(output_mode="tf_idf")
    np.testing.assert_array_equal(by_parts(TEXTS), whole(TEXTS))
    with pytest.raises(DataError, match="there is no data"):
        whole.adapt(["", " !"])
    assert whole.get_vocabulary() == ["[UNK]", *expected[2:]]
    with pytest.raises(StateError, match="static vocabulary"):
        layers.TextVectorization(vocabulary=["a"]).adapt(TEXTS)


def test_training_on_texts():
    model = model_of(layer(output_sequence_length=5))
    history = model.fit(TEXTS, LABELS, epochs=3, batch_size=2, verbose=0).history["loss"]
    assert history[2] < history[0]
    data = Dataset.from_tensor_slices((TEXTS, LABELS)).batch(2)
    model.fit(data, verbose=0)
    expected = model.predict(TEXTS, verbose=0)
    np.testing.assert_allclose(model.predict(list(TEXTS[:, 0]), verbose=0), expected, rtol=1e-6)
    np.testing.assert_allclose(model(TEXTS.astype("S")), expected, rtol=1e-6)


def test_replayed_steps_are_eager_ones():
    results = []
    for eagerly in (False, True):
        minikeras.utils.set_random_seed(3)
        model = model_of(layer(output_sequence_length=5))
        model.compile("sgd", "mse", run_eagerly=eagerly)
        model.fit(TEXTS, LABELS, epochs=2, batch_size=2, shuffle=False, verbose=0)
        results.append(model.predict(TEXTS, verbose=0))
    np.testing.assert_array_equal(*results)


def test_a_length_that_depends_on_the_texts_is_not_replayed():
    model = model_of(layer())
    with pytest.warns(ReplayWarning, match="depends on the texts.*Give the layer an `output_sequence_length`"):
        model.fit(TEXTS, LABELS, batch_size=2, verbose=0)


def test_in_a_dataset():
    own = layer(output_sequence_length=3)
    data = Dataset.from_tensor_slices(TEXTS[:, 0]).map(own)
    assert [part.tolist() for part in data] == [[6, 3, 7], [5, 2, 0], [4, 5, 3], [2, 0, 0]]
    assert data.batch(2).element_spec.shape == (None, 3)


def test_symbolic_values_are_as_they_will_be():
    for mode in ("int", "multi_hot", "count", "tf_idf"):
        length = {"output_sequence_length": 4} if mode == "int" else {}
        own = layer(output_mode=mode, **length)
        for shape in ((), (1,)):
            symbol = own(minikeras.Input(shape, dtype="string"))
            value = own(TEXTS.reshape(4, *shape))
            assert (symbol.shape[1:], symbol.dtype) == (value.shape[1:], value.dtype.name)


def test_functions_apply_to_adapt_and_calls_alike():
    own = layers.TextVectorization(standardize=np.char.upper, split=lambda texts: [text.split(",") for text in texts])
    own.adapt(["a,b,a"])
    assert own.get_vocabulary() == ["", "[UNK]", "A", "B"] and own(["b,A"]).tolist() == [[3, 2]]


def test_files(tmp_path):
    for options in (
        {"output_sequence_length": 4},
        {"output_mode": "tf_idf"},
        {"ngrams": (1, 2), "output_mode": "count"},
    ):
        model = minikeras.Sequential([minikeras.Input((1,), dtype="string"), layer(**options)])
        model.save(tmp_path / "model.keras")
        loaded = minikeras.saving.load_model(tmp_path / "model.keras")
        np.testing.assert_array_equal(loaded.predict(TEXTS, verbose=0), model.predict(TEXTS, verbose=0))
        assert loaded.layers[0].get_config() == model.layers[0].get_config()


def test_strings_are_not_exported(tmp_path):
    with pytest.raises(NotSupportedError, match="input 'input_layer' takes strings"):
        model_of(layer(output_sequence_length=4)).export(tmp_path / "model.onnx", format="onnx")


def test_numbers_for_strings_and_strings_for_numbers():
    with pytest.raises(
        DataError, match="input 'input_layer': `x` must be strings. Received: an array of dtype float64"
    ):
        model_of(layer(output_sequence_length=4)).predict(np.zeros((2, 1)), verbose=0)
    model = minikeras.Sequential([minikeras.Input((1,)), layers.Dense(1)])
    with pytest.raises(DataError, match="`x` must be numeric. Received: an array of strings"):
        model.predict(TEXTS, verbose=0)


def test_refused():
    with pytest.raises(NotSupportedError, match="no ragged tensors. Leave `ragged` out"):
        layers.TextVectorization(ragged=True)
    with pytest.raises(NotSupportedError, match="would be a ragged tensor"):
        layers.TextVectorization(output_mode="one_hot")
    with pytest.raises(UnknownNameError, match="split of TextVectorization: 'whitespaces'. Did you mean 'whitespace'"):
        layers.TextVectorization(split="whitespaces")
