"""The commands for files of models: `minikeras summary`, `predict` and `convert`."""
