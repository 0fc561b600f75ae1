"""Sounds, written with the standard library's `wave`."""

import wave

import numpy as np
import pytest

from minikeras.data import TensorSpec
from minikeras.errors import ArgumentError, DataError, NotSupportedError
from minikeras.utils import audio_dataset_from_directory


def write(path, data, width=2, channels=1, rate=16000):
    path.parent.mkdir(exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setparams((channels, width, rate, 0, "NONE", ""))
        file.writeframes(data)


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "a" / "1.wav", np.array([16384, -32768, 32767], "<i2").tobytes())
    write(tmp_path / "b" / "1.wav", np.array([8192], "<i2").tobytes())
    return tmp_path


def read(folder, **settings):
    dataset = audio_dataset_from_directory(folder, **{"shuffle": False, "verbose": False} | settings)
    return dataset, [(sounds.tolist(), np.asarray(labels).tolist()) for sounds, labels in dataset]


LAST = 32767 / 32768


def test_batches_are_padded(folder):
    dataset, batches = read(folder)
    assert batches == [([[[0.5], [-1.0], [LAST]], [[0.25], [0.0], [0.0]]], [0, 1])]
    assert dataset.class_names == ["a", "b"]
    assert dataset.element_spec == (TensorSpec((None, None, None), "float32"), TensorSpec((None,), "int32"))


def test_lengths(folder):
    assert read(folder, output_sequence_length=2)[1] == [([[[0.5], [-1.0]], [[0.25], [0.0]]], [0, 1])]
    for ragged in (False, True):
        assert read(folder, batch_size=None, ragged=ragged)[1] == [([[0.5], [-1.0], [LAST]], 0), ([[0.25]], 1)]
    dataset = audio_dataset_from_directory(folder, output_sequence_length=5, labels=None, verbose=False)
    assert [sounds.shape for sounds in dataset] == [(2, 5, 1)]
    assert dataset.element_spec == TensorSpec((None, 5, None), "float32")


def test_parts(folder):
    both = audio_dataset_from_directory(folder, validation_split=0.5, subset="both", seed=1, verbose=False)
    assert isinstance(both, tuple) and [len(part.file_paths) for part in both] == [1, 1]


@pytest.mark.parametrize(
    ("width", "data", "expected"),
    [
        (1, bytes([128, 0, 192]), [0.0, -1.0, 0.5]),
        (2, np.array([0, -32768, 16384], "<i2").tobytes(), [0.0, -1.0, 0.5]),
        (3, b"\0\0\0\0\0\x80\0\0\x40", [0.0, -1.0, 0.5]),
        (4, np.array([0, -(2**31), 2**30], "<i4").tobytes(), [0.0, -1.0, 0.5]),
    ],
)
def test_widths(tmp_path, width, data, expected):
    write(tmp_path / "a" / "1.wav", data, width)
    dataset, [(sounds, _)] = read(tmp_path)
    assert [batch.dtype for batch, _ in dataset] == ["float32"]
    assert sounds == [[[value] for value in expected]]


def test_channels(tmp_path):
    write(tmp_path / "a" / "1.wav", np.array([16384, 0, -16384, 8192], "<i2").tobytes(), channels=2)
    assert read(tmp_path)[1] == [([[[0.5, 0.0], [-0.5, 0.25]]], [0])]


def test_files_of_a_batch_have_as_many_channels(folder):
    write(folder / "b" / "2.wav", np.zeros(4, "<i2").tobytes(), channels=2)
    for length in (None, 3):
        with pytest.raises(DataError, match=r"channels, and '.*' has"):
            read(folder, output_sequence_length=length)
    assert len(read(folder, batch_size=None)[1]) == 3


@pytest.mark.parametrize(
    ("content", "text"),
    [(b"", "ends too early"), (b"RIFF", "ends too early|RIFF"), (b"text" * 20, "RIFF")],
)
def test_damaged_files(folder, content, text):
    (folder / "b" / "2.wav").write_bytes(content)
    with pytest.raises(DataError, match=rf"2.wav' cannot be read: .*({text})"):
        read(folder)


def test_a_truncated_file_has_the_samples_that_are_there(folder):
    data = (folder / "a" / "1.wav").read_bytes()
    (folder / "a" / "1.wav").write_bytes(data[:-3])
    assert read(folder, batch_size=None)[1][0] == ([[0.5]], 0)


def test_sampling_rates(folder):
    assert len(read(folder, sampling_rate=16000)[1]) == 1
    with pytest.raises(DataError, match=r"1.wav' cannot be read: it has 16000 samples a second instead of 8000"):
        read(folder, sampling_rate=8000)


@pytest.mark.parametrize(
    ("settings", "error", "text"),
    [
        ({"sampling_rate": 0}, ArgumentError, "sampling_rate"),
        ({"sampling_rate": 1.5}, ArgumentError, "sampling_rate"),
        ({"output_sequence_length": 0}, ArgumentError, "output_sequence_length"),
        ({"ragged": True, "output_sequence_length": 3}, ArgumentError, "exclude each other"),
        ({"ragged": True}, NotSupportedError, "no ragged batches"),
    ],
)
def test_bad_arguments(folder, settings, error, text):
    with pytest.raises(error, match=text):
        read(folder, **settings)
