import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("more_layers")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["more_layers.png"]
    one, four, forty = (found[depth].accuracies[0] for depth in (1, 4, 40))
    assert one < 0.85 and four > 0.9 and forty < 0.6
    assert found[40].milliseconds > 2 * found[1].milliseconds


def test_parameters_are_held_equal(ran):
    script = ran[0]
    for depth in (1, 2, 4, 10, 20, 40):
        width = script.width_for(depth)
        model = script.build_model(depth, width)
        assert len(model.layers) == depth + 1
        assert model.count_params() == script.count(depth, width) == pytest.approx(script.PARAMETERS, rel=0.2)
