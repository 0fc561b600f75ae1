"""Threads: one for the products of BLAS, several for large ones where that pays."""
