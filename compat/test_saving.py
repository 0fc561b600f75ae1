"""Files of models go both ways: saved here and opened by real Keras, saved by real Keras and opened here."""

import io
import json
import pathlib
import subprocess
import sys
import zipfile

import h5py
import keras
import numpy as np
import pytest

import minikeras
from compat.saved_models import IN_OLD_FILES, MODELS, classes, made, report

ROOT = pathlib.Path(__file__).parent.parent
CLOSE = {"rtol": 1e-6, "atol": 1e-6}


class Exchange:
    """Two folders of files, one written by each library, and what each reports about the models it made of them."""

    def __init__(self, folder):
        self.theirs, self.ours = folder / "theirs", folder / "ours"
        self.theirs.mkdir()
        self.ours.mkdir()
        command = [sys.executable, "-m", "compat.keras_process", str(self.theirs)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.reports = {}
        for name in MODELS:
            model, x = made(minikeras, name)
            model.save(self.ours / f"{name}.keras")
            model.save_weights(self.ours / f"{name}.weights.h5")
            if name in IN_OLD_FILES:
                model.save(self.ours / f"{name}.h5")
            self.reports[name] = report(model, x)
        output, errors = self._process.communicate(f"{self.ours}\n")
        assert output.split() == ["saved", "loaded"], errors

    def of_keras(self, folder, name):
        with np.load(folder / f"{name}.npz") as stored:
            return [stored[key] for key in stored.files]


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    return Exchange(tmp_path_factory.mktemp("files"))


def arrays(path):
    """The arrays and the attributes in a file of weights, by path."""
    data = zipfile.ZipFile(path).read("model.weights.h5") if path.suffix == ".keras" else path.read_bytes()
    found = {}

    def note(name, value):
        own = str(value.dtype), value.shape
        found[name] = own

    with h5py.File(io.BytesIO(data)) as file:
        file.visititems(lambda name, value: note(name, value) if isinstance(value, h5py.Dataset) else None)
        groups = []
        file.visititems(lambda name, value: groups.append(name) if isinstance(value, h5py.Group) else None)
    return found, sorted(groups)


@pytest.mark.parametrize("name", MODELS)
def test_files_look_alike(name, exchange):
    for end in (".keras", ".weights.h5"):
        assert arrays(exchange.ours / f"{name}{end}") == arrays(exchange.theirs / f"{name}{end}")
    members = []
    for folder in (exchange.ours, exchange.theirs):
        with zipfile.ZipFile(folder / f"{name}.keras") as archive:
            members.append([(info.filename, info.compress_type) for info in archive.infolist()])
            metadata = json.loads(archive.read("metadata.json"))
            assert list(metadata) == ["keras_version", "date_saved"] and metadata["keras_version"] == keras.__version__
    assert members[0] == members[1]


@pytest.mark.parametrize("name", MODELS)
def test_keras_reads_ours(name, exchange):
    ours, theirs = exchange.reports[name], exchange.of_keras(exchange.ours, name)
    extra = theirs[len(ours) :]
    assert len(extra) == 1 + (name in IN_OLD_FILES)
    for mine, other in zip([*ours, *[ours[0]] * len(extra)], theirs, strict=True):
        np.testing.assert_allclose(mine, other, **CLOSE)


@pytest.mark.parametrize("name", MODELS)
def test_ours_reads_keras(name, exchange):
    theirs = exchange.of_keras(exchange.theirs, name)
    _, x = MODELS[name](minikeras, *classes(minikeras))
    model = minikeras.saving.load_model(exchange.theirs / f"{name}.keras")
    for mine, other in zip(report(model, x), theirs, strict=True):
        np.testing.assert_allclose(mine, other, **CLOSE)
    model.set_weights([np.zeros_like(weight) for weight in model.get_weights()])
    model.load_weights(exchange.theirs / f"{name}.weights.h5")
    np.testing.assert_allclose(model.predict(x, verbose=0), theirs[0], **CLOSE)
    if name in IN_OLD_FILES:
        old = minikeras.saving.load_model(exchange.theirs / f"{name}.h5")
        for mine, other in zip(report(old, x), theirs, strict=True):
            np.testing.assert_allclose(mine, other, **CLOSE)
