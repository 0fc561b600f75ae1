"""Layers that users write, beside real Keras: what they hold, how they are built, called and described."""

import json
import os

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import keras
import numpy as np
import pytest
import tensorflow as tf

import minikeras
from compat.mnist import clear_names
from compat.side_by_side import attempt, compare, outcome

RNG = np.random.default_rng(0)
X, OTHER = (RNG.normal(size=(6, 4)).astype("float32") for _ in range(2))
WORDS = RNG.integers(0, 4, (3, 5)).astype("int32")


def state_of(layer):
    """What a user sees of the variables of a layer."""
    groups = ("weights", "variables", "trainable_weights", "non_trainable_weights")
    groups += ("trainable_variables", "non_trainable_variables")
    found = {name: [variable.path for variable in getattr(layer, name)] for name in groups}
    found["details"] = [
        (v.name, tuple(v.shape), str(v.dtype), v.trainable, v.regularizer is None, v.constraint is None)
        for v in layer.weights
    ]
    return found | {"built": layer.built, "path": layer.path, "trainable": layer.trainable}


def type_of(value):
    return keras.backend.standardize_dtype(value.dtype)


def filled(layer, seed=1):
    """Gives a layer weights that depend on their number and shapes only; returns the layer."""
    rng = np.random.default_rng(seed)
    layer.set_weights([rng.normal(0, 0.5, weight.shape).astype("float32") for weight in layer.get_weights()])
    return layer


# ---------------------------------------------------------------- what layers hold


def lazily_built(k):
    class Linear(k.layers.Layer):
        def __init__(self, units, **options):
            super().__init__(**options)
            self.units = units

        def build(self, input_shape):
            self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="ones", name="w")
            self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=False, name="b")

        def call(self, inputs):
            return k.ops.matmul(inputs, self.w) + self.b

    layer = Linear(3, name="linear")
    before = state_of(layer)
    return before, layer(X), state_of(layer), layer.get_build_config(), Linear(2).name


def every_form_of_add_weight(k):
    class Forms(k.layers.Layer):
        def __init__(self):
            super().__init__(name="forms")
            self.early = self.add_weight((2,), name="early")
            self.unnamed = self.add_weight((2,), "ones")

        def build(self, input_shape):
            self.a = self.add_weight()
            self.b = self.add_weight((3,), initializer="ones")
            self.c = self.add_weight((2, 2), "orthogonal", "float64", name="c")
            self.d = self.add_weight(shape=[2], initializer=lambda shape, dtype=None: k.ops.full(shape, 2.0, dtype))
            self.e = self.add_weight(shape=(2,), initializer=k.initializers.Constant(3.0), dtype="int32", name="e")
            self.f = self.add_weight(shape=(4,), regularizer="l2", constraint="non_neg", name="f")
            self.g = self.add_weight(shape=(4,), regularizer=lambda w: k.ops.sum(w), trainable=False, name="g")
            self.h = self.add_weight(shape=(4,), autocast=False, constraint=lambda w: w * 0.5, name="h")
            self.i = self.add_variable((2,), "zeros", name="i")
            self.j = k.Variable(np.ones(2, "float32"), name="j")
            self.k = k.Variable(lambda shape, dtype: k.ops.zeros(shape, dtype), shape=(2,), trainable=False)

        def call(self, inputs):
            return inputs

    layer = Forms()
    layer(X)
    values = [layer.b, layer.d, layer.e, layer.i, layer.j]
    return state_of(layer), values, layer.count_params(), len(layer.losses)


