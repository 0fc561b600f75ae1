"""A training loop from scratch with a GradientTape, an optimizer and metrics."""

import numpy as np

import minikeras as keras
from minikeras import GradientTape, Variable, layers, ops

rng = np.random.default_rng(0)
x_train = rng.random((128, 4)).astype("float32")
y_train = (x_train.sum(axis=1) > 2).astype("int32")

model = keras.Sequential([keras.Input((4,)), layers.Dense(8, "relu"), layers.Dense(2)])
optimizer = keras.optimizers.Adam(learning_rate=1e-2)
loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
accuracy = keras.metrics.SparseCategoricalAccuracy()


def train_step(x, y):
    with GradientTape() as tape:
        logits = model(x, training=True)
        loss = loss_fn(y, logits)
        loss += sum(model.losses)
    grads = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(grads, model.trainable_weights))
    accuracy.update_state(y, logits)
    return loss


for epoch in range(2):
    losses = []
    for start in range(0, len(x_train), 32):
        batch = slice(start, start + 32)
        losses.append(train_step(x_train[batch], y_train[batch]))
    print(f"epoch {epoch}: loss {float(losses[-1]):.4f}, accuracy {float(accuracy.result()):.2f}")
    accuracy.reset_state()

# Linear regression with variables.
w, b = Variable(np.zeros((4, 1), "float32"), name="w"), Variable(0.0)
target = x_train @ np.ones((4, 1), "float32") + 0.5
steps = 0
while steps < 5:
    with GradientTape() as tape:
        error = ops.matmul(x_train, w) + b - target
        loss = ops.mean(error**2)
    dw, db = tape.gradient(loss, [w, b])
    w.assign_sub(0.1 * dw)
    b.assign(b - 0.1 * db)
    steps += 1
print(w.shape, w.numpy()[:2].round(2), float(b), float(ops.mean(ops.matmul(x_train, w) + b - target)) < 10)
print((w * 2).shape, (1 - b) / 2, -w[0], w.dtype, w.value.shape)

# Gradients of inputs, and of gradients.
x = ops.convert_to_tensor([1.0, 2.0, 3.0])
with GradientTape() as outer:
    x = outer.watch(x)
    with GradientTape() as inner:
        inner.watch(x)
        y = ops.sum(x**3)
    slope = inner.gradient(y, x)
print(slope.shape, outer.gradient(slope, x))
