"""Files and configs with something changed in them at random: each loads, or ends in an error with a name, at once.

`python -m tests.saving.fuzzing [mutants] [entry ...]` tries so many of each entry and prints what is wrong with them,
how many of them were loaded all the same, how long the slowest took, and the most memory.
"""

import collections
import contextlib
import copy
import io
import json
import os
import random
import resource
import signal
import sys
import tempfile
import warnings
import zipfile

import h5py

from minikeras import Model, Sequential, layers, models, ops, saving
from tests.saving.greedy import _stop, judged

NUMBERS = (
    *(0, -1, 1, 2, 7, 10**3, 10**5, 10**6, 3 * 10**6, 10**7, 10**8, 10**9, 2**31, 2**63, -(2**63), 2**64, 10**30),
    *(10**4000, 0.5, 1e-300, 1e300, float("nan"), float("inf"), -float("inf")),
)
TEXTS = ("", "x", "i", "\0", "é" * 50, "x" * 100000, "float32", "mixed_float16", "int8", "adam", "__lambda__", "a/b")
OTHERS = (None, True, False, [], {}, [[]], [None], "None", [None, None, 3], {"class_name": "Dense", "config": {}})


def five_models():
    """Five models that together have most of what configs have."""
    first = Sequential([layers.Input((4,), name="i"), layers.Dense(3, activation="relu"), layers.Dense(1)], name="m")
    first.compile("adam", "mse", metrics=["mae", "AUC"])
    x = layers.Input((4, 3), name="x")
    shared = layers.Dense(3, kernel_initializer="orthogonal", kernel_regularizer="l2", name="shared")
    y = ops.concatenate([shared(x), ops.tanh(shared(x + 1.0)) * 2.0], axis=-1)
    second = Model(x, [layers.LayerNormalization()(y), ops.mean(y[:, 1:3], axis=1)])
    inner = Sequential([layers.Input((4, 3)), layers.BatchNormalization(), layers.Dropout(0.5)], name="inner")
    z = layers.Input((4, 3), name="z")
    third = Model({"z": z, "x": x}, layers.Add()([inner(z), second(x)[0][..., :3], inner(x)]))
    ids = layers.Input((5,), dtype="int32", name="ids")
    words = layers.Embedding(20, 8, mask_zero=True)(ids)
    fourth = Model(ids, layers.EinsumDense("abc,cd->abd", output_shape=(5, 2), bias_axes="d")(words))
    fourth.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"], loss_weights=0.5)
    stack = [layers.Input((6, 6, 2)), layers.ZeroPadding2D(1), layers.Cropping2D(2), layers.UpSampling2D(2)]
    stack += [layers.Flatten(), layers.RepeatVector(3), layers.Permute((2, 1)), layers.Reshape((-1, 4))]
    stack += [layers.GaussianNoise(0.1), layers.Dense(2, dtype="mixed_float16")]
    return [first, second, third, fourth, Sequential(stack)]


# ---------------------------------------------------------------- changing configs


def places(value):
    """Returns all containers in a config with the keys in them."""
    found, queue = [], [value]
    while queue:
        each = queue.pop()
        keys = list(each) if isinstance(each, dict) else range(len(each))
        found += [(each, key) for key in keys]
        queue += [each[key] for key in keys if isinstance(each[key], (dict, list))]
    return found


def mutated(config, rng):
    """Returns a config with one to four changes."""
    config = copy.deepcopy(config)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        known = places(config)
        if known:
            try:
                _change(rng, known, *rng.choice(known))
            except RecursionError:  # it is deeper than Python copies already
                break
    return config


def _change(rng, known, holder, key):
    kind, value = rng.randrange(9), holder[key]
    if kind == 0:
        del holder[key]
    elif kind == 1 and isinstance(holder, list):
        holder.insert(rng.randrange(len(holder) + 1), copy.deepcopy(value))
    elif kind == 2:  # something from elsewhere: names in a cycle, configs of another kind
        other, place = rng.choice(known)
        holder[key] = copy.deepcopy(other[place])
    elif kind == 3:
        other, place = rng.choice(known)
        holder[key], other[place] = copy.deepcopy(other[place]), copy.deepcopy(value)
    elif kind == 4:
        holder[key] = [value] * rng.choice((0, 1, 2, 1000)) if len(str(value)) < 100 else [value]
    elif kind == 5:
        for _ in range(rng.choice((2, 90, 190, 500))):
            value = {"class_name": "a", "config": value} if rng.randrange(2) else [value]
        holder[key] = value
    elif isinstance(value, bool) or not isinstance(value, (int, float)) or kind == 6:
        holder[key] = copy.deepcopy(rng.choice((*NUMBERS, *TEXTS, *OTHERS)))
    else:
        holder[key] = rng.choice(NUMBERS)


def text_of(config):
    try:
        return json.dumps(config)
    except RecursionError:  # it is deeper than Python writes
        return '{"class_name": "Sequential", "config": ' * 5000


def damaged(data, rng):
    """Returns bytes with some of them changed, cut off, moved or put in twice."""
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8))):
        place, kind = rng.randrange(len(data)), rng.randrange(8)
        if kind < 5:
            data[place] = rng.choice((0, 1, 255, rng.randrange(256), data[place] ^ (1 << rng.randrange(8))))
        elif kind == 5:
            data[place : place + 8] = rng.choice((b"\xff" * 8, bytes(8), b"\0\0\0\0\1\0\0\0"))[: len(data) - place]
        elif kind == 6:
            other, size = rng.randrange(len(data)), rng.randrange(1, 64)
            data[place : place + size] = data[other : other + size]
        elif rng.randrange(4) == 0:
            del data[max(1, place) :]
    return bytes(data)


# ---------------------------------------------------------------- the entries


