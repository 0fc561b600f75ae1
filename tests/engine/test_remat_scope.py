"""Scopes of rematerialization: modes, nesting, threads."""

import threading

import pytest

from minikeras import RematScope
from minikeras.engine.remat_scope import RematMode, current_remat_mode
from minikeras.errors import UnknownNameError


def test_the_innermost_scope_counts():
    assert current_remat_mode() is None
    with RematScope() as scope:
        assert scope.mode == "full" and current_remat_mode() == RematMode("full", 1024, ())
        with RematScope("list_of_layers", layer_names=["a"]):
            assert current_remat_mode() == RematMode("list_of_layers", 1024, ("a",))
            with RematScope(None):
                assert current_remat_mode() is None
        assert current_remat_mode().mode == "full"
    assert current_remat_mode() is None


def test_other_threads_have_none():
    found = []
    with RematScope("larger_than", output_size_threshold=7):
        thread = threading.Thread(target=lambda: found.append(current_remat_mode()))
        thread.start()
        thread.join()
        assert current_remat_mode().output_size_threshold == 7
    assert found == [None]


@pytest.mark.parametrize("mode", ["all", "Full", 3])
def test_modes_that_are_refused(mode):
    with pytest.raises(UnknownNameError, match="mode of RematScope"):
        RematScope(mode)
