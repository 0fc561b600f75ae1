"""Names of Keras that minikeras does not have."""

import pytest

from minikeras.dropin.missing import Missing, nearest
from minikeras.errors import MissingNameError, NotSupportedError

CONV = Missing("keras.layers.Conv2D", ["Conv1D", "Dense", "_Conv"])


@pytest.mark.parametrize("use", [lambda: CONV(3, 3), lambda: CONV.from_config])
def test_every_use_is_refused(use):
    with pytest.raises(NotSupportedError):
        use()


def test_a_class_statement_is_refused():
    with pytest.raises(MissingNameError, match="`keras.layers.Conv2D` is not in minikeras"):

        class My(CONV):
            pass


def test_the_message():
    with pytest.raises(MissingNameError) as caught:
        CONV()
    assert str(caught.value) == (
        "`keras.layers.Conv2D` is not in minikeras. The closest available name: `Conv1D`. To use it, run the script "
        "with real Keras: `pip install keras`, then `python` instead of `minikeras run`."
    )


def test_what_does_not_raise():
    assert repr(CONV) == "<keras.layers.Conv2D: not in minikeras>" and CONV.__name__ == "Conv2D"
    assert not isinstance(3, CONV) and not issubclass(int, CONV)
    assert not hasattr(CONV, "filters") and not hasattr(CONV, "__wrapped__")


def test_nearest_names():
    assert nearest("Dens", ["Dense", "Dropout"]) == " The closest available name: `Dense`."
    assert nearest("Dens", ["Flatten"]) == "" and nearest("_x", ["_y"]) == ""
