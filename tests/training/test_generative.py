"""Two models whose training is their own through and through: a GAN with two optimizers, and a VAE."""

import numpy as np
import pytest

import minikeras
from minikeras import GradientTape, layers, losses, metrics, ops, random
from minikeras.datasets import mnist
from minikeras.optimizers import SGD
from tests.helpers import plans_of

BATCH = 64


class GAN(minikeras.Model):
    """Keras's example of overriding `train_step`; it has no `call`."""

    def __init__(self, discriminator, generator, latent_dim):
        super().__init__()
        self.discriminator = discriminator
        self.generator = generator
        self.latent_dim = latent_dim
        self.seed_generator = random.SeedGenerator(1337)
        self.d_loss_tracker = metrics.Mean(name="d_loss")
        self.g_loss_tracker = metrics.Mean(name="g_loss")

    @property
    def metrics(self):
        return [self.d_loss_tracker, self.g_loss_tracker]

    def compile(self, d_optimizer, g_optimizer, loss_fn, **options):
        super().compile("sgd", **options)
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    def train_step(self, real):
        batch_size = ops.shape(real)[0]
        latent = random.normal((batch_size, self.latent_dim), seed=self.seed_generator)
        combined = ops.concatenate([self.generator(latent), real], axis=0)
        labels = ops.concatenate([ops.ones((batch_size, 1)), ops.zeros((batch_size, 1))], axis=0)
        with GradientTape() as tape:
            predictions = self.discriminator(combined)
            d_loss = self.loss_fn(labels, predictions)
        grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
        self.d_optimizer.apply_gradients(zip(grads, self.discriminator.trainable_weights, strict=True))

        latent = random.normal((batch_size, self.latent_dim), seed=self.seed_generator)
        misleading = ops.zeros((batch_size, 1))
        with GradientTape() as tape:
            predictions = self.discriminator(self.generator(latent))
            g_loss = self.loss_fn(misleading, predictions)
        grads = tape.gradient(g_loss, self.generator.trainable_weights)
        self.g_optimizer.apply_gradients(zip(grads, self.generator.trainable_weights, strict=True))

        self.d_loss_tracker.update_state(d_loss)
        self.g_loss_tracker.update_state(g_loss)
        return {"d_loss": self.d_loss_tracker.result(), "g_loss": self.g_loss_tracker.result()}


class GANWithTwoTapes(GAN):
    """TensorFlow's tutorial: both losses on tapes side by side."""

    def train_step(self, real):
        batch_size = ops.shape(real)[0]
        latent = random.normal((batch_size, self.latent_dim), seed=self.seed_generator)
        with GradientTape() as g_tape, GradientTape() as d_tape:
            fake = self.generator(latent, training=True)
            real_output = self.discriminator(real, training=True)
            fake_output = self.discriminator(fake, training=True)
            g_loss = self.loss_fn(ops.ones_like(fake_output), fake_output)
            d_loss = self.loss_fn(ops.ones_like(real_output), real_output)
            d_loss += self.loss_fn(ops.zeros_like(fake_output), fake_output)
        g_variables, d_variables = self.generator.trainable_variables, self.discriminator.trainable_variables
        g_grads, d_grads = g_tape.gradient(g_loss, g_variables), d_tape.gradient(d_loss, d_variables)
        self.g_optimizer.apply_gradients(zip(g_grads, g_variables, strict=True))
        self.d_optimizer.apply_gradients(zip(d_grads, d_variables, strict=True))
        self.d_loss_tracker.update_state(d_loss)
        self.g_loss_tracker.update_state(g_loss)
        return {"d_loss": self.d_loss_tracker.result(), "g_loss": self.g_loss_tracker.result()}


def points():
    """512 points around (2, -1)."""
    rng = np.random.default_rng(0)
    return (np.float32([2, -1]) + 0.3 * rng.normal(size=(512, 2))).astype("float32")


def trained_gan(model_class=GANWithTwoTapes, epochs=2, **options):
    minikeras.utils.set_random_seed(2)
    discriminator = minikeras.Sequential([layers.Dense(16, "tanh"), layers.Dense(1)])
    generator = minikeras.Sequential([layers.Dense(16, "tanh"), layers.Dense(2)])
    gan = model_class(discriminator, generator, latent_dim=2)
    # A step against the momentum lets the two turn around each other less.
    gan.compile(SGD(0.1), SGD(0.1), losses.BinaryCrossentropy(from_logits=True), **options)
    history = gan.fit(points(), batch_size=BATCH, epochs=epochs, verbose=0).history
    return gan, history, [weight.tobytes() for weight in gan.get_weights()]


