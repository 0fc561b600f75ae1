"""The blocks of EfficientNet in both versions: inverted residuals with squeeze-and-excitation."""

from typing import Any, NamedTuple

from ..graph.keras_tensor import KerasTensor
from ..layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    DepthwiseConv2D,
    Dropout,
    GlobalAveragePooling2D,
    Multiply,
    Reshape,
    ZeroPadding2D,
)
from .application import Application
from .blocks import channel_axis, correct_pad
from .input_shapes import joined_shape

CONV_INITIALIZER = {
    "class_name": "VarianceScaling",
    "config": {"scale": 2.0, "mode": "fan_out", "distribution": "truncated_normal"},
}
DENSE_INITIALIZER = {
    "class_name": "VarianceScaling",
    "config": {"scale": 1 / 3, "mode": "fan_out", "distribution": "uniform"},
}
DROP_RATE = 0.2  # of the last block; it grows from 0 with the depth


class Block(NamedTuple):
    """A block.

    Args:
        kernel_size: The size of the spatial kernel.
        repeats: How often the block is repeated; only the first has its stride and changes the number of channels.
        filters_in: The number of channels of its input.
        filters: The number of channels of its output.
        expansion: How many times as many channels it has inside.
        gate_ratio: The size of the bottleneck of squeeze-and-excitation, relative to `filters_in`; 0 for none.
        stride: The stride.
        is_fused: Whether one convolution stands for the expansion and the depthwise convolution.
    """

    kernel_size: int
    repeats: int
    filters_in: int
    filters: int
    expansion: int
    gate_ratio: float
    stride: int
    is_fused: bool = False


class Style(NamedTuple):
    """How the two versions differ.

    Args:
        momentum: That of batch normalization.
        depthwise: The name of the depthwise convolution.
        pads: Whether images are padded before a depthwise convolution of stride 2.
    """

    momentum: float
    depthwise: str
    pads: bool


def repeated(x: KerasTensor, blocks: list[Block], total: int, style: Style) -> KerasTensor:
    """Returns all blocks, one after the other.

    Args:
        x: The images.
        blocks: The blocks, their filters and repeats scaled.
        total: The number of blocks over which the drop rate grows.
        style: The version.
    """
    count = 0
    for number, block in enumerate(blocks, 1):
        for repeat in range(block.repeats):
            if repeat > 0:
                block = block._replace(stride=1, filters_in=block.filters)
            add = _fused if block.is_fused else _inverted
            name = f"block{number}{chr(ord('a') + repeat)}_"
            x = _residual(x, add(x, block, style, name), block, DROP_RATE * count / total, name)
            count += 1
    return x


def convolution(x: KerasTensor, filters: int, kernel_size: int, name: str, **settings: Any) -> KerasTensor:
    """Returns a convolution without bias.

    Args:
        x: The images.
        filters: The number of filters.
        kernel_size: The size of the kernel.
        name: The name of the layer.
        **settings: Further arguments of the layer.
    """
    settings = {"padding": "same", **settings}
    return Conv2D(filters, kernel_size, use_bias=False, kernel_initializer=CONV_INITIALIZER, name=name, **settings)(x)


def activated(x: KerasTensor, style: Style, norm_name: str, name: str) -> KerasTensor:
    """Returns the images batch-normalized, then activated.

    Args:
        x: The images.
        style: The version.
        norm_name: The name of the batch normalization.
        name: The name of the activation.
    """
    return Activation("swish", name=name)(_normalized(x, style, norm_name))


def topped(application: Application, x: KerasTensor, dropout_rate: float, **settings: Any) -> KerasTensor:
    """Returns the outputs of the model: pooled features, and classes if there is a classifier.

    Args:
        application: What the caller asked for.
        x: The features of all positions.
        dropout_rate: The dropout rate before the classifier.
        **settings: Further arguments of the classifier's layer.
    """
    if not application.include_top:
        return application.pooled(x, is_named=True)
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    x = Dropout(dropout_rate, name="top_dropout")(x)
    return application.classified(x, kernel_initializer=DENSE_INITIALIZER, **settings)


def _normalized(x: KerasTensor, style: Style, name: str) -> KerasTensor:
    return BatchNormalization(axis=channel_axis(3), momentum=style.momentum, name=name)(x)


def _inverted(x: KerasTensor, block: Block, style: Style, name: str) -> KerasTensor:
    """Expansion, depthwise convolution, squeeze-and-excitation, projection."""
    inside = block.filters_in * block.expansion
    if block.expansion != 1:
        x = convolution(x, inside, 1, f"{name}expand_conv")
        x = activated(x, style, f"{name}expand_bn", f"{name}expand_activation")
    pads = style.pads and block.stride == 2
    if pads:
        x = ZeroPadding2D(correct_pad(x, block.kernel_size), name=f"{name}dwconv_pad")(x)
    x = DepthwiseConv2D(
        block.kernel_size,
        strides=block.stride,
        padding="valid" if pads else "same",
        use_bias=False,
        depthwise_initializer=CONV_INITIALIZER,
        name=f"{name}{style.depthwise}",
    )(x)
    x = activated(x, style, f"{name}bn", f"{name}activation")
    x = _gated(x, inside, block, name)
    return _normalized(convolution(x, block.filters, 1, f"{name}project_conv"), style, f"{name}project_bn")


def _fused(x: KerasTensor, block: Block, style: Style, name: str) -> KerasTensor:
    """One convolution that expands and is spatial, squeeze-and-excitation, projection."""
    inside = block.filters_in * block.expansion
    expands = block.expansion != 1
    if expands:
        x = convolution(x, inside, block.kernel_size, f"{name}expand_conv", strides=block.stride)
        x = activated(x, style, f"{name}expand_bn", f"{name}expand_activation")
    x = _gated(x, inside, block, name)
    kernel_size, stride = (1, 1) if expands else (block.kernel_size, block.stride)
    x = convolution(x, block.filters, kernel_size, f"{name}project_conv", strides=stride)
    x = _normalized(x, style, f"{name}project_bn")
    return x if expands else Activation("swish", name=f"{name}project_activation")(x)


def _gated(x: KerasTensor, inside: int, block: Block, name: str) -> KerasTensor:
    """Squeeze-and-excitation: each channel is weighted by a gate computed from the means of all."""
    if not block.gate_ratio:
        return x
    gate = GlobalAveragePooling2D(name=f"{name}se_squeeze")(x)
    gate = Reshape(joined_shape(1, 1, inside), name=f"{name}se_reshape")(gate)
    settings: dict[str, Any] = {"padding": "same", "kernel_initializer": CONV_INITIALIZER}
    narrow = max(1, int(block.filters_in * block.gate_ratio))
    gate = Conv2D(narrow, 1, activation="swish", name=f"{name}se_reduce", **settings)(gate)
    gate = Conv2D(inside, 1, activation="sigmoid", name=f"{name}se_expand", **settings)(gate)
    return Multiply(name=f"{name}se_excite")([x, gate])


def _residual(inputs: KerasTensor, x: KerasTensor, block: Block, drop_rate: float, name: str) -> KerasTensor:
    """Adds the block to its input, if the shapes agree; in training, it is left out for some of the images."""
    if block.stride != 1 or block.filters_in != block.filters:
        return x
    if drop_rate > 0:
        x = Dropout(drop_rate, noise_shape=(None, 1, 1, 1), name=f"{name}drop")(x)
    return Add(name=f"{name}add")([x, inputs])
