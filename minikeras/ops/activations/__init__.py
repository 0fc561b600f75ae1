"""Activation functions as ops; `minikeras.activations` has them with the defaults of layers."""
