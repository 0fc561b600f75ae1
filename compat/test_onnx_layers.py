"""Every layer, with the arguments with which it is compared with Keras, as an ONNX file run by onnxruntime."""

import numpy as np
import pytest

import minikeras
from compat.mnist import clear_names
from compat.test_layers import ATTENTION, CASES, GAPS, MERGING, made, set_weights, value_for

onnxruntime = pytest.importorskip("onnxruntime")

ALL = {**CASES, **MERGING, **ATTENTION}
# onnxruntime has no convolution, and no pooling by means, of float64 on a processor.
ONLY_FLOAT32 = ("Conv", "AveragePooling", "STFTSpectrogram")


def model_of(name, args, options, x):
    """Returns a model of the layer, and its inputs."""
    clear_names(minikeras)
    layer, values = made(minikeras, name, args, options), value_for(minikeras, x)
    layer(*(values if isinstance(values, tuple) else (values,)))
    set_weights(layer)
    arrays = [GAPS] if isinstance(x, str) else list(values) if isinstance(values, (list, tuple)) else [values]
    arrays = [np.asarray(array) for array in arrays]
    inputs = [minikeras.Input(array.shape[1:], dtype=str(array.dtype)) for array in arrays]
    given = inputs if isinstance(values, list) else inputs[0]
    given = minikeras.layers.Masking()(given) if isinstance(x, str) else given
    return minikeras.Model(inputs, layer(*inputs) if isinstance(values, tuple) else layer(given)), arrays


def is_left_out(name, options, x):
    is_float64 = options.get("dtype") == "float64" and any(part in name for part in ONLY_FLOAT32)
    return is_float64 or ("Spectrogram" in name and isinstance(x, np.ndarray) and x.ndim < 2)  # one signal, no examples


@pytest.mark.filterwarnings("ignore:`softmax` over an axis of size 1")  # of a single example
@pytest.mark.parametrize("name", [name for name in ALL if ALL[name]])
def test_layer(name, tmp_path):
    compared = 0
    for args, options, x in ALL[name]:
        if is_left_out(name, options, x):
            continue
        model, arrays = model_of(name, args, options, x)
        model.export(tmp_path / "a.onnx", format="onnx", verbose=False)
        session = onnxruntime.InferenceSession(tmp_path / "a.onnx")
        # Of float16, three digits.
        close = 2e-3 if "float16" in str(options.get("dtype")) else 1e-5
        for count in (len(arrays[0]), 1):
            some = [array[:count] for array in arrays]
            expected = minikeras.tree.flatten(model.predict(some if len(some) > 1 else some[0], verbose=0))
            found = session.run(None, {own.name: part for own, part in zip(session.get_inputs(), some, strict=True)})
            for mine, other in zip(expected, found, strict=True):
                assert (mine.shape, mine.dtype) == (other.shape, other.dtype)
                np.testing.assert_allclose(other, mine, rtol=close, atol=close)
            compared += 1
    assert compared
