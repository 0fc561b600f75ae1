import pytest


@pytest.fixture(scope="module")
def ran(quick):
    return quick("very_deep_networks")


def test_what_its_docstring_says(ran):
    _, found, _, files = ran
    assert files == ["very_deep_networks.png"]
    plain, normalized, residual = (found[kind, 100] for kind in ("plain", "normalized", "residual"))
    assert residual.accuracy > 0.5 and residual.losses[-1] < 1
    for each in (plain, normalized):
        assert each.accuracy < 0.4 and each.losses[-1] > 1.7
    assert plain.similarity > 0.99 and max(normalized.similarity, residual.similarity) < 0.3
    assert normalized.growth > 1e6 and 0.1 < plain.growth < 100 and 0.1 < residual.growth < 100


def test_a_thousand_layers_are_a_thousand_layers(ran):
    script = ran[0]
    for kind in script.KINDS:
        for depth in (10, 30):
            model = script.build_model(kind, depth)
            assert sum(weight.name == "kernel" for weight in model.weights) == depth
