"""A loop of one's own as it is written for TensorFlow 2."""

import numpy as np
import tensorflow as tf
from tensorflow import keras
from tensorflow.keras import layers

tf.random.set_seed(0)
rng = np.random.default_rng(0)
x_all = rng.normal(size=(256, 4)).astype("float32")
y_all = (x_all.sum(axis=1) > 0).astype("int32")

train = tf.data.Dataset.from_tensor_slices((x_all, y_all))
train = train.shuffle(256, seed=1).batch(32).map(lambda x, y: (x * 2.0, y)).prefetch(tf.data.AUTOTUNE)

model = keras.Sequential([keras.Input((4,)), layers.Dense(8, activation=tf.nn.relu), layers.Dense(2)])
loss_object = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimizer = keras.optimizers.Adam(0.02)
train_loss, train_accuracy = keras.metrics.Mean(), keras.metrics.SparseCategoricalAccuracy()


@tf.function(jit_compile=True)
def train_step(images, labels):
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        loss = loss_object(labels, logits) + 1e-4 * tf.add_n([tf.nn.l2_loss(v) for v in model.trainable_variables])
    gradients = tape.gradient(loss, model.trainable_variables)
    gradients, _ = tf.clip_by_global_norm(gradients, 5.0)
    optimizer.apply_gradients(zip(gradients, model.trainable_variables, strict=True))
    train_loss(loss)
    train_accuracy(labels, logits)
    return loss


for epoch in range(5):
    train_loss.reset_state()
    train_accuracy.reset_state()
    for images, labels in train:
        loss = train_step(images, labels)
    if epoch == 0:
        first = train_loss.result().numpy()
assert train_loss.result().numpy() < first and train_accuracy.result().numpy() > 0.9
assert isinstance(float(loss), float) and f"{loss.numpy():.3f}" == f"{float(loss):.3f}"

with tf.device("/CPU:0"):
    logits = model(x_all[:3])
    chances = tf.nn.softmax(logits).numpy()
assert np.allclose(chances.sum(axis=1), 1, atol=1e-6) and tf.argmax(logits, axis=1).shape == (3,)

x = tf.Variable([1.0, 2.0], name="x")
point = tf.constant([3.0, 4.0])
with tf.GradientTape(persistent=True) as tape:
    tape.watch(point)
    y = tf.reduce_sum(x**2 * point) + point[0] * 2
dx, dpoint = tape.gradient(y, [x, point])
assert dx.numpy().tolist() == [6.0, 16.0] and dpoint.numpy().tolist() == [3.0, 4.0]

model.compile(optimizer="adam", loss=loss_object, metrics=["accuracy"])
history = model.fit(train, epochs=2, verbose=0, validation_data=train.take(2))
assert history.history["val_accuracy"][-1] > 0.9
assert model.predict(train.map(lambda x, y: x), verbose=0).shape == (256, 2)
assert model.evaluate(train, verbose=0)[1] > 0.9 and not tf.config.list_physical_devices("GPU")
print("ok")
