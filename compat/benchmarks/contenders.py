"""Who is compared: what each contender is, what must be installed for it, and how its process is set up."""

import importlib
import importlib.util
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from .workloads import Data

# These pin numpy's BLAS to the kernels of an older processor. They are dropped, for all contenders alike, so that each
# library runs the kernels it would choose itself.
PINNED_KERNELS = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")

# All run on the processor, say nothing of their own, and draw their bar as on a terminal.
COMMON = {"CUDA_VISIBLE_DEVICES": "-1", "JAX_PLATFORMS": "cpu", "TF_CPP_MIN_LOG_LEVEL": "3", "TERM": "xterm-256color"}


@dataclass(frozen=True)
class Contender:
    """A library that does the workloads.

    Args:
        name: What the command line calls it.
        what: What it is.
        module: The module beside this one that holds its `Side`.
        library: What `import` loads; the workload "import" times it.
        packages: The installed packages whose versions matter, as pip calls them, by the name to import.
        install: What to install if they are not there.
        environment: Settings of its process.
        options: Arguments of its `Side`.
    """

    name: str
    what: str
    module: str
    library: str
    packages: Mapping[str, str]
    install: str
    environment: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def missing(self) -> list[str]:
        """The packages that are not installed, as pip calls them."""
        return [package for module, package in self.packages.items() if importlib.util.find_spec(module) is None]

    @property
    def version(self) -> str:
        """The names and versions of its packages; empty if one is missing."""
        if self.missing:
            return ""
        return ", ".join(f"{package} {_version(module, package)}" for module, package in self.packages.items())

    def process_environment(self, environment: Mapping[str, str], keep_pinned: bool) -> dict[str, str]:
        """Returns the environment of its process, made from that of this one."""
        kept = {name: value for name, value in environment.items() if keep_pinned or name not in PINNED_KERNELS}
        kept.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package has its bytecode
        return {**kept, **COMMON, **self.environment}

    def side(self, data: Data) -> Any:
        """Loads the library and returns the object that does the work, in the process of the contender."""
        return importlib.import_module(f"compat.benchmarks.{self.module}").Side(data, **self.options)


def _version(module: str, package: str) -> str:
    # minikeras may be run from its source folder, without being installed.
    return importlib.import_module(module).__version__ if module == "minikeras" else metadata.version(package)


def _keras(backend: str, title: str, install: str) -> Contender:
    return Contender(
        name=f"keras-{backend}",
        what=f"Keras on {title}",
        module="keras_api",
        library="keras",
        packages={"keras": "keras", backend: backend},
        install=install,
        environment={"KERAS_BACKEND": backend},
        options={"library": "keras"},
    )


CONTENDERS = {
    contender.name: contender
    for contender in (
        Contender(
            "minikeras",
            "minikeras",
            "keras_api",
            "minikeras",
            {"minikeras": "minikeras", "numpy": "numpy"},
            'pip install ".[bench]"',
            options={"library": "minikeras"},
        ),
        Contender("numpy", "hand-written numpy loop", "numpy_loop", "numpy", {"numpy": "numpy"}, "pip install numpy"),
        _keras("tensorflow", "TensorFlow", 'pip install ".[compat]"'),
        _keras("jax", "JAX", 'pip install ".[compat]"'),
        _keras("torch", "torch", 'pip install ".[bench]"'),
        Contender("torch", "plain torch", "plain_torch", "torch", {"torch": "torch"}, 'pip install ".[bench]"'),
        Contender(
            "scikit-learn",
            "scikit-learn's MLPClassifier",
            "scikit_learn",
            "sklearn.neural_network",
            {"sklearn": "scikit-learn"},
            'pip install ".[bench]"',
        ),
    )
}

# The workload "ops" has contenders of its own, some of them the same.
OP_CONTENDERS = {name: CONTENDERS[name] for name in ("minikeras", "numpy", "torch")} | {
    "jax": Contender("jax", "plain JAX", "plain_jax", "jax", {"jax": "jax"}, 'pip install ".[compat]"')
}
EVERY_CONTENDER = {**CONTENDERS, **OP_CONTENDERS}

KERAS = tuple(name for name in CONTENDERS if name.startswith("keras-"))
NETWORK_PEERS = (*KERAS, "torch")  # those that have convolutions
PEERS = (*NETWORK_PEERS, "scikit-learn")
