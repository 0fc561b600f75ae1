import io
import re
import sys

import pytest

from minikeras.from_scratch import progress
from minikeras.from_scratch.progress import ProgressBar


class Screen(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock(monkeypatch):
    """A clock that moves by half a second each time it is read."""
    times = iter(range(10**6))
    monkeypatch.setattr(progress.time, "monotonic", lambda: next(times) / 2)


def run(total, stop=None):
    with ProgressBar(total) as bar:
        for epoch in range(total):
            if epoch == stop:
                raise KeyboardInterrupt
            bar.advance(error=1 / (epoch + 1))


def test_one_line_where_nothing_can_be_redrawn(capsys):
    run(50)
    printed = capsys.readouterr().out
    assert re.fullmatch(r"100%\|█{30}\| 50/50 \[00:00, \d+ epochs/s, error 0\.02\]\n", printed)


@pytest.mark.usefixtures("clock")
def test_redrawn_on_a_screen(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    run(4)
    lines = screen.getvalue().split("\r")
    assert len(lines) == 5
    assert lines[0].startswith(f" 25%|{'█' * 7}{' ' * 23}| 1/4 [00:")
    assert "3/4" in lines[2] and "error 0.3333]" in lines[2]
    assert lines[4].startswith("100%") and lines[4].endswith("\n")
    assert screen.getvalue().count("\n") == 1


def test_a_fast_screen_is_not_drawn_to_death(monkeypatch):
    monkeypatch.setattr(progress.time, "monotonic", lambda: 1.0)
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    run(1000)
    assert screen.getvalue().count("\r") == 1  # the first epoch and the end
    assert "1000/1000 [00:00, ? epochs/s" in screen.getvalue()


def test_a_shorter_line_covers_a_longer_one(monkeypatch):
    screen = Screen()
    monkeypatch.setattr(sys, "stdout", screen)
    with ProgressBar(1) as bar:
        bar.advance(error=0.123456)
        bar.error = 0.5
    first, second = screen.getvalue().rstrip("\n").split("\r")
    assert first.endswith("error 0.1235]")
    assert len(second) >= len(first)


def test_an_interrupt_leaves_a_finished_line(capsys):
    with pytest.raises(KeyboardInterrupt):
        run(10, stop=3)
    printed = capsys.readouterr().out
    assert printed.startswith(f" 30%|{'█' * 9}{' ' * 21}| 3/10 [") and printed.endswith("\n")


def test_invisible(capsys):
    with ProgressBar(3, visible=False) as bar:
        bar.advance(error=1.0)
    assert capsys.readouterr().out == ""


def test_a_stream_without_blocks(monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", stream)
    run(2)
    stream.seek(0)
    assert stream.read().startswith(f"100%|{'#' * 30}| 2/2")


def test_no_stream(monkeypatch):
    monkeypatch.setattr(sys, "stdout", None)
    run(2)


@pytest.mark.usefixtures("clock")
def test_a_notebook_is_a_screen(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "ipykernel", object())
    run(4)
    assert capsys.readouterr().out.count("\r") == 4
