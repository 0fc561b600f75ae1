"""Learns rents from a table with columns of all kinds, and shows what crossing two columns is good for.

    python examples/tabular.py
    python examples/tabular.py --apartments 10000 --epochs 20 --output my_run

The table is made up and written to a CSV file: area, rooms, year, district, street, heating and rent of apartments. A
`FeatureSpace` turns its columns into numbers: it normalizes the area, sorts years into bins, looks up rooms, districts
and heatings, and hashes the names of streets, of which there are many. On top is a linear model, so that each column
adds its own share to the rent. But old houses are sought after in some districts only, which no such sum can express,
unless the cross of year and district is a column, too. The whole model is saved as one file, which takes rows as they
are in the table. Takes about ten seconds on two cores. Needs `pip install "minikeras[plot]"` for the picture; without
it everything else works.
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from minikeras import Model
from minikeras.data import AUTOTUNE, CsvDataset, Dataset
from minikeras.layers import Dense, Rescaling
from minikeras.optimizers import Adam
from minikeras.saving import load_model
from minikeras.utils import FeatureSpace, set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What stands for an empty field, which also determines the dtype; the rent, which is to be predicted, must be there.
DEFAULTS = {"area": 0.0, "rooms": 0, "year": 0.0, "district": "", "street": "", "heating": "unknown", "rent": "float32"}
DISTRICTS = {"Harbor": 150, "Hillside": 250, "Old Town": 100, "Station": 0}  # euros a month
OLD_HOUSES = {"Harbor": -150, "Hillside": 50, "Old Town": 350, "Station": -100}  # the same, if built before 1940
HEATINGS = {"district": 40, "gas": 30, "heat pump": 70, "oil": 0}
STREETS = [
    f"{name} {kind}"
    for name in ("Bridge", "Church", "Elm", "Garden", "Mill", "Mozart", "Oak", "School")
    for kind in ("Lane", "Road", "Square", "Street")
]
BINS = [1920.0, 1940.0, 1960.0, 1980.0, 2000.0]
NOISE = 60  # standard deviation of the rent that no column explains, in euros
TEST = 0.25  # of the apartments
BATCH = 64
CROSSES = {"without the cross": [], "with the cross": [("district", "year")]}
COLORS = dict(zip(CROSSES, ("#D55E00", "#0072B2"), strict=True))


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    try:
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"tabular.py: error: --output: cannot make the folder: {error}") from None
    table = options.output / "apartments.csv"
    write_table(table, make_apartments(options.apartments, np.random.default_rng(options.seed)))

    rows = read_table(table).cache()
    count = max(int(options.apartments * TEST), 1)
    test, training = rows.take(count).batch(1000), rows.skip(count)
    print(f"\n{'linear model':18} {'columns':>8} {'training':>9} {'test':>7}   mean error of the rent in euros a month")
    models: dict[str, Model] = {}
    for name, crosses in CROSSES.items():
        set_random_seed(options.seed)
        space = build_feature_space(crosses)
        space.adapt(training.map(lambda columns, _: columns).batch(1000))
        models[name] = fit(space, training, options)
        errors = [models[name].evaluate(part, verbose=0)[1] for part in (training.batch(1000), test)]
        columns = models[name].get_layer("rent").kernel.shape[0]
        print(f"{name:18} {columns:8} {errors[0]:9.1f} {errors[1]:7.1f}", flush=True)

    path = options.output / "rents.keras"
    models["with the cross"].save(path)
    print(f"\nWrote {path}")
    show_predictions(load_model(path))
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        print('No picture was written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')
    else:
        save(plot_years(models), options.output / "years.png")


def make_apartments(count: int, generator: np.random.Generator) -> list[dict[str, object]]:
    """Returns made-up apartments, each a row of the table; some fields are empty."""
    per_street = dict(zip(STREETS, generator.normal(0, 60, len(STREETS)), strict=True))
    rows: list[dict[str, object]] = []
    for _ in range(count):
        rooms = int(generator.integers(1, 6))
        row: dict[str, object] = {
            "area": round(float(generator.uniform(14, 26) * rooms + 12), 1),
            "rooms": rooms,
            "year": int(generator.integers(1900, 2021)),
            "district": str(generator.choice(list(DISTRICTS))),
            "street": str(generator.choice(STREETS)),
            "heating": str(generator.choice(list(HEATINGS))),
        }
        rent = true_rent(row) + per_street[str(row["street"])] + generator.normal(0, NOISE)
        if generator.random() < 0.05:
            row["heating"] = ""  # nobody asked
        rows.append(row | {"rent": round(float(rent), 2)})
    return rows


def true_rent(row: dict) -> float:
    """Returns what an apartment costs, in euros a month, apart from what depends on the street and on chance."""
    rent = 200 + 9 * row["area"] + (40 if row["rooms"] >= 3 else 0)
    rent += DISTRICTS[row["district"]] + HEATINGS[row["heating"]]
    return rent + (OLD_HOUSES[row["district"]] if row["year"] < 1940 else 0)


def write_table(path: Path, rows: list[dict[str, object]]) -> None:
    """Writes the rows to a CSV file, and shows the first ones."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(DEFAULTS))
        writer.writeheader()
        writer.writerows(rows)
    print(f"Wrote {len(rows):,} apartments to {path}, such as")
    for line in path.read_text(encoding="utf-8").splitlines()[:4]:
        print(f"  {line}")


