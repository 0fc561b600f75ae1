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
from .common.arguments import as_real, static_shape
from .conversion import cast
from .indexing import get_item
from .shaping import transpose

_ROOT = 0  # the node of the empty prefix


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
    """A prefix beam search: the most probable prefixes, with the total probability of their paths.

    A prefix is a node index; `before` and `letter` hold its parent and the class that it appends.
    """

    def __init__(self, width: int, blank: int, dtype: np.dtype):
        self._width = width
        self._blank = blank
        self.before = [-1]
        self.letter = [-1]
        self._known: dict[tuple[int, int], int] = {}
        self.beam = [_ROOT]
        # For each prefix in the beam: log probabilities of its paths that end with a blank, and of the others.
        self._with_blank = np.zeros(1, dtype)
        self._with_letter = np.full(1, -np.inf, dtype)

    @property
    def scores(self) -> np.ndarray:
        """The log probabilities of the prefixes in the beam, in descending order."""
        return np.logaddexp(self._with_blank, self._with_letter)

    def step(self, log_probs: np.ndarray) -> None:
        """Advances by one time step: prefixes stay or grow by one class, and the best are kept."""
        total = self.scores
        last = np.array([self.letter[number] for number in self.beam], int)
        repeated = last[:, None] == np.arange(len(log_probs))
        # Repeating the last class extends a prefix only after a blank.
        grown = np.where(repeated, self._with_blank[:, None], total[:, None]) + log_probs
        grown[:, self._blank] = -np.inf
        stay_letter = self._with_letter + np.where(last < 0, log_probs.dtype.type(-np.inf), log_probs[last])
        slots = {number: slot for slot, number in enumerate(self.beam)}
        inside: list[dict[int, int]] = [{} for _ in self.beam]  # by class: extensions that are in the beam already
        for slot, number in enumerate(self.beam):
            parent = slots.get(self.before[number])
            if parent is not None:
                letter = self.letter[number]
                stay_letter[slot] = np.logaddexp(stay_letter[slot], grown[parent, letter])
                grown[parent, letter] = -np.inf
                inside[parent][letter] = slot
        stay_blank = total + log_probs[self._blank]
        best = self._choose(total, np.logaddexp(stay_blank, stay_letter), grown, inside)
        nothing = np.full(grown.size, -np.inf, grown.dtype)
        self._with_blank = np.concatenate([stay_blank, nothing])[best]
        self._with_letter = np.concatenate([stay_letter, grown.reshape(-1)])[best]
        self.beam = [self._prefix(slot, *grown.shape) for slot in best]

    def _prefix(self, slot: int, width: int, classes: int) -> int:
        if slot < width:
            return self.beam[slot]
        parent, letter = divmod(slot - width, classes)
        return self._grow(self.beam[parent], letter)

    def _choose(self, total: np.ndarray, stay: np.ndarray, grown: np.ndarray, inside: list[dict[int, int]]) -> list:
        """The indices of the best candidates, in descending order: prefixes that stay, then extensions by class.

        As in TensorFlow, candidates are added one by one, and a prefix that has dropped out of the beam in the
        meantime is not extended.
        """
        width, classes = grown.shape
        kept = [(score, slot) for slot, score in enumerate(stay.tolist())]
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
        return [slot for score, slot in sorted(kept, key=lambda each: -each[0]) if score > -np.inf]

    def _grow(self, number: int, letter: int) -> int:
        if (number, letter) not in self._known:
            self._known[number, letter] = len(self.before)
            self.before.append(number)
            self.letter.append(letter)
        return self._known[number, letter]

    def text(self, slot: int) -> list[int]:
        """The classes of a prefix in the beam."""
        number, letters = self.beam[slot], []
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
                f"`ctc_decode`: only {len(search.beam)} sequences of up to {steps[example]} labels have a non-zero "
                f"probability. Received: top_paths={top_paths}"
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


# The classes and, last, the score of each sequence, in one array: floats represent class indices exactly.
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
    """Decodes the output of a network trained with `ctc_loss`.

    "greedy" takes the most probable class at each time step, merges repeated ones and drops blanks. "beam_search"
    sums over the paths of a label sequence and keeps the most probable prefixes.

    Args:
        inputs: Logits, shape (batch, time, classes).
        sequence_lengths: The number of valid time steps, shape (batch,).
        strategy: "greedy" or "beam_search".
        beam_width: The number of prefixes that a beam search keeps.
        top_paths: The number of sequences that a beam search returns.
        merge_repeated: Whether "greedy" merges repeated classes; a beam search always does.
        mask_index: Class index of the blank, by default the last class; negative indices count from the end.

    Returns:
        The decoded sequences, int32 of shape (sequences, batch, time), padded with -1 (one sequence for "greedy"), and
        their scores of shape (batch, sequences): log probabilities; for "greedy", negative sums of the largest logits.

    Raises:
        ArgumentError: If the strategy, the blank, a length or the number of sequences is invalid.
        ShapeError: If the shapes are incompatible.

    Source: https://keras.io/api/ops/nn/, https://arxiv.org/abs/1408.2873

    Example:
        >>> scores = np.float32([[[0, 1, 0], [0, 2, 0], [3, 0, 0], [0, 0, 4]]])
        >>> ctc_decode(scores, [4])
        (array([[[ 1,  2, -1, -1]]], dtype=int32), array([[-10.]], dtype=float32))
    """
    inputs, lengths = as_real(inputs, "ctc_decode"), cast(sequence_lengths, "int32")
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
