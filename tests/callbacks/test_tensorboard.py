"""What is in event files, read with TensorBoard's own reader (the one for machines without TensorFlow)."""

import io
import json
import os
import re
import sys

import numpy as np
import pytest
from PIL import Image
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.tensorflow_stub import errors
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import PyRecordReader_New
from tensorboard.util.tensor_util import make_ndarray

from minikeras import Input, Model, Sequential, config, layers
from minikeras.callbacks import Callback, CallbackList, TensorBoard
from minikeras.callbacks.event_file import EventFile, histogram_buckets
from minikeras.callbacks.tensorboard import weight_images
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning, NotSupportedError
from tests.callbacks.halving import X, Y, fit, halving_model


def records(path):
    """The events of a file; checks their checksums."""
    reader = PyRecordReader_New(str(path))
    found = []
    while True:
        try:
            reader.GetNext()
        except errors.OutOfRangeError:
            reader.file_handle.close()
            return found
        found.append(Event.FromString(reader.record()))


def values(folder):
    """By tag: the steps with the values."""
    found = {}
    for path in sorted(folder.iterdir(), key=lambda path: int(path.name.split(".")[-2])):
        for event in records(path):
            for value in event.summary.value:
                found.setdefault(value.tag, []).append((event.step, make_ndarray(value.tensor)))
    return found


def numbers(folder):
    return {
        tag: {step: value.item() for step, value in entries}
        for tag, entries in values(folder).items()
        if entries[0][1].dtype == np.float32 and entries[0][1].ndim == 0
    }


def test_epochs_and_the_layers(tmp_path):
    model = halving_model()
    fit(model, [TensorBoard(tmp_path)], epochs=2, validation_data=(X, Y))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["train", "validation"]
    (path,) = (tmp_path / "train").iterdir()
    assert re.fullmatch(r"events\.out\.tfevents\.\d{10}\..+\.\d+\.\d+\.v2", path.name)
    first = records(path)[0]
    assert first.file_version == "brain.Event:2" and first.step == 0
    assert numbers(tmp_path / "train") == {
        "epoch_loss": {0: 4.0, 1: 1.0},
        "epoch_learning_rate": {0: 0.25, 1: 0.25},
    }
    assert numbers(tmp_path / "validation") == {
        "epoch_loss": {0: 1.0, 1: 0.25},
        "evaluation_loss_vs_iterations": {1: 1.0, 2: 0.25},
    }
    ((step, text),) = values(tmp_path / "train")["keras"]
    described = json.loads(text.item())
    assert step == 0 and described["class_name"] == "Sequential"
    assert [layer["config"]["name"] for layer in described["config"]["layers"]][1:] == ["only"]


def test_batches_and_speed(tmp_path):
    x, y = np.repeat(X, 4, axis=0), np.repeat(Y, 4, axis=0)
    board = TensorBoard(tmp_path, update_freq=2, write_graph=False, write_steps_per_second=True)
    model = halving_model()
    model.fit(x, y, batch_size=1, epochs=2, verbose=0, callbacks=[board])
    found = numbers(tmp_path / "train")
    # The mean of the losses so far in the epoch: 4 and 1; 4, 1, 1/4 and 1/16; 1/64 and so on.
    first = {2: (4 + 1) / 2, 4: (4 + 1 + 1 / 4 + 1 / 16) / 4}
    assert found["batch_loss"] == first | {step + 4: value / 256 for step, value in first.items()}
    assert list(found["epoch_loss"]) == [0, 1]
    assert list(found["batch_steps_per_second"]) == [2, 4, 6, 8]
    assert min(found["epoch_steps_per_second"].values()) > 0
    assert "keras" not in values(tmp_path / "train")
    # Another training counts anew, in a file of its own.
    model.fit(x, y, batch_size=1, epochs=1, verbose=0, callbacks=[board])
    assert len(list((tmp_path / "train").iterdir())) == 2


def test_weights(tmp_path):
    model = halving_model()
    fit(model, [TensorBoard(tmp_path, histogram_freq=2, write_images=True)])
    found = values(tmp_path / "train")
    assert [step for step, _ in found[f"{model.name}/only/kernel/histogram"]] == [0, 2]
    buckets = found[f"{model.name}/only/kernel/histogram"][1][1]
    assert buckets.shape == (30, 3) and buckets[-1].tolist() == [0.25, 0.25, 1.0]


def test_images(tmp_path):
    file = EventFile(str(tmp_path))
    file.image("a", np.array([[0.0, 0.5, 2.0], [-1.0, 1.0, 0.25]], "float32").reshape(1, 2, 3, 1), step=3)
    file.image("b", np.ones((5, 2, 2, 3), "float32"), step=0)
    file.close()
    file.close()
    ((step, parts),) = values(tmp_path)["a"]
    assert step == 3 and parts[:2].tolist() == [b"3", b"2"]
    pixels = np.asarray(Image.open(io.BytesIO(parts[2])))
    assert pixels.tolist() == [[0, 127, 255], [0, 255, 63]]  # 255.5 times the value, without what is behind the point
    parts = values(tmp_path)["b"][0][1]
    assert len(parts) == 2 + 3 and Image.open(io.BytesIO(parts[4])).mode == "RGB"


