"""Batches are packed and unpacked as Keras does it."""

import pytest

from minikeras.errors import ArgumentError
from minikeras.utils import pack_x_y_sample_weight, unpack_x_y_sample_weight


def test_unpack():
    assert unpack_x_y_sample_weight(1) == unpack_x_y_sample_weight((1,)) == unpack_x_y_sample_weight([1])
    assert unpack_x_y_sample_weight(1) == (1, None, None)
    assert unpack_x_y_sample_weight((1, 2)) == (1, 2, None) and unpack_x_y_sample_weight([1, 2, 3]) == (1, 2, 3)
    assert unpack_x_y_sample_weight({"a": 1}) == ({"a": 1}, None, None)
    for wrong in ((), (1, 2, 3, 4)):
        with pytest.raises(ArgumentError, match="A batch is `x`"):
            unpack_x_y_sample_weight(wrong)


def test_pack():
    assert pack_x_y_sample_weight(1) == 1 and pack_x_y_sample_weight([1]) == ([1],)
    assert pack_x_y_sample_weight((1,)) == ((1,),) and pack_x_y_sample_weight({"a": 1}) == {"a": 1}
    assert pack_x_y_sample_weight(1, 2) == (1, 2) and pack_x_y_sample_weight(1, 2, 3) == (1, 2, 3)
    assert pack_x_y_sample_weight(1, None, 3) == (1, None, 3)  # Keras drops the weights here


def test_back_and_forth():
    for parts in ((1, None, None), ([1], None, None), (1, 2, None), (1, 2, 3), ((1, 2), None, None)):
        assert unpack_x_y_sample_weight(pack_x_y_sample_weight(*parts)) == parts
