"""Pictures of images with bounding boxes and segmentation masks, and galleries of them."""

from typing import TYPE_CHECKING

from ..lazy import attach

if TYPE_CHECKING:
    from .box_gallery import plot_bounding_box_gallery as plot_bounding_box_gallery
    from .boxes import draw_bounding_boxes as draw_bounding_boxes
    from .gallery import plot_image_gallery as plot_image_gallery
    from .mask_gallery import plot_segmentation_mask_gallery as plot_segmentation_mask_gallery
    from .masks import draw_segmentation_masks as draw_segmentation_masks
else:
    __getattr__, __dir__, __all__ = attach(
        __name__,
        {
            "draw_bounding_boxes": ".boxes",
            "draw_segmentation_masks": ".masks",
            "plot_bounding_box_gallery": ".box_gallery",
            "plot_image_gallery": ".gallery",
            "plot_segmentation_mask_gallery": ".mask_gallery",
        },
    )
