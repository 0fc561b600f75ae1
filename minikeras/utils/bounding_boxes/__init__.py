"""Bounding boxes of objects in images: their formats, how they follow an image that is transformed, their overlap."""

from typing import TYPE_CHECKING

from ...lazy import attach

if TYPE_CHECKING:
    from .deltas import decode_deltas_to_boxes as decode_deltas_to_boxes
    from .deltas import encode_box_to_deltas as encode_box_to_deltas
    from .formats import convert_format as convert_format
    from .geometry import affine_transform as affine_transform
    from .geometry import clip_to_image_size as clip_to_image_size
    from .geometry import crop as crop
    from .geometry import pad as pad
    from .overlap import compute_ciou as compute_ciou
    from .overlap import compute_iou as compute_iou
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "affine_transform": ".geometry",
            "clip_to_image_size": ".geometry",
            "compute_ciou": ".overlap",
            "compute_iou": ".overlap",
            "convert_format": ".formats",
            "crop": ".geometry",
            "decode_deltas_to_boxes": ".deltas",
            "encode_box_to_deltas": ".deltas",
            "pad": ".geometry",
        },
    )
