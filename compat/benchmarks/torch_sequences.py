"""The networks over sequences in plain torch, imported inside functions: only the extra `bench` brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .workloads import BLOCKS, HEADS, TOKENS, Data, SequenceNetwork

if TYPE_CHECKING:
    import torch
    from torch import nn


class Trained:
    """A torch module, its optimizer and the data it is trained on.

    Args:
        network: What to make.
        data: What to train on.
    """

    def __init__(self, network: SequenceNetwork, data: Data):
        import torch

        self._network = network
        x, y = data.sequences(network)
        self._x = torch.from_numpy(x)
        self._y = torch.from_numpy(y.argmax(1) if network.reads_digits else y).long()
        self.module = _transformer(network) if network.model == "transformer" else _recurrent(network)
        self._loss = torch.nn.CrossEntropyLoss()
        self._optimizer = torch.optim.Adam(self.module.parameters(), lr=network.learning_rate)
        self._state: Any = None

    def epoch(self) -> tuple[float, float]:
        """Trains on every example once; returns the mean loss and the accuracy."""
        import torch

        loss_sum, hits = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        self.module.train()
        for rows in torch.randperm(len(self._x)).split(self._network.batch_size):
            y = self._y[rows]
            self._optimizer.zero_grad()
            outputs = self.module(self._x[rows])
            loss = self._loss(outputs.flatten(0, -2), y.flatten())
            loss.backward()
            self._optimizer.step()
            loss_sum += loss.detach() * len(rows)
            hits += (outputs.argmax(-1) == y).sum()
        return loss_sum.item() / len(self._x), hits.item() / self._y.numel()

    def predict(self, x: np.ndarray, batch_size: int) -> np.ndarray:
        """Returns the probabilities of classes or tokens, computed batch by batch."""
        import torch

        self.module.eval()
        with torch.inference_mode():
            return torch.cat([self.module(part).softmax(-1) for part in torch.from_numpy(x).split(batch_size)]).numpy()

    def generate(self, count: int) -> list[int]:
        """Returns the first token and so many more, each the likeliest after those before it."""
        import torch

        self.module.eval()
        length, tokens = self._network.shape[0], [0]
        window = torch.zeros((1, length), dtype=torch.int32)
        with torch.inference_mode():
            for _ in range(count):
                recent = tokens[-length:]
                window[0, : len(recent)] = torch.tensor(recent)
                tokens.append(int(self.module(window)[0, len(recent) - 1].argmax()))
        return tokens

    def advance(self) -> np.ndarray:
        """Returns the probabilities of the classes after one more time step."""
        import torch

        self.module.eval()
        with torch.inference_mode():
            outputs, self._state = self.module.layer(self._x, self._state)
            return self.module.last(outputs[:, -1]).softmax(-1).numpy()


def _recurrent(network: SequenceNetwork) -> nn.Module:
    from torch import nn

    class Recurrent(nn.Module):
        """A recurrent layer, and a dense one for its last output."""

        def __init__(self):
            super().__init__()
            kind = {"lstm": nn.LSTM, "gru": nn.GRU}[network.model]
            self.layer = kind(network.shape[1], network.units, batch_first=True)
            self.last = nn.Linear(network.units, 10)

        def forward(self, x: Any) -> Any:
            return self.last(self.layer(x)[0][:, -1])

    return Recurrent()


def _transformer(network: SequenceNetwork) -> nn.Module:
    import torch
    from torch import nn

    width = network.units

    class Block(nn.Module):
        """Attention and two dense layers, each after a normalization and around it a residual connection."""

        def __init__(self):
            super().__init__()
            self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
            self.inputs, self.outputs = nn.Linear(width, 3 * width), nn.Linear(width, width)
            self.dense = nn.Sequential(nn.Linear(width, 4 * width), nn.ReLU(), nn.Linear(4 * width, width))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            heads = self.inputs(self.first(x)).unflatten(-1, (3, HEADS, width // HEADS))
            query, key, value = heads.movedim((2, 3), (0, 2))
            y = nn.functional.scaled_dot_product_attention(query, key, value, is_causal=True)
            x = x + self.outputs(y.transpose(1, 2).flatten(2))
            return x + self.dense(self.second(x))

    class Transformer(nn.Module):
        """A decoder."""

        def __init__(self):
            super().__init__()
            self.embedding = nn.Embedding(TOKENS, width)
            self.positions = nn.Parameter(0.05 * torch.randn(network.shape[0], width))
            self.blocks = nn.Sequential(*(Block() for _ in range(BLOCKS)))
            self.last = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, TOKENS))

        def forward(self, tokens: torch.Tensor) -> torch.Tensor:
            return self.last(self.blocks(self.embedding(tokens) + self.positions))

    return Transformer()
