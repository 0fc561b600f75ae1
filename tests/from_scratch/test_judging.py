import numpy as np
import pytest

from minikeras.from_scratch.judging import (
    MistakeError,
    Suspicion,
    call,
    compare,
    compare_layers,
    compare_parameters,
    compare_structure,
    judge,
    single_number,
)


def kind_of(function, *arguments, **options):
    with pytest.raises(MistakeError) as caught:
        function(*arguments, **options)
    return caught.value.kind


def test_judge_prints_one_line(capsys):
    def wrong(function):
        raise MistakeError("missing bias", "add it.")

    judge("f", abs, lambda function: None)
    judge("f", abs, lambda function: "Well done.")
    judge("f", abs, wrong)
    assert capsys.readouterr().out.splitlines() == [
        "f: right.",
        "f: right. Well done.",
        "f: not yet. Missing bias: add it.",
    ]


def test_call_gives_copies():
    x, w = np.ones(2), [np.ones(2)]
    seen = []
    assert call(lambda a, b: seen.extend([a, b]) or 5, x=x, w=w) == 5
    assert seen[0] is not x and seen[1][0] is not w[0]
    np.testing.assert_array_equal(seen[1][0], w[0])


@pytest.mark.parametrize(
    "change",
    [
        lambda x, w: x.fill(7) or 1,
        lambda x, w: w[0].fill(7) or 1,
        lambda x, w: w.append(1) or 1,
        lambda x, w: w.pop() is not None,
        lambda x, w: w.__setitem__(0, w[0][:1]) or 1,
    ],
)
def test_call_sees_a_changed_input(change):
    x, w = np.ones(2), [np.ones(2), np.ones(3)]
    assert kind_of(call, change, x=x, w=w) == "changed input"
    assert x.tolist() == [1, 1] and [len(array) for array in w] == [2, 3]


def test_call_tells_of_errors_and_of_nothing():
    assert kind_of(call, lambda x: x.no, x=np.ones(2)) == "error"
    assert kind_of(call, lambda x: None, x=np.ones(2)) == "nothing returned"
    with pytest.raises(MistakeError, match=r"ZeroDivisionError: .* \(x a single number, w a list of 2\)"):
        call(lambda x, w: x / 0, x=1, w=[1, 2])
    with pytest.raises(KeyboardInterrupt):
        call(interrupt, x=1)


def interrupt(x):
    raise KeyboardInterrupt


def test_compare():
    expected = np.array([[1.0, 2.0], [3.0, 4.0]])
    compare("it", expected + 1e-10, expected)
    compare("it", expected.tolist(), expected)
    assert kind_of(compare, "it", expected.T, expected) == "transpose"
    assert kind_of(compare, "it", -expected, expected) == "sign"
    assert kind_of(compare, "it", expected + 1e-8, expected) == "value"
    assert kind_of(compare, "it", np.full((2, 2), np.nan), expected) == "value"
    assert kind_of(compare, "it", expected[:1], expected) == "shape"
    assert kind_of(compare, "it", expected[:1].T, expected[:1]) == "transpose"
    assert kind_of(compare, "it", "text", expected) == "shape"
    assert kind_of(compare, "it", [[1], [2, 3]], expected) == "shape"
    compare("it", expected + 0.1, expected, tolerance=0.2)


def test_compare_asks_suspicions_in_order():
    suspicions = [Suspicion("first", "one.", [1, 2]), Suspicion("second", "two.", [1, 2])]
    assert kind_of(compare, "it", [1, 2], [3, 4], suspicions) == "first"
    compare("it", [3, 4], [3, 4], [Suspicion("first", "one.", [3, 4])])


def test_single_number():
    assert single_number("it", np.float64(2)) == 2.0
    assert single_number("it", True) == 1.0
    assert kind_of(single_number, "it", np.ones(1)) == "shape"
    assert kind_of(single_number, "it", "a") == "shape"


def test_compare_parameters():
    names, expected = ("w", "b"), ([np.array([[1.0, 2.0]])], [np.array([[3.0]])])
    compare_parameters(names, expected, expected)
    compare_parameters(names, ([[[1, 2]]], ([[3]],)), expected)
    close = ([np.array([[1.0, 2.0]])], [np.array([[3.1]])])
    assert (
        kind_of(compare_parameters, names, close, expected, [Suspicion("missing bias", "so.", close)]) == "missing bias"
    )
    assert kind_of(compare_parameters, names, close, expected) == "value"
    # A suspicion may ask for more likeness than the answer has to have.
    near = Suspicion("near", "so.", ([np.array([[1.0, 2.0]])], [np.array([[3.2]])]))
    assert kind_of(compare_parameters, names, close, expected, [near], tolerance=0.01) == "value"
    far = ([np.array([[1.0, 9.0]])], [np.array([[3.1]])])
    assert kind_of(compare_parameters, names, far, expected, [near], tolerance=0.2) == "value"
    near = near._replace(result=([np.array([[1.0, 9.0]])], [np.array([[3.2]])]))
    assert kind_of(compare_parameters, names, far, expected, [near], tolerance=0.2) == "near"
    assert kind_of(compare_parameters, names, far, expected, [near._replace(tolerance=0.05)], tolerance=0.2) == "value"


@pytest.mark.parametrize(
    ("received", "kind"),
    [
        (3, "shape"),
        (([np.ones((3, 2))],), "shape"),
        ([np.ones((3, 2)), np.ones((1, 3))], "missing bias"),
        (([np.ones((3, 2)), np.ones((1, 3))], []), "missing bias"),
        (([np.ones((3, 2))], [np.ones((3, 1)), np.ones((1, 1))]), "shape"),
        (([np.ones((2, 3)), np.ones((1, 3))], [np.ones((3, 1)), np.ones((1, 1))]), "transpose"),
        (([np.ones((3, 2)), np.ones((1, 3))], [np.ones(3), np.ones((1, 1))]), "shape"),
        (([np.ones((3, 2)), "x"], [np.ones((3, 1)), np.ones((1, 1))]), "shape"),
        ((np.ones((3, 2)), [np.ones((3, 1)), np.ones((1, 1))]), "shape"),
    ],
)
def test_compare_structure(received, kind):
    shapes = [[(3, 2), (1, 3)], [(3, 1), (1, 1)]]
    assert kind_of(compare_structure, ("w", "b"), received, shapes) == kind


def test_compare_structure_gives_arrays():
    pair = compare_structure(("w", "b"), ([[[1, 2]]], [[[3]]]), [[(1, 2)], [(1, 1)]])
    assert [array.tolist() for arrays in pair for array in arrays] == [[[1, 2]], [[3]]]


def test_compare_layers():
    expected = [np.array([[1.0, 2.0]]), np.array([[3.0]])]
    compare_layers("w", tuple(expected), expected)
    assert kind_of(compare_layers, "w", expected[0], expected) == "shape"
    assert kind_of(compare_layers, "w", expected[:1], expected) == "shape"
    assert kind_of(compare_layers, "w", [expected[0].T, expected[1]], expected) == "transpose"
    other = [expected[0], expected[1] + 1]
    assert kind_of(compare_layers, "w", other, expected) == "value"
    assert kind_of(compare_layers, "w", other, expected, [Suspicion("sign", "so.", [other])]) == "sign"
