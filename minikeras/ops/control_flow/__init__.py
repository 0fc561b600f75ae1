"""Loops and branches: `scan`, `map`, `while_loop`, `fori_loop`, `cond`, `switch` and what is built on them."""
