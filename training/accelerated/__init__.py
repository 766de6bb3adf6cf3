"""The same networks and losses trained in JAX on a GPU, by the clock: a whole model in minutes."""
