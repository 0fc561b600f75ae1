"""Pooling over spatial axes: with windows of a given size, or into a given number of windows."""
