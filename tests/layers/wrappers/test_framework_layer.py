"""The base of refused layers: a subclass says what it wraps and what to do."""

import pytest

from minikeras.errors import NotSupportedError
from minikeras.layers.wrappers.framework_layer import FrameworkLayer


class CobolLayer(FrameworkLayer):
    _wraps, _instead = "a program of Cobol", "Write it anew."

    def __init__(self):
        self._refuse()


@pytest.mark.parametrize("make", [CobolLayer, lambda: CobolLayer.from_config({})])
def test_the_message(make):
    with pytest.raises(
        NotSupportedError,
        match="^CobolLayer wraps a program of Cobol, and minikeras computes with numpy alone. Write it anew.$",
    ):
        make()
