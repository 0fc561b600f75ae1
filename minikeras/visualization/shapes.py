"""Rectangles and texts drawn into images of bytes, of shape (height, width, channels), in-place.

Rectangles have the pixels that OpenCV, with which Keras draws, gives them: an edge of thickness t covers (t + 1) // 2
pixels on either side of its line, and corners are discs.
"""

from collections.abc import Sequence

import numpy as np

from ..errors import reason
from ..utils.image_utils import pillow

_CAP_HEIGHT = 0.7  # of a capital letter, as a fraction of the size of the font
_PIXELS = 21  # height of a capital letter at `font_scale=1`, as in OpenCV's font


def disc(radius: int) -> np.ndarray:
    """Returns a disc of pixels, by the midpoint algorithm.

    Args:
        radius: Its radius.

    Returns:
        A boolean array of shape (2 * radius + 1, 2 * radius + 1).

    Example:
        >>> disc(2).astype(int)
        array([[0, 0, 1, 0, 0],
               [0, 1, 1, 1, 0],
               [1, 1, 1, 1, 1],
               [0, 1, 1, 1, 0],
               [0, 0, 1, 0, 0]])
    """
    inside = np.zeros((2 * radius + 1, 2 * radius + 1), bool)
    wide, narrow, error = radius, 0, 0
    while wide >= narrow:
        for half, row in ((wide, narrow), (narrow, wide)):
            inside[[radius - row, radius + row], radius - half : radius + half + 1] = True
        error += 2 * narrow + 1
        narrow += 1
        if error > 0:
            error -= 2 * wide - 1
            wide -= 1
    return inside


def draw_rectangle(image: np.ndarray, corners: Sequence[int], color: np.ndarray, thickness: int) -> None:
    """Draws the outline of a rectangle.

    Args:
        image: The image.
        corners: x and y of two opposite corners; what is outside of the image is not drawn.
        color: A value for each channel.
        thickness: The thickness of the lines, in pixels; negative to fill the rectangle.
    """
    x1, y1, x2, y2 = corners
    (left, right), (top, bottom) = sorted((x1, x2)), sorted((y1, y2))
    if thickness < 0:
        _fill(image, left, top, right, bottom, color)
        return
    half = 0 if thickness == 1 else (thickness + 1) // 2
    for y in (top, bottom):
        _fill(image, left, y - half, right, y + half, color)
    for x in (left, right):
        _fill(image, x - half, top, x + half, bottom, color)
    if half:
        stamp = disc(half)
        for x in (left, right):
            for y in (top, bottom):
                _stamp(image, stamp, x - half, y - half, color)


def _fill(image: np.ndarray, left: int, top: int, right: int, bottom: int, color: np.ndarray) -> None:
    if right >= 0 and bottom >= 0:
        image[max(top, 0) : bottom + 1, max(left, 0) : right + 1] = color


def _stamp(image: np.ndarray, mask: np.ndarray, left: int, top: int, color: np.ndarray) -> None:
    """Colors the pixels of a mask, as far as they are in the image."""
    height, width = image.shape[:2]
    y0, y1 = max(top, 0), min(top + mask.shape[0], height)
    x0, x1 = max(left, 0), min(left + mask.shape[1], width)
    if y0 < y1 and x0 < x1:
        image[y0:y1, x0:x1][mask[y0 - top : y1 - top, x0 - left : x1 - left]] = color


def draw_text(
    image: np.ndarray, text: str, place: tuple[int, int], color: np.ndarray, font_scale: float, thickness: int
) -> None:
    """Writes a line of text, in Pillow's own font.

    Args:
        image: The image.
        text: The text.
        place: x and y of the left end of the baseline; what is outside of the image is not drawn.
        color: A value for each channel.
        font_scale: The size: capital letters are 21 pixels tall at 1, as in OpenCV.
        thickness: The thickness of the strokes: 1 is that of the font, each 2 more add a pixel on either side.
    """
    images = pillow()
    from PIL import ImageDraw, ImageFont

    try:
        font = ImageFont.load_default(max(font_scale * _PIXELS / _CAP_HEIGHT, 1))
    except (ImportError, OSError) as error:
        raise ImportError(
            f"Labels of boxes need a Pillow that can draw fonts, with FreeType: {reason(error)}"
        ) from error
    stroke = max(thickness, 1) // 2
    left, top, right, bottom = font.getbbox(text, anchor="ls", stroke_width=stroke)
    size = (int(right - left) + 2, int(bottom - top) + 2)
    if text:
        canvas = images.new("L", size)
        ImageDraw.Draw(canvas).text((-left, -top), text, fill=255, font=font, anchor="ls", stroke_width=stroke)
        _stamp(image, np.asarray(canvas) > 127, place[0] + int(left), place[1] + int(top), color)
