from tests.layers.wrappers.refusals import check_refusal


def test_it_is_refused(tmp_path):
    message = "a SavedModel of TensorFlow, .* as `.keras` or `.h5`"
    check_refusal("TFSMLayer", {"filepath": "folder", "call_endpoint": "serve"}, message, tmp_path)