@pytest.mark.parametrize("model_class", [GAN, GANWithTwoTapes])
def test_a_gan_is_replayed(model_class):
    gan, history, weights = trained_gan(model_class)
    assert list(history) == ["d_loss", "g_loss"] and len(plans_of(gan)) == 1
    _, eager, eager_weights = trained_gan(model_class, run_eagerly=True)
    assert (history, weights) == (eager, eager_weights)
    assert [int(each.iterations) for each in (gan.d_optimizer, gan.g_optimizer, gan.optimizer)] == [16, 16, 0]
    assert gan.d_optimizer.variables[0] is not gan.g_optimizer.variables[0]


def test_a_gan_learns_where_the_points_are():
    gan, history, _ = trained_gan(epochs=100)
    latent = np.random.default_rng(1).normal(size=(512, 2)).astype("float32")
    before = trained_gan(epochs=0)[0].generator(latent).mean(axis=0)
    after = gan.generator(latent)
    assert np.hypot(*(before - [2, -1])) > 1.5
    np.testing.assert_allclose(after.mean(axis=0), [2, -1], atol=0.4)
    assert np.isfinite(history["d_loss"]).all() and (after.std(axis=0) < 1).all()


class Sampling(layers.Layer):
    """Draws from the normal distribution that the encoder describes."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.seed_generator = random.SeedGenerator(1337)

    def call(self, inputs):
        mean, log_variance = inputs
        epsilon = random.normal(ops.shape(mean), seed=self.seed_generator)
        return mean + ops.exp(0.5 * log_variance) * epsilon


class VAE(minikeras.Model):
    """Keras's example of a variational autoencoder, of dense layers."""

    def __init__(self, latent_dim=2, hidden=32, size=64):
        super().__init__()
        self.encoder = minikeras.Sequential([layers.Dense(hidden, "tanh")])
        self.mean = layers.Dense(latent_dim)
        self.log_variance = layers.Dense(latent_dim)
        self.sampling = Sampling()
        self.decoder = minikeras.Sequential([layers.Dense(hidden, "tanh"), layers.Dense(size, "sigmoid")])
        self.total_loss_tracker = metrics.Mean(name="total_loss")
        self.reconstruction_loss_tracker = metrics.Mean(name="reconstruction_loss")
        self.kl_loss_tracker = metrics.Mean(name="kl_loss")

    @property
    def metrics(self):
        return [self.total_loss_tracker, self.reconstruction_loss_tracker, self.kl_loss_tracker]

    def train_step(self, data):
        with GradientTape() as tape:
            hidden = self.encoder(data)
            mean, log_variance = self.mean(hidden), self.log_variance(hidden)
            reconstruction = self.decoder(self.sampling([mean, log_variance]))
            reconstruction_loss = ops.mean(
                ops.sum(losses.binary_crossentropy(data[..., None], reconstruction[..., None]), -1)
            )
            kl_loss = -0.5 * (1 + log_variance - ops.square(mean) - ops.exp(log_variance))
            kl_loss = ops.mean(ops.sum(kl_loss, axis=1))
            total_loss = reconstruction_loss + kl_loss
        grads = tape.gradient(total_loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(grads, self.trainable_weights, strict=True))
        self.total_loss_tracker.update_state(total_loss)
        self.reconstruction_loss_tracker.update_state(reconstruction_loss)
        self.kl_loss_tracker.update_state(kl_loss)
        return {
            "loss": self.total_loss_tracker.result(),
            "reconstruction_loss": self.reconstruction_loss_tracker.result(),
            "kl_loss": self.kl_loss_tracker.result(),
        }


def digits():
    """The middles of 512 digits, 8 x 8 pixels, each the mean of 2 x 2."""
    (images, _), _ = mnist.load_data()
    crops = images[:512, 6:22, 6:22].reshape(512, 8, 2, 8, 2).mean(axis=(2, 4))
    return (crops / 255).reshape(512, 64).astype("float32")


def trained_vae(epochs=2, **options):
    minikeras.utils.set_random_seed(4)
    vae = VAE()
    vae.compile(SGD(0.02, momentum=0.9, clipnorm=5.0), **options)
    history = vae.fit(digits(), batch_size=BATCH, epochs=epochs, verbose=0).history
    return vae, history, [weight.tobytes() for weight in vae.get_weights()]


def test_a_vae_is_replayed():
    vae, history, weights = trained_vae()
    assert list(history) == ["kl_loss", "loss", "reconstruction_loss"]
    assert len(plans_of(vae)) == 1
    assert (history, weights) == trained_vae(run_eagerly=True)[1:]


def test_a_vae_learns():
    vae, history, _ = trained_vae(epochs=40)
    assert history["loss"][-1] < 0.85 * history["loss"][0]
    images = digits()
    decoded = vae.decoder(vae.mean(vae.encoder(images)))
    blank = np.square(images - images.mean(axis=0)).mean()
    assert np.square(images - decoded).mean() < 0.85 * blank, "no better than the mean of all digits"
