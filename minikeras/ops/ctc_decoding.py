"""Decoding of the outputs of a network trained with `ctc_loss`: greedily, or by beam search."""

import heapq
from collections.abc import Callable

import numpy as np

from ..engine.dispatch import apply
from ..engine.dtypes import dtype_of
from ..engine.primitive import Primitive, Spec
from ..engine.registry import op
from ..errors import ArgumentError, ShapeError, brief
from ..typing import TensorLike
from .common.arguments import as_float, static_shape
from .conversion import cast
from .indexing import get_item
from .shaping import transpose

_ROOT = 0  # the empty text among the texts of a search


def _greedy_kernel(x: np.ndarray, steps: np.ndarray, blank: int, merge_repeated: bool) -> np.ndarray:
    batch, time, _ = x.shape
    counts = np.arange(time) < steps[:, None]
    best = x.argmax(-1)
    kept = counts & (best != blank)
    if merge_repeated:
        kept[:, 1:] &= best[:, 1:] != best[:, :-1]
    letters = np.take_along_axis(best, np.argsort(~kept, axis=1, kind="stable"), 1)
    result = np.empty((1, batch, time + 1), x.dtype)
    result[0, :, :-1] = np.where(np.arange(time) < kept.sum(1)[:, None], letters, -1)
    result[0, :, -1] = -np.where(counts, x.max(-1), x.dtype.type(0)).sum(1)
    return result


class _Search:
    """The likeliest beginnings of a text, with the probabilities of all paths that stand for them.

    A beginning is a number; `before` and `letter` give what it continues and with which class.
    """

    def __init__(self, width: int, blank: int, dtype: np.dtype):
        self._width = width
        self._blank = blank
        self.before = [-1]
        self.letter = [-1]
        self._known: dict[tuple[int, int], int] = {}
        self.beam = [_ROOT]
        # By beginning in the beam: the logarithms of the probabilities of its paths that end with a blank, and not.
        self._with_blank = np.zeros(1, dtype)
        self._with_letter = np.full(1, -np.inf, dtype)

    @property
    def scores(self) -> np.ndarray:
        """The logarithms of the probabilities of the beginnings in the beam, the largest first."""
        return np.logaddexp(self._with_blank, self._with_letter)

    def step(self, log_probs: np.ndarray) -> None:
        """Lets the beginnings stay or grow by one letter at the next time step, and keeps the best."""
        total = self.scores
        last = np.array([self.letter[number] for number in self.beam])
        repeated = last[:, None] == np.arange(len(log_probs))
        # A letter like the last one is a new letter only after a blank.
        grown = np.where(repeated, self._with_blank[:, None], total[:, None]) + log_probs
        grown[:, self._blank] = -np.inf
        stay_letter = self._with_letter + np.where(last < 0, log_probs.dtype.type(-np.inf), log_probs[last])
        places = {number: place for place, number in enumerate(self.beam)}
        inside: list[dict[int, int]] = [{} for _ in self.beam]  # by letter, what each grows to that is in the beam
        for place, number in enumerate(self.beam):
            parent = places.get(self.before[number])
            if parent is not None:
                letter = self.letter[number]
                stay_letter[place] = np.logaddexp(stay_letter[place], grown[parent, letter])
                grown[parent, letter] = -np.inf
                inside[parent][letter] = place
        stay_blank = total + log_probs[self._blank]
        best = self._choose(total, np.logaddexp(stay_blank, stay_letter), grown, inside)
        nothing = np.full(grown.size, -np.inf, grown.dtype)
        self._with_blank = np.concatenate([stay_blank, nothing])[best]
        self._with_letter = np.concatenate([stay_letter, grown.reshape(-1)])[best]
        self.beam = [self._beginning(place, *grown.shape) for place in best]

    def _beginning(self, place: int, width: int, classes: int) -> int:
        if place < width:
            return self.beam[place]
        parent, letter = divmod(place - width, classes)
        return self._grow(self.beam[parent], letter)

    def _choose(self, total: np.ndarray, stay: np.ndarray, grown: np.ndarray, inside: list[dict[int, int]]) -> list:
        """The places of the best, the largest first: among all that stay, then what each grows to by letter.

        As in TensorFlow, one is added after the other, and a beginning that has dropped out by the time the one it
        continues grows, does not grow itself.
        """
        width, classes = grown.shape
        kept = [(score, place) for place, score in enumerate(stay.tolist())]
        heapq.heapify(kept)
        dropped, barren = set(), set()
        for parent, bound in enumerate(total.tolist()):
            least = kept[0][0] if len(kept) == self._width else -np.inf
            if parent in barren or not bound > least:
                continue
            scores = grown[parent]
            for letter in sorted({*np.flatnonzero(scores > least).tolist(), *inside[parent]}):
                if inside[parent].get(letter) in dropped:
                    barren.add(inside[parent][letter])
                candidate = (float(scores[letter]), width + parent * classes + letter)
                if candidate[0] > -np.inf and len(kept) < self._width:
                    heapq.heappush(kept, candidate)
                elif candidate[0] > kept[0][0]:
                    dropped.add(heapq.heapreplace(kept, candidate)[1])
        return [place for score, place in sorted(kept, key=lambda each: -each[0]) if score > -np.inf]

    def _grow(self, number: int, letter: int) -> int:
        if (number, letter) not in self._known:
            self._known[number, letter] = len(self.before)
            self.before.append(number)
            self.letter.append(letter)
        return self._known[number, letter]

    def text(self, place: int) -> list[int]:
        """The letters of a beginning in the beam."""
        number, letters = self.beam[place], []
        while number != _ROOT:
            letters.append(self.letter[number])
            number = self.before[number]
        return letters[::-1]


