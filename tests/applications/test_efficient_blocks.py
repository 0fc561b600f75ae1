"""The blocks of EfficientNet."""

import pytest

from minikeras.applications.efficient_blocks import Block, Style, activated, convolution, repeated
from minikeras.layers import Input
from minikeras.models import Model

FIRST = Style(momentum=0.99, depthwise="dwconv", pads=True)
SECOND = Style(momentum=0.9, depthwise="dwconv2", pads=False)


def layers(block, style, total=4):
    x = Input((9, 9, block.filters_in))
    model = Model(x, repeated(x, [block], total, style))
    return model, {layer.name: layer for layer in model.layers}


def test_an_inverted_residual(no_draws):
    model, found = layers(Block(5, 2, 8, 8, 6, 0.25, 1), FIRST)
    assert found["block1a_expand_conv"].filters == 48
    assert found["block1a_dwconv"].kernel_size == (5, 5) and found["block1a_bn"].momentum == 0.99
    assert found["block1a_se_reduce"].filters == 2 and found["block1a_se_expand"].filters == 48
    assert "block1a_drop" not in found and found["block1b_drop"].rate == pytest.approx(0.2 / 4)
    assert model.output_shape == (None, 9, 9, 8)


@pytest.mark.parametrize(("style", "padding"), [(FIRST, "valid"), (SECOND, "same")])
def test_a_stride(style, padding, no_draws):
    model, found = layers(Block(3, 2, 8, 4, 1, 0, 2), style)
    assert model.output_shape == (None, 5, 5, 4)
    assert found[f"block1a_{style.depthwise}"].padding == padding
    assert ("block1a_dwconv_pad" in found) == (padding == "valid")
    assert "block1a_add" not in found and "block1b_add" in found
    assert "block1a_expand_conv" not in found and "block1a_se_reduce" not in found


def test_fused_blocks(no_draws):
    model, found = layers(Block(3, 1, 8, 4, 4, 0, 2, True), SECOND)
    assert found["block1a_expand_conv"].kernel_size == (3, 3) and found["block1a_project_conv"].kernel_size == (1, 1)
    assert model.output_shape == (None, 5, 5, 4)
    _, found = layers(Block(3, 1, 8, 4, 1, 0, 1, True), SECOND)
    assert found["block1a_project_conv"].kernel_size == (3, 3) and "block1a_project_activation" in found


def test_pieces(no_draws):
    x = Input((9, 9, 3))
    model = Model(x, activated(convolution(x, 4, 3, "c", strides=2, padding="valid"), SECOND, "n", "a"))
    assert [layer.name for layer in model.layers[1:]] == ["c", "n", "a"] and model.output_shape == (None, 4, 4, 4)
