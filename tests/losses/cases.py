"""Every loss with arguments that matter and data it is meant for; shared by the tests here and in compat/."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Kind:
    """What a loss takes: how labels and predictions are made, and which further arguments are tried."""

    labels: str
    predictions: str
    options: list = field(default_factory=lambda: [{}])
    needed: dict = field(default_factory=dict)  # arguments of the function that have no default


KINDS = {
    "binary_crossentropy": Kind(
        "yes_no", "unit", [{}, {"from_logits": True}, {"label_smoothing": 0.1}, {"axis": 0}, {"axis": [0, 1]}]
    ),
    "binary_focal_crossentropy": Kind(
        "yes_no",
        "unit",
        [
            {},
            {"from_logits": True},
            {"label_smoothing": 0.1},
            {"axis": 0},
            {"apply_class_balancing": True, "alpha": 0.3},
            {"gamma": 0.5},
            {"gamma": 0.0},
        ],
    ),
    "categorical_crossentropy": Kind(
        "one_hot", "probabilities", [{}, {"from_logits": True}, {"label_smoothing": 0.1}, {"axis": 1}]
    ),
    "categorical_focal_crossentropy": Kind(
        "one_hot",
        "probabilities",
        [
            {},
            {"from_logits": True},
            {"label_smoothing": 0.1},
            {"axis": 1},
            {"alpha": 0.4, "gamma": 1.5},
            {"alpha": [0.1, 0.2, 0.3, 0.4]},
            {"gamma": 0.0},
        ],
    ),
    "categorical_generalized_cross_entropy": Kind("numbers", "probabilities", [{}, {"q": 0.3}], {"q": 0.5}),
    "categorical_hinge": Kind("one_hot", "scores"),
    "circle": Kind(
        "numbers_of_rows",
        "vectors",
        [{}, {"gamma": 2.0}, {"gamma": 1.0, "margin": 0.2}, {"gamma": 1.0, "remove_diagonal": False}],
    ),
    "cosine_similarity": Kind("scores", "scores", [{}, {"axis": 0}, {"axis": [0, 1]}]),
    "ctc": Kind("texts", "speech"),
    "dice": Kind("yes_no", "unit", [{}, {"axis": -1}, {"axis": [0, -1]}]),
    "hinge": Kind("yes_no", "scores"),
    "huber": Kind("scores", "scores", [{}, {"delta": 2.5}]),
    "kl_divergence": Kind("probabilities", "probabilities"),
    "log_cosh": Kind("scores", "scores"),
    "mean_absolute_error": Kind("scores", "scores"),
    "mean_absolute_percentage_error": Kind("scores", "scores"),
    "mean_squared_error": Kind("scores", "scores"),
    "mean_squared_logarithmic_error": Kind("unit", "scores"),
    "poisson": Kind("counts", "unit"),
    "sparse_categorical_crossentropy": Kind(
        "numbers", "probabilities", [{}, {"from_logits": True}, {"ignore_class": 2}, {"ignore_class": -1}, {"axis": -1}]
    ),
    "squared_hinge": Kind("signs", "scores"),
    "tversky": Kind("yes_no", "unit", [{}, {"alpha": 0.3, "beta": 1.2}, {"axis": -1}]),
}
FUNCTIONS = sorted(KINDS)
CLASS_OF = {name: "".join(part.title() for part in name.split("_")) for name in KINDS}
CLASS_OF.update({"ctc": "CTC", "kl_divergence": "KLDivergence"})
FUNCTION_OF = {cls: name for name, cls in CLASS_OF.items()}
CASES = [(name, options) for name in FUNCTIONS for options in KINDS[name].options]
IDS = [f"{name}-{options}" for name, options in CASES]
SHAPES = [(5, 4), (3, 6, 4)]


def _softmax(x):
    return np.exp(x) / np.exp(x).sum(-1, keepdims=True)


def _made(kind, shape, rng, options):
    classes = shape[-1]
    if kind == "yes_no":
        return rng.integers(0, 2, shape)
    if kind == "signs":
        return rng.integers(0, 2, shape) * 2 - 1
    if kind == "one_hot":
        return np.eye(classes)[rng.integers(0, classes, shape[:-1])]
    if kind == "numbers":
        numbers = rng.integers(0, classes, shape[:-1])
        return np.where(rng.random(shape[:-1]) < 0.3, -1, numbers) if options.get("ignore_class") == -1 else numbers
    if kind == "numbers_of_rows":
        return rng.integers(0, 3, shape[0])
    if kind == "texts":
        return np.where(np.arange(3) < rng.integers(0, 4, (shape[0], 1)), rng.integers(1, classes, (shape[0], 3)), 0)
    if kind == "counts":
        return rng.integers(0, 4, shape)
    if kind == "vectors":
        vectors = rng.normal(size=(shape[0], classes))
        # Not quite of length 1: so no distance is 0, where its slope jumps.
        return 0.95 * vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
    if kind == "speech":
        return rng.normal(size=(shape[0], 6, classes))
    if kind == "unit":
        return rng.uniform(0.02, 0.98, shape)
    values = rng.normal(size=shape) * 2
    return _softmax(values) if kind == "probabilities" else values


def data(name, options, shape=(5, 4), dtype="float32", seed=0):
    """Returns labels and predictions for a loss; the labels in their natural type."""
    rng, kind = np.random.default_rng(seed), KINDS[name]
    y_true = _made(kind.labels, shape, rng, options)
    predictions = "scores" if options.get("from_logits") else kind.predictions
    return y_true, _made(predictions, shape, rng, options).astype(dtype)


def fits(name, shape):
    """Tells whether a loss takes predictions of a shape."""
    return len(shape) == 2 or name not in ("circle", "ctc")
