"""Layers that merge several inputs into one output."""
