"""Serialization of objects to configs and back: lookup by name, custom objects, lambdas, shared objects."""
