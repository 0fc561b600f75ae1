"""Layers that bring their input to a common size."""
