"""Core layers: dense, embedding, input, lambda and masking."""
