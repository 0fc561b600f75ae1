"""What is measured: the networks, the workloads and the data, which are the same for every contender."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

PREDICTED = 10_000
PREDICT_BATCH = 32
SINGLE_CALLS = 1_000


@dataclass(frozen=True)
class Network:
    """A network from 784 inputs to 10 classes: dense layers with relu, then softmax, and how it is trained."""

    hidden: tuple[int, ...]
    batch_size: int
    optimizer: str  # "sgd", without momentum, or "adam"
    learning_rate: float
    dropout: float = 0.0

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of an example."""
        return (784,)

    @property
    def sizes(self) -> tuple[int, ...]:
        """The widths of all layers, inputs first."""
        return (784, *self.hidden, 10)


@dataclass(frozen=True)
class ConvolutionNetwork:
    """A network of convolutions, and how it is trained.

    Args:
        model: "convnet": two convolutions and poolings, dropout, softmax, as the Keras example for MNIST; "residual":
            ResNet-20 with batch normalization; "separable": blocks of a depthwise and a 1x1 convolution, as in
            MobileNet; "dilated": causal convolutions with dilations from 1 to 128, as in WaveNet.
        shape: The shape of an example, channels last.
        batch_size: Examples per step.
        optimizer: "sgd" or "adam".
        learning_rate: Of the optimizer.
        examples: How many an epoch has at most.
        momentum: Of "sgd".
        dropout: Of "convnet".
    """

    model: str
    shape: tuple[int, ...]
    batch_size: int
    optimizer: str
    learning_rate: float
    examples: int
    momentum: float = 0.0
    dropout: float = 0.0


@dataclass(frozen=True)
class SequenceNetwork:
    """A network over sequences; all are trained with Adam.

    Args:
        model: "lstm" or "gru": one such layer and a softmax over ten classes; "transformer": a decoder that predicts
            the next token.
        shape: The shape of an example: steps and features, or for "transformer" the number of tokens.
        units: Of the layer; for "transformer" the width.
        batch_size: Examples per step.
        examples: How many an epoch has at most.
        is_stateful: Whether the states are kept from batch to batch.
    """

    model: str
    shape: tuple[int, ...]
    units: int
    batch_size: int
    examples: int
    is_stateful: bool = False
    learning_rate: float = 0.001

    @property
    def reads_digits(self) -> bool:
        """Whether it is trained on MNIST, row by row."""
        return self.shape == (28, 28)


@dataclass(frozen=True)
class Augmentation:
    """Random flips, rotations, zooms and changes of contrast, one after the other.

    Args:
        shape: The shape of an image, channels last.
        batch_size: Images that are changed at a time.
        examples: How many there are at most.
        factor: Of all layers but the flip.
    """

    shape: tuple[int, ...]
    batch_size: int
    examples: int
    factor: float


SMALL = Network((30, 30), 32, "sgd", 0.01)
MEDIUM = Network((128,), 32, "sgd", 0.01)
LARGE = Network((512, 512), 128, "sgd", 0.01)
DROPOUT = Network((512, 512), 128, "adam", 0.001, dropout=0.2)

# Steps of these take up to a second, so an epoch has 100 of the first and 10 of the others.
CONVNET = ConvolutionNetwork("convnet", (28, 28, 1), 128, "adam", 0.001, 12_800, dropout=0.5)
RESIDUAL = ConvolutionNetwork("residual", (32, 32, 3), 64, "sgd", 0.1, 640, momentum=0.9)
SEPARABLE = ConvolutionNetwork("separable", (32, 32, 3), 64, "adam", 0.001, 640)
SEPARABLE_BLOCKS = ((64, 1), (128, 2), (128, 1), (256, 2), (256, 1))  # filters and strides
DILATED = ConvolutionNetwork("dilated", (256, 1), 32, "adam", 0.001, 320)
DILATED_CHANNELS = 64
DILATIONS = (1, 2, 4, 8, 16, 32, 64, 128)

ROWS = SequenceNetwork("lstm", (28, 28), 64, 128, 12_800)
GATED = SequenceNetwork("gru", (200, 32), 128, 64, 640)
LONG = SequenceNetwork("lstm", (2_000, 8), 64, 8, 8)
STATEFUL = SequenceNetwork("lstm", (1, 28), 64, 1, 1, is_stateful=True)
TRANSFORMER = SequenceNetwork("transformer", (128,), 128, 32, 320)
BLOCKS, HEADS, TOKENS = 4, 4, 256  # of the transformer: layers, heads and the size of the vocabulary
GENERATED = 200

AUGMENTATION = Augmentation((32, 32, 3), 128, 2_560, 0.1)


