from tests.layers.wrappers.refusals import check_refusal


def test_it_is_refused(tmp_path):
    message = "a module of PyTorch, .* Rebuild it of layers"
    check_refusal("TorchModuleWrapper", {"module": object(), "name": "x"}, message, tmp_path)
