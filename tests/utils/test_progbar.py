"""The progress bar on a terminal, in a file, in a notebook and on consoles with few characters."""

import io
import timeit
import types

import numpy as np
import pytest

from minikeras.utils import progbar
from minikeras.utils.progbar import Progbar, write_text

BOLD, GREEN, WHITE, RESET = "\x1b[1m", "\x1b[32m", "\x1b[37m", "\x1b[0m"


class Terminal(io.StringIO):
    """A text stream in memory that says it is a terminal."""

    def isatty(self):
        return True


class Console(io.TextIOWrapper):
    """A terminal that takes the characters of one encoding only."""

    def __init__(self, encoding, errors="strict"):
        super().__init__(io.BytesIO(), encoding=encoding, errors=errors, newline="")

    def isatty(self):
        return True

    def text(self):
        self.flush()
        return self.buffer.getvalue().decode(self.encoding)


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(progbar, "perf_counter", clock)
    return clock


@pytest.fixture(autouse=True)
def system(monkeypatch):
    """What the progress bar sees of `sys`; pytest puts its own `sys.stdout` back between fixture and test."""
    system = types.SimpleNamespace(stdout=io.StringIO(), modules={})
    monkeypatch.setattr(progbar, "sys", system)
    monkeypatch.delenv("PYCHARM_HOSTED", raising=False)
    return system


def use(system, stream):
    system.stdout = stream
    return stream


@pytest.fixture
def terminal(system):
    return use(system, Terminal())


@pytest.fixture
def file(system):
    return use(system, io.StringIO())


def take(stream):
    """What was written since the last call."""
    text = stream.getvalue()
    stream.seek(0)
    stream.truncate()
    return text


# On a terminal.


def test_terminal_line_by_line(terminal, clock):
    bar = Progbar(10)
    clock.now += 2.0
    bar.update(1, [("loss", 0.5)])
    assert take(terminal) == (
        f"\r{BOLD} 1/10{RESET} {GREEN}━━{RESET}{WHITE}{'━' * 18}{RESET} {BOLD}18s{RESET} 2s/step - loss: 0.5000"
    )
    # Visible were 5 + 1 + 20 + 1 + 3 + 8 + 15 = 53 characters; the first step does not count in the pace.
    clock.now += 0.004
    bar.update(2, [("loss", 0.3)])
    assert take(terminal) == ""
    clock.now += 0.1
    bar.update(5, [("loss", 0.1)])
    assert take(terminal) == (
        "\b" * 53
        + f"\r{BOLD} 5/10{RESET} {GREEN}{'━' * 10}{RESET}{WHITE}{'━' * 10}{RESET} {BOLD}0s{RESET} 26ms/step"
        # (0.5 + 0.3 + 3 * 0.1) / 5
        + " - loss: 0.2200"
    )
    clock.now += 0.1
    bar.update(10, [("loss", 0.25)])
    assert take(terminal) == (
        "\b" * 54
        + f"\r{BOLD}10/10{RESET} {GREEN}{'━' * 20}{RESET}{WHITE}{RESET} {BOLD}2s{RESET} 23ms/step - loss: 0.2500\n"
    )


def test_shorter_line_overwrites_the_longer_one(terminal, clock):
    bar = Progbar(100)
    clock.now += 0.01
    bar.update(1)
    first = take(terminal)
    assert first.endswith("0s\x1b[0m 10ms/step")
    clock.now += 0.1
    bar.update(99)
    assert take(terminal).endswith("0s\x1b[0m 1ms/step ")


def test_unknown_target(terminal, clock):
    bar = Progbar(None)
    clock.now += 3.0
    bar.update(3, [("loss", 2.0)])
    assert take(terminal) == f"\r      3/Unknown {BOLD}3s{RESET} 1s/step - loss: 2.0000"
    bar.update(4, finalize=True)
    assert take(terminal) == "\b" * 41 + f"\r      4/Unknown {BOLD}3s{RESET} 750ms/step - loss: 2.0000\n"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (3600.5, "1:00:00"),
        (3600.0, "60:00"),
        (86399.0, "23:59:59"),
        (60.0, "60s"),
        (61.0, "1:01"),
        (0.9, "0s"),
    ],
)
def test_remaining_time(terminal, clock, seconds, shown):
    bar = Progbar(2)
    clock.now += seconds
    bar.update(1)
    assert f" {BOLD}{shown}{RESET} " in take(terminal)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(2.5, "2s/sample"), (1.0, "1s/sample"), (0.25, "250ms/sample"), (0.000_25, "250us/sample"), (0.0, "0s/sample")],
)
def test_pace(terminal, clock, seconds, shown):
    bar = Progbar(2, unit_name="sample")
    clock.now += seconds
    bar.update(1)
    assert take(terminal).endswith(" " + shown)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0.91234, "0.9123"),
        (1e-5, "1.0000e-05"),
        (1e-3, "1.0000e-03"),
        (0.0011, "0.0011"),
        (0.0, "0.0000e+00"),
        (-0.0, "-0.0000e+00"),
        (-2.5, "-2.5000"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
        (7, "7.0000"),
        (True, "1.0000"),
        (np.float32(0.1), "0.1000"),
        (np.array([1.0, 2.0]), "1.5000"),
    ],
)
def test_value_format(terminal, value, shown):
    Progbar(10).update(10, [("a", value)])
    assert take(terminal).endswith(f"step - a: {shown}\n")