def nested_in_everything(k):
    class Many(k.layers.Layer):
        def __init__(self):
            super().__init__(name="many")
            self.blocks = [k.layers.Dense(2, name="l0"), [k.layers.Dense(2, name="l1")]]
            self.named = {"z": k.layers.Dense(2, name="dz"), "a": k.layers.Dense(2, name="da")}
            self.pair = (k.layers.Dense(2, name="t0"), k.layers.Dense(2, name="t1"))
            self.blocks.append(k.layers.Dense(2, name="l2"))
            self.named["m"] = k.layers.Dense(2, name="dm")
            self.again = self.blocks[0]
            self.stack = k.Sequential([k.layers.Dense(2, name="s0"), k.layers.Dense(2, name="s1")], name="stack")
            self.noise = k.layers.Dropout(0.5, seed=1)
            self.seeds = k.random.SeedGenerator(2)
            self.mean = k.metrics.Mean(name="mean")

        def call(self, inputs):
            x = self.named["z"](self.blocks[1][0](self.blocks[0](inputs)))
            x = self.pair[1](self.pair[0](self.named["a"](x)))
            x = self.blocks[2](self.stack(self.named["m"](x)))
            self.mean.update_state(x)
            return self.noise(self.again(k.ops.concatenate([x, x], axis=-1)))

    layer = Many()
    layer(X)
    filled(layer)
    return state_of(layer), layer(X), [m.name for m in layer.metrics] if hasattr(layer, "metrics") else ["mean"]


def three_levels(k):
    class Inner(k.layers.Layer):
        def build(self, input_shape):
            self.scale = self.add_weight(shape=(input_shape[-1],), initializer="ones", name="scale")
            self.steps = self.add_weight(shape=(), initializer="zeros", trainable=False, name="steps")

        def call(self, inputs):
            self.steps.assign_add(1.0)
            return inputs * self.scale

    class Middle(k.layers.Layer):
        def __init__(self, **options):
            super().__init__(**options)
            self.first, self.second = Inner(name="first"), Inner(name="second")

        def build(self, input_shape):
            self.own = self.add_weight(shape=(1,), name="own", initializer="ones")
            self.second.build(input_shape)

        def call(self, inputs):
            return self.second(self.first(inputs)) + self.own

    class Outer(k.layers.Layer):
        def __init__(self, **options):
            super().__init__(**options)
            self.middle = Middle()
            self.dense = k.layers.Dense(2)

        def call(self, inputs):
            return self.dense(self.middle(inputs))

    layer = Outer(name="outer")
    layer(X)
    layer(X)
    return state_of(layer), [layer.middle.first.steps, layer.middle.second.steps], layer.middle.get_build_config()


def freezing(k):
    class Pair(k.layers.Layer):
        def __init__(self):
            super().__init__(name="pair")
            self.first, self.second = k.layers.Dense(2, name="first"), k.layers.Dense(2, name="second")
            self.frozen = k.layers.Dense(2, name="frozen", trainable=False)

        def build(self, input_shape):
            self.count = self.add_weight(shape=(), name="count", trainable=False)
            self.own = self.add_weight(shape=(2,), name="own", regularizer="l2")

        def call(self, inputs):
            return self.frozen(self.second(self.first(inputs))) + self.own

    layer, seen = Pair(), []
    layer.first.trainable = False
    layer(X)
    seen.append(state_of(layer))
    layer.trainable = False
    seen += [state_of(layer), [each.trainable for each in (layer.first, layer.second, layer.frozen)], len(layer.losses)]
    layer.second.trainable = True
    seen += [state_of(layer), state_of(layer.second)]
    layer.trainable = True
    seen += [state_of(layer), [each.trainable for each in (layer.first, layer.second, layer.frozen)]]
    layer.own.trainable = False
    seen += [state_of(layer), len(layer.losses)]
    return seen


HELD = [lazily_built, every_form_of_add_weight, nested_in_everything, three_levels, freezing]


@pytest.mark.parametrize("code", HELD, ids=lambda code: code.__name__)
def test_what_layers_hold(code):
    compare(code, rtol=2e-5)


# ---------------------------------------------------------------- how they are called


