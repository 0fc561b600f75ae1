"""Symbolic values and the graphs that functions of them make."""
