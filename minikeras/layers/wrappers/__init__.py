"""Layers that apply another layer to each time step, and those that wrap models of other frameworks."""
