"""Real Keras in a process of its own: describes the models of `keras.applications`, a line of JSON for each.

Run by `test_applications.py`, as `python -m compat.application_facts` with `KERAS_BACKEND=jax`. Variables have shapes,
but no values, and JAX, unlike numpy, computes nothing to learn the shapes of outputs.
"""

import json
import sys
import warnings

import keras
from keras.src.utils import file_utils

from compat.application_cases import called, cases, described, functions


def main() -> None:
    """Prints the facts of the cases that standard input names."""
    asked = json.loads(sys.stdin.readline())
    files: list[tuple] = []

    def note(fname, origin, cache_subdir, file_hash=None):
        files.append((fname, origin, cache_subdir, file_hash))
        return "noted"

    file_utils.get_file = note
    keras.Model.load_weights = lambda self, path: None
    warnings.simplefilter("ignore")
    known = cases(functions(keras.applications))
    for name in asked:
        case = known[name]
        keras.utils.clear_session(free_memory=False)
        files.clear()
        with keras.StatelessScope(initialize_variables=False):
            facts = described(called(keras, case), case)
        print(json.dumps({"case": name, "files": files, **facts}), flush=True)


if __name__ == "__main__":
    main()
