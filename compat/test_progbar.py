"""The progress bar writes the same bytes to a terminal as that of real Keras."""

import inspect
import io
import itertools
import os
import sys
import types

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import keras.src.utils.io_utils as keras_io
import keras.src.utils.progbar as keras_progbar
import numpy as np
import pytest

from minikeras.utils import progbar


class Terminal(io.TextIOWrapper):
    """A terminal in memory."""

    def __init__(self, encoding="utf-8"):
        super().__init__(io.BytesIO(), encoding=encoding, newline="")

    def isatty(self):
        return True


class Screen:
    """One clock and one terminal, seen by both libraries."""

    def __init__(self):
        self.now = 5000.0
        self.stdout = Terminal()
        self.modules = {}

    def time(self):
        return self.now

    def written_by(self, script, bar_class, encoding="utf-8"):
        self.now = 5000.0
        self.stdout = Terminal(encoding)
        script(bar_class, self)
        self.stdout.flush()
        return self.stdout.buffer.getvalue()

    def compare(self, script, encoding="utf-8"):
        theirs = self.written_by(script, keras.utils.Progbar, encoding)
        ours = self.written_by(script, progbar.Progbar, encoding)
        assert ours == theirs
        return ours


@pytest.fixture
def screen(monkeypatch):
    screen = Screen()
    for module in (keras_progbar, keras_io, progbar):
        monkeypatch.setattr(module, "sys", screen)
    monkeypatch.setattr(keras_progbar, "time", types.SimpleNamespace(time=screen.time))
    monkeypatch.setattr(progbar, "perf_counter", screen.time)
    return screen


def steps_of(target):
    """Step numbers to report: the first ones, some in between, one twice, and the last one."""
    last = 23 if not target else target
    chosen = [0, 1, 2, 3, 3, last // 3, last // 2, last - 1, last]
    return [step for step in chosen if 0 <= step <= last]


VALUES = {
    "none": lambda step: None,
    "two": lambda step: [("accuracy", step / 3000), ("loss", 7.0 / (step + 1))],
    "tiny": lambda step: [("loss", 1e-5 * step), ("b", -1e-3), ("c", 1e-3)],
    "growing": lambda step: [(f"metric_{i}", 10.0 ** (step % 30)) for i in range(step % 5)],
    "kinds": lambda step: [
        ("int", step),
        ("f32", np.float32(0.001)),
        ("f64", np.float64(-step)),
        ("array", np.arange(3.0)),
        ("bool", True),
        ("nan", float("nan")),
        ("inf", float("-inf")),
        ("minus", -0.0),
    ],
    "long": lambda step: [("a_name_that_is_so_long_that_the_line_is_wider_than_any_screen_" * 3, 0.5 * step)],
}

NAMES = {
    "averaged": {},
    "stateful": {"stateful_metrics": ["loss", "int", "metric_1"]},
    "stateless": {"stateless_metrics": ["loss", "f32", "metric_2"]},
    "all stateful": {"stateless_metrics": set()},
}


@pytest.mark.parametrize("names", NAMES)
@pytest.mark.parametrize("values", VALUES)
@pytest.mark.parametrize("target", [None, 0, 1, 2, 10, 1000, 1875, 12.0])
def test_targets_values_and_speeds(screen, target, values, names):
    written = 0
    for seconds, verbose, finalize in itertools.product(
        [0.0, 0.000_03, 0.004, 0.06, 1.0, 70.0, 5000.0], [0, 1, 2], [None, False, True]
    ):

        def script(bar_class, screen, seconds=seconds, verbose=verbose, finalize=finalize):
            bar = bar_class(target, verbose=verbose, **NAMES[names])
            for step in steps_of(int(target or 0)):
                screen.now += seconds
                bar.update(step, VALUES[values](step), finalize=finalize)

        written += len(screen.compare(script))
    assert written > 0


@pytest.mark.parametrize("unit_name", ["step", "sample", "Schritt", ""])
@pytest.mark.parametrize("width", [0, 1, 7, 20, 50])
def test_widths_intervals_and_units(screen, width, unit_name):
    for interval, seconds in itertools.product([0.0, 0.05, 1.0], [0.01, 0.3]):

        def script(bar_class, screen, interval=interval, seconds=seconds):
            bar = bar_class(40, width=width, interval=interval, unit_name=unit_name)
            for step in range(1, 41):
                screen.now += seconds
                bar.update(step, [("loss", 1.0 / step)])

        assert screen.compare(script).endswith(b"\n")


def test_random_walks(screen):
    for seed in range(200):

        def script(bar_class, screen, seed=seed):
            rng = np.random.default_rng(seed)
            target = [None, 5, 300][seed % 3]
            bar = bar_class(target, stateful_metrics=["a"] if seed % 2 else None)
            for _ in range(40):
                screen.now += float(rng.exponential(10.0 ** rng.integers(-4, 4)))
                values = [(name, float(rng.normal())) for name in "abc" if rng.random() < 0.6]
                if rng.random() < 0.5:
                    bar.add(int(rng.integers(0, 9)), values)
                else:
                    bar.update(int(rng.integers(0, 400)), values, [None, True, False][rng.integers(0, 3)])

        assert len(screen.compare(script)) > 1000


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_consoles_without_the_block(screen, encoding):
    def script(bar_class, screen):
        bar = bar_class(30)
        for step in range(1, 31):
            screen.now += 0.1
            bar.update(step, [("loss", 1.0 / step)])

    assert b"=" * 20 in screen.compare(script, encoding)


def test_lazy_values_look_the_same(screen):
    """What `fit` shows: metrics that are not averaged, handed over as a function here and as a list there."""

    def script(bar_class, screen):
        bar = bar_class(500, stateless_metrics=set())
        for step in range(1, 501):
            screen.now += 0.013
            values = [("accuracy", step / 500), ("loss", 1.0 / step)]
            bar.update(step, values if bar_class is keras.utils.Progbar else lambda values=values: dict(values))

    assert screen.compare(script).endswith(b" - accuracy: 1.0000 - loss: 0.0020\n")


def test_signature():
    def plain(function):
        return [(p.name, p.default, p.kind) for p in inspect.signature(function).parameters.values()]

    for name in ("__init__", "update", "add"):
        assert plain(getattr(progbar.Progbar, name)) == plain(getattr(keras.utils.Progbar, name))


def test_defaults_are_those_of_the_real_screen():
    """The stand-ins above replace names that both libraries really use."""
    assert keras_progbar.sys is keras_io.sys is progbar.sys is sys
