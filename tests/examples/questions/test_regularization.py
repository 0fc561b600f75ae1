import numpy as np
import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("regularization")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["regularization.png"]
    none = found["none"]
    assert none.train_accuracy > 0.97 and none.test_losses[-1] > min(none.test_losses) + 0.1
    for name, each in found.items():
        if name != "none":
            assert each.test_accuracy > none.test_accuracy + 0.03
            assert each.train_accuracy < none.train_accuracy
    assert found["L1"].zeros > 0.8 > found["L2"].zeros > none.zeros
    assert found["L2"].norm < none.norm / 2
    assert len(found["early stopping"].train_losses) < len(none.train_losses)


def test_wrong_labels(ran):
    script = ran[0]
    _, y_train, _, _ = script.digits(script.TRAIN + script.VALIDATION, 1)
    data = script.too_little_data(50, seed=0)
    assert np.sum(data.train[1] != y_train[: script.TRAIN]) == script.WRONG * script.TRAIN
    assert data.train[1].min() >= 0 and data.train[1].max() <= 9
    assert np.array_equal(data.validation[1], y_train[script.TRAIN :])
    assert [len(each[0]) for each in data] == [300, 100, 50]
