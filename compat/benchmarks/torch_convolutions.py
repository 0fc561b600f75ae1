"""The networks of convolutions in plain torch, which is imported inside functions: only the extra `bench` brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .workloads import DILATED_CHANNELS, DILATIONS, SEPARABLE_BLOCKS, ConvolutionNetwork, Data

if TYPE_CHECKING:
    import torch
    from torch import nn

# Which networks are faster with the channels last in memory (a step in CPU time on one thread: 48 ms and 55, 216 and
# 291, 197 and 289). There is no such layout for series.
CHANNELS_LAST = {"convnet": True, "residual": True, "separable": True, "dilated": False}


class Trained:
    """A torch module, its optimizer and the data it is trained on.

    Args:
        network: What to make.
        data: What to train on.
        channels_last: Whether channels are last in memory; None: where that is faster.
    """

    def __init__(self, network: ConvolutionNetwork, data: Data, channels_last: bool | None = None):
        import torch
        from torch import nn

        self._network = network
        last = CHANNELS_LAST[network.model] if channels_last is None else channels_last
        self._format = torch.channels_last if last else torch.contiguous_format
        x, y = data.training_data(network)
        self._x = self._inputs(x)
        self._y = self._inputs(y) if network.model == "dilated" else torch.from_numpy(y.argmax(1) if y.ndim > 1 else y)
        self.module = module(network).to(memory_format=self._format)
        self._loss = nn.MSELoss() if network.model == "dilated" else nn.CrossEntropyLoss()
        self._optimizer = (
            torch.optim.SGD(self.module.parameters(), lr=network.learning_rate, momentum=network.momentum)
            if network.optimizer == "sgd"
            else torch.optim.Adam(self.module.parameters(), lr=network.learning_rate)
        )

    def epoch(self) -> tuple[float, float]:
        """Trains on every example once; returns the mean loss and, of classes, the accuracy."""
        import torch

        loss_sum, hits = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        self.module.train()
        for rows in torch.randperm(len(self._x)).split(self._network.batch_size):
            x, y = self._x[rows].contiguous(memory_format=self._format), self._y[rows]
            self._optimizer.zero_grad()
            outputs = self.module(x)
            loss = self._loss(outputs, y)
            loss.backward()
            self._optimizer.step()
            loss_sum += loss.detach() * len(rows)
            if self._network.model != "dilated":
                hits += (outputs.argmax(1) == y).sum()
        return loss_sum.item() / len(self._x), hits.item() / len(self._x)

    def predict(self, x: np.ndarray, batch_size: int) -> np.ndarray:
        """Returns the probabilities of the classes, or the series predicted, computed batch by batch."""
        import torch

        self.module.eval()
        with torch.inference_mode():
            outputs = [self.module(part) for part in self._inputs(x).split(batch_size)]
            if self._network.model != "dilated":
                outputs = [part.softmax(1) for part in outputs]
            return torch.cat(outputs).numpy()

    def _inputs(self, x: np.ndarray) -> torch.Tensor:
        """Returns examples with the channels at axis 1, laid out in memory as the network likes them."""
        import torch

        return torch.from_numpy(x).movedim(-1, 1).contiguous(memory_format=self._format)


def module(network: ConvolutionNetwork) -> nn.Module:
    """Returns the module of a network; what it returns are logits."""
    make = {"convnet": _convnet, "residual": _residual, "separable": _separable, "dilated": _dilated}
    return make[network.model](network)


def _convnet(network: ConvolutionNetwork) -> nn.Module:
    from torch import nn

    channels = network.shape[-1]
    rows, columns = (((side - 2) // 2 - 2) // 2 for side in network.shape[:2])
    return nn.Sequential(
        nn.Conv2d(channels, 32, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Dropout(network.dropout),
        nn.Linear(rows * columns * 64, 10),
    )


def _residual(network: ConvolutionNetwork) -> nn.Module:
    import torch
    from torch import nn

    class Block(nn.Module):
        """Two convolutions and what goes around them."""

        def __init__(self, inputs: int, filters: int, strides: int):
            super().__init__()
            self.first = _convolution(inputs, filters, 3, strides)
            self.second = _convolution(filters, filters, 3, 1)
            self.shortcut = nn.Identity() if strides == 1 else _convolution(inputs, filters, 1, strides)

        def forward(self, x: Any) -> Any:
            return torch.relu(self.shortcut(x) + self.second(torch.relu(self.first(x))))

    parts: list[nn.Module] = [_convolution(network.shape[-1], 16, 3, 1), nn.ReLU()]
    inputs = 16
    for filters, first in ((16, 1), (32, 2), (64, 2)):
        for strides in (first, 1, 1):
            parts.append(Block(inputs, filters, strides))
            inputs = filters
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def _separable(network: ConvolutionNetwork) -> nn.Module:
    from torch import nn

    inputs = 32
    parts: list[nn.Module] = [_convolution(network.shape[-1], inputs, 3, 1), nn.ReLU()]
    for filters, strides in SEPARABLE_BLOCKS:
        parts += [_convolution(inputs, inputs, 3, strides, groups=inputs), nn.ReLU()]
        parts += [_convolution(inputs, filters, 1, 1), nn.ReLU()]
        inputs = filters
    return nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inputs, 10))


def _convolution(inputs: int, filters: int, size: int, strides: int, groups: int = 1) -> nn.Module:
    """Returns a convolution without a bias, padded to the same size, and batch normalization."""
    from torch import nn

    convolution = nn.Conv2d(inputs, filters, size, strides, padding=size // 2, groups=groups, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(filters))


def _dilated(network: ConvolutionNetwork) -> nn.Module:
    import torch
    from torch import nn

    class Dilated(nn.Module):
        """A stack of gated causal convolutions."""

        def __init__(self):
            super().__init__()
            channels, ends = DILATED_CHANNELS, network.shape[-1]
            self.first = nn.Conv1d(ends, channels, 2)
            self.contents = nn.ModuleList(nn.Conv1d(channels, channels, 2, dilation=d) for d in DILATIONS)
            self.gates = nn.ModuleList(nn.Conv1d(channels, channels, 2, dilation=d) for d in DILATIONS)
            self.mixes = nn.ModuleList(nn.Conv1d(channels, channels, 1) for _ in DILATIONS)
            self.last = nn.Conv1d(channels, ends, 1)

        def forward(self, x: Any) -> Any:
            x = self.first(nn.functional.pad(x, (1, 0)))
            for dilation, content, gate, mix in zip(DILATIONS, self.contents, self.gates, self.mixes, strict=True):
                padded = nn.functional.pad(x, (dilation, 0))
                x = x + mix(torch.tanh(content(padded)) * torch.sigmoid(gate(padded)))
            return self.last(torch.relu(x))

    return Dilated()
