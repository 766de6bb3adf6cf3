"""Which directions of a model go together: what the Directions page shows, and the numbers behind it."""