def several_inputs(k):
    class Several(k.layers.Layer):
        def build(self, left_shape, right_shape):
            self.left = self.add_weight(shape=(left_shape[-1], 2), initializer="ones", name="left")
            self.right = self.add_weight(shape=(right_shape[-1], 2), initializer="ones", name="right")

        def call(self, left, right, factor=1.0):
            return (k.ops.matmul(left, self.left) + k.ops.matmul(right, self.right)) * factor

    class Nested(k.layers.Layer):
        def build(self, input_shape):
            self.seen = input_shape

        def call(self, inputs):
            return {"sum": inputs["a"] + inputs["b"][0], "list": [inputs["a"], inputs["b"][0][:, :1]]}

    several, nested = Several(name="several"), Nested(name="nested")
    outputs = several(X, OTHER[:, :3]), several(X, right=OTHER[:, :3], factor=2.0)
    inside = nested({"a": X, "b": [OTHER]})
    symbolic = nested({"a": k.Input((4,)), "b": [k.Input((4,))]})
    shapes = {"sum": tuple(symbolic["sum"].shape), "list": [tuple(each.shape) for each in symbolic["list"]]}
    config = several.get_build_config(), json.loads(json.dumps(nested.get_build_config()))
    wrong = attempt(lambda: several(X)), attempt(lambda: several(X, OTHER, OTHER, OTHER))
    return outputs, inside, shapes, config, wrong


def training_passed_down(k):
    """Who sees which `training`: given, from outside, from the default."""
    seen = []

    class Looks(k.layers.Layer):
        def call(self, inputs, training=None):
            seen.append((self.name, training))
            return inputs

    class Defaults(k.layers.Layer):
        def __init__(self, default, **options):
            super().__init__(**options)
            self.inside = Looks(name=self.name + "_inside")
            self.default = default

        def call(self, inputs, training=False):
            seen.append((self.name, training))
            return self.inside(inputs)

    class Passes(k.layers.Layer):
        def __init__(self, **options):
            super().__init__(**options)
            self.inside, self.told = Looks(name="inside"), Looks(name="told")
            self.defaults = Defaults(False, name="defaults")

        def call(self, inputs):
            return self.told(self.defaults(self.inside(inputs)), training=False)

    layer = Passes()
    layer(X)
    seen.clear()  # Keras runs a layer once more to build it
    for options in ({}, {"training": True}, {"training": False}, {"training": None}):
        seen.append(options)
        layer(X, **options)
    called, seen[:] = list(seen), []
    x = k.Input((4,))
    model = k.Model(x, Looks(name="set")(Defaults(False, name="graph")(Looks(name="in_graph")(x)), training=True))
    stack = k.Sequential([Looks(name="stacked"), model])
    stack(X)
    seen.clear()
    for options in ({}, {"training": True}, {"training": False}):
        seen.append(options)
        model(X, **options)
        stack(X, **options)
    return called, seen


def masks(k):
    seen = []

    def noted(mask):
        if mask is None or isinstance(mask, (k.KerasTensor, tf.Tensor)) and not hasattr(mask, "numpy"):
            return None if mask is None else "symbolic"
        return np.asarray(mask)

    class Looks(k.layers.Layer):
        def __init__(self, **options):
            super().__init__(**options)
            self.supports_masking = True

        def call(self, inputs, mask=None):
            seen.append((self.name, noted(mask)))
            return inputs * 1.0

    class Shortens(k.layers.Layer):
        def call(self, inputs):
            return inputs[:, 1:]

        def compute_mask(self, inputs, previous_mask):
            return None if previous_mask is None else previous_mask[:, 1:]

    class Ends(k.layers.Layer):
        def __init__(self):
            super().__init__(name="ends")
            self.supports_masking = True

        def call(self, inputs, mask=None):
            seen.append(("ends", noted(mask)))
            weight = k.ops.cast(k.ops.expand_dims(mask, -1), "float32")
            return k.ops.sum(inputs * weight, axis=1) / k.ops.sum(weight, axis=1)

        def compute_mask(self, inputs, previous_mask):
            return None

    class Two(k.layers.Layer):
        def call(self, query, value, query_mask=None, value_mask=None):
            seen.append(("two", noted(query_mask), noted(value_mask)))
            return query + value

    embed = k.layers.Embedding(4, 2, mask_zero=True, embeddings_initializer="ones")
    steps = [
        embed,
        Looks(name="a"),
        k.layers.Dense(2, kernel_initializer="ones"),
        k.layers.Dropout(0.1),
        Shortens(),
        Looks(name="b"),
        Ends(),
    ]
    x = WORDS
    for step in [*steps, Looks(name="after")]:
        x = step(x)
    seen.append("given")
    Looks(name="given")(X, mask=np.ones((6, 4), bool))
    seen.append("two")
    Two(name="pair")(embed(WORDS), k.layers.Masking(1.0)(embed(WORDS)))
    Two(name="pair")(embed(WORDS), np.ones((3, 5, 2), "float32"))
    seen.append("list")
    k.layers.Add()([embed(WORDS), embed(WORDS)])
    Looks(name="sum")(k.layers.Add()([embed(WORDS), embed(WORDS[::-1].copy())]))
    Looks(name="joined")(k.layers.Concatenate(axis=1)([embed(WORDS), embed(WORDS)]))
    seen.append("model")
    inputs = k.Input((5,), dtype="int32")
    value = inputs
    for step in steps:
        value = step(value)
    model = k.Model(inputs, value)
    output = model(WORDS)
    return seen, output


