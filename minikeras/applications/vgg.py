"""The VGG models: five blocks of convolutions of 3 x 3, then three dense layers."""

from collections.abc import Sequence

from ..graph.keras_tensor import KerasTensor
from ..layers import Conv2D, Dense, Flatten, MaxPooling2D
from ..models import Model
from .application import Application
from .pretrained import Pretrained

FILTERS = (64, 128, 256, 512, 512)


def vgg(application: Application, depths: Sequence[int], name: str | None, pretrained: Pretrained) -> Model:
    """Returns a VGG model.

    Args:
        application: What the caller asked for.
        depths: The number of convolutions in each block.
        name: The name of the model.
        pretrained: The files of its weights.
    """
    x = application.start(application.shape(224))
    for block, (filters, depth) in enumerate(zip(FILTERS, depths, strict=True), 1):
        for number in range(1, depth + 1):
            x = Conv2D(filters, (3, 3), activation="relu", padding="same", name=f"block{block}_conv{number}")(x)
        x = MaxPooling2D((2, 2), strides=(2, 2), name=f"block{block}_pool")(x)
    x = application.classified(_dense(x)) if application.include_top else application.pooled(x)
    return application.model(x, name, pretrained)


def _dense(x: KerasTensor) -> KerasTensor:
    x = Flatten(name="flatten")(x)
    for number in (1, 2):
        x = Dense(4096, activation="relu", name=f"fc{number}")(x)
    return x
