"""The same networks and losses trained in JAX on a graphics processor, by the clock: a whole model in minutes."""
