"""Image preprocessing of Keras 2: loading, saving and data augmentation."""

from typing import TYPE_CHECKING

from ...lazy import attach

if TYPE_CHECKING:
    from ...utils import array_to_img as array_to_img
    from ...utils import img_to_array as img_to_array
    from ...utils import load_img as load_img
    from ...utils import save_img as save_img
    from ...utils.image_utils import smart_resize as smart_resize
    from .affine import apply_affine_transform as apply_affine_transform
    from .generator import ImageDataGenerator as ImageDataGenerator
    from .iterators import DirectoryIterator as DirectoryIterator
    from .iterators import Iterator as Iterator
    from .iterators import NumpyArrayIterator as NumpyArrayIterator
    from .transforms import apply_brightness_shift as apply_brightness_shift
    from .transforms import apply_channel_shift as apply_channel_shift
    from .transforms import random_brightness as random_brightness
    from .transforms import random_channel_shift as random_channel_shift
    from .transforms import random_rotation as random_rotation
    from .transforms import random_shear as random_shear
    from .transforms import random_shift as random_shift
    from .transforms import random_zoom as random_zoom
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "DirectoryIterator": ".iterators",
            "ImageDataGenerator": ".generator",
            "Iterator": ".iterators",
            "NumpyArrayIterator": ".iterators",
            "apply_affine_transform": ".affine",
            "apply_brightness_shift": ".transforms",
            "apply_channel_shift": ".transforms",
            "array_to_img": "...utils",
            "img_to_array": "...utils",
            "load_img": "...utils",
            "random_brightness": ".transforms",
            "random_channel_shift": ".transforms",
            "random_rotation": ".transforms",
            "random_shear": ".transforms",
            "random_shift": ".transforms",
            "random_zoom": ".transforms",
            "save_img": "...utils",
            "smart_resize": "...utils.image_utils",
        },
    )
