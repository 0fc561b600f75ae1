"""Layers that keep a network from learning its examples by heart."""
