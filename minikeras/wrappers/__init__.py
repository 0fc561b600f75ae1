"""Models in the shape of scikit-learn's estimators."""

from . import scikit_learn

__all__ = ["scikit_learn"]
