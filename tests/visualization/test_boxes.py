import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, DataError, ShapeError, UnknownNameError
from minikeras.visualization import draw_bounding_boxes

BOXES = {"boxes": [[[2, 3, 6, 8]]], "labels": [[1]]}


def image(channels=3, value=0.0):
    return np.full((1, 40, 50, channels), value)


def drawn(boxes=BOXES, box_format="xyxy", line_thickness=1, **kwargs):
    return draw_bounding_boxes(image(), boxes, box_format, line_thickness=line_thickness, **kwargs)[0]


def test_formats_of_boxes():
    expected = np.zeros((40, 50), bool)
    expected[[3, 8], 2:7] = expected[3:9, [2, 6]] = True
    others = {
        "xyxy": [2, 3, 6, 8],
        "yxyx": [3, 2, 8, 6],
        "xywh": [2, 3, 4, 5],
        "center_xywh": [4, 5.5, 4, 5],
        "rel_xyxy": [2.01 / 50, 3.01 / 40, 6.01 / 50, 8.01 / 40],
    }
    for box_format, box in others.items():
        result = drawn({"boxes": [[box]], "labels": [[0]]}, box_format)
        assert (result[..., 0] == 128 * expected).all(), box_format


def test_colors():
    assert drawn(color=(10, 20.6, 300))[3, 2].tolist() == [10, 21, 255]
    four = draw_bounding_boxes(image(4), BOXES, "xyxy", color=(1, 2, 3), line_thickness=1)
    assert four[0, 3, 2].tolist() == [1, 2, 3, 0]  # as in OpenCV
    one = draw_bounding_boxes(image(1), BOXES, "xyxy", color=(1, 2, 3), line_thickness=1)
    assert one[0, 3, 2].tolist() == [1]
    for color in (7, [], "red", (1, 2, 3, 4, 5), (np.nan, 0, 0)):
        with pytest.raises((ArgumentError, ValueError)):
            drawn(color=color)


def test_values_of_images():
    nothing = {"boxes": np.zeros((1, 0, 4)), "labels": np.zeros((1, 0))}
    values = [(0.5, 127), (1.0, 255), (1.5, 1), (300.0, 255), (-4.0, 0)]
    for value, byte in values:
        result = draw_bounding_boxes(image(3, value), nothing, "xyxy")
        assert result.dtype == "uint8" and (result == byte).all()
    own = np.full((1, 40, 50, 3), 7, "uint8")
    assert draw_bounding_boxes(own, BOXES, "xyxy").max() == 128 and (own == 7).all()  # it draws into a copy


def test_padding_is_not_drawn():
    assert not drawn({"boxes": [[[2, 3, 6, 8], [np.nan] * 4]], "labels": [[-1, -1]]}).any()
    with pytest.raises(DataError, match="boxes must be finite"):
        drawn({"boxes": [[[2, 3, np.nan, 8]]], "labels": [[0]]})


def test_channels_first():
    result = draw_bounding_boxes(image().transpose(0, 3, 1, 2), BOXES, "xyxy", data_format="channels_first")
    assert result.shape == (1, 3, 40, 50)
    assert (result == draw_bounding_boxes(image(), BOXES, "xyxy").transpose(0, 3, 1, 2)).all()


def test_names_of_classes():
    low = {"boxes": [[[2, 30, 6, 38]]], "labels": [[1]]}
    plain = drawn(low)
    named = drawn(low, class_mapping={1: "ab"}, font_scale=0.4)
    rows, columns = np.nonzero((named != plain).any(-1))
    assert rows.max() < 30 and rows.min() > 10 and columns.min() >= 2  # above the box
    assert (drawn(low, class_mapping={2: "ab"}) == plain).all()  # no name, no text
    rows, _ = np.nonzero((drawn(class_mapping={1: "ab"}, font_scale=0.4) != drawn()).any(-1))
    assert rows.min() >= 3  # inside, where there is no room above
    sure = drawn({**low, "confidences": [[0.876]]}, class_mapping={1: "ab"}, font_scale=0.4)
    assert (sure != plain).any(-1).sum() > 1.5 * (named != plain).any(-1).sum()  # "ab | 0.88"


def test_thickness_of_texts():
    thin, default = (drawn(class_mapping={1: "ab"}, line_thickness=3, text_thickness=own) for own in (1, None))
    thick = drawn(class_mapping={1: "ab"}, line_thickness=3, text_thickness=3)
    assert (thick == default).all() and (thick > 0).sum() > (thin > 0).sum()


def test_bad_arguments():
    with pytest.raises(ShapeError, match=r"a batch of images, of 4 axes. Received: shape \(40, 50, 3\)"):
        draw_bounding_boxes(image()[0], BOXES, "xyxy")
    with pytest.raises(ArgumentTypeError, match="`bounding_boxes` must be a dict"):
        drawn([[1, 2, 3, 4]])
    with pytest.raises(ArgumentError, match=r"must have 'boxes' and 'labels'. Received: \['boxes'\]"):
        drawn({"boxes": [[[1, 2, 3, 4]]]})
    with pytest.raises(ShapeError, match=r"labels of shape \(1, boxes\). Received: shapes \(1, 1, 4\) and \(1, 2\)"):
        drawn({"boxes": [[[1, 2, 3, 4]]], "labels": [[1, 2]]})
    with pytest.raises(ShapeError, match="confidences of shape"):
        drawn({**BOXES, "confidences": [0.5]})
    with pytest.raises(UnknownNameError):
        drawn(box_format="xxyy")
    for name, value in (("line_thickness", 0), ("line_thickness", 1.5), ("font_scale", 0), ("text_thickness", -1)):
        with pytest.raises(ArgumentError, match=f"`{name}` must"):
            drawn(**{name: value})
    with pytest.raises(UnknownNameError, match="data_format"):
        drawn(data_format="channels")


def test_boxes_far_away():
    assert not drawn({"boxes": [[[1e20, 1e20, 2e20, 2e20]]], "labels": [[0]]}).any()
