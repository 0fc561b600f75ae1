"""Mistakes that type checkers have to see, each on a line that ends with `# mistake`; nothing runs this file."""

import numpy as np

from minikeras import GradientTape, Input, Model, Sequential, Variable, losses, metrics, ops, optimizers
from minikeras.callbacks import Callback, EarlyStopping
from minikeras.layers import Conv2D, Dense, Dropout, Flatten, Layer, SeparableConv2D
from minikeras.typing import Tensor

x = np.ones((2, 3), "float32")
model = Sequential([Input((3,)), Dense(1)])

Dense("a", units=3)  # mistake
Dense("three")  # mistake
Dense(3, activaton="relu")  # mistake
Dense(3, activation=3)  # mistake
Conv2D("three", 3)  # mistake
Conv2D(3)  # mistake
Conv2D(3, kernel=3)  # mistake
SeparableConv2D(3, 3, kernel_initializer="ones")  # mistake
Dropout("half")  # mistake
Flatten(nmae="flat")  # mistake
Input(shape="four")  # mistake
Sequential(Dense(1))  # mistake
model.add(3)  # mistake
Model(x, 3)  # mistake
Dense(3)(x).shpe  # mistake
Dense(3)(x) + {}  # mistake

model.compile(optimiser="adam")  # mistake
model.compile(optimizer=3)  # mistake
model.compile(loss=3)  # mistake
model.fit(x, x, epochs="x")  # mistake
model.fit(x, x, epoch=3)  # mistake
model.fit(x, x, callbacks=["early"])  # mistake
model.fit(x, x).history["loss"].mean()  # mistake
model.fit(x, x).historie  # mistake
model.predict(3, batch_size="all")  # mistake
model.summary(line_length="wide")  # mistake
model.save(3)  # mistake

ops.relu(x).nmupy()  # mistake
ops.relu({"a": 1})  # mistake
ops.sum(x, axis="rows")  # mistake
ops.reshape(x)  # mistake
ops.softmax(x, axsi=1)  # mistake
ops.cast(x, 32)  # mistake
ops.rellu(x)  # mistake
np.float32(ops.mean(x)).shpe  # mistake
EarlyStopping(patience="long")  # mistake
optimizers.Adam(learning_rate="fast")  # mistake
losses.Huber(delta="small")  # mistake
metrics.AUC(num_thresholds="many")  # mistake
Variable([1.0]).asign(2.0)  # mistake
with GradientTape(persistent=1.5) as tape:  # mistake
    pass
tape.gradients(x, x)  # mistake


class Scale(Layer):
    def call(self, inputs: Tensor) -> Tensor:
        self.add_weight(shape="a", initializer=3)  # mistake
        return inputs * 2


Scale()(x).shpe  # mistake


class Stop(Callback):
    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> int:  # mistake
        return epoch
