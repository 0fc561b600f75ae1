"""`python -m minikeras` is the command `minikeras`."""

import runpy
import sys

import pytest


def run(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["minikeras", *arguments])
    with pytest.raises(SystemExit) as caught:
        runpy.run_module("minikeras", run_name="__main__")
    return caught.value.code


def test_it_runs_the_command(monkeypatch, capsys):
    assert run(monkeypatch, "--help") == 0
    assert capsys.readouterr().out.startswith("usage: minikeras")


def test_its_exit_status_is_that_of_the_command(monkeypatch, capsys, tmp_path):
    assert run(monkeypatch, "run", str(tmp_path / "none.py")) == 2
    assert "cannot open" in capsys.readouterr().err


def test_importing_it_runs_nothing():
    assert "main" in runpy.run_module("minikeras.__main__", run_name="imported")
