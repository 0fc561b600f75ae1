"""The report itself: it runs from the command line, holds every table, and fails when a bound is missed."""

import json

import pytest

from compat import report


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.json"
    status = report.main(["--images", "960", "--json", str(path)])
    return status, json.loads(path.read_text(encoding="utf-8"))


def test_every_bound_is_met(quick):
    status, tables = quick
    missed = [row for rows in tables.values() for row in rows if row.get("met") is False]
    # On 960 images both sides spend their time on starting; the ratio of times means nothing there.
    assert [row for row in missed if "ratio" not in row] == []
    assert status == (1 if missed else 0)


def test_all_is_there(quick):
    training, draws, times, offered = quick[1].values()
    for dtype in ("float32", "float64"):
        assert {(row["hidden"], row["learning rate"]) for row in training if row["type"] == dtype} == {
            (activation, rate) for activation in ("relu", "sigmoid") for rate in (0.001, 0.1)
        }
    assert len(training) == 6 * 10 + 2 * 2
    assert {"GlorotUniform", "HeNormal", "Orthogonal", "model"} <= {row["draw"] for row in draws}
    assert len(times) == 1
    assert {"keras", "applications", "initializers", "optimizers.schedules", "in all"} <= {
        row["namespace"] for row in offered
    }
    total = offered.pop()
    for count in ("offered", "in Keras"):
        assert total[count] == sum(row[count] for row in offered) > 0


def test_a_missed_bound_fails(monkeypatch):
    monkeypatch.setattr(report, "training_rows", lambda *_: [("relu", 0.1, "float32", "made up", "<= 1", "2", False)])
    monkeypatch.setattr(report, "initializer_rows", lambda: [])
    monkeypatch.setattr(report, "time_row", lambda *_: ("1 s", "2 s", "0.5", True))
    assert report.main([]) == 1
