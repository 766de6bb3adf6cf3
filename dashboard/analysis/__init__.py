"""Plain functions on arrays: directions, pins, re-scoring. No framework, no state."""
