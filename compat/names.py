"""Which public names of Keras minikeras offers, by namespace: `python -m compat.names` prints the table."""

import os
from collections.abc import Iterator
from types import ModuleType

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from tabulate import tabulate

import minikeras

HEADERS = ("namespace", "offered", "in Keras", "missing", "not in Keras")
TOTAL = "in all"
# Names of Keras 2 that scripts still use. Most are in `tf.keras`, too.
KERAS_2 = {
    "backend": "abs all any arange argmax argmin batch_dot batch_flatten batch_get_value batch_normalization "
    "batch_set_value bias_add binary_crossentropy binary_focal_crossentropy cast cast_to_floatx "
    "categorical_crossentropy categorical_focal_crossentropy clip concatenate constant cos count_params cumprod cumsum "
    "dot dropout dtype elu equal eval exp expand_dims eye flatten foldl foldr function gather get_session get_value "
    "gradients greater greater_equal hard_sigmoid image_dim_ordering in_top_k int_shape is_sparse l2_normalize "
    "learning_phase less less_equal log logsumexp map_fn max maximum mean min minimum moving_average_update name_scope "
    "ndim not_equal one_hot ones ones_like permute_dimensions placeholder pow print_tensor prod random_bernoulli "
    "random_normal random_normal_variable random_uniform random_uniform_variable relu repeat repeat_elements "
    "reset_uids reshape reverse rnn round set_image_dim_ordering set_learning_phase set_session set_value shape "
    "sigmoid sign sin softmax softplus softsign sparse_categorical_crossentropy spatial_2d_padding spatial_3d_padding "
    "sqrt square squeeze stack std stop_gradient sum switch tanh temporal_padding tile to_dense transpose "
    "truncated_normal update update_add update_sub var variable zeros zeros_like",
    "preprocessing": "text",
    "preprocessing.image": "DirectoryIterator ImageDataGenerator Iterator NumpyArrayIterator apply_affine_transform "
    "apply_brightness_shift apply_channel_shift random_brightness random_channel_shift random_rotation random_shear "
    "random_shift random_zoom",
    "preprocessing.sequence": "TimeseriesGenerator make_sampling_table skipgrams",
    "wrappers": "scikit_learn",
}
SHOWN = 6  # missing names of a row
# What minikeras offers in a namespace of Keras without Keras's having it, each with its reason.
EXTRAS: dict[str, dict[str, str]] = {
    "": {
        "GradientTape": "TensorFlow's, for custom loops: Keras leaves gradients to its backend",
        "autodiff": "the module of the tape and of the gradient functions",
        "crosscheck": "the comparison of a model with real Keras",
        "data": "the datasets, which in Keras are those of tf.data",
        "dropin": "what leads `import keras` to minikeras",
        "errors": "the exceptions and warnings of minikeras",
        "from_scratch": "the network of the lecture that minikeras began as",
        "grad": "the gradient of a function, as JAX has it",
        "value_and_grad": "the value and the gradient of a function, as JAX has it",
    }
}
EXTRAS |= {path: dict.fromkeys(text.split(), "of Keras 2") for path, text in KERAS_2.items()}


def namespaces(module: ModuleType, path: str = "") -> Iterator[tuple[str, ModuleType]]:
    """Yields the public modules in a package by their paths in it, the package itself, as "", first."""
    yield path, module
    package = module.__name__.partition(".")[0]
    for name in sorted(dir(module)):
        found = getattr(module, name)
        is_public = isinstance(found, ModuleType) and not name.startswith("_") and name != "src"
        if is_public and found.__name__.partition(".")[0] == package:
            yield from namespaces(found, f"{path}.{name}" if path else name)


def find(module: ModuleType, path: str) -> ModuleType | None:
    """Returns a module inside of a module; None if it is not there."""
    found: object = module
    for part in path.split(".") if path else ():
        found = getattr(found, part, None)
    return found if isinstance(found, ModuleType) else None


def public_names(module: ModuleType | None) -> list[str]:
    """Returns the public names of a namespace that are no modules; those that it lists, if it does."""
    names = [name for name in getattr(module, "__all__", dir(module)) if not name.startswith("_")] if module else []
    return [name for name in names if not isinstance(getattr(module, name), ModuleType)]


def unknown_names(ours: ModuleType | None, theirs: ModuleType) -> list[str]:
    """Returns what a namespace says that it offers, modules too, and that of Keras has not."""
    return [name for name in getattr(ours, "__all__", ()) if not name.startswith("_") and not hasattr(theirs, name)]


def name_rows(keras: ModuleType, library: ModuleType = minikeras) -> list[tuple]:
    """Counts the public names of each namespace of the reference, and those of them that are here.

    Returns:
        Rows as `HEADERS` says, one for each namespace and the total as the last.
    """
    rows = []
    for path, module in namespaces(keras):
        theirs, ours = public_names(module), public_names(find(library, path))
        missing = [name for name in theirs if name not in ours]
        shown = ", ".join(missing[:SHOWN]) + (f" and {len(missing) - SHOWN} more" if len(missing) > SHOWN else "")
        unknown = ", ".join(unknown_names(find(library, path), module))
        rows.append((path or "keras", len(theirs) - len(missing), len(theirs), shown, unknown))
    counts = [sum(row[column] for row in rows) for column in (1, 2)]
    rows.append((TOTAL, *counts, f"{counts[1] - counts[0]} names", ", ".join(row[4] for row in rows if row[4])))
    return rows


def main() -> None:
    """Prints the table."""
    import keras

    print(tabulate(name_rows(keras), headers=HEADERS, disable_numparse=True))


if __name__ == "__main__":
    main()
