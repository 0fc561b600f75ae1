"""The passes of `pipeline`: each takes a program and returns another."""
