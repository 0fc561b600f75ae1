import pytest

from minikeras import cli


def test_help_names_the_commands(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert "run" in text and "crosscheck" in text
    with pytest.raises(SystemExit) as caught:
        cli.main(["train"])
    assert caught.value.code == 2 and "invalid choice" in capsys.readouterr().err


def test_a_script_that_is_not_there(capsys, tmp_path):
    assert cli.main(["run", str(tmp_path / "none.py"), "--data", "x"]) == 2
    assert "minikeras: cannot open" in capsys.readouterr().err
