import matplotlib
import numpy as np
import pytest
from PIL import Image

from minikeras.errors import ArgumentError, ShapeError
from minikeras.visualization import plot_bounding_box_gallery

matplotlib.use("agg")
IMAGES = np.zeros((1, 40, 40, 3))
TRUE = {"boxes": [[[4, 4, 20, 20]]], "labels": [[0]]}
PREDICTED = {"boxes": [[[8, 8, 30, 30]]], "labels": [[0]]}


def seen(path):
    with Image.open(path) as image:
        return {tuple(color) for color in np.asarray(image.convert("RGB")).reshape(-1, 3).tolist()}


def test_both_kinds_of_boxes(tmp_path):
    plot_bounding_box_gallery(IMAGES, "xyxy", TRUE, PREDICTED, path=tmp_path / "a.png")
    assert {(0, 188, 212), (255, 235, 59)} <= seen(tmp_path / "a.png")
    colors = {"true_color": (255, 0, 0), "pred_color": (0, 0, 255)}
    plot_bounding_box_gallery(IMAGES, "xyxy", y_pred=PREDICTED, path=tmp_path / "b.png", **colors)
    assert (0, 0, 255) in seen(tmp_path / "b.png") and (255, 0, 0) not in seen(tmp_path / "b.png")


def test_channels_first(tmp_path):
    first = IMAGES.transpose(0, 3, 1, 2)
    plot_bounding_box_gallery(first, "xyxy", TRUE, path=tmp_path / "a.png", data_format="channels_first")
    assert (0, 188, 212) in seen(tmp_path / "a.png")


def test_names(monkeypatch):
    calls, module = [], "minikeras.visualization.box_gallery"
    monkeypatch.setattr(f"{module}.draw_bounding_boxes", lambda *a, **k: calls.append(a) or a[0])
    monkeypatch.setattr(f"{module}.plot_image_gallery", lambda *a, **k: None)
    plot_bounding_box_gallery(IMAGES, "xyxy", TRUE, PREDICTED, class_mapping={0: "a"}, prediction_mapping={0: "b"})
    assert [call[3] for call in calls] == [{0: "a"}, {0: "b"}]


def test_a_legend():
    import matplotlib.pyplot as plt

    plot_bounding_box_gallery(IMAGES, "xyxy", TRUE, legend=True, show=False)
    (legend,) = plt.gcf().legends
    plt.close("all")
    assert [text.get_text() for text in legend.get_texts()] == ["Ground Truth", "Prediction"]
    with pytest.raises(ArgumentError, match="either `legend` or `legend_handles`"):
        plot_bounding_box_gallery(IMAGES, "xyxy", TRUE, legend=True, legend_handles=[1])


def test_bad_images():
    with pytest.raises(ShapeError, match="`plot_bounding_box_gallery` expects a batch of images"):
        plot_bounding_box_gallery(IMAGES[0], "xyxy")
