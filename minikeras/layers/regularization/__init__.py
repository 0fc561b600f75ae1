"""Layers that reduce overfitting."""
