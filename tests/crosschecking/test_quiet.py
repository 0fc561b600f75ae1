"""The log of TensorFlow is left out of standard error."""

import os
import sys

import pytest

from minikeras.crosschecking.quiet import is_logged_by_tensorflow, without_log_of_tensorflow


def test_the_log_of_tensorflow_is_left_out(capfd):
    with without_log_of_tensorflow():
        os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\n")
        os.write(2, b"I0000 00:00:1796046695.218471   20570 port.cc:153] oneDNN custom operations are on.\n")
        os.write(2, b"2026-01-02 03:04:05.678: I tensorflow/core/platform/cpu_feature_guard.cc:210] This TensorFlow\n")
        print("my own warning", file=sys.stderr)
        os.write(2, b"F0000 00:00:1796046695.218471   20570 x.cc:1] fatal\n")
    os.write(2, b"after\n")
    assert capfd.readouterr().err.splitlines() == [
        "my own warning",
        "F0000 00:00:1796046695.218471   20570 x.cc:1] fatal",
        "after",
    ]


@pytest.mark.parametrize(
    ("line", "is_logged"),
    [
        ("WARNING: All log messages before absl::InitializeLog() is called are written to STDERR", True),
        ("E0000 00:00:1796046695.218471   20570 cuda.cc:9] no device", True),
        ("2026-01-02 03:04:05.678: W tensorflow/core/x.cc:1] slow", True),
        ("To enable the following instructions: AVX2 FMA", True),
        ("F0000 00:00:1796046695.218471   20570 x.cc:1] fatal", False),
        ("2026-01-02 03:04:05 my own log", False),
        ("", False),
    ],
)
def test_lines(line, is_logged):
    assert is_logged_by_tensorflow(line) == is_logged


def test_what_was_written_is_shown_after_an_error(capfd):
    with pytest.raises(ValueError), without_log_of_tensorflow():
        os.write(2, b"important\n")
        raise ValueError
    assert capfd.readouterr().err == "important\n"
