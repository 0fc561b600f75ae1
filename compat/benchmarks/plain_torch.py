"""The networks in plain torch: a loop as its tutorials write it, but without DataLoader, whose cost is not torch's."""

from typing import Any

import numpy as np

from .workloads import ConvolutionNetwork, Data, MissingError, Network, SequenceNetwork


class Trained:
    """A torch module, its optimizer and the data it is trained on."""

    def __init__(self, network: Network, data: Data):
        import torch

        self._torch, self._batch_size = torch, network.batch_size
        self._x, self._y = torch.from_numpy(data.x_train), torch.from_numpy(data.classes_train)
        self._module = _module(torch, network)
        self._loss = torch.nn.CrossEntropyLoss()
        optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[network.optimizer]
        self._optimizer = optimizer(self._module.parameters(), lr=network.learning_rate)

    def epoch(self) -> tuple[float, float]:
        """Trains on every example once; returns the mean loss and the accuracy."""
        torch, module, optimizer = self._torch, self._module, self._optimizer
        loss_sum, hits = torch.zeros(()), torch.zeros((), dtype=torch.int64)
        module.train()
        for rows in torch.randperm(len(self._x)).split(self._batch_size):
            x, y = self._x[rows], self._y[rows]
            optimizer.zero_grad()
            outputs = module(x)
            loss = self._loss(outputs, y)
            loss.backward()
            optimizer.step()
            # Numbers are taken out of torch once an epoch, not once a step.
            loss_sum += loss.detach() * len(rows)
            hits += (outputs.argmax(1) == y).sum()
        return loss_sum.item() / len(self._x), hits.item() / len(self._x)

    def predict(self, x: np.ndarray, batch_size: int) -> np.ndarray:
        """Returns the probabilities of the classes, computed batch by batch."""
        torch = self._torch
        self._module.eval()
        with torch.inference_mode():
            parts = [self._module(part).softmax(1) for part in torch.from_numpy(x).split(batch_size)]
            return torch.cat(parts).numpy()


class Side:
    """torch as a contender."""

    def __init__(self, data: Data):
        import torch  # noqa: F401 - loaded here, so that what is measured later does not hold the import

        self._data = data

    def start(self, network: Network | ConvolutionNetwork | SequenceNetwork) -> Any:
        """Makes a module, ready to be trained."""
        if isinstance(network, SequenceNetwork):
            from . import torch_sequences

            return torch_sequences.Trained(network, self._data)
        if isinstance(network, ConvolutionNetwork):
            from . import torch_convolutions

            return torch_convolutions.Trained(network, self._data)
        return Trained(network, self._data)

    def tracing(self, network: Network | SequenceNetwork) -> float:
        """Has none: torch runs each step as Python meets it."""
        raise MissingError("nothing is traced")


def _module(torch: Any, network: Network) -> Any:
    layers = []
    for inputs, units in zip(network.sizes, network.hidden, strict=False):
        layers += [torch.nn.Linear(inputs, units), torch.nn.ReLU()]
        if network.dropout:
            layers.append(torch.nn.Dropout(network.dropout))
    return torch.nn.Sequential(*layers, torch.nn.Linear(network.hidden[-1], 10))
