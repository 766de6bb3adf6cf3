"""Models: generator, scorer, engines, and model folders."""
