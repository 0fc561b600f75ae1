"""The operations of `keras.ops.image`: on images and batches of them, in both data formats."""

from typing import TYPE_CHECKING

from ...lazy import attach

if TYPE_CHECKING:
    from .borders import crop_images as crop_images
    from .borders import pad_images as pad_images
    from .colors import hsv_to_rgb as hsv_to_rgb
    from .colors import rgb_to_grayscale as rgb_to_grayscale
    from .colors import rgb_to_hsv as rgb_to_hsv
    from .filters import gaussian_blur as gaussian_blur
    from .filters import sobel_edges as sobel_edges
    from .interpolation import map_coordinates as map_coordinates
    from .patches import extract_patches as extract_patches
    from .patches import extract_patches_3d as extract_patches_3d
    from .resizing import resize as resize
    from .resizing import scale_and_translate as scale_and_translate
    from .similarity import ssim as ssim
    from .warping import affine_transform as affine_transform
    from .warping import elastic_transform as elastic_transform
    from .warping import perspective_transform as perspective_transform
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "affine_transform": ".warping",
            "crop_images": ".borders",
            "elastic_transform": ".warping",
            "extract_patches": ".patches",
            "extract_patches_3d": ".patches",
            "gaussian_blur": ".filters",
            "hsv_to_rgb": ".colors",
            "map_coordinates": ".interpolation",
            "pad_images": ".borders",
            "perspective_transform": ".warping",
            "resize": ".resizing",
            "rgb_to_grayscale": ".colors",
            "rgb_to_hsv": ".colors",
            "scale_and_translate": ".resizing",
            "sobel_edges": ".filters",
            "ssim": ".similarity",
        },
    )
