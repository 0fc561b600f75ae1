"""Augmentation and standardization of images."""

import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ArgumentError, NotSupportedError, ShapeError
from minikeras.preprocessing.image import ImageDataGenerator

IMAGES = np.float32([[[[1.0], [3.0]]], [[[5.0], [7.0]]]])  # two images of one row and two columns


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: ImageDataGenerator(zoom_range=(1, 2, 3)), ArgumentError, "`zoom_range` must be a pair"),
        (lambda: ImageDataGenerator(validation_split=1.5), ArgumentError, "must be a finite number in .0, 1."),
        (
            lambda: ImageDataGenerator(featurewise_center=True).flow(np.ones((2, 2, 2, 1)))[0],
            ArgumentError,
            "call `fit",
        ),
        (lambda: ImageDataGenerator().flow_from_dataframe(None), NotSupportedError, "use `flow`"),
        (lambda: ImageDataGenerator().fit(np.ones((2, 2, 1))), ShapeError, "4 axes"),
    ],
)
def test_refused(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_standardization_implies_centering():
    with pytest.warns(UserWarning, match="needs `featurewise_center`"):
        assert ImageDataGenerator(featurewise_std_normalization=True).featurewise_center
    with pytest.warns(UserWarning, match="needs `samplewise_center`"):
        assert ImageDataGenerator(samplewise_std_normalization=True).samplewise_center
    with pytest.warns(UserWarning, match="overrides `featurewise_std_normalization`"):
        generator = ImageDataGenerator(zca_whitening=True, featurewise_center=True, featurewise_std_normalization=True)
    assert not generator.featurewise_std_normalization


def test_samplewise():
    generator = ImageDataGenerator(samplewise_center=True, samplewise_std_normalization=True)
    # mean 2, standard deviation 1
    np.testing.assert_allclose(generator.standardize(IMAGES[0].copy()), [[[-1], [1]]], rtol=1e-5)


def test_featurewise():
    generator = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
    generator.fit(IMAGES)
    # mean 4, standard deviation sqrt((9 + 1 + 1 + 9) / 4)
    assert generator.mean.ravel().tolist() == [4] and generator.std.ravel().tolist() == pytest.approx([5**0.5])
    np.testing.assert_allclose(generator.standardize(IMAGES[1].copy()), [[[5**-0.5], [3 * 5**-0.5]]], rtol=1e-5)


def test_zca_whitening_decorrelates():
    x = np.random.default_rng(0).normal(size=(50, 1, 2, 1)).astype("float32")
    x[:, 0, 1] += x[:, 0, 0]
    generator = ImageDataGenerator(featurewise_center=True, zca_whitening=True)
    generator.fit(x)
    whitened = np.stack([generator.standardize(image.copy()).ravel() for image in x])
    np.testing.assert_allclose(whitened.T @ whitened / len(x), np.eye(2), atol=1e-3)


def test_preprocessing_comes_before_rescaling():
    generator = ImageDataGenerator(rescale=0.5, preprocessing_function=lambda image: image + 1)
    assert generator.standardize(IMAGES[0]).tolist() == [[[1.0], [2.0]]]
    assert IMAGES[0].tolist() == [[[1.0], [3.0]]]


def test_transforms_of_given_parameters():
    generator = ImageDataGenerator()
    for parameters, expected in (
        ({"flip_horizontal": True}, [[[3.0], [1.0]]]),
        ({"flip_vertical": True}, [[[1.0], [3.0]]]),
        ({"ty": 1}, [[[3.0], [3.0]]]),
        ({"channel_shift_intensity": 1.0}, [[[2.0], [3.0]]]),
        ({}, [[[1.0], [3.0]]]),
    ):
        assert generator.apply_transform(IMAGES[0], parameters).tolist() == expected


def test_drawn_parameters_stay_in_their_ranges():
    generator = ImageDataGenerator(
        rotation_range=10,
        width_shift_range=0.5,
        height_shift_range=[-2, 3],
        shear_range=5,
        zoom_range=0.2,
        channel_shift_range=2,
        horizontal_flip=True,
    )
    drawn = [generator.get_random_transform((8, 6, 1), seed) for seed in range(100)]
    for name, low, high in (
        ("theta", -10, 10),
        ("ty", -3, 3),
        ("shear", -5, 5),
        ("zx", 0.8, 1.2),
        ("zy", 0.8, 1.2),
        ("channel_shift_intensity", -2, 2),
    ):
        values = [parameters[name] for parameters in drawn]
        assert low <= min(values) < max(values) <= high and max(values) - min(values) > (high - low) / 2
    assert {abs(parameters["tx"]) for parameters in drawn} == {2, 3}  # as in Keras, with either sign
    assert {parameters["flip_horizontal"] for parameters in drawn} == {False, True}
    assert not any(parameters["flip_vertical"] for parameters in drawn)
    assert generator.get_random_transform((8, 6, 1), 7) == drawn[7]


def test_batches_of_images_train():
    images, labels = np.ones((10, 3, 3, 1)), np.arange(10)
    flow = ImageDataGenerator(rescale=0.5, validation_split=0.3).flow(images, labels, batch_size=4, seed=1)
    assert len(flow) == 3 and sum(len(x) for x, _ in (flow[0], flow[1], flow[2])) == 10
    assert sorted(np.concatenate([next(flow)[1] for _ in range(3)])) == list(range(10))
    assert len(next(flow)[0]) == 4  # a new pass
    with pytest.raises(IndexError, match="3 batches"):
        flow[3]
    model = Sequential([layers.Flatten(), layers.Dense(1)])
    model.compile("sgd", "mse")
    assert len(model.fit(flow, epochs=2, verbose=0).history["loss"]) == 2
    assert images.max() == 1.0  # the data itself stays as it is
