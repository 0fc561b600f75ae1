"""Steps on large batches of images, computed block of examples by block of examples."""
