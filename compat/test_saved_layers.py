"""A model of every layer, and of all that a layer or `compile` holds, saved by one library and opened by the other."""

import inspect
import json

import keras
import numpy as np
import pytest

import minikeras
from compat import draws, test_constraints, test_functional, test_layers, test_optimizers, test_regularizers
from compat.test_layers import FLAT, GAPS
from minikeras.engine import tree
from tests.losses.cases import CASES as LOSSES
from tests.losses.cases import CLASS_OF, KINDS
from tests.metrics.cases import CASES as METRICS

pytestmark = pytest.mark.filterwarnings(
    "ignore:.*(built|lambda|legacy).*:UserWarning",
    "ignore:(.|\n)*(query|key|value)' .of type EinsumDense. was passed an input with a mask:UserWarning",  # Keras's own
    "ignore:__array__ implementation:DeprecationWarning",  # of TensorFlow's own variables
)
WAYS = {"ours": (minikeras, keras), "theirs": (keras, minikeras)}
both_ways = pytest.mark.parametrize("libraries", WAYS.values(), ids=WAYS)


def classes(package):
    """The classes of a namespace of Keras that minikeras offers; what it does not offer yet, `compat.names` lists."""
    theirs, ours = getattr(keras, package), getattr(minikeras, package)
    offered = [name for name in dir(theirs) if inspect.isclass(getattr(theirs, name)) and hasattr(ours, name)]
    firsts = [getattr(theirs, name).__name__ for name in offered]
    return [name for name, first in zip(offered, firsts, strict=True) if name == first or not hasattr(theirs, first)]


LOST_BY_KERAS = {
    "Identity": "gain",
    "CosineSimilarity": "axis",
    "Huber": "delta",
}  # arguments that their `get_config` forgets


def plain(config):
    """The config as JSON has it, without what Keras does not write."""

    def hook(found):
        if found.get("class_name") in LOST_BY_KERAS and found["module"] != "keras.layers":
            found["config"].pop(LOST_BY_KERAS[found["class_name"]], None)
        return found

    return json.loads(json.dumps(config), object_hook=hook)


def there_and_here(libraries, model, path, **options):
    """Returns the model that the second library makes of what the first one saves."""
    model.save(path)
    return libraries[1].saving.load_model(path, **options)


def assert_equal(first, second, bound=1e-5):
    first, second = ([np.asarray(each) for each in tree.flatten(side)] for side in (first, second))
    for one, other in zip(first, second, strict=True):
        assert (one.dtype, one.shape) == (other.dtype, other.shape)
        np.testing.assert_allclose(one, other, rtol=bound, atol=bound)


# ---------------------------------------------------------------- layers

CASES = {**test_layers.CASES, **test_layers.MERGING, **test_layers.ATTENTION}
NOT_IN_GRAPHS = {"InputSpec": "it is no layer", "Layer": "it is abstract", "InputLayer": "it is in every other model"}
NOT_IN_GRAPHS |= dict.fromkeys(test_layers.IMAGE_LAYERS, "in test_image_layers.py")
NOT_IN_GRAPHS |= {"Wrapper": "it is abstract", **dict.fromkeys(test_layers.FRAMEWORKS, "it is refused")}
OWN = {"Lambda"}  # below


def test_every_layer_is_saved():
    assert set(classes("layers")) == {*CASES, *NOT_IN_GRAPHS, *OWN, *test_layers.CELLS, *test_layers.ADAPTED}


def model_of(k, name, args, options, x):
    inputs, values = [], []
    parts = list(x) if isinstance(x, (list, tuple)) else [x]
    for each in parts:
        array = GAPS if isinstance(each, str) else each
        inputs.append(k.Input(array.shape[1:], dtype=array.dtype.name))
        values.append(k.layers.Masking()(inputs[-1]) if isinstance(each, str) else inputs[-1])
    layer = test_layers.made(k, name, args, options)
    model = k.Model(inputs, layer(values) if isinstance(x, list) else layer(*values))
    test_layers.set_weights(model)
    return model, [GAPS if isinstance(each, str) else each for each in parts]


@both_ways
@pytest.mark.parametrize("name", CASES)
def test_layers_of(name, libraries, tmp_path):
    for args, options, x in CASES[name]:
        model, data = model_of(libraries[0], name, args, options, x)
        opened = there_and_here(libraries, model, tmp_path / "model.keras")
        assert_equal(opened(data), model(data), 2e-3 if "float16" in str(options.get("dtype")) else 1e-5)


@both_ways
def test_a_class_without_a_public_name_in_an_old_file(libraries, tmp_path):
    for args, options, x in CASES["GroupQueryAttention"]:
        model, data = model_of(libraries[0], "GroupQueryAttention", args, options, x)
        opened = there_and_here(libraries, model, tmp_path / "model.h5", compile=False)
        assert_equal(opened(data), model(data), 2e-3 if "float16" in str(options.get("dtype")) else 1e-5)


