"""The architecture of VGG."""

from minikeras.applications.application import Application
from minikeras.applications.pretrained import two_files
from minikeras.applications.vgg import vgg


def test_depths_by_block(no_draws):
    application = Application("VGG", False, None, None, (32, 32, 3), None, 10, None)
    model = vgg(application, (1, 0, 2, 0, 1), "small", two_files("https://x.org/vgg"))
    convolutions = [layer.name for layer in model.layers if "conv" in layer.name]
    assert convolutions == ["block1_conv1", "block3_conv1", "block3_conv2", "block5_conv1"]
    assert model.output_shape == (None, 1, 1, 512)
