"""Layers that prepare data: text, categories, numbers, sound, images."""