class Subjects:
    """The five models, their configs and files, and what reads them."""

    def __init__(self, folder):
        self.folder, self.models = folder, five_models()
        self.configs = [json.loads(model.to_json()) for model in self.models]
        self.archives, self.weights, self.old = [], [], []
        for model in self.models:
            model.save(self.path("good.keras"))
            with zipfile.ZipFile(self.path("good.keras")) as archive:
                self.archives.append({name: archive.read(name) for name in archive.namelist()})
            model.save_weights(self.path("good.weights.h5"))
            self.weights.append(self._without_checksum("good.weights.h5"))
            model.save(self.path("good.h5"))
            self.old.append(self._without_checksum("good.h5"))

    def path(self, name):
        return os.path.join(self.folder, name)

    def _without_checksum(self, name):
        with open(self.path(name), "rb") as file:
            data = file.read()
        return data[: data.rfind(b"\x89minikeras")]

    def written(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data)
        return self.path(name)

    def archive(self, members):
        with zipfile.ZipFile(self.path("bad.keras"), "w") as archive:
            for name, data in members.items():
                archive.writestr(name, data)
        return self.path("bad.keras")

    def entry(self, name, rng):
        """Returns what an entry is given, and the entry."""
        number = rng.randrange(5)
        model, config, members = self.models[number], self.configs[number], self.archives[number]
        if name == "load_model":
            return self.archive({**members, "config.json": text_of(mutated(config, rng))}), saving.load_model
        if name == "load_model_h5":
            path = self.written("bad.h5", self.old[number])
            with h5py.File(path, "r+") as file:
                attribute = rng.choice([each for each in ("model_config", "training_config") if each in file.attrs])
                file.attrs[attribute] = text_of(mutated(json.loads(file.attrs[attribute]), rng))
            return path, saving.load_model
        if name == "model_from_json":
            return text_of(mutated(config, rng)), models.model_from_json
        if name == "deserialize_keras_object":
            return mutated(config, rng), saving.deserialize_keras_object
        if name == "from_config":
            return mutated(config["config"], rng), type(model).from_config
        if name == "editor_config":
            changed = rng.choice(("config.json", "metadata.json"))
            text = text_of(mutated(json.loads(members[changed]), rng))
            return self.archive({**members, changed: text}), _edited
        return self._of_bytes(name, number, rng)

    def _of_bytes(self, name, number, rng):
        members = self.archives[number]
        if name in ("editor_bytes", "load_weights_bytes"):
            path = self.written("bad.weights.h5", damaged(self.weights[number], rng))
            return path, _edited if name == "editor_bytes" else self.models[number].load_weights
        if name in ("load_model_h5_bytes", "load_weights_h5_bytes"):
            path = self.written("bad.h5", damaged(self.old[number], rng))
            return path, saving.load_model if name == "load_model_h5_bytes" else self.models[number].load_weights
        if rng.randrange(2):  # inside of the archive
            part = rng.choice(sorted(members))
            path = self.archive({**members, part: damaged(members[part], rng)})
        else:
            with open(self.archive(members), "rb") as file:
                data = file.read()
            path = self.written("bad.keras", damaged(data, rng))
        return path, saving.load_model if name == "load_model_bytes" else _edited


ENTRIES = ("load_model", "load_model_h5", "model_from_json", "deserialize_keras_object", "from_config", "editor_config")
ENTRIES += ("editor_bytes", "load_weights_bytes", "load_model_h5_bytes", "load_weights_h5_bytes", "load_model_bytes")
ENTRIES += ("editor_keras_bytes",)


def _edited(path):
    with contextlib.redirect_stdout(io.StringIO()):
        editor = saving.KerasFileEditor(path)
        editor.summary()
    return editor


def tried(subjects, name, seed):
    """Returns the verdict about what an entry does with a mutant."""
    given, load = subjects.entry(name, random.Random(f"{name} {seed}"))
    return judged(given, load)


def _batch(subjects, name, seeds, pipe):
    """Tries mutants in a process of their own, since one might bring it down; writes what was wrong."""
    worst, loaded = 0.0, 0
    for seed in seeds:
        found = tried(subjects, name, seed)
        worst, loaded = max(worst, found.seconds), loaded + found.loaded
        if found.wrong:
            pipe.write(f"{name} {seed}: {found.wrong}\n")
            pipe.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    pipe.write(f"= {len(seeds)} {loaded} {worst:.2f} {peak}\n")
    pipe.flush()


def main(arguments):
    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, _stop)
    count, *only = arguments or ["5000"]
    with tempfile.TemporaryDirectory() as folder:
        subjects = Subjects(folder)
        for name in only or ENTRIES:
            total = collections.Counter()
            worst, peak = 0.0, 0
            for start in range(0, int(count), 250):
                lines = _in_child(subjects, name, range(start, min(start + 250, int(count))))
                for line in lines:
                    if line.startswith("= "):
                        done, loaded, seconds, megabytes = line[2:].split()
                        total.update(tried=int(done), loaded=int(loaded))
                        worst, peak = max(worst, float(seconds)), max(peak, int(megabytes))
                    else:
                        total["wrong"] += 1
                        print(line, flush=True)
            print(f"-- {name}: {dict(total)}, slowest {worst:.2f} s, {peak} MB", flush=True)


def _in_child(subjects, name, seeds):
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        try:
            with os.fdopen(writing, "w") as pipe:
                _batch(subjects, name, seeds, pipe)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        lines = pipe.read().splitlines()
    status = os.waitpid(child, 0)[1]
    is_whole = status == 0 and lines and lines[-1].startswith("= ")
    return lines if is_whole else [*lines, f"{name} {seeds}: the process ended early, with {status}"]


if __name__ == "__main__":
    main(sys.argv[1:])
