"""The networks as scikit-learn's MLPClassifier, which has no dropout and counts no accuracy while it trains."""

import numpy as np

from .workloads import ConvolutionNetwork, Data, MissingError, Network, SequenceNetwork


class Trained:
    """A classifier and the data it is trained on."""

    def __init__(self, network: Network, data: Data):
        from sklearn.neural_network import MLPClassifier

        if network.dropout:
            raise MissingError("dropout")
        self._data = data
        self._classifier = MLPClassifier(
            network.hidden,
            activation="relu",
            solver=network.optimizer,
            alpha=0.0,
            batch_size=network.batch_size,
            learning_rate_init=network.learning_rate,
            momentum=0.0,
            nesterovs_momentum=False,
            shuffle=True,
        )

    def epoch(self) -> None:
        """Trains on every example once: that is what one call of `partial_fit` does."""
        self._classifier.partial_fit(self._data.x_train, self._data.classes_train, classes=range(10))

    def predict(self, x: np.ndarray, batch_size: int) -> np.ndarray:
        """Returns the probabilities of the classes; it knows no batches, so it is called once for each."""
        starts = range(0, len(x), batch_size)
        return np.concatenate([self._classifier.predict_proba(x[start : start + batch_size]) for start in starts])


class Side:
    """scikit-learn as a contender."""

    def __init__(self, data: Data):
        import sklearn.neural_network  # noqa: F401 - loaded here, so that what is measured does not hold the import

        self._data = data

    def start(self, network: Network | ConvolutionNetwork | SequenceNetwork) -> Trained:
        """Makes a classifier, ready to be trained."""
        if isinstance(network, ConvolutionNetwork):
            raise MissingError("convolutions")
        if isinstance(network, SequenceNetwork):
            raise MissingError("networks over sequences")
        return Trained(network, self._data)

    def tracing(self, network: Network | SequenceNetwork) -> float:
        """Has none: it is plain numpy."""
        raise MissingError("nothing is traced")
