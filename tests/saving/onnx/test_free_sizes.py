"""Sizes of free axes in the two runs of an export."""

import numpy as np
import pytest

from minikeras import Model, layers, ops
from minikeras.errors import NotSupportedError
from minikeras.saving.onnx.free_sizes import BATCH, free_sizes

pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")


def groups(shapes, **options):
    """The groups of equal sizes in each candidate, numbered by their first axis."""
    found = []
    for candidate in free_sizes(shapes, **options):
        free = [pair for pairs, shape in zip(candidate, shapes, strict=True) for pair in zip(pairs, shape, strict=True)]
        sizes = [pair for pair, size in free if size is None and pair != BATCH]
        found.append([sizes.index(pair) for pair in sizes])
    return found


def test_axes_that_may_be_equal():
    assert groups([(None, 3)]) == [[]]
    assert groups([(None, None, 3)]) == [[0]]
    assert groups([(None, None, 3), (None, None, 2)]) == [[0, 1], [0, 0]]
    images = groups([(None, None, None, 3)] * 2)
    assert len(images) == 15 and images[0] == [0, 1, 2, 3] and images[-1] == [0, 0, 0, 0]
    assert next(each for each in images if len({*each}) == 2) == [0, 1, 0, 1]  # heights, and widths
    assert groups([(None, None)] * 6) == [[0, 1, 2, 3, 4, 5], [0] * 6, [0] * 6]


@pytest.mark.parametrize("options", [{}, {"small": True}, {"least": 12}, {"least": 200}], ids=str)
def test_sizes(options):
    for candidate in free_sizes([(None, None, None, 3), (None, None)], **options):
        pairs = {pair for pairs in candidate for pair in pairs if pair[0] != pair[1]} - {BATCH}
        assert pairs and all(min(pair) > options.get("least", 0) for pair in pairs)
        assert not options.get("small") or max(map(max, pairs)) < 8
        # No two are multiples of the same pair, so that a size tells where it comes from.
        ratios = [first / second for first, second in (*pairs, BATCH)]
        assert len({*ratios}) == len(ratios)


def run(model, path, *arrays):
    model.export(path, format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(str(path))
    given = {each.name: array for each, array in zip(session.get_inputs(), arrays, strict=True)}
    np.testing.assert_allclose(session.run(None, given)[0], model(list(arrays)), rtol=1e-5, atol=1e-6)
    return [tuple(each.shape) for each in session.get_inputs()]


def test_inputs_of_different_lengths(tmp_path):
    """A size is that of the input it comes from, although both are the second of their axes."""
    x, y = layers.Input((None, 2), name="x"), layers.Input((None, 2), name="y")
    flat = layers.Lambda(lambda y: ops.reshape(y, (ops.shape(y)[0], 2 * ops.shape(y)[1])), output_shape=(None,))
    model = Model([x, y], layers.Concatenate()([layers.Flatten()(x), flat(y)]))
    shapes = run(model, tmp_path / "a.onnx", np.ones((3, 4, 2), "float32"), np.ones((3, 7, 2), "float32"))
    assert shapes == [("batch", "x_1", 2), ("batch", "y_1", 2)]


def test_inputs_of_equal_lengths(tmp_path):
    x, y, z = (layers.Input((None, 2), name=name) for name in "xyz")
    model = Model([x, y, z], layers.Concatenate(axis=1)([x + y, z]))
    arrays = [np.ones((3, size, 2), "float32") for size in (4, 4, 6)]
    assert [shape[1] for shape in run(model, tmp_path / "a.onnx", *arrays)] == ["x_1", "x_1", "z_1"]


def test_few_positions(tmp_path):
    words = layers.Input((None,), dtype="int32")
    positions = layers.Lambda(lambda x: ops.arange(ops.shape(x)[1])[None], output_shape=(None,))
    model = Model(words, layers.Embedding(9, 2)(words) + layers.Embedding(6, 2)(positions(words)))
    model.export(tmp_path / "a.onnx", format="onnx", verbose=False)
    session = onnxruntime.InferenceSession(str(tmp_path / "a.onnx"))
    ids = np.int32([[8, 0, 1, 2, 3, 4]])
    found = session.run(None, {session.get_inputs()[0].name: ids})[0]
    np.testing.assert_allclose(found, model(ids), rtol=1e-6)
    x = layers.Input((None,), dtype="int32")
    none = Model(x, layers.Embedding(2, 2)(positions(x)))
    with pytest.raises(NotSupportedError, match=r"of free size, such as \(5, 11\).*expected ids that are integers"):
        none.export(tmp_path / "b.onnx", format="onnx")
