"""How does a network predict numbers, and how sure is it of them?

    python examples/questions/regression.py

A network without an activation at its end predicts any number. Which one depends on the loss: the squared error gives
the mean of what may come, the pinball loss a quantile of it. Three outputs, for the quantiles 5, 50 and 95 %, give a
band that should hold 90 % of new points. Here the noise grows with x. The mean with a band of constant width also
holds 90 % of all points, but 100 % where there is little noise, and under 80 % where there is much; the
quantiles hold close to 90 % everywhere: their band is narrow where the network can be sure. Takes about 10 seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from experiment import BLACK, BLUE, GRAY, VERMILION, Experiment, print_table

from minikeras import Sequential, ops
from minikeras.callbacks import LearningRateScheduler
from minikeras.layers import Dense, Input
from minikeras.optimizers import Adam
from minikeras.typing import Tensor

if TYPE_CHECKING:
    from matplotlib.figure import Figure

QUANTILES = (0.05, 0.5, 0.95)
NORMAL_QUANTILE = 1.645  # 90 % of a normal distribution is within so many standard deviations of its mean
BINS = 8  # of x, in which the points in the band are counted


class Band(NamedTuple):
    """A prediction and its uncertainty."""

    name: str
    color: str
    low: np.ndarray
    middle: np.ndarray
    high: np.ndarray


def main(arguments: list[str] | None = None) -> dict[str, np.ndarray]:
    """Runs the experiment; returns the share of test points in each band, by the bin of x."""
    experiment = Experiment(__file__, __doc__, arguments)
    x, y = make_points(experiment.choose(4_000, 2_000), experiment.seed)
    x_test, y_test = make_points(20_000, experiment.seed + 1)
    epochs = experiment.choose(60, 30)

    mean = train(build_model(1), "mean_squared_error", x, y, epochs)
    quantiles = train(build_model(len(QUANTILES)), pinball_loss, x, y, epochs)
    spread = float(np.std(y - mean.predict(x, verbose=0)))
    bands = [mean_band(mean, x_test, spread), quantile_band(quantiles, x_test)]

    coverage = {band.name: covered(band, x_test, y_test) for band in bands}
    edges = np.linspace(0, 1, BINS + 1)
    print("Share of new points in the band for 90 %, by x")
    print_table(
        ["band", *(f"{low:.2f} to {high:.2f}" for low, high in zip(edges[:-1], edges[1:], strict=True)), "all"],
        [[name, *(f"{share:.0%}" for share in shares), f"{shares.mean():.0%}"] for name, shares in coverage.items()],
    )
    experiment.save(lambda: plot(bands, coverage, x_test, y_test))
    return coverage


def make_points(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draws points near a sine wave, whose noise grows with x; both of shape (count, 1), float32."""
    random = np.random.default_rng(seed)
    x = random.uniform(0, 1, (count, 1))
    y = np.sin(2 * np.pi * x) + random.normal(0, 0.05 + 0.6 * x**2)
    return x.astype("float32"), y.astype("float32")


def build_model(outputs: int) -> Sequential:
    """Two hidden layers; the last layer has no activation, so that any number can come out."""
    return Sequential([Input((1,)), Dense(64, "tanh"), Dense(64, "tanh"), Dense(outputs)])


def pinball_loss(y_true: Tensor, y_pred: Tensor) -> Tensor:
    """For the quantile q, being too low costs q a unit, being too high 1 - q: the best prediction is the quantile."""
    error = y_true - y_pred  # (batch, 1) - (batch, quantiles)
    q = np.array(QUANTILES, "float32")
    return ops.mean(ops.maximum(q * error, (q - 1) * error), axis=-1)


def train(
    model: Sequential, loss: str | Callable[[Tensor, Tensor], Tensor], x: np.ndarray, y: np.ndarray, epochs: int
) -> Sequential:
    """Trains with a learning rate that falls to a hundredth, which calms the noise of the steps down."""
    rates = LearningRateScheduler(lambda epoch: 0.01 * 0.01 ** (epoch / epochs))
    model.compile(optimizer=Adam(0.01), loss=loss)
    model.fit(x, y, batch_size=64, epochs=epochs, callbacks=[rates], verbose=0)
    return model


def mean_band(model: Sequential, x: np.ndarray, spread: float) -> Band:
    """The predicted mean, and around it the errors of the training points, as if they were the same everywhere."""
    mean = model.predict(x, batch_size=1024, verbose=0)[:, 0]
    width = NORMAL_QUANTILE * spread
    return Band("mean, constant width", VERMILION, mean - width, mean, mean + width)


def quantile_band(model: Sequential, x: np.ndarray) -> Band:
    """From the predicted 5 % quantile over the median to the 95 % quantile."""
    return Band("quantiles", BLUE, *model.predict(x, batch_size=1024, verbose=0).T)


def covered(band: Band, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The share of points in the band, for each bin of x."""
    inside = (band.low <= y[:, 0]) & (y[:, 0] <= band.high)
    bins = np.minimum((x[:, 0] * BINS).astype(int), BINS - 1)
    return np.bincount(bins, inside, BINS) / np.bincount(bins, minlength=BINS)


def plot(bands: list[Band], coverage: dict[str, np.ndarray], x: np.ndarray, y: np.ndarray) -> Figure:
    """Draws both bands over some of the points, and below how many points they hold."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import PercentFormatter

    figure = Figure(figsize=(11, 6.5), layout="constrained")
    upper, lower = figure.subplots(2, 2, sharex=True, sharey="row", height_ratios=[2, 1])
    order = np.argsort(x[:, 0])
    centers = (np.arange(BINS) + 0.5) / BINS
    for top, bottom, band in zip(upper, lower, bands, strict=True):
        top.scatter(x[:600], y[:600], s=5, color=GRAY, linewidths=0, label="new points")
        top.fill_between(x[order, 0], band.low[order], band.high[order], color=band.color, alpha=0.25, lw=0)
        top.plot(x[order, 0], band.middle[order], color=band.color, lw=2, label="prediction, band for 90 %")
        top.set(title=band.name.capitalize(), ylim=(-2.6, 2.6))
        top.legend(loc="upper right")
        bottom.bar(centers, coverage[band.name], width=0.9 / BINS, color=band.color, alpha=0.6)
        bottom.axhline(0.9, color=BLACK, ls="--", lw=1)
        bottom.set(xlabel="x (input)", ylim=(0.5, 1.05))
        bottom.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    upper[0].set_ylabel("y (target)")
    lower[0].set_ylabel("points in the band\n(dashed: wanted)")
    figure.suptitle("Quantiles know where they are unsure")
    return figure


if __name__ == "__main__":
    main()
