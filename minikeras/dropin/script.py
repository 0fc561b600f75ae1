"""Runs a script as `python script.py` does, with Keras and TensorFlow led to minikeras."""

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

# The environment variable in which worker processes that are started anew find the script.
SCRIPT = "MINIKERAS_SCRIPT"


def run_script(path: str, arguments: Sequence[str] = ()) -> int:
    """Runs a script: its `sys.argv`, `__name__`, `__file__` and `sys.path[0]` are as with `python script.py`.

    This process becomes that of the script: `keras` and `tensorflow` lead to minikeras from now on.

    Args:
        path: The file.
        arguments: What the script finds in `sys.argv[1:]`.

    Returns:
        The exit status: 0, 1 if the script raised, whose traceback is printed, or 2 if there is no such file.

    Raises:
        SystemExit: If the script exits. Whatever else is no `Exception` comes through, too.
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
        warnings.simplefilter("once", LegacyWarning)  # also from modules that the script imports
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
    """Makes the module `__main__` of the script; what pickles its classes looks for them there."""
    module = ModuleType("__main__")
    module.__file__, module.__cached__ = path, None
    module.__loader__ = SourceFileLoader("__main__", path)
    module.__builtins__ = sys.modules["builtins"]
    # Worker processes that start anew import the module of that name first: it runs the script as they do it.
    module.__spec__ = ModuleSpec("minikeras.dropin.worker", None)
    os.environ[SCRIPT] = path
    sys.modules["__main__"] = module
    return module


def _execute(source: bytes, module: ModuleType) -> None:
    code: CodeType = compile(source, module.__file__, "exec", dont_inherit=True)
    exec(code, vars(module))


def _report(error: BaseException) -> int:
    """Prints the traceback from the script's first line on; returns the exit status."""
    traceback: TracebackType | None = error.__traceback__
    while traceback is not None and traceback.tb_frame.f_code.co_filename == __file__:
        traceback = traceback.tb_next
    error.__traceback__ = traceback
    hide_frames(error)
    traceback = error.__traceback__
    sys.last_type, sys.last_value, sys.last_traceback = type(error), error, traceback
    sys.excepthook(type(error), error, traceback)
    if isinstance(error, KeyboardInterrupt):
        # Whoever started this process, a shell loop say, has to see that it was interrupted.
        sys.stderr.flush()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGINT)
    return 1
