import numpy as np
import pytest

from minikeras.errors import ArgumentError, ArgumentTypeError, DataError, LegacyWarning
from minikeras.utils import normalize, to_categorical


class TestToCategorical:
    def test_rows(self):
        result = to_categorical([0, 2, 1])
        assert result.dtype == np.float64
        np.testing.assert_array_equal(result, [[1, 0, 0], [0, 0, 1], [0, 1, 0]])

    def test_more_classes_than_labels(self):
        np.testing.assert_array_equal(to_categorical([1], 4), [[0, 1, 0, 0]])

    def test_zero_classes_means_inferred(self):
        np.testing.assert_array_equal(to_categorical([1], 0), [[0, 1]])

    @pytest.mark.parametrize("dtype", ["uint8", "int8", "int64", "uint64", "float32", "float64", "bool"])
    def test_dtypes(self, dtype):
        np.testing.assert_array_equal(to_categorical(np.array([1, 0, 1], dtype)), [[0, 1], [1, 0], [0, 1]])

    @pytest.mark.parametrize(
        ("shape", "expected"),
        [((), (5,)), ((3,), (3, 5)), ((3, 1), (3, 5)), ((1,), (1, 5)), ((2, 3), (2, 3, 5)), ((2, 3, 1), (2, 3, 5))],
    )
    def test_shapes(self, shape, expected):
        result = to_categorical(np.full(shape, 4), 5)
        assert result.shape == expected
        assert (result[..., 4] == 1).all() and not result[..., :4].any()

    def test_order_of_a_matrix_is_kept(self):
        np.testing.assert_array_equal(to_categorical([[0, 1], [2, 0]]).argmax(-1), [[0, 1], [2, 0]])

    def test_empty_with_num_classes(self):
        assert to_categorical([], 3).shape == (0, 3)

    def test_empty_without_num_classes(self):
        with pytest.raises(DataError, match="`x` is empty.*pass `num_classes`"):
            to_categorical([])

    def test_input_is_not_changed(self):
        labels = np.array([[1], [0]])
        to_categorical(labels)
        np.testing.assert_array_equal(labels, [[1], [0]])

    @pytest.mark.parametrize(("labels", "first"), [([0, 3, 7], "3"), ([0, -1], "-1")])
    def test_out_of_range(self, labels, first):
        with pytest.raises(DataError, match=f"from 0 to 2.*first is {first};"):
            to_categorical(labels, 3)

    def test_negative_without_num_classes(self):
        with pytest.raises(DataError, match="first is -2;"):
            to_categorical([-2, -1])

    @pytest.mark.parametrize("labels", [[0.5, 1.0], [np.nan], [np.inf, 0]])
    def test_not_whole(self, labels):
        with pytest.raises(DataError, match="must contain integers"):
            to_categorical(labels, 3)

    @pytest.mark.parametrize("labels", [["1", "2"], np.array([1, None], object), [1j]])
    def test_not_numbers(self, labels):
        with pytest.raises(DataError, match="dtype"):
            to_categorical(labels, 3)

    @pytest.mark.parametrize("num_classes", [3.0, "3", True, [3]])
    def test_num_classes_of_wrong_type(self, num_classes):
        with pytest.raises(ArgumentTypeError, match="num_classes"):
            to_categorical([1], num_classes)

    def test_negative_num_classes(self):
        with pytest.raises(ArgumentError, match="num_classes=-1"):
            to_categorical([0], -1)


class TestNormalize:
    def test_rows(self):
        result = normalize(np.array([[3.0, 4.0], [0.0, 0.0], [5.0, 12.0]]))
        np.testing.assert_allclose(result, [[0.6, 0.8], [0, 0], [5 / 13, 12 / 13]], rtol=1e-15)

    def test_columns_of_a_square(self):
        # where an axis mix-up would not show in the shape
        np.testing.assert_allclose(normalize(np.array([[3.0, 0.0], [4.0, 2.0]]), axis=0), [[0.6, 0], [0.8, 1]])

    def test_columns(self):
        result = normalize(np.array([[3.0, 0.0, 1.0], [4.0, 2.0, 0.0]]), axis=0)
        np.testing.assert_allclose(result, [[0.6, 0, 1], [0.8, 1, 0]])

    def test_middle_axis(self):
        np.testing.assert_allclose(normalize(np.ones((2, 4, 3)), axis=1), np.full((2, 4, 3), 0.5))

    def test_orders(self):
        x = np.array([[1.0, -3.0]])
        np.testing.assert_allclose(normalize(x, order=1), [[0.25, -0.75]])
        np.testing.assert_allclose(normalize(x, order=3), x / 28 ** (1 / 3))
        np.testing.assert_allclose(normalize(x, order=np.inf), [[1 / 3, -1]])

    def test_whole_array(self):
        np.testing.assert_allclose(normalize([[1.0, 1.0], [1.0, 1.0]], axis=None), np.full((2, 2), 0.5))

    def test_matrix_norm_of_an_array(self):
        # the largest singular value of diag(2, 4) is 4
        np.testing.assert_allclose(normalize(np.diag([2.0, 4.0]), axis=None), np.diag([0.5, 1.0]))

    @pytest.mark.parametrize("axis", [-1, 0, None])
    def test_one_dimension(self, axis):
        result = normalize(np.array([3.0, 4.0]), axis)
        assert result.shape == (1, 2)
        np.testing.assert_allclose(result, [[0.6, 0.8]])

    def test_float32_stays(self):
        assert normalize(np.ones((2, 3), "float32")).dtype == np.float32
        assert normalize(np.ones((2, 3), "int32")).dtype == np.float64

    def test_list_becomes_float32(self):
        result = normalize([[3, 4], [0, 0]])
        assert result.dtype == np.float32
        np.testing.assert_allclose(result, [[0.6, 0.8], [0, 0]], rtol=1e-6)
        np.testing.assert_allclose(normalize([[1, 3]], order=1), [[0.25, 0.75]])

    def test_list_of_negative_numbers_with_odd_order(self):
        np.testing.assert_allclose(
            normalize([[-1.0, -2.0]], order=3), np.array([[-1.0, -2.0]]) / 9 ** (1 / 3), rtol=1e-6
        )

    def test_list_on_several_axes(self):
        np.testing.assert_allclose(normalize([[[1.0, 1.0], [1.0, 1.0]]], axis=(1, 2)), np.full((1, 2, 2), 0.5))

    def test_input_is_not_changed(self):
        x = np.zeros((1, 2))
        normalize(x)
        np.testing.assert_array_equal(x, [[0, 0]])

    @pytest.mark.parametrize("order", [0, -1, 1.5, np.inf, True, "2"])
    def test_order_refused_for_lists(self, order):
        with pytest.raises(ArgumentError, match="`order` must be a positive integer"):
            normalize([[1.0, 2.0]], order=order)


def test_arguments_of_keras_1_and_2():
    with pytest.warns(LegacyWarning, match=r"`to_categorical\(num_classes=...\)`"):
        assert to_categorical([1], nb_classes=3).tolist() == [[0, 1, 0]]
    with pytest.warns(LegacyWarning, match=r"`to_categorical\(...\).astype\('int32'\)`"):
        assert to_categorical([1], dtype="int32").dtype == "int32"
    with pytest.raises(ArgumentTypeError, match="unknown arguments. Received: classes"):
        to_categorical([1], classes=3)
