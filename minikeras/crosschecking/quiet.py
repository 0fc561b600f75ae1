"""Filters the startup log of TensorFlow from standard error."""

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

_LOGGED = re.compile(
    r"WARNING: All log messages before absl::InitializeLog\(\)"
    r"|[IWE]\d{4} \d\d:\d\d:\d+\.\d+ +\d+ [^ ]+:\d+\]"
    r"|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+: [IWE] "
    r"|To enable the following instructions: "
)


def is_logged_by_tensorflow(line: str) -> bool:
    """Returns whether a line is a non-fatal log message of TensorFlow's C++ code.

    Example:
        >>> is_logged_by_tensorflow("I0000 00:00:1796.2  57 port.cc:153] oneDNN custom operations are on.")
        True
        >>> is_logged_by_tensorflow("ValueError: 3")
        False
    """
    return _LOGGED.match(line) is not None


@contextmanager
def without_log_of_tensorflow() -> Iterator[None]:
    """Context manager that drops log messages of TensorFlow's C++ code; all other output is shown when it exits.

    That code writes to the file descriptor, so the descriptor itself is redirected to a temporary file.
    """
    sys.stderr.flush()
    with tempfile.TemporaryFile() as file:
        outer = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(outer, 2)
            os.close(outer)
            file.seek(0)
            for line in file.read().decode(errors="replace").splitlines(keepends=True):
                if not is_logged_by_tensorflow(line):
                    sys.stderr.write(line)