@dataclass(frozen=True)
class Workload:
    """One thing that is measured.

    Args:
        name: What the command line calls it.
        title: What the tables call it.
        kind: How it is measured. "epoch", "step" (an epoch, divided by its steps), "predict", "single", "tracing",
            "generate", "stateful" and "augment" (a pass over the data, divided by its batches): in a process that goes
            on from turn to turn; "first", "memory" and "import": in a new process each turn; "busy-epoch" and
            "busy-predict": beside a process on each core that never waits, in times of what it takes without them;
            "ops": a table of figures, by op and size of its inputs.
        network: The network it is about; None for "ops".
        unit: "s", "ms", "us", "MB" or "x".
    """

    name: str
    title: str
    kind: str
    network: Network | ConvolutionNetwork | SequenceNetwork | Augmentation | None
    unit: str = "s"

    @property
    def is_fresh(self) -> bool:
        """Whether each turn needs a new process."""
        return self.kind in ("first", "memory", "import")


WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload("epoch", "784-30-30-10, batch 32, SGD: an epoch after the first", "epoch", SMALL),
        Workload("first-epoch", "784-30-30-10, batch 32, SGD: build, compile and the first epoch", "first", SMALL),
        Workload("medium-epoch", "784-128-10, batch 32, SGD: an epoch after the first", "epoch", MEDIUM),
        Workload("busy-epoch", "784-128-10: an epoch on busy cores, in epochs on idle ones", "busy-epoch", MEDIUM, "x"),
        Workload(
            "busy-predict",
            f"784-128-10: predict {PREDICTED:,} images on busy cores, in times of idle ones",
            "busy-predict",
            MEDIUM,
            "x",
        ),
        Workload("large-epoch", "784-512-512-10, batch 128, SGD: an epoch after the first", "epoch", LARGE),
        Workload(
            "adam-epoch", "784-512-512-10, batch 128, Adam, dropout 0.2: an epoch after the first", "epoch", DROPOUT
        ),
        Workload("predict", f"predict {PREDICTED:,} images, batch {PREDICT_BATCH}", "predict", SMALL),
        Workload("predict-one", f"predict one image, {SINGLE_CALLS:,} calls", "single", SMALL),
        Workload("import", "import the library, in a new process", "import", SMALL, "ms"),
        Workload(
            "memory", "784-30-30-10: peak of build, compile and first epoch above the data's", "memory", SMALL, "MB"
        ),
        Workload(
            "tracing",
            "784-30-30-10: what the first train_on_batch takes longer than the next (tracing, planning)",
            "tracing",
            SMALL,
            "ms",
        ),
    )
}


# These take minutes, so they run only when they are named.
CONVOLUTION_WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(
            "convnet-epoch",
            f"MNIST convnet, batch 128, Adam: an epoch of {CONVNET.examples:,} images after the first",
            "epoch",
            CONVNET,
        ),
        Workload(
            "convnet-first-epoch",
            f"MNIST convnet, batch 128, Adam: build, compile and the first epoch of {CONVNET.examples:,} images",
            "first",
            CONVNET,
        ),
        Workload("residual-step", "ResNet-20, 32x32x3, batch 64, SGD: a training step", "step", RESIDUAL, "ms"),
        Workload(
            "separable-step",
            "depthwise-separable blocks, 32x32x3, batch 64, Adam: a training step",
            "step",
            SEPARABLE,
            "ms",
        ),
        Workload(
            "dilated-step",
            "causal dilated convolutions, 256 steps, batch 32, Adam: a training step",
            "step",
            DILATED,
            "ms",
        ),
        Workload(
            "convnet-predict", f"MNIST convnet: predict {PREDICTED:,} images, batch {PREDICT_BATCH}", "predict", CONVNET
        ),
        Workload("convnet-predict-one", f"MNIST convnet: predict one image, {SINGLE_CALLS:,} calls", "single", CONVNET),
        Workload(
            "convnet-memory",
            "MNIST convnet: peak of build, compile and first epoch above the data's",
            "memory",
            CONVNET,
            "MB",
        ),
    )
}
SEQUENCE_WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(
            "lstm-epoch",
            f"LSTM(64) over the rows of MNIST, batch 128, Adam: an epoch of {ROWS.examples:,} images after the first",
            "epoch",
            ROWS,
        ),
        Workload(
            "lstm-first-epoch",
            f"LSTM(64) over the rows of MNIST: build, compile and the first epoch of {ROWS.examples:,} images",
            "first",
            ROWS,
        ),
        Workload("gru-step", "GRU(128), 200 time steps of 32, batch 64, Adam: a training step", "step", GATED, "ms"),
        Workload(
            "lstm-tracing",
            "LSTM(64), 2,000 time steps: what the first train_on_batch takes longer than the next (tracing, planning)",
            "tracing",
            LONG,
            "ms",
        ),
        Workload(
            "lstm-memory",
            "LSTM(64), 2,000 time steps of 8 sequences: peak of build, compile and a step above the data's",
            "memory",
            LONG,
            "MB",
        ),
        Workload(
            "transformer-step",
            "transformer: 4 layers, 128 wide, 4 heads, 128 tokens, batch 32, Adam: a training step",
            "step",
            TRANSFORMER,
            "ms",
        ),
        Workload(
            "generate", f"transformer: generate {GENERATED} tokens, one call of predict each", "generate", TRANSFORMER
        ),
        Workload("stateful-step", "stateful LSTM(64), one row: predict_on_batch", "stateful", STATEFUL, "ms"),
    )
}
AUGMENTATION_WORKLOADS = {
    workload.name: workload
    for workload in (
        Workload(
            "augmentation",
            "flip, rotation, zoom and contrast of 32x32x3 images: a batch of 128 of a data set",
            "augment",
            AUGMENTATION,
            "ms",
        ),
    )
}
OPS = Workload("ops", "single ops, called eagerly with arrays: microseconds a call", "ops", None, "us")
NETWORK_WORKLOADS = {**WORKLOADS, **CONVOLUTION_WORKLOADS, **SEQUENCE_WORKLOADS, **AUGMENTATION_WORKLOADS}
EVERY_WORKLOAD = {**NETWORK_WORKLOADS, OPS.name: OPS}


