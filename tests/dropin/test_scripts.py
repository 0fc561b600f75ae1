import pytest

SCRIPTS = ["keras1_mlp.py", "keras2_functional.py", "keras3.py", "tf_loop.py", "sklearn_like.py"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_scripts_run_without_tensorflow(run, script):
    result = run(script)
    assert (result.returncode, result.stdout.splitlines()[-1:]) == (0, ["ok"]), result.stderr
    lines = [line for line in result.stderr.splitlines() if "Warning: " in line]
    messages = [line.partition("Warning: ")[2] for line in lines]
    assert len(set(messages)) == len(messages), "each spelling warns once"
    assert all("LegacyWarning" in line for line in lines), result.stderr
    assert bool(lines) == (script not in ("keras3.py", "tf_loop.py"))


@pytest.mark.parametrize("script", ["with_scikeras.py", "with_keras_tuner.py"])
def test_packages_that_import_keras_run_unchanged(run, script):
    result = run(script, packages=True)
    assert (result.returncode, result.stdout.splitlines()[-1:]) == (0, ["ok"]), result.stderr
    assert "LegacyWarning" not in result.stderr
