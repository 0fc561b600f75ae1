"""Configs that ask for too much: one argument of one op, layer, ... at a time has a value that no model has.

`python -m tests.saving.greedy [ops|layers|parts] [name]` tries them all and prints those that take long, take much
memory, or end in an error without a name.
"""

import inspect
import itertools
import json
import resource
import signal
import sys
import time
from typing import NamedTuple

from minikeras import constraints, initializers, layers, losses, metrics, models, ops, optimizers, regularizers
from minikeras.engine.registry import find, names
from minikeras.errors import MinikerasError
from minikeras.optimizers import schedules

SECONDS, MEGABYTES = 1.0, 300
HUGE = (10**9, -(10**9), 2**63, 10**400, 1e300, float("nan"), float("inf"), 3 * 10**6)
VALUES = (
    *HUGE,
    *([each] for each in HUGE[:4]),
    [10**9, 1, 1],
    [3 * 10**6, 1, 1],
    [10**5, 10**5],
    [[10**9, 10**9]],
    [[10**9, 10**9], [10**9, 10**9]],
    [[0, 10**9], [0, 0]],
    [1] * 20000,
    [[1, 1]] * 20000,
    [[[[1]]]] * 5000,
    "x" * 100000,
    "a," * 20000,
    "",
    None,
    True,
    {},
    {"a": 1},
    [],
    -1,
    0,
)
SHAPES = ([None, 3], [None, 10**9], [10**9, 10**9], [2, 3, 10**8], [None, 8, 8, 3], [None, None, None], [1] * 64, [])


def symbol(name="i", shape=(None, 3), dtype="float32"):
    config = {"shape": shape, "dtype": dtype, "keras_history": [name, 0, 0]}
    return {"class_name": "__keras_tensor__", "config": config}


def entry(class_name, name, settings, args=None, module="keras.layers"):
    nodes = [] if args is None else [{"args": args, "kwargs": {}}]
    return {
        "module": module,
        "class_name": class_name,
        "config": {"name": name, **settings},
        "registered_name": None,
        "name": name,
        "inbound_nodes": nodes,
    }


def graph(*entries, output):
    config = {"name": "f", "layers": list(entries), "input_layers": ["i", 0, 0], "output_layers": [output, 0, 0]}
    found = {"module": "keras.src.models.functional", "class_name": "Functional", "config": config}
    return {**found, "registered_name": "Functional"}


def stack(*entries, shape):
    inputs = {"class_name": "InputLayer", "module": "keras.layers", "registered_name": None}
    inputs["config"] = {"batch_shape": shape, "name": "i"}
    found = {"module": "keras", "class_name": "Sequential", "registered_name": None}
    return {**found, "config": {"name": "s", "layers": [inputs, *entries]}}


def inputs(shape, dtype="float32"):
    return entry("InputLayer", "i", {"batch_shape": shape, "dtype": dtype}, None)


def of_op(name):
    """Yields configs of graphs with an op that is called on hostile values."""
    class_name = "".join(part.capitalize() for part in name.split("_"))
    parameters = list(inspect.signature(find(name)).parameters.values())

    def made(shape, values, settings, dtype="float32"):
        op = entry(class_name, "o", settings, values, "keras.src.ops.numpy")
        return graph(inputs(shape, dtype), op, output="o")

    x = symbol()
    arity = max(1, sum(each.default is each.empty for each in parameters))
    counts = range(1, min(3, len(parameters)) + 1)
    for shape, count in itertools.product(SHAPES, counts):
        yield f"{name} on {shape if len(shape) < 9 else 'many axes'} x {count}", made(shape, [x] * count, {})
        yield f"{name} on a list of {shape if len(shape) < 9 else 'many axes'}", made(shape, [[x] * count], {})
    for value in VALUES:
        yield f"{name} on x, {str(value)[:40]}", made([None, 3], [x, value], {})
        yield f"{name} on {str(value)[:40]}, x", made([None, 3], [value, x], {})
        for parameter in parameters[1:]:
            for shape in ([None, 3], [2, 8, 8, 3]):
                what = f"{name} {shape} with {parameter.name}={str(value)[:40]}"
                yield what, made(shape, [x] * arity, {parameter.name: value})


def of_class(module, name):
    """Yields configs of models with an object that is made with one hostile argument."""
    cls = getattr(PARTS[module], name)
    needed = {key: NEEDED[key] for key in inspect.signature(cls).parameters if key in NEEDED}
    for key in inspect.signature(cls).parameters:
        for value in VALUES:
            part = {"module": module, "class_name": name, "registered_name": None}
            part["config"] = {**needed, key: value}
            what = f"{module}.{name} with {key}={str(value)[:40]}"
            if module != "keras.layers":
                yield what, HOLDERS[module](part)
                continue
            for shape in SHAPES[:-2] if value in (1000000000, 3000000, [10**9]) else ([None, 3], [2, 8, 8, 3]):
                yield f"{what} on {shape}", stack(part, shape=shape)


