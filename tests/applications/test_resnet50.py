"""The namespace of ResNet50 alone."""

from minikeras.applications import resnet, resnet50, vgg16


def test_it_is_the_model_of_the_other_namespace():
    assert resnet50.ResNet50 is resnet.ResNet50
    assert resnet50.preprocess_input is vgg16.preprocess_input