def losses(k):
    class Adds(k.layers.Layer):
        def __init__(self, factor, **options):
            super().__init__(**options)
            self.factor, self.small = factor, k.regularizers.L1(0.01)
            self.dense = k.layers.Dense(2, kernel_initializer="ones", kernel_regularizer=k.regularizers.L2(0.5))

        def build(self, input_shape):
            self.own = self.add_weight(shape=(2,), initializer="ones", regularizer=self.small, name="own")
            self.frozen = self.add_weight((2,), "ones", trainable=False, regularizer=self.small, name="frozen")

        def call(self, inputs):
            outputs = self.dense(inputs) + self.own
            self.add_loss(self.factor * k.ops.mean(outputs))
            self.add_loss([k.ops.sum(outputs), 2 * k.ops.sum(outputs)])
            return outputs

    class Outer(k.layers.Layer):
        def __init__(self):
            super().__init__(activity_regularizer=k.regularizers.L1(0.1))
            self.first, self.second = Adds(1.0), Adds(10.0)

        def call(self, inputs):
            x = self.first(inputs)
            self.add_loss(k.ops.max(x))
            return self.second(x)

    layer, seen = Outer(), []
    layer(X)  # those of Keras's symbolic build are among these
    layer(X)
    seen += [[float(loss) for loss in layer.losses], [float(loss) for loss in layer.second.losses]]
    layer(2 * X)  # those of the call before are gone
    seen.append([float(loss) for loss in layer.losses])
    layer.first.trainable = False
    seen.append([float(loss) for loss in layer.losses])
    shared = k.layers.Dense(1, activity_regularizer="l2", kernel_initializer="ones")
    x = k.Input((4,))
    model = k.Model(x, shared(x) + shared(x * 2))
    model(X)
    seen.append([float(loss) for loss in model.losses])
    return seen, attempt(lambda: layer.add_loss(lambda: 1.0)), attempt(lambda: layer.add_loss("a"))


def stateless(k):
    class Counts(k.layers.Layer):
        def __init__(self):
            super().__init__(name="counts")
            self.noise = k.layers.Dropout(0.5, seed=1)

        def build(self, input_shape):
            self.w = self.add_weight(shape=(4, 2), initializer="ones", regularizer="l2", name="w")
            self.count = self.add_weight(shape=(), initializer="zeros", trainable=False, name="count")

        def call(self, inputs, training=False):
            self.count.assign_add(1.0)
            self.add_loss(k.ops.mean(inputs))
            return k.ops.matmul(self.noise(inputs, training=False), self.w) + self.count

    layer = Counts()
    missing = attempt(lambda: layer.stateless_call([], [], X))
    layer.build((None, 4))
    new = [np.full((4, 2), 2.0, "float32")]
    others = [np.asarray(variable) for variable in layer.non_trainable_variables]
    output, changed = layer.stateless_call(new, others, X, training=True)
    both = layer.stateless_call(new, others, X, return_losses=True)
    kept = np.asarray(layer.count), np.asarray(layer.w)
    found = [float(loss) for loss in both[2]]
    short = attempt(lambda: layer.stateless_call([], others, X))
    return missing, output, changed[:1], len(changed), found, kept, short


