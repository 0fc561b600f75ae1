"""Runs a script as `python script.py` does, with Keras and TensorFlow replaced by minikeras."""

import os
import signal
import sys
import warnings
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType, TracebackType

from ..errors import LegacyWarning
from ..tracebacks import hide_frames
from ..utils.paths import opened
from . import install

# The environment variable in which spawned worker processes find the script.
SCRIPT = "MINIKERAS_SCRIPT"


def run_script(path: str, arguments: Sequence[str] = ()) -> int:
    """Runs a script with `sys.argv`, `__name__`, `__file__` and `sys.path[0]` set as by `python script.py`.

    The drop-in stays installed in this process.

    Args:
        path: The path of the script.
        arguments: The script's `sys.argv[1:]`.

    Returns:
        The exit status: 0; 1 if the script raised an exception, whose traceback is printed; 2 if there is no such file.

    Raises:
        SystemExit: If the script exits. Other exceptions that do not derive from `Exception` pass through as well.
    """
    try:
        with opened(path) as file:
            source = file.read()
    except (OSError, ValueError) as error:
        reason = f"[Errno {error.errno}] {error.strerror}" if getattr(error, "errno", None) else str(error)
        print(f"minikeras: cannot open {path!r}: {reason}", file=sys.stderr)
        return 2
    install()
    if not sys.warnoptions:
        warnings.simplefilter("once", LegacyWarning)  # in modules that the script imports, too
    sys.argv = [path, *arguments]
    if not sys.flags.safe_path:
        sys.path[0] = os.path.dirname(os.path.realpath(path))
    module = _main_module(os.path.abspath(path))
    try:
        _execute(source, module)
    except (Exception, KeyboardInterrupt) as error:
        return _report(error)
    return 0


def _main_module(path: str) -> ModuleType:
    """Creates the module `__main__` of the script, where pickle looks for its classes."""
    module = ModuleType("__main__")
    module.__file__, module.__cached__ = path, None
    module.__loader__ = SourceFileLoader("__main__", path)
    module.__builtins__ = sys.modules["builtins"]
    # Spawned worker processes import the module of that name first, which runs the script for them.
    module.__spec__ = ModuleSpec("minikeras.dropin.worker", None)
    os.environ[SCRIPT] = path
    sys.modules["__main__"] = module
    return module


def _execute(source: bytes, module: ModuleType) -> None:
    code: CodeType = compile(source, module.__file__, "exec", dont_inherit=True)
    exec(code, vars(module))


def _report(error: BaseException) -> int:
    """Prints the traceback, starting in the script, and returns the exit status."""
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    error.__traceback__ = traceback
    hide_frames(error)
    traceback = error.__traceback__
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, traceback
    sys.excepthook(type(error), error, traceback)
    if isinstance(error, KeyboardInterrupt):
        # The parent process, such as a loop in a shell, has to see that this one was interrupted.
        sys.stderr.flush()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    return 1
