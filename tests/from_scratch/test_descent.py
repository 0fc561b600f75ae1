import math
import sys

import numpy as np
import pytest

from minikeras.from_scratch import (
    GD,
    backpropagation,
    cost_function,
    gradient_estimator,
    nn_parameter_maker,
    one_step_gd,
)

PNG = b"\x89PNG\r\n\x1a\n"
X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
Y = np.array([0.0, 1.0, 1.0, 1.0])
QUIET = {"show": False, "progress": False}


@pytest.fixture
def network():
    return nn_parameter_maker([2, 3, 1], seed=0)


def same(ours, theirs):
    return [array.tobytes() for array in ours] == [array.tobytes() for array in theirs]


def test_one_step_by_hand():
    # Output 1/2, wanted 1: delta = 2 (-1/2) 1/4 = -1/4; inputs 1 and -2, learning rate 2.
    new_w, new_b = one_step_gd([[1, -2]], [1], [np.array([[3.0, 1.5]])], [np.zeros((1, 1))], lr=2)
    assert new_w[0].tolist() == [[3.5, 0.5]]
    assert new_b[0].tolist() == [[0.5]]


@pytest.mark.parametrize(("method", "find"), [("backpropagation", backpropagation), ("estimator", gradient_estimator)])
def test_one_step_takes_all_slopes_at_the_old_parameters(network, method, find):
    w, b = network
    w_pds, b_pds = find(X, Y, w, b)
    new_w, new_b = one_step_gd(X, Y, w, b, 0.3, method=method)
    assert same(new_w, [array - 0.3 * slope for array, slope in zip(w, w_pds, strict=True)])
    assert same(new_b, [array - 0.3 * slope for array, slope in zip(b, b_pds, strict=True)])


@pytest.mark.parametrize("method", ["backpropagation", "estimator"])
def test_training_is_many_steps(network, method):
    w, b = network
    before = [array.copy() for array in [*w, *b]]
    errors = ["what was there"]
    trained_w, trained_b = GD(X, Y, w, b, 5, 0.5, method=method, errors=errors, **QUIET)
    expected_w, expected_b, expected = w, b, [cost_function(X, Y, w, b)]
    for _ in range(5):
        expected_w, expected_b = one_step_gd(X, Y, expected_w, expected_b, 0.5, method)
        expected.append(cost_function(X, Y, expected_w, expected_b))
    assert same(trained_w, expected_w) and same(trained_b, expected_b)
    assert errors == ["what was there", *expected]
    assert same([*w, *b], before)


def test_training_learns(network):
    w, b = GD(X, Y, *network, epoch=2000, lr=2.0, **QUIET)
    assert cost_function(X, Y, *network) > 0.1
    assert cost_function(X, Y, w, b) < 0.005


def test_float32_stays_float32(network):
    w, b = ([array.astype("float32") for array in arrays] for arrays in network)
    trained_w, trained_b = GD(X, Y, w, b, 2, np.float64(0.5), **QUIET)
    assert {array.dtype for array in [*trained_w, *trained_b]} == {np.dtype("float32")}


def test_the_progress_bar(network, capsys):
    errors = []
    GD(X, Y, *network, 30, 0.1, show=False, errors=errors)
    printed = capsys.readouterr().out
    assert printed.startswith("100%|") and "| 30/30 [" in printed
    assert f"error {errors[-1]:.4g}]" in printed
    GD(X, Y, *network, 3, 0.1, **QUIET)
    assert capsys.readouterr().out == ""


def test_the_curve_is_saved(network, tmp_path, capsys):
    GD(X, Y, *network, 3, 0.1, show=False, progress=False, save_to=tmp_path / "curve.PNG")
    assert (tmp_path / "curve.PNG").read_bytes().startswith(PNG)
    GD(X, Y, *network, 3, 0.1, show=False, progress=False, save_to=str(tmp_path / "curve.svg"))
    assert b"<svg" in (tmp_path / "curve.svg").read_bytes()
    assert capsys.readouterr().out == ""


def test_the_curve_is_shown_by_default(network, capsys):
    # Without a screen a line says that there is none.
    GD(X, Y, *network, 3, 0.1, progress=False)
    assert "The curve of errors is not shown" in capsys.readouterr().out


def test_without_matplotlib(network, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    errors = []
    for options in ({}, {"show": False, "save_to": tmp_path / "curve.png"}):
        with pytest.raises(ImportError, match=r'GD draws.*pip install "minikeras\[plot\]".*show=False'):
            GD(X, Y, *network, 3, 0.1, errors=errors, **options)
    assert errors == []  # before any training
    GD(X, Y, *network, 3, 0.1, **QUIET)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"lr": math.nan}, ValueError, "lr: expected a finite number; received nan"),
        ({"lr": math.inf}, ValueError, "lr: expected a finite number; received inf"),
        ({"lr": "0.1"}, TypeError, "lr: expected a number; received '0.1'"),
        ({"method": "newton"}, ValueError, "method: expected 'backpropagation' or 'estimator'; received 'newton'"),
        ({"y": Y[:3]}, ValueError, "X and y: expected as many rows in both.*received 4 and 3"),
        ({"X": X.T[:, :3]}, ValueError, r"X \(layer 0\): expected shape \(m, 2\)"),
        ({"w": []}, ValueError, "w: expected a list with one array per layer; received an empty list"),
        ({"b": [np.zeros((3, 1)), np.zeros((2, 1))]}, ValueError, r"b\[1\] \(of layer 2\): expected shape \(1, 1\)"),
    ],
)
def test_wrong_arguments(network, change, error, message):
    arguments = {"X": X, "y": Y, "w": network[0], "b": network[1], "lr": 0.1} | change
    with pytest.raises(error, match=f"^one_step_gd: {message}"):
        one_step_gd(**arguments)
    with pytest.raises(error, match=f"^GD: {message}"):
        GD(**arguments, epoch=2, **QUIET)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"epoch": 0}, ValueError, "epoch: expected an integer of at least 1; received 0"),
        ({"epoch": 2.0}, TypeError, r"epoch: expected an integer; received 2.0"),
        ({"errors": ()}, TypeError, r"errors: expected a list to append to; received \(\)"),
        ({"save_to": "no/such/folder/curve.png"}, ValueError, "save_to: there is no folder"),
        ({"save_to": "curve.doc"}, ValueError, "save_to: expected a name that ends in one of .*'png'.*'curve.doc'"),
        ({"save_to": 3}, TypeError, "save_to: expected a file name; received 3"),
    ],
)
def test_wrong_options_of_the_training(network, change, error, message):
    with pytest.raises(error, match=f"^GD: {message}"):
        GD(**{"X": X, "y": Y, "w": network[0], "b": network[1], "epoch": 2, "lr": 0.1, **QUIET} | change)
