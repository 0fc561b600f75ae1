"""Threads of BLAS: one for the products of a step, several for large ones where that pays."""
