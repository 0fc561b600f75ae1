"""What is drawn, by name, written once for both libraries: `collect(keras)` and `collect(minikeras)`.

Run as a script with `KERAS_BACKEND=numpy`, it stores what Keras draws in the file given as argument. That
backend cannot be had in a process where Keras runs on TensorFlow.
"""

import json
import random
import sys

import numpy as np

SEEDS = (0, 1, 1337, 2**31 + 5, 2**32 - 1)
SHAPES = ((7, 5), (784, 30), (3, 3, 4, 6), (5, 9))
X = np.random.default_rng(0).normal(size=(6, 4)).astype("float32")

SAMPLERS = {
    "normal": lambda r, seed: r.normal((5, 3), seed=seed),
    "normal_scaled": lambda r, seed: r.normal((501,), 0.3, 1.7, seed=seed),
    "normal_float16": lambda r, seed: r.normal((50,), 0.3, 1.7, dtype="float16", seed=seed),
    "normal_float64": lambda r, seed: r.normal((50,), 0.3, 1.7, dtype="float64", seed=seed),
    "normal_arrays": lambda r, seed: r.normal((6, 4), X, np.abs(X), seed=seed),
    "truncated_normal": lambda r, seed: r.truncated_normal((40, 3), seed=seed),
    "truncated_normal_scaled": lambda r, seed: r.truncated_normal((501,), -0.3, 0.07, seed=seed),
    "uniform": lambda r, seed: r.uniform((5, 3), seed=seed),
    "uniform_scaled": lambda r, seed: r.uniform((501,), -0.1, 0.7, seed=seed),
    "uniform_arrays": lambda r, seed: r.uniform((6, 4), X, X + 1, seed=seed),
    "randint": lambda r, seed: r.randint((50, 3), -7, 1000, seed=seed),
    "randint_uint8": lambda r, seed: r.randint((50, 3), 3, 256, dtype="uint8", seed=seed),
    "randint_int64": lambda r, seed: r.randint((50, 3), -(2**40), 2**40, dtype="int64", seed=seed),
    "gamma": lambda r, seed: r.gamma((50,), 0.7, seed=seed),
    "gamma_arrays": lambda r, seed: r.gamma((6, 4), np.abs(X), seed=seed),
    "beta": lambda r, seed: r.beta((50,), 0.7, 2.3, seed=seed),
    "binomial": lambda r, seed: r.binomial((50,), 20, 0.3, seed=seed),
    "binomial_arrays": lambda r, seed: r.binomial((6, 4), 20, np.clip(np.abs(X), 0, 1), seed=seed),
    "categorical": lambda r, seed: r.categorical(X, 50, seed=seed),
    "categorical_float64": lambda r, seed: r.categorical(X.astype("float64"), 50, dtype="int64", seed=seed),
    "shuffle": lambda r, seed: r.shuffle(X, seed=seed),
    "shuffle_columns": lambda r, seed: r.shuffle(X, axis=1, seed=seed),
    "shuffle_line": lambda r, seed: r.shuffle(np.arange(100), seed=seed),
    "dropout": lambda r, seed: r.dropout(X, 0.3, seed=seed),
    "dropout_rows": lambda r, seed: r.dropout(X, 0.7, noise_shape=(None, 1), seed=seed),
    "dropout_integers": lambda r, seed: r.dropout(np.arange(60), 0.7, seed=seed),
}

WINDOWS = (
    "barthann",
    "bartlett",
    "blackman",
    "blackmanharris",
    "bohman",
    "boxcar",
    "cosine",
    "exponential",
    "flattop",
    "hamming",
    "hann",
    "lanczos",
    "nuttall",
    "parzen",
    "taylor",
    "triang",
    "tukey",
)
# Further arguments than the defaults, by initializer.
ARGUMENTS = {
    "Constant": [{"value": 0.1}, {"value": 7}],
    "Identity": [{"gain": 0.3}],
    "Orthogonal": [{"gain": 0.3}],
    "RandomNormal": [{"mean": 0.3, "stddev": 1.7}],
    "RandomUniform": [{"minval": 0.3, "maxval": 1.7}],
    "TruncatedNormal": [{"mean": 0.3, "stddev": 1.7}],
    "GlorotUniform": [{"input_axes": [1], "output_axes": [0]}],
    "HeNormal": [{"input_axes": [1], "output_axes": [0]}],
    "STFT": [
        {"side": side, "window": window, "scaling": scaling, "periodic": periodic}
        for side, scaling in (("real", "density"), ("imag", "spectrum"), ("real", None))
        for periodic in (True, False)
        for window in (*WINDOWS, None)
    ],
    "VarianceScaling": [
        {"scale": 0.3, "mode": mode, "distribution": distribution}
        for mode in ("fan_in", "fan_out", "fan_avg")
        for distribution in ("uniform", "truncated_normal", "untruncated_normal", "normal")
    ],
}
SHAPES_OF = {"Identity": SHAPES[:2], "STFT": ((8, 1, 5), (25, 1, 17), (400, 1, 257), (1, 1, 2))}
FUNCTIONS = {"deserialize", "get", "serialize"}


