"""The two cells of NASNet-A, as figure 4 of the paper shows them."""

from typing import Any

from ..engine.naming import name_scope
from ..graph.keras_tensor import KerasTensor
from ..layers import (
    Activation,
    Add,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Cropping2D,
    MaxPooling2D,
    SeparableConv2D,
    ZeroPadding2D,
)
from .blocks import channel_axis, correct_pad


def normal_cell(x: KerasTensor, before: KerasTensor, filters: int, cell: str) -> tuple[KerasTensor, KerasTensor]:
    """Returns the output of a normal cell, and its input for the cell after the next.

    Args:
        x: The output of the cell before.
        before: That of the cell before that one.
        filters: The number of filters.
        cell: The number of the cell, for the names of its layers.
    """
    with name_scope(f"normal_A_block_{cell}"):
        side = _adjusted(before, x, filters, cell)
        h = _squeezed(x, filters, "normal", cell)
        parts = [side]
        with name_scope("block_1"):
            left = _separable(h, filters, 5, f"normal_left1_{cell}")
            right = _separable(side, filters, 3, f"normal_right1_{cell}")
            parts.append(Add(name=f"normal_add_1_{cell}")([left, right]))
        with name_scope("block_2"):
            left = _separable(side, filters, 5, f"normal_left2_{cell}")
            right = _separable(side, filters, 3, f"normal_right2_{cell}")
            parts.append(Add(name=f"normal_add_2_{cell}")([left, right]))
        with name_scope("block_3"):
            left = _averaged(h, f"normal_left3_{cell}")
            parts.append(Add(name=f"normal_add_3_{cell}")([left, side]))
        with name_scope("block_4"):
            left = _averaged(side, f"normal_left4_{cell}")
            right = _averaged(side, f"normal_right4_{cell}")
            parts.append(Add(name=f"normal_add_4_{cell}")([left, right]))
        with name_scope("block_5"):
            left = _separable(h, filters, 3, f"normal_left5_{cell}")
            parts.append(Add(name=f"normal_add_5_{cell}")([left, h]))
        return Concatenate(axis=channel_axis(), name=f"normal_concat_{cell}")(parts), x


def reduction_cell(
    x: KerasTensor, before: KerasTensor | None, filters: int, cell: str
) -> tuple[KerasTensor, KerasTensor]:
    """Returns the output of a cell that halves height and width, and its input for the cell after the next.

    Args:
        x: The output of the cell before.
        before: That of the cell before that one; None for the first cell.
        filters: The number of filters.
        cell: The name of the cell, for those of its layers.
    """
    with name_scope(f"reduction_A_block_{cell}"):
        side = _adjusted(before, x, filters, cell)
        h = _squeezed(x, filters, "reduction", cell)
        padded = ZeroPadding2D(correct_pad(h, 3), name=f"reduction_pad_1_{cell}")(h)
        with name_scope("block_1"):
            left = _separable(h, filters, 5, f"reduction_left1_{cell}", strides=2)
            right = _separable(side, filters, 7, f"reduction_right1_{cell}", strides=2)
            first = Add(name=f"reduction_add_1_{cell}")([left, right])
        with name_scope("block_2"):
            left = MaxPooling2D(3, strides=2, name=f"reduction_left2_{cell}")(padded)
            right = _separable(side, filters, 7, f"reduction_right2_{cell}", strides=2)
            second = Add(name=f"reduction_add_2_{cell}")([left, right])
        with name_scope("block_3"):
            left = AveragePooling2D(3, strides=2, name=f"reduction_left3_{cell}")(padded)
            right = _separable(side, filters, 5, f"reduction_right3_{cell}", strides=2)
            third = Add(name=f"reduction_add3_{cell}")([left, right])
        with name_scope("block_4"):
            fourth = Add()([second, _averaged(first, f"reduction_left4_{cell}")])
        with name_scope("block_5"):
            left = _separable(first, filters, 3, f"reduction_left4_{cell}")
            right = MaxPooling2D(3, strides=2, name=f"reduction_right5_{cell}")(padded)
            fifth = Add(name=f"reduction_add4_{cell}")([left, right])
        parts = [second, third, fourth, fifth]
        return Concatenate(axis=channel_axis(), name=f"reduction_concat_{cell}")(parts), x


def _normalized(x: KerasTensor, name: str) -> KerasTensor:
    return BatchNormalization(axis=channel_axis(), momentum=0.9997, epsilon=1e-3, name=name)(x)


def _pointwise(x: KerasTensor, filters: int, name: str) -> KerasTensor:
    return Conv2D(filters, 1, padding="same", name=name, use_bias=False, kernel_initializer="he_normal")(x)


def _squeezed(x: KerasTensor, filters: int, kind: str, cell: str) -> KerasTensor:
    x = _pointwise(Activation("relu")(x), filters, f"{kind}_conv_1_{cell}")
    return _normalized(x, f"{kind}_bn_1_{cell}")


def _averaged(x: KerasTensor, name: str) -> KerasTensor:
    return AveragePooling2D(3, strides=1, padding="same", name=name)(x)


def _separable(x: KerasTensor, filters: int, kernel_size: int, name: str, strides: int = 1) -> KerasTensor:
    """A separable convolution, activated before and normalized after, twice; only the first one has the stride."""
    with name_scope(f"separable_conv_block_{name}"):
        x = Activation("relu")(x)
        settings: dict[str, Any] = {"padding": "same", "use_bias": False}
        if strides == 2:
            x = ZeroPadding2D(correct_pad(x, kernel_size), name=f"separable_conv_1_pad_{name}")(x)
        padding = "valid" if strides == 2 else "same"
        x = SeparableConv2D(
            filters, kernel_size, strides, name=f"separable_conv_1_{name}", **{**settings, "padding": padding}
        )(x)
        x = _normalized(x, f"separable_conv_1_bn_{name}")
        x = Activation("relu")(x)
        x = SeparableConv2D(filters, kernel_size, name=f"separable_conv_2_{name}", **settings)(x)
        return _normalized(x, f"separable_conv_2_bn_{name}")


def _adjusted(before: KerasTensor | None, x: KerasTensor, filters: int, cell: str) -> KerasTensor:
    """The output of the cell before the last one, in the shape of the last one's."""
    with name_scope("adjust_block"):
        if before is None:
            return x
        if before.shape[-2] != x.shape[-2]:
            with name_scope(f"adjust_reduction_block_{cell}"):
                return _halved(before, filters, cell)
        if before.shape[-1] != filters:
            with name_scope(f"adjust_projection_block_{cell}"):
                before = _pointwise(Activation("relu")(before), filters, f"adjust_conv_projection_{cell}")
                return _normalized(before, f"adjust_bn_{cell}")
        return before


def _halved(x: KerasTensor, filters: int, cell: str) -> KerasTensor:
    """Every other pixel in two ways, the second one shifted by one pixel."""
    x = Activation("relu", name=f"adjust_relu_1_{cell}")(x)
    first = AveragePooling2D(1, strides=2, name=f"adjust_avg_pool_1_{cell}")(x)
    first = _pointwise(first, filters // 2, f"adjust_conv_1_{cell}")
    second = ZeroPadding2D(padding=((0, 1), (0, 1)))(x)
    second = Cropping2D(cropping=((1, 0), (1, 0)))(second)
    second = AveragePooling2D(1, strides=2, name=f"adjust_avg_pool_2_{cell}")(second)
    second = _pointwise(second, filters // 2, f"adjust_conv_2_{cell}")
    return _normalized(Concatenate(axis=channel_axis())([first, second]), f"adjust_bn_{cell}")
