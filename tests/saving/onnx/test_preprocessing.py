"""Preprocessing of numbers in ONNX files, run by onnxruntime."""

import numpy as np
import pytest

from minikeras import Model, layers, ops
from minikeras.errors import NotSupportedError

onnxruntime = pytest.importorskip("onnxruntime")
RNG = np.random.default_rng(4)
NUMBERS = RNG.normal(size=(5, 4)).astype("float32")
NUMBERS[0] = [-1, 0, 1, np.nan]
WHOLE = RNG.integers(-2, 8, (6, 4)).astype("int32")
SIGNAL = RNG.normal(size=(3, 200)).astype("float32")


def exported(layer, x, path, shape=None):
    """Exports a layer as a model; returns the outputs of the file and of the layer, for all examples and for one."""
    value = layers.Input(x.shape[1:] if shape is None else shape, dtype=str(x.dtype))
    model = Model(value, layer(value))
    model.export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(str(path))
    name = session.get_inputs()[0].name
    for part in (x[:1], x):
        found, expected = session.run(None, {name: part})[0], np.asarray(model.predict(part, verbose=0))
        assert found.shape == expected.shape and found.dtype == expected.dtype
    return found, expected


def check_equal(layer, x, path):
    found, expected = exported(layer, x, path)
    np.testing.assert_array_equal(found, expected)
    return found


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.onnx"


@pytest.mark.parametrize("mode", ["int", "one_hot", "multi_hot", "count"])
def test_bins(mode, path):
    found = check_equal(layers.Discretization([-1.0, 0.0, 1.0], output_mode=mode), NUMBERS, path)
    if mode == "int":
        assert found[0].tolist() == [1, 2, 3, 3]  # a boundary is in the bin above, and NaN in the last


def test_descending_bins(path):
    layer = layers.Lambda(lambda x: ops.digitize(x, np.array([1.0, 0.0, -1.0], "float32")))
    assert check_equal(layer, NUMBERS, path)[0, :3].tolist() == [2, 1, 0]


@pytest.mark.parametrize("mode", ["one_hot", "multi_hot", "count"])
@pytest.mark.parametrize("dtype", ["float32", "float16", "float64"])
def test_categories(mode, dtype, path):
    layer = layers.CategoryEncoding(8, mode, dtype=dtype)
    found = check_equal(layer, np.array([[0, 2, 2], [7, 1, 0]], "int32"), path)
    if mode == "count":
        assert found[0].tolist() == [1, 0, 2, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("mode", ["int", "one_hot", "multi_hot", "count"])
@pytest.mark.parametrize("mask", [None, 5])
def test_vocabularies(mode, mask, path):
    layer = layers.IntegerLookup(vocabulary=[3, 4, 1], output_mode=mode, mask_token=mask)
    found = check_equal(layer, WHOLE, path)
    if mode == "int":
        shift = 1 if mask is None else 2
        expected = {3: shift, 4: shift + 1, 1: shift + 2, **({} if mask is None else {5: 0})}
        assert found.tolist() == [[expected.get(value, shift - 1) for value in row] for row in WHOLE.tolist()]


def test_several_indices_of_unknown_terms(path):
    layer = layers.IntegerLookup(vocabulary=[3, 4], num_oov_indices=3)
    expected = {3: 3, 4: 4}
    found = check_equal(layer, WHOLE, path)
    assert found.tolist() == [[expected.get(value, value % 3) for value in row] for row in WHOLE.tolist()]
    with pytest.raises(NotSupportedError, match="with `num_oov_indices=0`, 'integer_lookup.*' refuses"):
        exported(layers.IntegerLookup(vocabulary=[3, 4], num_oov_indices=0), WHOLE, path)


@pytest.mark.parametrize("mask", [None, 9])
def test_terms_of_indices(mask, path):
    layer = layers.IntegerLookup(vocabulary=[3, 4, 1], invert=True, mask_token=mask)
    found = check_equal(layer, WHOLE, path)
    assert {3, 4, 1} < set(found.ravel().tolist())


def test_what_has_no_nodes(path):
    with pytest.raises(NotSupportedError, match="`hash_to_bins`.*: ONNX has no hash functions. Hash outside"):
        exported(layers.Hashing(5), WHOLE, path)
    images = np.zeros((1, 16, 16, 3), "float32")
    with pytest.raises(NotSupportedError, match="`clahe`.*: its histograms"):
        exported(layers.ContrastLimitedAdaptiveHistogramEqualization(), images, path)


@pytest.mark.parametrize("mode", ["log", "magnitude", "psd", "real", "imag", "stft"])
def test_spectra(mode, path):
    layer = layers.STFTSpectrogram(mode=mode, frame_length=32, frame_step=16, fft_length=32)
    found, expected = exported(layer, SIGNAL[..., None], path)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)  # logarithms of small numbers


