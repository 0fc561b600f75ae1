"""Automatic names and name scopes."""

import threading

import pytest

from minikeras.engine import naming


# Worked out by what Keras calls the layers and metrics of these names.
@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Dense", "dense"),
        ("InputLayer", "input_layer"),
        ("ReLU", "re_lu"),
        ("LeakyReLU", "leaky_re_lu"),
        ("Conv2D", "conv2d"),
        ("Conv2DTranspose", "conv2d_transpose"),
        ("LSTM", "lstm"),
        ("GRUCell", "gru_cell"),
        ("MyDense2", "my_dense2"),
        ("already_snake", "already_snake"),
        ("Dense<int>", "denseint"),
    ],
)
def test_to_snake_case(name, stem):
    assert naming.to_snake_case(name) == stem


def test_unique_names():
    stem = "some_stem_of_this_test"
    assert [naming.unique_name(stem) for _ in range(3)] == [stem, f"{stem}_1", f"{stem}_2"]


def test_reset_names():
    naming.unique_name("some_other_stem")
    naming.reset_names()
    assert naming.unique_name("some_other_stem") == "some_other_stem"


def test_scopes_nest_and_close():
    assert naming.current_path() == ""
    with naming.name_scope("outer"), naming.name_scope(""), naming.name_scope("inner"):
        assert naming.current_path() == "outer/inner"
    assert naming.current_path() == ""


def test_a_scope_closes_on_an_error():
    with pytest.raises(KeyError), naming.name_scope("outer"):
        raise KeyError
    assert naming.current_path() == ""


def test_a_scope_belongs_to_its_thread():
    seen = []
    with naming.name_scope("outer"):
        thread = threading.Thread(target=lambda: seen.append(naming.current_path()))
        thread.start()
        thread.join()
    assert seen == [""]


def test_the_owner_of_a_scope():
    owner = object()
    assert naming.scope_owner() is None
    with naming.name_scope("outer", owner):
        assert naming.scope_owner() is owner
    assert naming.scope_owner() is None


def test_a_path_scope_sets_the_whole_path():
    with naming.name_scope("outer", owner := object()):
        with naming.path_scope("other/layer"), naming.name_scope("inner"):
            assert naming.current_path() == "other/layer/inner"
        with naming.path_scope(None):
            assert naming.current_path() == "" and naming.scope_owner() is None
        assert naming.current_path() == "outer" and naming.scope_owner() is owner
