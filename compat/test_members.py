"""Members of public classes and signatures, by enumeration: what differs from Keras stands here, with its reason."""

import inspect

import keras
import numpy as np
import pytest

import minikeras
from compat.members import Pair, fits, main, members, missing_members, pairs, parameters, signature_differences

PAIRS = pairs(keras)
DIRECT = "steps are traced and replayed: override `train_step`, `test_step` or `predict_step`"
BOXES = "bounding boxes follow the maps of their corners, by one method for all layers that warp images"
TENSORFLOW = "of TensorFlow: there are no resource handles, strategies or its summaries here"
NOT_HERE = "of a class that is refused, since it wraps another framework"
# The members that classes of Keras have, and those of the same name here have not.
MISSING = {
    "convert_weight": "it converts weights for pipelines of another backend, and there is one backend",
    "distribute_reduction_method": TENSORFLOW,
    "distribute_strategy": TENSORFLOW,
    "get_clipped_bbox": BOXES,
    "get_shifted_bbox": BOXES,
    "get_transformed_x_y": BOXES,
    "handle": TENSORFLOW,
    "is_multihost_enabled": NOT_HERE,
    "is_primary_host": NOT_HERE,
    "make_predict_function": DIRECT,
    "make_test_function": DIRECT,
    "make_train_function": DIRECT,
    "parameters": NOT_HERE,
    "summary": TENSORFLOW,
    "wait_until_finished": NOT_HERE,
}
# What cannot be called as in Keras, with all names of its parameters.
OTHER_SIGNATURES = {
    "Variable": "there is one device, so that variables have no layout",
}
# Members and functions whose parameters must be equal, with all defaults, in their order.
EXACT = ("config.", "distillation.", "legacy.", "mixed_precision.", "utils.legacy.", "wrappers.SKLearn")
EXACT_NAMES = {"RematScope", "StatelessScope", "SymbolicScope", "remat", "version", "utils.get_source_inputs"}
EXACT_PAIRS = [pair for pair in PAIRS if pair.path.startswith(EXACT) or pair.path in EXACT_NAMES]


def test_classes_and_functions_are_found():
    assert len(PAIRS) > 700 and sum(inspect.isclass(pair.theirs) for pair in PAIRS) > 300
    assert len(EXACT_PAIRS) > 30


def test_members():
    """What `dir` of a class of Keras shows is there."""
    found = {}
    for pair in PAIRS:
        for name in missing_members(pair):
            found.setdefault(name, []).append(pair.path)
    assert {name: paths for name, paths in found.items() if name not in MISSING} == {}
    assert sorted(found) == sorted(MISSING)  # what is there by now has no place in the table
    assert all(MISSING.values())


def test_signatures():
    """Calls of the functions, constructors and methods of Keras mean the same here."""
    found = {name: (theirs, ours) for pair in PAIRS for name, theirs, ours in signature_differences(pair)}
    assert {name: each for name, each in found.items() if name not in OTHER_SIGNATURES} == {}
    assert sorted(found) == sorted(OTHER_SIGNATURES)


@pytest.mark.parametrize("pair", EXACT_PAIRS, ids=lambda pair: pair.path)
def test_equal_signatures(pair):
    assert parameters(pair.ours) == parameters(pair.theirs)


def test_attributes_of_instances_are_members():
    assert {"supports_masking", "built", "weights", "call"} <= members(minikeras.Layer)  # the first two are set
    theirs = type("Theirs", (), {"supports_masking": 0, "other": 0, "_private": 0})
    assert missing_members(Pair("x", theirs, minikeras.Layer)) == ["other"]
    assert missing_members(Pair("x", len, len)) == []


def f(a, b=1, *, c=2):
    pass


@pytest.mark.parametrize(
    ("ours", "expected"),
    [
        (lambda a, b=1, *, c=2: 0, True),
        (lambda a, b=1, *, c=2, d=3: 0, True),
        (lambda a=0, b=1, c=2: 0, True),
        (lambda *args, **kwargs: 0, True),
        (lambda a, b=1, **kwargs: 0, True),
        (lambda a, b=1: 0, False),
        (lambda b, a=1, *, c=2: 0, False),
        (lambda a, b=2, *, c=2: 0, False),
        (lambda a, b=1, *, c=2, d: 0, False),
        (lambda x, b=1, *, c=2: 0, False),
    ],
)
def test_which_signatures_fit(ours, expected):
    assert fits(parameters(f), parameters(ours)) is expected


def test_the_list(capsys):
    main()
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("Variable.handle is missing") for line in lines)
    assert any("name=None, layout=None, **kwargs) here (initializer" in line for line in lines)


def test_the_loss_for_given_values_of_the_variables():
    x = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")
    results = []
    for k in (keras, minikeras):
        dense = k.layers.Dense(2, kernel_regularizer="l2", kernel_initializer="ones")
        model = k.Sequential([k.Input((4,)), dense, k.layers.BatchNormalization()])
        model.compile("sgd", "mse", metrics=["mae"])
        model.evaluate(x, x[:, :2], verbose=0)
        groups = (model.trainable_variables, model.non_trainable_variables, model.metrics_variables)
        state = [[np.full(each.shape, 0.5, "float32") for each in group] for group in groups]
        loss, after = model.stateless_compute_loss(*state, x=x, y=x[:, :2], y_pred=x[:, 2:], training=True)
        results.append((float(loss), [[np.asarray(each) for each in group] for group in after]))
        assert np.asarray(model.layers[0].kernel)[0, 0] == 1.0
    assert results[0][0] == pytest.approx(results[1][0], rel=1e-5)
    for theirs, ours in zip(results[0][1], results[1][1], strict=True):
        assert len(ours) == len(theirs)