def test_stateful_and_stateless_names(terminal, clock):
    for arguments, shown in [
        ({}, "a: 2.0000 - b: 3.0000"),
        ({"stateful_metrics": ["a"]}, "a: 3.0000 - b: 3.0000"),
        ({"stateless_metrics": ["a"]}, "a: 2.0000 - b: 5.0000"),
        ({"stateless_metrics": set()}, "a: 3.0000 - b: 5.0000"),
    ]:
        bar = Progbar(10, **arguments)
        bar.update(1, [("a", 1.0), ("b", 1.0)])
        clock.now += 1
        bar.update(2, [("a", 3.0), ("b", 5.0)])
        assert take(terminal).endswith(shown)


def test_add_continues(terminal, clock):
    bar = Progbar(10)
    bar.add(3)
    clock.now += 1
    bar.add(4)
    assert f"{BOLD} 7/10{RESET}" in take(terminal)


def test_width(terminal):
    Progbar(4, width=8).update(1)
    assert f"{GREEN}━━{RESET}{WHITE}━━━━━━{RESET}" in take(terminal)


# Values handed over as a function.


def test_function_is_called_only_for_a_redraw(terminal, clock):
    calls = []

    def values():
        calls.append(clock.now)
        return {"loss": 0.5}

    bar = Progbar(100, stateless_metrics=set())
    for step in range(1, 100):
        clock.now += 0.01
        bar.update(step, values)
    # At once, and then every 0.05 s, which is every fifth or (as these sums are rounded) sixth step.
    assert 17 <= len(calls) <= 20
    before = len(calls)
    bar.update(100, values)
    assert len(calls) == before + 1
    assert take(terminal).endswith("loss: 0.5000\n")


def test_function_values_stand_for_the_steps_since(terminal, clock):
    bar = Progbar(100)
    bar.update(1, lambda: [("loss", 1.0)])
    for step in range(2, 10):
        bar.update(step, lambda: pytest.fail("nothing is drawn"))
    clock.now += 1
    bar.update(10, lambda: [("loss", 2.0)])
    # 1 step of 1.0 and 9 steps of 2.0
    assert take(terminal).endswith("loss: 1.9000")


def test_function_is_never_called_without_output(terminal):
    bar = Progbar(2, verbose=0)
    bar.update(1, lambda: pytest.fail("nothing is drawn"))
    bar.update(2, lambda: pytest.fail("nothing is drawn"))
    assert take(terminal) == ""


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_update_without_redraw_is_cheap(system, stream):
    use(system, stream())
    bar = Progbar(10**9, interval=3600.0)
    bar.update(1)

    def values():
        raise AssertionError("nothing is drawn")

    fastest = min(timeit.repeat(lambda: bar.update(2, values, False), number=2000, repeat=20)) / 2000
    # The bound of the design is 1.5 microseconds; the rest is for slow or busy machines.
    assert fastest < 6e-6


# Where nothing can be redrawn.


def test_file_has_the_finished_line_only(file, clock):
    bar = Progbar(1875)
    for step in range(1, 1875):
        clock.now += 0.0016
        bar.update(step, [("accuracy", 0.5), ("loss", 9.0)])
    assert take(file) == ""
    clock.now += 0.0016
    bar.update(1875, [("accuracy", 0.91234), ("loss", 0.3012)])
    assert take(file) == "1875/1875 - 3s 2ms/step - accuracy: 0.9123 - loss: 0.3012\n"
    bar.close()
    assert take(file) == ""


def test_file_with_unknown_target(file, clock):
    bar = Progbar(None)
    clock.now += 4.0
    bar.update(2)
    bar.update(4, finalize=True)
    assert take(file) == "4/Unknown - 4s 1s/step\n"


def test_interrupted_file_gets_no_empty_line(file):
    bar = Progbar(10)
    bar.update(5)
    bar.close()
    assert take(file) == ""


@pytest.mark.parametrize("stream", [Terminal, io.StringIO])
def test_verbose_two(system, clock, stream):
    output = use(system, stream())
    bar = Progbar(10, verbose=2)
    bar.update(1, [("loss", 1.0)])
    bar.update(3, [("loss", 4.0)])
    assert take(output) == ""
    clock.now += 9.0
    bar.update(10)
    # (1 + 2 * 4) / 3; 9 steps after the first in 9 s
    assert take(output) == "10/10 - 9s - 1s/step - loss: 3.0000\n"


