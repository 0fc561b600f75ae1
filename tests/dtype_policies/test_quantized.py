"""Policies of quantized layers, which are refused."""

import pytest

from minikeras import dtype_policies
from minikeras.dtype_policies import DTypePolicy
from minikeras.errors import NotSupportedError


@pytest.mark.parametrize(
    "name",
    [
        "QuantizedDTypePolicy",
        "QuantizedFloat8DTypePolicy",
        "Int4DTypePolicy",
        "GPTQDTypePolicy",
        "AWQDTypePolicy",
    ],
)
def test_creating_one_raises(name):
    cls = getattr(dtype_policies, name)
    assert issubclass(cls, DTypePolicy)
    for arguments in ((), ("int8",), ("int8", "float32")):
        with pytest.raises(NotSupportedError, match=f"^{name}: quantized layers are not supported. Use 'float32'"):
            cls(*arguments)
    with pytest.raises(NotSupportedError, match=name):
        dtype_policies.deserialize({"class_name": name, "config": {"mode": "int8"}})
