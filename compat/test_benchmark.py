"""The benchmark itself: the hand-written loop does the same work, bounds are judged rightly, nothing is left out."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import minikeras
from compat import benchmark
from compat.benchmarks import (
    bounds,
    keras_api,
    numpy_convnet,
    numpy_loop,
    op_bounds,
    op_report,
    op_timing,
    processes,
    worker,
)
from compat.benchmarks.bounds import BOUNDS, CONVOLUTION_BOUNDS, MET, MISSED, OPEN, Bound, judge, judge_all
from compat.benchmarks.contenders import CONTENDERS, OP_CONTENDERS, PINNED_KERNELS, Contender
from compat.benchmarks.op_cases import CASES, WITHOUT_COUNTERPART
from compat.benchmarks.op_inputs import SIDES
from compat.benchmarks.processes import Result, Run
from compat.benchmarks.workloads import (
    CONVNET,
    CONVOLUTION_WORKLOADS,
    DILATED,
    DROPOUT,
    LARGE,
    RESIDUAL,
    SEPARABLE,
    SMALL,
    WORKLOADS,
    MissingError,
    load_data,
    save_data,
)

# Both sides compute in float32 and add in another order. The same steps move the weights hundreds of times as far.
WEIGHT_BOUND = 2e-6
# Where rounding decides on which side of 0 the input of a relu lies, the weights of that unit part.
UNITS_AT_ZERO = 0.01
LOSS_BOUND = 2e-6  # relative

ABSENT = Contender("absent", "a library nobody has", "none", "none", {"no_such_module": "no-such-package"}, "pip it")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("data")
    save_data(path, 1000)  # the last batch is smaller than the others, with 32 and with 128 examples in a batch
    return path


@pytest.fixture(scope="module")
def data(folder):
    return load_data(folder)


def both_trained(network, data):
    """A model of minikeras and the hand-written loop, trained in one order of the examples from the same weights."""
    network = replace(network, learning_rate=0.1)  # ten times as far in one epoch, so that a difference would show
    minikeras.utils.set_random_seed(1)
    model = keras_api.Side(data, "minikeras")._compiled(network)
    few = slice(network.batch_size * 5 // 2)  # two whole batches and a smaller one
    loop = numpy_loop.Side(replace(data, x_train=data.x_train[few], y_train=data.y_train[few])).start(network)
    first = model.get_weights()
    for array, weights in zip(loop.parameters, first, strict=True):
        array[:] = weights
    history = model.fit(loop._x, loop._y, batch_size=network.batch_size, epochs=1, shuffle=False, verbose=0).history
    return model, loop, first, history, loop.epoch(shuffle=False)


@pytest.mark.parametrize("network", [SMALL, LARGE], ids=["small", "large"])
def test_the_loop_does_the_work_of_minikeras(network, data):
    model, loop, first, history, (loss, accuracy) = both_trained(network, data)
    assert loss == pytest.approx(history["loss"][0], rel=LOSS_BOUND)
    assert accuracy == pytest.approx(history["accuracy"][0], rel=1e-6)  # a float32 beside a float64
    for ours, theirs, before in zip(model.get_weights(), loop.parameters, first, strict=True):
        units = np.abs(theirs - ours).reshape(-1, ours.shape[-1]).max(axis=0)
        assert np.mean(units > WEIGHT_BOUND) <= UNITS_AT_ZERO
        assert np.abs(theirs - before).max() > 500 * WEIGHT_BOUND


def test_the_loop_predicts_what_minikeras_predicts(data):
    model, loop, *_ = both_trained(SMALL, data)
    images = data.x_test
    kept = images.copy()
    ours, theirs = model.predict(images, batch_size=32, verbose=0), loop.predict(images, 32)
    np.testing.assert_allclose(theirs, ours, rtol=0, atol=WEIGHT_BOUND)
    np.testing.assert_allclose(loop.predict(images[:1], 32), ours[:1], rtol=0, atol=WEIGHT_BOUND)
    np.testing.assert_array_equal(images, kept)


def test_the_loop_shuffles(data):
    loop = numpy_loop.Side(data).start(SMALL)
    np.random.seed(0)
    first = [array.copy() for array in loop.parameters]
    loop.epoch()
    shuffled = [array.copy() for array in loop.parameters]
    for array, weights in zip(loop.parameters, first, strict=True):
        array[:] = weights
    loop.epoch(shuffle=False)
    assert max(np.abs(a - b).max() for a, b in zip(shuffled, loop.parameters, strict=True)) > 100 * WEIGHT_BOUND


def test_the_loop_says_what_it_has_not(data):
    with pytest.raises(MissingError, match="SGD without dropout"):
        numpy_loop.Side(data).start(DROPOUT)


def both_convnets(network, data):
    """A model of minikeras and the hand-written convnet, with the same weights."""
    minikeras.utils.set_random_seed(1)
    model, loop = keras_api.compiled(minikeras, network), numpy_convnet.Trained(network, *data.training_data(network))
    for array, weights in zip(loop.parameters, model.get_weights(), strict=True):
        array[:] = weights.reshape(array.shape)
    return model, loop


def test_the_convnet_of_numpy_does_the_work_of_minikeras(data):
    network = replace(CONVNET, dropout=0.0, examples=320)  # the last batch is smaller than the others
    model, loop = both_convnets(network, data)
    first = model.get_weights()
    x, y = data.training_data(network)
    history = model.fit(x, y, batch_size=network.batch_size, shuffle=False, verbose=0).history
    loss, accuracy = loop.epoch(shuffle=False)
    assert loss == pytest.approx(history["loss"][0], rel=LOSS_BOUND)
    assert accuracy == pytest.approx(history["accuracy"][0], rel=1e-6)
    for ours, theirs, before in zip(model.get_weights(), loop.parameters, first, strict=True):
        # Adam moves a weight by the learning rate even where the gradient is not more than rounding.
        difference = np.abs(theirs - ours.reshape(theirs.shape)).mean()
        assert difference < 0.01 * np.abs(ours - before).mean()
    images = data.x_test[:70].reshape(-1, *network.shape)
    np.testing.assert_allclose(loop.predict(images, 32), model.predict(images, verbose=0), rtol=0, atol=1e-4)


def test_the_gradients_of_the_convnet_of_numpy(data):
    # The first images of MNIST have large black areas, where all numbers that are pooled together are equal.
    network = replace(CONVNET, dropout=0.0, examples=60)
    model, loop = both_convnets(network, data)
    first, gradients = model.get_weights(), numpy_convnet.Parameters()
    loop._adam = lambda flat: np.copyto(gradients.flat, flat)
    loop.epoch(shuffle=False)
    model.compile(minikeras.optimizers.SGD(1.0), "categorical_crossentropy")
    model.fit(*data.training_data(network), batch_size=60, shuffle=False, verbose=0)
    for gradient, before, after in zip(gradients.arrays, first, model.get_weights(), strict=True):
        np.testing.assert_allclose((before - after).reshape(gradient.shape), gradient, rtol=0, atol=1e-7)
        assert np.abs(gradient).mean() > 5e-4


def test_the_convnet_of_numpy_drops_features(data):
    loop = numpy_convnet.Trained(CONVNET, *data.training_data(replace(CONVNET, examples=256)))
    first, second = loop.epoch()[0], loop.epoch()[0]
    assert second < first
    for lane in loop._lanes:
        kept = lane._blocks[numpy_convnet.BLOCK].kept
        assert np.unique(kept).tolist() == [0, 2] and abs(kept.mean() - 1) < 0.1


# How many weights are trained, counted by hand: convolutions, normalization, dense layers.
CONVOLUTIONS = {
    CONVNET: 9 * 32 + 32 + 9 * 32 * 64 + 64 + 1600 * 10 + 10,
    RESIDUAL: 270_256 + 1_568 + 650,
    SEPARABLE: 130_880 + 3_328 + 2_570,
    DILATED: 192 + 8 * (2 * 8_256 + 4_160) + 65,
}


def weight_count(trained):
    if hasattr(trained, "module"):
        return sum(parameter.numel() for parameter in trained.module.parameters())
    return sum(int(np.prod(weight.shape)) for weight in trained._model.trainable_weights)


@pytest.mark.parametrize("network", CONVOLUTIONS, ids=[network.model for network in CONVOLUTIONS])
@pytest.mark.parametrize("contender", [name for name in ("minikeras", "torch") if not CONTENDERS[name].missing])
def test_the_networks_of_convolutions(contender, network, data):
    few = replace(network, examples=3, batch_size=2)
    x, y = data.training_data(few)
    assert x.shape == (3, *network.shape) and x.dtype == np.float32
    trained = CONTENDERS[contender].side(data).start(few)
    assert weight_count(trained) == CONVOLUTIONS[network]
    before = trained.predict(x, 2).copy()
    trained.epoch()
    after = trained.predict(x, 2)
    if network is DILATED:
        assert y.shape == x.shape and after.size == x.size
    else:
        assert after.shape == (3, 10)
        np.testing.assert_allclose(after.sum(axis=1), 1, rtol=1e-5)
    assert np.abs(after - before).max() > 1e-4


@pytest.mark.parametrize("contender", [name for name in ("numpy", "scikit-learn") if not CONTENDERS[name].missing])
def test_who_has_no_convolutions_says_so(contender, data):
    with pytest.raises(MissingError, match="convolutions"):
        CONTENDERS[contender].side(data).start(RESIDUAL)


def test_data(data):
    assert data.x_train.shape == (1000, 784) and data.x_train.dtype == np.float32
    assert data.x_test.shape == (1000, 784)
    np.testing.assert_array_equal(data.y_train.argmax(axis=1), data.classes_train)
    assert data.classes_train[:5].tolist() == [5, 0, 4, 1, 9]


UNITS = {"w": "s"}


def results(**samples):
    return {"w": {name.replace("_", "-"): Result(values) for name, values in samples.items()}}


@pytest.mark.parametrize(
    ("bound", "samples", "number", "outcome"),
    [
        (Bound("w", 1.0, others=("numpy",)), {"minikeras": [2.0, 9.0, 1.0], "numpy": [2.0]}, 1.0, MET),
        (Bound("w", 1.0, others=("numpy",)), {"minikeras": [2.02], "numpy": [2.0]}, 1.01, MISSED),
        (Bound("w", 0.6, others=("torch", "jax")), {"minikeras": [3.0], "torch": [10.0], "jax": [4.0]}, 0.75, MISSED),
        (Bound("w", 0.6, others=("torch",)), {"minikeras": [3.0], "torch": [10.0], "jax": [4.0]}, 0.3, MET),
        (Bound("w", 60, "difference", ("numpy",)), {"minikeras": [130.0], "numpy": [75.0]}, 55.0, MET),
        (Bound("w", 60, "difference", ("numpy",)), {"minikeras": [140.0], "numpy": [75.0]}, 65.0, MISSED),
        (Bound("w", 10, "value"), {"minikeras": [9.0, 10.0, 11.0]}, 10.0, MET),
        (Bound("w", 10, "value"), {"minikeras": [10.1]}, 10.1, MISSED),
        (Bound("w", 1.0, others=("numpy",)), {"minikeras": [1.0]}, None, OPEN),
        (Bound("w", 1.0, others=("numpy",)), {"numpy": [1.0]}, None, OPEN),
    ],
)
def test_judging(bound, samples, number, outcome):
    verdict = judge(bound, results(**samples), UNITS)
    assert verdict.outcome == outcome
    assert verdict.number == (None if number is None else pytest.approx(number))


def test_judging_names_who_was_not_there():
    bound = Bound("w", 0.6, others=("torch", "keras-jax", "keras-torch"), of="the best peer")
    verdict = judge(bound, results(minikeras=[1.0], torch=[4.0], keras_jax=[2.0]), UNITS)
    assert (verdict.required, verdict.measured) == ("<= 0.6 of the best peer", "0.5")
    assert verdict.remark == "keras-jax; without keras-torch"
    assert judge(bound, results(minikeras=[1.0]), UNITS).remark == "without torch, keras-jax, keras-torch"


def test_judging_what_minikeras_lacks():
    bound = Bound("w", 0.6, others=("torch",))
    assert judge(bound, {"w": {"minikeras": Result(missing="Adam")}}, UNITS).remark == "missing: Adam"
    assert judge(bound, {"w": {"minikeras": Result(failed="Traceback")}}, UNITS).remark == "failed"
    assert judge(bound, {}, UNITS).outcome == OPEN


def test_judging_loaded_modules():
    bound = Bound("w", 0, "modules")
    assert judge(bound, {"w": {"minikeras": Result([1.0])}}, UNITS).outcome == MET
    verdict = judge(bound, {"w": {"minikeras": Result([1.0], loaded=["h5py", "PIL"])}}, UNITS)
    assert (verdict.outcome, verdict.measured) == (MISSED, "h5py, PIL")


def test_every_workload_has_a_bound():
    assert {bound.workload for bound in BOUNDS} == set(WORKLOADS)
    assert {name for bound in BOUNDS for name in bound.others} | {"minikeras"} == set(CONTENDERS)
    assert len(judge_all({}, benchmark.UNITS, list(WORKLOADS))) == len(BOUNDS) == 16
    assert [v.bound.workload for v in judge_all({}, benchmark.UNITS, ["memory"])] == ["memory"]


def test_the_limits():
    ratios = [(b.workload, b.limit, len(b.others)) for b in BOUNDS if b.kind == "ratio"]
    assert ratios == [
        ("epoch", 1.0, 1),
        ("epoch", 0.6, 5),
        ("first-epoch", 0.5, 5),
        ("first-epoch", 0.25, 3),
        ("large-epoch", 1.0, 1),
        ("large-epoch", 1.0, 5),
        ("adam-epoch", 1.0, 5),
        ("predict", 1.1, 1),
        ("predict-one", 0.01, 1),
    ]
    assert [
        (b.workload, b.limit, benchmark.UNITS[b.workload]) for b in BOUNDS if b.kind in ("value", "difference")
    ] == [
        ("medium-epoch", 0.42, "s"),
        ("busy-epoch", 2.5, "x"),
        ("busy-predict", 2.5, "x"),
        ("import", 40.0, "ms"),
        ("memory", 60.0, "MB"),
        ("tracing", 10.0, "ms"),
    ]


def test_the_limits_of_convolutions():
    assert [(b.workload, b.limit, len(b.others)) for b in CONVOLUTION_BOUNDS] == [
        ("convnet-epoch", 1.0, 1),
        ("convnet-epoch", 1.2, 4),
        ("convnet-first-epoch", 0.8, 3),
        ("residual-step", 1.3, 4),
        ("separable-step", 1.3, 4),
        ("dilated-step", 1.2, 4),
        ("convnet-predict", 1.0, 4),
        ("convnet-predict-one", 1.0, 4),
        ("convnet-predict-one", 0.02, 1),
        ("convnet-memory", 0.6, 4),
    ]
    assert {bound.workload for bound in CONVOLUTION_BOUNDS} == set(CONVOLUTION_WORKLOADS)
    assert {bound.kind for bound in CONVOLUTION_BOUNDS} == {"ratio"}


def test_convolutions_run_only_when_named():
    assert benchmark.options_of([]).workload == list(WORKLOADS)
    assert benchmark.options_of(["--workload", "convolution"]).workload == list(CONVOLUTION_WORKLOADS)
    both = benchmark.options_of(["--workload", "residual-step", "epoch", "convolution"]).workload
    assert both == ["residual-step", "epoch", *list(CONVOLUTION_WORKLOADS)[:2], *list(CONVOLUTION_WORKLOADS)[3:]]


def test_convolutions_end_to_end(tmp_path, monkeypatch):
    path = tmp_path / "convolution.json"
    monkeypatch.setattr(processes, "PAUSE", 0.0)
    command = ["--images", "20", "--repeats", "1", "--keep-blas-settings", "--json", str(path)]
    benchmark.main([*command, "--workload", "convolution", "--contender", "minikeras", "numpy"])
    content = json.loads(path.read_text(encoding="utf-8"))
    assert set(content["workloads"]) == set(CONVOLUTION_WORKLOADS)
    results = {name: workload["results"] for name, workload in content["workloads"].items()}
    for name, result in results.items():
        assert result["minikeras"]["samples"] and not result["minikeras"]["failed"], name
        assert bool(result["numpy"]["samples"]) == name.startswith("convnet")
        assert not result["numpy"]["failed"]
    assert [verdict["outcome"] == OPEN for verdict in content["bounds"]] == [False] + 9 * [True]


def test_rows_of_a_workload():
    measured = {
        "minikeras": Result([2.0, 1.0, 4.0]),
        "numpy": Result([1.0, 3.0]),
        "torch": Result(missing="dropout"),
        "scikit-learn": Result(failed="Traceback"),
    }
    contenders = [*(CONTENDERS[name] for name in measured), ABSENT]
    assert benchmark.result_rows(WORKLOADS["epoch"], measured, contenders) == [
        ("minikeras", "2 s", "1", "4", 3, "1"),
        ("numpy", "2 s", "1", "3", 2, "1"),
        ("torch", "missing: dropout", "", "", "", ""),
        ("scikit-learn", "failed, see below", "", "", "", ""),
        ("absent", "missing: no-such-package", "", "", "", ""),
    ]


def test_contenders_are_named_with_version_or_what_to_install():
    rows = benchmark.contender_rows([CONTENDERS["minikeras"], CONTENDERS["keras-tensorflow"], ABSENT])
    assert rows[0][2] == f"minikeras {minikeras.__version__}, numpy {np.__version__}"
    assert rows[1][2].startswith("keras 3.15.1, tensorflow 2.")
    assert rows[2] == ("absent", "a library nobody has", "missing: no-such-package. pip it")


def test_all_contenders_lose_the_settings_of_the_blas():
    given = dict.fromkeys([*PINNED_KERNELS, "HOME"], "x")
    for contender in CONTENDERS.values():
        dropped = contender.process_environment(given, keep_pinned=False)
        kept = contender.process_environment(given, keep_pinned=True)
        assert {name: value for name, value in kept.items() if name not in PINNED_KERNELS} == dropped
        assert dropped["HOME"] == "x" and not set(PINNED_KERNELS) & set(dropped)
        assert set(PINNED_KERNELS) <= set(kept)
    assert CONTENDERS["keras-jax"].process_environment({}, False)["KERAS_BACKEND"] == "jax"


def test_many_calls_are_cut_short():
    calls = []
    assert worker.many_calls(lambda: calls.append(1), calls=50) < 1
    assert len(calls) == 50
    # By its clock each call takes an eighth of a second.
    assert worker.many_calls(lambda: calls.append(1), calls=1000, limit=0.5, clock=lambda: len(calls) / 8) == 125
    assert len(calls) == 54


@pytest.fixture(scope="module")
def quick(tmp_path_factory):
    path = tmp_path_factory.mktemp("benchmark") / "benchmark.json"
    # Tests run with the kernels this machine is set to.
    command = ["--images", "1000", "--repeats", "1", "--keep-blas-settings", "--json", str(path)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(processes, "PAUSE", 0.0)
        status = benchmark.main([*command, "--contender", "minikeras", "numpy"])
    return status, json.loads(Path(path).read_text(encoding="utf-8"))


def test_end_to_end(quick):
    status, content = quick
    assert list(content["contenders"]) == ["minikeras", "numpy"]
    assert set(content["workloads"]) == set(WORKLOADS)
    for name, workload in content["workloads"].items():
        for contender, result in workload["results"].items():
            assert result["failed"] == ""
            assert bool(result["samples"]) != bool(result["missing"]), (name, contender)
    assert content["machine"]["cores"] and content["machine"]["numpy's BLAS"]
    missed = [verdict for verdict in content["bounds"] if verdict["outcome"] == MISSED]
    assert status == (1 if missed else 0)
    assert len(content["bounds"]) == len(BOUNDS)


def test_end_to_end_what_cannot_be_measured(quick):
    workloads = quick[1]["workloads"]
    missing = {(name, side) for name, w in workloads.items() for side, r in w["results"].items() if r["missing"]}
    expected = {("adam-epoch", "numpy"), ("tracing", "numpy")}
    expected |= {(name, "numpy") for name in ("medium-epoch", "busy-epoch", "busy-predict")}
    if not hasattr(minikeras.optimizers, "Adam"):
        expected.add(("adam-epoch", "minikeras"))
    assert missing == expected


def test_end_to_end_the_modules_of_an_import_are_seen(quick):
    assert quick[1]["workloads"]["import"]["results"]["minikeras"]["loaded"] == []


@pytest.mark.parametrize(
    ("contender", "message"),
    [
        (Contender("nobody", "not known to the worker", "none", "no_such_module", {}, ""), "KeyError: 'nobody'"),
        (
            Contender("numpy", "no Python", "none", "no_such_module", {}, "", {"PYTHONHOME": "/nonexistent"}),
            "The process ended with status",
        ),
    ],
    ids=["refused", "died"],
)
def test_a_failing_contender_is_shown(contender, message, folder):
    run = Run([contender], folder, 2, True, lambda line: None)
    workloads = [WORKLOADS[name] for name in ("epoch", "memory", "import")]
    measured = run.do(workloads)
    for name in ("epoch", "memory"):
        assert message in measured[name][contender.name].failed
        assert measured[name][contender.name].samples == []
    assert measured["import"][contender.name].failed


def test_a_missed_bound_or_a_failure_makes_it_fail(monkeypatch, capsys):
    command = ["--images", "10", "--workload", "tracing", "--contender", "minikeras"]
    for result, status in ((Result([9.0]), 0), (Result([11.0]), 1), (Result(failed="Traceback"), 1)):
        monkeypatch.setattr(Run, "do", lambda self, workloads, result=result: {"tracing": {"minikeras": result}})
        assert benchmark.main(command) == status
    assert bounds.MISSED in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [
        ["--repeats", "0"],
        ["--images", "60001"],
        ["--workload", "x"],
        ["--contender", "x"],
        ["--op", "x"],
        ["--workload", "epoch", "--op", "add"],
    ],
)
def test_a_wrong_command_is_refused(command, capsys):
    with pytest.raises(SystemExit):
        benchmark.main(command)
    assert "error" in capsys.readouterr().err


def test_every_op_is_timed_or_has_no_counterpart():
    ops = minikeras.ops
    names = [name for name in ops.__all__ if callable(getattr(ops, name))]
    names += [f"image.{name}" for name in ops.image.__all__]
    timed = {case.op for case in CASES.values()}
    assert timed | set(WITHOUT_COUNTERPART) == set(names)
    assert not timed & set(WITHOUT_COUNTERPART)
    for case in CASES.values():
        assert any(call for contender, call in case.calls.items() if contender != "minikeras"), case.name
        assert list(case.calls) == list(OP_CONTENDERS)


@pytest.mark.parametrize("contender", [name for name, each in OP_CONTENDERS.items() if not each.missing])
def test_what_the_table_of_ops_names_exists(contender):
    for case in CASES.values():
        call = op_timing.resolved(case.calls[contender], op_timing.LIBRARIES[contender])
        assert call is None if case.calls[contender] is None else callable(call), case.name


def arrays_of(value):
    return [array for each in value for array in arrays_of(each)] if isinstance(value, list | tuple) else [value]


# What is not set, residuals besides the solution, and derivatives in a tuple.
NOT_THE_SAME = ("empty", "empty_like", "lstsq", "image.sobel_edges")


@pytest.mark.parametrize(
    "name", [name for name, case in CASES.items() if case.calls["numpy"] is not None and case.op not in NOT_THE_SAME]
)
def test_numpy_does_the_same_work(name):
    ours, theirs = (arrays_of(op_timing.prepared(CASES[name], side, "small")()) for side in ("minikeras", "numpy"))
    assert len(ours) == len(theirs)
    for one, other in zip(ours, theirs, strict=True):
        assert np.shape(one) == np.shape(other)
        if isinstance(other, np.ndarray):
            np.testing.assert_allclose(one, other, rtol=1e-3, atol=1e-4)


def test_arguments_of_jax_are_compiled_with_what_is_no_array_fixed():
    result = op_timing.prepared(CASES["transpose"], "jax", "small")()
    np.testing.assert_array_equal(result, op_timing.prepared(CASES["transpose"], "numpy", "small")())
    assert op_timing.prepared(CASES["top_k"], "jax", "medium")()[0].shape == (256, 5)
    assert op_timing.prepared(CASES["top_k"], "numpy", "medium") is None


def op_results(case, **samples):
    return {name: Result(figures={case: {"small": values, "large": values}}) for name, values in samples.items()}


@pytest.mark.parametrize(
    ("case", "ours", "numpys", "bound", "figure", "outcome"),
    [
        ("add", [3.5, 9.0], [0.6, 0.5], 0, None, MET),
        ("add", [4.0, 9.0], [0.6, 0.5], 0, 3.5, MISSED),
        ("image.resize, bilinear", [14.0], [10.0], 1, None, MET),
        ("median, of all", [16.0], [10.0], 1, 1.6, MISSED),
        ("scatter", [10.0], [10.0], 2, None, MET),
        ("take, gradient (embedding)", [12.0], [10.0], 2, 1.2, MISSED),
        ("softmax, of all", [12.0], [10.0], 2, None, OPEN),
    ],
)
def test_judging_ops(case, ours, numpys, bound, figure, outcome):
    verdict = op_bounds.judge_ops(op_results(case, minikeras=ours, numpy=numpys))[bound]
    assert verdict.outcome == outcome
    assert [figure for *_, figure in verdict.misses[:1]] == ([] if figure is None else [pytest.approx(figure)])


def test_scipys_calls_are_not_those_that_overhead_is_measured_by():
    names = {name for name, case in CASES.items() if case.calls["numpy"] is not None and op_bounds.is_numpys(case)}
    assert {"add", "relu", "fft", "linspace"} <= names
    assert not names & {"erf", "solve_triangular", "image.map_coordinates, order 1", "take, gradient (embedding)"}


def test_rows_of_ops():
    measured = op_results("add", minikeras=[3.0, 2.0], numpy=[1.0, 0.5])
    assert op_report.op_rows(measured, "small") == [("add", "2.0", "0.5", "", "", "4.00", "+1.5")]
    assert op_report.op_rows(measured, "medium") == []


def test_ops_end_to_end(tmp_path, monkeypatch, capsys):
    path = tmp_path / "ops.json"
    monkeypatch.setattr(processes, "PAUSE", 0.0)
    command = ["--op", "add", "image.resize", "--repeats", "2", "--keep-blas-settings", "--json", str(path)]
    status = benchmark.main([*command, "--contender", "minikeras", "numpy", "jax"])
    content = json.loads(path.read_text(encoding="utf-8"))
    results = content["workloads"]["ops"]["results"]
    assert list(results) == list(content["contenders"]) == ["minikeras", "numpy", "jax"]
    for result in results.values():
        assert result["failed"] == "" and len(result["figures"]["add"]["small"]) == 2
        assert all(list(by_size) == list(SIDES) for by_size in result["figures"].values())
    assert "image.resize, bicubic" in results["jax"]["figures"]
    assert "image.resize, bicubic" not in results["numpy"]["figures"]
    assert [verdict["outcome"] for verdict in content["bounds"]][2] == OPEN
    assert status == int(any(verdict["outcome"] == MISSED for verdict in content["bounds"]))
    assert "ops, large inputs: microseconds a call" in capsys.readouterr().out


def test_an_op_that_raises_an_error_is_shown(monkeypatch):
    broken = replace(CASES["add"], calls={"minikeras": lambda ops, x, y: ops.add(x)})
    monkeypatch.setitem(op_timing.CASES, "add", broken)
    timer = op_timing.OpTimer("minikeras")
    errors = timer.prepare(["add", "negative"])
    assert list(errors) == ["add"] and "TypeError" in errors["add"]
    assert list(timer.measure()) == ["negative"]
