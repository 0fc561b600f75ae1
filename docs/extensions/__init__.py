"""What builds the pages that nobody writes: those of the API and of the examples."""
