"""Guards: whether what Python holds is still what it was when a step was traced, so that its plan may run."""
