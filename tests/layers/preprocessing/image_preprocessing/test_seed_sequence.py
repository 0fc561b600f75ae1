"""Seeds that continue those of a generator."""

import numpy as np

from minikeras import layers, random
from minikeras.layers.preprocessing.image_preprocessing.seed_sequence import SeedSequence, draws_of


def test_continues_a_generator():
    generator = random.SeedGenerator(5)
    generator.next()
    sequence = SeedSequence(generator.state * 1)
    for _ in range(3):
        np.testing.assert_array_equal(sequence.next(), generator.next())
    start = generator.state.numpy()
    np.testing.assert_array_equal(random.uniform((2,), seed=SeedSequence(start)), random.uniform((2,), seed=generator))


def test_how_many_draws_a_layer_makes():
    for layer, count in (
        (layers.RandomShear(0.1), 3),
        (layers.RandomTranslation(0.1, 0.1), 2),
        (layers.AutoContrast(), 0),
        (layers.RandomPosterization((2, 2)), 0),
        (layers.RandomPosterization((2, 4)), 1),
    ):
        assert draws_of(layer) == count
        assert layer.variables == [] or layer.variables[0].numpy()[1] == 0  # nothing was drawn from its own generator
