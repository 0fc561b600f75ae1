"""The result of a cross-check, as tables and as an HTML page with curves."""

from dataclasses import dataclass, field
from typing import Any

from .curves import curve

LAYER_HEADERS = (
    "layer",
    "class",
    "output here",
    "output in Keras",
    "parameters here",
    "in Keras",
    "largest difference",
    "relative",
)
STEP_HEADERS = ("step", "loss here", "loss in Keras", "relative difference")
WEIGHT_HEADERS = ("weight", "largest difference", "relative")
_SHOWN_STEPS = 10


@dataclass(frozen=True)
class LayerRow:
    """A layer on both sides.

    Attributes:
        name: Its name.
        class_name: Its class.
        shapes: Its output shapes in minikeras and in Keras.
        counts: Its parameter counts in minikeras and in Keras.
        difference: The largest absolute difference between its outputs; None if they were not computed.
        relative: The difference relative to the largest value of the output of Keras.
    """

    name: str
    class_name: str
    shapes: tuple[Any, Any]
    counts: tuple[int, int]
    difference: float | None
    relative: float | None

    def agrees(self, tolerance: float) -> bool:
        """Returns whether the two sides are equal within the tolerance."""
        near = self.relative is None or self.relative <= tolerance
        return near and self.shapes[0] == self.shapes[1] and self.counts[0] == self.counts[1]

    def cells(self) -> tuple:
        """Returns the cells of the table."""
        return (
            self.name,
            self.class_name,
            *map(str, self.shapes),
            *self.counts,
            _number(self.difference),
            _number(self.relative),
        )


@dataclass
class CrossCheck:
    """The result of a cross-check.

    Attributes:
        model: The name of the model.
        reference: The version of Keras and its backend.
        tolerance: The largest relative difference that counts as equal.
        layers: The layers on both sides.
        losses: The loss of each step of training, here and in Keras.
        step_differences: The relative difference of each of them.
        weights: After training, the name of each weight, its largest difference and that relative to its largest value.
        notes: Remarks, such as what was not compared.
    """

    model: str
    reference: str
    tolerance: float
    layers: list[LayerRow] = field(default_factory=list)
    losses: list[tuple[float, float]] = field(default_factory=list)
    step_differences: list[float] = field(default_factory=list)
    weights: list[tuple[str, float, float]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def first_layer(self) -> str | None:
        """The first layer that differs; None if there is none."""
        return next((row.name for row in self.layers if not row.agrees(self.tolerance)), None)

    @property
    def first_step(self) -> int | None:
        """The first step, counted from 1, with different losses; None if there is none."""
        apart = (number for number, value in enumerate(self.step_differences, 1) if not value <= self.tolerance)
        return next(apart, None)

    @property
    def worst_weight(self) -> tuple[str, float, float] | None:
        """The weight with the largest relative difference after training."""
        return max(self.weights, key=lambda row: row[2], default=None)

    @property
    def agrees(self) -> bool:
        """Whether the two sides are equal within the tolerance."""
        weights_agree = self.worst_weight is None or self.worst_weight[2] <= self.tolerance
        return self.first_layer is None and self.first_step is None and weights_agree

    def verdict(self) -> str:
        """Returns a summary of one or two sentences."""
        if self.agrees:
            return f"Both sides agree within {self.tolerance:g}."
        parts = []
        if self.first_layer is not None:
            parts.append(f"The first layer that differs is '{self.first_layer}'.")
        if self.first_step is not None:
            parts.append(f"The first step whose loss differs is {self.first_step}.")
        if self.worst_weight is not None and self.worst_weight[2] > self.tolerance:
            parts.append(f"The weight that differs most is '{self.worst_weight[0]}', by {self.worst_weight[1]:.1e}.")
        return f"The two sides differ by more than {self.tolerance:g}. " + " ".join(parts)

    def _tables(self) -> list[tuple[str, tuple, list]]:
        tables = [("Layer by layer", LAYER_HEADERS, [row.cells() for row in self.layers])]
        if self.losses:
            rows = [
                (number, f"{ours:.7g}", f"{theirs:.7g}", _number(apart))
                for number, ((ours, theirs), apart) in enumerate(
                    zip(self.losses, self.step_differences, strict=True), 1
                )
            ]
            tables.append((f"{len(rows)} steps of training", STEP_HEADERS, self._chosen(rows)))
            weights = [(name, _number(apart), _number(relative)) for name, apart, relative in self.weights]
            tables.append(("Weights after training", WEIGHT_HEADERS, weights))
        return tables

    def _chosen(self, rows: list) -> list:
        """Returns the rows of steps to show: all if they are few, else a selection with the first difference."""
        if len(rows) <= _SHOWN_STEPS:
            return rows
        shown = {round(index * (len(rows) - 1) / (_SHOWN_STEPS - 1)) for index in range(_SHOWN_STEPS)}
        shown |= {self.first_step - 1} if self.first_step else set()
        return [rows[index] for index in sorted(shown)]

    def text(self) -> str:
        """Returns the tables as text."""
        from tabulate import tabulate

        parts = [f"{self.model}: minikeras beside {self.reference}, tolerance {self.tolerance:g}"]
        parts += [f"Note: {note}" for note in self.notes]
        for title, headers, rows in self._tables():
            parts.append(f"\n{title}\n{tabulate(rows, headers=headers, disable_numparse=True)}")
        if self.losses:
            step = "none" if self.first_step is None else str(self.first_step)
            name, apart, relative = self.worst_weight
            parts.append(f"\nFirst step whose loss differs: {step}")
            parts.append(f"Largest difference of weights: {apart:.1e} ({relative:.1e} relative), of '{name}'")
        return "\n".join([*parts, "", self.verdict()])

    def __str__(self) -> str:
        return self.text()

    def html(self) -> str:
        """Returns an HTML page with the tables and the curves of the losses and their differences."""
        from html import escape

        from tabulate import tabulate

        title = escape(f"{self.model}: minikeras beside {self.reference}")
        body = [f"<h1>{title}</h1>", f"<p><strong>{escape(self.verdict())}</strong></p>"]
        body += [f"<p>{escape(note)}</p>" for note in self.notes]
        for heading, headers, rows in self._tables():
            body.append(f"<h2>{escape(heading)}</h2>")
            body.append(tabulate(rows, headers=headers, disable_numparse=True, tablefmt="html"))
        if self.losses:
            ours, theirs = zip(*self.losses, strict=True)
            body.append("<h2>Losses</h2>")
            body.append(curve({"minikeras": ours, "Keras": theirs}))
            body.append("<h2>Relative difference of the losses</h2>")
            body.append(curve({"difference": self.step_differences}, logarithmic=True, line_at=self.tolerance))
        return _PAGE.format(title=title, body="\n".join(body))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.1e}"


_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<style>
body {{ font-family: sans-serif; margin: 2em; }}
table {{ border-collapse: collapse; }}
td, th {{ border: 1px solid #ccc; padding: 0.2em 0.6em; text-align: left; }}
</style>
</head>
<body>
{body}
</body>
</html>
"""
