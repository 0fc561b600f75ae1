"""Convolutions of 1 to 3 spatial axes, and their transposes."""
