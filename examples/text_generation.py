"""Trains a small decoder-only transformer on text, character by character, and lets it write.

    python examples/text_generation.py
    python examples/text_generation.py --epochs 30 --temperature 0.5 --prompt "The import statement"

The text is the language reference of Python, which ships with it as `pydoc_data.topics` (what `help("while")` prints).
The network sees 128 characters and predicts the next one, at each place, from those before it alone: that is the causal
mask. It prints samples at several temperatures, and draws the perplexity over the epochs and an attention map. Needs
`pip install "minikeras[plot]"` for the pictures; without it everything else works.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from minikeras import Input, Model
from minikeras.layers import Dense, Dropout, Embedding, Layer, LayerNormalization, MultiHeadAttention
from minikeras.losses import SparseCategoricalCrossentropy
from minikeras.optimizers import Adam
from minikeras.optimizers.schedules import CosineDecay
from minikeras.utils import PyDataset, set_random_seed

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from minikeras.typing import Tensor

CONTEXT = 128  # characters the network sees
BLOCKS, WIDTH, HEADS = 2, 64, 4
LEARNING_RATE = 0.004  # after the first steps; that of the last one is 0
WARMUP = 100  # steps in which the learning rate rises
VALIDATION = 0.03  # of the text: its end
DRAWN = 48  # characters in the attention map


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    can_plot = prepare_plotting(options.output)
    set_random_seed(options.seed)

    text = read_text()
    vocabulary = sorted(set(text))
    tokens = encode(text, vocabulary)
    held_out = int(len(tokens) * VALIDATION)
    train, test = Windows(tokens[:-held_out], options.batch_size, options.steps, options.seed), tokens[-held_out:]
    print(f"{len(text):,} characters, {len(vocabulary)} different ones")

    model, attention = build_model(len(vocabulary))
    model.summary()
    total = options.epochs * options.steps
    schedule = CosineDecay(0.0, total, warmup_target=LEARNING_RATE, warmup_steps=min(WARMUP, total // 4))
    model.compile(Adam(schedule), loss=SparseCategoricalCrossentropy(from_logits=True))
    history = model.fit(train, epochs=options.epochs, validation_data=cut(test), verbose=2).history
    print(f"Perplexity: {math.exp(history['val_loss'][-1]):.2f} (a guess among all characters: {len(vocabulary)})")

    generator = np.random.default_rng(options.seed)
    for temperature in [0.0, options.temperature]:
        written = generate(model, options.prompt, options.length, temperature, vocabulary, generator)
        print(f"\n--- temperature {temperature} ---\n{written}")
    print("---")
    if can_plot:
        save(plot_perplexity(history), options.output / "perplexity.png")
        save(plot_attention(attention, text[-held_out:][:CONTEXT], vocabulary), options.output / "attention.png")
    else:
        print('No pictures were written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


def read_text() -> str:
    """Returns the language reference of the Python that runs, topic by topic."""
    try:
        from pydoc_data.topics import topics
    except ImportError:
        raise SystemExit("text_generation.py: error: this Python was installed without `pydoc_data`") from None
    return "\n\n".join(topics[name] for name in sorted(topics))


def encode(text: str, vocabulary: list[str]) -> np.ndarray:
    """Returns the index of each character in the vocabulary, int32."""
    index = {character: number for number, character in enumerate(vocabulary)}
    return np.array([index[character] for character in text], "int32")


class Windows(PyDataset):
    """Batches of windows that start anywhere in the text; the targets are the characters one place later.

    Args:
        tokens: Indices of the text's characters.
        batch_size: Windows a batch.
        steps: Batches an epoch.
        seed: Same seed, same windows.
    """

    def __init__(self, tokens: np.ndarray, batch_size: int, steps: int, seed: int):
        super().__init__()
        self.tokens, self.batch_size, self.steps = tokens, batch_size, steps
        self.generator = np.random.default_rng(seed)

    def __len__(self) -> int:
        return self.steps

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        starts = self.generator.integers(0, len(self.tokens) - CONTEXT, (self.batch_size, 1))
        windows = self.tokens[starts + np.arange(CONTEXT + 1)]
        return windows[:, :-1], windows[:, 1:]


def cut(tokens: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cuts a text into windows side by side; returns them and their targets, both of shape (windows, 128)."""
    count = (len(tokens) - 1) // CONTEXT
    return tokens[: count * CONTEXT].reshape(count, CONTEXT), tokens[1 : count * CONTEXT + 1].reshape(count, CONTEXT)