def read_table(path: Path) -> Dataset:
    """Returns pairs of a row, a dict of all columns but the last one, and its rent."""
    names = list(DEFAULTS)[:-1]
    rows = CsvDataset(path, list(DEFAULTS.values()), header=True)
    return rows.map(lambda *fields: (dict(zip(names, fields[:-1], strict=True)), fields[-1]))


def build_feature_space(crosses: list[tuple[str, str]]) -> FeatureSpace:
    """Says how each column is encoded."""
    return FeatureSpace(
        {
            "area": "float_normalized",
            "rooms": "integer_categorical",
            "year": FeatureSpace.float_discretized(num_bins=None, bin_boundaries=BINS),
            "district": "string_categorical",
            "street": FeatureSpace.string_hashed(num_bins=128),
            "heating": "string_categorical",
        },
        crosses=crosses,
        crossing_dim=128,
    )


def fit(space: FeatureSpace, training: Dataset, options: argparse.Namespace) -> Model:
    """Trains a linear model of the encoded columns; returns a model that takes rows of the table."""
    encoded = space.get_encoded_features()
    rent = Rescaling(100.0)(Dense(1, name="rent")(encoded))  # weights near 1 stand for hundreds of euros

    linear = Model(encoded, rent)
    linear.compile(Adam(0.05), loss="mean_squared_error")
    batches = training.shuffle(options.apartments, seed=options.seed).batch(BATCH)
    # The rows are encoded by a thread, while the model trains on those before.
    linear.fit(
        batches.map(lambda columns, rents: (space(columns), rents)).prefetch(AUTOTUNE),
        epochs=options.epochs,
        verbose=0,
    )
    model = Model(space.get_inputs(), rent)
    model.compile(loss="mean_squared_error", metrics=["mean_absolute_error"])
    return model


def show_predictions(model: Model) -> None:
    """Prints predictions for rows that differ in a few fields only, one of which was never seen."""
    old = {"area": 62.0, "rooms": 3, "year": 1910.0, "district": "Old Town", "street": "Mill Lane", "heating": "gas"}
    rows = [old, old | {"year": 2010.0}, old | {"district": "Station"}, old | {"street": "Brand New Alley"}]
    rents = model.predict({name: np.array([[row[name]] for row in rows]) for name in old}, verbose=0)[:, 0]
    print(" ".join(f"{name:>16}" for name in [*old, "predicted rent"]))
    for row, rent in zip(rows, rents, strict=True):
        print(" ".join(f"{value!s:>16}" for value in row.values()), f"{rent:16.0f}")


def plot_years(models: dict[str, Model]) -> Figure:
    """Draws the rent of one apartment in every district and year: as it is in truth, and as the models see it."""
    from matplotlib.figure import Figure

    years = np.arange(1900.0, 2021.0)
    figure = Figure(figsize=(12, 3.8), layout="constrained")
    for axes, district in zip(figure.subplots(1, len(DISTRICTS), sharey=True), DISTRICTS, strict=True):
        row = {"area": 62.0, "rooms": 3, "district": district, "street": "Mill Lane", "heating": "gas"}
        truth = [true_rent(row | {"year": year}) for year in years]
        axes.plot(years, truth, color="black", ls=":", label="truth, in an average street")
        columns = {name: np.full((len(years), 1), value) for name, value in row.items()}
        for name, model in models.items():
            rents = mean_over_streets(model, columns | {"year": years[:, None]})
            axes.plot(years, rents, color=COLORS[name], label=name)
        axes.set(title=district, xlabel="year of construction")
        axes.grid(alpha=0.3)
    figure.axes[0].set_ylabel("rent (euros a month)")
    figure.suptitle("An apartment of 62 m² with 3 rooms and gas heating")
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure


def mean_over_streets(model: Model, columns: dict[str, np.ndarray]) -> np.ndarray:
    """Returns the rents that a model predicts for rows, on average over all streets."""
    rents = [
        model.predict(columns | {"street": np.full_like(columns["year"], street, dtype=object)}, verbose=0)[:, 0]
        for street in STREETS
    ]
    return np.mean(rents, axis=0)


def save(figure: Figure, path: Path) -> None:
    """Writes the figure as a PNG file and says so."""
    figure.savefig(path, dpi=150)
    print(f"Wrote {path}")


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Learns rents from a table with columns of all kinds.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--apartments", type=integer_from(10), default=4000, help="for training and test")
    parser.add_argument("--epochs", type=integer_from(1), default=15, help="passes over the training apartments")
    parser.add_argument("--seed", type=integer_from(0, 2**32 - 1), default=0, help="same seed, same result")
    parser.add_argument("--output", type=Path, default=Path("tabular_output"), help="folder for all files")
    return parser.parse_args(arguments)


class integer_from:
    """Parses an integer option, with inclusive bounds."""

    def __init__(self, low: int, high: int | None = None):
        self.low, self.high = low, high

    def __call__(self, text: str) -> int:
        """Parses the text of the option."""
        try:
            value = int(text)
        except ValueError:
            value = None
        if value is None or value < self.low or (self.high is not None and value > self.high):
            bounds = f"of at least {self.low}" if self.high is None else f"from {self.low} to {self.high}"
            raise argparse.ArgumentTypeError(f"expected an integer {bounds}, received {text!r}")
        return value


if __name__ == "__main__":
    main()
