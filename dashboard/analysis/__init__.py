"""Pure functions on arrays: directions, pins, re-scoring, statistics. No framework, no state."""
