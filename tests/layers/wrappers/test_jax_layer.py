from tests.layers.wrappers.refusals import check_refusal


def test_it_is_refused(tmp_path):
    message = "a function of JAX, .* `minikeras.ops`"
    check_refusal("JaxLayer", {"call_fn": abs, "init_fn": abs, "seed": 1}, message, tmp_path)
