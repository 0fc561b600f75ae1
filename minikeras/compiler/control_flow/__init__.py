"""Loops and branches in plans: their bodies are programs of their own."""
