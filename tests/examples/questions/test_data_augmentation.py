import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("data_augmentation")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["data_augmentation.png"]
    none, moved, mirrored = (each.test_accuracies[-1] for each in found.values())
    assert moved > none + 0.02 and mirrored < none - 0.02
    assert found["none"].train_accuracies[-1] > found["moved, turned, zoomed"].train_accuracies[-1]


def test_variants(ran):
    _, found, _, _ = ran
    assert all(np.array_equal(each, found["none"].variants[0]) for each in found["none"].variants)
    for name in ("moved, turned, zoomed", "mirrored, upside down"):
        assert any(not np.array_equal(each, found["none"].variants[0]) for each in found[name].variants)
    digit = found["none"].variants[0]
    flips = [digit, digit[::-1], digit[:, ::-1], digit[::-1, ::-1]]
    assert all(any(np.array_equal(each, flip) for flip in flips) for each in found["mirrored, upside down"].variants)


def test_images_to_be_answered_are_not_changed(ran):
    model = ran[0].build_model(ran[0].augmentation("moved, turned, zoomed"))
    x = np.random.default_rng(0).uniform(size=(4, 28, 28, 1)).astype("float32")
    np.testing.assert_array_equal(model.predict(x, verbose=0), model.predict(x, verbose=0))
