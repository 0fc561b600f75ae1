"""Intersections over unions, by hand."""

import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.metrics import BinaryIoU, IoU, MeanIoU, OneHotIoU, OneHotMeanIoU

Y, P = [0, 0, 1, 1, 2], [0, 1, 0, 1, 2]  # overlaps: 1 of 3, 1 of 3, 1 of 1


def test_classes():
    metric = IoU(3, [0])
    np.testing.assert_allclose(metric(Y, P), 1 / 3, rtol=1e-6)
    assert metric.total_cm.numpy().tolist() == [[1, 1, 0], [1, 1, 0], [0, 0, 1]]
    assert metric.total_cm.dtype == "int64" and metric.result().dtype == "float32"
    np.testing.assert_allclose(metric([0, 0], [0, 0]), 3 / 5, rtol=1e-6)
    np.testing.assert_allclose(IoU(3, (0, 2))(Y, P), 2 / 3, rtol=1e-6)
    np.testing.assert_allclose(IoU(3, [-1])(Y, P), 1, rtol=1e-6)
    np.testing.assert_allclose(MeanIoU(3)(Y, P), (1 / 3 + 1 / 3 + 1) / 3, rtol=1e-6)


def test_classes_that_are_not_there_do_not_count():
    np.testing.assert_allclose(MeanIoU(9)(Y, P), (1 / 3 + 1 / 3 + 1) / 3, rtol=1e-6)
    assert MeanIoU(3).result() == 0 and IoU(9, [7])(Y, P) == 0


def test_elements_that_do_not_count():
    metric = MeanIoU(3)
    metric.update_state([0, 3, -1, 1, 2], [0, 0, 1, 3, -1])  # classes out of range
    assert metric.total_cm.numpy().sum() == metric.total_cm.numpy()[0, 0] == 1
    np.testing.assert_allclose(MeanIoU(3, ignore_class=1)(Y, P), (1 / 2 + 0 + 1) / 3, rtol=1e-6)
    np.testing.assert_allclose(MeanIoU(2, ignore_class=255)([0, 1, 255], [0, 1, 1]), 1, rtol=1e-6)


def test_weights():
    weights = [1, 2, 3, 4, 0]
    metric = IoU(3, [0], dtype="float32")
    np.testing.assert_allclose(metric(Y, P, weights), 1 / 6, rtol=1e-6)
    np.testing.assert_allclose(
        IoU(3, [0])(np.array(Y)[:, None], np.array(P)[:, None], [[w] for w in weights]), 1 / 6, rtol=1e-6
    )
    metric = IoU(3, [0], dtype="float32")
    np.testing.assert_allclose(metric(Y, P, sample_weight=0.5), 1 / 3, rtol=1e-6)
    assert metric.total_cm.numpy().sum() == 2.5


def test_weights_that_whole_numbers_cannot_hold():
    metric = IoU(3, [0])
    with pytest.warns(UserWarning, match="sample weights are float32, but the metric counts in int64"):
        metric.update_state(Y, P, np.float32([1.5, 2.5, 0.5, 1, 1]))
    assert metric.total_cm.numpy().tolist() == [[1, 2, 0], [0, 1, 0], [0, 0, 1]]


def test_one_hot():
    y_true, scores = np.eye(3)[Y], np.eye(3, dtype="float32")[P] * 0.6 + 0.1
    np.testing.assert_allclose(OneHotIoU(3, [0])(y_true, scores), 1 / 3, rtol=1e-6)
    np.testing.assert_allclose(OneHotMeanIoU(3)(y_true, scores), 5 / 9, rtol=1e-6)
    np.testing.assert_allclose(OneHotMeanIoU(3, sparse_y_pred=True)(y_true, P), 5 / 9, rtol=1e-6)
    np.testing.assert_allclose(MeanIoU(3, sparse_y_pred=False)(Y, scores), 5 / 9, rtol=1e-6)
    # classes first: Keras takes this axis for that of the result, too, and fails there
    np.testing.assert_allclose(OneHotMeanIoU(3, axis=0)(y_true.T, scores.T), 5 / 9, rtol=1e-6)
    np.testing.assert_allclose(OneHotMeanIoU(3, axis=1)(y_true[None].swapaxes(1, 2), scores.T[None]), 5 / 9, rtol=1e-6)


def test_binary():
    y_true, y_pred = [0, 1, 0, 1], np.float32([0.1, 0.2, 0.4, 0.5])
    metric = BinaryIoU()
    np.testing.assert_allclose(metric(y_true, y_pred), (2 / 3 + 1 / 2) / 2, rtol=1e-6)  # 0.5 means yes
    np.testing.assert_allclose(BinaryIoU([1], threshold=0.3)(y_true, y_pred), 1 / 3, rtol=1e-6)
    assert list(metric.get_config()) == ["target_class_ids", "threshold", "name", "dtype"]


def test_names():
    assert IoU(2, [0], name="i").total_cm.path == "i/total_confusion_matrix"
    assert MeanIoU(3).num_classes == 3 and MeanIoU(3).target_class_ids == [0, 1, 2]


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: IoU(2, [0, 2]), ArgumentError, r"in the range \[0, 2\), and at least one. Received: .*\[0, 2\]"),
        (lambda: IoU(2, []), ArgumentError, "at least one"),
        (lambda: IoU(2, [-3]), ArgumentError, "in the range"),
        (lambda: MeanIoU(0), ArgumentError, "`num_classes` must be a positive integer"),
        (lambda: OneHotIoU(2.0, [1]), ArgumentTypeError, "`num_classes` must be a positive integer"),
        (lambda: MeanIoU(2)([0, 1], [0, 1, 1]), ShapeError, "2 labels and 3 predictions"),
        (lambda: MeanIoU(2)([0, 1], [0, 1], [1, 2, 3]), ShapeError, "one sample weight for each of 2 elements"),
    ],
)
def test_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()
