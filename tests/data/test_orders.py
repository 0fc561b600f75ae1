import random

from minikeras.data import Dataset
from minikeras.data.orders import Draws, endless, shuffled
from minikeras.utils import set_random_seed


def numbers(dataset):
    return [int(each) for each in dataset]


def test_passes_draw_anew_or_the_same():
    anew, same = Draws(1, True), Draws(1, False)
    first, second = anew.next().random(), anew.next().random()
    assert first != second and Draws(1, True).next().random() == first
    assert same.next().random() == same.next().random()
    fixed = Draws(None, False)
    assert fixed.next().random() == fixed.next().random() != Draws(None, False).next().random()


def test_global_seed():
    data = Dataset.range(50).shuffle(50)
    set_random_seed(3)
    first = numbers(data), numbers(data)
    set_random_seed(3)
    assert (numbers(data), numbers(data)) == first and first[0] != first[1]


def test_a_buffer_shuffles_nearby_items():
    found = list(shuffled(iter(range(1000)), 10, random.Random(1)))
    assert sorted(found) == list(range(1000)) and found != sorted(found)
    # An item cannot come more than the buffer's size early.
    assert all(number - place < 10 for place, number in enumerate(found))
    assert list(shuffled(iter("ab"), 1, random.Random(1))) == ["a", "b"]


def test_endless_passes_end_if_they_are_empty():
    passes = iter([iter("ab"), iter("c"), iter("")])
    assert list(endless(lambda: next(passes))) == ["a", "b", "c"]