def named(x):
    return x * 2


@both_ways
def test_functions_as_layers(libraries, tmp_path):
    for k in libraries:
        k.saving.get_custom_objects()["named"] = named
    k = libraries[0]
    x = k.Input((4,))
    for function in (
        lambda x, by=3: x[:, 1:] * by,
        named,
        lambda x: x + 4,
        lambda x: max(x[0, 0], 0.0) * x,
    ):
        model = k.Model(x, k.layers.Lambda(function, output_shape=(4,) if "max" not in str(function) else None)(x))
        opened = there_and_here(libraries, model, tmp_path / "model.keras", safe_mode=False)
        assert_equal(opened(FLAT), model(FLAT))
    for each in libraries:
        del each.saving.get_custom_objects()["named"]


NOT_SAVED = {
    test_functional.graph_made_in_init: "it is of a class of its own",
    test_functional.subclass_of_a_graph: "it is of a class of its own",
    test_functional.mask_handed_on: "it does not run",
}


@both_ways
@pytest.mark.parametrize(
    "make", [make for make in test_functional.MODELS if make not in NOT_SAVED], ids=lambda make: make.__name__
)
def test_graphs(make, libraries, tmp_path):
    """Nested and shared layers, structures of inputs and outputs, operators; also as `.h5`."""
    model = test_functional.set_weights(make(libraries[0]))
    data = test_functional.data_for(model)
    expected = model(data)
    for name in ("model.keras", "model.h5"):
        if (
            name == "model.h5"
            and libraries[0] is keras
            and any("ops" in type(each).__module__ for each in model.operations)
        ):
            continue  # Keras writes no modules there, and finds no op again
        opened = there_and_here(libraries, model, tmp_path / name, compile=False)
        assert_equal(opened(data), expected)
    other = test_functional.set_weights(make(libraries[1]))
    model.save_weights(tmp_path / "a.weights.h5")
    other.load_weights(tmp_path / "a.weights.h5")
    assert_equal(other(data), expected)


# ---------------------------------------------------------------- what layers hold


def held():
    """Every initializer, regularizer, constraint, activation and policy, as arguments of a Dense layer."""
    for name in classes("initializers"):
        if name != "Initializer":
            for arguments in [{}, *draws.ARGUMENTS.get(name, [])]:
                yield f"{name} {arguments}", "kernel_initializer", ("initializers", name, arguments)
    for package, cases in (("regularizers", test_regularizers.CASES), ("constraints", test_constraints.CASES)):
        for name in classes(package):
            for arguments in cases.get(name, []):
                yield f"{name} {arguments}", f"kernel_{package[:-1]}", (package, name, arguments)
    for name in dir(keras.activations):
        if name in minikeras.activations.__all__ and name not in ("get", "serialize", "deserialize"):
            yield name, "activation", ("activations", name, None)
    for name in ("float32", "float64", "float16", "mixed_float16"):
        yield name, "dtype", ("dtype_policies", "DTypePolicy", {"name": name})


def value(k, package, name, arguments):
    found = getattr(getattr(k, package), name)
    if arguments is None:
        return found
    return found(**arguments) if isinstance(arguments, dict) else found(*arguments)


HELD = {name: case for name, *case in held()}


@both_ways
@pytest.mark.parametrize("name", HELD)
def test_what_layers_hold(name, libraries, tmp_path):
    argument, what = HELD[name]
    k = libraries[0]
    model = k.Sequential([k.layers.Dense(2, **{argument: value(k, *what)})])
    opened = there_and_here(libraries, model, tmp_path / "model.keras")
    assert plain(opened.get_config()) == plain(model.get_config())


# ---------------------------------------------------------------- what models are compiled with


def compiled(k, optimizer="sgd", loss="mse", metrics=()):
    model = k.Sequential([k.layers.Input((3,)), k.layers.Dense(4, name="d")], name="m")
    model.compile(optimizer, loss, metrics=list(metrics))
    return model


def assert_compiled_alike(libraries, model, path):
    opened = there_and_here(libraries, model, path)
    assert plain(opened.get_compile_config()) == plain(model.get_compile_config())
    return opened


@both_ways
def test_losses(libraries, tmp_path):
    assert {CLASS_OF[name] for name, _ in LOSSES} == {*classes("losses")} - {"Loss"}
    for name, options in LOSSES:
        loss = getattr(libraries[0].losses, CLASS_OF[name])(**{**KINDS[name].needed, **options})
        assert_compiled_alike(libraries, compiled(libraries[0], loss=loss), tmp_path / "model.keras")
    for name in KINDS:
        if not KINDS[name].needed:
            function = getattr(libraries[0].losses, name)
            for loss in (name, function):
                assert_compiled_alike(libraries, compiled(libraries[0], loss=loss), tmp_path / "model.keras")


