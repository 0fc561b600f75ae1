"""Symbolic values, and the graphs that calls on them build."""