def test_verbose_two_shows_small_and_negative_values_in_exponents(file):
    Progbar(1, verbose=2).update(1, [("a", -2.5), ("b", 0.0005)])
    assert take(file).endswith(" - a: -2.5000e+00 - b: 5.0000e-04\n")


def test_verbose_two_with_unknown_target_prints_nothing(file):
    Progbar(None, verbose=2).update(3, finalize=True)
    assert take(file) == ""


@pytest.mark.parametrize("where", ["notebook", "ide"])
def test_notebook_and_ide_redraw(monkeypatch, system, file, where):
    if where == "notebook":
        system.modules["ipykernel"] = types.ModuleType("ipykernel")
    else:
        monkeypatch.setenv("PYCHARM_HOSTED", "1")
    Progbar(2).update(1)
    assert take(file).startswith(f"\r{BOLD}1/2{RESET} {GREEN}")


def test_what_is_captured_in_notebooks_is_redrawn_by_a_carriage_return_alone(system, file):
    """Backspaces would become boxes. What is not captured is an output that is updated: test_notebooks.py."""
    system.modules["ipykernel"] = types.ModuleType("ipykernel")
    bar = Progbar(3, interval=0)
    bar.update(1, [("a_long_name", 1.0)])
    bar.update(2)
    bar.update(3)
    text = take(file)
    assert "\b" not in text and text.count("\r") == 3
    assert text.endswith("\n") and text.count("\n") == 1
    assert text.rpartition("\r")[2].startswith(f"{BOLD}3/3{RESET}")


# Consoles with few characters.


@pytest.mark.parametrize("errors", ["strict", "replace", "ignore"])
@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437", "shift_jis"])
def test_console_without_the_block(system, encoding, errors):
    console = use(system, Console(encoding, errors))
    Progbar(2).update(1, [("größe\u0939", 1.0)])
    text = console.text()
    if encoding == "shift_jis":  # It has the block and lacks the umlaut: then all of the bar is ASCII, too.
        assert f"{GREEN}{'=' * 10}{RESET}{WHITE}{'=' * 10}{RESET}" in text
        assert text.endswith("gr??e?: 1.0000")
    else:
        assert f"{GREEN}{'=' * 10}{RESET}{WHITE}{'=' * 10}{RESET}" in text
        assert text.endswith(("gr??e?" if encoding == "ascii" else "größe?") + ": 1.0000")


def test_utf8_console_keeps_everything(system):
    console = use(system, Console("utf-8"))
    Progbar(2).update(1, [("größe", 1.0)])
    assert f"{GREEN}{'━' * 10}{RESET}" in console.text()
    assert console.text().endswith("größe: 1.0000")


def test_stream_that_does_not_tell_its_encoding(system):
    console = Console("cp1252")
    use(system, types.SimpleNamespace(write=console.write, flush=console.flush, isatty=lambda: True))
    Progbar(2).update(1)
    assert "=" * 10 in console.text()


def test_no_standard_output(system):
    use(system, None)
    Progbar(2).update(2, [("loss", 1.0)])
    assert system.stdout is None


def test_write_text_flushes(system):
    console = use(system, Console("utf-8"))
    write_text("Epoch 1/2")
    assert console.buffer.getvalue() == b"Epoch 1/2"


# Closing.


def test_close_ends_an_open_line_once(terminal, clock):
    bar = Progbar(10)
    bar.close()
    assert take(terminal) == ""
    bar.update(1)
    take(terminal)
    bar.close()
    bar.close()
    assert take(terminal) == f"{RESET}\n"
    clock.now += 1
    bar.update(2)
    # The new line starts where it is; nothing above it can be taken back.
    assert take(terminal).startswith(f"\r{BOLD} 2/10")


def test_close_after_the_last_step_prints_nothing(terminal):
    bar = Progbar(2)
    bar.update(2)
    take(terminal)
    bar.close()
    assert take(terminal) == ""


def test_interrupt_while_writing_leaves_a_line_to_close(system):
    class Interrupted(Terminal):
        def flush(self):
            raise KeyboardInterrupt

    use(system, Interrupted())
    bar = Progbar(10)
    with pytest.raises(KeyboardInterrupt):
        bar.update(1)
    after = use(system, Terminal())
    bar.close()
    assert after.getvalue() == f"{RESET}\n"


# Bad input.


def test_both_kinds_of_names_are_refused():
    with pytest.raises(ValueError, match="received both"):
        Progbar(1, stateful_metrics=["a"], stateless_metrics=["b"])


def test_target_that_is_no_number_is_refused():
    with pytest.raises(TypeError, match="`target`.*received 'ten'"):
        Progbar("ten")


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([0.5], "received the entry 0.5"),
        ([("a", 1, 2)], r"received the entry \('a', 1, 2\)"),
        ([("a", None)], "value of 'a'.*received None"),
        ([("a", "high")], "value of 'a'.*received 'high'"),
    ],
)
def test_bad_values_are_refused(values, message):
    with pytest.raises(TypeError, match=message):
        Progbar(10).update(1, values)
