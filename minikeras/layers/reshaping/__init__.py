"""Layers that reshape, crop, pad or repeat their input."""
