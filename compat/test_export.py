"""The commands that refusals of `export` name: real Keras reads the `.keras` file and writes the other format."""

import subprocess
import sys

import numpy as np
import pytest

import minikeras
from minikeras.errors import NotSupportedError

X = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
READERS = {
    "tf_saved_model": "import tensorflow as tf; m = tf.saved_model.load('exported'); y = m.serve(x).numpy()",
    "litert": "import tensorflow as tf; i = tf.lite.Interpreter('exported'); s = i.get_signature_runner(); "
    "y = np.concatenate([list(s(**{list(s.get_input_details())[0]: x[k:k+1]}).values())[0] for k in range(len(x))])",
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("format", READERS)
def test_the_command(format, tmp_path):
    layers = minikeras.layers
    model = minikeras.Sequential([layers.Input((4,)), layers.Dense(5, "relu"), layers.Dense(2)])
    path = "exported" if format == "tf_saved_model" else "exported.tflite"
    with pytest.raises(NotSupportedError, match=f"format='{format}' needs tensorflow") as caught:
        model.export(path, format=format)
    command = str(caught.value).rpartition("): ")[2]
    assert command.startswith("KERAS_BACKEND=tensorflow python -c ")
    model.save(tmp_path / "model.keras")
    np.save(tmp_path / "x.npy", X)
    command = command.replace(" python ", f" {sys.executable} ", 1)
    read = READERS[format].replace("'exported'", repr(path))
    code = f"import numpy as np; x = np.load('x.npy'); {read}; np.save('y.npy', y)"
    for each in (["bash", "-c", command], [sys.executable, "-c", code]):
        done = subprocess.run(each, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    np.testing.assert_allclose(np.load(tmp_path / "y.npy"), model.predict(X, verbose=0), rtol=1e-5, atol=1e-6)
