"""Convolution layers on images and sequences."""

import numpy as np

import minikeras as keras
from minikeras import layers

keras.utils.set_random_seed(1)
images = np.random.default_rng(0).normal(size=(16, 8, 8, 1)).astype("float32")
labels = images.mean(axis=(1, 2, 3)) > 0

inputs = keras.Input((8, 8, 1))
x = layers.Conv2D(8, (3, 3), padding="same", activation="relu")(inputs)
x = layers.DepthwiseConv2D(3, strides=2, padding="same", use_bias=False)(x)
x = layers.SeparableConv2D(8, 3, dilation_rate=(1, 1), depth_multiplier=2, activation="relu")(x)
x = layers.Conv2DTranspose(4, 3, strides=(2, 2), output_padding=1)(x)
outputs = layers.Dense(1, activation="sigmoid")(layers.Flatten()(x))
model = keras.Model(inputs, outputs)
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
print(model.fit(images, labels, epochs=2, verbose=0).history["loss"][-1] > 0)

first = model.layers[1]
print(first.name, first.output.shape, first.get_weights()[0].shape)
causal = layers.Conv1D(4, kernel_size=2, padding="causal", dilation_rate=2, kernel_regularizer="l2", name="causal")
print(causal(np.ones((2, 5, 3))).shape, causal.kernel.shape, causal.strides[0] + 1)
volume = layers.Conv3D(2, [1, 2, 3], data_format="channels_first", lora_rank=1)
print(volume(np.ones((1, 1, 4, 4, 4))).shape, volume.get_config()["lora_rank"])
print(layers.Convolution1DTranspose(2, 3, 2)(np.ones((1, 4, 1))).shape)
