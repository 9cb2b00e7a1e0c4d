"""The benchmark of the mover."""
