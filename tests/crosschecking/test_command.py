import importlib.util

import pytest

from minikeras import Sequential, cli, crosscheck
from minikeras.errors import NotSupportedError
from minikeras.layers import Dense, Input


def test_without_keras_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(NotSupportedError, match=r"there is none. .*`pip install keras==3.15.1 tensorflow`"):
        crosscheck(Sequential([Input((2,)), Dense(1)]))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: name == "keras" or None)
    monkeypatch.delenv("KERAS_BACKEND")
    with pytest.raises(NotSupportedError, match="needs a backend of Keras that trains"):
        crosscheck(Sequential([Input((2,)), Dense(1)]))


def test_files_that_cannot_be_used(tmp_path, capsys):
    assert cli.main(["crosscheck", str(tmp_path / "none.keras")]) == 2
    assert "minikeras crosscheck: The file" in capsys.readouterr().err
    with pytest.raises(SystemExit) as caught:
        cli.main(["crosscheck"])
    assert caught.value.code == 2
    with pytest.raises(SystemExit):
        cli.main([])
    assert "command" in capsys.readouterr().err
