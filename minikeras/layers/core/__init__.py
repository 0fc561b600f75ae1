"""The layers everything else is made of."""