def test_weights_as_images(monkeypatch):
    shapes = [(5,), (2, 3), (3, 2), (2, 3, 4), (1, 2, 3, 4), (2, 2, 3, 4), (2, 2, 3, 5), (2, 2, 2, 3, 1, 5), (1,)]
    images = [weight_images(np.zeros(shape)) for shape in shapes]
    assert [None if image is None else image.shape for image in images] == [
        (1, 5, 1, 1),
        (1, 2, 3, 1),
        (1, 2, 3, 1),
        (4, 2, 3, 1),
        (4, 2, 3, 1),
        (2, 2, 3, 4),
        None,
        None,
        None,
    ]
    monkeypatch.setattr(config, "image_data_format", lambda: "channels_first")
    assert weight_images(np.zeros((2, 3, 4))).shape == (2, 3, 4, 1)


def test_histograms():
    assert histogram_buckets(np.zeros((0, 2))).tolist() == [[0.0] * 3] * 30
    assert histogram_buckets(np.ones((2, 2)), 2).tolist() == [[1, 1, 0], [1, 1, 4]]
    # The last part includes its right end, the others do not.
    assert histogram_buckets(np.array([[0.0, 1.0], [2.0, 3.0]]), 3).tolist() == [[0, 1, 1], [1, 2, 1], [2, 3, 2]]


def test_embeddings(tmp_path):
    model = Sequential([Input((2,)), layers.Embedding(4, 3, name="words"), layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    board = TensorBoard(tmp_path, embeddings_freq=2, embeddings_metadata={"words": "words.tsv"})
    model.fit(np.zeros((2, 2), "int32"), np.zeros((2, 1)), epochs=3, verbose=0, callbacks=[board])
    lines = (tmp_path / "projector_config.pbtxt").read_text().split()
    assert 'metadata_path:"words.tsv"' in "".join(lines)
    saved = sorted(path.name for path in (tmp_path / "train").iterdir() if path.suffix == ".h5")
    assert saved == ["keras_embedding.ckpt-0.weights.h5", "keras_embedding.ckpt-2.weights.h5"]
    with pytest.raises(ArgumentError, match=r"Embedding layers of the model: \['words'\]. Received: \['other'\]"):
        TensorBoard(tmp_path, embeddings_freq=1, embeddings_metadata={"other": "a"}).set_model(model)


def test_models_without_a_config(tmp_path):
    class Own(layers.Layer):
        def call(self, x):
            return x

        def get_config(self):
            raise NotImplementedError("no config")

    inputs, board = Input((1,)), TensorBoard(tmp_path)
    with pytest.warns(UserWarning, match="Model failed to serialize as JSON. Ignoring... .*no config"):
        board.set_model(Model(inputs, Own()(inputs)))
    board._close()

    class Sub(Model):
        def call(self, x):
            return x

    board = TensorBoard(tmp_path / "sub")
    board.set_model(Sub())
    board._close()
    assert values(tmp_path / "sub" / "train") == {}


def test_an_interrupted_training_leaves_whole_files(tmp_path):
    class Fail(Callback):
        def on_epoch_end(self, epoch, logs=None):
            assert list(numbers(tmp_path / "train")["epoch_loss"]) == list(range(epoch + 1))  # on disk already
            if epoch == 1:
                raise RuntimeError

    board = TensorBoard(tmp_path)
    with pytest.raises(RuntimeError):
        fit(halving_model(), [board, Fail()])
    assert board._files == {}
    assert numbers(tmp_path / "train")["epoch_loss"] == {0: 4.0, 1: 1.0}


def test_values_of_epochs_alone_cost_nothing_in_batches():
    assert CallbackList(TensorBoard("a")).batch_hook("on_train_batch_end") is None
    assert CallbackList(TensorBoard("a", update_freq=5)).batch_hook("on_train_batch_end") is not None


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ImportError, match=r'TensorBoard needs .* pip install "minikeras\[tensorboard\]"'):
        TensorBoard()


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"log_dir": 3}, ArgumentTypeError),
        ({"histogram_freq": -1}, ArgumentError),
        ({"write_graph": "yes"}, ArgumentTypeError),
        ({"update_freq": 0}, ArgumentError),
        ({"update_freq": "step"}, ArgumentError),
        ({"profile_batch": 5}, NotSupportedError),
        ({"profile_batch": (10, 20)}, NotSupportedError),
        ({"embeddings_metadata": 3}, ArgumentTypeError),
    ],
)
def test_bad_arguments(arguments, error):
    with pytest.raises(error, match=f"TensorBoard: .*{next(iter(arguments))}"):
        TensorBoard(**arguments)
    assert not os.path.exists("logs")


def test_arguments_of_keras_2():
    old = {"batch_size": 32, "write_grads": False, "embeddings_layer_names": None, "embeddings_data": None}
    with pytest.warns(LegacyWarning) as caught:
        board = TensorBoard("a", histogram_freq=1, **old)
    assert len(caught) == 4 and board.histogram_freq == 1 and {warning.filename for warning in caught} == {__file__}
    for name, value in {
        "write_grads": True,
        "embeddings_layer_names": ["a"],
        "embeddings_data": np.ones((2, 3)),
    }.items():
        with pytest.raises(NotSupportedError, match=f"TensorBoard: .*{name}"):
            TensorBoard("a", **{name: value})
    with pytest.raises(ArgumentTypeError, match="unknown argument. Received: histogram=3"):
        TensorBoard("a", histogram=3)
