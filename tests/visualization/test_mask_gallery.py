import matplotlib
import numpy as np
import pytest
from PIL import Image

from minikeras.errors import ShapeError
from minikeras.visualization import plot_segmentation_mask_gallery

matplotlib.use("agg")
IMAGES = np.full((2, 8, 8, 3), 100.0)
MASKS = np.ones((2, 8, 8, 1), "int64")
COLORS = {0: [0, 0, 0], 1: [200, 0, 0]}


def saved(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB")).astype(int)


def test_images_beside_their_masks(tmp_path):
    plot_segmentation_mask_gallery(
        IMAGES, 2, y_true=MASKS, y_pred=0 * MASKS, color_mapping=COLORS, alpha=1.0, path=tmp_path / "a.png"
    )
    image = saved(tmp_path / "a.png")
    places = [np.argwhere((image == color).all(-1))[:, 1].mean() for color in ([100] * 3, [200, 0, 0], [0] * 3)]
    assert places == sorted(places) and image.shape[1] > image.shape[0]  # two rows of three


def test_one_mask(tmp_path):
    plot_segmentation_mask_gallery(IMAGES, 2, y_true=MASKS[..., 0], color_mapping=COLORS, path=tmp_path / "a.png")
    colors = {tuple(color) for color in saved(tmp_path / "a.png").reshape(-1, 3).tolist()}
    assert (180, 20, 20) in colors  # 0.2 * 100 + 0.8 * [200, 0, 0]


def test_channels_first(tmp_path):
    images, masks = IMAGES.transpose(0, 3, 1, 2), MASKS.transpose(0, 3, 1, 2)
    options = {"color_mapping": COLORS, "data_format": "channels_first", "blend": False}
    plot_segmentation_mask_gallery(images, 2, y_pred=masks, path=tmp_path / "a.png", **options)
    assert [200, 0, 0] in saved(tmp_path / "a.png").reshape(-1, 3).tolist()


def test_bad_shapes():
    with pytest.raises(ShapeError, match="`plot_segmentation_mask_gallery` expects a batch of images"):
        plot_segmentation_mask_gallery(IMAGES[0], 2)
    with pytest.raises(ShapeError, match="expected masks of shape"):
        plot_segmentation_mask_gallery(IMAGES, 2, y_true=MASKS[:1])
