import sys

import numpy as np

from minikeras.callbacks.curves import draw_curves


def test_panels_and_lines():
    history = {"accuracy": [0.5, 0.6], "loss": [2.0, 1.0], "val_accuracy": [0.4, 0.5], "val_only": [1.0, 2.0]}
    figure = draw_curves(history, [4, 5])
    assert [axes.get_ylabel() for axes in figure.axes] == ["accuracy", "loss", "val_only"]
    drawn = {line.get_label(): line.get_xydata().tolist() for line in figure.axes[0].lines}
    assert drawn == {"training": [[5, 0.5], [6, 0.6]], "validation": [[5, 0.4], [6, 0.5]]}
    assert all(len(axes.lines) == 1 for axes in figure.axes[1:])


def test_more_panels_than_fit_in_a_row():
    figure = draw_curves({name: [1.0] for name in "abcd"}, [0])
    assert len(figure.axes) == 6
    assert [axes.axison for axes in figure.axes] == [True] * 4 + [False] * 2


def test_what_is_not_a_number_an_epoch_is_left_out():
    history = {"loss": [1.0, 2.0], "matrix": [np.eye(2), np.eye(2)], "late": [1.0], "text": ["a", "b"]}
    (axes,) = draw_curves(history, [0, 1]).axes
    assert axes.get_ylabel() == "loss"
    assert draw_curves({}, []) is None and draw_curves({"loss": []}, []) is None


def test_nan_is_drawn_as_a_gap():
    (axes,) = draw_curves({"loss": [1.0, np.nan, 2.0]}, [0, 1, 2]).axes
    np.testing.assert_array_equal(axes.lines[0].get_ydata(), [1, np.nan, 2])


def test_without_matplotlib(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)  # as if it were not installed
    monkeypatch.delitem(sys.modules, "matplotlib.figure", raising=False)
    assert draw_curves({"loss": [1.0]}, [0]) is None
