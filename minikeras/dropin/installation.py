"""Installs and uninstalls the drop-in in this process."""

import sys
from types import ModuleType

from .. import config
from ..engine.immutable_arrays import set_output_class
from ..tracebacks import filtered
from .eager_tensor import EagerTensor
from .finder import Finder
from .routes import INSIDERS, ROOTS

_finder = Finder()
_set_aside: dict[str, ModuleType] = {}


@filtered
def install() -> None:
    """Makes `import keras` and `import tensorflow` resolve to minikeras, whether or not these are installed.

    From then on, arrays that models, losses, metrics and tapes return have a method `.numpy()`. Modules of real Keras
    and TensorFlow that were imported earlier still work where they are referenced; `uninstall` restores them.

    Example:
        >>> install()
        >>> import keras
        >>> keras.layers.Dense.__module__
        'minikeras.layers.core.dense'
        >>> uninstall()
    """
    if is_installed():
        return
    _set_aside.update(_taken_out())
    sys.meta_path.insert(0, _finder)
    set_output_class(EagerTensor)


@filtered
def uninstall() -> None:
    """Reverts `install`.

    Example:
        >>> uninstall()  # nothing was installed
        >>> is_installed()
        False
    """
    if not is_installed():
        return
    sys.meta_path.remove(_finder)
    _taken_out()
    sys.modules.update(_set_aside)
    _set_aside.clear()
    set_output_class(None)
    config.set_backend_name("numpy")


@filtered
def is_installed() -> bool:
    """Returns whether `import keras` resolves to minikeras.

    Example:
        >>> is_installed()
        False
    """
    return _finder in sys.meta_path


def _taken_out() -> dict[str, ModuleType]:
    """Removes Keras and TensorFlow from the imported modules, and returns them."""
    names = [name for name in sys.modules if name.partition(".")[0] in (*ROOTS, *INSIDERS)]
    return {name: sys.modules.pop(name) for name in names}
