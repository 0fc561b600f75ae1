from tests.layers.wrappers.refusals import check_refusal


def test_it_is_refused(tmp_path):
    message = "a module of Flax, which runs on JAX, .* in the `call` of a layer"
    check_refusal("FlaxLayer", {"module": object()}, message, tmp_path)