def dtypes(k):
    class Looks(k.layers.Layer):
        def build(self, input_shape):
            self.w = self.add_weight(shape=(4,), initializer="ones", name="w")
            self.kept = self.add_weight(shape=(4,), initializer="ones", autocast=False, name="kept")

        def call(self, inputs):
            self.seen = type_of(self.w + 0), self.kept_type()
            return k.ops.multiply(inputs, self.w)

        def kept_type(self):
            return type_of(self.kept + 0)

    found = []
    for policy in ("float32", "float64", "mixed_float16", "float16", k.DTypePolicy("mixed_float16")):
        layer, seen = Looks(dtype=policy), []
        for x in (X, X.astype("float64"), X.astype("float16"), (X * 3).astype("int32"), X > 0):
            output = layer(x)
            seen.append((type_of(output), layer.seen))
        names = layer.dtype, layer.compute_dtype, layer.variable_dtype, layer.dtype_policy.name, layer.input_dtype
        symbolic = layer(k.Input((4,)))
        found.append([seen, names, [str(w.dtype) for w in layer.weights], symbolic.dtype, str(symbolic.shape)])
        if isinstance(policy, str):
            found.append(json.loads(json.dumps(layer.get_config()).replace('"minikeras', '"keras')))
    kept = k.layers.Dense(2, autocast=False, dtype="float64", kernel_initializer="ones")
    return found, attempt(lambda: type_of(kept(X.astype("float64"))))


def policies_of_models(k):
    x = k.Input((4,))
    inner = k.layers.Dense(3, dtype="mixed_float16", kernel_initializer="ones", name="half")
    model = k.Model(x, k.layers.Dense(1, kernel_initializer="ones", name="whole")(inner(x)))
    double = k.Sequential([k.Input((4,)), k.layers.Dense(2, kernel_initializer="ones", dtype="float64")])
    found = [model(X), double(X), [t.dtype for t in model.outputs + double.outputs], inner.output.dtype]
    before = k.config.dtype_policy()
    try:
        k.config.set_dtype_policy("mixed_float16")
        layer = k.layers.Dense(2, kernel_initializer="ones")
        found += [layer(X), [str(w.dtype) for w in layer.weights], k.config.dtype_policy().name]
    finally:
        k.config.set_dtype_policy(before)
    return found


CALLED = [several_inputs, training_passed_down, masks, losses, stateless, dtypes, policies_of_models]


@pytest.mark.parametrize("code", CALLED, ids=lambda code: code.__name__)
@pytest.mark.filterwarnings("ignore:.*does not support masking:UserWarning")
def test_how_layers_are_called(code):
    # float16 keeps three digits, so the last of them may differ
    compare(code, rtol=2e-3 if code is policies_of_models else 2e-5)


def told_one(k):
    class Looks(k.layers.Layer):
        def call(self, inputs, training=None):
            self.seen = training
            return inputs

    class Tells(k.layers.Layer):
        def __init__(self):
            super().__init__()
            self.told, self.after = Looks(), Looks()

        def call(self, inputs):
            return self.after(self.told(inputs, training=False))

    layer = Tells()
    layer(X, training=True)
    return layer.told.seen, layer.after.seen


def test_training_is_not_passed_on_to_the_next_layer():
    """In Keras, what one layer is told goes for all that are called after it; here, for those inside of it."""
    assert outcome(keras, told_one) == (False, False)
    assert outcome(minikeras, told_one) == (False, True)


# ---------------------------------------------------------------- how they are described


def plain_config(config):
    """A config as a file would have it: the name of the package is all that may differ."""
    return json.loads(json.dumps(config).replace('"minikeras', '"keras'))


