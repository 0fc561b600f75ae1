"""`.weights.h5` files: read as written, checked as a whole, refused without a change."""

import h5py
import numpy as np
import pytest

from minikeras import Sequential, layers
from minikeras.errors import ModelFileError
from tests.saving.models import MODELS, Y, assert_equal, sequential, trained


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_there_and_back(make, tmp_path):
    model, x = trained(make)
    model.save_weights(tmp_path / "a.weights.h5")
    saved = [weight.numpy() for weight in (*model.weights, *model.optimizer.variables)]
    model.save(tmp_path / "a.keras")
    for name in ("a.weights.h5", "a.keras"):
        model.fit(x, Y, batch_size=4, verbose=0)
        model.load_weights(tmp_path / name)
        now = [weight.numpy() for weight in (*model.weights, *model.optimizer.variables)]
        assert all(np.array_equal(*pair) for pair in zip(saved, now, strict=True))
    fresh, _ = make()
    fresh(x)
    fresh.load_weights(tmp_path / "a.weights.h5")
    assert_equal(model, fresh, optimizer=False)


def test_the_checksum(tmp_path):
    """Every byte counts: a file with one changed, or with some missing, is not read. An edited one is."""
    model, _ = trained(sequential)
    path = tmp_path / "a.weights.h5"
    model.save_weights(path)
    data = path.read_bytes()
    for place in range(0, len(data), 997):
        path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        with pytest.raises(ModelFileError, match=r"a\.weights\.h5"):
            model.load_weights(path)
    path.write_bytes(data)
    with h5py.File(path, "r+") as file:
        file["layers/dense/vars/1"][...] = 5
    model.load_weights(path)
    np.testing.assert_array_equal(model.layers[0].bias, np.full(4, 5, "float32"))


def test_what_does_not_fit(tmp_path):
    model = Sequential([layers.Input((3,)), layers.Dense(4), layers.Dense(2)])
    model.save_weights(tmp_path / "a.weights.h5")
    other = Sequential([layers.Input((3,)), layers.Dense(4), layers.Dense(3)])
    before = other.get_weights()
    with pytest.raises(ModelFileError, match=r"dense_1/vars.*shape \(4, 3\), received an array of shape \(4, 2\)") as e:
        other.load_weights(tmp_path / "a.weights.h5")
    assert e.value.member == "layers/dense_1/vars" and e.value.path == str(tmp_path / "a.weights.h5")
    assert all(np.array_equal(*pair) for pair in zip(before, other.get_weights(), strict=True))
    with pytest.warns(UserWarning, match=r"1 object\(s\) could not be loaded.*shape \(4, 3\)"):
        other.load_weights(tmp_path / "a.weights.h5", skip_mismatch=True)
    assert np.array_equal(other.layers[0].kernel, model.layers[0].kernel)
    assert np.array_equal(other.layers[1].kernel, before[2])


def stack(*units):
    return Sequential([layers.Input((3,)), *[layers.Dense(each) for each in units]])


@pytest.mark.parametrize("end", ["weights.h5", "keras"])
def test_a_file_with_more_layers(end, tmp_path):
    path, large, small = tmp_path / f"a.{end}", stack(4, 4, 4), stack(4)
    large.compile("adam", "mse")
    large.fit(np.ones((2, 3)), np.ones((2, 4)), verbose=0)
    large.save_weights(path) if end == "weights.h5" else large.save(path)
    before = small.get_weights()
    with pytest.raises(ModelFileError, match=r"weights of 2 object\(s\).*'layers/dense_1', 'layers/dense_2'\. `skip"):
        small.load_weights(path)
    assert all(np.array_equal(*pair) for pair in zip(before, small.get_weights(), strict=True))
    with pytest.warns(UserWarning, match="'layers/dense_1', 'layers/dense_2'"):
        small.load_weights(path, skip_mismatch=True)
    assert all(np.array_equal(*pair) for pair in zip(large.layers[0].get_weights(), small.get_weights(), strict=True))
    again = stack(4, 4, 4)
    again.load_weights(path)  # it is not compiled: the state of the optimizer is left alone
    assert all(np.array_equal(*pair) for pair in zip(large.get_weights(), again.get_weights(), strict=True))


def test_more_layers_inside_of_a_layer(tmp_path):
    def made(*units):
        model = Sequential([layers.Input((3,)), stack(*units)])
        return model

    made(3, 3).save_weights(tmp_path / "a.weights.h5")
    with pytest.raises(ModelFileError, match="'layers/sequential/layers/dense_1'"):
        made(3).load_weights(tmp_path / "a.weights.h5")
    large = made(3, 3)
    large.load_weights(tmp_path / "a.weights.h5", objects_to_skip=[large.layers[0].layers[1]])


def test_what_is_skipped(tmp_path):
    model, _ = trained(sequential)
    from minikeras import saving

    before = model.get_weights()
    saving.save_weights(model, tmp_path / "a.weights.h5", objects_to_skip=[model.layers[0]])
    with h5py.File(tmp_path / "a.weights.h5") as file:
        assert sorted(file["layers"]) == ["dense_1", "dropout"]
    model.set_weights([np.zeros_like(weight) for weight in before])
    with pytest.raises(ModelFileError, match="expects 2 arrays, received 0"):
        model.load_weights(tmp_path / "a.weights.h5")
    model.load_weights(tmp_path / "a.weights.h5", objects_to_skip=[model.layers[0]])
    now = model.get_weights()
    assert not now[0].any() and np.array_equal(now[2], before[2])


def test_dtypes(tmp_path):
    """Another precision is converted, another kind of number is not."""
    model = Sequential([layers.Input((3,)), layers.Dense(2)])
    path = tmp_path / "a.weights.h5"
    model.compile("sgd", "mse")

    def write(key, array):
        model.save_weights(path)
        with h5py.File(path, "r+") as file:
            del file[key]
            file[key] = array

    write("layers/dense/vars/1", np.array([0.5, 2], "float64"))
    model.load_weights(path)
    assert model.get_weights()[1].tolist() == [0.5, 2] and model.weights[1].dtype == "float32"
    write("optimizer/vars/0", np.array(3, "uint8"))
    model.load_weights(path)
    assert int(model.optimizer.iterations) == 3
    for key, array in (
        ("layers/dense/vars/1", np.array([1, 2])),
        ("layers/dense/vars/1", np.array([True, False])),
        ("layers/dense/vars/1", np.array([1j, 2j])),
        ("layers/dense/vars/1", np.array([b"a", b"b"])),
        ("optimizer/vars/0", np.array(1.0)),
        ("optimizer/vars/0", np.array(2**64 - 1, "uint64")),
    ):
        write(key, array)
        with pytest.raises(ModelFileError, match=key[:-2]):
            model.load_weights(path)