NO_METRICS = {"Metric": "it is abstract", "MeanMetricWrapper": "it takes a function"}


@both_ways
def test_metrics(libraries, tmp_path):
    assert set(METRICS) | set(NO_METRICS) == set(classes("metrics"))
    for name, cases in METRICS.items():
        for options, _ in cases[:2]:
            metric = getattr(libraries[0].metrics, name)(**options)
            assert_compiled_alike(libraries, compiled(libraries[0], metrics=[metric]), tmp_path / "model.keras")


SHARED = [{}, {"weight_decay": 0.5, "clipnorm": 1.0}, {"use_ema": True, "ema_overwrite_frequency": 3}]
SHARED += [{"global_clipnorm": 2.0, "gradient_accumulation_steps": 2}, {"clipvalue": 0.5, "loss_scale_factor": 4.0}]


def optimizers(k):
    """Every optimizer with its own options and those of all."""
    for name in test_optimizers.RULES:
        for options in [*test_optimizers.OWN[name], *(SHARED if name == "SGD" else SHARED[:1])]:
            yield getattr(k.optimizers, name)(**options)
    for name in [name for name in dir(k.optimizers.schedules) if name[0].isupper() and name in SCHEDULES]:
        yield k.optimizers.SGD(getattr(k.optimizers.schedules, name)(*SCHEDULES[name]))
    yield k.optimizers.LossScaleOptimizer(k.optimizers.Adam(0.5, weight_decay=0.1))


SCHEDULES = {
    "CosineDecay": (0.1, 10),
    "CosineDecayRestarts": (0.1, 10),
    "ExponentialDecay": (0.1, 10, 0.5),
    "InverseTimeDecay": (0.1, 10, 0.5),
    "PiecewiseConstantDecay": ([1, 2], [0.1, 0.2, 0.3]),
    "PolynomialDecay": (0.1, 10),
}


def test_every_schedule_is_saved():
    theirs = keras.optimizers.schedules
    assert {name for name in dir(theirs) if inspect.isclass(getattr(theirs, name))} == {
        *SCHEDULES,
        "LearningRateSchedule",
    }


@both_ways
@pytest.mark.parametrize("end", ["keras", "h5"])
def test_optimizers_with_their_state(end, libraries, tmp_path):
    """In `.h5` files, Keras cannot write that of Adafactor, reads none, and does not find Lamb."""
    for optimizer in optimizers(libraries[0]):
        if end == "h5" and libraries[0] is keras and type(optimizer).__name__ == "Adafactor":
            continue
        loss = libraries[0].losses.MeanSquaredError()  # see below for losses by their names
        model = compiled(libraries[0], optimizer, loss)
        optimizer.build(model.trainable_variables)
        optimizer.apply([np.full(each.shape, 0.5, "float32") for each in model.trainable_variables])
        if end == "h5" and libraries[1] is keras and type(optimizer).__name__ == "Lamb":
            with pytest.raises(ValueError, match="Could not interpret optimizer identifier"):
                there_and_here(libraries, model, tmp_path / "model.h5")
            continue
        opened = there_and_here(libraries, model, tmp_path / f"model.{end}")
        assert type(opened.optimizer).__name__ == type(optimizer).__name__
        assert plain(opened.optimizer.get_config()) == plain(optimizer.get_config())
        state = opened.optimizer.variables
        if end == "keras" or libraries[1] is minikeras:
            assert_equal(state, optimizer.variables)
        else:
            assert not [variable for variable in state if len(variable.shape)]
        assert_equal(opened.weights, model.weights)


def test_names_of_losses_in_old_files(tmp_path):
    """Keras writes short names and takes them for those of metrics, and fails."""
    path, metrics = tmp_path / "a.h5", ["mae", "accuracy", "AUC"]
    for loss in ("mse", "MAE", "msle", "bce", "kld", "huber", "mean_squared_error", ["mse"], {"d": "mae"}):
        model = compiled(minikeras, loss=loss, metrics=metrics)
        opened = there_and_here((minikeras, keras), model, path)
        assert opened.loss == (keras.losses.get(loss) if isinstance(loss, str) else opened.loss) and opened.loss
    compiled(keras, loss="mse").save(path)
    with pytest.raises(ValueError, match="keras.metrics.mse"):
        keras.saving.load_model(path)
    assert minikeras.saving.load_model(path).loss == "mse"


# ---------------------------------------------------------------- what only some files have


