import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ArgumentError, DataError, NotSupportedError, ShapeError, UnknownNameError
from minikeras.preprocessing.image import ImageDataGenerator, apply_affine_transform, apply_channel_shift

ROW = np.arange(4.0)[None, :, None]
AXES = {"row_axis": 0, "col_axis": 1, "channel_axis": 2}


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("nearest", [1.5, 2.5, 3.0, 3.0]),
        ("constant", [1.5, 2.5, 9.0, 9.0]),
        ("reflect", [1.5, 2.5, 3.0, 2.5]),
        ("wrap", [1.5, 2.5, 0.5, 1.5]),  # both borders are one line
    ],
)
def test_a_shift_reads_between_pixels(mode, expected):
    moved = apply_affine_transform(ROW, ty=1.5, **AXES, fill_mode=mode, cval=9.0)
    assert moved.ravel().tolist() == expected


def test_turns_and_zooms():
    square = np.arange(9.0).reshape(3, 3, 1)
    turned = apply_affine_transform(square, theta=90, **AXES)
    np.testing.assert_allclose(turned[..., 0], np.rot90(square[..., 0], -1), atol=1e-12)
    zoomed = apply_affine_transform(square, zx=0.5, zy=0.5, **AXES)
    assert zoomed[..., 0].tolist() == [[2, 2.5, 3], [3.5, 4, 4.5], [5, 5.5, 6]]
    assert apply_affine_transform(square, **AXES) is square
    whole = apply_affine_transform(square.astype("uint8"), ty=1, **AXES)
    assert whole.dtype == "uint8" and whole[0, :, 0].tolist() == [1, 2, 2]
    assert apply_channel_shift(np.float32([[[0.0, 5.0, 10.0]]]), 3.0).tolist() == [[[3.0, 8.0, 10.0]]]


def test_what_is_refused():
    images = np.ones((2, 2, 2, 1))
    for call, error, text in (
        (lambda: apply_affine_transform(np.ones((3, 3))), ShapeError, "image of 3 axes"),
        (lambda: apply_affine_transform(ROW, row_axis=2), ArgumentError, "axes 0, 1 and 2"),
        (lambda: apply_affine_transform(ROW, fill_mode="nearst"), UnknownNameError, "Did you mean 'nearest'"),
        (lambda: apply_affine_transform(ROW, order=3), NotSupportedError, "order 0 or 1"),
        (lambda: ImageDataGenerator(zoom_range=(1, 2, 3)), ArgumentError, "`zoom_range` must be a pair"),
        (lambda: ImageDataGenerator(validation_split=1.5), ArgumentError, "must be a finite number in .0, 1."),
        (
            lambda: ImageDataGenerator(featurewise_center=True).flow(images)[0],
            ArgumentError,
            "call `fit",
        ),
        (lambda: ImageDataGenerator().flow(np.ones((2, 2, 1))), ShapeError, "4 axes"),
        (lambda: ImageDataGenerator().flow(np.ones((2, 2, 2, 1)), [1]), DataError, "the same length"),
        (lambda: ImageDataGenerator().flow_from_dataframe(None), NotSupportedError, "use `flow`"),
    ):
        with pytest.raises(error, match=text):
            call()
    with pytest.warns(UserWarning, match="needs `featurewise_center`"):
        assert ImageDataGenerator(featurewise_std_normalization=True).featurewise_center


def test_batches_of_images_train():
    images, labels = np.ones((10, 3, 3, 1)), np.arange(10)
    flow = ImageDataGenerator(rescale=0.5, validation_split=0.3).flow(images, labels, batch_size=4, seed=1)
    assert len(flow) == 3 and sum(len(x) for x, _ in (flow[0], flow[1], flow[2])) == 10
    assert sorted(np.concatenate([next(flow)[1] for _ in range(3)])) == list(range(10))
    assert len(next(flow)[0]) == 4  # a new pass
    with pytest.raises(IndexError, match="3 batches"):
        flow[3]
    model = Sequential([layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    assert len(model.fit(flow, epochs=2, verbose=0).history["loss"]) == 2
    assert images.max() == 1.0  # the data itself stays as it is
