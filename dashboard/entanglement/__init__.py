"""Entanglement of a model's directions: the numbers of the Directions page."""
