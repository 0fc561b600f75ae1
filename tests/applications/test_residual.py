"""The architecture of the residual networks."""

import pytest

from minikeras.applications.application import Application
from minikeras.applications.residual import resnet, resnet_v2, weights_of

FILES = weights_of("resnet50", ("a", "b"))


def made(architecture):
    application = Application("ResNet", False, None, None, (64, 64, 3), None, 10, None)
    return architecture(application, (2, 1, 2, 1), "small", FILES)


def test_files():
    assert FILES.top.url.endswith("/resnet/resnet50_weights_tf_dim_ordering_tf_kernels.h5")
    assert FILES.features.url.endswith("_notop.h5")
    assert (FILES.top.file_hash, FILES.features.file_hash) == ("a", "b")


@pytest.mark.parametrize("architecture", [resnet, resnet_v2])
def test_blocks(architecture, no_draws):
    model = made(architecture)
    assert model.output_shape == (None, 2, 2, 2048)
    names = [layer.name for layer in model.layers]
    # Only the first block of a stack projects what it adds to.
    assert "conv2_block1_0_conv" in names and "conv2_block2_0_conv" not in names
    assert "conv2_block2_3_conv" in names and "conv2_block3_3_conv" not in names


def test_activations_come_last_or_first(no_draws):
    assert made(resnet).layers[-1].name == "conv5_block1_out"
    assert made(resnet_v2).layers[-1].name == "post_relu"
