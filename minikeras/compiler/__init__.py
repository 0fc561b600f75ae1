"""A trace becomes a plan: tracing steps, the passes that make a plan of one, and running it."""