def blocks(k):
    """Two layers of one name in a layer, and layers whose names and weights look like each other's."""

    @k.saving.register_keras_serializable("compat_files")
    class Blocks(k.layers.Layer):
        def __init__(self, **kwargs):
            super().__init__(**kwargs)
            self.parts = [k.layers.Dense(3, name="d") for _ in range(2)]

        def build(self, shape):
            for part in self.parts:
                part.build(shape)

        def call(self, x):
            return self.parts[1](self.parts[0](x))

    x = k.Input((3,))
    return k.Model(x, k.layers.Dense(2)(Blocks(name="top_level_model_weights")(x)))


def test_names_that_come_again(tmp_path):
    """Keras cannot write them into `.h5` files."""
    model, theirs = blocks(minikeras), blocks(keras)
    with pytest.raises(ValueError, match="name already exists"):
        theirs.save(tmp_path / "a.h5")
    opened = there_and_here((minikeras, keras), model, tmp_path / "b.h5", compile=False)
    x = FLAT[:, :3]
    assert_equal(opened(x), model(x))
    model.save_weights(tmp_path / "a.weights.h5")
    theirs.load_weights(tmp_path / "a.weights.h5")
    assert_equal(theirs(x), model(x))


def subclassed(k):
    class Net(k.Model):
        def __init__(self, units=3, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.d, self.e = k.layers.Dense(units), k.layers.Dense(2)

        def build(self, shape):
            self.w = self.add_weight(shape=(1,), initializer="ones", name="w")
            self.d.build(shape)
            self.e.build((None, self.units))

        def call(self, x):
            return self.e(self.d(x)) * self.w

    return Net


@both_ways
def test_subclassed_models_in_old_files(libraries, tmp_path):
    """`load_weights` reads them in both; `load_model` builds those of minikeras, while Keras does not build its own."""
    path = tmp_path / "a.h5"
    model, other = (subclassed(k)() for k in libraries)
    model(FLAT), other(FLAT)
    model.save(path)
    other.load_weights(path)
    assert_equal(other(FLAT), model(FLAT))
    with pytest.raises(ValueError, match="(?i)layer count mismatch|the model has 0 layers"):
        libraries[1].saving.load_model(path, {"Net": subclassed(libraries[1])})
    if libraries[0] is minikeras:
        assert_equal(minikeras.saving.load_model(path, {"Net": subclassed(minikeras)})(FLAT), model(FLAT))


def test_weights_of_a_larger_model(tmp_path):
    """Keras takes what it finds and is silent about the rest."""
    for k in (keras, minikeras):
        large = k.Sequential([k.layers.Input((4,)), k.layers.Dense(4), k.layers.Dense(4)])
        large.save_weights(tmp_path / "a.weights.h5")
        small, theirs = (
            each.Sequential([each.layers.Input((4,)), each.layers.Dense(4)]) for each in (minikeras, keras)
        )
        theirs.load_weights(tmp_path / "a.weights.h5")
        with pytest.raises(ValueError, match="'layers/dense_1'.*skip_mismatch=True"):
            small.load_weights(tmp_path / "a.weights.h5")
        with pytest.warns(UserWarning, match="'layers/dense_1'"):
            small.load_weights(tmp_path / "a.weights.h5", skip_mismatch=True)
        assert_equal(small.get_weights(), large.layers[0].get_weights())


@pytest.mark.parametrize("end", ["keras", "h5"])
def test_keras_opens_what_is_excluded_from_weight_decay(end, tmp_path):
    """It forgets by itself which weights do not decay, and reads over what minikeras writes of it."""
    optimizer = minikeras.optimizers.AdamW(0.5, weight_decay=0.5)
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model = compiled(minikeras, optimizer, minikeras.losses.MeanSquaredError())
    optimizer.build(model.trainable_variables)
    opened = there_and_here((minikeras, keras), model, tmp_path / f"a.{end}")
    assert opened.optimizer.weight_decay == 0.5


@pytest.mark.filterwarnings("ignore:.*lambda:UserWarning")
def test_globals_of_lambdas(tmp_path):
    """Keras runs the code of a lambda without those of the script, wherever it was written."""
    for k in (keras, minikeras):
        x = k.Input((4,))
        k.Model(x, k.layers.Lambda(lambda x: OFFSET + x, output_shape=(4,))(x)).save(tmp_path / "a.keras")
        theirs = keras.saving.load_model(tmp_path / "a.keras", {"OFFSET": OFFSET}, safe_mode=False)
        with pytest.raises(NameError, match="OFFSET"):
            theirs(FLAT)
        ours = minikeras.saving.load_model(tmp_path / "a.keras", {"OFFSET": OFFSET}, safe_mode=False)
        assert_equal(ours(FLAT), FLAT + np.float32(OFFSET))
        with pytest.raises(ValueError, match="the globals OFFSET.*custom_objects={'OFFSET': OFFSET}"):
            minikeras.saving.load_model(tmp_path / "a.keras", safe_mode=False)


OFFSET = 2.0
