"""`tf.nest`: nested structures."""

import pytest

from minikeras.dropin.tensorflow import nest
from minikeras.errors import ArgumentError, ArgumentTypeError


def test_nested_structures():
    assert nest.flatten({"b": 1, "a": [2, (None,)]}) == [2, None, 1] and nest.is_nested(())
    assert nest.map_structure(lambda x, y: x + y, [1, (2,)], [3, (4,)]) == [4, (6,)]
    assert nest.pack_sequence_as([0, {"a": 0}], [1, 2]) == [1, {"a": 2}]
    assert nest.map_structure(lambda x, y: x + y, [1], (2,), check_types=False) == [3]
    nest.assert_same_structure([1], (2,), check_types=False)
    with pytest.raises(ArgumentTypeError):
        nest.assert_same_structure([1], (2,))
    with pytest.raises(ArgumentError):
        nest.assert_same_structure([1], [1, 2])
