import sys

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.contour import QuadContourSet
from matplotlib.patches import Circle

from minikeras.from_scratch import draw_decision, draw_errors, draw_network, nn_parameter_maker, predict
from minikeras.from_scratch.drawing import check_picture_path, save_errors, show_errors

PNG = b"\x89PNG\r\n\x1a\n"
W, B = [np.array([[1.0, -2.0], [0.5, 0.0], [4.0, 1.0]]), np.array([[-1.0, 2.0, 3.0]])], [np.ones((3, 1)), [[-4.0]]]


def circles(axes):
    return [patch for patch in axes.patches if isinstance(patch, Circle)]


def edges(axes):
    """The ends of all lines with their colours; those drawn on top are left."""
    found = {}
    for collection in axes.collections:
        assert isinstance(collection, LineCollection)
        colours = np.resize(collection.get_colors(), (len(collection.get_segments()), 4))
        for segment, colour in zip(collection.get_segments(), colours, strict=True):
            found[tuple(map(tuple, segment.round(6).tolist()))] = tuple(colour)
    return found


def test_network_without_parameters():
    figure = draw_network([2, 3, 1])
    (axes,) = figure.axes  # no bar of colours
    assert len(circles(axes)) == 6
    assert len(edges(axes)) == 2 * 3 + 3 * 1
    columns = [circle.center[0] for circle in circles(axes)]
    assert sorted(set(columns)) == [0.0, 2.2, 4.4] and columns.count(2.2) == 3


def test_network_with_parameters():
    figure = draw_network([2, 3, 1], W, B)
    axes, bar = figure.axes
    assert bar.get_ylabel() == "weight (lines), bias (circles)"
    assert bar.get_ylim() == (-4, 4)
    scale = matplotlib.colormaps["RdBu_r"]

    def colour(value):
        return pytest.approx(scale((value + 4) / 8))

    places = {round(circle.center[0], 1): [] for circle in circles(axes)}
    for circle in circles(axes):
        places[round(circle.center[0], 1)].append(circle)
    found = edges(axes)
    for k, (x, after) in enumerate([(0.0, 2.2), (2.2, 4.4)]):
        for j, start in enumerate(places[x]):
            for i, end in enumerate(places[after]):
                assert found[(start.center, end.center)] == colour(W[k][i, j])
    assert [circle.get_facecolor() for circle in places[0.0]] == [(1, 1, 1, 1)] * 2
    assert [circle.get_facecolor() for circle in places[2.2]] == [colour(1.0)] * 3
    assert places[4.4][0].get_facecolor() == colour(-4.0)
    assert places[2.2][0].center[1] > places[2.2][1].center[1]  # neuron 0 is on top


def test_a_red_weight_is_positive():
    red, _, blue, _ = matplotlib.colormaps["RdBu_r"](1.0)
    assert red > blue


def test_large_layers_have_a_gap():
    w, b = nn_parameter_maker([784, 12, 13], seed=0)
    axes = draw_network([784, 12, 13], w, b).axes[0]
    assert len(circles(axes)) == 11 + 12 + 11
    texts = [text.get_text() for text in axes.texts]
    assert texts.count("⋮") == 2
    assert "layer 0\n784 inputs" in texts and "layer 2\n13 neurons" in texts
    # The last one drawn is the last one there is.
    (lowest,) = (
        c for c in circles(axes) if c.center[0] == 0 and c.center[1] == min(d.center[1] for d in circles(axes))
    )
    strongest = edges(axes)
    top = next(c for c in circles(axes) if round(c.center[0], 1) == 2.2)
    value = w[0][0, 783] / max(np.abs(array).max() for array in [*w, *b])
    expected = matplotlib.colormaps["RdBu_r"]((value + 1) / 2)
    assert strongest[(lowest.center, top.center)] == pytest.approx(expected)


def test_a_network_of_zeros():
    draw_network([1, 1], [np.zeros((1, 1))], [np.zeros((1, 1))])


@pytest.mark.parametrize("sizes", [[1, 1], [2, 3, 1], [20, 20]])
def test_pictures_of_networks_are_written(sizes, tmp_path):
    draw_network(sizes, *nn_parameter_maker(sizes, seed=0)).savefig(tmp_path / "network.png")
    assert (tmp_path / "network.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: draw_network([2]), ValueError, "draw_network: sizes: expected at least two numbers"),
        (lambda: draw_network([2, 0]), ValueError, r"sizes\[1\] \(layer 1\): expected an integer of at least 1"),
        (lambda: draw_network([2, 3, 1], W), TypeError, "expected w and b, or neither; received only w"),
        (lambda: draw_network([2, 3, 1], b=B), TypeError, "expected w and b, or neither; received only b"),
        (lambda: draw_network([2, 4, 1], W, B), ValueError, r"sizes\[1\] \(layer 1\): expected 3,.*; received 4"),
        (lambda: draw_network([3, 3, 1], W, B), ValueError, r"sizes\[0\] \(layer 0\): expected 2,.*; received 3"),
        (lambda: draw_network([2, 3], W, B), ValueError, "expected w to have 1 arrays.*; received 2"),
        (lambda: draw_network([2, 3, 1], W, [B[0].T, B[1]]), ValueError, r"b\[0\] \(of layer 1\).*transposed"),
    ],
)
def test_wrong_networks(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_decision():
    w, b = nn_parameter_maker([2, 3, 1], seed=1)
    X, y = np.array([[0.0, 0.0], [10.0, 5.0], [4.0, 1.0]]), [0, 1, 1]
    figure = draw_decision(w, b, X, y, title="Near?")
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel(), axes.get_title()) == ("x1", "x2", "Near?")
    # A tenth more on each side than the points need.
    assert axes.get_xlim() == pytest.approx((-1, 11)) and axes.get_ylim() == pytest.approx((-0.5, 5.5))
    dots = [each for each in axes.collections if isinstance(each, PathCollection)]
    drawn = {dot.get_label(): dot.get_offsets().tolist() for dot in dots}
    assert drawn == {"wanted: 0": [[0, 0]], "wanted: 1": [[10, 5], [4, 1]]}


