import logging

import numpy as np

import minikeras
from minikeras import Sequential, backend, config, layers, utils


def test_one_function_for_both_namespaces():
    assert utils.clear_session is backend.clear_session and utils.is_keras_tensor is backend.is_keras_tensor
    assert backend.get_uid("session") == 1
    utils.clear_session()
    assert backend.get_uid("session") == 1 and layers.Dense(1).name == "dense"


def test_a_cleared_session_shares_no_memory_with_what_follows():
    before = minikeras.Variable([1.0]).buffer.base
    utils.clear_session(free_memory=False)
    assert minikeras.Variable([1.0]).buffer.base is before
    utils.clear_session()
    assert minikeras.Variable([1.0]).buffer.base is not before


def test_progress_can_be_logged(capsys, caplog):
    model = Sequential([layers.Input((2,)), layers.Dense(1)])
    model.compile("sgd", "mse")
    assert config.is_interactive_logging_enabled() and utils.is_interactive_logging_enabled()
    utils.disable_interactive_logging()
    with caplog.at_level(logging.INFO, logger="minikeras"):
        model.fit(np.ones((2, 2)), np.ones(2), verbose=2)
        model.summary()
    assert capsys.readouterr().out == ""
    assert "1/1 - " in caplog.text and "Trainable params: 3" in caplog.text
    config.enable_interactive_logging()
    model.evaluate(np.ones((2, 2)), np.ones(2), verbose=2)
    assert "loss" in capsys.readouterr().out


def test_scopes():
    with minikeras.name_scope("a"), minikeras.device("gpu:0"):
        assert minikeras.Variable(1.0, name="v").path == "a/v"
