import sys

import numpy as np
import pytest
from PIL import Image

import minikeras
from minikeras.errors import ArgumentError, FileWriteError, ShapeError, UnknownNameError
from minikeras.visualization import plot_image_gallery


@pytest.fixture(autouse=True)
def pyplot(monkeypatch):
    """`matplotlib.pyplot`, without windows; `shown` has the titles of each figure that was shown."""
    import matplotlib

    matplotlib.use("agg")
    import matplotlib.pyplot as plt

    plt.shown = []
    monkeypatch.setattr(plt, "show", lambda: plt.shown.append([own.get_title() for own in plt.gcf().axes]))
    yield plt
    plt.close("all")


def saved(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGBA")).astype(int)


def colors(*values):
    return np.stack([np.full((8, 8, 3), value) for value in values]).astype("float32")


def test_images_are_in_rows(tmp_path):
    plot_image_gallery(colors(0, 60, 120, 180, 240), path=tmp_path / "a.png", transparent=False)
    image = saved(tmp_path / "a.png")[..., 0]
    values, counts = np.unique(image, return_counts=True)
    large = {int(value) for value, count in zip(values, counts, strict=True) if count > 1000}
    assert large >= {0, 60, 120, 180, 240}
    centers = [np.argwhere(image == value).mean(axis=0) for value in (0, 60, 120, 180, 240)]
    assert centers[0][1] < centers[1][1] and abs(centers[0][0] - centers[1][0]) < 3  # side by side
    assert centers[0][0] < centers[2][0] < centers[4][0]  # three rows of two


def test_the_range_of_values(tmp_path):
    plot_image_gallery(colors(-1, 0, 1, 5), value_range=(-1, 1), path=tmp_path / "a.png", transparent=False)
    assert {0, 127, 255} <= set(saved(tmp_path / "a.png")[..., 0].ravel().tolist())


def test_sizes(tmp_path):
    for name, options in (("a", {}), ("b", {"scale": 4}), ("c", {"dpi": 120}), ("d", {"rows": 1}), ("e", {"cols": 1})):
        plot_image_gallery(colors(1, 2, 3, 4), path=tmp_path / f"{name}.png", **options)
    a, b, c, d, e = (saved(tmp_path / f"{name}.png").shape for name in "abcde")
    assert 200 < a[0] <= 240 and 1.8 < b[0] / a[0] < 2.2 and 1.8 < c[0] / a[0] < 2.2
    assert d[1] > 3 * d[0] and e[0] > 3 * e[1]


def test_transparency(tmp_path):
    for transparent in (True, False):
        plot_image_gallery(colors(9, 9, 9), path=tmp_path / f"{transparent}.png", transparent=transparent)
    assert saved(tmp_path / "True.png")[..., 3].min() == 0 and saved(tmp_path / "False.png")[..., 3].min() == 255


def test_gray_and_channels_first(tmp_path):
    plot_image_gallery(colors(70)[..., :1], path=tmp_path / "a.png")
    assert [70, 70, 70, 255] in saved(tmp_path / "a.png").reshape(-1, 4).tolist()
    first = np.zeros((1, 3, 8, 8))
    first[:, 2] = 50
    plot_image_gallery(first, path=tmp_path / "b.png", data_format="channels_first")
    assert [0, 0, 50, 255] in saved(tmp_path / "b.png").reshape(-1, 4).tolist()


def test_labels(pyplot):
    names = {0: "cat", 1: "dog"}
    plot_image_gallery(colors(1, 2), y_true=np.array([0, 1]), y_pred=[1, 7], label_map=names, scale=3)
    assert pyplot.shown == [["Label: cat  Pred: dog", "Label: dog  Pred: Unknown"]] and not pyplot.get_fignums()
    plot_image_gallery(colors(1), y_true=[0], y_pred=[1], label_map={0: "a long name", 1: "b"}, scale=1)
    assert pyplot.shown[-1] == ["Label: a long name\nPred: b"]


def test_a_gallery_that_is_not_shown_is_the_current_figure(pyplot):
    plot_image_gallery(colors(1, 2), show=False)
    assert pyplot.shown == [] and len(pyplot.gcf().axes) == 2


def test_a_saved_gallery_leaves_pyplot_alone(pyplot, tmp_path):
    plot_image_gallery(colors(1), path=str(tmp_path / "a"))
    assert not pyplot.get_fignums() and pyplot.shown == []
    assert (tmp_path / "a").read_bytes().startswith(b"\x89PNG")


def test_a_legend(pyplot):
    from matplotlib.patches import Patch

    plot_image_gallery(colors(1), show=False, legend_handles=[Patch(label="first"), Patch(label="second")])
    assert [text.get_text() for text in pyplot.gcf().legends[0].get_texts()] == ["first", "second"]


def test_bad_arguments(tmp_path):
    images = colors(1, 2)
    with pytest.raises(ArgumentError, match="either saves to `path` or shows"):
        plot_image_gallery(images, path="a.png", show=True)
    with pytest.raises(ArgumentError, match="needs `label_map`"):
        plot_image_gallery(images, y_true=[0, 1])
    with pytest.raises(ShapeError, match=r"class indices of shape \(batch,\). Received: shape \(2, 1\)"):
        plot_image_gallery(images, y_pred=[[0], [1]], label_map={})
    for wrong in (images[0], images[:0], np.zeros((1, 8, 8, 2))):
        with pytest.raises(ShapeError, match="`plot_image_gallery` expects"):
            plot_image_gallery(wrong)
    with pytest.raises(ArgumentError, match="`value_range` must be two ascending numbers"):
        plot_image_gallery(images, value_range=(1, 0))
    for name in ("rows", "cols", "scale", "dpi"):
        with pytest.raises(ArgumentError, match=f"`{name}` must"):
            plot_image_gallery(images, **{name: 0})
    with pytest.raises(UnknownNameError):
        plot_image_gallery(images, data_format="last")
    with pytest.raises(ArgumentError, match="Received: .xyz"):
        plot_image_gallery(images, path=tmp_path / "a.xyz")
    with pytest.raises(FileWriteError):
        plot_image_gallery(images, path=tmp_path / "none" / "a.png")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["plot_image_gallery", "plot_bounding_box_gallery", "plot_segmentation_mask_gallery"])
def test_without_matplotlib(monkeypatch, name):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=rf"`{name}` draws with matplotlib.*pip install minikeras\[plot\]"):
        getattr(minikeras.visualization, name)(colors(1), 2)
