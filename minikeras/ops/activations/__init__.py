"""Activation functions as ops; `minikeras.activations` wraps them for layers."""
