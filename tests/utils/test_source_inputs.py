"""The inputs that a symbolic value is computed from."""

from minikeras import Input, Sequential, layers, utils


def test_inputs_in_the_order_of_the_arguments():
    a, b, c = (Input((2,), name=name) for name in "abc")
    shared = layers.Dense(2)(b)
    y = layers.add([shared, layers.Dense(2)(layers.add([a, shared])), b])
    assert [x.name for x in utils.get_source_inputs(y)] == ["b", "a"]
    assert utils.get_source_inputs(y)[1] is a
    assert utils.get_source_inputs(c) == [c]


def test_inputs_of_models():
    model = Sequential([Input((2,)), layers.Dense(3), layers.Dense(1)])
    assert utils.get_source_inputs(model.output) == model.inputs
    x = Input((2,))
    assert utils.get_source_inputs(model(x)) == [x]


def test_a_deep_graph():
    x = y = Input((2,))
    layer = layers.ReLU()
    for _ in range(2000):  # deeper than Python's recursion limit
        y = layer(y)
    assert utils.get_source_inputs(y) == [x]


def test_what_is_not_symbolic():
    assert utils.get_source_inputs(3) == 3
