"""Training: data in batches, compiled losses and metrics, and the methods fit, evaluate and predict."""
