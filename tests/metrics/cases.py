"""Every metric with arguments and data, shared by the tests of all metrics here and in compat/."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Data:
    """How to make labels and predictions, and which sample weights go with them.

    The batch is the first size of both shapes.
    """

    labels: tuple
    outputs: tuple
    kind: str
    classes: int = 2

    def make(self, seed, batch=8):
        rng = np.random.default_rng(seed)
        labels, outputs = ((batch, *sizes) for sizes in (self.labels, self.outputs))
        return _MAKERS[self.kind](rng, labels, outputs, self.classes)


def _rounded(rng, shape):
    # Steps of 1/20, so that 0, 1 and many thresholds are hit exactly.
    return np.round(rng.uniform(-0.04, 1.04, shape), 1).clip(0, 1).astype("float32")


def _one_hot(rng, shape):
    return np.eye(shape[-1], dtype="float32")[rng.integers(shape[-1], size=shape[:-1])]


def _scores(rng, shape):
    return rng.permuted(np.linspace(0.02, 0.98, int(np.prod(shape)))).reshape(shape).astype("float32")


_MAKERS = {
    "binary": lambda rng, y, p, n: (rng.integers(0, 2, y), _rounded(rng, p)),
    "one_hot": lambda rng, y, p, n: (_one_hot(rng, y), _scores(rng, p)),
    "one_hot_tied": lambda rng, y, p, n: (_one_hot(rng, y), _rounded(rng, p)),
    "numbers": lambda rng, y, p, n: (rng.integers(0, n, y), _scores(rng, p)),
    "labels": lambda rng, y, p, n: (rng.integers(0, n, y), rng.integers(0, n, p)),
    "labels_out_of_range": lambda rng, y, p, n: (rng.integers(-1, n + 1, y), rng.integers(-1, n + 1, p)),
    "one_hot_true": lambda rng, y, p, n: (_one_hot(rng, y), rng.integers(0, n, p)),
    "sorted_ids": lambda rng, y, p, n: (rng.integers(0, n, y), rng.permuted(np.indices(p)[-1], axis=-1)),
    "real": lambda rng, y, p, n: (rng.normal(size=y).astype("float32"), rng.normal(size=p).astype("float32")),
    "logits": lambda rng, y, p, n: (rng.integers(0, 2, y), rng.normal(size=p).astype("float32") * 3),
    "positive": lambda rng, y, p, n: (_scores(rng, y), _scores(rng, p)),
    "signs": lambda rng, y, p, n: (rng.integers(0, 2, y) * 2 - 1, rng.normal(size=p).astype("float32")),
}


def data(kind, outputs, labels=None, classes=2):
    return Data(outputs if labels is None else labels, outputs, kind, classes)


FLAT = data("binary", ())
COLUMN = data("binary", (1,))
MIXED = data("binary", (1,), labels=())
TABLE = data("binary", (3,))
CUBE = data("binary", (2, 3))
CLASSES = data("one_hot", (4,))
TIED = data("one_hot_tied", (4,))
SEQUENCE = data("one_hot", (3, 4))
NUMBERS = data("numbers", (4,), labels=(), classes=4)
NUMBER_SEQUENCE = data("numbers", (3, 4), labels=(3,), classes=4)
REAL = data("real", (3,))
REAL_FLAT = data("real", ())
REAL_COLUMN = data("real", (1,), labels=())
REAL_CUBE = data("real", (4, 3))
POSITIVE = data("positive", (3,))
SIGNS = data("signs", (3,))
LOGITS = data("logits", (3,))
LABELS = data("labels", (5,), classes=3)
LABELS_FLAT = data("labels", (), classes=3)
OUT_OF_RANGE = data("labels_out_of_range", (5,), classes=3)

THRESHOLDS = [
    {},
    {"thresholds": 0.3},
    {"thresholds": [0.9, 0.1, 0.5]},
    {"thresholds": [0.0, 0.5, 1.0]},
    {"thresholds": [0.0, 0.25, 0.5, 0.75, 1.0]},
    {"thresholds": [0.2, 0.2, 0.0, 1.0]},
]
SHARES = [
    *[(options, FLAT) for options in THRESHOLDS],
    *[(THRESHOLDS[number], CUBE) for number in (0, 2, 3)],
    ({}, MIXED),
    ({"top_k": 2}, TIED),
    ({"top_k": 2, "thresholds": [0.6, 0.3]}, TIED),
    ({"top_k": 1, "class_id": 2}, CLASSES),
    ({"class_id": 1}, CUBE),
    ({"class_id": 0, "thresholds": [0.0, 0.5, 1.0]}, TABLE),
]


def counts():
    return [(options, where) for options in THRESHOLDS for where in (FLAT, TABLE)] + [({}, MIXED)]


def trade_offs(given):
    return [
        ({given: 0.5}, FLAT),
        ({given: 0.8, "num_thresholds": 11}, TABLE),
        ({given: 0.3, "num_thresholds": 1}, COLUMN),
        ({given: 0.6, "num_thresholds": 2}, MIXED),
        ({given: 0.6, "class_id": 1}, CUBE),
    ]


def areas():
    for curve in ("ROC", "PR", "PRGAIN"):
        for method in ("interpolation", "minoring", "majoring"):
            how = {"curve": curve, "summation_method": method}
            yield how, FLAT
            yield {**how, "thresholds": [0.3, 0.12, 0.9]}, TABLE
        yield {"curve": curve, "multi_label": True, "num_labels": 3, "num_thresholds": 21}, TABLE
    yield {"num_thresholds": 2}, COLUMN
    yield {"num_thresholds": 11}, CUBE
    yield {"thresholds": [0.5]}, MIXED
    yield {"thresholds": [0.25, 0.5, 0.75]}, FLAT
    yield {"thresholds": []}, FLAT
    yield {"from_logits": True}, LOGITS
    yield {"from_logits": True, "multi_label": True, "curve": "pr"}, LOGITS
    yield {"multi_label": True, "thresholds": [0.7, 0.2]}, TABLE
    yield {"multi_label": True, "label_weights": [0.2, 1.0, 3.0]}, TABLE
    yield {"multi_label": True, "label_weights": [0.2, 1.0, 3.0], "curve": "PR"}, TABLE
    yield {"label_weights": [0.2, 1.0, 3.0]}, TABLE
    yield {"label_weights": [0.2, 1.0, 3.0], "thresholds": [0.6]}, TABLE


def f_scores():
    for average in (None, "micro", "macro", "weighted"):
        yield {"average": average}, CLASSES
        yield {"average": average, "threshold": 0.4}, TABLE
    yield {}, TIED


CASES = {
    "AUC": list(areas()),
    "Accuracy": [({}, LABELS), ({}, LABELS_FLAT)],
    "BinaryAccuracy": [({}, TABLE), ({"threshold": 0.3}, CUBE), ({}, MIXED)],
    "BinaryCrossentropy": [({}, TABLE), ({"from_logits": True}, LOGITS), ({"label_smoothing": 0.1}, CUBE)],
    "BinaryIoU": [({}, CUBE), ({"target_class_ids": [1], "threshold": 0.3}, FLAT), ({"dtype": "float32"}, TABLE)],
    "CategoricalAccuracy": [({}, CLASSES), ({}, SEQUENCE)],
    "CategoricalCrossentropy": [
        ({}, CLASSES),
        ({"from_logits": True}, SEQUENCE),
        ({"label_smoothing": 0.1}, SEQUENCE),
        ({"axis": 1, "from_logits": True}, SEQUENCE),
    ],
    "CategoricalHinge": [({}, CLASSES), ({}, SEQUENCE)],
    "ConcordanceCorrelation": [({}, REAL), ({}, REAL_CUBE), ({"axis": 1}, REAL_CUBE), ({}, REAL_FLAT)],
    "CosineSimilarity": [({}, REAL), ({}, REAL_CUBE), ({"axis": 1}, REAL_CUBE), ({}, REAL_COLUMN)],
    "F1Score": list(f_scores()),
    "FBetaScore": [({**options, "beta": 2.0}, where) for options, where in f_scores()] + [({}, CLASSES)],
    "FalseNegatives": counts(),
    "FalsePositives": counts(),
    "Hinge": [({}, SIGNS), ({}, TABLE), ({}, CUBE)],
    "IoU": [
        ({"num_classes": 3, "target_class_ids": [0, 2]}, LABELS),
        ({"num_classes": 3, "target_class_ids": (1,)}, LABELS_FLAT),
        ({"num_classes": 3, "target_class_ids": [1, 2], "ignore_class": 0}, LABELS),
        ({"num_classes": 3, "target_class_ids": [0, 1], "ignore_class": 255}, OUT_OF_RANGE),
        ({"num_classes": 3, "target_class_ids": [0, 1, 2], "dtype": "float32"}, LABELS),
        ({"num_classes": 9, "target_class_ids": [0, 7]}, LABELS),
        ({"num_classes": 4, "target_class_ids": [0, 3], "sparse_y_pred": False}, NUMBER_SEQUENCE),
    ],
    "KLDivergence": [({}, POSITIVE), ({}, CLASSES), ({}, SEQUENCE)],
    "LogCoshError": [({}, REAL), ({}, REAL_CUBE), ({}, REAL_COLUMN)],
    "Mean": [],
    "MeanAbsoluteError": [({}, REAL), ({}, REAL_CUBE), ({}, REAL_COLUMN)],
    "MeanAbsolutePercentageError": [({}, POSITIVE), ({}, REAL_CUBE), ({}, REAL_COLUMN)],
    "MeanIoU": [
        ({"num_classes": 3}, LABELS),
        ({"num_classes": 3, "ignore_class": 1}, OUT_OF_RANGE),
        ({"num_classes": 4, "sparse_y_true": False, "sparse_y_pred": False}, SEQUENCE),
    ],
    "MeanMetricWrapper": [],
    "MeanSquaredError": [({}, REAL), ({}, REAL_CUBE), ({}, REAL_COLUMN)],
    "MeanSquaredLogarithmicError": [({}, POSITIVE), ({}, REAL_CUBE), ({}, REAL_COLUMN)],
    "Metric": [],
    "OneHotIoU": [
        ({"num_classes": 4, "target_class_ids": [0, 2]}, CLASSES),
        ({"num_classes": 4, "target_class_ids": [1], "ignore_class": 2, "dtype": "float32"}, SEQUENCE),
        ({"num_classes": 3, "target_class_ids": [1], "sparse_y_pred": True}, data("one_hot_true", (5,), (5, 3), 3)),
    ],
    "OneHotMeanIoU": [
        ({"num_classes": 4}, CLASSES),
        ({"num_classes": 4, "ignore_class": 0}, SEQUENCE),
        ({"num_classes": 3, "sparse_y_pred": True}, data("one_hot_true", (5,), (5, 3), 3)),
    ],
    "PearsonCorrelation": [({}, REAL), ({}, REAL_CUBE), ({"axis": 1}, REAL_CUBE), ({}, REAL_FLAT)],
    "Poisson": [({}, POSITIVE), ({}, TABLE), ({}, CUBE)],
    "Precision": SHARES,
    "PrecisionAtRecall": trade_offs("recall"),
    "R2Score": [
        ({}, REAL),
        ({}, REAL_COLUMN),
        ({"class_aggregation": None}, REAL),
        ({"class_aggregation": "variance_weighted_average"}, REAL),
        ({"num_regressors": 2}, REAL),
        ({"num_regressors": 3, "class_aggregation": None}, REAL),
    ],
    "Recall": SHARES,
    "RecallAtPrecision": trade_offs("precision"),
    "RootMeanSquaredError": [({}, REAL), ({}, REAL_CUBE), ({}, REAL_COLUMN), ({}, REAL_FLAT)],
    "SensitivityAtSpecificity": trade_offs("specificity"),
    "SparseCategoricalAccuracy": [({}, NUMBERS), ({}, NUMBER_SEQUENCE)],
    "SparseCategoricalCrossentropy": [
        ({}, NUMBERS),
        ({"from_logits": True}, NUMBER_SEQUENCE),
        ({"ignore_class": 2}, NUMBER_SEQUENCE),
    ],
    "SparseTopKCategoricalAccuracy": [
        ({"k": 2}, NUMBERS),
        ({}, NUMBERS),
        ({"k": 3}, NUMBER_SEQUENCE),
        ({"k": 2, "from_sorted_ids": True}, data("sorted_ids", (4,), (), 4)),
        ({"k": 1, "from_sorted_ids": True}, data("sorted_ids", (3, 4), (3,), 4)),
    ],
    "SpecificityAtSensitivity": trade_offs("sensitivity"),
    "SquaredHinge": [({}, SIGNS), ({}, TABLE), ({}, CUBE)],
    "Sum": [],
    "TopKCategoricalAccuracy": [({"k": 2}, CLASSES), ({}, CLASSES), ({"k": 2}, TIED), ({"k": 3}, SEQUENCE)],
    "TrueNegatives": counts(),
    "TruePositives": counts(),
}
_COUNTING = {"AUC", "FalseNegatives", "FalsePositives", "Precision", "Recall", "TrueNegatives", "TruePositives"}
_BY_ELEMENT = {"Accuracy", "BinaryAccuracy", "RootMeanSquaredError"}


def weights_of(name, options, where, batch=8):
    """The shapes of sample weights that Keras takes with a metric and data of these shapes."""
    sizes = (batch, *max(where.outputs, where.labels, key=len))
    if name.endswith("IoU"):
        sizes = (batch, *where.labels[: -1 if where.kind.startswith("one_hot") else None])
        return [(), sizes, (int(np.prod(sizes)),)]
    if name in ("F1Score", "FBetaScore"):
        return [(batch,)]
    if name in _COUNTING or "At" in name:
        if "class_id" in options:
            return [(), (*sizes[:-2], 1), sizes[:-1]]
        between = {1: [], 2: [(batch,), (batch, 1)], 3: [(batch, 1), sizes[:-1]]}
        return [(), *between[len(sizes)], sizes]
    if name == "R2Score":
        return [(), (batch,), (batch, 1), sizes]
    if name not in _BY_ELEMENT:  # their values are means along an axis
        axis = options.get("axis", -1) % len(sizes)
        sizes = sizes[:axis] + sizes[axis + 1 :]
    if "ignore_class" in options:
        return [(), sizes]
    return [(), sizes[:1], sizes]


def each_case():
    """Every case as `(id, metric name, options, data)`."""
    for name, cases in CASES.items():
        for number, (options, where) in enumerate(cases):
            yield f"{name}-{number}", name, options, where
