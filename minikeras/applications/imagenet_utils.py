"""What models of ImageNet need besides: images prepared for them, and the names of the classes."""

import json

import numpy as np

from ..argument_checks import check_int
from ..errors import ShapeError
from ..tracebacks import filtered
from ..typing import TensorLike
from .application import CLASSES
from .preprocessing import preprocess_input
from .pretrained import Weights

__all__ = ["decode_predictions", "preprocess_input"]

CLASS_INDEX = Weights(
    "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json",
    "c2c37ea517e94d9795004a39431a14cb",
)


@filtered
def decode_predictions(preds: TensorLike, top: int = 5) -> list[list[tuple[str, str, float]]]:
    """Names the most probable classes of ImageNet.

    The names are in a file of 35 KB, which is downloaded when it is not in the cache yet.

    Args:
        preds: The outputs of a model, (batch, 1000).
        top: The number of classes to return for each image.

    Returns:
        For each image, a list of tuples: the identifier of the class in WordNet, its name, and its output, the largest
        first.

    Raises:
        ShapeError: If the outputs are not (batch, 1000).
        DownloadError: If the file is not there and cannot be downloaded.

    Source: https://keras.io/api/applications/

    Example:
        >>> decode_predictions(np.zeros((2, 10)))
        Traceback (most recent call last):
        minikeras.errors.ShapeError: decode_predictions: `preds` must be ... Received: an array of shape (2, 10)
    """
    outputs = np.asarray(preds)
    if outputs.ndim != 2 or outputs.shape[1] != CLASSES:
        raise ShapeError(
            f"decode_predictions: `preds` must be the outputs of a model for a batch of images, (batch, {CLASSES}). "
            f"Received: an array of shape {outputs.shape}"
        )
    top = check_int("decode_predictions", "top", top, minimum=1)
    with open(CLASS_INDEX.fetch(), encoding="utf-8") as file:
        names = json.load(file)
    order = np.argsort(outputs, axis=1, kind="stable")[:, ::-1][:, :top]
    return [
        [(*names[str(index)], output[index]) for index in best] for output, best in zip(outputs, order, strict=True)
    ]
