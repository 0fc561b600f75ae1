"""What minikeras must reach, and whether it does."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from .contenders import KERAS, NETWORK_PEERS, PEERS
from .processes import Result, Results
from .workloads import LONG


@dataclass(frozen=True)
class Bound:
    """A limit for the median of minikeras at one workload.

    Args:
        workload: Its name.
        limit: What must not be exceeded.
        kind: "ratio" or "difference" to the best of others, or "value": of minikeras alone.
        others: Their names.
        of: What the table calls the best of them.
    """

    workload: str
    limit: float
    kind: str = "ratio"
    others: tuple[str, ...] = ()
    of: str = ""


BOUNDS = (
    Bound("epoch", 1.0, others=("numpy",), of="the hand-written loop"),
    Bound("epoch", 0.6, others=PEERS, of="the best peer"),
    Bound("first-epoch", 0.5, others=PEERS, of="the best peer"),
    Bound("first-epoch", 0.25, others=KERAS, of="the best Keras"),
    Bound("medium-epoch", 0.42, "value"),
    Bound("busy-epoch", 2.5, "value"),
    Bound("busy-predict", 2.5, "value"),
    Bound("large-epoch", 1.0, others=("numpy",), of="the hand-written loop"),
    Bound("large-epoch", 1.0, others=PEERS, of="the best peer"),
    Bound("adam-epoch", 1.0, others=PEERS, of="the best peer"),
    Bound("predict", 1.1, others=("numpy",), of="the hand-written loop"),
    Bound("predict-one", 0.01, others=("keras-tensorflow",), of="Keras on TensorFlow"),
    Bound("import", 40.0, "difference", others=("numpy",), of="import numpy"),
    Bound("import", 0, "modules"),
    Bound("memory", 60.0, "value"),
    Bound("tracing", 10.0, "value"),
)
CONVOLUTION_BOUNDS = (
    Bound("convnet-epoch", 1.0, others=("numpy",), of="the hand-written loop"),
    Bound("convnet-epoch", 1.2, others=NETWORK_PEERS, of="the best peer"),
    Bound("convnet-first-epoch", 0.8, others=KERAS, of="the best Keras"),
    Bound("residual-step", 1.3, others=NETWORK_PEERS, of="the best peer"),
    Bound("separable-step", 1.3, others=NETWORK_PEERS, of="the best peer"),
    Bound("dilated-step", 1.2, others=NETWORK_PEERS, of="the best peer"),
    Bound("convnet-predict", 1.0, others=NETWORK_PEERS, of="the best peer"),
    Bound("convnet-predict-one", 1.0, others=NETWORK_PEERS, of="the best peer"),
    Bound("convnet-predict-one", 0.02, others=("keras-tensorflow",), of="Keras on TensorFlow"),
    Bound("convnet-memory", 0.6, others=NETWORK_PEERS, of="the best peer"),
)
# In arrays of one number for each unit at each time step of each sequence: gates, states and their gradients.
LONG_ARRAY_MB = 4e-6 * LONG.shape[0] * LONG.batch_size * LONG.units
SEQUENCE_BOUNDS = (
    Bound("lstm-epoch", 1.0, others=("numpy",), of="the hand-written loop"),
    Bound("lstm-epoch", 1.2, others=NETWORK_PEERS, of="the best peer"),
    Bound("lstm-first-epoch", 0.6, others=KERAS, of="the best Keras"),
    Bound("gru-step", 1.2, others=NETWORK_PEERS, of="the best peer"),
    Bound("lstm-tracing", 80.0, "value"),
    Bound("lstm-memory", 30 * LONG_ARRAY_MB, "value"),
    Bound("transformer-step", 1.3, others=NETWORK_PEERS, of="the best peer"),
    Bound("generate", 0.1, others=("keras-tensorflow",), of="Keras on TensorFlow"),
    Bound("stateful-step", 0.3, "value"),
)
AUGMENTATION_BOUNDS = (Bound("augmentation", 1.2, others=KERAS, of="the best Keras"),)

EVERY_BOUND = (*BOUNDS, *CONVOLUTION_BOUNDS, *SEQUENCE_BOUNDS, *AUGMENTATION_BOUNDS)
MET, MISSED, OPEN = "met", "MISSED", "not measured"


@dataclass(frozen=True)
class Verdict:
    """How a bound came out.

    Attributes:
        bound: The bound.
        required: It in words.
        measured: What was measured, in words.
        number: The same as a number; None if it was not measured.
        outcome: "met", "MISSED" or "not measured".
        remark: Who the best other was, and who was not there to be it.
    """

    bound: Bound
    required: str
    measured: str
    number: float | None
    outcome: str
    remark: str


def judge(bound: Bound, results: Results, units: dict[str, str]) -> Verdict:
    """Compares what was measured with a bound.

    Args:
        bound: The bound.
        results: By workload, then by contender.
        units: By workload.
    """
    unit = units[bound.workload]
    required = _required(bound, unit)
    measured = results.get(bound.workload, {})
    ours = measured.get("minikeras", Result())
    if not ours.samples:
        why = f"missing: {ours.missing}" if ours.missing else "failed" if ours.failed else "minikeras was not run"
        return Verdict(bound, required, "", None, OPEN, why)
    if bound.kind == "modules":
        outcome = MISSED if ours.loaded else MET
        return Verdict(bound, required, ", ".join(ours.loaded) or "none", float(len(ours.loaded)), outcome, "")
    number = median(ours.samples)
    if bound.kind == "value":
        return Verdict(bound, required, f"{number:.3g} {unit}", number, _outcome(number, bound.limit), "")
    there = [name for name in bound.others if measured.get(name, Result()).samples]
    absent = [name for name in bound.others if name not in there]
    if not there:
        return Verdict(bound, required, "", None, OPEN, f"without {', '.join(absent)}")
    best = min(there, key=lambda name: median(measured[name].samples))
    best_number = median(measured[best].samples)
    number = number / best_number if bound.kind == "ratio" else number - best_number
    text = f"{number:.3g}" if bound.kind == "ratio" else f"{number:+.3g} {unit}"
    remark = best + (f"; without {', '.join(absent)}" if absent else "")
    return Verdict(bound, required, text, number, _outcome(number, bound.limit), remark)


def judge_all(results: Results, units: dict[str, str], workloads: Sequence[str]) -> list[Verdict]:
    """Judges every bound of these workloads."""
    return [judge(bound, results, units) for bound in EVERY_BOUND if bound.workload in workloads]


def _outcome(number: float, limit: float) -> str:
    return MET if number <= limit else MISSED


def _required(bound: Bound, unit: str) -> str:
    if bound.kind == "modules":
        return "loads no PIL, h5py, matplotlib, tabulate"
    if bound.kind == "value":
        return f"<= {bound.limit:g} {unit}"
    return f"<= {bound.limit:g} of {bound.of}" if bound.kind == "ratio" else f"<= {bound.of} + {bound.limit:g} {unit}"