def _dense(**settings):
    part = {"module": "keras.layers", "class_name": "Dense", "registered_name": None}
    return stack({**part, "config": {"units": 600, **settings}}, shape=[None, 600])


def _compiled(**settings):
    return {**_dense(), "compile_config": {"optimizer": "sgd", "loss": "mse", **settings}}


def _scheduled(part):
    sgd = {"module": "keras.optimizers", "class_name": "SGD", "registered_name": None}
    return _compiled(optimizer={**sgd, "config": {"learning_rate": part}})


NEEDED = {
    "units": 2,
    "input_dim": 10,
    "output_dim": 2,
    "n": 2,
    "target_shape": [-1],
    "dims": [1],
    "rate": 0.5,
    "stddev": 0.5,
    "equation": "ab,bc->ac",
    "output_shape": 2,
    "axes": 1,
    "num_classes": 3,
    "target_class_ids": [0],
    "recall": 0.5,
    "precision": 0.5,
    "sensitivity": 0.5,
    "specificity": 0.5,
    "initial_learning_rate": 0.1,
    "decay_steps": 10,
    "decay_rate": 0.5,
    "boundaries": [1],
    "values": [0.1, 0.2],
}
PARTS = {
    "keras.layers": layers,
    "keras.initializers": initializers,
    "keras.regularizers": regularizers,
    "keras.constraints": constraints,
    "keras.losses": losses,
    "keras.metrics": metrics,
    "keras.optimizers": optimizers,
    "keras.optimizers.schedules": schedules,
}
HOLDERS = {
    "keras.initializers": lambda part: _dense(kernel_initializer=part),
    "keras.regularizers": lambda part: _dense(kernel_regularizer=part),
    "keras.constraints": lambda part: _dense(kernel_constraint=part),
    "keras.losses": lambda part: _compiled(loss=part),
    "keras.metrics": lambda part: _compiled(metrics=[part]),
    "keras.optimizers": lambda part: _compiled(optimizer=part),
    "keras.optimizers.schedules": _scheduled,
}


class Verdict(NamedTuple):
    """What is wrong (None if nothing is), the seconds it took, and whether the config was taken."""

    wrong: str | None
    seconds: float
    loaded: bool


class OutOfTime(BaseException):
    pass


def _stop(*_):
    raise OutOfTime


def loaded_text(config):
    return models.model_from_json(json.dumps(config))


def judged(config, load=loaded_text):
    """Tries what loading a config does, with little more memory than is used now."""
    peak = _pages()
    resource.setrlimit(resource.RLIMIT_AS, (peak + (MEGABYTES << 20), resource.RLIM_INFINITY))
    start, error = time.process_time(), None
    signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
    try:
        load(config)
    except BaseException as caught:
        error = caught
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    seconds = time.process_time() - start
    return Verdict(_wrong(error, seconds), seconds, error is None)


def _wrong(error, seconds):
    if error is not None and not isinstance(error, (MinikerasError, OutOfTime)):
        return f"{type(error).__name__}: {str(error)[:100]}"
    if isinstance(error, OutOfTime) or seconds > SECONDS:
        return f"{seconds:.1f} s"
    return "MemoryError" if "MemoryError" in str(error) or "Unable to allocate" in str(error) else None


def _pages():
    with open("/proc/self/statm", encoding="ascii") as statm:
        return int(statm.read().split()[0]) * resource.getpagesize()


def configs(kind):
    """Yields names and functions that yield configs."""
    if kind == "ops":
        for name in dir(ops):
            getattr(ops, name)  # enters it
        for name in names():
            yield name, lambda name=name: of_op(name)
    for module, package in PARTS.items() if kind == "classes" else ():
        for name in dir(package):
            if inspect.isclass(getattr(package, name)) and hasattr(getattr(package, name), "from_config"):
                yield name, lambda module=module, name=name: of_class(module, name)


def main(arguments):
    signal.signal(signal.SIGPROF, _stop)
    kind, *only = arguments
    count = 0
    for name, make in configs(kind):
        if only and name not in only:
            continue
        start = time.process_time()
        for what, config in make():
            count += 1
            found = judged(config).wrong
            if found:
                print(f"{what}: {found}", flush=True)
        print(f"-- {name} {time.process_time() - start:.1f} s", flush=True)
    print(f"{count} configs")


if __name__ == "__main__":
    main(sys.argv[1:])