def test_the_line_is_where_the_answer_is_one_half():
    # sigmoid(2 x1 - x2) is 1/2 on x2 = 2 x1, and the second output on x2 = -x1.
    w, b = [np.array([[2.0, -1.0], [3.0, 3.0]])], [np.zeros((2, 1))]
    for output, slope in [(0, 2.0), (1, -1.0)]:
        axes = draw_decision(w, b, output=output).axes[0]
        _, line = (each for each in axes.collections if isinstance(each, QuadContourSet))
        points = line.get_paths()[0].vertices
        assert len(points) > 50
        np.testing.assert_allclose(points[:, 1], slope * points[:, 0], atol=1e-3)
        assert axes.get_xlim() == axes.get_ylim() == (-1, 1)


def test_the_colours_are_the_answers():
    w, b = nn_parameter_maker([2, 3, 1], seed=1)
    filled = draw_decision(w, b).axes[0].collections[0]
    corner = float(predict([[-1, -1]], w, b)[0, 0])
    (level,) = (k for k, path in enumerate(filled.get_paths()) if path.contains_point((-0.999, -0.999)))
    assert filled.levels[level] <= corner <= filled.levels[level + 1]


def test_decision_without_a_line_and_with_plain_points(tmp_path):
    w, b = [np.zeros((1, 2))], [np.full((1, 1), 3.0)]
    figure = draw_decision(w, b, X=[[1, 1]])
    axes = figure.axes[0]
    assert len([each for each in axes.collections if isinstance(each, QuadContourSet)]) == 1
    assert axes.get_xlim() == (0, 2)  # one point has no extent
    figure.savefig(tmp_path / "decision.png")
    assert (tmp_path / "decision.png").read_bytes().startswith(PNG)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            {"w": [np.ones((1, 3))], "b": [np.ones((1, 1))]},
            ValueError,
            r"w\[0\] \(from layer 0 to layer 1\): expected 2",
        ),
        ({"w": [], "b": []}, ValueError, "w: .*received an empty list"),
        ({"y": [1]}, TypeError, "y was given without X"),
        ({"X": [[1, 2, 3]]}, ValueError, r"X \(layer 0\): expected shape \(m, 2\)"),
        ({"X": [[1, 2]], "y": [1, 0]}, ValueError, "X and y: expected as many rows in both.*received 1 and 2"),
        ({"X": [[1, 2]], "y": [[1, 0]]}, ValueError, r"y \(layer 2\): expected shape \(1, 1\).*shape \(1, 2\)"),
        ({"output": 1}, IndexError, "output is out of range: there are 1 outputs, 0 to 0; received 1"),
    ],
)
def test_wrong_decisions(arguments, error, message):
    with pytest.raises(error, match=f"^draw_decision: {message}"):
        draw_decision(**{"w": W, "b": B} | arguments)


def test_error_curve(tmp_path):
    axes = draw_errors([0.5, 0.25, 0.125]).axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("epoch", "error")
    assert axes.lines[0].get_xydata().tolist() == [[0, 0.5], [1, 0.25], [2, 0.125]]
    assert axes.get_ylim()[0] == 0
    save_errors([0.5, 0.25], tmp_path / "curve.png")
    assert (tmp_path / "curve.png").read_bytes().startswith(PNG)
    for errors, message in [([], "expected a list of numbers"), ([[1.0]], "expected a list of numbers")]:
        with pytest.raises(ValueError, match=message):
            draw_errors(errors)


def test_no_screen_means_a_line_of_text(capsys, monkeypatch):
    monkeypatch.setattr(plt, "get_backend", lambda: "Agg")
    show_errors([1.0, 0.5])
    assert capsys.readouterr().out == (
        "The curve of errors is not shown: matplotlib's backend 'Agg' has no screen. Use save_to=...\n"
    )
    show_errors([1.0, 0.5], saved=True)
    assert capsys.readouterr().out == ""
    assert plt.get_fignums() == []


def test_a_screen_gets_the_curve(monkeypatch):
    shown = []
    monkeypatch.setattr(plt, "get_backend", lambda: "QtAgg")
    monkeypatch.setattr(plt, "show", lambda: shown.append(plt.gca().lines[0].get_ydata().tolist()))
    show_errors([1.0, 0.5])
    plt.close("all")
    assert shown == [[1.0, 0.5]]


@pytest.mark.parametrize(
    "draw", [lambda: draw_network([2, 1]), lambda: draw_decision(W, B), lambda: draw_errors([1.0])]
)
def test_without_matplotlib(draw, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(ImportError, match=r'draw_\w+ draws with matplotlib.*pip install "minikeras\[plot\]"\.$'):
        draw()


def test_paths(tmp_path):
    check_picture_path("f", tmp_path / "a.png")
    check_picture_path("f", "a.svg")
    with pytest.raises(ValueError, match="f: save_to: expected a name that ends in one of"):
        check_picture_path("f", tmp_path / "png")
