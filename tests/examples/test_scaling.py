import importlib.util
import json
import pathlib

import pytest

SCRIPT = pathlib.Path(__file__).parent.parent.parent / "examples" / "scaling.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("scaling", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_measures_one_process(example, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(example, "UNITS", (8,))
    path = tmp_path / "times.json"
    found = example.main(["--batches", "4", "8", "--repeats", "4", "--json", str(path)])
    assert found["processes"] == 1 and list(found["strong"]) == [4, 8] and found["allreduce"] == {}
    assert all(0 < seconds < 60 for seconds in found["strong"].values())
    assert json.loads(path.read_text())["strong"]["4"] == found["strong"][4]
    assert "batch     8:" in capsys.readouterr().out


def test_the_model_of_the_cost(example):
    assert example.predicted_step(0.5, 1e6, 1, 1e-3, 1e6) == 0.5
    # 8 processes: 6 messages of 1 ms, and 7/4 of a megabyte at a megabyte a second
    assert example.predicted_step(0.5, 1e6, 8, 1e-3, 1e6) == pytest.approx(0.5 + 0.006 + 1.75, rel=1e-12)
