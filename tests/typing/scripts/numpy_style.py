"""Computing with `ops` and `random` as with numpy."""

import numpy as np

from minikeras import ops, random
from minikeras.typing import Array, ArrayLike, Tensor

a = ops.reshape(ops.arange(12, dtype="float32"), (3, 4))
b = ops.relu(a - 5) * 2
c = 1 - b / 2 + b**2
print(c.shape, c.dtype, c.ndim, c[0, :2], c[..., None].shape, len(c))
print(float(ops.mean(c)), int(ops.argmax(c)), bool(ops.any(c > 3)))
print(ops.sum(c, axis=(0, 1), keepdims=True).shape, (a @ ops.transpose(a)).shape)
mask = (a > 2) & ~(a == 5) | (a < 1)
print(ops.where(mask, a, 0.0), a[mask] if isinstance(a, np.ndarray) else None)
if ops.all(ops.isfinite(c)):
    print("finite")

values, indices = ops.top_k(a, k=2)
print(values.shape, indices[0], ops.eye(3) + 1)
first, second = ops.split(a, 2, axis=1)
print(first.shape, second[0], ops.stack([first, second]).shape, ops.concatenate([first, second], axis=-1).shape)
parts = ops.unstack(a)
print(len(parts), parts[0].shape)
for row in a:
    print(row[0], end=" ")
print()

print(ops.cast([1, 2], "float32") / 3, ops.one_hot([0, 2], 3), ops.norm(a), ops.norm(a, axis=0))
print(ops.add(1, 2), ops.maximum(a, 0.5).shape, ops.einsum("ij,kj->ik", a, a).shape, ops.tensordot(a, a, axes=2))
padded = ops.pad(a, [[0, 0], [1, 1]])
print(padded.shape[0] * padded.shape[1], ops.shape(padded)[0] + 1, ops.expand_dims(a, 0).shape)
total = ops.zeros((4,))
for row in ops.convert_to_numpy(a):
    total = total + row
print(total, total.sum() if isinstance(total, np.ndarray) else None)
print(np.asarray(a).mean(), np.sqrt(a).shape, np.argmax(a, axis=1), np.concatenate([a, b]).shape)


def normalize(x: ArrayLike) -> Tensor:
    x = ops.convert_to_tensor(x)
    mean, variance = ops.moments(x, axes=[0])
    return (x - mean) / ops.sqrt(variance + 1e-6)


def as_array(x: Tensor) -> Array:
    return ops.convert_to_numpy(x)


print(as_array(normalize([[1.0, 2.0], [3.0, 4.0]])).round(2).tolist())
noise = random.normal((2, 3), mean=0.0, stddev=1.0, seed=1)
generator = random.SeedGenerator(5)
print(noise.shape, random.uniform((2,), seed=generator).shape, random.randint((3,), 0, 10, seed=2).dtype)
print(random.shuffle(ops.arange(5), seed=3).shape, random.dropout(noise, 0.5, seed=4).shape)
print(ops.softmax(noise, axis=-1).shape, ops.log_softmax(noise).shape, ops.nan_to_num(noise).shape)