def public_names(module):
    """The names a user sees in a module."""
    names = {name for name in dir(module) if not name.startswith("_")}
    return sorted(name for name in names if type(getattr(module, name)).__name__ != "module")


def sampler_draws(library):
    for name, draw in SAMPLERS.items():
        for seed in SEEDS:
            yield f"{name}/{seed}", draw(library.random, seed)
        generator = library.random.SeedGenerator(3)
        for number in range(3):
            yield f"{name}/generator/{number}", draw(library.random, generator)
        yield f"{name}/generator/state", generator.state
        library.utils.set_random_seed(5)
        for number in range(3):
            yield f"{name}/none/{number}", draw(library.random, None)


def seed_draws(library):
    for seed in SEEDS:
        for ordered in (True, False):
            generator = library.random.SeedGenerator(seed)
            for number in range(5):
                yield f"seeds/{seed}/{ordered}/{number}", generator.next(ordered=ordered)


def initializer_draws(library, names):
    module = library.initializers
    for name in names:
        cls = getattr(module, name)
        for number, arguments in enumerate([{}, *ARGUMENTS.get(cls.__name__, [])]):
            for shape in SHAPES_OF.get(cls.__name__, SHAPES):
                key = f"{name}/{number}/{shape}"
                library.utils.set_random_seed(11)
                initializer = cls(**arguments)
                yield f"{key}/none", initializer(shape)
                yield f"{key}/none/again", initializer(shape)
                if cls.__name__ not in ("Orthogonal", "STFT"):  # Keras on numpy computes in float32 there
                    yield f"{key}/float64", initializer(shape, dtype="float64")
                if "seed" in initializer.get_config():
                    yield f"{key}/integer", cls(**arguments, seed=1337)(shape)
                    generator = library.random.SeedGenerator(8)
                    yield f"{key}/generator", cls(**arguments, seed=generator)(shape)
                    yield f"{key}/generator/again", cls(**arguments, seed=generator)(shape)
                yield f"{key}/python", np.array(random.random())


def lookup_draws(library, names):
    for name in [*named(names), "normal", "uniform", "one", "zero"]:
        library.utils.set_random_seed(12)
        yield f"get/{name}", library.initializers.get(name)((6, 4))
        yield f"get/{name}/python", np.array(random.random())


def model_draws(library, names):
    """The initial weights of whole models: who takes seeds from Python's `random`, and in which order."""
    layers = library.layers

    def stack(initializer="glorot_uniform", **options):
        return [
            layers.Dense(30, activation="relu", kernel_initializer=initializer, **options),
            layers.Dropout(0.5),
            layers.Dense(10, kernel_initializer=initializer, bias_initializer="random_normal"),
        ]

    for seed in (0, 42):
        library.utils.set_random_seed(seed)
        model = library.Sequential([layers.Input((784,)), *stack()])
        yield from numbered(f"model/declared/{seed}", model.get_weights())
        yield f"model/python/{seed}", np.array(random.random())
        library.utils.set_random_seed(seed)
        model = library.Sequential(stack())
        model.build((None, 20))
        yield from numbered(f"model/deferred/{seed}", model.get_weights())
        library.utils.set_random_seed(seed)
        model = library.Sequential()
        for layer in (layers.Input((12,)), layers.Dropout(0.1), layers.Dense(4), layers.Dropout(0.0), layers.Dense(2)):
            model.add(layer)
        yield from numbered(f"model/added/{seed}", model.get_weights())
    for name in named(names):
        library.utils.set_random_seed(7)
        model = library.Sequential([layers.Input((40,)), *stack(name)])
        yield from numbered(f"model/{name}", model.get_weights())
    library.utils.set_random_seed(7)
    for number, layer in enumerate([layers.Dropout(0.4), layers.Dropout(0.4, seed=3)]):
        for call in range(3):
            yield f"layer/dropout/{number}/{call}", layer(X, training=True)


def named(names):
    """Without the constant, of which Keras cannot make one by its name alone, and without what is of no matrix."""
    return [name for name in names if name.lower() != "constant" and not name.lower().startswith("stft")]


def numbered(name, arrays):
    for number, array in enumerate(arrays):
        yield f"{name}/{number}", array


def collect(library, names, parts):
    """All draws by name; `names` are the classes of initializers, `parts` the functions above."""
    draws = {}
    for part in parts:
        found = part(library, names) if part.__code__.co_argcount == 2 else part(library)
        for name, value in found:
            assert name not in draws, name
            draws[name] = np.asarray(value)
    return draws


def initializer_names(module):
    """The public names of the initializers that can be compared."""
    return [name for name in public_names(module) if name not in {*FUNCTIONS, "Initializer"}]


PARTS = (sampler_draws, seed_draws, initializer_draws, lookup_draws, model_draws)


def main(path):
    import keras

    assert keras.backend.backend() == "numpy"
    names = {name: public_names(getattr(keras, name)) for name in ("initializers", "random")}
    draws = collect(keras, initializer_names(keras.initializers), PARTS)
    np.savez(path, names=np.array(json.dumps(names)), **{f"draw:{name}": value for name, value in draws.items()})


if __name__ == "__main__":
    main(sys.argv[1])