def test_angles(path):
    y = np.array([[1, 1, -1, -1, 0.0, -0.0, 0.0, -0.0, 2, -2, 0.5]], "float32")
    x = np.array([[1, -1, 1, -1, 2, 2, -2, -2, 0, -0.0, 3]], "float32")
    layer = layers.Lambda(lambda pair: ops.arctan2(pair[..., 0], pair[..., 1]))
    found, expected = exported(layer, np.stack([y, x], -1), path)
    np.testing.assert_allclose(found, np.arctan2(y, x), rtol=1e-6)
    np.testing.assert_array_equal(np.sign(found), np.sign(expected))


def test_mel_spectrograms(path):
    layer = layers.MelSpectrogram(
        fft_length=64, sequence_stride=16, sampling_rate=800, num_mel_bins=8, min_freq=20.0, max_freq=300.0
    )
    found, expected = exported(layer, SIGNAL, path)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)  # decibels, of 80


@pytest.mark.parametrize("size", [200, 128, 5])
def test_transforms(size, path):
    layer = layers.Lambda(lambda x: ops.stack(ops.rfft(x), -1))
    found, expected = exported(layer, SIGNAL[:, :size], path)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=2e-5)  # sums of 200 numbers


def test_sequences(path):
    check_equal(layers.Lambda(lambda x: ops.extract_sequences(x, 7, 3)), SIGNAL, path)
    with pytest.raises(NotSupportedError, match="sequences of a signal of free length"):
        exported(layers.Lambda(lambda x: ops.extract_sequences(x, 7, 3)), SIGNAL, path, (None,))


def scaled():
    normalization = layers.Normalization()
    normalization.adapt(np.nan_to_num(NUMBERS) * 3 + 1)
    return {
        "Rescaling": layers.Rescaling(1 / 127.5, -1),
        "Normalization": normalization,
        "inverse": layers.Normalization(mean=2.0, variance=3.0, invert=True),
    }


@pytest.mark.parametrize("name", ["Rescaling", "Normalization", "inverse"])
def test_scales(name, path):
    found, expected = exported(scaled()[name], np.nan_to_num(NUMBERS), path)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


IMAGES = RNG.uniform(0, 255, (2, 8, 9, 3)).astype("float32")


def image_layers():
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        yield f"Resizing {interpolation}", layers.Resizing(5, 13, interpolation)
        yield f"UpSampling2D {interpolation}", layers.UpSampling2D((2, 3), interpolation=interpolation)
    yield "cropped", layers.Resizing(5, 13, crop_to_aspect_ratio=True)
    yield "padded", layers.Resizing(5, 13, pad_to_aspect_ratio=True, fill_value=3.0)
    yield "CenterCrop", layers.CenterCrop(4, 5)
    yield "enlarged", layers.CenterCrop(12, 14)
    yield "RandomCrop", layers.RandomCrop(4, 5)
    yield "RandomFlip", layers.RandomFlip()
    yield "RandomRotation", layers.RandomRotation(0.2)
    yield "RandomZoom", layers.RandomZoom(0.2)
    yield "RandomBrightness", layers.RandomBrightness(0.2)
    yield "RandAugment", layers.RandAugment()
    yield "AutoContrast", layers.AutoContrast()
    yield "Equalization", layers.Equalization()
    yield "Solarization", layers.Solarization()


@pytest.mark.parametrize("layer", dict(image_layers()).values(), ids=dict(image_layers()))
def test_images(layer, path):
    found, expected = exported(layer, IMAGES, path)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5 * 255)
