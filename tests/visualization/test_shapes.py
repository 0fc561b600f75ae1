import numpy as np
import pytest

from minikeras.visualization.shapes import disc, draw_rectangle, draw_text

THICKNESSES = (1, 2, 3, 5, 8, -1)
# What OpenCV 5.0.0 draws with `cv2.rectangle(image, (5, 6), (12, 16), 255, thickness)` into 16 x 17 pixels.
BY_OPENCV = """
.................  .................  .................  .................  .................  .................
.................  .................  .................  .................  .................  .................
.................  .................  .................  .................  .....########....  .................
.................  .................  .................  .....########....  ...############..  .................
.................  .................  .....########....  ...############..  ..##############.  .................
.................  .....########....  ....##########...  ...############..  ..##############.  .................
.....########....  ....##########...  ...############..  ..##############.  .################  .....########....
.....#......#....  ....##########...  ...############..  ..##############.  .################  .....########....
.....#......#....  ....###....###...  ...############..  ..##############.  .################  .....########....
.....#......#....  ....###....###...  ...#####..#####..  ..##############.  .################  .....########....
.....#......#....  ....###....###...  ...#####..#####..  ..##############.  .################  .....########....
.....#......#....  ....###....###...  ...#####..#####..  ..##############.  .################  .....########....
.....#......#....  ....###....###...  ...#####..#####..  ..##############.  .################  .....########....
.....#......#....  ....###....###...  ...#####..#####..  ..##############.  .################  .....########....
.....#......#....  ....###....###...  ...############..  ..##############.  .################  .....########....
.....#......#....  ....##########...  ...############..  ..##############.  .################  .....########....
""".split("\n")[1:-1]


def text(image):
    return ["".join(".#"[int(value > 0)] for value in row) for row in image[:, :, 0]]


@pytest.mark.parametrize("thickness", THICKNESSES)
@pytest.mark.parametrize("corners", [(5, 6, 12, 16), (12, 16, 5, 6), (12, 6, 5, 16)])
def test_rectangles_have_the_pixels_of_opencv(thickness, corners):
    image = np.zeros((16, 17, 1), "uint8")
    draw_rectangle(image, corners, np.array([255]), thickness)
    assert text(image) == [row.split("  ")[THICKNESSES.index(thickness)] for row in BY_OPENCV]


@pytest.mark.parametrize("corners", [(-90, -80, -50, -60), (30, 30, 90, 90), (-60, 4, -40, 8), (4, -60, 8, -40)])
@pytest.mark.parametrize("thickness", [1, 5, -1])
def test_nothing_is_drawn_outside(corners, thickness):
    image = np.zeros((16, 17, 1), "uint8")
    draw_rectangle(image, corners, np.array([255]), thickness)
    assert not image.any()


def test_channels():
    image = np.zeros((3, 3, 3), "uint8")
    draw_rectangle(image, (0, 0, 1, 1), np.array([1, 2, 3], "uint8"), 1)
    assert image[1, 1].tolist() == [1, 2, 3] and image[2, 2].tolist() == [0, 0, 0]


def test_discs():
    assert disc(0).tolist() == [[True]] and disc(1).sum() == 5
    wide = disc(20)
    rows, columns = np.indices(wide.shape) - 20
    assert (wide == wide.T).all() and abs(wide.sum() - np.pi * 20**2) < 0.05 * wide.sum()
    assert not wide[np.hypot(rows, columns) > 21].any() and wide[np.hypot(rows, columns) < 19].all()


def drawn(place=(10, 60), label="H", scale=1.0, thickness=1):
    image = np.zeros((80, 200, 1), "uint8")
    draw_text(image, label, place, np.array([255]), scale, thickness)
    rows, columns = np.nonzero(image[:, :, 0])
    return image, rows, columns


def test_a_text_stands_on_its_baseline():
    _, rows, columns = drawn()
    assert rows.max() in (59, 60) and 10 <= columns.min() <= 14
    assert 19 <= rows.max() - rows.min() + 1 <= 23  # capital letters are 21 pixels tall


def test_sizes_of_texts():
    _, rows, _ = drawn(scale=2.0)
    assert 39 <= rows.max() - rows.min() + 1 <= 45
    thin, thick = (drawn(thickness=thickness)[0] for thickness in (1, 3))
    assert (thick > 0).sum() > 1.3 * (thin > 0).sum() and thick[thin > 0].all()
    _, _, short = drawn(label="HH")
    _, _, long = drawn(label="HHHH")
    assert long.max() > short.max() + 30


def test_texts_at_the_border():
    image, _, _ = drawn(place=(190, 5), label="a long text")
    assert image.any()
    image, _, _ = drawn(label="")
    assert not image.any()
