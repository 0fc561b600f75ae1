import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, ShapeError
from minikeras.visualization import draw_segmentation_masks

IMAGE = np.full((1, 1, 4, 3), 100.0, "float32")
MASK = np.array([[[[0], [1], [2], [-1]]]])
COLORS = {0: [0, 0, 0], 1: [200, 0, 100], 2: [0, 250, 0]}


def drawn(masks=MASK, num_classes=3, color_mapping=COLORS, alpha=0.5, **kwargs):
    return draw_segmentation_masks(IMAGE, masks, num_classes, color_mapping, alpha, **kwargs)


def test_blended_colors():
    result = drawn()
    assert result.dtype == "uint8" and result[0, 0].tolist() == [[50] * 3, [150, 50, 100], [50, 175, 50], [100] * 3]
    assert drawn(alpha=0.0).tolist() == IMAGE.tolist()
    assert drawn(alpha=1.0)[0, 0].tolist() == [[0] * 3, [200, 0, 100], [0, 250, 0], [100] * 3]


def test_opaque_colors():
    result = drawn(blend=False)
    assert result.dtype == "float32" and result[0, 0].tolist() == [[0] * 3, [200, 0, 100], [0, 250, 0], [100] * 3]
    assert drawn(blend=False, ignore_index=1)[0, 0, 1].tolist() == [100] * 3


def test_a_class_that_is_ignored():
    assert drawn(ignore_index=0)[0, 0].tolist() == [[100] * 3, [150, 50, 100], [50, 175, 50], [100] * 3]


def test_the_palette():
    """Class k has the color k * [2^25 - 1, 2^15 - 1, 2^21 - 1] modulo 255."""
    result = drawn(color_mapping=None, alpha=1.0)
    expected = [[k * (2**25 - 1) % 255, k * (2**15 - 1) % 255, k * (2**21 - 1) % 255] for k in range(3)]
    assert result[0, 0, :3].tolist() == expected


def test_the_number_of_classes():
    assert drawn(num_classes=2)[0, 0, 2].tolist() == [100] * 3
    assert (drawn(num_classes=None) == drawn(num_classes=2)).all()  # the largest index, as in Keras


def test_colors_without_a_background():
    assert drawn(num_classes=2, color_mapping={1: COLORS[1], 2: COLORS[2]})[0, 0].tolist() == [
        [100] * 3,
        [150, 50, 100],
        [50, 175, 50],
        [100] * 3,
    ]
    with pytest.raises(ArgumentError, match=r"no color of the classes \[2\]"):
        drawn(color_mapping={0: [0], 1: [0]})


def test_shapes_of_masks():
    assert (drawn(MASK[..., 0]) == drawn()).all()
    first = draw_segmentation_masks(
        IMAGE.transpose(0, 3, 1, 2), MASK.transpose(0, 3, 1, 2), 3, COLORS, 0.5, data_format="channels_first"
    )
    assert (first == drawn()).all()  # channels last, as in Keras


def test_bad_arguments():
    with pytest.raises(ShapeError, match="a batch of images, of 4 axes"):
        draw_segmentation_masks(IMAGE[0], MASK)
    with pytest.raises(ArgumentTypeError, match="must be integers, class indices. Received: dtype float64"):
        drawn(MASK.astype("float64"))
    with pytest.raises(ShapeError, match=r"expected masks of shape \(1, 1, 4\)"):
        drawn(MASK[:, :, :3])
    with pytest.raises(ShapeError, match=r"expected masks of shape \(1, 1, 4\)"):
        drawn(np.zeros((1, 1, 4, 2), int))
    with pytest.raises(ArgumentError, match="expected colors of 3 numbers.*for class 0"):
        drawn(color_mapping={0: [1, 2], 1: [1, 2], 2: [1, 2]})
    for name, value in (("alpha", 1.5), ("num_classes", -1), ("ignore_index", 0.5)):
        with pytest.raises(ArgumentError, match=f"`{name}` must"):
            drawn(**{name: value})
