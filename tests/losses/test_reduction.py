import numpy as np
import pytest

from minikeras.compiler.step import Step
from minikeras.engine.replicas import in_step
from minikeras.errors import ShapeError, UnknownNameError
from minikeras.losses.reduction import (
    REDUCTIONS,
    apply_mask,
    check_fit,
    reduce_weighted_values,
    squeeze_or_expand_to_same_rank,
    standardize_reduction,
)
from tests.distribution.groups import Answers, shared


@pytest.mark.parametrize("reduction", REDUCTIONS)
def test_known_reductions(reduction):
    assert standardize_reduction(reduction) == reduction


def test_unknown_reduction():
    with pytest.raises(UnknownNameError, match="Did you mean 'mean'"):
        standardize_reduction("means")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((5,), (5, 1), ((5, 1), (5, 1))),
        ((5, 1), (5,), ((5, 1), (5, 1))),
        ((5, 2), (5, 2, 1), ((5, 2), (5, 2))),
        ((5, 2, 1), (5, 2), ((5, 2), (5, 2))),
        ((5,), (5, 2), ((5,), (5, 2))),
        ((), (1,), ((), ())),
        ((5,), (5, 1, 1), ((5,), (5, 1, 1))),
    ],
)
def test_ranks(first, second, expected):
    result = squeeze_or_expand_to_same_rank(np.zeros(first), np.ones(second))
    assert tuple(value.shape for value in result) == expected
    assert not result[0].any() and result[1].all()


def test_mask_for_a_mean():
    weights = apply_mask(None, np.array([True, False, True, True]), "float32", "mean")
    np.testing.assert_allclose(weights, [4 / 3, 0, 4 / 3, 4 / 3])


def test_mask_for_a_sum():
    result = apply_mask(np.float32([2, 2]), np.array([True, False]), "float32", "sum")
    np.testing.assert_allclose(result, [2, 0])
    assert result.dtype == np.float32


def test_mask_that_leaves_nothing():
    mask = np.array([False, False])
    assert reduce_weighted_values(np.float32([1, 2]), mask=mask, dtype="float32") == 0


def test_no_mask():
    assert apply_mask(None, None, "float32", "sum") is None
    weights = np.float32([1, 2])
    assert apply_mask(weights, None, "float32", "sum") is weights


def test_mask_makes_the_mean_one_of_the_valid_values():
    result = reduce_weighted_values(np.float32([1, 2, 6]), mask=np.array([True, True, False]), dtype="float32")
    np.testing.assert_allclose(result, 1.5)


def test_mean_over_several_axes():
    np.testing.assert_allclose(reduce_weighted_values(np.float32([[1, 2, 3], [4, 5, 9]]), dtype="float32"), 4)


def test_mean_over_nothing():
    assert reduce_weighted_values(np.zeros((0, 3), "float32"), dtype="float32") == 0
    assert reduce_weighted_values(np.zeros(0, "float32"), dtype="float32").shape == (0,)


def test_scalars_are_reduced_already():
    np.testing.assert_allclose(reduce_weighted_values(np.float32(3), sample_weight=2.0, dtype="float32"), 6)


def test_shapes_that_do_not_fit():
    assert check_fit("here", np.zeros((2, 1)), np.zeros((2, 3)), "a", "b") == (2, 3)
    with pytest.raises(ShapeError, match=r"here: the a have shape \(2,\) and the b shape \(3,\)"):
        check_fit("here", np.zeros(2), np.zeros(3), "a", "b")


@pytest.mark.parametrize(
    ("reduction", "weights", "mask", "others", "expected"),
    [
        ("sum_over_batch_size", None, None, [], 2.0),
        ("sum", None, None, [], 4 * 4.0),  # the shares add up to the sum: 1/4 of it here
        ("mean_with_sample_weight", [2.0, 1.0], None, [5.0], 4 * (2 * 1 + 3) / (2 + 1 + 5)),
        ("mean", None, [True, False], [3.0], 4 * 1 / (1 + 3)),
        ("mean_with_sample_weight", [2.0, 1.0], [True, False], [5.0], 4 * 2 / (2 + 5)),
    ],
)
def test_parts_of_a_batch(reduction, weights, mask, others, expected):
    """This process has 2 of 8 rows; `others` is the sum of the weights in the other processes."""

    def step(values):
        found = None if mask is None else np.array(mask)
        return reduce_weighted_values(values, weights, found, reduction, "float64")

    with shared(Answers(*others)) as replicas:
        replicas.set_rows(2, 8)
        found = Step(in_step("test", step), "test")(np.array([1.0, 3.0]))
        assert found == pytest.approx(expected, rel=1e-15) and not replicas.group.answers


@pytest.mark.parametrize("reduction", ["sum", "mean_with_sample_weight"])
def test_without_rows_nothing_counts(reduction):
    def step(values):
        return reduce_weighted_values(values, [7.0], None, reduction, "float64")

    with shared(Answers(3.0)) as replicas:
        replicas.set_rows(0, 1)
        assert Step(in_step("test", step), "test")(np.array([5.0])) == 0
        assert [array.tolist() for _, array in replicas.group.calls] == ([] if reduction == "sum" else [0])
