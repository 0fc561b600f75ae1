import numpy as np
import pytest

from minikeras import GradientTape, Variable
from minikeras.errors import ArgumentError, ArgumentTypeError, LegacyWarning
from minikeras.optimizers import SGD


def test_minimize():
    v, optimizer = Variable([1.0, 2.0]), SGD(0.25)
    with pytest.warns(LegacyWarning, match="`optimizer.minimize") as caught:
        optimizer.minimize(lambda: (v * v)[0] + v[1], [v])
    assert v.numpy().tolist() == [0.5, 1.75] and len(caught) == 1 and caught[0].filename == __file__
    with GradientTape() as tape:
        loss = v[0] * 2
    with pytest.warns(LegacyWarning):
        optimizer.minimize(loss, lambda: [v], tape=tape)
    assert v.numpy().tolist() == [0.0, 1.75] and int(optimizer.iterations) == 2
    for arguments in ({}, {"grad_loss": 1.0}):
        with pytest.raises(ArgumentError), pytest.warns(LegacyWarning):
            optimizer.minimize(loss, [v], **arguments)


def test_the_state():
    v, optimizer = Variable([1.0]), SGD(0.5, momentum=0.5)
    optimizer.build([v])
    with pytest.warns(LegacyWarning, match="`optimizer.weights` .* `optimizer.variables`"):
        assert optimizer.weights[0] is optimizer.variables[0]
    with pytest.warns(LegacyWarning, match=r"`optimizer.get_weights\(\)`"):
        assert [np.shape(each) for each in optimizer.get_weights()] == [(), (), (1,)]


def test_arguments_of_apply_gradients():
    v, optimizer = Variable([1.0]), SGD(0.5)
    for name, value in {"name": "x", "experimental_aggregate_gradients": False}.items():
        with pytest.warns(LegacyWarning, match=f"`apply_gradients\\({name}={value!r}\\)`"):
            optimizer.apply_gradients([(np.float32([1.0]), v)], **{name: value})
    assert v.numpy().tolist() == [0.0]
    with pytest.raises(ArgumentTypeError, match="SGD.apply_gradients: unknown argument. Received: nam='x'"):
        optimizer.apply_gradients([(np.float32([1.0]), v)], nam="x")
