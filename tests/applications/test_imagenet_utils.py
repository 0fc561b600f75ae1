"""The names of the classes."""

import hashlib
import json

import numpy as np
import pytest

from minikeras.applications import imagenet_utils
from minikeras.applications.imagenet_utils import CLASS_INDEX, decode_predictions
from minikeras.errors import ArgumentError, DownloadError, ShapeError


@pytest.fixture
def names(cache, tmp_path, monkeypatch, capsys):
    """A small file of names, at the address that is asked."""
    text = json.dumps({str(number): [f"n{number}", f"name {number}"] for number in range(1000)})
    path = tmp_path / "imagenet_class_index.json"
    path.write_text(text)
    where = CLASS_INDEX._replace(url=path.as_uri(), file_hash=hashlib.md5(text.encode()).hexdigest())
    monkeypatch.setattr(imagenet_utils, "CLASS_INDEX", where)
    return cache


def test_the_largest_come_first(names):
    outputs = np.zeros((2, 1000), "float32")
    outputs[0, [7, 3, 999]] = 0.5, 0.3, 0.2
    outputs[1, 11] = 1.0
    first, second = decode_predictions(outputs, top=3)
    assert first == [
        ("n7", "name 7", np.float32(0.5)),
        ("n3", "name 3", np.float32(0.3)),
        ("n999", "name 999", np.float32(0.2)),
    ]
    assert second[0] == ("n11", "name 11", 1.0) and len(second) == 3
    assert [len(each) for each in decode_predictions(outputs)] == [5, 5]
    assert (names / "imagenet_class_index.json").exists()


def test_no_more_than_there_are(names):
    assert len(decode_predictions(np.zeros((1, 1000)), top=2000)[0]) == 1000


@pytest.mark.parametrize("shape", [(1000,), (2, 10), (1, 1, 1000)])
def test_wrong_shapes(shape, requests):
    with pytest.raises(ShapeError, match=r"`preds` must be the outputs .*\(batch, 1000\)"):
        decode_predictions(np.zeros(shape))
    assert requests == []


@pytest.mark.parametrize("top", [0, -1, 2.5])
def test_wrong_numbers(top, requests):
    with pytest.raises(ArgumentError, match="decode_predictions: `top` must be a positive integer"):
        decode_predictions(np.zeros((1, 1000)), top=top)
    assert requests == []


def test_without_network(cache, requests):
    with pytest.raises(DownloadError, match="imagenet_class_index.json"):
        decode_predictions(np.zeros((1, 1000)))
    assert requests[0] == "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json"
