import importlib.util
import pathlib
import subprocess
import sys

import pytest

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "search_with_dask.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("search_with_dask", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_trials_are_those_of_their_seed(example):
    first, again, other = (example.draw_trials(20, seed) for seed in (0, 0, 1))
    assert first == again != other and [trial["seed"] for trial in first] == list(range(20))
    assert all(16 <= trial["units"] <= 256 and 1e-4 <= trial["learning_rate"] <= 10**-1.5 for trial in first)


def test_a_training_depends_on_its_trial_alone(example):
    trial = {"learning_rate": 0.01, "units": 32, "dropout": 0.1, "batch_size": 32, "seed": 3}
    found = example.train(trial, images=500, epochs=1)
    assert found == example.train(trial, images=500, epochs=1)
    assert found["accuracy"] > 0.5 and "accuracy 0." in example.describe(found)


def test_trainings_run_on_a_local_cluster():
    """As a script: the processes of the cluster import it."""
    command = [sys.executable, str(SCRIPT), "--trials", "3", "--images", "300", "--epochs", "1"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=240).stdout.splitlines()
    assert printed[0] == "3 trainings on 2 processes"
    assert len(printed) == 5 and all(line.startswith("accuracy ") for line in printed[1:4])
    assert printed[4] == "Best: " + max(printed[1:4])