class MissingError(Exception):
    """A contender does not have what a workload needs; the message says what."""


@dataclass
class Data:
    """MNIST: rows of 784 numbers from 0 to 1, one-hot labels and the same as class indices."""

    x_train: np.ndarray
    y_train: np.ndarray
    classes_train: np.ndarray
    x_test: np.ndarray

    def training_data(self, network: ConvolutionNetwork) -> tuple[np.ndarray, np.ndarray]:
        """Returns what a network of convolutions is trained on: MNIST with one-hot labels, or random numbers.

        The labels of random images are class indices, and what is to be predicted from a random series is a series.
        """
        count = min(network.examples, len(self.x_train))
        if network.model == "convnet":
            return self.x_train[:count].reshape(-1, *network.shape), self.y_train[:count]
        random = np.random.default_rng(0)
        x = random.standard_normal((count, *network.shape), np.float32)
        return x, random.standard_normal(x.shape, np.float32) if network.model == "dilated" else random.integers(
            10, size=count
        )

    def sequences(self, network: SequenceNetwork) -> tuple[np.ndarray, np.ndarray]:
        """Returns what a network over sequences is trained on: MNIST with one-hot labels, or random numbers.

        The labels of random series are class indices, and those of random tokens the tokens that come next.
        """
        count = min(network.examples, len(self.x_train))
        if network.reads_digits:
            return self.x_train[:count].reshape(-1, *network.shape), self.y_train[:count]
        random = np.random.default_rng(0)
        if network.model == "transformer":
            tokens = random.integers(TOKENS, size=(count, network.shape[0] + 1), dtype=np.int32)
            return tokens[:, :-1].copy(), tokens[:, 1:].copy()
        x = random.standard_normal((count, *network.shape), np.float32)
        return x, random.integers(10, size=count)

    def images(self, augmentation: Augmentation) -> np.ndarray:
        """Returns what is augmented: random images."""
        count = min(augmentation.examples, len(self.x_train))
        random = np.random.default_rng(0)
        return random.integers(256, size=(count, *augmentation.shape)).astype("float32")


def save_data(folder: Path, images: int) -> None:
    """Writes the data for the workers, so that loading it costs none of them more than its own size.

    Args:
        folder: Where to.
        images: How many images to train with; as many, at most 10,000, to predict.
    """
    import minikeras

    (x_train, y_train), (x_test, _) = minikeras.datasets.mnist.load_data()
    one_hot = minikeras.utils.to_categorical(y_train[:images], 10).astype("float32")
    np.save(folder / "x_train.npy", x_train[:images].reshape(-1, 784).astype("float32") / 255)
    np.save(folder / "y_train.npy", one_hot)
    np.save(folder / "classes_train.npy", y_train[:images].astype("int64"))
    np.save(folder / "x_test.npy", x_test[: min(images, PREDICTED)].reshape(-1, 784).astype("float32") / 255)


def load_data(folder: Path) -> Data:
    """Reads what `save_data` has written."""
    return Data(*(np.load(folder / f"{name}.npy") for name in ("x_train", "y_train", "classes_train", "x_test")))
