"""Objects to configs and back: lookup by name, custom objects, lambdas, objects that are shared."""