class PositionEmbedding(Layer):
    """Adds a learned vector for each place: attention alone does not know the order of what it sees."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        """Makes the vectors, shape (length, width)."""
        self.embeddings = self.add_weight(input_shape[1:], initializer="uniform", name="embeddings")

    def call(self, inputs: Tensor) -> Tensor:
        """Returns the inputs, shape (batch, length, width), with the vectors added."""
        return inputs + self.embeddings


def build_model(characters: int) -> tuple[Model, Model]:
    """Returns the network, whose outputs are logits, and one that returns the attention scores of each block."""
    tokens = Input((CONTEXT,), dtype="int32")
    x = PositionEmbedding()(Embedding(characters, WIDTH)(tokens))
    all_scores = []
    for number in range(1, BLOCKS + 1):
        x, scores = transformer_block(x, f"block{number}")
        all_scores.append(scores)
    logits = Dense(characters, name="logits")(LayerNormalization(name="last_normalization")(x))
    return Model(tokens, logits), Model(tokens, all_scores)


def transformer_block(x: Tensor, name: str) -> tuple[Tensor, Tensor]:
    """Attention and two dense layers, each after normalization and around it a residual connection.

    Returns:
        The block's output, shape (batch, length, width), and its attention scores, (batch, heads, length, length).
    """
    normalized = LayerNormalization(name=f"{name}_normalization1")(x)
    attention = MultiHeadAttention(HEADS, WIDTH // HEADS, name=f"{name}_attention")
    attended, scores = attention(normalized, normalized, use_causal_mask=True, return_attention_scores=True)
    x = x + attended
    hidden = Dense(4 * WIDTH, activation="gelu", name=f"{name}_dense1")(
        LayerNormalization(name=f"{name}_normalization2")(x)
    )
    return x + Dropout(0.1, name=f"{name}_dropout")(Dense(WIDTH, name=f"{name}_dense2")(hidden)), scores


def generate(
    model: Model, prompt: str, length: int, temperature: float, vocabulary: list[str], generator: np.random.Generator
) -> str:
    """Continues a prompt, one character after the other.

    Args:
        model: Returns logits of shape (1, 128, characters).
        prompt: The text that is continued; characters out of the vocabulary are left out.
        length: How many characters are added.
        temperature: What the logits are divided by: 0 takes the most probable character, 1 draws from the network's
            own probabilities.
        vocabulary: All characters, in the order of their indices.
        generator: Draws the characters.

    Returns:
        The prompt and what follows.
    """
    written = list(encode("".join(each for each in prompt if each in vocabulary) or "\n", vocabulary))
    for _ in range(length):
        # What stands after the last character does not matter: no place sees what comes later.
        seen = written[-CONTEXT:]
        window = np.zeros((1, CONTEXT), "int32")
        window[0, : len(seen)] = seen
        logits = model.predict_on_batch(window)[0, len(seen) - 1]
        if temperature == 0:
            written.append(int(logits.argmax()))
        else:
            # The largest of logits plus Gumbel noise is a draw from their softmax.
            written.append(int((logits / temperature + generator.gumbel(size=len(logits))).argmax()))
    return "".join(vocabulary[index] for index in written)


def plot_perplexity(history: dict[str, list[float]]) -> Figure:
    """Draws exp(crossentropy), among how many characters the network is undecided, over the epochs."""
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    figure = Figure(figsize=(6.5, 4), layout="constrained")
    axes = figure.subplots()
    epochs = range(1, len(history["loss"]) + 1)
    axes.plot(epochs, np.exp(history["loss"]), color="#0072B2", marker="o", label="training, mean over the epoch")
    axes.plot(epochs, np.exp(history["val_loss"]), color="#D55E00", marker="s", ls="--", label="test, after it")
    axes.set(title="Perplexity", xlabel="epoch", ylabel="perplexity (equally likely characters)", yscale="log")
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:.0f}"))
    axes.yaxis.set_minor_formatter(StrMethodFormatter("{x:.0f}"))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.grid(alpha=0.3, which="both")
    axes.legend()
    return figure


def plot_attention(attention: Model, text: str, vocabulary: list[str]) -> Figure:
    """Draws what each head of the first and of the last block looks at, for the last characters of a text of 128."""
    from matplotlib.figure import Figure

    scores = attention.predict(encode(text, vocabulary)[None], verbose=0)
    labels = [character if character.isprintable() else "\\n" for character in text[:DRAWN]]
    figure = Figure(figsize=(5 * HEADS, 10.5), layout="constrained")
    rows = figure.subplots(2, HEADS)
    images = []
    for row, block in zip(rows, (0, BLOCKS - 1), strict=True):
        for head, axes in enumerate(row):
            images.append(axes.imshow(scores[block][0, head, :DRAWN, :DRAWN], cmap="magma", vmin=0, vmax=1))
            axes.set_title(f"block {block + 1}, head {head + 1}")
            axes.set_xticks(range(DRAWN), labels, fontsize=6, family="monospace")
            axes.set_yticks(range(DRAWN), labels, fontsize=6, family="monospace")
    rows[0][0].set_ylabel("character that looks")
    rows[1][0].set(xlabel="character looked at", ylabel="character that looks")
    figure.colorbar(images[0], ax=rows, label="attention score", shrink=0.6)
    figure.suptitle("Attention scores: each row sums to 1, and nobody looks ahead")
    return figure


def save(figure: Figure, path: Path) -> None:
    """Writes the figure as a PNG file and says so."""
    figure.savefig(path, dpi=150)
    print(f"Wrote {path}")


def prepare_plotting(output: Path) -> bool:
    """Returns whether matplotlib is installed; if so, creates the output folder, so that an invalid one fails early."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        return False
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"text_generation.py: error: --output: cannot make the folder: {error}") from None
    return True


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Trains a small transformer on text and lets it write.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--epochs", type=integer_from(1), default=10, help="rounds of training steps")
    parser.add_argument("--steps", type=integer_from(1), default=100, help="training steps an epoch")
    parser.add_argument("--batch-size", type=integer_from(1), default=16, help="windows of 128 characters a step")
    parser.add_argument("--prompt", default="The while statement", help="the text to continue")
    parser.add_argument("--length", type=integer_from(0), default=400, help="characters to write")
    parser.add_argument("--temperature", type=temperature, default=0.7, help="0: always the most probable character")
    parser.add_argument("--seed", type=integer_from(0, 2**32 - 1), default=0, help="same seed, same result")
    parser.add_argument("--output", type=Path, default=Path("text_generation_output"), help="folder for the pictures")
    return parser.parse_args(arguments)


def temperature(text: str) -> float:
    """Parses a finite number of at least 0."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"expected a number of at least 0, received {text!r}")
    return value


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
