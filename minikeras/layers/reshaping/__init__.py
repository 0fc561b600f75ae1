"""Layers that give their input another shape."""