def configs(k):
    class Automatic(k.layers.Layer):
        def __init__(self, units, rate=0.5, sizes=(1, 2), options=None, **rest):
            super().__init__(**rest)
            self.units = units

    class Written(k.layers.Layer):
        def __init__(self, inside, activation=None, **options):
            super().__init__(**options)
            self.inside, self.activation = inside, k.activations.get(activation)

        def call(self, inputs):
            return self.activation(self.inside(inputs))

        def get_config(self):
            config = super().get_config()
            config["inside"] = k.saving.serialize_keras_object(self.inside)
            return config | {"activation": k.activations.serialize(self.activation)}

        @classmethod
        def from_config(cls, config):
            return cls(k.saving.deserialize_keras_object(config.pop("inside")), **config)

    class Nothing(k.layers.Layer):
        pass

    class Unplain(k.layers.Layer):
        def __init__(self, inside):
            super().__init__()

    automatic = Automatic(3, rate=0.1, options={"a": [1, None]}, name="auto", trainable=False, dtype="float64")
    written = Written(k.layers.Dense(2, name="d"), "tanh", name="written")
    written(X)
    found = [layer.get_config() for layer in (automatic, written, Nothing(), Automatic(1))]
    again = Automatic.from_config(automatic.get_config())
    copy = Written.from_config(written.get_config())
    copy(X)
    whole = k.saving.serialize_keras_object(written)
    whole["module"] = None
    refused = attempt(lambda: Unplain(k.layers.Dense(2)).get_config())
    unknown = attempt(lambda: Automatic.from_config({"size": 3}))
    alike = [weight.shape for weight in copy.get_weights()]
    custom = k.layers.deserialize(k.layers.serialize(written), {"Written": Written})
    kept = again.units, again.name, again.trainable, again.dtype, custom.activation.__name__, custom.built
    return plain_config([found, whole]), refused, unknown, alike, kept


def test_configs():
    compare(configs)


# ---------------------------------------------------------------- what is refused


def errors(k):
    class Raises(k.layers.Layer):
        def __init__(self, where):
            super().__init__(name="raises")
            self.where = where

        def build(self, input_shape):
            self.w = self.add_weight(shape=(2,), name="w")
            if self.where == "build":
                raise KeyError("inside build")

        def call(self, inputs):
            if self.where == "call":
                raise ZeroDivisionError("inside call")
            return None if self.where == "None" else inputs

    class Late(k.layers.Layer):
        def __init__(self):
            super().__init__()
            self.parts = []

        def call(self, inputs):
            if self.built:
                self.parts.append(k.layers.Dense(2))
            return inputs

    class Forgets(k.layers.Layer):
        def __init__(self):
            self.part = k.layers.Dense(2)

    class Specific(k.layers.Layer):
        def __init__(self, **spec):
            super().__init__()
            self.input_spec = k.layers.InputSpec(**spec)

        def call(self, inputs):
            return inputs

    def later(layer):
        layer(X)
        layer.new = k.Variable(np.ones(2, "float32"))

    tries = [
        lambda: Raises("build")(X),
        lambda: Late()(X),
        lambda: Forgets()(X),
        lambda: later(Raises("")),
        lambda: k.layers.Layer()(X),
        lambda: k.layers.Layer(units=3),
        lambda: k.layers.Layer(name="a/b"),
        lambda: k.layers.Layer(name=3),
        lambda: k.layers.Layer(trainable="yes"),
        lambda: k.layers.Layer().count_params(),
        lambda: k.layers.Layer().input,
        lambda: k.layers.Layer().add_weight(shape=(2, None)),
        lambda: k.layers.Layer().add_weight(initializer="no such"),
        lambda: k.layers.Dense(2)(X[0]),
        lambda: k.layers.Dense(2).set_weights([X]),
        lambda: k.layers.Dense(2)("text"),
        lambda: Specific(ndim=3)(X),
        lambda: Specific(min_ndim=3)(X),
        lambda: Specific(max_ndim=1)(X),
        lambda: Specific(shape=(None, 5))(X),
        lambda: Specific(axes={-1: 3})(X),
        lambda: Specific(dtype="int32")(X),
        lambda: k.layers.Add()([X, X[:, :3]]),
        lambda: k.layers.Add()(X),
    ]
    return [raised(code) for code in tries]


def raised(code):
    try:
        code()
    except Exception as error:
        return error
    return None


def test_errors():
    """What a user's `except` catches with Keras, it catches here."""
    clear_names(minikeras)
    for number, (theirs, ours) in enumerate(zip(errors(keras), errors(minikeras), strict=True)):
        assert (theirs is None) == (ours is None), f"{number}: {theirs!r} in Keras, {ours!r} here"
        assert theirs is None or isinstance(ours, type(theirs)), f"{number}: {theirs!r} in Keras, {ours!r} here"
