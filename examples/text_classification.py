"""Classifies messages to a shop, from raw strings to predictions, and shows which words decide.

    python examples/text_classification.py
    python examples/text_classification.py --message "where is my parcel???" --output my_run

The messages are made up, with typing errors, and written to text files, one folder for each subject: billing, delivery,
praise and returns. `text_dataset_from_directory` reads them, and `TextVectorization` makes numbers of them: it counts
words and pairs of words, and weighs them by TF-IDF. One dense layer on top is enough. The model that is saved has both:
it takes strings, also those you pass with `--message`. Takes a few seconds. Needs `pip install
"minikeras[plot]"` for the picture; without it everything else works.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from minikeras import Input, Sequential
from minikeras.data import AUTOTUNE, Dataset
from minikeras.layers import Dense, TextVectorization
from minikeras.saving import load_model
from minikeras.utils import set_random_seed, text_dataset_from_directory

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What messages are made of: of (one|another) one is taken, often none of (one|another|), and {goods} and {day} are
# filled in.
GOODS = "(the|my|this|your) (red |blue |new |) (lamp|shoes|coat|chair|kettle|tent|headphones|bicycle|shirt|table)"
DAY = "(yesterday|on Monday|last week|in March|two days ago|on the weekend|this morning)"
SENTENCES = {
    "billing": [
        "(I was|you have|you) charged (me|my card) (twice|too much) for {goods}(!|.)",
        "The (invoice|bill) (of|for) {goods} (shows|has) the wrong (amount|address|price).",
        "I paid by (card|bank transfer) {day}, but your system says (I did not|the payment is missing).",
        "(Could you|Please) send me (an invoice|the bill|a receipt) for {goods}(?|, please.)",
        "The (discount|voucher) for {goods} was not taken off the price(!|.)",
        "I (did not get|am still waiting for) my money (back|), and the (bill|invoice) says I have to pay.",
        "Why is {goods} (cheaper|more expensive) on (your|the) website than on my (bill|invoice)?",
    ],
    "delivery": [
        "{goods} (has not|never) arrived, (though|but) you shipped it {day}.",
        "Where is (my parcel|{goods})? It (was to|should) be here {day}(!|.)",
        "The (tracking number|tracking page|link) does not work(.|, where is it?)",
        "The (courier|driver) left {goods} at the wrong (address|door) {day}(!|.)",
        "(Can you tell me|I want to know) when (my parcel|{goods}) will be (shipped|delivered|here).",
        "Nobody rang (my|the) bell, and the (parcel|courier) went back to the depot.",
        "Can you (send|deliver) {goods} to (another address|my office|my neighbor)?",
    ],
    "praise": [
        "{goods} arrived {day} and (I|we) (love|like) it(!|.)",
        "(Great|Very good|Perfect) service, and {goods} works (well|better than I hoped).",
        "I got my money back within a day, (great|that was fast|well done)(!|.)",
        "I (just|only) (want|wanted) to say that {goods} is (perfect|great|beautiful|lovely).",
        "The (courier|driver) was (very|so) (kind|friendly), and so was your service.",
        "(Best|Great) shop (ever|), I will (order|buy) again(!|.)",
        "(No problem at all|Not a single scratch|Fits well), and (so|very) fast(!|.)",
    ],
    "returns": [
        "I (want|would like) to (send back|return) {goods}, it is too (small|big|heavy|loud).",
        "{goods} (broke|stopped working) {day}, how do I get my money back?",
        "How can I (return|exchange|send back) {goods}? It (does not fit|is not what I wanted).",
        "The color of {goods} is not (as|what is) in the picture, (can|may) I exchange it?",
        "{goods} arrived {day} with a (scratch|hole|crack), and I want (another|a new) one.",
        "(Is there|Where is) a (return label|label to return it|form for returns)?",
        "(I do not|we don't) (want|like) {goods} any more, (can|could) I bring it back?",
    ],
}
SUBJECTS = list(SENTENCES)
OPENING = "(Hello,|Hi there!|Dear team,|Good morning.||)"
FILLERS = [
    "I (ordered|bought) {goods} {day}.",
    "My order (number|) is 4711.",
    "I have been a customer for (years|a long time).",
    "(Please|Can you) answer soon(.|?)",
    "I (wrote|talked) to you {day}, (too|already).",
    "Is {goods} (still|) in your shop?",
]
CLOSING = "(Thanks,<br />Kim|Kind regards|Thank you!|Bye, Alex||)"
EXAMPLES = [
    "Where is my parcel?? It should have been here on MONDAY!",
    "the shoes are too small, can I exchange them?",
    "you charged my card twice",
    "Love the tent, thank you so much :-)",
    "I lvoe this chiar",
    "It arrived, but I don't want it any more.",
    "Guten Tag",
]
TYPOS = 3  # of a message at most
TERMS = 3000  # words and pairs of words that are told apart
BATCH = 32
SHOWN = 8  # terms of each subject in the picture


def main(arguments: list[str] | None = None) -> None:
    """Runs the example with the given command line options."""
    options = parse_options(arguments)
    can_plot = prepare(options.output)
    set_random_seed(options.seed)
    folder = options.output / "messages"
    write_messages(folder, options.messages, np.random.default_rng(options.seed))
    training, test = text_dataset_from_directory(
        folder, batch_size=BATCH, validation_split=0.25, subset="both", seed=options.seed, class_names=SUBJECTS
    )

    vectorization = TextVectorization(TERMS, ngrams=2, output_mode="tf_idf")
    vectorization.adapt(training.map(lambda texts, _: texts))
    terms = vectorization.get_vocabulary()
    print(f"{len(terms):,} terms, the most frequent of which are {', '.join(map(repr, terms[1:9]))}\n")

    classifier = Sequential([Input((len(terms),)), Dense(len(SUBJECTS), activation="softmax")])
    classifier.compile("adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

    def vectorized(texts: Dataset) -> Dataset:
        return texts.map(lambda each, subjects: (vectorization(each), subjects)).cache().prefetch(AUTOTUNE)

    classifier.fit(vectorized(training), validation_data=vectorized(test), epochs=options.epochs, verbose=2)

    # What is handed on takes strings: the vocabulary is in the file.
    path = options.output / "messages.keras"
    Sequential([Input((1,), dtype="string"), vectorization, *classifier.layers]).save(path)
    print(f"\nWrote {path}")
    model = load_model(path)
    show_predictions(model, options.message or EXAMPLES)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    print(f"\nTest accuracy: {model.evaluate(test, verbose=0)[1]:.4f}")
    if can_plot:
        save(plot_terms(terms, np.asarray(classifier.layers[0].kernel)), options.output / "terms.png")
    else:
        print('No picture was written: matplotlib is not installed. Get it with: pip install "minikeras[plot]"')


def write_messages(folder: Path, count: int, generator: np.random.Generator) -> None:
    """Writes messages to `folder/subject/number.txt`, a quarter about each subject, and shows one of each."""
    for subject in SUBJECTS:
        (folder / subject).mkdir(parents=True, exist_ok=True)
        for old in (folder / subject).glob("*.txt"):  # of an earlier run
            old.unlink()
    for number in range(count):
        subject = SUBJECTS[number % len(SUBJECTS)]
        message = make_message(subject, generator)
        (folder / subject / f"{number:06}.txt").write_text(message, encoding="utf-8")
        if number < len(SUBJECTS):
            print(f"{subject:9} {message}")
    print(f"Wrote {count:,} messages to {folder}")


def make_message(subject: str, generator: np.random.Generator) -> str:
    """Returns a message: what it is about, among sentences that say nothing about that."""

    def filled(template: str) -> str:
        sentence = template.replace("{goods}", GOODS).replace("{day}", DAY)
        while "(" in sentence:  # the inner choices first
            sentence = re.sub(r"\(([^()]*)\)", lambda found: str(generator.choice(found[1].split("|"))), sentence)
        sentence = " ".join(sentence.split())
        return sentence[:1].upper() + sentence[1:]

    middle = [str(generator.choice(FILLERS)) for _ in range(generator.integers(0, 3))]
    middle.insert(int(generator.integers(0, len(middle) + 1)), str(generator.choice(SENTENCES[subject])))
    message = " ".join(part for part in map(filled, [OPENING, *middle, CLOSING]) if part)
    for _ in range(generator.integers(0, TYPOS + 1)):  # two neighboring letters change places
        place = int(generator.integers(0, len(message) - 1))
        message = message[:place] + message[place + 1] + message[place] + message[place + 2 :]
    return message.upper() if generator.random() < 0.1 else message


def show_predictions(model: Sequential, messages: list[str]) -> None:
    """Prints the probability of each subject for messages, raw strings of any length."""
    probabilities = model.predict(np.array(messages, dtype=object)[:, None], verbose=0)
    print(" ".join(f"{subject:>8}" for subject in SUBJECTS) + "  message")
    for message, row in zip(messages, probabilities, strict=True):
        print(" ".join(f"{probability:8.0%}" for probability in row) + f"  {message}")


def plot_terms(terms: list[str], kernel: np.ndarray) -> Figure:
    """Draws the terms with the largest weights of each subject, the columns of the kernel."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(13, 3.6), layout="constrained")
    for number, (axes, subject) in enumerate(zip(figure.subplots(1, len(SUBJECTS)), SUBJECTS, strict=True)):
        weights = kernel[:, number]
        strongest = np.argsort(-weights, kind="stable")[:SHOWN][::-1]
        axes.barh([terms[term] for term in strongest], weights[strongest], color="#0072B2")
        axes.set(title=subject, xlabel="weight", xlim=(0, 1.05 * kernel.max()))
        axes.grid(alpha=0.3, axis="x")
    figure.suptitle("The words and pairs of words that speak most for each subject")
    return figure


def save(figure: Figure, path: Path) -> None:
    """Writes the figure as a PNG file and says so."""
    figure.savefig(path, dpi=150)
    print(f"Wrote {path}")


def prepare(output: Path) -> bool:
    """Creates the output folder and returns whether matplotlib is installed."""
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SystemExit(f"text_classification.py: error: --output: cannot make the folder: {error}") from None
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        return False
    return True


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Parses the command line; an invalid option ends the program with a message."""
    parser = argparse.ArgumentParser(
        description="Classifies messages to a shop, from raw strings to predictions.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--messages", type=integer_from(40), default=2000, help="for training and test")
    parser.add_argument("--epochs", type=integer_from(1), default=10, help="passes over the training messages")
    parser.add_argument("--message", nargs="+", help="what to classify in the end")
    parser.add_argument("--seed", type=integer_from(0, 2**32 - 1), default=0, help="same seed, same result")
    parser.add_argument("--output", type=Path, default=Path("text_classification_output"), help="folder for all files")
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
