"""The event files of the TensorBoard callback, as TensorBoard itself reads them, beside those of real Keras."""

import json
import os
import warnings

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
import tensorflow as tf
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader
from tensorboard.plugins.graph.keras_util import keras_model_to_graph_def
from tensorboard.util.tensor_util import make_ndarray

import minikeras
from compat.mnist import clear_names
from compat.side_by_side import set_weights

LIBRARIES = (keras, minikeras)
RNG = np.random.default_rng(0)
X = RNG.normal(size=(10, 3)).astype("float32")
Y = X[:, :1] * 0.5


def events(folder):
    """What is in the event files of a folder: by run and tag the kind of value, and its steps and values."""
    found = {}
    paths = folder.rglob("events.out.tfevents.*")
    read = [(path.parent, event) for path in paths for event in EventFileLoader(str(path)).Load()]
    for run, event in sorted(read, key=lambda each: each[1].wall_time):
        for value in event.summary.value:
            entries = found.setdefault((run.relative_to(folder).as_posix(), value.tag), [])
            entries.append((value.metadata.plugin_data.plugin_name, event.step, make_ndarray(value.tensor)))
    return found


def written(k, folder, model=None, fit_options=None, **options):
    """The events of a training and an evaluation."""
    clear_names(k)
    if model is None:
        model = k.Sequential([k.Input((3,)), k.layers.Dense(2, activation="tanh", name="a"), k.layers.Dense(1)])
    set_weights(model)
    model.compile("sgd", "mse", metrics=["mae"], run_eagerly=k is keras)
    board = k.callbacks.TensorBoard(folder, **options)
    arguments = {"batch_size": 4, "epochs": 3, "shuffle": False, "verbose": 0, "validation_data": (X[:4], Y[:4])}
    with warnings.catch_warnings():
        if k is keras:  # numpy's, of how it turns a variable into an array
            warnings.simplefilter("ignore", DeprecationWarning)
        model.fit(X, Y, callbacks=[board], **{**arguments, **(fit_options or {})})
        model.evaluate(X, Y, verbose=0, callbacks=[board])
    board._close() if k is minikeras else board._close_writers()
    return events(folder)


def assert_same(theirs, ours):
    assert sorted(theirs) == sorted(ours)
    for key in theirs:
        assert [entry[:2] for entry in theirs[key]] == [entry[:2] for entry in ours[key]], key
        for first, second in zip(theirs[key], ours[key], strict=True):
            first, second = first[2], second[2]
            if "per_second" in key[1]:
                assert first.shape == second.shape == () and second > 0
            elif first.dtype == object:
                assert_same_bytes(key, first, second)
            else:
                assert (first.shape, first.dtype) == (second.shape, second.dtype), key
                # The weights of a training agree to about 1e-6.
                np.testing.assert_allclose(second, first, rtol=1e-4, atol=1e-5, err_msg=str(key))


def assert_same_bytes(key, first, second):
    if key[1] == "keras":
        graphs = [keras_model_to_graph_def(json.loads(text.item())) for text in (first, second)]
        assert [(node.name, list(node.input)) for node in graphs[0].node] == [
            (node.name, list(node.input)) for node in graphs[1].node
        ]
    else:
        assert first[:2].tolist() == second[:2].tolist() and len(first) == len(second)
        for theirs, ours in zip(first[2:], second[2:], strict=True):
            # One step of 255 is what the rounding of a weight can move.
            difference = tf.image.decode_png(theirs).numpy().astype(int) - tf.image.decode_png(ours).numpy()
            assert np.abs(difference).max() <= 1


def test_epochs(tmp_path):
    theirs, ours = (written(k, tmp_path / k.__name__) for k in LIBRARIES)
    assert_same(theirs, ours)
    assert [(step, value.dtype) for _, step, value in ours["train", "epoch_loss"]] == [(n, "float32") for n in range(3)]
    assert ("validation", "evaluation_mae_vs_iterations") in ours


def test_batches_weights_and_images(tmp_path):
    options = {"update_freq": "batch", "histogram_freq": 2, "write_images": True, "write_steps_per_second": True}
    theirs, ours = (written(k, tmp_path / k.__name__, **options) for k in LIBRARIES)
    assert_same(theirs, ours)
    assert [step for _, step, _ in ours["train", "batch_loss"]] == list(range(1, 10))
    assert [step for _, step, _ in ours["train", "sequential/a/kernel/image"]] == [0, 2]


def test_every_second_batch_without_a_graph(tmp_path):
    """Real Keras then leaves out the values of epochs that end with a batch that is not written; minikeras does not."""
    options = {"update_freq": 2, "write_graph": False}
    theirs, ours = (written(k, tmp_path / k.__name__, **options) for k in LIBRARIES)
    assert ("train", "keras") not in ours
    assert sorted(theirs) == sorted(ours)
    last = {key: {entry[1]: entry for entry in ours[key]} for key in ours}
    both = {key: [last[key][step] for _, step, _ in theirs[key]] for key in theirs}
    assert_same(theirs, both)
    more = {key for key in ours if len(ours[key]) > len(theirs[key])}
    assert {tag.partition("_")[0] for _, tag in more} <= {"epoch", "evaluation"}
    assert [step for _, step, _ in ours["train", "batch_loss"]] == [2, 4, 6, 8]
    assert [[step for _, step, _ in found["train", "epoch_loss"]] for found in (theirs, ours)] == [[1], [0, 1, 2]]


def test_a_graph_of_a_functional_model(tmp_path):
    found = []
    for k in LIBRARIES:
        inputs = k.Input((3,), name="x")
        hidden = k.layers.Dense(3, name="h")(inputs)
        outputs = k.layers.Dense(1, name="y")(k.layers.Add(name="sum")([inputs, hidden]))
        options = {"fit_options": {"epochs": 1}}
        found.append(written(k, tmp_path / k.__name__, k.Model(inputs, outputs, name="m"), **options))
    assert_same(*found)


def test_histograms_as_tensorflow_counts():
    from tensorboard.plugins.histogram.summary_v2 import _buckets

    from minikeras.callbacks.event_file import histogram_buckets

    for values in (RNG.normal(size=500), np.arange(31.0), np.ones(4), np.zeros(0), RNG.integers(0, 9, 90)):
        values = values.astype("float32")
        np.testing.assert_allclose(histogram_buckets(values), _buckets(tf.constant(values)).numpy(), rtol=1e-12)