def _beam_kernel(x: np.ndarray, steps: np.ndarray, blank: int, beam_width: int, top_paths: int) -> np.ndarray:
    batch, time, _ = x.shape
    shifted = x - x.max(-1, keepdims=True)
    log_probs = shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))
    result = np.full((top_paths, batch, time + 1), -1, x.dtype)
    for example in range(batch):
        search = _Search(beam_width, blank, x.dtype)
        for step in range(steps[example]):
            search.step(log_probs[example, step])
        if len(search.beam) < top_paths:
            raise ArgumentError(
                f"`ctc_decode`: there are only {len(search.beam)} texts of up to {steps[example]} letters with a "
                f"probability, fewer than asked for. Received: top_paths={top_paths}"
            )
        for path in range(top_paths):
            letters = search.text(path)
            result[path, example, : len(letters)] = letters
            result[path, example, -1] = search.scores[path]
    return result


def _checked(kernel: Callable) -> Callable:
    def check_lengths(x: np.ndarray, steps: np.ndarray, **params: int) -> np.ndarray:
        if steps.size and not (0 <= steps.min() and steps.max() <= x.shape[1]):
            raise ArgumentError(
                f"`ctc_decode` expects `sequence_lengths` from 0 to {x.shape[1]}. "
                f"Received: from {steps.min()} to {steps.max()}"
            )
        return kernel(x, steps, **params)

    return check_lengths


def _rule(x: Spec, steps: Spec, top_paths: int = 1, **params: int) -> tuple:
    time = None if x.shape[1] is None else x.shape[1] + 1
    return (top_paths, x.shape[0], time), x.dtype


# The letters and, last, the score of each text: a primitive has one result, and floats hold class numbers exactly.
_GREEDY = Primitive("ctc_greedy_decode", _checked(_greedy_kernel), shape=_rule)
_BEAM_SEARCH = Primitive("ctc_beam_search", _checked(_beam_kernel), shape=_rule)


@op("nn.CTCDecode", settings="strategy beam_width top_paths merge_repeated mask_index")
def ctc_decode(
    inputs: TensorLike,
    sequence_lengths: TensorLike,
    strategy: str = "greedy",
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
    mask_index: int | None = 0,
) -> tuple:
    """Finds likely texts for the scores of a network trained with `ctc_loss`.

    "greedy" takes the likeliest class of each time step, merges repeated ones and drops blanks. "beam_search" adds
    up the paths that stand for the same text, and follows the likeliest beginnings of texts.

    Args:
        inputs: Scores, shape (batch, time, classes).
        sequence_lengths: The number of time steps that count, shape (batch,).
        strategy: "greedy" or "beam_search".
        beam_width: How many beginnings a beam search follows.
        top_paths: How many texts a beam search returns.
        merge_repeated: Whether "greedy" merges repeated letters; a beam search always does.
        mask_index: The class of the blank; None for the last one. Negative numbers count from the end.

    Returns:
        The texts, int32 of shape (texts, batch, time), filled up with -1; one text if greedy. And their scores, of
        shape (batch, texts): the logarithm of the probability, or, if greedy, the negative sum of the largest inputs.

    Raises:
        ArgumentError: If the strategy, the blank, a length or the number of texts cannot be used.
        ShapeError: If the shapes do not fit together.

    Source: https://keras.io/api/ops/nn/, https://arxiv.org/abs/1408.2873

    Example:
        >>> scores = np.float32([[[0, 1, 0], [0, 2, 0], [3, 0, 0], [0, 0, 4]]])
        >>> ctc_decode(scores, [4])
        (array([[[ 1,  2, -1, -1]]], dtype=int32), array([[-10.]], dtype=float32))
    """
    inputs, lengths = as_float(inputs), cast(sequence_lengths, "int32")
    inputs = cast(inputs, "float32") if dtype_of(inputs) == "float16" else inputs
    blank = _blank(static_shape(inputs), static_shape(lengths), mask_index)
    if strategy == "greedy":
        found = apply(_GREEDY, inputs, lengths, blank=blank, merge_repeated=bool(merge_repeated))
    elif strategy == "beam_search":
        if not 1 <= top_paths <= beam_width:
            raise ArgumentError(
                "`ctc_decode` expects 1 <= top_paths <= beam_width. "
                f"Received: top_paths={top_paths}, beam_width={beam_width}"
            )
        found = apply(_BEAM_SEARCH, inputs, lengths, blank=blank, beam_width=int(beam_width), top_paths=int(top_paths))
    else:
        raise ArgumentError(f"`ctc_decode` expects the strategy 'greedy' or 'beam_search'. Received: {brief(strategy)}")
    texts = cast(get_item(found, (..., slice(None, -1))), "int32")
    return texts, transpose(get_item(found, (..., -1)))


def _blank(inputs: tuple, lengths: tuple, mask_index: int | None) -> int:
    if len(inputs) != 3 or len(lengths) != 1 or (None not in (inputs[0], lengths[0]) and inputs[0] != lengths[0]):
        raise ShapeError(
            "`ctc_decode` expects `inputs` of shape (batch, time, classes) and `sequence_lengths` of shape (batch,). "
            f"Received: shapes {inputs} and {lengths}."
        )
    classes, number = inputs[2], -1 if mask_index is None else mask_index
    if classes is None or not -classes <= number < classes:
        raise ArgumentError(
            f"`ctc_decode`: `mask_index` must be one of {classes} classes. Received: {brief(mask_index)}"
        )
    return int(number) % classes
