"""What only the package `keras` itself has."""

from minikeras.dropin import keras


def test_the_version():
    assert keras.version() == keras.__version__ == "3.15.1"


def test_a_script_finds_it(installed):
    assert installed("keras").version() == "3.15.1"
