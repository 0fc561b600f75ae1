"""The residual networks: stacks of bottleneck blocks, normalized after each convolution or, in version 2, before."""

from collections.abc import Sequence

from ..graph.keras_tensor import KerasTensor
from ..layers import Activation, Add, BatchNormalization, Conv2D, MaxPooling2D, ZeroPadding2D
from ..models import Model
from .application import Application
from .blocks import channel_axis
from .pretrained import Pretrained, kernels

FILTERS = (64, 128, 256, 512)


def weights_of(name: str, hashes: tuple[str, str]) -> Pretrained:
    """Returns the files of weights of a residual network.

    Args:
        name: The name of the network in Keras's storage.
        hashes: The hash of the file with the classifier, and of that without it.
    """
    return kernels("resnet", name, hashes)


def resnet(application: Application, depths: Sequence[int], name: str | None, pretrained: Pretrained) -> Model:
    """Returns a residual network of version 1.

    Args:
        application: What the caller asked for.
        depths: The number of blocks in each of the four stacks.
        name: The name of the model.
        pretrained: The files of its weights.
    """
    x = _padded_convolution(application.start(application.shape(224)))
    x = _activated(x, "conv1_bn", "conv1_relu")
    x = _padded_pooling(x)
    for stack, (filters, depth) in enumerate(zip(FILTERS, depths, strict=True), 2):
        for number in range(1, depth + 1):
            stride = 2 if number == 1 and stack > 2 else 1
            x = _block(x, filters, stride, number == 1, f"conv{stack}_block{number}")
    return application.model(application.topped(x, is_named=True), name, pretrained)


def resnet_v2(application: Application, depths: Sequence[int], name: str | None, pretrained: Pretrained) -> Model:
    """Returns a residual network of version 2.

    Args:
        application: What the caller asked for.
        depths: The number of blocks in each of the four stacks.
        name: The name of the model.
        pretrained: The files of its weights.
    """
    x = _padded_convolution(application.start(application.shape(224)))
    x = _padded_pooling(x)
    for stack, (filters, depth) in enumerate(zip(FILTERS, depths, strict=True), 2):
        for number in range(1, depth + 1):
            stride = 2 if number == depth and stack < 5 else 1
            x = _preactivated_block(x, filters, stride, number == 1, f"conv{stack}_block{number}")
    x = _activated(x, "post_bn", "post_relu")
    return application.model(application.topped(x, is_named=True), name, pretrained)


def _padded_convolution(image: KerasTensor) -> KerasTensor:
    x = ZeroPadding2D(padding=((3, 3), (3, 3)), name="conv1_pad")(image)
    return Conv2D(64, 7, strides=2, name="conv1_conv")(x)


def _padded_pooling(x: KerasTensor) -> KerasTensor:
    x = ZeroPadding2D(padding=((1, 1), (1, 1)), name="pool1_pad")(x)
    return MaxPooling2D(3, strides=2, name="pool1_pool")(x)


def _normalized(x: KerasTensor, name: str) -> KerasTensor:
    return BatchNormalization(axis=channel_axis(3), epsilon=1.001e-5, name=name)(x)


def _activated(x: KerasTensor, norm_name: str, name: str) -> KerasTensor:
    return Activation("relu", name=name)(_normalized(x, norm_name))


def _block(x: KerasTensor, filters: int, stride: int, projects: bool, name: str) -> KerasTensor:
    """A bottleneck: 1 x 1, 3 x 3, 1 x 1, and what it adds to, projected if the number of channels changes."""
    shortcut = x
    if projects:
        shortcut = _normalized(Conv2D(4 * filters, 1, strides=stride, name=f"{name}_0_conv")(x), f"{name}_0_bn")
    x = Conv2D(filters, 1, strides=stride, name=f"{name}_1_conv")(x)
    x = _activated(x, f"{name}_1_bn", f"{name}_1_relu")
    x = Conv2D(filters, 3, padding="same", name=f"{name}_2_conv")(x)
    x = _activated(x, f"{name}_2_bn", f"{name}_2_relu")
    x = _normalized(Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x), f"{name}_3_bn")
    x = Add(name=f"{name}_add")([shortcut, x])
    return Activation("relu", name=f"{name}_out")(x)


def _preactivated_block(x: KerasTensor, filters: int, stride: int, projects: bool, name: str) -> KerasTensor:
    """A bottleneck whose convolutions are each preceded by normalization and activation."""
    first = _activated(x, f"{name}_preact_bn", f"{name}_preact_relu")
    if projects:
        shortcut = Conv2D(4 * filters, 1, strides=stride, name=f"{name}_0_conv")(first)
    else:
        shortcut = MaxPooling2D(1, strides=stride)(x) if stride > 1 else x
    x = Conv2D(filters, 1, strides=1, use_bias=False, name=f"{name}_1_conv")(first)
    x = _activated(x, f"{name}_1_bn", f"{name}_1_relu")
    x = ZeroPadding2D(padding=((1, 1), (1, 1)), name=f"{name}_2_pad")(x)
    x = Conv2D(filters, 3, strides=stride, use_bias=False, name=f"{name}_2_conv")(x)
    x = _activated(x, f"{name}_2_bn", f"{name}_2_relu")
    x = Conv2D(4 * filters, 1, name=f"{name}_3_conv")(x)
    return Add(name=f"{name}_out")([shortcut, x])
