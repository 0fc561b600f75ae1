import random

import numpy as np
import pytest

from minikeras.compiler.step import Step
from minikeras.engine.replicas import in_step
from minikeras.errors import ArgumentError
from minikeras.random import SeedGenerator, normal
from minikeras.random.seed_generator import draw_seed, global_seed_generator, make_default_seed
from minikeras.utils import set_random_seed
from tests.distribution.groups import Twins, shared


def test_state_counts_draws():
    generator = SeedGenerator(42)
    assert (generator.state.shape, generator.state.dtype) == ((2,), "uint32")
    assert [generator.next().tolist() for _ in range(3)] == [[42, 0], [42, 1], [42, 2]]
    assert generator.state.numpy().tolist() == [42, 3]


def test_returned_seed_is_not_changed_by_the_next_draw():
    generator = SeedGenerator(42)
    first = generator.next()
    generator.next()
    assert first.tolist() == [42, 0]


def test_unordered_draws_jump():
    generator = SeedGenerator(3)
    seeds = [generator.next(ordered=False).tolist() for _ in range(3)]
    # (3 + 1) * 5387 = 21548 and (0 + 1) * 5387 = 5387, both below 933199; then the remainder is taken
    second = [21548, 5387]
    third = [21549 * 5387 % 933199, 5388 * 5387 % 933199]
    assert seeds == [[3, 0], second, third]


def test_unordered_draws_wrap_around_at_32_bits():
    generator = SeedGenerator(10**9)
    generator.next(ordered=False)
    assert generator.state.numpy().tolist() == [(10**9 + 1) * 5387 % 2**32 % 933199, 5387]


def test_seed_of_none_comes_from_python():
    random.seed(5)
    expected = random.Random(5).randint(1, 10**9)
    generator = SeedGenerator()
    assert generator.state.numpy().tolist() == [expected, 0]
    assert generator.get_config()["seed"] is None


def test_default_seeds_lie_in_their_range():
    assert all(1 <= make_default_seed() <= 10**9 for _ in range(100))


def test_config():
    generator = SeedGenerator(7, name="mine")
    assert generator.get_config() == {"seed": 7, "name": "mine"}
    assert generator.state.path == "mine/seed_generator_state"
    assert not generator.state.trainable
    copy = SeedGenerator.from_config(generator.get_config())
    assert copy.next().tolist() == [7, 0]


def test_names_are_made_automatically():
    first, second = SeedGenerator(1).name, SeedGenerator(1).name
    assert first.startswith("seed_generator") and second.startswith("seed_generator") and first != second


@pytest.mark.parametrize("seed", ["a", 1.0, np.int64(3), -1, 2**32, [1, 2]])
def test_bad_seeds(seed):
    with pytest.raises(ArgumentError, match="seed"):
        SeedGenerator(seed)
    with pytest.raises(ArgumentError, match="random.normal.*seed"):
        normal((2,), seed=seed)


def test_a_refused_seed_draws_nothing():
    random.seed(1)
    before = random.getstate()
    with pytest.raises(ArgumentError):
        SeedGenerator("a")
    assert random.getstate() == before


def test_draw_seed():
    generator = SeedGenerator(8)
    assert draw_seed(5, "f").tolist() == [5, 0]
    assert draw_seed(generator, "f").tolist() == [8, 0]
    assert draw_seed(generator, "f").tolist() == [8, 1]
    assert draw_seed(5, "f").dtype == "uint32"


def test_a_step_moves_the_state_each_time():
    traced, eager = SeedGenerator(11), SeedGenerator(11)
    step = Step(lambda x: x + normal((3,), seed=traced) + normal((3,), seed=traced), "noise")
    x = np.zeros(3, "float32")
    for _ in range(4):
        first, second = normal((3,), seed=eager), normal((3,), seed=eager)
        np.testing.assert_array_equal(step(x), x + first + second)
        np.testing.assert_array_equal(traced.state.numpy(), eager.state.numpy())


def test_a_step_without_replay_draws_the_same():
    generators = SeedGenerator(11), SeedGenerator(11)
    steps = [
        Step(lambda x, generator=generator: x + normal((3,), seed=generator), "noise", replay)
        for generator, replay in zip(generators, (True, False), strict=True)
    ]
    x = np.zeros(3, "float32")
    for _ in range(3):
        np.testing.assert_array_equal(steps[0](x), steps[1](x))


def test_an_integer_seed_gives_the_same_numbers_in_each_replay():
    step = Step(lambda x: x + normal((3,), seed=4), "noise")
    x = np.zeros(3, "float32")
    for _ in range(3):
        np.testing.assert_array_equal(step(x), normal((3,), seed=4))


def test_global_generator_in_a_step():
    step = Step(lambda x: x + normal((3,)) * 10 + normal((3,)), "noise")
    x = np.zeros(3, "float32")

    def run():
        set_random_seed(9)
        return [step(x).copy() for _ in range(3)]

    first = run()  # traced, then replayed twice
    set_random_seed(9)
    eager = [x + normal((3,)) * 10 + normal((3,)) for _ in range(3)]
    again = run()  # replayed, after the global generator was seeded anew
    np.testing.assert_array_equal(first, eager)
    np.testing.assert_array_equal(again, eager)
    assert len({row.tobytes() for row in first}) == 3


def test_global_generator_takes_its_seed_when_it_is_used_first():
    set_random_seed(2)
    python = random.Random(2)
    assert make_default_seed() == python.randint(1, 10**9)
    assert global_seed_generator().next(ordered=False).tolist() == [python.randint(1, 10**9), 0]
    assert make_default_seed() == python.randint(1, 10**9)


def test_processes_that_share_a_training_draw_different_numbers():
    def drawn(rank, kind="train"):
        generator, fixed = SeedGenerator(5), []

        def step(data):
            fixed.append(None)
            return [draw_seed(each, "test") * 1 for each in (generator, 7)]

        with shared(Twins(rank, 3)):
            run = Step(in_step(kind, step), "test")
            found = [[each.tolist() for each in run(np.zeros(1))] for _ in range(2)]
        assert len(fixed) == 1 and generator.state.numpy().tolist() == [5, 2]  # the state is the same in all
        return found

    first, second, third = map(drawn, range(3))
    assert first == [[[5, 0], [7, 0]], [[5, 1], [7, 0]]]
    assert second == [[[5 + 2654435769, 0], [7, 0]], [[5 + 2654435769, 1], [7, 0]]]
    assert third[0][0] == [(5 + 2 * 2654435769) % 2**32, 0]
    assert drawn(2, "test") == first  # evaluations draw what a single process draws


def test_initial_values_are_the_same_in_all_processes():
    generator = SeedGenerator(5)
    with shared(Twins(1)):
        assert in_step("train", lambda data: draw_seed(generator, "test"))(None).tolist() == [5, 0]
